"""Some images of a set, chosen to show what is in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets._image_set import ImageSet


def of_all_classes(
    images: ImageSet, count: int, *, among: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Choose images as evenly from all classes as can be, the same ones each time.

    Parameters
    ----------
    images
        Without labels, any are chosen.
    count
        How many, at most.
    among
        (m,) indices to choose from; None is all.

    Returns
    -------
    (n,) int64 indices, n ≤ count, in the order of the labels.
    """
    pool = np.random.default_rng(0).permutation(len(images) if among is None else among)
    if images.labels is None:
        return np.sort(pool[:count])
    labels = images.labels[pool]
    rank = np.empty(len(pool), np.int64)  # whether an image is the first of its class, the second…
    for label in np.unique(labels):
        members = labels == label
        rank[members] = np.arange(members.sum())
    chosen = np.lexsort((labels, rank))[:count]
    return pool[chosen[np.argsort(labels[chosen], kind="stable")]]
