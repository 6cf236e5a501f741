"""`Sheet`: equal tiles and the room around them, laid out in whole pixels."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.errors import BvaeError
from bvae_core.figures.ink import enlarged, mosaic
from bvae_core.figures.lettering import Ruler, words
from bvae_core.figures.theme import Theme

DPI = 200
#: About how wide the tiles of a sheet are together, in pixels.
WIDTH = 1600
#: Between a label and its tile.
SPACE = 10
LABEL_POINTS, TITLE_POINTS = 8.0, 10.0
MAX_SIDE = 30_000  # Agg draws less than 2¹⁶
MAX_SCALE = 64
_MARGIN = 32
_SMALLEST_TILE, _LARGEST_TILE = 56, 168


class Sheet:
    """A figure of equal tiles in which a pixel of an image is a whole number of its pixels.

    Parameters
    ----------
    image_size
        (H, W) of an image.
    rows, columns
        Of tiles.
    theme
        Its colours.
    scale
        Pixels for a pixel of an image, down and across; None chooses by `WIDTH`.

    Raises
    ------
    BvaeError
        If `scale` is not a whole number from 1 to 64.
    """

    def __init__(
        self, image_size: tuple[int, int], rows: int, columns: int, theme: Theme, scale: int | None
    ) -> None:
        side = max(image_size)
        if scale is None:
            tile = min(_LARGEST_TILE, max(_SMALLEST_TILE, WIDTH // columns))
            scale = max(1, tile // side)
        elif isinstance(scale, bool) or not isinstance(scale, int) or not 1 <= scale <= MAX_SCALE:
            raise BvaeError(
                f"scale: Expected a whole number from 1 to {MAX_SCALE}. Received: {scale!r}."
            )
        self.theme, self.scale, self.rows, self.columns = theme, scale, rows, columns
        self.tile = (image_size[1] * scale, image_size[0] * scale)
        self.gap = self.row_gap = max(2, round(side * scale / 16))
        self.room_left = self.room_below = 0
        self.ruler = Ruler(DPI, LABEL_POINTS)

    def make_room(self, *, left: float = 0, below: float = 0, below_rows: float = 0) -> None:
        """Keep pixels free at the left of all tiles, below them all, and below every row."""
        self.room_left, self.room_below = math.ceil(left), math.ceil(below + below_rows)
        self.row_gap = self.gap + math.ceil(below_rows)

    @property
    def pitch(self) -> tuple[int, int]:
        """Pixels from tile to tile, across and down."""
        return self.tile[0] + self.gap, self.tile[1] + self.row_gap

    @property
    def width(self) -> int:
        """Pixels of all tiles together, across."""
        return self.columns * self.pitch[0] - self.gap

    @property
    def height(self) -> int:
        """Pixels of all tiles together, down."""
        return self.rows * self.pitch[1] - self.row_gap

    def middle(self, row: int, column: int) -> tuple[float, float]:
        """Return the centre of a tile in the axes' coordinates."""
        across, down = self.pitch
        return column * across + self.tile[0] / 2, row * down + self.tile[1] / 2

    def draw(self, tiles: NDArray[np.uint8], title: str) -> tuple[Figure, Axes]:
        """Make the figure.

        Parameters
        ----------
        tiles
            (n, H, W, 3) uint8, row by row; places without one stay empty.
        title
            A line above, or nothing.

        Returns
        -------
        figure
            Ready to be drawn or saved.
        axes
            Over all tiles; a unit of its coordinates is a pixel, from the top left corner down.

        Raises
        ------
        BvaeError
            If it would have more than 30,000 pixels a side.
        """
        ruler = Ruler(DPI, TITLE_POINTS)
        room_above = math.ceil(ruler.height) + SPACE if title else 0
        width = self.width + self.room_left + 2 * _MARGIN
        height = self.height + self.room_below + room_above + 2 * _MARGIN
        if max(width, height) > MAX_SIDE:
            raise BvaeError(
                f"figure: Expected at most {MAX_SIDE} pixels a side. Received: {width}×{height}; "
                "fewer or smaller images, or a smaller scale, fit."
            )
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=self.theme.ground)
        FigureCanvasAgg(figure)
        left, bottom = _MARGIN + self.room_left, _MARGIN + self.room_below
        axes = figure.add_axes(
            (left / width, bottom / height, self.width / width, self.height / height)
        )
        axes.set_axis_off()
        large = enlarged(tiles, self.scale, axis=1)
        picture = mosaic(large, self.columns, (self.gap, self.row_gap), self.theme.ground)
        axes.imshow(
            picture,
            interpolation="none",
            aspect="auto",
            extent=(0, self.width, self.height, 0),
        )
        axes.autoscale(False)
        axes.text(
            -self.room_left,
            -1.5 * SPACE,
            ruler.fit(title, width - 2 * _MARGIN),
            va="baseline",
            **words(self.theme.text, TITLE_POINTS),
        )
        return figure, axes
