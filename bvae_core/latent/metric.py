"""How far the images move when a place does: the decoder's pullback metric on a grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import _check
from bvae_core.latent.grids import MAX_SIDE

#: From places (n, d) float32 to images (n, …): a model's decoder, or one that takes points of a
#: plane to their places first.
Decode: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]

_CODES = 512  # decoded at a time, so that large images don't fill the memory


def magnification(
    decode: Decode, bounds: ArrayLike, shape: tuple[int, int] = (64, 64)
) -> NDArray[np.float64]:
    """Return √det(JᵀJ): how much area in the space of images a unit of area in the plane becomes.

    Large where a small move changes the image much, as between two kinds of images; about nothing
    where the decoder doesn't care (Bishop, Svensén & Williams 1997, "Magnification factors for the
    SOM and GTM algorithms"; Arvanitidis, Hansen & Hauberg 2018, "Latent space oddity").

    Parameters, the order of rows and errors are those of `metric_grid`.

    Returns
    -------
    (rows, columns) float64, ≥ 0.
    """
    metric = metric_grid(decode, bounds, shape)
    determinant = metric[..., 0, 0] * metric[..., 1, 1] - metric[..., 0, 1] ** 2
    area: NDArray[np.float64] = np.sqrt(np.maximum(determinant, 0))
    return area


def metric_grid(
    decode: Decode, bounds: ArrayLike, shape: tuple[int, int] = (64, 64)
) -> NDArray[np.float64]:
    """Return JᵀJ at the centres of a grid's cells, J by central differences from cell to cell.

    Parameters
    ----------
    decode
        From (n, 2) float32 to images (n, …). Where the latent space has more dimensions than the
        plane, let it take points of the plane to their places first.
    bounds
        ((left, right), (bottom, top)), the outer edges of the outer cells.
    shape
        (rows, columns), 1 to 1000 each.

    Returns
    -------
    (rows, columns, 2, 2) float64, squared pixel distance per squared unit, row 0 at the bottom.

    Raises
    ------
    AnchorError
        If the bounds are not two finite ranges with low < high.
    BvaeError
        If `shape` is out of its range.
    """
    ranges = _check.points("bounds", bounds).astype(np.float64)
    if ranges.shape != (2, 2) or not (ranges[:, 0] < ranges[:, 1]).all():
        raise AnchorError(
            "bounds: Expected ((left, right), (bottom, top)), the lower first. "
            f"Received: {ranges.tolist()}."
        )
    rows = _check.whole("rows", shape[0], 1, MAX_SIDE)
    columns = _check.whole("columns", shape[1], 1, MAX_SIDE)
    # A cell more on each side has the neighbours of the outer ones.
    xs, width = _centres(ranges[0], columns)
    ys, height = _centres(ranges[1], rows)
    metric = np.empty((rows, columns, 2, 2))
    at_once = max(1, _CODES // len(xs))
    images = _row_images(decode, xs, ys[:2])
    for first in range(0, rows, at_once):
        new = ys[first + 2 : first + 2 + at_once]
        images = np.concatenate([images[-2:], _row_images(decode, xs, new)])
        across = (images[1:-1, 2:] - images[1:-1, :-2]) / (2 * width)
        upwards = (images[2:, 1:-1] - images[:-2, 1:-1]) / (2 * height)
        here = metric[first : first + at_once]
        here[..., 0, 0] = np.einsum("ijp,ijp->ij", across, across)
        here[..., 1, 1] = np.einsum("ijp,ijp->ij", upwards, upwards)
        here[..., 0, 1] = here[..., 1, 0] = np.einsum("ijp,ijp->ij", across, upwards)
    return metric


def _centres(ends: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], float]:
    """Return the centres of `count` cells and one more on each side, and a cell's size."""
    size = float(ends[1] - ends[0]) / count
    return ends[0] + (np.arange(-1, count + 1) + 0.5) * size, size


def _row_images(
    decode: Decode, xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the images of rows of a grid, (rows, columns, pixels)."""
    points = np.stack(np.meshgrid(xs, ys), axis=-1).astype(np.float32)
    images: NDArray[np.float32] = decode(points.reshape(-1, 2)).reshape(len(ys), len(xs), -1)
    return images
