"""The encoded images nearest to a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from bvae_core.errors import AnchorError
from bvae_core.latent import _check


class Neighbours:
    """An index over codes, built once and then asked often.

    Parameters
    ----------
    latents
        (N, d), finite, N ≥ 1.

    Raises
    ------
    AnchorError
        If there are none, or one is not finite.
    """

    def __init__(self, latents: ArrayLike) -> None:
        codes = _check.points("latents", latents)
        if len(codes) == 0:
            raise AnchorError("latents: Expected at least one code. Received: none.")
        # Unbalanced trees are as quick to ask and stay quick to build when many codes coincide.
        self._tree = cKDTree(codes, balanced_tree=False, compact_nodes=False)

    def nearest(
        self, point: ArrayLike, count: int = 1
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find the codes nearest to a point.

        Parameters
        ----------
        point
            (d,), finite.
        count
            k, from 1 to N.

        Returns
        -------
        indices
            (k,) int64, nearest first, of equally near ones the lower index first.
        distances
            (k,) float64, Euclidean.

        Raises
        ------
        AnchorError
            If the point has another number of dimensions or is not finite.
        BvaeError
            If `count` is out of its range.
        """
        place = _check.points("point", point, ndim=1)
        if len(place) != self._tree.m:
            raise AnchorError(f"point: Expected {self._tree.m} numbers. Received: {len(place)}.")
        count = _check.whole("count", count, 1, self._tree.n)
        distances, indices = self._tree.query(place, k=[*range(1, count + 1)])
        order = np.lexsort((indices, distances))
        return indices[order].astype(np.int64), distances[order]
