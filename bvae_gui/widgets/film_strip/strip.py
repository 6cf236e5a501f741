"""`FilmStrip`: shows the frames of a morph, and is used by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from qtpy.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from bvae_gui.widgets.film_strip.layout import StripLayout, arrange
from bvae_gui.widgets.film_strip.sheet import edge_to_edge, with_gaps
from bvae_gui.widgets.film_strip.words import LINE, StripWords

_LEAST = 40  # narrower frames wrap into rows
_BAND = 18  # room for an anchor's letter under its frame
_MARGIN = 20  # or beside it in a grid
_LEAST_IN_ROWS = 32  # smaller frames of named rows would not be seen; the rows scroll then
_GAP_IN_ROWS = 4
#: What single keys do, for people to read.
HELP = (
    ("Arrow keys", "Go to another frame"),
    ("Enter", "Pin the frame's place"),
)
_NO_IMAGES: NDArray[np.uint8] = np.empty((0, 1, 1, 3), np.uint8)


class FilmStrip(QWidget):
    """Frames that are chosen by mouse and arrow keys, the anchors' underlined and lettered.

    A strip is one row as wide as there is room, or several where frames would become too small; a
    grid has as many columns as it is given. The rows of a grid may have names; it then asks for
    the height that lets them be seen, and without names for one that has all rows in it. Frames
    are drawn in whole pixels of the screen.

    Signals
    -------
    frame_chosen(index)
        A frame was clicked, dragged over or reached by key.
    frame_pinned(index)
        A frame was double-clicked, or Return was pressed on it.
    held(is_held)
        A mouse button was pressed on a frame, or is no more.
    menu_requested(index, position)
        A frame was right-clicked, at a global position.
    """

    frame_chosen = Signal(int)
    frame_pinned = Signal(int)
    held = Signal(bool)
    menu_requested = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = _NO_IMAGES
        self._index: NDArray[np.int64] | None = None
        self._columns: int | None = None
        self._words = StripWords()
        self._current = 0
        self._describe: Callable[[int], str] | None = None
        self._is_dragged = False
        self._layout: StripLayout | None = None
        self._sheet: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Frames of the morph")

    # -- what it shows -----------------------------------------------------------------------

    def set_frames(
        self,
        images: NDArray[np.uint8] | None,
        *,
        index: NDArray[np.int64] | None = None,
        columns: int | None = None,
        anchors: Mapping[int, str] | None = None,
        captions: Mapping[int, str] | None = None,
        rows: Sequence[str] = (),
        faint_rows: Iterable[int] = (),
    ) -> None:
        """Show other frames.

        Parameters
        ----------
        images
            (m, H, W, 3) uint8, m ≥ 1, or None for none.
        index
            Of a grid, for each frame which of the images it shows, (n,); by default each its own.
        columns
            Frames in a row of a grid; None makes it a strip.
        anchors
            Letters of the anchors by their frames.
        captions
            Other words, by the frames that they stand under; not in a grid.
        rows
            Names of a grid's rows, or none.
        faint_rows
            Indices of rows whose names are written faintly.
        """
        in_grid = columns is not None
        words = StripWords(
            dict(anchors or {}),
            {} if in_grid else dict(captions or {}),
            tuple(rows),
            frozenset(faint_rows),
            in_grid,
        )
        before = self.count, self._images.shape[1:], self._columns, self._words
        self._images = _NO_IMAGES if images is None else images
        self._index, self._sheet = index, None
        self._columns, self._words = columns, words
        if (self.count, self._images.shape[1:], columns, words) != before:
            self._layout = None
            self.setMinimumHeight(self._height_of_rows())
        self._current = max(0, min(self._current, self.count - 1))
        self.update()

    def set_current(self, index: int) -> None:
        """Mark a frame, counted from 0, as the one that is shown."""
        before, self._current = self._current, index
        if self.count:
            self.setAccessibleDescription(f"Frame {index + 1} of {self.count}")
            self.update(self._marked_rect(before))
            self.update(self._marked_rect(index))

    def set_describe(self, describe: Callable[[int], str]) -> None:
        """Ask this for a frame's tooltip."""
        self._describe = describe

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self._images) if self._index is None else len(self._index)

    @property
    def current(self) -> int:
        """The frame that is marked, counted from 0."""
        return self._current

    @property
    def rows(self) -> int:
        """How many rows the frames are in."""
        return self._arranged().rows if self.count else 0

    @property
    def row_names(self) -> tuple[str, ...]:
        """The names of its rows; empty if they have none."""
        return self._words.rows

    @property
    def faint_rows(self) -> frozenset[int]:
        """The rows whose names are faint."""
        return self._words.faint_rows

    def frame_rect(self, index: int) -> QRect:
        """Return where a frame is, in this widget's coordinates."""
        layout, ratio = self._arranged(), self.devicePixelRatioF()
        left, top = layout.corner(index)
        width, height = layout.tile
        return QRect(
            round(left / ratio), round(top / ratio), round(width / ratio), round(height / ratio)
        )

    def frame_at(self, position: QPoint) -> int | None:
        """Return the frame at a point of this widget."""
        if not self.count:
            return None
        ratio = self.devicePixelRatioF()
        return self._arranged().index_at(position.x() * ratio, position.y() * ratio)

    def sizeHint(self) -> QSize:
        """Return a size for a dozen frames in a row."""
        return QSize(12 * 64, 64 + _BAND)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which frames can just be told apart."""
        return QSize(160, _LEAST + _BAND)

    # -- mouse and keys ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the frame that is pressed on."""
        index = self.frame_at(event.position().toPoint())
        self._drag(event.button() == Qt.MouseButton.LeftButton and index is not None)
        if self._is_dragged:
            self.frame_chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the frames that are dragged over, and beyond the ends the outermost ones."""
        if not self._is_dragged:
            return
        ratio, position = self.devicePixelRatioF(), event.position()
        index = self._arranged().nearest(position.x() * ratio, position.y() * ratio)
        if index != self._current:
            self.frame_chosen.emit(index)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End a drag."""
        self._drag(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """End a drag: nobody hears of its end."""
        self._drag(False)
        super().hideEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pin the frame."""
        index = self.frame_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self.frame_pinned.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another frame, or pin this one."""
        if not self.count:
            super().keyPressEvent(event)
            return
        columns, last = self._arranged().columns, self.count - 1
        match event.key():
            case Qt.Key.Key_Left:
                index = self._current - 1
            case Qt.Key.Key_Right:
                index = self._current + 1
            case Qt.Key.Key_Up:
                index = self._current - columns
            case Qt.Key.Key_Down:
                index = self._current + columns
            case Qt.Key.Key_Home:
                index = 0
            case Qt.Key.Key_End:
                index = last
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.frame_pinned.emit(self._current)
                return
            case _:
                super().keyPressEvent(event)
                return
        if 0 <= index <= last and index != self._current:
            self.frame_chosen.emit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu, by mouse or by key."""
        if not self.count:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            position = self.frame_rect(self._current).center()
        else:
            position = event.pos()
        index = self.frame_at(position)
        if index is not None:
            self.menu_requested.emit(index, self.mapToGlobal(position))

    def event(self, event: QEvent) -> bool:
        """Show a frame's tooltip; arrange anew on another screen."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.frame_at(event.pos())
            if index is None or self._describe is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(
                    event.globalPos(), self._describe(index), self, self.frame_rect(index)
                )
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._rearrange()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Paint gaps in the colour of another ground."""
        if event.type() == QEvent.Type.PaletteChange:
            self._sheet = None
            self.update()
        super().changeEvent(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Arrange the frames anew."""
        self._rearrange()

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frames that are in need of it."""
        if not self.count:
            return
        layout, ratio = self._arranged(), self.devicePixelRatioF()
        sheet = self._tiles()
        dirty = event.rect()
        exposed = QRect(dirty.topLeft() * ratio, dirty.size() * ratio).adjusted(-1, -1, 1, 1)
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)  # from here on in pixels of the screen
        if self._columns is None:
            self._paint_frames(painter, layout, sheet, exposed)
        else:  # whose sheet has the gaps in it
            corner = QPoint(*layout.corner(0))
            seen = exposed.intersected(QRect(corner, sheet.size()))
            painter.drawImage(seen, sheet, seen.translated(-corner))
        self._words.paint(painter, layout, ratio, self.palette(), self.font())
        self._paint_mark(painter, layout, ratio)
        painter.end()

    def _paint_frames(
        self, painter: QPainter, layout: StripLayout, sheet: QImage, exposed: QRect
    ) -> None:
        width, height = layout.tile
        for index in range(layout.count):
            left, top = layout.corner(index)
            if exposed.intersects(QRect(left, top, width, height)):
                row, column = divmod(index, layout.columns)
                source = QRect(column * width, row * height, width, height)
                painter.drawImage(QPoint(left, top), sheet, source)

    def _paint_mark(self, painter: QPainter, layout: StripLayout, ratio: float) -> None:
        """Draw a line around the current frame, in vermilion where keys reach it."""
        role = QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.WindowText
        line = max(1, round(LINE * ratio))
        (left, top), (width, height) = layout.corner(self._current), layout.tile
        colour = self.palette().color(role)
        for x, y, wide, high in (
            (left - line, top - line, width + 2 * line, line),
            (left - line, top + height, width + 2 * line, line),
            (left - line, top, line, height),
            (left + width, top, line, height),
        ):
            painter.fillRect(x, y, wide, high, colour)

    def _tiles(self) -> QImage:
        """Return all frames at their size on the screen in rows; those of a grid with its gaps."""
        if self._sheet is None:
            layout = self._arranged()
            if self._columns is None:
                self._sheet = edge_to_edge(self._images, layout)
            else:
                ground = self.palette().color(QPalette.ColorRole.Window)
                self._sheet = with_gaps(self._images, self._index, layout, ground)
        return self._sheet

    def _marked_rect(self, index: int) -> QRect:
        return self.frame_rect(index).adjusted(-LINE - 1, -LINE - 1, LINE + 1, LINE + 1)

    def _drag(self, is_dragged: bool) -> None:
        if is_dragged != self._is_dragged:
            self._is_dragged = is_dragged
            self.held.emit(is_dragged)

    def _rearrange(self) -> None:
        self._layout = self._sheet = None
        self.update()

    def _arranged(self) -> StripLayout:
        if self._layout is None:
            ratio = self.devicePixelRatioF()
            words, in_grid = self._words, self._columns is not None
            margin = _MARGIN if words.are_at_frames and in_grid else LINE
            names = words.width_of_names(self.font())
            self._layout = arrange(
                self.count,
                self._images.shape[1:3],
                (int(self.width() * ratio), int(self.height() * ratio)),
                columns=self._columns,
                band=round(_BAND * ratio) if words.are_at_frames and not in_grid else 0,
                edge=(round(margin * ratio), round(LINE * ratio)),
                left=round(names * ratio),
                least=round(_LEAST * ratio),
            )
        return self._layout

    def _height_of_rows(self) -> int:
        """Return the height that lets a grid's named rows be told apart, and has all of others."""
        height, width = map(int, self._images.shape[1:3])
        if self._columns is None:
            return 0
        if not self._words.rows:
            rows = -(-self.count // self._columns)
            return rows * max(1, round(height / width)) + 2 * LINE  # tiles of a single pixel
        tile = max(_LEAST_IN_ROWS, round(_LEAST_IN_ROWS * height / width))
        return len(self._words.rows) * (tile + _GAP_IN_ROWS) + 2 * LINE
