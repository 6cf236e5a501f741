"""The settings of recipes: which values each may have, and how `bvae export` is told one.

A recipe annotates each field with a `Setting`. Values may come from anywhere, such as a PNG's
metadata: whatever they are, a check returns a good one or raises a BvaeError.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, get_args

import numpy as np

from bvae_core.config import MAX_LATENT_DIM
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.figures.limits import (
    ANCHORS,
    CORNERS,
    FPS,
    FRAMES,
    SCALE,
    SHOWN,
    SIDE,
    STEPS,
    STRENGTH,
)
from bvae_core.figures.theme import Ink, ThemeName
from bvae_core.indices import BITS
from bvae_core.latent import PathKind, RangeKind, Spacing
from bvae_core.shell_words import option

_LONGEST_INDICES = 400_000  # bits of two million images
_INDICES = frozenset("0123456789,-")
_LONGEST_TEXT = 4000  # an anchor's; 128 coordinates are under 2,500 characters

#: What maps show: axes, dimensions or principal ones; or a UMAP.
ProjectionKind: TypeAlias = Literal["linear", "umap"]
Check: TypeAlias = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Setting:
    """What a field of a recipe may be.

    Parameters
    ----------
    check
        Takes the field's name and a value of any kind, and returns the value to keep.
    options
        Takes a value that is not the default, and returns arguments of `bvae export`.
    names_places
        Whether its values are places as people type them.
    """

    check: Check
    options: Callable[[Any], list[str]]
    names_places: bool = False


def shown(value: object) -> str:
    """Return a value for an error's sentence, in a few words however large it is."""
    try:
        return reprlib.repr(value)
    except ValueError:  # more digits than Python writes
        return "a number of very many digits"


def _whole(low: int, high: int) -> Check:
    def check(name: str, value: Any) -> int:
        is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not (is_whole and low <= value <= high):
            raise BvaeError(
                f"{name}: Expected a whole number from {low} to {high}. Received: {shown(value)}."
            )
        return int(value)

    return check


def _number(low: float, high: float, expected: str) -> Check:
    def check(name: str, value: Any) -> float:
        is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if not (is_number and low <= value <= high):  # false of NaN, too
            raise BvaeError(f"{name}: Expected {expected}. Received: {shown(value)}.")
        return float(value) + 0.0  # plus zero, since −0 and 0 are one value

    return check


def _one_of(choices: Sequence[str]) -> Check:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            *others, last = choices
            raise BvaeError(
                f"{name}: Expected {', '.join(others)} or {last}. Received: {shown(value)}."
            )
        return value

    return check


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise BvaeError(f"{name}: Expected true or false. Received: {shown(value)}.")
    return bool(value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not _typeable(value):
        raise AnchorError(f"{name}: Expected a place as people type it. Received: {shown(value)}.")
    return value


def _typeable(text: str) -> bool:
    """Return whether a command line can carry it."""
    try:
        return b"\0" not in text.encode() and len(text) <= _LONGEST_TEXT
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def _indices(name: str, value: Any) -> str:
    """Take indices as `bvae_core.indices` writes them; whether a model has them is its question."""
    if not isinstance(value, str) or not (value.startswith(BITS) or set(value) <= _INDICES):
        raise AnchorError(
            f"{name}: Expected indices of images, such as 1,5,9-20. Received: {shown(value)}."
        )
    if len(value) > _LONGEST_INDICES or not value.isascii():
        raise AnchorError(
            f"{name}: Expected at most {_LONGEST_INDICES:,} characters. Received: {len(value):,}."
        )
    return value


def _texts(expected: str, fits: Callable[[int], bool]) -> Check:
    def check(name: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise AnchorError(f"{name}: Expected {expected}. Received: {shown(value)}.")
        if not fits(len(value)):
            raise AnchorError(f"{name}: Expected {expected}. Received: {len(value)}.")
        return tuple(_text(name, text) for text in value)

    return check


def _axes(name: str, value: Any) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise AnchorError(f"{name}: Expected two dimensions. Received: {shown(value)}.")
    first, second = (_DIMENSION(name, axis) for axis in value)
    if first == second:
        raise AnchorError(f"{name}: Expected two different dimensions. Received: {first} twice.")
    return first, second


def _or_none(check: Check) -> Check:
    return lambda name, value: None if value is None else check(name, value)


def _valued(name: str) -> Callable[[Any], list[str]]:
    return lambda value: option(name, value)


def _repeated(name: str) -> Callable[[Any], list[str]]:
    return lambda values: [argument for value in values for argument in option(name, value)]


def _from_via_to(anchors: Any) -> list[str]:
    start, *between, end = anchors
    return [*option("--from", start), *_repeated("--via")(between), *option("--to", end)]


def _counted_from_one(name: str) -> Callable[[Any], list[str]]:
    return lambda value: [name, *(str(index + 1) for index in np.atleast_1d(value))]


def _switch(name: str) -> Callable[[Any], list[str]]:
    return lambda _: [name]


def _place(name: str, check: Check = _text) -> Setting:
    return Setting(check, _valued(name), names_places=True)


_DIMENSION = _whole(0, MAX_LATENT_DIM - 1)
_FEWEST, _MOST = ANCHORS
_ANY_NUMBER = _number(-1e300, 1e300, "a finite number")

Anchor = Annotated[str, _place("--at")]
TermA = Annotated[str, _place("--a")]
TermB = Annotated[str, _place("--b")]
TermC = Annotated[str, _place("--c")]
Strength = Annotated[
    float,
    Setting(
        _number(*STRENGTH, f"a number from {STRENGTH[0]:g} to {STRENGTH[1]:g}"),
        _valued("--strength"),
    ),
]
AnchorOrOrigin = Annotated[str | None, _place("--at", _or_none(_text))]
Anchors = Annotated[
    tuple[str, ...],
    Setting(
        _texts(f"{_FEWEST} to {_MOST} places", lambda n: _FEWEST <= n <= _MOST),
        _from_via_to,
        names_places=True,
    ),
]
AnchorsOrNone = Annotated[
    tuple[str, ...],
    Setting(
        _texts(f"{_FEWEST} to {_MOST} places, or none", lambda n: n == 0 or _FEWEST <= n <= _MOST),
        _from_via_to,
        names_places=True,
    ),
]
Corners = Annotated[
    tuple[str, ...],
    Setting(
        _texts(f"{CORNERS} places, or none", lambda n: n in (0, CORNERS)),
        _repeated("--corner"),
        names_places=True,
    ),
]
Classes = Annotated[
    tuple[str, ...], Setting(_texts("a list of classes", lambda _: True), _repeated("--class"))
]
Frames = Annotated[int, Setting(_whole(*FRAMES), _valued("--frames"))]
Rows = Annotated[int, Setting(_whole(*SIDE), _valued("--rows"))]
Columns = Annotated[int, Setting(_whole(*SIDE), _valued("--columns"))]
Steps = Annotated[int, Setting(_whole(*STEPS), _valued("--steps"))]
Path = Annotated[PathKind, Setting(_one_of(get_args(PathKind)), _valued("--path"))]
Selection = Annotated[str, Setting(_indices, _valued("--selection"))]
Originals = Annotated[bool, Setting(_flag, _switch("--originals"))]
Most = Annotated[int, Setting(_whole(*SHOWN), _valued("--most"))]
Axes = Annotated[tuple[int, int], Setting(_axes, _counted_from_one("--axes"))]
AxesOrDefault = Annotated[
    tuple[int, int] | None, Setting(_or_none(_axes), _counted_from_one("--axes"))
]
Dimension = Annotated[int | None, Setting(_or_none(_DIMENSION), _counted_from_one("--dimension"))]
Over = Annotated[RangeKind, Setting(_one_of(get_args(RangeKind)), _valued("--range"))]
Extent = Annotated[float | None, Setting(_or_none(_ANY_NUMBER), _valued("--extent"))]
Density = Annotated[bool, Setting(_flag, _switch("--no-density"))]
ProjectionChoice = Annotated[
    ProjectionKind, Setting(_one_of(get_args(ProjectionKind)), _valued("--projection"))
]
Dots = Annotated[bool, Setting(_flag, _switch("--no-dots"))]
Names = Annotated[bool, Setting(_flag, _switch("--no-names"))]
Magnification = Annotated[bool, Setting(_flag, lambda _: ["--layer", "magnification"])]
Manifold = Annotated[bool, Setting(_flag, lambda _: ["--layer", "manifold"])]
SpacingChoice = Annotated[Spacing, Setting(_one_of(get_args(Spacing)), _valued("--spacing"))]
Labels = Annotated[bool, Setting(_flag, _switch("--no-labels"))]
ThemeChoice = Annotated[ThemeName, Setting(_one_of(get_args(ThemeName)), _valued("--theme"))]
InkChoice = Annotated[Ink, Setting(_one_of(get_args(Ink)), _valued("--ink"))]
Scale = Annotated[int | None, Setting(_or_none(_whole(*SCALE)), _valued("--scale"))]
Fps = Annotated[
    float,
    Setting(_number(*FPS, f"a number from {FPS[0]:g} to {FPS[1]:g}"), _valued("--fps")),
]
Loop = Annotated[bool, Setting(_flag, _switch("--once"))]
Bounce = Annotated[bool, Setting(_flag, _switch("--bounce"))]
