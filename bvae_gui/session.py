"""Sessions: all that is explored in one small file of JSON, and back; knows no Qt.

A place is written as people type it, and so is found again by the model that the file names. What
stands in a file is believed only when a model has been found to have it: `Session.check` says so
before anything changes.

>>> from bvae_core import load_bundle
>>> from bvae_gui.state import ExplorerState
>>> state = ExplorerState()
>>> state.open(load_bundle("demo"))
>>> session = Session.of(state)
>>> state.set_frames(20)
>>> session.restore(state)
>>> state.scene.frames
12
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from bvae_core import __version__
from bvae_core.annotations import Annotations
from bvae_core.bundle import Bundle
from bvae_core.codec import MAX_COORDINATE
from bvae_core.errors import BvaeError, DataError
from bvae_core.figures.layers import Layers
from bvae_core.figures.theme import Ink
from bvae_core.files import replacing_file
from bvae_core.indices import format_indices, parse_indices
from bvae_core.latent import PathKind, RangeKind, traversal_bounds
from bvae_gui.session_picture import picture_values, read_picture_values
from bvae_gui.session_values import (
    WrongError,
    mapping,
    number,
    one_of,
    refuse_constant,
    text_of,
    whole,
    wrong,
)
from bvae_gui.state import ExplorerState, View
from bvae_gui.state.equation import Equation
from bvae_gui.state.own_image import OwnImage
from bvae_gui.state.scene import Mode, Place, Scene

#: What the files' names end in.
SUFFIX = ".bvae-session.json"
SCHEMA_VERSION = 1

ThemeChoice: TypeAlias = Literal["system", "light", "dark"]

_MAX_BYTES = 1 << 24
_MAX_LAYOUT = 1 << 16
_MAX_NAME = 200
_HEX = frozenset("0123456789abcdef")

T = TypeVar("T")


@dataclass(frozen=True)
class Layout:
    """How the window was laid out.

    Parameters
    ----------
    parts
        What Qt wrote of each part, by the part's name.
    tool
        The tool that was in front, or None.
    seen
        What was seen of the map, ((left, right), (bottom, top)); None is all of it.
    """

    parts: Mapping[str, bytes] = field(default_factory=dict)
    tool: str | None = None
    seen: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class Session:
    """A session as it is in its file.

    Parameters
    ----------
    name, fingerprint
        Of its model.
    values
        JSON values of what is explored; `check` says whether they make sense.
    theme
        The window's colours.
    layout
        How the window is laid out.
    """

    name: str
    fingerprint: str
    values: Mapping[str, Any]
    theme: ThemeChoice = "system"
    layout: Layout = field(default_factory=Layout)

    @classmethod
    def of(
        cls, state: ExplorerState, theme: ThemeChoice = "system", layout: Layout | None = None
    ) -> Session:
        """Return what is explored now.

        Raises
        ------
        BvaeError
            If the codes on the map are not the model's own, or what is saved with the model can't
            be read.
        """
        model = state.model
        if model.codes_of is not None:
            raise BvaeError(
                "session: Expected the images that the model was trained on, which the session "
                f"finds again by the model's name. Received: {model.codes_of}."
            )
        values = {name: part.write(state) for name, part in _PARTS.items()}
        return cls(model.name, model.fingerprint, values, theme, layout or Layout())

    def write(self, target: Path) -> None:
        """Write it to a file, which is replaced as a whole or not at all."""
        content = {
            "program": f"bvae-explorer {__version__}",
            "schema_version": SCHEMA_VERSION,
            "model": {"name": self.name, "fingerprint": self.fingerprint},
            "theme": self.theme,
            "layout": {
                "parts": {
                    name: base64.b64encode(part).decode("ascii")
                    for name, part in self.layout.parts.items()
                },
                "tool": self.layout.tool,
                "seen": self.layout.seen,
            },
            **self.values,
        }
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
        with replacing_file(target) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")

    def check(self, bundle: Bundle) -> None:
        """Raise a BvaeError if the model has no such places, images or views; change nothing."""
        trial = ExplorerState()
        trial.open(bundle)
        self._read(trial)

    def restore(self, state: ExplorerState) -> str:
        """Explore what was explored, the scene as one step to undo.

        Selections and directions are added to those that are saved with the model; one whose name
        another has by now gets a number behind it.

        Parameters
        ----------
        state
            Its model is open.

        Returns
        -------
        What could not be restored, as a sentence, or nothing.

        Raises
        ------
        BvaeError
            If another model is open, or it has no such places, images or views, or what is to be
            saved with it can't be. Nothing changes then.
        """
        read = self._read(state)
        remark = ""
        for name, part in _PARTS.items():
            try:
                part.apply(state, read[name])
            except _CannotNowError as error:
                remark = str(error)
        return remark

    def _read(self, state: ExplorerState) -> dict[str, Any]:
        if state.model.fingerprint != self.fingerprint:
            raise DataError(
                f"session: Expected the model that it was made with, {self.name} "
                f"({self.fingerprint[:16]}). Received: {state.model.name}."
            )
        return {name: part.read(state, self.values.get(name)) for name, part in _PARTS.items()}


def read_session(path: Path) -> Session:
    """Read a session's file, with distrust.

    Raises
    ------
    DataError
        If it is no session, damaged, or from a newer version.
    BvaeError
        If it can't be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise BvaeError(f"{path} could not be read: {error.strerror}.") from error
    try:
        if len(content) > _MAX_BYTES:
            raise wrong(f"at most {_MAX_BYTES:,} bytes", f"{path.stat().st_size:,}")
        try:
            values = json.loads(content.decode("utf-8"), parse_constant=refuse_constant)
        except (ValueError, RecursionError) as error:
            raise wrong("JSON", f"{error}") from error
        return _from_values(mapping("session", values))
    except WrongError as error:
        raise DataError(f"{path.name}: no session: {error}") from error


def _from_values(values: Mapping[str, Any]) -> Session:
    version = values.get("schema_version")
    if type(version) is int and version > SCHEMA_VERSION:
        raise WrongError("It is from a newer version of bvae-explorer; update it to open this.")
    if version != SCHEMA_VERSION or type(version) is not int:
        raise wrong(f"schema_version {SCHEMA_VERSION}", version)
    known = {"program", "schema_version", "model", "theme", "layout", *_PARTS}
    for name in values:
        if name not in known:
            raise wrong(f"parts that this version knows, {', '.join(sorted(known))}", name)
    for name in _PARTS:
        if name not in values:
            raise wrong(f"a part called {name}", "none")
    model = mapping("model", values.get("model"))
    fingerprint = text_of("fingerprint", model.get("fingerprint"))
    if len(fingerprint) != 64 or not set(fingerprint) <= _HEX:
        raise wrong("the model's fingerprint", fingerprint)
    return Session(
        text_of("name", model.get("name"), longest=_MAX_NAME),
        fingerprint,
        {name: values[name] for name in _PARTS},
        one_of("theme", values.get("theme"), get_args(ThemeChoice)),
        _layout(mapping("layout", values.get("layout"))),
    )


def _layout(values: Mapping[str, Any]) -> Layout:
    parts: dict[str, bytes] = {}
    for name, text in mapping("layout", values.get("parts")).items():
        try:
            part = base64.b64decode(text_of(name, text, longest=_MAX_LAYOUT), validate=True)
        except ValueError as error:
            raise wrong(f"layout of {name} in base64", text) from error
        parts[text_of("layout", name, longest=_MAX_NAME)] = part
    tool = values.get("tool")
    return Layout(
        parts,
        None if tool is None else text_of("tool", tool, longest=_MAX_NAME),
        _seen(values.get("seen")),
    )


def _seen(value: object) -> tuple[tuple[float, float], tuple[float, float]] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise wrong("seen as the map's limits across and up", value)
    across, up = (_range("seen", each) for each in value)
    return across, up


def _range(name: str, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise wrong(f"{name} as two numbers", value)
    low, high = (number(name, each) for each in value)
    if not -MAX_COORDINATE <= low < high <= MAX_COORDINATE:
        raise wrong(f"{name} as rising numbers within ±{MAX_COORDINATE:,.0f}", value)
    return low, high


# -- the scene -----------------------------------------------------------------------------------


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
    text = text_of(name, value, longest=_MAX_BYTES)
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


def _read_layers(_state: ExplorerState, value: object) -> Layers:
    values = mapping("layers", value)
    layers = Layers.of(values)
    if asdict(layers) != values:
        raise wrong("layers of the map that this version knows", value)
    return layers


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


def _write_scene(state: ExplorerState) -> dict[str, Any]:
    return {name: each.write(getattr(state.scene, name)) for name, each in SCENE.items()}


def _read_scene(state: ExplorerState, value: object) -> Scene:
    values = mapping("scene", value)
    for name in values:
        if name not in SCENE:
            raise wrong(f"a scene that this version knows, {', '.join(SCENE)}", name)
    read = {name: each.read(state, name, values.get(name)) for name, each in SCENE.items()}
    scene = Scene(**read)
    state.check(*scene.places)
    traversal_bounds(state.model.latents, scene.over, scene.extent)
    return scene


# -- what lies beside the scene ------------------------------------------------------------------


class _Part(NamedTuple):
    """A part of the file: how it is taken from a state, read with one, and given back to it."""

    write: Callable[[ExplorerState], Any]
    read: Callable[[ExplorerState, Any], Any]
    apply: Callable[[ExplorerState, Any], None]


class _CannotNowError(Exception):
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
        name: tuple(parse_indices(text_of(name, text, longest=_MAX_BYTES), count).tolist())
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
        if view != state.view:
            state.look_along(view)
    except BvaeError as error:
        raise _CannotNowError(str(error)) from error


def _read_hidden(state: ExplorerState, value: object) -> list[int]:
    count = len(state.model.class_names)
    if not isinstance(value, list) or len(value) > count:
        raise wrong(f"at most {count} hidden classes", value)
    labels = [whole("hidden", label) for label in value]
    if any(not 0 <= label < count for label in labels):
        raise wrong(f"hidden classes from 0 to {count - 1}", value)
    return labels


#: The parts of a file, in the order in which they are restored: what may fail comes first.
_PARTS: dict[str, _Part] = {
    "notes": _Part(_write_notes, _read_notes, _add_notes),
    "view": _Part(
        lambda state: list(state.view) if isinstance(state.view, tuple) else state.view,
        _read_view,
        _look_along,
    ),
    "hidden": _Part(
        lambda state: sorted(state.hidden), _read_hidden, lambda state, labels: state.hide(labels)
    ),
    "layers": _Part(
        lambda state: asdict(state.layers),
        _read_layers,
        lambda state, layers: state.show_layers(layers),
    ),
    "ink": _Part(
        lambda state: state.ink,
        lambda _, value: one_of("ink", value, get_args(Ink)),
        lambda state, ink: state.set_look(ink=ink),
    ),
    "scene": _Part(_write_scene, _read_scene, lambda state, scene: state.restore(scene)),
    "frame": _Part(
        lambda state: state.frame,
        lambda _, value: whole("frame", value),
        lambda state, frame: state.show_frame(frame),
    ),
}
