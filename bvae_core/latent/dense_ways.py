"""Ways that stay where codes lie densely."""

from __future__ import annotations

from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from bvae_core.latent import _check
from bvae_core.latent._roadmap import Roadmap, at_shares, grid_edges
from bvae_core.latent.neighbours import nearest_codes
from bvae_core.latent.paths import along, one_way
from bvae_core.latent.typicality import NEIGHBOUR, sample

#: A way between two anchors is that of so many straight pieces.
STEPS = 32
SIDE = 64
# In more dimensions than two the way goes from code to code; of many a sample will do.
_NODES, _NEXT = 2048, 8
# A step through the emptiest place counts as so many times as long as one through a usual place.
_DEAREST = 1000.0


class DenseWays:
    """Ways between anchors that are short where a step counts the more, the emptier it is there.

    A step's length is divided by the density around it, as in density-weighted distances (Sajama &
    Orlitsky 2005, "Estimating and computing density based distance metrics"); the density is that
    of the k nearest codes, k / (N · rᵈ) but for a factor (Loftsgaarden & Quesenberry 1965), the
    measure that `Typicality` ranks by. The shortest way is found on a grid in the plane, in more
    dimensions from code to neighbouring code, and rounded off. In one dimension there is but one.

    Any thread may ask.

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
        self._codes = _check.codes(latents)

    def path(self, anchors: ArrayLike, frames: int) -> NDArray[np.float32]:
        """Go from anchor to anchor, in steps that are about equally long between two of them.

        Parameters, shares, result and errors are those of `bvae_core.latent.straight`.
        """
        _check.within(anchors, self._codes)
        return along(anchors, frames, self._segment)

    def sketch(self, anchors: ArrayLike, frames: int) -> NDArray[np.float32]:
        """Go such a way soon; of ways that are as good it may be another one each time.

        Parameters, result and errors are those of `path`.
        """
        _check.within(anchors, self._codes)
        return along(anchors, frames, self._sketched)

    def prepare(self) -> None:
        """Make now what is otherwise made when the first way is asked for."""
        if self._codes.shape[1] > 1:
            _ = self._roadmap

    def _segment(
        self,
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        t: NDArray[np.float64],
        _rest: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        if len(start) == 1:
            return at_shares(np.stack([start, end]), t[:, 0])
        return at_shares(one_way(start, end, partial(self._roadmap.way, steps=STEPS)), t[:, 0])

    def _sketched(
        self,
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        t: NDArray[np.float64],
        _rest: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        if len(start) == 1:
            return at_shares(np.stack([start, end]), t[:, 0])
        return at_shares(self._roadmap.sketch(start, end, STEPS), t[:, 0])

    @cached_property
    def _roadmap(self) -> Roadmap:
        codes = np.unique(self._codes.astype(np.float64), axis=0)
        if codes.shape[1] == 2:
            nodes, edges = _cells(codes)
        else:
            codes = sample(codes.astype(np.float32), _NODES).astype(np.float64)
            nodes, edges = codes, _links(codes)
        ends = nodes[edges]
        lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
        return Roadmap(nodes, edges, lengths * self._dearness(ends.mean(axis=1)))

    def _dearness(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one over the density, (n,), 1 where it is as at the middle one of the codes."""
        codes = sample(self._codes)
        count = min(NEIGHBOUR, len(codes))
        usual = np.median(nearest_codes(codes[:_NODES], codes, count)[0][:, -1])
        if usual == 0 or len(places) == 0:  # most codes are alike
            return np.ones(len(places))
        power = self._codes.shape[1]
        radius = nearest_codes(places, codes, count)[0][:, -1] / usual
        ends = _DEAREST ** (-1 / power), _DEAREST ** (1 / power)
        dearness: NDArray[np.float64] = np.clip(radius, *ends) ** power
        return dearness


def _cells(codes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return a grid's places and edges, around all codes."""
    low, high = codes.min(axis=0), codes.max(axis=0)
    margin = np.where(high > low, 0.05 * (high - low), 1)
    axes = np.linspace(low - margin, high + margin, SIDE).T
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2), grid_edges(SIDE, SIDE)


def _links(codes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return pairs of neighbouring codes, so that each can be reached from each."""
    count = min(_NEXT + 1, len(codes))
    _, nearest = nearest_codes(codes, codes, count)
    pairs = np.stack([np.repeat(np.arange(len(codes)), count), nearest.ravel()], axis=1)
    edges = pairs[pairs[:, 0] != pairs[:, 1]]
    while True:
        ends = (edges[:, 0], edges[:, 1])
        graph = csr_array((np.ones(len(edges)), ends), shape=(len(codes), len(codes)))
        groups, group = connected_components(graph, directed=False)
        if groups == 1:
            return np.unique(np.sort(edges, axis=1), axis=0)
        edges = np.concatenate([edges, _bridges(codes, group, groups)])


def _bridges(
    codes: NDArray[np.float64], group: NDArray[np.int32], groups: int
) -> NDArray[np.int64]:
    """Return each group's shortest link to another one."""
    bridges = np.empty((groups, 2), np.int64)
    for each in range(groups):
        own, other = np.flatnonzero(group == each), np.flatnonzero(group != each)
        apart = cdist(codes[own], codes[other])
        i, j = np.unravel_index(apart.argmin(), apart.shape)
        bridges[each] = own[i], other[j]
    return bridges
