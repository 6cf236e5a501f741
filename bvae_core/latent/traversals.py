"""Traversals: one dimension varies, all others stay as they are at a point.

A range of values is a (d, 2) array, low and high of each dimension. There are four ways to choose
one, after YannDubs/disentangling-vae: by the prior's standard deviations, by the prior's
quantiles, by the range of the data, and by the data's quantiles.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import _check

MAX_STEPS = 1000
RangeKind = Literal["sigmas", "prior", "data", "quantiles"]
MAX_SIGMAS = 1e6


def sigma_range(latent_dim: int, sigmas: float = 3.0) -> NDArray[np.float32]:
    """Return ±`sigmas` standard deviations of the prior N(0, I) for each dimension, (d, 2)."""
    if not 0 < sigmas <= MAX_SIGMAS:
        raise BvaeError(
            f"sigmas: Expected a number over 0 and up to {MAX_SIGMAS:g}. Received: {sigmas!r}."
        )
    return np.tile(np.array([-sigmas, sigmas], dtype=np.float32), (latent_dim, 1))


def prior_quantile_range(latent_dim: int, tail: float = 0.05) -> NDArray[np.float32]:
    """Return the range of N(0, I) without the share `tail` (over 0, under ½) on either side."""
    from scipy.special import ndtri  # slow to import, and the window starts without

    return sigma_range(latent_dim, -float(ndtri(_checked_tail(tail))))


def data_range(latents: ArrayLike) -> NDArray[np.float32]:
    """Return the smallest and the largest value of each dimension of (N, d), N ≥ 1."""
    codes = _codes(latents)
    return np.stack([codes.min(axis=0), codes.max(axis=0)], axis=1)


def data_quantile_range(latents: ArrayLike, tail: float = 0.05) -> NDArray[np.float32]:
    """Return the range of (N, d) codes without the share `tail` (over 0, under ½) at each end."""
    ends = np.quantile(_codes(latents), [_checked_tail(tail), 1 - tail], axis=0)
    return ends.T.astype(np.float32)


def traversal_bounds(
    latents: ArrayLike, kind: RangeKind, extent: float | None = None
) -> NDArray[np.float32]:
    """Return one of the four ranges, (d, 2).

    Parameters
    ----------
    latents
        (N, d), N ≥ 1.
    kind
        ``sigmas`` of the prior or its quantiles (``prior``), the smallest to the largest code
        (``data``), or the codes' ``quantiles``.
    extent
        Number of sigmas, 3 by default, or the share left out at each end of quantiles, 0.05.

    Raises
    ------
    BvaeError
        If there is no such kind, or `extent` is out of its range.
    """
    codes = _codes(latents)
    match kind:
        case "sigmas":
            return sigma_range(codes.shape[1], 3.0 if extent is None else extent)
        case "prior":
            return prior_quantile_range(codes.shape[1], 0.05 if extent is None else extent)
        case "data":
            return data_range(codes)
        case "quantiles":
            return data_quantile_range(codes, 0.05 if extent is None else extent)
        case _:
            raise BvaeError(
                f"range: Expected sigmas, prior, data or quantiles. Received: {kind!r}."
            )


def traversal(
    point: ArrayLike, dimension: int, bounds: ArrayLike, steps: int
) -> NDArray[np.float32]:
    """Vary one dimension around a point in equal steps from low to high.

    Parameters
    ----------
    point
        (d,), finite.
    dimension
        Which one varies, 0 to d − 1.
    bounds
        (2,), low ≤ high; one row of a range.
    steps
        2 to 1000.

    Returns
    -------
    (steps, d) float32; the first and the last row have exactly the bounds.

    Raises
    ------
    AnchorError
        If the point or the bounds are not finite or low > high.
    BvaeError
        If `dimension` or `steps` is out of its range.
    """
    start = _check.points("point", point, ndim=1)
    ends = _check.points("bounds", bounds, ndim=1)
    if len(ends) != 2 or ends[0] > ends[1]:
        raise AnchorError(f"bounds: Expected (low, high), low ≤ high. Received: {ends.tolist()}.")
    steps = _check.whole("steps", steps, 2, MAX_STEPS)
    result = np.tile(start, (steps, 1))
    column = _check.whole("dimension", dimension, 0, len(start) - 1)
    result[:, column] = np.linspace(float(ends[0]), float(ends[1]), steps)
    return result


def traversals(point: ArrayLike, bounds: ArrayLike, steps: int) -> NDArray[np.float32]:
    """Vary every dimension around a point, one at a time.

    Parameters
    ----------
    point
        (d,), finite.
    bounds
        (d, 2), a range.
    steps
        2 to 1000.

    Returns
    -------
    (d, steps, d) float32; row i varies dimension i.

    Raises
    ------
    AnchorError, BvaeError
        As in `traversal`, or if there are not as many bounds as dimensions.
    """
    start = _check.points("point", point, ndim=1)
    ranges = _check.points("bounds", bounds)
    if ranges.shape != (len(start), 2):
        raise AnchorError(f"bounds: Expected shape ({len(start)}, 2). Received: {ranges.shape}.")
    return np.stack([traversal(start, i, row, steps) for i, row in enumerate(ranges)])


def _codes(latents: ArrayLike) -> NDArray[np.float32]:
    codes = _check.points("latents", latents)
    if len(codes) == 0:
        raise AnchorError("latents: Expected at least one code. Received: none.")
    return codes


def _checked_tail(tail: float) -> float:
    if not 0 < tail < 0.5:
        raise BvaeError(f"tail: Expected a share over 0 and under 0.5. Received: {tail!r}.")
    return tail
