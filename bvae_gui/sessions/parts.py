"""The parts of a session's file: the scene, and what lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple, TypeVar, get_args

from bvae_core.annotations import Annotations
from bvae_core.errors import BvaeError
from bvae_core.figures.layers import Layers
from bvae_core.figures.theme import Ink
from bvae_core.indices import format_indices, parse_indices
from bvae_gui.sessions.scene import read_scene, write_scene
from bvae_gui.sessions.values import LONGEST, mapping, number, one_of, text_of, whole, wrong
from bvae_gui.state import ExplorerState, View

T = TypeVar("T")


class _Part(NamedTuple):
    """A part of the file: how it is taken from a state, read with one, and given back to it."""

    write: Callable[[ExplorerState], Any]
    read: Callable[[ExplorerState, Any], Any]
    apply: Callable[[ExplorerState, Any], None]


class CannotNowError(Exception):
    """Something can't be restored that the rest can do without."""


def _write_notes(state: ExplorerState) -> dict[str, Any]:
    notes = state.annotations
    return {
        "selections": {name: format_indices(s) for name, s in notes.selections.items()},
        "directions": {name: list(vector) for name, vector in notes.directions.items()},
    }


def _read_notes(state: ExplorerState, value: object) -> Annotations:
    values, (count, dimensions) = mapping("notes", value), state.model.latents.shape
    selections = {
        name: tuple(parse_indices(text_of(name, text, longest=LONGEST), count).tolist())
        for name, text in mapping("selections", values.get("selections")).items()
    }
    directions = {}
    for name, vector in mapping("directions", values.get("directions")).items():
        if not isinstance(vector, list) or len(vector) != dimensions:
            raise wrong(f"direction {name!r} of {dimensions} numbers", vector)
        directions[name] = tuple(number(name, value) for value in vector)
    return Annotations(selections, directions)


def _add_notes(state: ExplorerState, notes: Annotations) -> None:
    def add(before: Annotations) -> Annotations:
        return Annotations(
            _merged(before.selections, notes.selections),
            _merged(before.directions, notes.directions),
        )

    if notes != Annotations():
        state.annotate(add)


def _merged(there: Mapping[str, T], new: Mapping[str, T]) -> dict[str, T]:
    """Add what is new; nothing that is there is replaced."""
    merged = dict(there)
    for name, value in new.items():
        free, count = name, 2
        while free in merged and merged[free] != value:
            free, count = f"{name} {count}", count + 1
        merged[free] = value
    return merged


def _read_view(state: ExplorerState, value: object) -> View:
    for each in get_args(View):
        if isinstance(value, str) and value in get_args(each):
            view: View = value  # type: ignore[assignment]
            return view
    if not isinstance(value, list) or len(value) != 2:
        raise wrong("a view of two dimensions", value)
    first, second = (whole("view", dimension) for dimension in value)
    if not (0 <= first < state.latent_dim and 0 <= second < max(2, state.latent_dim)):
        raise wrong(f"a view of dimensions below {state.latent_dim}", value)
    if first == second:
        raise wrong("a view of two different dimensions", value)
    return first, second


def _look_along(state: ExplorerState, view: View) -> None:
    try:
        if view != state.map.view:
            state.map.look_along(view)
    except BvaeError as error:
        raise CannotNowError(str(error)) from error


def _read_layers(_state: ExplorerState, value: object) -> Layers:
    values = mapping("layers", value)
    layers = Layers.of(values)
    if asdict(layers) != values:
        raise wrong("layers of the map that this version knows", value)
    return layers


def _read_hidden(state: ExplorerState, value: object) -> list[int]:
    count = len(state.model.class_names)
    if not isinstance(value, list) or len(value) > count:
        raise wrong(f"at most {count} hidden classes", value)
    labels = [whole("hidden", label) for label in value]
    if any(not 0 <= label < count for label in labels):
        raise wrong(f"hidden classes from 0 to {count - 1}", value)
    return labels


#: The parts of a file, in the order in which they are restored: what may fail comes first.
PARTS: dict[str, _Part] = {
    "notes": _Part(_write_notes, _read_notes, _add_notes),
    "view": _Part(
        lambda state: list(state.map.view) if isinstance(state.map.view, tuple) else state.map.view,
        _read_view,
        _look_along,
    ),
    "hidden": _Part(
        lambda state: sorted(state.map.hidden),
        _read_hidden,
        lambda state, labels: state.map.hide(labels),
    ),
    "layers": _Part(
        lambda state: asdict(state.map.layers),
        _read_layers,
        lambda state, layers: state.map.show_layers(layers),
    ),
    "ink": _Part(
        lambda state: state.ink,
        lambda _, value: one_of("ink", value, get_args(Ink)),
        lambda state, ink: state.set_look(ink=ink),
    ),
    "scene": _Part(write_scene, read_scene, lambda state, scene: state.restore(scene)),
    "frame": _Part(
        lambda state: state.morph.frame,
        lambda _, value: whole("frame", value),
        lambda state, frame: state.morph.show_frame(frame),
    ),
}
