"""`Background`: work that would make the window wait, done beside it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from qtpy.QtCore import QObject, Signal

from bvae_gui.returning import returning

T = TypeVar("T")


class Background(QObject):
    """One thread that does one thing after another; only the result of the last is wanted.

    Parameters
    ----------
    parent
        Whose end is also this one's.

    Signals
    -------
    busy_changed(bool)
        Whether there is something to wait for.
    """

    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._wanted: tuple[Future[Any], Callable[[Any], None]] | None = None
        self._ended = returning(self._finish)

    def run(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do `work` in the thread and hand its result to `then` in the window's thread.

        What `work` raises is raised in the window's thread. `then` isn't called if something else
        is run before it.

        Parameters
        ----------
        work
            Touches no widget.
        then
            Called with what `work` returns.
        """
        if self._wanted is not None:
            unwanted, _ = self._wanted
            self._wanted = None  # before it is cancelled, since it ends with that
            unwanted.cancel()
        future = self._thread.submit(work)
        self._wanted = future, then
        self.busy_changed.emit(True)
        future.add_done_callback(self._ended)

    def stop(self) -> None:
        """Wait for what is being done, and do nothing more."""
        self._wanted = None
        self._thread.shutdown(cancel_futures=True)

    def _finish(self, ended: Future[Any]) -> None:
        if self._wanted is None or ended is not self._wanted[0]:
            return
        _, then = self._wanted
        self._wanted = None
        self.busy_changed.emit(False)
        then(ended.result())
