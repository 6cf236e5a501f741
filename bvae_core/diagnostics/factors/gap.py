"""What MIG and SAP have in common: how far the best dimension is ahead of the second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def gap_of_top_two(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest minus the second largest of each column of (d, F), (F,).

    Where there is one dimension only, the second is 0.
    """
    ordered = np.sort(scores, axis=0)
    if len(ordered) == 1:
        best: NDArray[np.float64] = ordered[0]
        return best
    gap: NDArray[np.float64] = ordered[-1] - ordered[-2]
    return gap
