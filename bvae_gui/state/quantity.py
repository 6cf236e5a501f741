"""`Quantity`: what the images have more or less of, as a colour of their dots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number for each image.

    Parameters
    ----------
    name
        What it is.
    values
        (N,) float64; NaN where it isn't known.
    """

    name: str
    values: NDArray[np.float64]

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest known value; 0 and 0 where none is known."""
        known = self.values[np.isfinite(self.values)]
        return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(N,), each value on the way from the smallest to the largest, 0 to 1, or NaN."""
        low, high = self.bounds
        shares: NDArray[np.float64] = (self.values - low) / ((high - low) or 1.0)
        return np.where(np.isfinite(shares), shares, np.nan)
