"""`Gestures`: which changes of a spin box or a slider belong together."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, Qt, QTimer, Signal
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QWidget

_WHEEL_REST = 400  # ms without a turn of the wheel end a gesture


class Gestures(QObject):
    """Says when a gesture on a control begins and ends, so that one undo takes all of it back.

    A gesture is what happens between press and release of a mouse button or of a key, however
    often the key repeats, or a turn of the wheel without a rest. Escape takes it back.

    Parameters
    ----------
    widget
        A spin box or a slider; owns this.

    Signals
    -------
    began(), ended()
        Always in turn, beginning with the first.
    cancelled()
        Escape was pressed in a gesture, which ends with that.
    """

    began = Signal()
    cancelled = Signal()
    ended = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._is_under_way = False
        self._wheel_rests = QTimer(self, singleShot=True, interval=_WHEEL_REST)
        self._wheel_rests.timeout.connect(self._end)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at an event, and leave it to the widget, but for Escape in a gesture."""
        is_repeated = isinstance(event, QKeyEvent) and event.isAutoRepeat()
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        match event.type():
            case QEvent.Type.KeyPress if is_escape and self._is_under_way:
                self.cancelled.emit()
                self._end()
                return True
            case QEvent.Type.KeyPress | QEvent.Type.MouseButtonPress if not is_repeated:
                self._end()
                self._begin()
            case QEvent.Type.Wheel:
                self._begin()
                self._wheel_rests.start()
            case QEvent.Type.KeyRelease | QEvent.Type.MouseButtonRelease if not is_repeated:
                self._end()
            case QEvent.Type.FocusOut | QEvent.Type.Hide:
                self._end()
            case _:
                pass
        return False

    def _begin(self) -> None:
        if not self._is_under_way:
            self._is_under_way = True
            self.began.emit()

    def _end(self) -> None:
        self._wheel_rests.stop()
        if self._is_under_way:
            self._is_under_way = False
            self.ended.emit()
