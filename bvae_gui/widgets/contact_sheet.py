"""`ContactSheet`: any number of small pictures to look through, made when they come into view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from qtpy.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from qtpy.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from bvae_gui.widgets.pixels import to_qimage

_GAP, _EDGE, _BAR, _CAPTION = 4, 3, 2, 16
_SIDE = 48  # about so many pixels a picture is wide or high
_KEPT = 4096  # pictures that are kept for when they come into view again
#: What single keys do, for people to read.
HELP = (
    ("Arrow keys", "Pin another image's place"),
    ("Enter", "Bring the map there, too"),
)

Pictures = Callable[[NDArray[np.int64]], NDArray[np.uint8]]


class ContactSheet(QAbstractScrollArea):
    """Shows pictures by their indices, in rows as wide as it is.

    A click or an arrow key chooses a picture, a double click or Enter opens it.

    Parameters
    ----------
    parent
        The widget that it lies on.

    Attributes
    ----------
    indices
        Of what is shown, (k,) int64.

    Signals
    -------
    chosen(index), opened(index)
        What the user chose or opened, by its own index.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.indices: NDArray[np.int64] = np.empty(0, np.int64)
        self._captions: Sequence[str] = ()
        self._current = 0
        self._nothing = ""
        self._tile = QSize(_SIDE, _SIDE)
        self._take: Pictures | None = None
        self._kept: dict[int, QImage] = {}
        self._colour_of: Callable[[int], str | None] = lambda _: None
        self._describe: Callable[[int], str] = str
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAutoFillBackground(False)
        self.setMinimumSize(3 * _SIDE, 2 * _SIDE)

    # -- what is shown -----------------------------------------------------------------------

    def set_pictures(
        self,
        take: Pictures,
        size: QSize,
        *,
        colour_of: Callable[[int], str | None],
        describe: Callable[[int], str],
    ) -> None:
        """Say what pictures look like; all are made anew.

        Parameters
        ----------
        take
            Gives the pictures of some indices, (k, H, W, 3) uint8.
        size
            Of each, in pixels of its own.
        colour_of
            Gives the colour of the line below a picture, or None.
        describe
            Says what a picture is, in a line or two.
        """
        self._take, self._colour_of, self._describe = take, colour_of, describe
        longer = max(size.width(), size.height(), 1)
        times = max(1, round(_SIDE / longer))
        self._tile = size * times if longer <= 2 * _SIDE else size * (_SIDE / longer)
        self._kept.clear()
        self._fit()

    def set_images(self, indices: NDArray[np.int64], captions: Sequence[str] = ()) -> None:
        """Show these, with a word below each where there are captions; others from the first on."""
        if not np.array_equal(indices, self.indices):
            self._current = 0
            self.verticalScrollBar().setValue(0)
        self.indices, self._captions = indices, captions
        self._fit()
        self._tell()

    def set_nothing(self, words: str) -> None:
        """Say this where there is nothing to show."""
        self._nothing = words
        self.viewport().update()

    @property
    def current(self) -> int | None:
        """The index of the picture that the keys are at, or None."""
        return int(self.indices[self._current]) if len(self.indices) else None

    @property
    def columns(self) -> int:
        """How many pictures are in a row."""
        return max(1, (self.viewport().width() - 2 * _EDGE + _GAP) // (self._tile.width() + _GAP))

    def rect_of(self, position: int) -> QRect:
        """Return where the picture at a position, counted from 0, is on the viewport."""
        row, column = divmod(position, self.columns)
        top = _EDGE + row * self._row_height - self.verticalScrollBar().value()
        return QRect(QPoint(_EDGE + column * (self._tile.width() + _GAP), top), self._tile)

    def position_at(self, point: QPoint) -> int | None:
        """Return the position of the picture at a point of the viewport, or None."""
        row = (point.y() - _EDGE + self.verticalScrollBar().value()) // self._row_height
        column = (point.x() - _EDGE) // (self._tile.width() + _GAP)
        position = row * self.columns + column
        fits = row >= 0 and 0 <= column < self.columns and position < len(self.indices)
        return position if fits else None

    @property
    def _row_height(self) -> int:
        return self._tile.height() + _BAR + _GAP + (_CAPTION if self._captions else 0)

    def _fit(self) -> None:
        rows = -(-len(self.indices) // self.columns)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, 2 * _EDGE + rows * self._row_height - _GAP - height))
        bar.setPageStep(height)
        bar.setSingleStep(self._row_height)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the width, and keep what the keys are at in view."""
        super().resizeEvent(event)
        self._fit()

    # -- mouse and keys ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a picture."""
        position = self.position_at(event.position().toPoint())
        if position is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a picture."""
        position = self.position_at(event.position().toPoint())
        if position is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(int(self.indices[position]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from picture to picture, and open one."""
        key, page = Qt.Key(event.key()), self.viewport().height() // self._row_height or 1
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
            Qt.Key.Key_PageUp: -page * self.columns,
            Qt.Key.Key_PageDown: page * self.columns,
            Qt.Key.Key_Home: -self._current,
            Qt.Key.Key_End: len(self.indices) - 1 - self._current,
        }
        if not len(self.indices) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(int(self.indices[self._current]))
        elif key in steps:
            self._choose(min(max(self._current + steps[key], 0), len(self.indices) - 1))
        else:
            super().keyPressEvent(event)

    def _choose(self, position: int) -> None:
        self._current = position
        rect, height = self.rect_of(position), self.viewport().height()
        above, below = rect.top() - _EDGE, rect.top() + self._row_height - height
        bar = self.verticalScrollBar()
        if above < 0 or below > 0:
            bar.setValue(bar.value() + (above if above < 0 else below))
        self.viewport().update()
        self._tell()
        self.chosen.emit(int(self.indices[position]))

    def _tell(self) -> None:
        """Say where the keys are to those who can't see it."""
        if self.current is not None:
            self.setAccessibleDescription(self._describe(self.current))

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the picture under the pointer is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            position = self.position_at(event.pos())
            if position is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._describe(int(self.indices[position])))
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where keys start from."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        super().focusOutEvent(event)
        self.viewport().update()

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what is in view."""
        painter = QPainter(self.viewport())
        if not len(self.indices) or self._take is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            words = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
            painter.drawText(self.viewport().rect(), words, self._nothing)
            painter.end()
            return
        top = self.verticalScrollBar().value()
        first = max(0, (top - _EDGE) // self._row_height) * self.columns
        rows = self.viewport().height() // self._row_height + 2
        seen = self.indices[first : first + rows * self.columns]
        self._make(seen)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for offset, index in enumerate(seen.tolist()):
            self._paint_one(painter, first + offset, index)
        painter.end()

    def _make(self, seen: NDArray[np.int64]) -> None:
        """Make the pictures that are in view and that there are none of yet, at once."""
        missing = np.array([i for i in seen.tolist() if i not in self._kept], np.int64)
        if not len(missing) or self._take is None:
            return
        if len(self._kept) + len(missing) > _KEPT:
            in_view = set(seen.tolist())
            self._kept = {i: image for i, image in self._kept.items() if i in in_view}
        for index, picture in zip(missing.tolist(), self._take(missing), strict=True):
            self._kept[index] = to_qimage(picture)

    def _paint_one(self, painter: QPainter, position: int, index: int) -> None:
        rect, colour = self.rect_of(position), self._colour_of(index)
        painter.drawImage(rect, self._kept[index])
        if colour is not None:
            bar = QRect(rect.left(), rect.bottom() + 1, rect.width(), _BAR)
            painter.fillRect(bar, QColor(colour))
        palette = self.palette()
        if self._captions:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            room = QRect(rect.left() - _GAP, rect.bottom() + 1 + _BAR, rect.width() + 2 * _GAP, 0)
            room.setHeight(_CAPTION)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._captions[position])
        if position == self._current and self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(rect.adjusted(-1, -1, 1, _BAR + 1))
