"""Where the tiles of a manifold are on a plane: the same ones wherever one looks from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Tiles at equal distances, or at quantiles of the prior.
Spacing: TypeAlias = Literal["even", "prior"]

#: Tiles at most: 50 × 50.
MOST_TILES = 2500
_FINER = math.sqrt(2)
_AROUND = 2  # tiles beyond what is seen, so that some are there when the map is moved
_DEEPEST = 40  # halvings of the prior: beyond, there is no mass that float64 could tell from none

# Medians of halves lie apart by so much of what parts the medians of their own halves, or more.
_APART = 1.5

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Tiling:
    """Tiles over a rectangle of a plane.

    Equal tilings have the same tiles: moving a plane by less than a tile gives an equal one.

    Parameters
    ----------
    cell
        A tile's width and height in the plane's units.
    first, last
        (column, row) of the lowest left and the highest right cell, counted from the origin.
    spacing
        ``even``: a tile in the middle of each cell. ``prior``: the plane is that of two dimensions
        under the prior N(0, I), and tiles are at its quantiles, halved again and again as long as
        they are a cell apart: as fine as the zoom allows, and finest where the prior is densest.
    is_line
        Whether only the first coordinate means something: then there is one row, at 0.
    """

    cell: Range
    first: tuple[int, int]
    last: tuple[int, int]
    spacing: Spacing = "even"
    is_line: bool = False

    @property
    def bounds(self) -> tuple[Range, Range]:
        """((left, right), (bottom, top)): all cells, in the plane's units."""
        (left, bottom), (right, top), (width, height) = self.first, self.last, self.cell
        return (left * width, (right + 1) * width), (bottom * height, (top + 1) * height)

    @property
    def count(self) -> int:
        """Cells."""
        (left, bottom), (right, top) = self.first, self.last
        return (right - left + 1) * (top - bottom + 1)

    @property
    def points(self) -> NDArray[np.float64]:
        """The tiles' middles, (n, 2), row by row from the top."""
        across, up = (
            self._middles(low, high, size)
            for low, high, size in zip(self.first, self.last, self.cell, strict=True)
        )
        if self.is_line:
            up = np.zeros(1)
        grid = np.stack(np.meshgrid(across, up[::-1]), axis=-1)
        points: NDArray[np.float64] = grid.reshape(-1, 2)
        return points

    def _middles(self, first: int, last: int, size: float) -> NDArray[np.float64]:
        if self.spacing == "even":
            return np.array([(index + 0.5) * size for index in range(first, last + 1)])
        return np.array(_halvings(first * size, (last + 1) * size, size))


def tiling(
    bounds: tuple[Range, Range],
    scale: Range,
    image_size: tuple[int, int],
    *,
    edge: float = 28.0,
    spacing: Spacing = "even",
    is_line: bool = False,
) -> Tiling:
    """Tile what is seen of a plane, at a density that follows the zoom.

    The tiles' sizes are steps of √2 apart, so that zooming changes them now and then, not always.

    Parameters
    ----------
    bounds
        ((left, right), (bottom, top)), low < high.
    scale
        Units of the plane a pixel, across and up.
    image_size
        (H, W) of an image: tiles have its proportions.
    edge
        Pixels of a tile's longer edge: so many up to √2 times as many, or more where there would
        be over 2,500 tiles.
    spacing
        See `Tiling`.
    is_line
        See `Tiling`.
    """
    proportions = np.array(image_size[::-1]) / max(image_size)
    finest = edge * scale[0]
    step = math.ceil(math.log(finest, _FINER) - 1e-9)
    while True:
        pitch = _FINER**step
        cell = proportions * pitch
        if is_line:
            cell[1] *= scale[1] / scale[0]
        made = _over(bounds, cell, spacing, is_line=is_line)
        columns, rows = (
            last - first + 1 for first, last in zip(made.first, made.last, strict=True)
        )
        if columns * rows <= MOST_TILES:
            return made
        step += 1


def _over(
    bounds: tuple[Range, Range], cell: NDArray[np.float64], spacing: Spacing, *, is_line: bool
) -> Tiling:
    (left, right), (bottom, top) = bounds
    width, height = cell.tolist()
    columns = math.floor(left / width) - _AROUND, math.floor(right / width) + _AROUND
    rows = math.floor(bottom / height) - _AROUND, math.floor(top / height) + _AROUND
    if is_line:
        rows = 0, 0
    corners = (columns[0], rows[0]), (columns[1], rows[1])
    return Tiling((width, height), *corners, spacing, is_line)


def _halvings(low: float, high: float, apart: float) -> list[float]:
    """Return medians of the prior's halves, halves' halves and so on, as far as they are apart."""
    quantile = NormalDist().inv_cdf

    def halve(start: float, share: float, depth: int) -> list[float]:
        lower, middle, upper = (quantile(start + part * share) for part in (0.25, 0.5, 0.75))
        if upper - lower < _APART * apart or depth == _DEEPEST:
            return [middle] if low <= middle <= high else []
        ends = (
            quantile(start) if start > 0 else -math.inf,
            quantile(start + share) if start + share < 1 else math.inf,
        )
        if ends[1] < low or ends[0] > high:
            return []
        half = share / 2
        return halve(start, half, depth + 1) + halve(start + half, half, depth + 1)

    return halve(0.0, 1.0, 0)
