"""`Viewport`: what part of a plane is seen in a rectangle of pixels, and how one moves in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pair: TypeAlias = tuple[float, float]

#: How many times smaller, and larger, than at home the plane may be seen.
_ZOOM = (1 / 4, 2000.0)


@dataclass(frozen=True)
class Viewport:
    """A rectangle of a plane, seen in pixels from the top left, y downwards.

    Parameters
    ----------
    centre
        The point of the plane in the middle.
    scale
        Units of the plane a pixel, across and up.
    size
        Pixels across and down, at least 1.
    is_line
        Whether only the first coordinate means something: then the second keeps still.
    """

    centre: Pair
    scale: Pair
    size: Pair
    is_line: bool = False

    @classmethod
    def fitting(cls, low: ArrayLike, high: ArrayLike, size: Pair, *, is_line: bool) -> Viewport:
        """See all from `low` to `high`, (2,) each; a plane at the same scale across and up."""
        bottom, top = np.asarray(low, np.float64), np.asarray(high, np.float64)
        scale = (top - bottom) / np.maximum(size, 1)
        if not is_line:
            scale[:] = scale.max()
        return cls(_pair((bottom + top) / 2), _pair(scale), size, is_line)

    @property
    def limits(self) -> tuple[Pair, Pair]:
        """((left, right), (bottom, top)) in the plane's units."""
        middle, half = np.array(self.centre), np.array(self.scale) * self.size / 2
        low, high = middle - half, middle + half
        return (low[0], high[0]), (low[1], high[1])

    def to_plane(self, x: float, y: float) -> Pair:
        """Return the point of the plane at a pixel."""
        width, height = self.size
        return (
            self.centre[0] + (x - width / 2) * self.scale[0],
            self.centre[1] + (height / 2 - y) * self.scale[1],
        )

    def to_pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return where points of the plane, (n, 2), are in pixels, (n, 2)."""
        away = (np.asarray(points, np.float64) - self.centre) / self.scale
        return away * (1, -1) + np.array(self.size) / 2

    def contains(self, point: ArrayLike) -> bool:
        """Return whether a point of the plane, (2,), is seen."""
        pixel = self.to_pixels(np.asarray(point)[None])[0]
        return bool(((pixel >= 0) & (pixel <= self.size)).all())

    def moved(self, right: float, down: float) -> Viewport:
        """Move what is seen by so many pixels, as if it were a sheet of paper."""
        x = self.centre[0] - right * self.scale[0]
        y = self.centre[1] + down * self.scale[1]
        return replace(self, centre=(x, self.centre[1] if self.is_line else y))

    def zoomed(self, times: float, x: float, y: float) -> Viewport:
        """See everything so many times as large; the point at pixel (x, y) stays where it is."""
        scale = (self.scale[0] / times, self.scale[1] / (1 if self.is_line else times))
        fixed, (width, height) = self.to_plane(x, y), self.size
        centre = (
            fixed[0] - (x - width / 2) * scale[0],
            fixed[1] - (height / 2 - y) * scale[1],
        )
        return replace(self, centre=centre, scale=scale)

    def centred(self, point: Pair) -> Viewport:
        """See a point in the middle."""
        return replace(self, centre=(point[0], self.centre[1] if self.is_line else point[1]))

    def resized(self, size: Pair) -> Viewport:
        """See as much in other pixels, about the same centre."""
        ratio = np.array(self.size) / size
        if not self.is_line:
            ratio[:] = ratio.max()
        return replace(self, scale=_pair(ratio * self.scale), size=size)

    def kept_near(self, home: Viewport) -> Viewport:
        """Zoom and move as little as brings this within reach of `home`.

        So that nobody gets lost: the middle is always something that is seen at home.
        """
        smallest, largest = (home.scale[0] / times for times in reversed(_ZOOM))
        times = self.scale[0] / min(max(self.scale[0], smallest), largest)
        near = self.zoomed(times, self.size[0] / 2, self.size[1] / 2) if times != 1 else self
        (left, right), (bottom, top) = home.limits
        x, y = near.centre
        return replace(near, centre=(min(max(x, left), right), min(max(y, bottom), top)))


def _pair(values: NDArray[np.float64]) -> Pair:
    return float(values[0]), float(values[1])
