"""What colours the dots of a layer's items: a column of what is known of them.

Knows neither napari nor Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_gui.state import Quantity

#: Whole numbers of at most so many kinds are names rather than quantities.
_MOST_NUMBERED = 20
_MOST_NAMED = 200
_MISSING = "–"


@dataclass(frozen=True, eq=False)
class Classes:
    """Items of several kinds: (N,) int64 indices into the names."""

    labels: NDArray[np.int64]
    names: tuple[str, ...]


Colouring: TypeAlias = Classes | Quantity


def colouring(name: str, column: NDArray[Any]) -> Colouring | None:
    """Tell kinds from quantities.

    Numbers with fractions are quantities; so are whole ones, unless there are few different
    ones. All else are names.

    Parameters
    ----------
    name
        Of the column.
    column
        (N,), of any type.

    Returns
    -------
    Classes, Quantity or None
        None where no two values are different, or nearly all names are.
    """
    if column.dtype.kind in "iuf":
        values = column.astype(np.float64)
        known = values[np.isfinite(values)]
        different = np.unique(known)
        if len(different) < 2:
            return None
        is_whole = bool((known == np.rint(known)).all())
        if not is_whole or len(different) > _MOST_NUMBERED:
            return Quantity(name, np.where(np.isfinite(values), values, np.nan))
        words = [_MISSING if not np.isfinite(v) else f"{int(v)}" for v in values]
        order = [f"{int(v)}" for v in different] + [_MISSING]
    else:
        words = [_MISSING if _is_missing(v) else str(v) for v in column.tolist()]
        order = [*sorted(set(words) - {_MISSING}), _MISSING]
    names = [word for word in order if word in set(words)]
    if not 2 <= len(names) <= _MOST_NAMED:
        return None
    number = {word: index for index, word in enumerate(names)}
    return Classes(np.array([number[word] for word in words], np.int64), tuple(names))


def _is_missing(value: object) -> bool:
    # Pandas' <NA> can't be compared with anything.
    return value is None or str(value) in ("", "nan", "NaT", "<NA>")
