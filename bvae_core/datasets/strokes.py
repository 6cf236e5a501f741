"""`strokes`: generated handwriting, every image drawn from known factors, with no network.

Ten invented glyphs in the manner of Kuzushiji are written with a round brush whose width swells and
tapers along each stroke. An image is a function of its seven factors and nothing else, which makes
the set a ground truth for measures of disentanglement, as dSprites (Matthey et al. 2017) is, and
`draw` lets them set one factor and vary the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import _pixels, _scratch, _splits
from bvae_core.datasets._image_set import ImageSet
from bvae_core.errors import DataError

DEFAULT_COUNT = 6_000
MAX_COUNT = 1_000_000
DEFAULT_SIZE = (28, 28)

FACTOR_NAMES = ("glyph", "slant", "thickness", "rotation", "size", "x", "y")
#: (7, 2) lowest and highest value of each factor, all but the first drawn uniformly between them:
#: class; horizontal shear; brush radius, as a part of the glyph's half height; degrees clockwise;
#: scale; shift to the right and down, as parts of the image's half side.
FACTOR_RANGES = np.array(
    [
        (0, 9),
        (-0.3, 0.3),
        (0.07, 0.17),
        (-15, 15),
        (0.72, 1.0),
        (-0.1, 0.1),
        (-0.1, 0.1),
    ],
    np.float32,
)

# The strokes of each glyph as points that the brush goes through, x to the right and y down,
# from −1 to 1.
_GLYPHS: dict[str, list[list[tuple[float, float]]]] = {
    "loop": [
        [(0.1, -0.5), (-0.1, 0.2), (-0.5, 0.6), (-0.85, 0.1), (-0.5, -0.6), (0.2, -0.8),
         (0.8, -0.3), (0.75, 0.4), (0.2, 0.85)],
    ],
    "hook": [
        [(-0.9, -0.35), (-0.2, -0.65), (0.55, -0.6), (0.9, -0.1), (0.6, 0.4), (-0.2, 0.7)],
    ],
    "hump": [
        [(-0.05, -0.9), (-0.3, 0.0), (-0.6, 0.8), (-0.3, 0.15), (0.05, 0.0), (0.15, 0.45),
         (0.4, 0.75), (0.7, 0.55), (0.85, 0.2)],
    ],
    "tail": [
        [(-0.85, -0.45), (0.0, -0.55), (0.85, -0.5)],
        [(0.2, -0.95), (0.25, -0.2), (0.1, 0.25), (-0.25, 0.2), (-0.15, -0.1), (0.2, 0.05),
         (0.15, 0.55), (-0.2, 0.9)],
    ],
    "pair": [
        [(-0.65, -0.65), (-0.7, 0.1), (-0.45, 0.6), (-0.2, 0.35)],
        [(0.45, -0.8), (0.75, -0.1), (0.6, 0.5), (0.2, 0.95)],
    ],
    "belly": [
        [(-0.55, -0.85), (0.4, -0.85), (-0.1, -0.3), (-0.6, 0.15), (0.1, -0.15), (0.65, 0.1),
         (0.6, 0.65), (0.05, 0.9), (-0.35, 0.7), (-0.05, 0.5), (0.2, 0.8)],
    ],
    "fish": [
        [(-0.6, -0.6), (-0.35, 0.1), (0.1, 0.7)],
        [(0.2, -0.85), (-0.1, 0.2), (-0.55, 0.65), (-0.85, 0.25), (-0.3, -0.3), (0.4, -0.35),
         (0.85, 0.1), (0.65, 0.6), (0.3, 0.85)],
    ],
    "ladder": [
        [(-0.7, -0.55), (0.0, -0.6), (0.7, -0.7)],
        [(-0.75, -0.1), (0.0, -0.15), (0.75, -0.25)],
        [(-0.1, -0.95), (0.15, -0.3), (0.4, 0.3)],
        [(-0.6, 0.3), (-0.5, 0.75), (0.0, 0.9), (0.5, 0.8)],
    ],
    "spiral": [
        [(0.15, 0.05), (-0.15, -0.2), (-0.3, 0.2), (0.1, 0.45), (0.55, 0.1), (0.3, -0.55),
         (-0.4, -0.65), (-0.85, 0.0), (-0.5, 0.7), (0.3, 0.85), (0.8, 0.5)],
    ],
    "drops": [
        [(-0.1, -0.95), (0.2, -0.7)],
        [(0.0, -0.4), (0.3, 0.1), (0.15, 0.6), (-0.2, 0.7)],
        [(-0.6, -0.05), (-0.62, 0.25), (-0.78, 0.55)],
        [(0.6, -0.1), (0.75, 0.15), (0.82, 0.5)],
    ],
}  # fmt: skip
CLASS_NAMES = tuple(_GLYPHS)

# A glyph is drawn as so many discs, close enough to each other to make one line.
_DISCS = 128
# Half height of a glyph of size 1 as a part of the image's: no factors within their ranges push
# any ink over the edge.
_ROOM = 0.73
# Radius in pixels under which a disc would fade away.
_FINEST = 0.35


def load(
    count: int = DEFAULT_COUNT,
    *,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
) -> ImageSet:
    """Generate `count` images with their factors, light on black, one in ten for testing.

    Parameters
    ----------
    count
        1 to 1,000,000.
    image_size
        (H, W), 28×28 by default.
    grey
        False gives the greys as RGB.
    seed
        Of factors and split. The same seed and count give the same images.

    Raises
    ------
    DataError
        If `count` is out of range.
    """
    if not 1 <= count <= MAX_COUNT:
        raise DataError(f"strokes: Expected 1 to {MAX_COUNT:,} images. Received: {count:,}.")
    size = image_size or DEFAULT_SIZE
    channels = _pixels.target_channels(False, grey)
    factors = sample_factors(count, seed=seed)

    def chunks() -> Iterator[NDArray[np.uint8]]:
        step = _scratch.rows_of(size[0] * size[1] * channels)
        for start in range(0, count, step):
            yield _pixels.refit(draw(factors[start : start + step], size), size, channels)

    shape = (count, *size, channels)
    images = _scratch.gather(
        _scratch.key_of("strokes", shape, seed), shape, chunks, source="strokes"
    )
    labels = factors[:, 0].astype(np.int64)
    is_test = _splits.draw_test_split(count, labels, seed=seed)
    return ImageSet("strokes", images, labels, CLASS_NAMES, is_test, factors, FACTOR_NAMES)


def sample_factors(count: int, *, seed: int) -> NDArray[np.float32]:
    """Draw factors independently and uniformly from `FACTOR_RANGES`.

    Returns
    -------
    ndarray
        (count, 7) float32, in the order of `FACTOR_NAMES`; the first is a whole number.
    """
    rng = np.random.default_rng(seed)
    low, high = FACTOR_RANGES.T
    factors = rng.uniform(low, high, (count, len(FACTOR_NAMES))).astype(np.float32)
    factors[:, 0] = rng.integers(len(CLASS_NAMES), size=count)
    return factors


def draw(
    factors: NDArray[np.float32], image_size: tuple[int, int] = DEFAULT_SIZE
) -> NDArray[np.uint8]:
    """Draw one antialiased image for each row of factors.

    Parameters
    ----------
    factors
        (n, 7), as `sample_factors` gives them.
    image_size
        (H, W).

    Returns
    -------
    ndarray
        (n, H, W, 1) uint8, white ink on black.
    """
    height, width = image_size
    n = len(factors)
    glyph = factors[:, 0].astype(int)
    slant, thickness, degrees, size, shift_x, shift_y = factors[:, 1:].astype(np.float64).T
    points, pressure = _discs()
    half = min(height, width) / 2
    unit = size * half * _ROOM

    x, y = np.moveaxis(points[glyph], -1, 0)
    x = x - slant[:, None] * y
    cos, sin = np.cos(np.radians(degrees))[:, None], np.sin(np.radians(degrees))[:, None]
    centre_x = width / 2 + unit[:, None] * (cos * x - sin * y) + (shift_x * half)[:, None]
    centre_y = height / 2 + unit[:, None] * (sin * x + cos * y) + (shift_y * half)[:, None]
    radius = np.maximum(_FINEST, (unit * thickness)[:, None] * pressure[glyph])

    ink = np.empty((n, height, width), np.uint8)
    step = max(1, _scratch.CHUNK_BYTES // (16 * height * width))
    for some in (slice(start, start + step) for start in range(0, n, step)):
        distance = _distance_to_discs(centre_x[some], centre_y[some], radius[some], image_size)
        ink[some] = np.rint(255 * np.clip(0.5 - distance, 0, 1))
    return ink[..., None]


def _distance_to_discs(
    centre_x: NDArray[np.float64],
    centre_y: NDArray[np.float64],
    radius: NDArray[np.float64],
    image_size: tuple[int, int],
) -> NDArray[np.float32]:
    """Measure how far every pixel's middle is outside the nearest disc of its image.

    Parameters
    ----------
    centre_x, centre_y, radius
        (n, discs), in pixels.
    image_size
        (H, W).

    Returns
    -------
    ndarray
        (n, H, W) float32, in pixels, under 0 inside a disc; right up to 1, and 1 beyond.
    """
    height, width = image_size
    reach = int(np.ceil(radius.max() + 1))  # no disc matters to pixels further from its centre
    canvas = np.ones((len(radius), height + 2 * reach + 2, width + 2 * reach + 2), np.float32)
    inside = (slice(None), slice(reach + 1, -reach - 1), slice(reach + 1, -reach - 1))

    column = np.clip(np.floor(centre_x), -1, width).astype(int)
    row = np.clip(np.floor(centre_y), -1, height).astype(int)
    corner = np.ravel_multi_index(
        (np.arange(len(radius))[:, None], row + reach + 1, column + reach + 1), canvas.shape
    )
    offsets = np.arange(-reach, reach + 1)
    patch = (offsets[:, None] * canvas.shape[2] + offsets).reshape(-1)
    dx = (column + 0.5 - centre_x).astype(np.float32)[..., None] + offsets.astype(np.float32)
    dy = (row + 0.5 - centre_y).astype(np.float32)[..., None] + offsets.astype(np.float32)
    radius = radius.astype(np.float32)

    flat = canvas.reshape(-1)
    for disc in range(radius.shape[1]):  # one disc of every image at a time
        squared = dy[:, disc, :, None] ** 2 + dx[:, disc, None, :] ** 2
        distance = np.sqrt(squared).reshape(len(squared), -1) - radius[:, disc, None]
        where = corner[:, disc, None] + patch
        flat[where] = np.minimum(flat[where], distance)
    return canvas[inside]


@cache
def _discs() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lay discs along the strokes of every glyph, the longer a stroke the more.

    Returns
    -------
    points
        (10, discs, 2), x and y.
    pressure
        (10, discs), radius relative to the brush's.
    """
    points, pressure = [], []
    for strokes in _GLYPHS.values():
        curves = [_smooth(np.array(stroke)) for stroke in strokes]
        lengths = [np.hypot(*np.diff(curve, axis=0).T).sum() for curve in curves]
        share = np.floor(np.cumsum(lengths) / sum(lengths) * _DISCS + 1e-9).astype(int)
        for curve, discs in zip(curves, np.diff(share, prepend=0), strict=True):
            along = np.r_[0, np.cumsum(np.hypot(*np.diff(curve, axis=0).T))]
            t = np.linspace(0, 1, discs)
            points.append(np.stack([np.interp(t * along[-1], along, c) for c in curve.T], axis=1))
            # The brush lands firmly, swells, and leaves in a point.
            pressure.append(0.7 + 0.45 * np.sin(np.pi * t**0.7) - 0.25 * t**3)
    shape = (len(_GLYPHS), _DISCS)
    return np.concatenate(points).reshape(*shape, 2), np.concatenate(pressure).reshape(shape)


def _smooth(points: NDArray[np.float64], steps: int = 24) -> NDArray[np.float64]:
    """Draw a curve through (k, 2) points: a uniform Catmull–Rom spline."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    before, start, end, after = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    curve = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])
