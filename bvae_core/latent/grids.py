"""Grids of places in latent space, to be decoded into a sheet of images."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import _check
from bvae_core.latent.paths import LineKind, path

MAX_SIDE = 1000


def corner_grid(
    corners: ArrayLike,
    rows: int,
    columns: int,
    way: LineKind | Callable[[ArrayLike, int], NDArray[np.float32]] = "straight",
) -> NDArray[np.float32]:
    """Fill the grid between four anchors.

    The left and the right edge are paths from top to bottom, and each row is a path from the left
    edge to the right one. The corners are exactly the anchors.

    Parameters
    ----------
    corners
        (4, d): top left, top right, bottom left, bottom right.
    rows, columns
        2 to 1000 each.
    way
        ``straight`` makes it bilinear; ``spherical`` goes along great circles; a function of
        anchors and a number of frames finds another one.

    Returns
    -------
    (rows, columns, d) float32.

    Raises
    ------
    AnchorError
        If there are not four finite corners.
    BvaeError
        If `rows` or `columns` is out of its range.
    """
    places = _check.points("corners", corners)
    if len(places) != 4:
        raise AnchorError(f"corners: Expected 4. Received: {len(places)}.")
    rows = _check.whole("rows", rows, 2, MAX_SIDE)
    columns = _check.whole("columns", columns, 2, MAX_SIDE)
    go = way if callable(way) else partial(path, kind=way)
    left, right = go(places[[0, 2]], rows), go(places[[1, 3]], rows)
    return np.stack([go(ends, columns) for ends in np.stack([left, right], axis=1)], axis=0)


def prior_grid(
    rows: int,
    columns: int,
    *,
    latent_dim: int = 2,
    axes: tuple[int, int] = (0, 1),
    centre: ArrayLike | None = None,
) -> NDArray[np.float32]:
    """Space a grid so that each cell stands for the same share of the prior N(0, I).

    Equally spaced probabilities (i + ½) / n go through the inverse of the normal distribution
    function (Kingma & Welling 2014, "Auto-encoding variational Bayes", figure 4). As on a map,
    the first axis runs from left to right and the second one upwards: row 0 has its largest value.
    In a one-dimensional space the grid is read like text, from the lowest to the highest quantile.

    Parameters
    ----------
    rows, columns
        1 to 1000 each.
    latent_dim
        d, at least 1.
    axes
        The two dimensions that vary, counted from 0; ignored if d = 1.
    centre
        (d,), the values of all other dimensions; zeros by default.

    Returns
    -------
    (rows, columns, d) float32.

    Raises
    ------
    AnchorError
        If `axes` are not two different dimensions of the space, or `centre` is not a point of it.
    BvaeError
        If `rows` or `columns` is out of its range.
    """
    rows = _check.whole("rows", rows, 1, MAX_SIDE)
    columns = _check.whole("columns", columns, 1, MAX_SIDE)
    if latent_dim == 1:
        return _quantiles(rows * columns).astype(np.float32).reshape(rows, columns, 1)
    middle = np.zeros(latent_dim) if centre is None else centre
    return _plane(_quantiles(columns), _quantiles(rows), axes, middle, latent_dim)


def bounds_grid(
    bounds: ArrayLike,
    rows: int,
    columns: int,
    *,
    latent_dim: int = 2,
    axes: tuple[int, int] = (0, 1),
    centre: ArrayLike | None = None,
) -> NDArray[np.float32]:
    """Space a grid evenly over a rectangle, edges included.

    Parameters
    ----------
    bounds
        ((low, high), (low, high)) of the first and the second axis.
    rows, columns
        2 to 1000 each.
    latent_dim
        d, at least 2.
    axes, centre
        As in `prior_grid`, also for the orientation.

    Returns
    -------
    (rows, columns, d) float32.

    Raises
    ------
    AnchorError
        If the bounds are not two finite ranges with low < high, or as in `prior_grid`.
    BvaeError
        If `rows` or `columns` is out of its range.
    """
    ranges = _check.points("bounds", bounds)
    if ranges.shape != (2, 2) or not (ranges[:, 0] < ranges[:, 1]).all():
        raise AnchorError(
            "bounds: Expected ((low, high), (low, high)) with low < high. "
            f"Received: {ranges.tolist()}."
        )
    xs = np.linspace(
        float(ranges[0, 0]), float(ranges[0, 1]), _check.whole("columns", columns, 2, MAX_SIDE)
    )
    ys = np.linspace(
        float(ranges[1, 0]), float(ranges[1, 1]), _check.whole("rows", rows, 2, MAX_SIDE)
    )
    middle = np.zeros(latent_dim) if centre is None else centre
    return _plane(xs, ys, axes, middle, latent_dim)


def _quantiles(count: int) -> NDArray[np.float64]:
    from scipy.special import ndtri  # slow to import, and the window starts without

    quantiles: NDArray[np.float64] = ndtri((np.arange(count) + 0.5) / count)
    return quantiles


def _plane(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    axes: tuple[int, int],
    centre: ArrayLike,
    latent_dim: int,
) -> NDArray[np.float32]:
    middle = _check.points("centre", centre, ndim=1)
    if len(middle) != latent_dim:
        raise AnchorError(f"centre: Expected {latent_dim} numbers. Received: {len(middle)}.")
    first, second = axes
    if first == second or not all(0 <= axis < latent_dim for axis in axes):
        raise AnchorError(
            f"axes: Expected two different dimensions from 0 to {latent_dim - 1}. "
            f"Received: {first} and {second}."
        )
    grid = np.tile(middle, (len(ys), len(xs), 1))
    grid[..., first] = xs
    grid[..., second] = ys[::-1, None]
    return grid
