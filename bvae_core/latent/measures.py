"""What can be said of a way: how long it is, how even, and whether it leaves the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError, DataError
from bvae_core.latent import _check
from bvae_core.latent.typicality import Typicality

#: Places whose rank is lower count as empty space: outside of 98 of 100 codes.
EMPTY = 0.02
# A way is looked at in so many places, whatever the number of its frames.
_LOOKS = 64


@dataclass(frozen=True)
class WayMeasures:
    """Measures of a way through latent space.

    Parameters
    ----------
    length
        In the space of images: the sum of the Euclidean distances from frame to frame, in pixels'
        grey values from 0 to 1. A pixel that turns from white to black counts as 1.
    unevenness
        The largest step between two frames as a multiple of the mean one: 1 where the image
        changes evenly, the number of steps where it changes in one leap.
    lowest_rank
        The rank of the loneliest place on the way, see `Typicality.rank`; 0 is lonelier than any
        code.
    empty
        The share of the way's length in latent space that leads through empty space, 0 to 1, not
        counting what its ends lie in: of a way that only begins or ends out there it is 0. Of one
        that is never anywhere else it is 1.
    """

    length: float
    unevenness: float
    lowest_rank: float
    empty: float

    @property
    def crosses_empty(self) -> bool:
        """Whether the way leaves the data and comes back to them, or never gets there."""
        return self.empty > 0


def measure_way(places: ArrayLike, images: ArrayLike, typicality: Typicality) -> WayMeasures:
    """Measure a way.

    Parameters
    ----------
    places
        (n, d), n ≥ 2, the frames from end to end.
    images
        (n, …), what the decoder makes of them, 0 to 1.
    typicality
        Of the model's codes.

    Raises
    ------
    AnchorError
        If there are fewer than two places, or one is not finite.
    DataError
        If there are not as many images.
    """
    way = _way(places)
    pixels = np.asarray(images, np.float64).reshape(len(np.asarray(images)), -1)
    if len(pixels) != len(way):
        raise DataError(f"images: Expected {len(way)}, one a place. Received: {len(pixels)}.")
    steps = np.linalg.norm(np.diff(pixels, axis=0), axis=1)
    ranks = _ranks(way, typicality)
    return WayMeasures(
        length=float(steps.sum()),
        unevenness=float(steps.max() / steps.mean()) if steps.any() else 1.0,
        lowest_rank=float(ranks.min()),
        empty=_empty_share(ranks),
    )


def empty_share(places: ArrayLike, typicality: Typicality) -> float:
    """Return `WayMeasures.empty` of a way, (n, d), without its images; errors as `measure_way`."""
    return _empty_share(_ranks(_way(places), typicality))


def empty_stretches(places: ArrayLike, typicality: Typicality) -> list[NDArray[np.float32]]:
    """Return the parts of a way that count as empty in `WayMeasures.empty`.

    Parameters and errors are those of `empty_share`.

    Returns
    -------
    list
        For each part its places, (m, d) float32, m ≥ 3, in the order in which they are gone
        through.
    """
    way = _way(places)
    empty = np.flatnonzero(_is_empty(_ranks(way, typicality)))
    stretches = []
    for run in np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1) if len(empty) else ():
        # A look stands for the way up to halfway to the next one.
        looks = np.concatenate([[run[0] - 0.5], run, [run[-1] + 0.5]])
        stretches.append(_at(way, np.clip(looks / _LOOKS, 0, 1)))
    return stretches


def empty_frames(places: ArrayLike, typicality: Typicality) -> NDArray[np.bool_]:
    """Return which of a way's places lie in its `empty_stretches`, (n,); errors as there."""
    way = _way(places)
    is_empty = _is_empty(_ranks(way, typicality))
    far = _far(way)
    nearest: NDArray[np.int64] = np.rint(_LOOKS * far / (far[-1] or 1)).astype(np.int64)
    return is_empty[nearest]


def crossing_words(share: float, *, thing: str = "image") -> str:
    """Say that a way crosses empty space, given the share of it; nothing if it doesn't.

    >>> crossing_words(0.25, thing="character")
    'Crosses empty space: 25 % of the way has hardly any character near it'
    """
    if not share:
        return ""
    percent = f"{100 * share:.0f}" if share >= 0.01 else "under 1"
    return f"Crosses empty space: {percent} % of the way has hardly any {thing} near it"


def _way(places: ArrayLike) -> NDArray[np.float32]:
    way = _check.points("places", places)
    if len(way) < 2:
        raise AnchorError(f"places: Expected at least 2. Received: {len(way)}.")
    return way


def _ranks(way: NDArray[np.float32], typicality: Typicality) -> NDArray[np.float64]:
    """Return the ranks of places that are equally far apart on a way, from end to end."""
    looks = _at(way, np.linspace(0, 1, _LOOKS + 1))
    return np.array([typicality.rank(place) for place in looks])


def _at(way: NDArray[np.float32], shares: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the places at such shares of a way's length, 0 to 1, rising."""
    far = _far(way)
    places = np.stack([np.interp(shares * far[-1], far, line) for line in way.T], axis=1)
    places[shares == 0], places[shares == 1] = way[0], way[-1]
    return places.astype(np.float32)


def _far(way: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how far each place is along the way, (n,)."""
    apart = np.linalg.norm(np.diff(way.astype(np.float64), axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(apart)])


def _empty_share(ranks: NDArray[np.float64]) -> float:
    return float(_is_empty(ranks).sum() / len(ranks))


def _is_empty(ranks: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which looks are in empty space, but for those that the ends lie in, unless all do."""
    is_empty: NDArray[np.bool_] = ranks < EMPTY
    inside = np.flatnonzero(~is_empty)
    if len(inside):
        is_empty[: inside[0]] = is_empty[inside[-1] + 1 :] = False
    return is_empty
