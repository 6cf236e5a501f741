"""How far dimensions say the same: correlation and mutual information of each two."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bins a dimension, each with as many codes, where there are enough of these.
MOST_BINS = 16
#: Codes for each two dimensions' bin, on the average, at least.
_CODES_A_BIN = 5


def dimension_correlations(mean: NDArray[Any]) -> NDArray[np.float64]:
    """Pearson's correlation of each two dimensions of the posterior means.

    Parameters
    ----------
    mean
        (n, d), n at least 2.

    Returns
    -------
    NDArray[np.float64]
        (d, d) in [−1, 1], symmetric, 1 on the diagonal; 0 where a dimension does not vary.
    """
    codes = np.asarray(mean, dtype=np.float64)
    centred = codes - codes.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, spread, out=np.zeros_like(centred), where=np.ptp(codes, axis=0) > 0)
    correlations: NDArray[np.float64] = np.clip(unit.T @ unit, -1.0, 1.0)
    np.fill_diagonal(correlations, 1.0)
    return correlations


def dimension_mutual_information(mean: NDArray[Any]) -> NDArray[np.float64]:
    """Mutual information of each two dimensions of the posterior means, in nats.

    Unlike correlation it sees every dependence. Estimated from a histogram whose bins have as many
    codes each, so that no stretching of a dimension matters, less the first-order bias
    (b − 1)² / 2n that independent dimensions would show (Miller 1955, "Note on the bias of
    information estimates"), and never below 0. There are `bins_of` of them.

    Parameters
    ----------
    mean
        (n, d).

    Returns
    -------
    NDArray[np.float64]
        (d, d), symmetric; on the diagonal each dimension's entropy, ln b where it varies, above
        which no information shows.
    """
    codes = np.asarray(mean, dtype=np.float64)
    count, dimensions = codes.shape
    bins = bins_of(count)
    joint = _joint_counts(codes, bins) / count  # (d, b, d, b)
    alone = np.einsum("iaia->ia", joint)  # (d, b)
    expected = alone[:, :, None, None] * alone[None, None]
    ratio = np.divide(joint, expected, out=np.ones_like(joint), where=joint > 0)
    information: NDArray[np.float64] = (joint * np.log(ratio)).sum(axis=(1, 3))
    used = (alone > 0).sum(axis=1) - 1
    bias = np.outer(used, used) / (2 * count)
    bias[np.diag_indices(dimensions)] = 0.0
    unbiased: NDArray[np.float64] = np.maximum(information - bias, 0.0)
    return unbiased


def bins_of(count: int) -> int:
    """Return how many bins so many codes fill: 16 from 1,280 codes on, fewer for fewer."""
    return min(MOST_BINS, max(2, math.isqrt(count // _CODES_A_BIN)))


def _joint_counts(codes: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Count the codes in each two bins of each two dimensions, (d, b, d, b)."""
    from scipy.sparse import csr_array

    count, dimensions = codes.shape
    inner = np.quantile(codes, np.arange(1, bins) / bins, axis=0)  # (b − 1, d)
    columns = np.stack(
        [
            dimension * bins + np.searchsorted(inner[:, dimension], codes[:, dimension])
            for dimension in range(dimensions)
        ],
        axis=1,
    )
    ends = np.arange(count + 1) * dimensions
    marked = csr_array(
        (np.ones(columns.size), columns.reshape(-1), ends), shape=(count, dimensions * bins)
    )
    counts: NDArray[np.float64] = (marked.T @ marked).toarray()
    return counts.reshape(dimensions, bins, dimensions, bins)
