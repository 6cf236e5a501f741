"""The one place that stands for a class."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import AnchorError

#: A neighbourhood is the nearest such share of the class.
_NEIGHBOURHOOD = 0.1
#: Members whose neighbourhood is at least so pure, compared with the purest, are candidates.
_NEARLY_PUREST = 0.95
#: Evenly chosen when there are more, which bounds time and memory in any number of dimensions.
_MAX_CANDIDATES, _MAX_MEMBERS, _MAX_OTHERS = 1000, 2000, 8000
_AT_A_TIME = 64  # candidates, whose distances to all others fit into the processor's cache
#: Which candidate was found, by a digest of all that it follows from: the same classes' exemplars
#: are asked for whenever a figure is drawn or a model is opened again.
_found: dict[bytes, int] = {}
_MOST_FOUND = 1000


def exemplar(latents: NDArray[np.float32], labels: NDArray[np.int64], label: int) -> int:
    """Return the index of a typical member of a class.

    The mean of a class often lies among another one's members, since clusters overlap, bend and
    fall apart. The exemplar is a member where the class is at home. The neighbourhood of a member
    is the ball that holds the nearest tenth of its class; its purity is the share of all codes in
    the ball that belong to the class. Of the members whose purity is within 5 % of the best, the
    exemplar has the smallest ball: there the class is densest. Both are nearest-neighbour
    estimates, of the posterior and of the class-conditional density (Loftsgaarden & Quesenberry
    1965), and need no bandwidth. The result is the same on each call.

    Parameters
    ----------
    latents
        (N, d) float32.
    labels
        (N,) int64.
    label
        The class.

    Raises
    ------
    AnchorError
        If no code has that label.
    """
    belongs = labels == label
    members, others = np.flatnonzero(belongs), np.flatnonzero(~belongs)
    if len(members) == 0:
        raise AnchorError(f"class {label}: Expected at least one image of it. Received: none.")
    candidates = _spread(members, _MAX_CANDIDATES)
    some_members, some_others = _spread(members, _MAX_MEMBERS), _spread(others, _MAX_OTHERS)
    centre = latents[members].mean(axis=0)  # keeps the float32 products below accurate
    few, own, foreign = (latents[some] - centre for some in (candidates, some_members, some_others))
    counts = (len(members), len(others))

    digest = hashlib.blake2b(repr((counts, few.shape, own.shape, foreign.shape)).encode())
    for places in (few, own, foreign):
        digest.update(places)
    key = digest.digest()
    which = _found.get(key)
    if which is None:
        if len(_found) >= _MOST_FOUND:
            _found.clear()
        which = _found[key] = _densest_of_the_purest(few, own, foreign, counts)
    return int(candidates[which])


def _densest_of_the_purest(
    candidates: NDArray[np.float32],
    members: NDArray[np.float32],
    others: NDArray[np.float32],
    counts: tuple[int, int],
) -> int:
    """Return which candidate is the exemplar; members and others stand for `counts` of them."""
    neighbours = min(len(members) - 1, max(1, round(_NEIGHBOURHOOD * len(members))))
    own, foreign = _as_ends(members), _as_ends(others)
    radius = np.empty(len(candidates), np.float32)
    inside = np.empty(len(candidates), np.int64)
    for first in range(0, len(candidates), _AT_A_TIME):
        few = slice(first, first + _AT_A_TIME)
        starts = _as_starts(candidates[few])
        radius[few] = np.partition(starts @ own, neighbours, axis=1)[:, neighbours]
        # A row at a time: along an axis NumPy takes three times as long to count.
        inside[few] = [np.count_nonzero(row) for row in starts @ foreign <= radius[few, None]]

    inside_own = neighbours * counts[0] / len(members)
    inside_foreign = inside * (counts[1] / max(1, len(others)))
    purity = (inside_own + 1) / (inside_own + inside_foreign + 1)
    radius[purity < _NEARLY_PUREST * purity.max()] = np.inf
    return int(np.argmin(radius))


def centroid(
    latents: NDArray[np.float32], labels: NDArray[np.int64], label: int
) -> NDArray[np.float32]:
    """Return the mean of a class's codes, (d,) float32; AnchorError if it has none."""
    belongs = labels == label
    if not belongs.any():
        raise AnchorError(f"class {label}: Expected at least one image of it. Received: none.")
    mean: NDArray[np.float32] = latents[belongs].mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean


def _spread(indices: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    if len(indices) <= limit:
        return indices
    return indices[np.linspace(0, len(indices) - 1, limit).astype(np.int64)]


def _as_starts(a: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return A such that ``A @ _as_ends(b)`` are the squared distances from each a to each b."""
    return np.hstack([-2 * a, (a**2).sum(axis=1, keepdims=True), np.ones_like(a[:, :1])])


def _as_ends(b: NDArray[np.float32]) -> NDArray[np.float32]:
    ends = np.hstack([b, np.ones_like(b[:, :1]), (b**2).sum(axis=1, keepdims=True)])
    return np.ascontiguousarray(ends.T)
