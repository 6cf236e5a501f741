"""Ways through latent space from anchor to anchor: straight lines and great circles.

Those that follow the data are in `bvae_core.latent.ways`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import _check

MAX_FRAMES = 10_000
#: Directions whose angle differs by less from 0 or π count as parallel or antiparallel.
_PARALLEL = 1e-6

#: Ways that the anchors alone determine.
LineKind = Literal["straight", "spherical"]
#: All ways; see `bvae_core.latent.Ways` for those that follow the data.
PathKind = Literal["straight", "spherical", "geodesic", "dense"]
_Points: TypeAlias = NDArray[np.float64]


def path(anchors: ArrayLike, frames: int, kind: LineKind = "straight") -> NDArray[np.float32]:
    """Return the `straight` or `spherical` path; see there."""
    return straight(anchors, frames) if kind == "straight" else spherical(anchors, frames)


def straight(anchors: ArrayLike, frames: int) -> NDArray[np.float32]:
    """Go from anchor to anchor in straight lines.

    Every segment between two anchors takes the same share of the way, however long it is. The
    first and the last frame are exactly the end anchors; an anchor between them is a frame
    exactly where `frames` − 1 is a multiple of the number of segments. The way back is the way
    there, reversed.

    Parameters
    ----------
    anchors
        (k, d), k ≥ 2, finite.
    frames
        2 to 10,000.

    Returns
    -------
    (frames, d) float32.

    Raises
    ------
    AnchorError
        If there are fewer than two anchors or one is not finite.
    BvaeError
        If `frames` is out of its range.
    """
    return along(anchors, frames, _line)


def spherical(anchors: ArrayLike, frames: int) -> NDArray[np.float32]:
    """Go from anchor to anchor along great circles around the origin.

    Samples of a Gaussian prior in many dimensions lie near a sphere, so that a straight line
    leads through places that the decoder has hardly seen (White 2016, "Sampling generative
    networks"). Directions are interpolated as by Shoemake (1985, "Animating rotation with
    quaternion curves"), and norms linearly, so that the norm of a frame is never outside those of
    its two anchors. Where the direction is undetermined, the path is still a definite one: to or
    from the origin, and between parallel anchors, it is the straight line; between antiparallel
    ones it turns through the coordinate axis that they have the smallest part in, and through the
    origin in one dimension.

    Parameters, shares, result and errors are those of `straight`.
    """
    return along(anchors, frames, _great_circle)


def along(
    anchors: ArrayLike,
    frames: int,
    segment: Callable[[_Points, _Points, _Points, _Points], _Points],
) -> NDArray[np.float32]:
    """Apply `segment(a, b, t, 1 − t)` to the frames of each pair of neighbouring anchors.

    The shares t are (n, 1), 0 to 1. Parameters, result and errors are otherwise as of `straight`.
    """
    places = _check.points("anchors", anchors)
    if len(places) < 2:
        raise AnchorError(f"anchors: Expected at least 2. Received: {len(places)}.")
    steps = _check.whole("frames", frames, 2, MAX_FRAMES) - 1
    segments = len(places) - 1
    # Whole-number arithmetic keeps t exact at the anchors and 1 − t its exact mirror image.
    index, part = np.divmod(np.arange(frames) * segments, steps)
    index[-1], part[-1] = segments - 1, steps
    result = np.empty((frames, places.shape[1]), dtype=np.float32)
    for i in range(segments):
        here = index == i
        t = (part[here] / steps)[:, None]
        rest = ((steps - part[here]) / steps)[:, None]
        start, end = places[i].astype(np.float64), places[i + 1].astype(np.float64)
        on_end = [t == 0, rest == 0]
        result[here] = np.select(on_end, [start, end], segment(start, end, t, rest))
    return result


def one_way(a: _Points, b: _Points, find: Callable[[_Points, _Points], _Points]) -> _Points:
    """Find a way between two places, the same in both directions even where several are as good."""
    return find(a, b) if tuple(a) <= tuple(b) else find(b, a)[::-1]


def _line(a: _Points, b: _Points, t: _Points, rest: _Points) -> _Points:
    # From the nearer end, which is exact where a = b and the same on the way back.
    return np.where(t < rest, a + t * (b - a), b + rest * (a - b))


def _great_circle(a: _Points, b: _Points, t: _Points, rest: _Points) -> _Points:
    norm_a, norm_b = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if norm_a == 0 or norm_b == 0:
        return _line(a, b, t, rest)
    u, v = a / norm_a, b / norm_b
    # Kahan's form of the angle, accurate where arccos(u·v) is not.
    angle = 2 * float(np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v)))
    if angle < _PARALLEL:
        return _line(a, b, t, rest)
    norm = _line(np.array([norm_a]), np.array([norm_b]), t, rest)
    if angle > np.pi - _PARALLEL:
        if len(u) == 1:
            return _line(a, b, t, rest)
        axis = (u - v) / np.linalg.norm(u - v)  # their common line, the same on the way back
        side = np.eye(len(axis))[np.argmin(np.abs(axis))]
        side -= (side @ axis) * axis
        side /= np.linalg.norm(side)
        way = np.cos(np.pi * t) * axis + np.sin(np.pi * t) * side
    else:
        way = (np.sin(angle * rest) * u + np.sin(angle * t) * v) / np.sin(angle)
    result: _Points = norm * way
    return result
