"""Where the frames of a strip or a grid lie: whole numbers of screen pixels, and no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Gaps between tiles, each with the smallest tiles that it suits.
_GAPS = ((4, 32), (2, 12), (1, 6), (0, 0))


@dataclass(frozen=True)
class StripLayout:
    """Equal tiles in rows, from the top left.

    Parameters
    ----------
    count
        How many tiles; the last row may be shorter.
    columns
        Tiles in a row.
    tile
        Width and height of each.
    gap
        Between two tiles side by side, and between a row (with its band) and the next.
    band
        Room for words under each row.
    edge
        Room left blank at the left and at the top.
    """

    count: int
    columns: int
    tile: tuple[int, int]
    gap: int
    band: int = 0
    edge: tuple[int, int] = (0, 0)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return math.ceil(self.count / self.columns)

    @property
    def pitch(self) -> tuple[int, int]:
        """From a tile to the one on its right and to the one below."""
        return self.tile[0] + self.gap, self.tile[1] + self.band + self.gap

    def corner(self, index: int) -> tuple[int, int]:
        """Return the left and top of a tile."""
        row, column = divmod(index, self.columns)
        return self.edge[0] + column * self.pitch[0], self.edge[1] + row * self.pitch[1]

    def index_at(self, x: float, y: float) -> int | None:
        """Return the tile at a point; gaps and bands belong to the tile before them."""
        column = math.floor((x - self.edge[0]) / self.pitch[0])
        row = math.floor((y - self.edge[1]) / self.pitch[1])
        index = row * self.columns + column
        is_tile = 0 <= column < self.columns and 0 <= row < self.rows and index < self.count
        return index if is_tile else None

    def nearest(self, x: float, y: float) -> int:
        """Return the tile nearest to a point, wherever that is."""
        column = min(max(math.floor((x - self.edge[0]) / self.pitch[0]), 0), self.columns - 1)
        row = min(max(math.floor((y - self.edge[1]) / self.pitch[1]), 0), self.rows - 1)
        return min(row * self.columns + column, self.count - 1)


def arrange(
    count: int,
    image_size: tuple[int, int],
    room: tuple[int, int],
    *,
    columns: int | None = None,
    band: int = 0,
    edge: tuple[int, int] = (0, 0),
    left: int = 0,
    least: int = 40,
) -> StripLayout:
    """Make tiles as large as there is room for.

    Parameters
    ----------
    count
        How many, at least 1.
    image_size
        Height and width of an image; tiles keep their proportion but for rounding.
    room
        Width and height, in screen pixels.
    columns
        Tiles in a row. By default all are in one row, and where they would become narrower than
        `least`, in as many rows as make them largest.
    band
        Room for words, see `StripLayout`.
    edge
        Room left blank on the left and the right, and at the top and the bottom.
    left
        Room for words at the left of each row, beside that.
    least
        See `columns`.
    """
    room = room[0] - left - 2 * edge[0], room[1] - 2 * edge[1]
    edge = edge[0] + left, edge[1]
    if columns is not None:
        return _with_columns(count, columns, image_size, room, band, edge)
    one_row = _with_columns(count, count, image_size, room, band, edge)
    if room[0] / count >= least:
        return one_row
    most = {math.ceil(count / rows) for rows in range(1, count + 1)}
    layouts = [_with_columns(count, some, image_size, room, band, edge) for some in most]
    return max(layouts, key=lambda layout: (layout.tile[0], -layout.rows))


def _with_columns(
    count: int,
    columns: int,
    image_size: tuple[int, int],
    room: tuple[int, int],
    band: int,
    edge: tuple[int, int],
) -> StripLayout:
    rows = math.ceil(count / columns)
    for gap, smallest in _GAPS:
        width = (room[0] - (columns - 1) * gap) // columns
        height = (room[1] - (rows - 1) * gap) // rows - band
        width = min(width, height * image_size[1] // image_size[0])
        if width >= smallest:
            break
    width = max(width, 1)
    tile = width, max(1, round(width * image_size[0] / image_size[1]))
    return StripLayout(count, columns, tile, gap, band, edge)
