"""Dataclasses of numbers and texts, read from JSON values that may come from anywhere."""

from __future__ import annotations

import dataclasses
import math
import reprlib
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], values: Any, name: str = "") -> T:
    """Make a dataclass of the values of its fields, nested ones too.

    Parameters
    ----------
    kind
        Whose fields are numbers, texts, choices of texts, tuples of one kind, other such
        dataclasses, or one of these or None. Numbers have to be finite.
    values
        A mapping with a value for each field, but those that have a default.
    name
        What errors call it.

    Raises
    ------
    ValueError
        If anything is missing, unknown or of another kind; the message says what.
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"{name or kind.__name__}: {reprlib.repr(values)} instead of an object")
    hints = get_type_hints(kind)
    unknown = [key for key in values if key not in hints]
    if unknown:
        raise ValueError(f"{name}{'.' if name else ''}{unknown[0]}, which is not known")
    found = {}
    for each in dataclasses.fields(kind):  # type: ignore[arg-type]
        where = f"{name}.{each.name}" if name else each.name
        if each.name in values:
            found[each.name] = _value(hints[each.name], values[each.name], where)
        elif each.default is dataclasses.MISSING:
            raise ValueError(f"no {where}")
    return kind(**found)


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, choices = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (each for each in choices if each is not type(None))
        return None if value is None else _value(inner, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(choices[0], each, where) for each in value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return read(hint, value, where)
    is_right = (
        value in choices and isinstance(value, str)
        if origin is Literal
        else _is_number(value)
        if hint is float
        else type(value) is hint  # `bool` is an `int` to isinstance
    )
    if not is_right:
        raise ValueError(f"{reprlib.repr(value)} as {where}")
    return float(value) if hint is float else value


def _is_number(value: Any) -> bool:
    try:
        return type(value) in (int, float) and math.isfinite(value)
    except OverflowError:  # an integer beyond all floats
        return False
