"""Sheets of images: the strip of a morph, and grids."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from bvae_core.errors import BvaeError
from bvae_core.figures._sheet import LABEL_POINTS, SPACE, WIDTH, Sheet
from bvae_core.figures.ink import Ink, to_rgb8
from bvae_core.figures.lettering import words
from bvae_core.figures.theme import Theme, ThemeName, get_theme

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
    if len(anchor_labels) > len(frames):
        raise BvaeError(
            f"labels: Expected at most one a frame ({len(frames)}). Received: {len(anchor_labels)}."
        )
    rows = math.ceil(len(frames) / _STRIP_COLUMNS)
    columns = math.ceil(len(frames) / rows)
    sheet = Sheet((frames.shape[1], frames.shape[2]), rows, columns, look, scale)
    if labels and anchor_labels:
        sheet.make_room(below_rows=sheet.ruler.height + 2 * SPACE)
    figure, axes = sheet.draw(frames, title if labels else "")
    if labels:
        _name_anchors(axes, sheet, len(frames), anchor_labels)
    return figure


def image_grid(
    images: ArrayLike,
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    *,
    row_title: str = "",
    column_title: str = "",
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
    title, labels, theme, ink, scale
        As in `morph_strip`.

    Raises
    ------
    DataError
        If the images have another shape or values.
    BvaeError
        If the figure would be too large, or the number of labels is not that of rows or columns.
    """
    look = get_theme(theme)
    tiles = to_rgb8(images, look, ink, leading=2)
    rows, columns = tiles.shape[:2]
    for what, names, count in (("row", row_labels, rows), ("column", column_labels, columns)):
        if names and len(names) != count:
            raise BvaeError(f"{what} labels: Expected {count} or none. Received: {len(names)}.")
    sheet = Sheet((tiles.shape[2], tiles.shape[3]), rows, columns, look, scale)
    ruler = sheet.ruler
    names_left = [ruler.fit(name, _LONGEST_LABEL) for name in row_labels] if labels else []
    names_below = [ruler.fit(name, _LONGEST_LABEL) for name in column_labels] if labels else []
    line = ruler.height + SPACE
    if labels:
        widest = max(map(ruler.width, names_left), default=0)
        sheet.make_room(
            left=(widest + SPACE if names_left else 0) + (line if row_title else 0),
            below=(line if names_below else 0) + (line if column_title else 0),
        )
    figure, axes = sheet.draw(tiles.reshape(-1, *tiles.shape[2:]), title if labels else "")
    muted = words(look.muted, LABEL_POINTS)
    for row, name in enumerate(names_left):
        axes.text(-SPACE, sheet.middle(row, 0)[1], name, ha="right", va="center_baseline", **muted)
    step = math.ceil((max(map(ruler.width, names_below), default=0) + SPACE) / sheet.pitch[0])
    for column, name in list(enumerate(names_below))[::step]:
        y = sheet.height + SPACE
        axes.text(sheet.middle(0, column)[0], y, name, ha="center", va="top", **muted)
    if labels:
        strong = words(look.text, LABEL_POINTS)
        y = sheet.height + SPACE + (line if names_below else 0)
        axes.text(sheet.width / 2, y, column_title, ha="center", va="top", **strong)
        x = -sheet.room_left
        turn = 90 if ruler.width(row_title) > line else 0
        axes.text(x, sheet.height / 2, row_title, ha="left", va="center", rotation=turn, **strong)
    return figure


def _name_anchors(axes: Axes, sheet: Sheet, frames: int, names: Sequence[str]) -> None:
    """Underline the anchors' frames in vermilion and write their names below."""
    places = np.rint(np.linspace(0, frames - 1, len(names))).astype(int)
    for number, (place, name) in enumerate(zip(places, names, strict=True)):
        row, column = divmod(int(place), sheet.columns)
        left, bottom = column * sheet.pitch[0], row * sheet.pitch[1] + sheet.tile[1]
        right = left + sheet.tile[0]
        y = bottom + SPACE / 2
        axes.plot(
            (left, right), (y, y), color=sheet.theme.accent, linewidth=1, solid_capstyle="butt",
            clip_on=False,
        )  # fmt: skip
        # The ends' names may run inwards, all others have the tiles around them.
        x, side = (left, "left") if column == 0 else ((left + right) / 2, "center")
        if column == sheet.columns - 1 and number > 0:
            x, side = right, "right"
        room = sheet.width / max(2, len(names)) - SPACE
        axes.text(
            x, bottom + 1.5 * SPACE, sheet.ruler.fit(name, room), ha=side, va="top",
            **words(sheet.theme.text, LABEL_POINTS),
        )  # fmt: skip
