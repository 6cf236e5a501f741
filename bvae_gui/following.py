"""`Following`: what nobody reads in motion follows it, a part at a time."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QObject, QTimer

#: Milliseconds from one part to the next: two of them follow thirty times a second.
PAUSE_MS = 16


class Following(QObject):
    """Brings the parts of a panel up to date in turn, so that no moved mouse waits for all of them.

    Parameters
    ----------
    *parts
        Each shows something that has changed.
    parent
        Whose end is also this one's.
    pause
        Milliseconds from one part to the next.
    """

    def __init__(self, *parts: Callable[[], None], parent: QObject, pause: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self._parts = parts
        self._due: list[Callable[[], None]] = []
        self._pause = pause
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._show)

    def ask(self) -> None:
        """All parts have something to show, each once however often it is asked for meanwhile."""
        self._due += [part for part in self._parts if part not in self._due]
        if not self._next.isActive():
            self._next.start(self._pause)

    def ask_later(self, milliseconds: int) -> None:
        """Do what `ask` does, but begin after a while."""
        self.ask()
        self._next.start(milliseconds)

    def _show(self) -> None:
        part = self._due.pop(0)
        if self._due:
            self._next.start(self._pause)
        part()
