"""Labels and class names, as sources have them, into those of an `ImageSet`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import DataError

if TYPE_CHECKING:
    from bvae_core.datasets._stack import Stack

_MAX_CLASSMAP_BYTES = 1 << 20
_MAX_NAMES_BYTES = 1 << 26


def name_classes(
    values: NDArray[Any], class_names: Sequence[str] | None, *, source: str
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Turn a column of labels into indices and names.

    Parameters
    ----------
    values
        (N,) whole numbers, or strings that are the class names themselves.
    class_names
        Names of the classes 0, 1, …; None names each class by its number or string, and leaves out
        numbers that no image has.
    source
        What errors call the labels.

    Returns
    -------
    labels
        (N,) int64, indices into `class_names`.
    class_names
        One name a class.

    Raises
    ------
    DataError
        If a label has no name among `class_names`.
    """
    if class_names is None:
        present, labels = np.unique(values, return_inverse=True)
        return labels.reshape(-1).astype(np.int64), tuple(map(str, present))
    if values.dtype.kind == "U":
        number = {name: index for index, name in enumerate(class_names)}
        unknown = sorted(set(values.tolist()) - number.keys())
        if unknown:
            raise DataError(
                f"{source}: Expected labels among the {len(class_names)} class names. "
                f"Received: {unknown[0]!r}."
            )
        return np.array([number[name] for name in values.tolist()], np.int64), tuple(class_names)
    if values.min() < 0 or values.max() >= len(class_names):
        raise DataError(
            f"{source}: Expected labels from 0 to {len(class_names) - 1}, one for each of the "
            f"{len(class_names)} class names. Received: {values.min()} to {values.max()}."
        )
    return values.astype(np.int64), tuple(class_names)


def read_names(stack: Stack, what: str, count: str) -> tuple[str, ...]:
    """Read an array of strings.

    Parameters
    ----------
    stack
        The array.
    what, count
        What errors call the names, and how many there should be.

    Raises
    ------
    DataError
        If it is any other array.
    """
    if stack.dtype.kind != "U" or len(stack.shape) != 1 or not stack.shape[0]:
        raise DataError(
            f"{stack.name}: Expected {what}, an array of strings of shape ({count},). "
            f"Received: shape {stack.shape}, {stack.dtype}."
        )
    size = stack.shape[0] * stack.dtype.itemsize
    if size > _MAX_NAMES_BYTES:
        raise DataError(
            f"{stack.name}: Expected {what} of at most {_MAX_NAMES_BYTES:,} bytes. "
            f"Received: {size:,}."
        )
    return tuple(map(str, stack.read()))


def read_classmap(folder: Path, names: Iterable[str]) -> tuple[str, ...] | None:
    """Read the class names from an official class map, where `folder` has one.

    Parameters
    ----------
    folder
        Where ``*_classmap.csv`` may be, a table with the columns ``index`` and ``char``.
    names
        Names of the files in `folder`.

    Returns
    -------
    tuple of str, or None
        The names in the order of their indices 0, 1, …; None without a class map.

    Raises
    ------
    DataError
        If there are several class maps, or the one there is has other columns or indices.
    """
    found = sorted(name for name in names if name.endswith("classmap.csv"))
    if not found:
        return None
    if len(found) > 1:
        raise DataError(f"{folder}: Expected one class map. Received: {', '.join(found)}.")
    path = folder / found[0]
    problem = f"{path}: Expected a table with the columns index (0, 1, …) and char, in UTF-8."
    try:
        if path.stat().st_size > _MAX_CLASSMAP_BYTES:
            raise DataError(f"{problem} Received: {path.stat().st_size} bytes.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = {int(row["index"]): row["char"] for row in csv.DictReader(file)}
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise DataError(f"{problem} Received: {error}.") from error
    if sorted(rows) != list(range(len(rows))) or not rows or not all(rows.values()):
        raise DataError(f"{problem} Received: indices {sorted(rows)[:5]} ….")
    return tuple(rows[index] for index in range(len(rows)))
