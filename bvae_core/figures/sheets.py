"""Sheets of images: the strip of a morph, grids, and one image alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from bvae_core.errors import BvaeError
from bvae_core.figures._sheet import DPI, LABEL_POINTS, SPACE, WIDTH, Sheet
from bvae_core.figures.ink import checked_scale, enlarged, faded, scale_to_see, to_rgb8
from bvae_core.figures.lettering import words
from bvae_core.figures.limits import CORNERS
from bvae_core.figures.theme import Ink, Theme, ThemeName, get_theme

_STRIP_COLUMNS = 16
_LONGEST_LABEL = WIDTH / 4


def morph_strip(
    images: ArrayLike,
    anchor_labels: Sequence[str] = (),
    *,
    title: str = "",
    labels: bool = True,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
    scale: int | None = None,
) -> Figure:
    """Draw the frames of a morph side by side, more than 16 of them in rows.

    Parameters
    ----------
    images
        (n, H, W[, C]) in [0, 1] or uint8, n ≥ 1.
    anchor_labels
        What the anchors are called, from the first frame to the last, spread evenly over the
        frames as `bvae_core.latent.straight` spreads them.
    title
        A line above.
    labels
        False leaves all words out.
    theme
        ``light`` or ``dark``.
    ink
        Grey images as ink on paper, ``paper``, or as grey on black, ``screen``.
    scale
        Pixels of the figure for a pixel of an image, down and across; by default so many that
        the figure is about 1,600 pixels wide. Pixels stay sharp.

    Raises
    ------
    DataError
        If the images have another shape or values.
    BvaeError
        If the figure would be too large or there are more labels than frames.
    """
    look = get_theme(theme)
    frames = to_rgb8(images, look, ink)
    size = (frames.shape[1], frames.shape[2])
    names = anchor_labels if labels else ()
    sheet = _strip_sheet(size, len(frames), names, title if labels else "", scale)
    figure, axes = sheet.draw(frames, look)
    places = np.rint(np.linspace(0, len(frames) - 1, len(names))).astype(int)
    for number, (place, name) in enumerate(zip(places, names, strict=True)):
        row, column = divmod(int(place), sheet.columns)
        # The ends' names may run inwards, all others have the tiles around them.
        side = "left" if column == 0 else "center"
        if column == sheet.columns - 1 and number > 0:
            side = "right"
        room = sheet.width / max(2, len(names)) - SPACE
        _name_anchor(axes, sheet, look, (row, column), sheet.ruler.fit(name, room), side)
    return figure


def strip_size(
    image_size: tuple[int, int],
    frames: int,
    anchor_labels: Sequence[str] = (),
    *,
    title: str = "",
    labels: bool = True,
    scale: int | None = None,
) -> tuple[int, int]:
    """Return how many pixels `morph_strip` would take, across and down, without images.

    Raises
    ------
    BvaeError
        If these are too many, or there are more labels than frames.
    """
    names = anchor_labels if labels else ()
    return _strip_sheet(image_size, frames, names, title if labels else "", scale).size


def image_grid(
    images: ArrayLike,
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    *,
    row_title: str = "",
    column_title: str = "",
    corner_labels: Sequence[str] = (),
    faint_rows: Sequence[int] = (),
    title: str = "",
    labels: bool = True,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
    scale: int | None = None,
) -> Figure:
    """Draw a grid of images, such as a traversal of every dimension.

    Parameters
    ----------
    images
        (rows, columns, H, W[, C]) in [0, 1] or uint8.
    row_labels, column_labels
        At the left of each row and under each column, or none. Where columns are too narrow for
        their labels, only every second, third … is written.
    row_title, column_title
        What the rows and the columns are.
    corner_labels
        What the corners are called, top left, top right, bottom left and bottom right, or none;
        not together with words under the columns.
    faint_rows
        Indices of rows that say little, and are drawn so.
    title, labels, theme, ink, scale
        As in `morph_strip`.

    Raises
    ------
    DataError
        If the images have another shape or values.
    BvaeError
        If the figure would be too large, or the number of labels is not that of rows, columns or
        corners.
    """
    look = get_theme(theme)
    tiles = to_rgb8(images, look, ink, leading=2)
    rows, columns, height, width = tiles.shape[:4]
    said = _Words(row_labels, column_labels, row_title, column_title, corner_labels, title)
    said.check(rows, columns)
    said = said if labels else _Words()
    sheet = _grid_sheet((height, width), rows, columns, said, scale)
    if faint_rows:
        tiles = tiles.copy()
        tiles[list(faint_rows)] = faded(tiles[list(faint_rows)], look.ground)
    figure, axes = sheet.draw(tiles.reshape(-1, *tiles.shape[2:]), look)
    _name_rows_and_columns(axes, sheet, look, said)
    ends = ((0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1))
    for place, name in zip(ends, said.corners, strict=False):
        fitting = sheet.ruler.fit(name, sheet.width / 2 - SPACE)
        side = "left" if place[1] == 0 else "right"
        _name_anchor(axes, sheet, look, place, fitting, side, above=place[0] == 0)
    return figure


def grid_size(
    image_size: tuple[int, int],
    rows: int,
    columns: int,
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    *,
    row_title: str = "",
    column_title: str = "",
    corner_labels: Sequence[str] = (),
    title: str = "",
    labels: bool = True,
    scale: int | None = None,
) -> tuple[int, int]:
    """Return how many pixels `image_grid` would take, across and down, without images.

    Raises
    ------
    BvaeError
        If these are too many, or the number of labels is not that of rows, columns or corners.
    """
    said = _Words(row_labels, column_labels, row_title, column_title, corner_labels, title)
    said.check(rows, columns)
    return _grid_sheet(image_size, rows, columns, said if labels else _Words(), scale).size


def single_image(
    image: ArrayLike,
    *,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
    scale: int | None = None,
) -> Figure:
    """Draw one image and nothing else, without a margin.

    Parameters
    ----------
    image
        (H, W[, C]) in [0, 1] or uint8.
    theme, ink
        As in `morph_strip`.
    scale
        Pixels of the figure for a pixel of the image, down and across; by default so many that
        it has about 280 pixels a side.

    Raises
    ------
    DataError
        If the image has another shape or values.
    BvaeError
        If `scale` is out of its range.
    """
    pixels = to_rgb8(image, get_theme(theme), ink, leading=0)
    width, height = single_size((pixels.shape[0], pixels.shape[1]), scale=scale)
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    large = enlarged(pixels, width // pixels.shape[1], axis=0)
    axes.imshow(large, interpolation="none", aspect="auto")
    return figure


def single_size(image_size: tuple[int, int], *, scale: int | None = None) -> tuple[int, int]:
    """Return how many pixels `single_image` would take, across and down; see there."""
    times = scale_to_see(image_size) if scale is None else checked_scale(scale)
    return image_size[1] * times, image_size[0] * times


@dataclass(frozen=True)
class _Words:
    """What is written around a grid, see `image_grid`."""

    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    row_title: str = ""
    column_title: str = ""
    corners: Sequence[str] = ()
    title: str = ""

    def check(self, rows: int, columns: int) -> None:
        for what, names, count in (
            ("row", self.rows, rows),
            ("column", self.columns, columns),
            ("corner", self.corners, CORNERS),
        ):
            if names and len(names) != count:
                raise BvaeError(f"{what} labels: Expected {count} or none. Received: {len(names)}.")
        if self.corners and (self.columns or self.column_title):
            raise BvaeError("labels: Expected those of columns or of corners. Received: both.")


def _strip_sheet(
    image_size: tuple[int, int], frames: int, names: Sequence[str], title: str, scale: int | None
) -> Sheet:
    if len(names) > frames:
        raise BvaeError(f"labels: Expected at most one a frame ({frames}). Received: {len(names)}.")
    rows = math.ceil(frames / _STRIP_COLUMNS)
    sheet = Sheet(image_size, rows, math.ceil(frames / rows), scale, title)
    if names:
        sheet.make_room(below_rows=_room_for_anchors(sheet))
    return sheet


def _grid_sheet(
    image_size: tuple[int, int], rows: int, columns: int, said: _Words, scale: int | None
) -> Sheet:
    sheet = Sheet(image_size, rows, columns, scale, said.title)
    line = _line(sheet)
    widest = max(map(sheet.ruler.width, _fitting(sheet, said.rows)), default=0)
    beside = _room_for_anchors(sheet) if said.corners else 0
    sheet.make_room(
        left=(widest + SPACE if said.rows else 0) + (line if said.row_title else 0),
        above=beside,
        below=beside + line * bool(said.columns) + line * bool(said.column_title),
    )
    return sheet


def _name_rows_and_columns(axes: Axes, sheet: Sheet, look: Theme, said: _Words) -> None:
    muted, strong = words(look.muted, LABEL_POINTS), words(look.text, LABEL_POINTS)
    for row, name in enumerate(_fitting(sheet, said.rows)):
        axes.text(-SPACE, sheet.middle(row, 0)[1], name, ha="right", va="center_baseline", **muted)
    columns = _fitting(sheet, said.columns)
    widest = max(map(sheet.ruler.width, columns), default=0)
    step = math.ceil((widest + SPACE) / sheet.pitch[0])
    below = float(sheet.height + SPACE)
    for column, name in list(enumerate(columns))[::step]:
        axes.text(sheet.middle(0, column)[0], below, name, ha="center", va="top", **muted)
    below += _line(sheet) * bool(columns)
    axes.text(sheet.width / 2, below, said.column_title, ha="center", va="top", **strong)
    turn = 90 if sheet.ruler.width(said.row_title) > _line(sheet) else 0
    axes.text(
        -sheet.room_left, sheet.height / 2, said.row_title, ha="left", va="center", rotation=turn,
        **strong,
    )  # fmt: skip


def _fitting(sheet: Sheet, names: Sequence[str]) -> list[str]:
    return [sheet.ruler.fit(name, _LONGEST_LABEL) for name in names]


def _line(sheet: Sheet) -> float:
    return sheet.ruler.height + SPACE


def _room_for_anchors(sheet: Sheet) -> float:
    return sheet.ruler.height + 2 * SPACE


def _name_anchor(
    axes: Axes,
    sheet: Sheet,
    look: Theme,
    place: tuple[int, int],
    name: str,
    side: str,
    *,
    above: bool = False,
) -> None:
    """Draw a vermilion line at a tile's edge, and write what stands there beside the line."""
    row, column = place
    left, top = column * sheet.pitch[0], row * sheet.pitch[1]
    right = left + sheet.tile[0]
    edge, outwards = (top, -1) if above else (top + sheet.tile[1], 1)
    y = edge + outwards * SPACE / 2
    axes.plot(
        (left, right), (y, y), color=look.accent, linewidth=1, solid_capstyle="butt", clip_on=False
    )
    x = {"left": left, "center": (left + right) / 2, "right": right}[side]
    axes.text(
        x, edge + outwards * 1.5 * SPACE, name, ha=side, va="bottom" if above else "top",
        **words(look.text, LABEL_POINTS),
    )  # fmt: skip
