"""`TileRow`: small pictures in a row, each with a caption, each a button."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, QRect, QSize, Qt, Signal
from qtpy.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from qtpy.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from bvae_gui.widgets.pixels import to_qimage

_GAP = 8
_INSET = 4
_BAR = 3
# Pictures are enlarged in whole numbers to at least the first; what is larger than the second
# is made smaller.
_LEAST_SIDE, _LARGEST_SIDE = 48, 72


@dataclass(frozen=True, eq=False)
class Tile:
    """What a tile shows.

    Parameters
    ----------
    image
        (H, W, 3) uint8, of the same size in all tiles of a row.
    caption, detail
        Two short lines under it.
    colour
        Of the bar between, ``#rrggbb``; None leaves it out.
    hint
        What the tooltip says, and a screen reader.
    """

    image: NDArray[np.uint8]
    caption: str
    detail: str
    colour: str | None
    hint: str


class TileRow(QWidget):
    """Shows as many tiles as there is room for, up to `most`.

    Signals
    -------
    chosen(int)
        The tile of that index, counted from 0, was clicked.
    """

    chosen = Signal(int)

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = [_TileButton(self) for _ in range(most)]
        self._given = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        for index, button in enumerate(self._buttons):
            button.clicked.connect(lambda _=False, index=index: self.chosen.emit(index))
            layout.addWidget(button)
        layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def expect(self, count: int, size: QSize) -> None:
        """Keep the room of so many tiles, of images of a size, until the first ones are there."""
        if not self._given:
            self._given = min(count, len(self._buttons))
            for button in self._buttons:
                button.expect(size)
            self._fit()

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these, the first ones if there are too many."""
        self._given = min(len(tiles), len(self._buttons))
        for button, tile in zip(self._buttons, tiles, strict=False):
            button.set_tile(tile)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = (self.width() + _GAP) // (self._buttons[0].sizeHint().width() + _GAP)
        for index, button in enumerate(self._buttons):
            button.setVisible(index < min(room, self._given))
        if (layout := self.layout()) is not None:
            layout.activate()  # now: else those that stay are painted once as narrow as before


class _TileButton(QAbstractButton):
    """One tile."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tile: Tile | None = None
        self._image = QImage()
        self._side = QSize(_LEAST_SIDE, _LEAST_SIDE)
        self.setEnabled(False)  # until there is something on it
        self._say("Being looked for")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def expect(self, size: QSize) -> None:
        self._side = _side_of(size)
        self.updateGeometry()

    def set_tile(self, tile: Tile) -> None:
        before, self._tile = self._tile, tile
        self.setEnabled(True)
        self._image = to_qimage(tile.image)
        side = _side_of(self._image.size())
        if side != self._side:
            self._side = side
            self.updateGeometry()
        if before is None or before.hint != tile.hint:
            self._say(tile.hint)
        self.update()

    def _say(self, hint: str) -> None:
        self.setToolTip(hint)
        self.setAccessibleName(hint)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return self._side + QSize(0, _BAR + 2 * _INSET + 2 * line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._tile is None:
            return
        painter = QPainter(self)
        picture = QRect(QPoint(0, 0), self._side)
        smaller = self._side.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
        painter.drawImage(picture, self._image)
        if self._tile.colour is not None:
            bar = QRect(picture.left(), picture.bottom() + 1, picture.width(), _BAR)
            painter.fillRect(bar, QColor(self._tile.colour))
        words = self.rect().adjusted(0, picture.height() + _BAR, 0, 0)
        self._paint_words(painter, self._tile, words)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_words(self, painter: QPainter, tile: Tile, room: QRect) -> None:
        colours, metrics = self.palette(), self.fontMetrics()
        if self.underMouse() or self.isDown():
            role = QPalette.ColorRole.Mid if self.isDown() else QPalette.ColorRole.AlternateBase
            painter.fillRect(room, colours.color(role))
        line = QRect(room.left(), room.top() + _INSET, room.width(), metrics.height())
        for text, role in (
            (tile.caption, QPalette.ColorRole.WindowText),
            (tile.detail, QPalette.ColorRole.PlaceholderText),
        ):
            painter.setPen(colours.color(role))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)
            line.translate(0, metrics.height())


def _side_of(image: QSize) -> QSize:
    """Return how large an image is painted."""
    longest = max(image.width(), image.height())
    if longest <= _LARGEST_SIDE:
        return image * max(1, min(math.ceil(_LEAST_SIDE / longest), _LARGEST_SIDE // longest))
    return image.scaled(_LARGEST_SIDE, _LARGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
