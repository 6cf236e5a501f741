"""What is on a picture: where its ink is, and how that differs from the ground."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bvae_core.fitting.pictures import Pixels

# Ink is found in a picture made so small: specks of a single pixel vanish in the averages.
_SURVEY_SIDE = 256
# Ink is what differs from the ground by this share of the largest difference.
_INK = 0.25
#: What differs from the ground by less, of 255, is not to be seen.
LEAST_CONTRAST = 8


@dataclass(frozen=True, eq=False)
class Survey:
    """Where the ink of a picture is, and how it differs from the ground.

    `ground` (1,) or (3,) float32; `noise` and `peak` are the differences from it, of 255, that the
    border has and that the strongest ink has; `box` (2, 2) int, the (x, y) of the ink's corners;
    `mass` and `outline` (y, x) of its centres, in pixels from the upper left corner.
    """

    ground: NDArray[np.float32]
    noise: float
    peak: float
    is_bright: bool
    box: NDArray[np.int64]
    mass: NDArray[np.float64]
    outline: NDArray[np.float64]
    size: tuple[int, int]

    @property
    def extent(self) -> float:
        """The share of the picture's width or height that the ink fills."""
        width, height = self.box[1] - self.box[0]
        return float(max(width / self.size[0], height / self.size[1]))

    @property
    def range(self) -> str:
        """The greys from ground to ink, as people write it."""
        ground = float(self.ground.mean())
        ink = ground - self.peak if self.is_bright else ground + self.peak
        return f"{min(ground, ink):.0f}–{max(ground, ink):.0f}"

    def inverted(self) -> Survey:
        """Return what there is on the inverted picture."""
        return replace(self, ground=255 - self.ground, is_bright=not self.is_bright)

    def stretched(self) -> Survey:
        """Return what there is on the picture with its contrast stretched."""
        ground = np.full_like(self.ground, 255 if self.is_bright else 0)
        return replace(self, ground=ground, noise=0.0, peak=255.0)


def survey_of(pixels: Pixels, known_ground: int | None = None) -> Survey:
    """Find the ink of a picture (h, w) or (h, w, 3)."""
    height, width = pixels.shape[:2]
    times = -(-max(height, width) // _SURVEY_SIDE)
    small = np.asarray(Image.fromarray(pixels).reduce(times)) if times > 1 else pixels
    small = small.reshape(*small.shape[:2], -1)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    ground = (
        np.median(border, axis=0).astype(np.float32)
        if known_ground is None
        else np.full(small.shape[2], known_ground, np.float32)
    )
    difference = _difference(small, ground)
    peak = float(difference.max())
    noise = 0.0
    if known_ground is None:
        noise = min(float(np.percentile(_difference(border, ground), 95)), peak * _INK)
    level = float(ground.mean())
    is_bright = level - float(small.min()) > float(small.max()) - level
    ink = difference * (difference > noise + _INK * (peak - noise))
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    down, across = np.flatnonzero(rows), np.flatnonzero(columns)
    if not len(down):
        down, across = np.arange(len(rows)), np.arange(len(columns))
        rows, columns = np.ones_like(rows), np.ones_like(columns)
    first = np.array([across[0], down[0]]) * times
    last = np.minimum((np.array([across[-1], down[-1]]) + 1) * times, (width, height))
    return Survey(
        ground=ground,
        noise=noise,
        peak=peak,
        is_bright=is_bright,
        box=np.stack([first, last]),
        mass=np.array([_centre(rows), _centre(columns)]) * times,
        outline=(first + last)[::-1] / 2,
        size=(width, height),
    )


def border_level(image: Pixels) -> int:
    """Return the ground of a decoded image: it has no noise, and ink may reach its border."""
    border = [image[0], image[-1], image[:, 0], image[:, -1]]
    return round(float(np.median(np.concatenate(border))))


def _difference(pixels: Pixels, ground: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far pixels (…, C) are from the ground, the most of their channels, (…) float32."""
    table = np.abs(np.arange(256, dtype=np.float32) - ground[:, None])
    away: NDArray[np.float32] = table[0][pixels[..., 0]]
    for channel in range(1, len(ground)):
        np.maximum(away, table[channel][pixels[..., channel]], out=away)
    return away


def _centre(weights: NDArray[np.float32]) -> float:
    """Return the centre of mass of pixels in a row, from the row's beginning."""
    return float(np.average(np.arange(len(weights)) + 0.5, weights=weights))
