"""The scene in a session's file: how each of its fields is written, and read with a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, get_args

from bvae_core.indices import format_indices, parse_indices
from bvae_core.latent import PathKind, RangeKind, traversal_bounds
from bvae_gui.sessions.picture import picture_values, read_picture_values
from bvae_gui.sessions.values import LONGEST, mapping, number, one_of, text_of, whole, wrong
from bvae_gui.state import ExplorerState
from bvae_gui.state.equation import Equation
from bvae_gui.state.own_image import OwnImage
from bvae_gui.state.scene import Mode, Place, Scene

T = TypeVar("T")


class _Setting(NamedTuple):
    """How a field of the scene becomes JSON, and how it is read again with a model."""

    write: Callable[[Any], Any]
    read: Callable[[ExplorerState, str, Any], Any]


def _plain(check: Callable[[str, Any], Any]) -> _Setting:
    return _Setting(lambda value: value, lambda _, name, value: check(name, value))


def _read_place(state: ExplorerState, name: str, value: object) -> Place:
    return state.place(text_of(name, value))


def _read_places(state: ExplorerState, name: str, values: object) -> tuple[Place, ...]:
    if not isinstance(values, list) or len(values) > 100:
        raise wrong(f"{name} as a list of places", values)
    return tuple(_read_place(state, name, value) for value in values)


def _read_selection(state: ExplorerState, name: str, value: object) -> tuple[int, ...]:
    text = text_of(name, value, longest=LONGEST)
    return tuple(parse_indices(text, len(state.model.latents)).tolist())


def _write_equation(equation: Equation | None) -> dict[str, Any] | None:
    if equation is None:
        return None
    places = {name: getattr(equation, name).text for name in "abc"}
    return {**places, "strength": equation.strength}


def _read_equation(state: ExplorerState, name: str, value: object) -> Equation | None:
    if value is None:
        return None
    values = mapping(name, value)
    a, b, c = (_read_place(state, f"{name}.{each}", values.get(each)) for each in "abc")
    equation = Equation(a, b, c, number("strength", values.get("strength")))
    state.check(equation.result)
    return equation


def _write_own(own: OwnImage | None) -> dict[str, Any] | None:
    return None if own is None else picture_values(own.picture)


def _read_own(state: ExplorerState, name: str, value: object) -> OwnImage | None:
    if value is None:
        return None
    return state.read_own(read_picture_values(mapping(name, value)))


def _choice(kind: object) -> _Setting:
    return _plain(lambda name, value: one_of(name, value, get_args(kind)))


def _or_none(check: Callable[[str, Any], T]) -> Callable[[str, Any], T | None]:
    return lambda name, value: None if value is None else check(name, value)


_PLACES = _Setting(lambda places: [place.text for place in places], _read_places)

#: How each field of a `Scene` is written and read.
SCENE: dict[str, _Setting] = {
    "point": _Setting(lambda place: place.text, _read_place),
    "anchors": _PLACES,
    "mode": _choice(Mode),
    "interpolation": _choice(PathKind),
    "frames": _plain(whole),
    "rows": _plain(whole),
    "columns": _plain(whole),
    "dimension": _plain(_or_none(whole)),
    "over": _choice(RangeKind),
    "extent": _plain(_or_none(number)),
    "kept": _PLACES,
    "selection": _Setting(format_indices, _read_selection),
    "equation": _Setting(_write_equation, _read_equation),
    "own": _Setting(_write_own, _read_own),
}


def write_scene(state: ExplorerState) -> dict[str, Any]:
    """Return a state's scene as JSON values."""
    return {name: each.write(getattr(state.scene, name)) for name, each in SCENE.items()}


def read_scene(state: ExplorerState, value: object) -> Scene:
    """Return the scene of such values, as far as the state's model has it; see `Session.check`."""
    values = mapping("scene", value)
    for name in values:
        if name not in SCENE:
            raise wrong(f"a scene that this version knows, {', '.join(SCENE)}", name)
    read = {name: each.read(state, name, values.get(name)) for name, each in SCENE.items()}
    scene = Scene(**read)
    state.check(*scene.places)
    traversal_bounds(state.model.latents, scene.over, scene.extent)
    return scene
