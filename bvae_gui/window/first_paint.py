"""Knowing when a widget is first seen."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QEvent, QObject, QTimer
from qtpy.QtWidgets import QWidget


def when_painted(widget: QWidget, act: Callable[[], None]) -> None:
    """Call `act` once the widget's pixels have been painted and sent to the screen."""
    widget.installEventFilter(_Watcher(widget, act))


class _Watcher(QObject):
    """Waits for one paint event of its parent."""

    def __init__(self, widget: QWidget, act: Callable[[], None]) -> None:
        super().__init__(widget)
        self._act = act

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # All of the window is painted and sent before the event loop goes on.
            QTimer.singleShot(0, self._act)
        return False
