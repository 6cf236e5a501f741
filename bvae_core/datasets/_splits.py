"""Which images are kept out of training where a source doesn't say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEST_FRACTION = 0.1


def draw_test_split(
    count: int, labels: NDArray[np.int64] | None, *, seed: int
) -> NDArray[np.bool_]:
    """Draw one image in ten, at least one where there are two, the same share of every class.

    Parameters
    ----------
    count
        Number of images N.
    labels
        (N,) int64, or None to draw from all alike.
    seed
        Of the draw; the same seed, count and labels draw the same images.

    Returns
    -------
    ndarray
        (N,) bool, True for the test split.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(count)
    if labels is not None:
        order = order[np.argsort(labels[order], kind="stable")]
    # Every tenth of the images laid out class by class is a tenth of each class.
    step = round(1 / TEST_FRACTION)
    is_test = np.zeros(count, bool)
    is_test[order[min(step, count) - 1 :: step]] = count > 1
    return is_test
