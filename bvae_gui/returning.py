"""What other threads tell the window's: the one way back from them.

A thread that emits a signal of the object it works for may do so at the moment that this object is
destroyed, and the process dies of it, with either binding. So they tell one object that is never
destroyed; whether somebody is still there to hear it is asked in the window's thread, where objects
are destroyed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any
from weakref import WeakMethod

from qtpy.QtCore import QObject, Qt, Signal

from bvae_gui.endings import when_destroyed


def returning(method: Callable[..., None]) -> Callable[..., None]:
    """Return what any thread may call to have `method` called in the window's thread.

    It returns at once, in whichever thread; `method` is called later, in the order of the calls,
    and not at all once its object is destroyed.

    Parameters
    ----------
    method
        Bound to a QObject of the window's thread, which is the one that this is called in.
    """
    heard_by = [WeakMethod(method)]
    when_destroyed(method.__self__, heard_by.clear)  # type: ignore[attr-defined]
    sent = _post().sent

    def tell(*news: Any) -> None:
        sent.emit(partial(_hear, heard_by, *news))

    return tell


def _hear(heard_by: list[WeakMethod[Callable[..., None]]], *news: Any) -> None:
    for reference in heard_by:
        if (method := reference()) is not None:
            method(*news)


class _Post(QObject):
    """Carries calls from all threads into the one it was made in."""

    sent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        # Queued, so that nobody hears of something before they have ended asking for it.
        self.sent.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, call: Callable[[], None]) -> None:
        call()


@cache
def _post() -> _Post:
    return _Post()
