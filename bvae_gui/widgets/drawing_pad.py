"""`DrawingPad`: a small canvas, a brush and an eraser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPointingDevice,
    QTabletEvent,
)
from qtpy.QtWidgets import QSizePolicy, QWidget

from bvae_gui.widgets.pixels import memory

# A canvas has about so many pixels on its longer side, a whole number for each of the image's.
_SIDE = 252
#: Widths of the brush, as shares of the canvas's shorter side: the least, the usual, the largest.
BRUSH = (0.02, 0.09, 0.3)
# The keys move the pen by so much of the shorter side, with Shift by an eighth of that.
_STEP = 1 / 16
_HINT = "Draw here"
#: What single keys do, for people to read.
HELP = (
    ("Arrow keys", "Move the pen, with Shift a little"),
    ("Space", "Put the pen down, or lift it"),
    ("[ or ]", "Take a finer or a broader brush"),
    ("E", "Take the eraser, or the brush again"),
    ("Delete", "Clear it"),
)
# The grey of words on the canvas.
_QUIET = 150


class DrawingPad(QWidget):
    """One draws on it with a mouse, a pen (whose pressure counts) or the keyboard.

    The arrow keys move the pen, Space puts it down or lifts it, ``[`` and ``]`` choose the brush,
    E takes the eraser and Delete clears.

    Parameters
    ----------
    parent
        The widget that it lies on.

    Attributes
    ----------
    brush
        The brush's width as a share of the canvas's shorter side.
    is_erasing
        Whether it takes ink away.

    Signals
    -------
    stroke_began(), stroke_ended()
        Around what is drawn in one go; clearing is a stroke, too.
    drawn()
        `pixels` are others.
    tool_changed()
        The keys chose another brush, or the eraser.
    """

    stroke_began = Signal()
    drawn = Signal()
    stroke_ended = Signal()
    tool_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.brush = BRUSH[1]
        self.is_erasing = False
        self._colours = [QColor(grey, grey, grey).rgb() for grey in range(256)]
        self._shown = QImage()  # the canvas in colours, until it changes
        self._from: QPointF | None = None  # where the stroke is; None while the pen is up
        self._by_keys = False
        self._pen = QPointF()
        self.set_format((28, 28))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription(
            "Arrow keys move the pen, Space puts it down or lifts it, [ and ] choose the brush, "
            "E takes the eraser, Delete clears."
        )

    # -- the canvas --------------------------------------------------------------------------

    def set_format(self, size: tuple[int, int]) -> None:
        """Take an empty canvas of an image's proportions, (H, W)."""
        times = max(1, _SIDE // max(size))
        self._size = QSize(times * size[1], times * size[0])
        self.wipe()
        self._pen = QRectF(self._canvas.rect()).center()
        self.updateGeometry()

    def set_ink(self, ramp: NDArray[np.uint8]) -> None:
        """Show the greys 0 to 255, no ink to full ink, in these colours, (256, 3) uint8."""
        self._colours = [QColor(*colour).rgb() for colour in ramp.tolist()]
        self._changed()

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The canvas, (h, w) uint8: 0 where there is no ink, 255 where there is."""
        canvas = self._canvas
        rows = np.frombuffer(memory(canvas), np.uint8).reshape(canvas.height(), -1)
        return rows[:, : canvas.width()].copy()

    def set_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Show what was drawn before, (h, w) uint8; the canvas is of its size until it is wiped."""
        height, width = pixels.shape
        image = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
        self._canvas = image.copy()
        self._lift()
        self._changed()

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink."""
        return not self.pixels.any()

    def wipe(self) -> None:
        """Take all ink away, without a signal."""
        self._canvas = QImage(self._size, QImage.Format.Format_Grayscale8)
        self._canvas.fill(0)
        self._lift()
        self._changed()

    def clear(self) -> None:
        """Take all ink away, as the user."""
        if not self.is_empty:
            self.wipe()
            self.stroke_began.emit()
            self.drawn.emit()
            self.stroke_ended.emit()

    def _changed(self) -> None:
        self._shown = QImage()
        self.update()

    # -- drawing -----------------------------------------------------------------------------

    def _begin(self, at: QPointF, width: float, *, erases: bool) -> None:
        self._from = at
        self.stroke_began.emit()
        self._draw_to(at, width, erases=erases)

    def _draw_to(self, at: QPointF, width: float, *, erases: bool) -> None:
        """Draw a line of so many pixels' width from where the stroke is."""
        if self._from is None:
            return
        painter = QPainter(self._canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(0, 0, 0) if erases else QColor(255, 255, 255)
        if at == self._from:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(at, width / 2, width / 2)
        else:
            pen = QPen(ink, width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawLine(self._from, at)
        painter.end()
        self._from = self._pen = at
        self._changed()
        self.drawn.emit()

    def _lift(self) -> bool:
        """Take the pen off the canvas, if it is on it."""
        was_down, self._from, self._by_keys = self._from is not None, None, False
        return was_down

    def _end(self) -> None:
        if self._lift():
            self.update()
            self.stroke_ended.emit()

    @property
    def _width(self) -> float:
        """The brush's width in pixels of the canvas."""
        return self.brush * min(self._canvas.width(), self._canvas.height())

    # -- mouse and pen -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; with the right button, one of the eraser."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._end()
            erases = self.is_erasing or event.button() == Qt.MouseButton.RightButton
            self._begin(self._on_canvas(event.position()), self._width, erases=erases)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if event.buttons() and not self._by_keys:
            erases = self.is_erasing or bool(event.buttons() & Qt.MouseButton.RightButton)
            self._draw_to(self._on_canvas(event.position()), self._width, erases=erases)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the stroke."""
        if not self._by_keys:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen: the harder it is pressed, the broader; its other end erases."""
        event.accept()  # so that no mouse event is made of it
        at = self._on_canvas(event.position())
        width = self._width * (0.4 + 1.2 * event.pressure())
        turned = event.pointerType() == QPointingDevice.PointerType.Eraser
        erases = self.is_erasing or turned
        match event.type():
            case QEvent.Type.TabletPress:
                self._end()
                self._begin(at, width, erases=erases)
            case QEvent.Type.TabletMove if event.buttons():
                self._draw_to(at, width, erases=erases)
            case QEvent.Type.TabletRelease:
                self._end()

    # -- keyboard ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pen, put it down, and so on."""
        key, keys = event.key(), Qt.Key
        if key in _DIRECTIONS:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_pen(QPointF(*_DIRECTIONS[key]), fine=fine)
        elif key == keys.Key_Space and not event.isAutoRepeat():
            self._put_down_or_lift()
        elif key in (keys.Key_BracketLeft, keys.Key_BracketRight):
            self.set_brush(self.brush * (1.25 if key == keys.Key_BracketRight else 0.8))
            self.tool_changed.emit()
        elif key == keys.Key_E:
            self.is_erasing = not self.is_erasing
            self.tool_changed.emit()
        elif key in (keys.Key_Delete, keys.Key_Backspace):
            self.clear()
        elif key == keys.Key_Escape and self._by_keys:
            self._end()
        else:
            super().keyPressEvent(event)

    def set_brush(self, share: float) -> None:
        """Take a brush of this width, or the nearest there is."""
        self.brush = min(max(share, BRUSH[0]), BRUSH[2])
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the pen is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End a stroke of the keys."""
        super().focusOutEvent(event)
        if self._by_keys:
            self._end()
        self.update()

    def _put_down_or_lift(self) -> None:
        if self._by_keys:
            self._end()
        elif self._from is None:
            self._by_keys = True
            self._begin(self._pen, self._width, erases=self.is_erasing)

    def _move_pen(self, direction: QPointF, *, fine: bool) -> None:
        step = _STEP * min(self._canvas.width(), self._canvas.height()) * (1 / 8 if fine else 1)
        to = self._pen + direction * step
        to = QPointF(
            min(max(to.x(), 0), self._canvas.width()), min(max(to.y(), 0), self._canvas.height())
        )
        if self._by_keys:
            self._draw_to(to, self._width, erases=self.is_erasing)
        self._pen = to
        self.update()

    # -- how it looks ------------------------------------------------------------------------

    def canvas_rect(self) -> QRectF:
        """Return where the canvas is, in this widget's coordinates."""
        size = self._canvas.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        top = (self.height() - size.height()) / 2
        return QRectF(0, top, size.width(), size.height())

    def on_widget(self, x: float, y: float) -> QPointF:
        """Return where a place of the canvas is, given in shares of its width and height."""
        room = self.canvas_rect()
        return QPointF(room.x() + x * room.width(), room.y() + y * room.height())

    def _on_canvas(self, position: QPointF) -> QPointF:
        room = self.canvas_rect()
        times = self._canvas.width() / max(1.0, room.width())
        return (position - room.topLeft()) * times

    def sizeHint(self) -> QSize:
        """Return a canvas that is drawn on easily."""
        return self._canvas.size().scaled(QSize(160, 160), Qt.AspectRatioMode.KeepAspectRatio)

    def minimumSizeHint(self) -> QSize:
        """Return half of it."""
        return self.sizeHint() / 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the canvas, and the pen where the keys have it."""
        if self._shown.isNull():
            self._shown = self._inked()
        room = self.canvas_rect()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(room, self._shown)
        colours = self.palette()
        edge = colours.color(
            QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Mid
        )
        painter.setPen(edge)
        painter.drawRect(room.adjusted(0, 0, -1, -1))
        if self._from is None and self.is_empty:
            painter.setPen(QColor.fromRgb(self._colours[_QUIET]))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, _HINT)
        if self.hasFocus():
            self._paint_pen(painter, room)
        painter.end()

    def _inked(self) -> QImage:
        """Return the canvas in colours: its greys are taken as places in the ramp."""
        inked = self._canvas.copy()
        inked.reinterpretAsFormat(QImage.Format.Format_Indexed8)
        inked.setColorTable(self._colours)
        return inked.convertToFormat(QImage.Format.Format_RGB32)

    def _paint_pen(self, painter: QPainter, room: QRectF) -> None:
        """Paint a ring of the brush's width where the pen is; full while it is down."""
        times = room.width() / self._canvas.width()
        radius = max(2.0, self._width * times / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(room)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
        if self._by_keys:
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(room.topLeft() + self._pen * times, radius, radius)


_DIRECTIONS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
