"""`TileGrid`: rows of small pictures, the same thing in each column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from qtpy.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from qtpy.QtWidgets import QSizePolicy, QWidget

from bvae_core.figures.ink import mosaic
from bvae_gui.widgets.pixels import to_qimage

_GAP, _ROW_GAP, _LARGEST = 4, 4, 64
_LINE = 2
_NONE: NDArray[np.uint8] = np.empty((0, 0, 1, 1, 3), np.uint8)


class TileGrid(QWidget):
    """Shows as many columns as it is given, as large as there is width for.

    Parameters
    ----------
    label_width
        Room for the rows' names at the left, in pixels; 0 leaves them out.
    parent
        The widget that it lies on.

    Signals
    -------
    pointed(column)
        The pointer is over a column, counted from 0; None where it has left.
    chosen(column)
        A column was clicked, or reached by key.
    """

    pointed = Signal(object)
    chosen = Signal(int)

    def __init__(self, label_width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label_width, self._blank_rows = label_width, 0
        self._tiles, self._labels = _NONE, [""]
        self._sheet: QImage | None = None
        self._marked: int | None = None
        self._current = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_tiles(self, tiles: NDArray[np.uint8], labels: Sequence[str]) -> None:
        """Show (rows, columns, H, W, 3) uint8, with a name for each row."""
        self._tiles, self._labels, self._sheet = tiles, list(labels), None
        self._current = min(self._current, max(0, self.columns - 1))
        self._fit()

    def set_margins(self, label_width: int, blank_rows: int) -> None:
        """Leave another room at the left, and so many rows blank at the top."""
        self._label_width, self._blank_rows, self._sheet = label_width, blank_rows, None
        self._fit()

    def set_marked(self, column: int | None) -> None:
        """Draw a line around a column."""
        if column != self._marked:
            self._marked = column
            self.update()

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return int(self._tiles.shape[1])

    @property
    def tiles(self) -> NDArray[np.uint8]:
        """What it shows, (rows, columns, H, W, 3) uint8."""
        return self._tiles

    def tile_rect(self, row: int, column: int) -> QRect:
        """Return where a tile is, in this widget's coordinates."""
        size = self._tile_size()
        left = self._label_width + _LINE + column * (size.width() + _GAP)
        top = _LINE + (self._blank_rows + row) * (size.height() + _ROW_GAP)
        return QRect(QPoint(left, top), size)

    def column_at(self, position: QPoint) -> int | None:
        """Return the column at a point of this widget."""
        x = position.x() - self._label_width - _LINE
        column = x // (self._tile_size().width() + _GAP)
        return column if x >= 0 and column < self.columns else None

    # -- mouse and keys ----------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at a column."""
        self.pointed.emit(self.column_at(event.position().toPoint()))

    def leaveEvent(self, _event: QEvent) -> None:
        """Point at nothing."""
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a column."""
        column = self.column_at(event.position().toPoint())
        if column is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(column)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave the menu to what is around."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from column to column."""
        last = self.columns - 1
        to = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        elif 0 <= to <= last:
            self._choose(to)

    def _choose(self, column: int) -> None:
        self._current = column
        self.update()
        self.chosen.emit(column)

    # -- painting ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return a size with tiles of moderate size."""
        return QSize(self._label_width + 12 * 36, self.height())

    def minimumSizeHint(self) -> QSize:
        """Return a size with tiles that can just be told apart."""
        return QSize(self._label_width + 12 * 20, self.height())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Make the tiles as large as there is width for."""
        self._sheet = None
        self._fit()

    def _fit(self) -> None:
        rows, size = self._blank_rows + self._tiles.shape[0], self._tile_size()
        self.setFixedHeight(2 * _LINE + max(0, rows * (size.height() + _ROW_GAP) - _ROW_GAP))
        self.update()

    def _tile_size(self) -> QSize:
        height, width = self._tiles.shape[2:4]
        room = self.width() - self._label_width - 2 * _LINE - (self.columns - 1) * _GAP
        across = max(1, min(room // max(1, self.columns), _LARGEST))
        return QSize(across, max(1, round(across * height / width)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint names, tiles, and the line around the marked column."""
        if not self._tiles.size:
            return
        painter = QPainter(self)
        self._paint_labels(painter)
        sheet, ratio = self._scaled(), self.devicePixelRatioF()
        size = self._tile_size() * ratio
        for row in range(len(self._tiles)):
            for column in range(self.columns):
                source = QRect(
                    column * size.width(), row * size.height(), size.width(), size.height()
                )
                painter.drawImage(self.tile_rect(row, column), sheet, source)
        if self.hasFocus():
            self._outline(painter, self._current, QPalette.ColorRole.Highlight)
        elif self._marked is not None and self._marked < self.columns:
            self._outline(painter, self._marked, QPalette.ColorRole.WindowText)
        painter.end()

    def _paint_labels(self, painter: QPainter) -> None:
        if not self._label_width:
            return
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        metrics, align = self.fontMetrics(), Qt.AlignmentFlag.AlignLeft
        for row, label in enumerate(self._labels):
            tile = self.tile_rect(row, 0)
            room = QRect(0, tile.top(), self._label_width - 2 * _GAP, tile.height())
            shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, shown)

    def _outline(self, painter: QPainter, column: int, role: QPalette.ColorRole) -> None:
        first, last = self.tile_rect(0, column), self.tile_rect(len(self._tiles) - 1, column)
        rect = first.united(last).adjusted(-_LINE, -_LINE, _LINE, _LINE)
        colour = self.palette().color(role)
        for side in (
            QRect(rect.left(), rect.top(), rect.width(), _LINE),
            QRect(rect.left(), rect.bottom() - _LINE + 1, rect.width(), _LINE),
            QRect(rect.left(), rect.top(), _LINE, rect.height()),
            QRect(rect.right() - _LINE + 1, rect.top(), _LINE, rect.height()),
        ):
            painter.fillRect(side, colour)

    def _scaled(self) -> QImage:
        """Return all tiles at their size on the screen, edge to edge."""
        if self._sheet is None:
            rows, columns, height, width, _ = self._tiles.shape
            flat = self._tiles.reshape(rows * columns, height, width, 3)
            sheet = to_qimage(mosaic(flat, columns, (0, 0), "#000000"))
            size = self._tile_size() * self.devicePixelRatioF()
            # Whole pixels first and smooth ones then: every pixel is as wide as the next one.
            whole = sheet.scaled(sheet.size() * -(-size.width() // width))
            self._sheet = whole.scaled(
                QSize(columns * size.width(), rows * size.height()),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return self._sheet
