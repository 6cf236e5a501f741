"""Ending like any program when Ctrl-C is typed in the terminal, or the session ends."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from qtpy.QtCore import QObject, QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Signals(QObject):
    """Calls a function of the window's thread when the process is asked to end.

    While Qt waits for events, Python handles no signals: a byte in a socket wakes it.

    Parameters
    ----------
    act
        Called for each such signal.
    parent
        Whose end is also this one's.
    """

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno())
        for number in _SIGNALS:
            signal.signal(number, lambda *_: None)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def _wake(self) -> None:
        if set(self._reader.recv(64)) & set(_SIGNALS):
            self._act()
