"""What can be measured of a written image by itself, and which dimension goes with it.

The attributes are those of Castro, Tan, Kainz, Konukoglu & Glocker 2019, "Morpho-MNIST", but for
the length of a line, and measured from moments of the ink rather than from a skeleton, so that
nothing jumps where an image changes a little.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

ATTRIBUTE_NAMES = ("ink", "slant", "thickness", "width", "height")
#: Where ink begins, for thickness, as a part of the image's darkest ink (as Morpho-MNIST has it).
_INK = 0.5
#: Images in work at a time.
_CHUNK = 1024


def measure_attributes(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Measure ink, slant, thickness, width and height of each image.

    Ink is what is unlike the background, whose brightness is that of most pixels at the edges of
    all images.

    - *ink*: the sum of the ink, in pixels;
    - *slant*: −Σxy / Σyy of the ink's second central moments, y downwards: how many pixels it leans
      to the right for each that it rises;
    - *thickness*: of the lines, in pixels. Over a line of even thickness w, the mean distance to
      its edge is w / 4;
    - *width*, *height*: √12 standard deviations of the ink, in pixels, which is the side of an
      evenly filled box.

    Parameters
    ----------
    images
        (n, H, W, C) uint8; read in chunks.

    Returns
    -------
    NDArray[np.float64]
        (n, 5), in the order of `ATTRIBUTE_NAMES`; NaN all but ink where there is none.
    """
    bright = _is_background_bright(images)
    parts = []
    for start in range(0, len(images), _CHUNK):
        grey = np.asarray(images[start : start + _CHUNK]).mean(axis=3) / 255.0
        parts.append(_measure(1.0 - grey if bright else grey))
    return np.concatenate(parts)


def attribute_correlations(
    mean: NDArray[Any], attributes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Spearman's rank correlation of each dimension with each attribute.

    Parameters
    ----------
    mean
        (n, d).
    attributes
        (n, a); rows with a NaN are left out.

    Returns
    -------
    NDArray[np.float64]
        (d, a) in [−1, 1]; 0 where either does not vary.
    """
    from scipy.stats import rankdata

    known = np.isfinite(attributes).all(axis=1)
    if known.sum() < 2:
        return np.zeros((mean.shape[1], attributes.shape[1]))
    codes = _standardised(rankdata(mean[known], axis=0))
    others = _standardised(rankdata(attributes[known], axis=0))
    correlations: NDArray[np.float64] = np.clip(codes.T @ others, -1.0, 1.0)
    return correlations


def _is_background_bright(images: NDArray[np.uint8]) -> bool:
    some = np.asarray(images[:: max(1, len(images) // _CHUNK)])
    edges = [some[:, 0], some[:, -1], some[:, :, 0], some[:, :, -1]]
    return bool(np.median(np.concatenate([edge.reshape(-1) for edge in edges])) > 127)


def _measure(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure a chunk of (n, H, W) ink in [0, 1]."""
    _, height, width = ink.shape
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    total = ink.sum(axis=(1, 2))
    weight = np.divide(ink, total[:, None, None], where=total[:, None, None] > 0, out=ink * np.nan)
    columns, rows = weight.sum(axis=1), weight.sum(axis=2)
    dx = x - (columns @ x)[:, None]
    dy = y - (rows @ y)[:, None]
    # Each pixel is a square that has a variance of its own, 1/12.
    xx = (columns * dx**2).sum(axis=1) + 1 / 12
    yy = (rows * dy**2).sum(axis=1) + 1 / 12
    xy = np.einsum("nyx,ny,nx->n", weight, dy, dx)
    thickness = np.array([_thickness(image) for image in ink])
    return np.stack([total, -xy / yy, thickness, np.sqrt(12 * xx), np.sqrt(12 * yy)], axis=1)


def _thickness(ink: NDArray[np.float64]) -> float:
    from scipy.ndimage import distance_transform_edt

    if not ink.any():
        return float("nan")
    inside = np.pad(ink > _INK * ink.max(), 1)
    distance = distance_transform_edt(inside)[inside]
    return 4.0 * (float(distance.mean()) - 0.5)  # from pixels' middles: their edge is half nearer


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    unit: NDArray[np.float64] = np.divide(
        centred, length, out=np.zeros_like(centred), where=length > 0
    )
    return unit
