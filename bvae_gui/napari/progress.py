"""`Task`: work beside the viewer, with its progress in napari's activity dock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from napari.utils import cancelable_progress, progress
from qtpy.QtCore import QCoreApplication, QObject, Signal

from bvae_gui.endings import when_destroyed
from bvae_gui.napari.encoding import Stopped
from bvae_gui.napari.notifications import report
from bvae_gui.returning import returning

_END_SECONDS = 5.0

#: Work is handed what tells it to stop, and what it tells how far of how much it is.
IsStopped = Callable[[], bool]
Tell = Callable[[int, int], None]


class Task(QObject):
    """Does one thing at a time in a thread; a newer one stops the one before.

    Parameters
    ----------
    parent
        Whose end is also this one's.

    Signals
    -------
    busy_changed(busy)
        Something began, or nothing goes on any more.
    """

    busy_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._runs: dict[threading.Event, threading.Thread] = {}
        self._then: Callable[[Any], None] | None = None
        self._otherwise: Callable[[], None] | None = None
        self._bar: progress | None = None
        self._told = returning(self._show)
        self._ended = returning(self._finish)
        when_destroyed(self, partial(_stop_all, self._runs))
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def is_busy(self) -> bool:
        """Whether something goes on that is wanted."""
        return self._then is not None

    def run(
        self,
        title: str,
        work: Callable[[IsStopped, Tell], Any],
        then: Callable[[Any], None],
        otherwise: Callable[[], None] | None = None,
    ) -> None:
        """Do `work` in a thread, and hand its result to `then` in this one.

        What it raises is said to the user; `Stopped` ends it in silence.

        Parameters
        ----------
        title
            What is said of it in the activity dock.
        work
            Touches neither widgets nor layers.
        then
            Called unless the work fails, is stopped or is followed by other work.
        otherwise
            Called if it fails, or the user has stopped it.
        """
        self._abandon()
        stop = threading.Event()
        self._then, self._otherwise = then, otherwise
        self._bar = cancelable_progress(total=0, desc=title)
        # napari calls this only in a loop over the bar: so a bar of ours is asked by the work.
        bar = self._bar

        def is_stopped() -> bool:
            return stop.is_set() or bool(bar.is_canceled)

        def run() -> None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = work(is_stopped, partial(self._told, stop))
            except BaseException as raised:  # noqa: BLE001 - it is raised in the other thread
                error = raised
            self._ended(stop, result, error)

        thread = threading.Thread(target=run, name="bvae-task", daemon=True)
        self._runs[stop] = thread
        self.busy_changed.emit(True)
        thread.start()

    def stop(self) -> None:
        """Stop what is being done, and wait until it has ended."""
        threads = list(self._runs.values())
        self._abandon()
        for thread in threads:
            thread.join(_END_SECONDS)

    def _abandon(self) -> None:
        was_busy = self.is_busy
        self._then = self._otherwise = None
        for stop in self._runs:
            stop.set()
        self._close_bar()
        if was_busy:
            self.busy_changed.emit(False)

    def _show(self, stop: threading.Event, done: int, of: int) -> None:
        if stop.is_set() or self._bar is None:
            return
        if self._bar.total != of:
            self._bar.total = of
        self._bar.update(done - self._bar.n)

    def _finish(self, stop: threading.Event, result: Any, error: BaseException | None) -> None:
        self._runs.pop(stop, None)
        if stop.is_set():
            return
        then, otherwise = self._then, self._otherwise
        self._then = self._otherwise = None
        self._close_bar()
        self.busy_changed.emit(False)
        if error is None and then is not None:
            then(result)
            return
        if otherwise is not None:
            otherwise()
        if error is not None and not isinstance(error, Stopped):
            report(error)

    def _close_bar(self) -> None:
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.close()


def _stop_all(runs: dict[threading.Event, threading.Thread]) -> None:
    for stop in runs:
        stop.set()
