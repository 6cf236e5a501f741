"""Values of a session's file, which may hold anything: each is what it has to be, or is refused."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping
from typing import Any

from bvae_core.errors import DataError

#: Bytes of a whole file, and so of any text in it.
LONGEST = 1 << 24
_MAX_TEXT = 4000


class WrongError(DataError):
    """A value is none that a session may have."""


def wrong(expected: str, received: object) -> WrongError:
    """Return the error for a value that isn't as it has to be."""
    shown = received if isinstance(received, str) and len(received) < 60 else _shown(received)
    return WrongError(f"Expected {expected}. Received: {shown}.")


def _shown(value: object) -> str:
    try:
        return reprlib.repr(value)
    except ValueError:  # more digits than Python writes
        return "a number of very many digits"


def refuse_constant(text: str) -> float:
    """Raise a ValueError for NaN and the infinities, which JSON hasn't."""
    raise ValueError(f"{text}, which is no number of JSON's")


def mapping(name: str, value: object) -> Mapping[str, Any]:
    """Return an object of JSON's."""
    if not isinstance(value, dict):
        raise wrong(f"{name} as an object", value)
    return value


def text_of(name: str, value: object, *, longest: int = _MAX_TEXT) -> str:
    """Return a text that is not too long."""
    if not isinstance(value, str) or len(value) > longest:
        raise wrong(f"{name} as a text of at most {longest:,} characters", value)
    return value


def number(name: str, value: object) -> float:
    """Return a finite number."""
    if type(value) not in (int, float):  # `bool` is an `int` to isinstance
        raise wrong(f"{name} as a number", value)
    try:
        found = float(value)  # type: ignore[arg-type]
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise wrong(f"{name} as a finite number", value)
    return found


def whole(name: str, value: object) -> int:
    """Return a whole number of 32 bits."""
    if type(value) is not int or not -(1 << 31) < value < 1 << 31:
        raise wrong(f"{name} as a whole number", value)
    return value


def one_of(name: str, value: object, choices: tuple[Any, ...]) -> Any:
    """Return one of several words."""
    if not isinstance(value, str) or value not in choices:
        raise wrong(f"{name} as {' or '.join(choices)}", value)
    return value
