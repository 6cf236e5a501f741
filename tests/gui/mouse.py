"""A mouse, a wheel and a keyboard for one widget: every event as Qt would send it."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from qtpy.QtWidgets import QApplication, QWidget

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton


class Mouse:
    """Moves over a widget; after each event the window paints what has changed."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._held = Qt.MouseButton.NoButton
        self._at = QPointF(0, 0)

    def move(self, to: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self._at = QPointF(to)
        self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton, keys)

    def press(
        self,
        at: QPointF,
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NONE,
        kind: QEvent.Type = QEvent.Type.MouseButtonPress,
    ) -> None:
        self._at, self._held = QPointF(at), button
        self._send(kind, button, keys)

    def release(self, keys: Qt.KeyboardModifier = NONE) -> None:
        button, self._held = self._held, Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseButtonRelease, button, keys)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self.press(at, keys=keys)
        self.release(keys)

    def double_click(self, at: QPointF) -> None:
        self.click(at)
        self.press(at, kind=QEvent.Type.MouseButtonDblClick)
        self.release()

    def drag(
        self,
        start: QPointF,
        *way: QPointF,
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NONE,
    ) -> None:
        """Press, move and let go."""
        self.press(start, button, keys)
        for place in way:
            self.move(place, keys)
        self.release(keys)

    def leave(self) -> None:
        self._deliver(QEvent(QEvent.Type.Leave))

    def turn_wheel(self, at: QPointF, notches: float) -> None:
        glob = QPointF(self._widget.mapToGlobal(at.toPoint()))
        self._deliver(
            QWheelEvent(
                at, glob, QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, NONE,
                Qt.ScrollPhase.NoScrollPhase, False,
            )
        )  # fmt: skip

    def ask_for_menu(self, at: QPointF, *, by_key: bool = False) -> None:
        reason = QContextMenuEvent.Reason
        why = reason.Keyboard if by_key else reason.Mouse
        point = at.toPoint()
        self._deliver(QContextMenuEvent(why, point, self._widget.mapToGlobal(point)))

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        glob = QPointF(self._widget.mapToGlobal(self._at.toPoint()))
        self._deliver(QMouseEvent(kind, self._at, glob, button, self._held, keys))

    def _deliver(self, event: QEvent) -> None:
        QApplication.sendEvent(self._widget, event)
        QApplication.processEvents()
