"""`Sheet`: equal tiles and the room around them, laid out in whole pixels."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.errors import BvaeError
from bvae_core.figures.ink import checked_scale, enlarged, mosaic
from bvae_core.figures.lettering import Ruler, words
from bvae_core.figures.theme import Theme

DPI = 200
#: About how wide the tiles of a sheet are together, in pixels.
WIDTH = 1600
#: Between a label and its tile.
SPACE = 10
LABEL_POINTS, TITLE_POINTS = 8.0, 10.0
MAX_SIDE = 30_000  # Agg draws less than 2¹⁶
MAX_PIXELS = 1 << 28  # a gigabyte while it is drawn
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
    scale
        Pixels for a pixel of an image, down and across; None chooses by `WIDTH`.
    title
        A line above, or nothing.

    Raises
    ------
    BvaeError
        If `scale` is not a whole number from 1 to 64.
    """

    def __init__(
        self, image_size: tuple[int, int], rows: int, columns: int, scale: int | None, title: str
    ) -> None:
        side = max(image_size)
        if scale is None:
            tile = min(_LARGEST_TILE, max(_SMALLEST_TILE, WIDTH // columns))
            scale = max(1, tile // side)
        self.scale = checked_scale(scale)
        self.rows, self.columns, self.title = rows, columns, title
        self.tile = (image_size[1] * scale, image_size[0] * scale)
        self._least_gap = max(2, round(side * scale / 16))
        self.gap = self.row_gap = self._least_gap
        self.room_left = self.room_above = self.room_below = 0
        self.ruler = Ruler(DPI, LABEL_POINTS)
        self._title_ruler = Ruler(DPI, TITLE_POINTS)

    def make_room(
        self,
        *,
        left: float = 0,
        above: float = 0,
        below: float = 0,
        below_rows: float = 0,
        between: float = 0,
    ) -> None:
        """Keep pixels free.

        Parameters
        ----------
        left, above, below
            Beside all tiles, above and below them.
        below_rows
            Below every row.
        between
            From column to column, where that is more than usual.
        """
        self.gap = max(self._least_gap, math.ceil(between))
        self.room_left, self.room_above = math.ceil(left), math.ceil(above)
        self.room_below = math.ceil(below + below_rows)
        self.row_gap = self._least_gap + math.ceil(below_rows)

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

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the whole figure, across and down; a BvaeError if it is too large to draw."""
        room_for_title = math.ceil(self._title_ruler.height) + SPACE if self.title else 0
        width = self.width + self.room_left + 2 * _MARGIN
        height = self.height + self.room_above + self.room_below + room_for_title + 2 * _MARGIN
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise BvaeError(
                f"figure: Expected at most {MAX_SIDE} pixels a side and {MAX_PIXELS >> 20} "
                f"megapixels. Received: {width}×{height}; "
                "fewer or smaller images, or a smaller scale, fit."
            )
        return width, height

    def middle(self, row: int, column: int) -> tuple[float, float]:
        """Return the centre of a tile in the axes' coordinates."""
        across, down = self.pitch
        return column * across + self.tile[0] / 2, row * down + self.tile[1] / 2

    def draw(self, tiles: NDArray[np.uint8], theme: Theme) -> tuple[Figure, Axes]:
        """Make the figure.

        Parameters
        ----------
        tiles
            (n, H, W, 3) uint8, row by row; places without one stay empty.
        theme
            Its colours.

        Returns
        -------
        figure
            Ready to be drawn or saved.
        axes
            Over all tiles; a unit of its coordinates is a pixel, from the top left corner down.

        Raises
        ------
        BvaeError
            If it is too large, see `size`.
        """
        width, height = self.size
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=theme.ground)
        FigureCanvasAgg(figure)
        left, bottom = _MARGIN + self.room_left, _MARGIN + self.room_below
        axes = figure.add_axes(
            (left / width, bottom / height, self.width / width, self.height / height)
        )
        axes.set_axis_off()
        large = enlarged(tiles, self.scale, axis=1)
        picture = mosaic(large, self.columns, (self.gap, self.row_gap), theme.ground)
        axes.imshow(
            picture,
            interpolation="none",
            aspect="auto",
            extent=(0, self.width, self.height, 0),
        )
        axes.autoscale(False)
        axes.text(
            -self.room_left,
            -1.5 * SPACE - self.room_above,
            self._title_ruler.fit(self.title, width - 2 * _MARGIN),
            va="baseline",
            **words(theme.text, TITLE_POINTS),
        )
        return figure, axes
