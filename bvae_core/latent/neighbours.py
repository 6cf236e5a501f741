"""The encoded images nearest to a place, or to each of many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import _check

# From so many dimensions on a k-d tree looks at most codes anyway, and a plain search is quicker.
_PLAIN_FROM = 16
# For so many pairs of places and codes it is so from fewer dimensions on: then loading
# scikit-learn for it pays.
_MANY, _PLAIN_FROM_FOR_MANY = 10**8, 9
_CHUNK_ROWS = 4096  # differences of so many codes at a time stay in the processor's cache


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
        codes = _check.codes(latents)
        self._codes = codes
        self._tree = search_tree(codes) if codes.shape[1] < _PLAIN_FROM else None

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
        total, latent_dim = self._codes.shape
        if len(place) != latent_dim:
            raise AnchorError(f"point: Expected {latent_dim} numbers. Received: {len(place)}.")
        count = _check.whole("count", count, 1, total)
        if self._tree is None:
            indices = self._plain_search(place, count)
        else:
            _, indices = self._tree.query(place, k=[*range(1, count + 1)])
        distances = np.linalg.norm(self._codes[indices].astype(np.float64) - place, axis=1)
        order = np.lexsort((indices, distances))
        return indices[order].astype(np.int64), distances[order]

    def _plain_search(self, place: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the indices of the nearest codes, in any order, by looking at all of them."""
        squared = np.empty(len(self._codes), np.float32)
        for start in range(0, len(squared), _CHUNK_ROWS):
            rows = slice(start, start + _CHUNK_ROWS)
            apart = self._codes[rows] - place
            squared[rows] = np.einsum("ij,ij->i", apart, apart)
        nearest: NDArray[np.int64] = np.argpartition(squared, count - 1)[:count]
        return nearest


def nearest_codes(
    places: NDArray[np.floating], codes: NDArray[np.floating], count: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Find the codes nearest to each of many places, for which an index is built only once.

    Parameters
    ----------
    places
        (n, d), finite.
    codes
        (N, d), finite.
    count
        k, from 1 to N.

    Returns
    -------
    distances
        (n, k) float64, Euclidean, ascending.
    indices
        (n, k) int64.
    """
    are_many = len(places) * len(codes) >= _MANY
    if codes.shape[1] < (_PLAIN_FROM_FOR_MANY if are_many else _PLAIN_FROM):
        distances, indices = search_tree(codes).query(places, k=[*range(1, count + 1)])
    else:
        from sklearn.neighbors import NearestNeighbors  # slow to import, and not always needed

        search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(codes)
        distances, indices = search.kneighbors(places)
    return distances, indices


def search_tree(codes: NDArray[np.floating]) -> Any:
    """Build SciPy's k-d tree of codes, (N, d)."""
    from scipy.spatial import cKDTree  # as long to import as a model takes to open

    # Unbalanced trees are as quick to ask and stay quick to build when many codes coincide.
    return cKDTree(codes, balanced_tree=False, compact_nodes=False)
