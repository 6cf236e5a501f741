"""How likely images are under what is decoded, in nats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A float32 sigmoid saturates at exactly 0 and 1; Keras' cross-entropy clips at the same place.
PROBABILITY_CLIP = 1e-7


def binary_cross_entropy(
    targets: NDArray[np.float64], probabilities: NDArray[Any]
) -> NDArray[np.float64]:
    """Σ −x ln p − (1 − x) ln(1 − p) over each row's pixels and channels, in nats.

    Parameters
    ----------
    targets
        x, (n, values) in [0, 1].
    probabilities
        p, (n, values), clipped to [1e-7, 1 − 1e-7] in float64.

    Returns
    -------
    NDArray[np.float64]
        (n,).
    """
    p = np.clip(probabilities.astype(np.float64), PROBABILITY_CLIP, 1.0 - PROBABILITY_CLIP)
    on, off = np.log(p), np.log1p(-p)
    summed: NDArray[np.float64] = np.einsum("ij,ij->i", targets, off - on) - off.sum(axis=1)
    return summed
