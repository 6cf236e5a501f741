"""Numbers into classes, for the measures that are defined on classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A factor of more values than this is continuous.
MOST_VALUES = 64
#: Classes of a continuous factor, equally wide.
FACTOR_BINS = 10


def is_continuous(factors: NDArray[Any]) -> NDArray[np.bool_]:
    """Which factors, (n, F), are continuous, (F,): those of more than `MOST_VALUES` values."""
    return np.array([len(np.unique(values)) > MOST_VALUES for values in factors.T])


def factor_classes(factors: NDArray[Any]) -> NDArray[np.int64]:
    """Turn factors into classes: the values of a discrete one, ten equal bins of another.

    Parameters
    ----------
    factors
        (n, F).

    Returns
    -------
    NDArray[np.int64]
        (n, F), from 0.
    """
    binned = equal_bins(factors, FACTOR_BINS)
    for index in np.flatnonzero(~is_continuous(factors)):
        binned[:, index] = np.unique(factors[:, index], return_inverse=True)[1]
    return binned


def equal_bins(values: NDArray[Any], bins: int) -> NDArray[np.int64]:
    """Return which of equally wide bins, from a column's least to its largest, a value is in."""
    columns = np.asarray(values, dtype=np.float64)
    low, width = columns.min(axis=0), np.ptp(columns, axis=0)
    part = np.divide(columns - low, width, out=np.zeros_like(columns), where=width > 0)
    numbers: NDArray[np.int64] = np.minimum((part * bins).astype(np.int64), bins - 1)
    return numbers
