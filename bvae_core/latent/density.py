"""How densely the data populate latent space."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import DataError
from bvae_core.latent import _check

_CHUNK_VALUES = 1 << 24


def scott_bandwidth(codes: ArrayLike) -> NDArray[np.float64]:
    """Return the kernel's standard deviation in each dimension: σ·N^(−1/(d + 4)), (d,) float64.

    Scott (1992), "Multivariate density estimation", equation 6.42. A dimension in which all codes
    are alike gets a thousandth of the widest one's, so that the density stays finite.

    Raises
    ------
    DataError
        If there are no codes.
    """
    points = _some(codes)
    count, latent_dim = points.shape
    spread = points.std(axis=0, dtype=np.float64)
    floor = 1e-3 * spread.max() or 1e-3
    width: NDArray[np.float64] = np.maximum(spread, floor) * count ** (-1 / (latent_dim + 4))
    return width


def density_image(
    points: ArrayLike,
    bounds: ArrayLike,
    shape: tuple[int, int] = (256, 256),
    *,
    bandwidth: ArrayLike | None = None,
) -> NDArray[np.float32]:
    """Estimate the density of points in the plane on a grid: a histogram, then a Gaussian filter.

    Parameters
    ----------
    points
        (N, 2), finite, N ≥ 1.
    bounds
        ((left, right), (bottom, top)); points outside are left out.
    shape
        (rows, columns) of the image.
    bandwidth
        (2,), the kernel's standard deviation in the plane's units; Scott's by default.

    Returns
    -------
    (rows, columns) float32, the probability per unit of area, row 0 at the bottom.

    Raises
    ------
    DataError
        If there are no points.
    AnchorError
        If one is not finite.
    """
    xy = _some(points)
    (left, right), (bottom, top) = np.asarray(bounds, dtype=np.float64)
    rows, columns = shape
    counts, _, _ = np.histogram2d(
        xy[:, 1], xy[:, 0], bins=(rows, columns), range=((bottom, top), (left, right))
    )
    cell = np.array([(top - bottom) / rows, (right - left) / columns])
    kernel = scott_bandwidth(xy) if bandwidth is None else np.asarray(bandwidth)
    sigma_y, sigma_x = kernel[::-1] / cell
    image = blurred(counts, (sigma_y, sigma_x))
    density: NDArray[np.float32] = (image / (len(xy) * cell.prod())).astype(np.float32)
    return density


def blurred(grids: NDArray[np.float64], sigmas: tuple[float, float]) -> NDArray[np.float64]:
    """Filter grids, (…, rows, columns), with a Gaussian; beyond their edges there is nothing.

    Two products of small matrices do it: as quick as a filter, and the window starts without SciPy.

    Parameters
    ----------
    grids
        The last two axes are filtered.
    sigmas
        Standard deviations in cells, over 0: down and across.
    """
    rows, columns = grids.shape[-2:]
    smooth: NDArray[np.float64] = _blur(rows, sigmas[0]) @ grids @ _blur(columns, sigmas[1])
    return smooth


def _blur(count: int, sigma: float) -> NDArray[np.float64]:
    """Return the matrix that blurs `count` cells with a Gaussian of `sigma` cells; symmetric."""
    steps = np.arange(1 - count, count)
    weights = np.exp(-0.5 * (steps / sigma) ** 2)
    weights /= weights.sum()
    cells = np.arange(count)
    blur: NDArray[np.float64] = weights[count - 1 + cells[:, None] - cells]
    return blur


def log_density(
    codes: ArrayLike, places: ArrayLike, *, bandwidth: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Estimate the log-density of the codes at some places, exactly, with a Gaussian kernel.

    Parameters
    ----------
    codes
        (N, d), finite, N ≥ 1.
    places
        (m, d), finite.
    bandwidth
        (d,), the kernel's standard deviations; Scott's by default.

    Returns
    -------
    (m,) float64, natural logarithms; finite wherever the places are within reason.

    Raises
    ------
    DataError
        If there are no codes.
    AnchorError
        If a number is not finite.
    """
    from scipy.special import logsumexp

    data = _some(codes)
    width = scott_bandwidth(data) if bandwidth is None else np.asarray(bandwidth)
    where = _check.points("places", places) / width
    scaled = data / width
    result = np.empty(len(where))
    rows = max(1, _CHUNK_VALUES // scaled.size)
    for start in range(0, len(where), rows):
        chunk = where[start : start + rows, None, :]
        squared = ((chunk - scaled) ** 2).sum(axis=2)
        result[start : start + rows] = logsumexp(-0.5 * squared, axis=1)
    scale = np.log(len(data)) + np.log(width).sum() + 0.5 * len(width) * np.log(2 * np.pi)
    result -= scale
    return result


def _some(codes: ArrayLike) -> NDArray[np.float32]:
    points = _check.points("codes", codes)
    if len(points) == 0:
        raise DataError("codes: Expected at least one. Received: none.")
    return points
