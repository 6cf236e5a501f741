"""`Settler`: finds beside the window what a morph lacks, once the mouse rests."""

from __future__ import annotations

from functools import partial
from threading import Event

from qtpy.QtCore import QCoreApplication, QObject, QTimer

from bvae_gui.background import Background
from bvae_gui.endings import when_destroyed
from bvae_gui.state import ExplorerState
from bvae_gui.state.settling import Settled, Settling

# So long nothing moves until the mouse rests.
_PAUSE_MS = 120
# What a newly opened model shows first is painted before SciPy is imported.
_FIRST_PAUSE_MS = 500


class Settler(QObject):
    """Does what the state has left to do of its morph; what moves meanwhile comes first.

    Parameters
    ----------
    state
        Whose morphs it settles.
    parent
        Owns it.
    """

    def __init__(self, state: ExplorerState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._background = Background(self)
        self._is_stopped = False
        self._running: list[Event] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._begin)
        when_destroyed(self, partial(_end, self._running))
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.stop)
        state.bundle_changed.connect(self._wait_for_first)
        state.morph.changed.connect(self._wait)
        self._wait_for_first()

    def stop(self) -> None:
        """Wait for what is being done, which ends soon, and do nothing more."""
        self._is_stopped = True
        self._pause.stop()
        _end(self._running)
        self._background.stop()

    def _wait_for_first(self) -> None:
        self._wait()
        self._pause.start(_FIRST_PAUSE_MS)

    def _wait(self) -> None:
        _end(self._running)
        self._pause.start(_PAUSE_MS)

    def _begin(self) -> None:
        settling = None if self._is_stopped else self._state.morph.unsettled()
        if settling is None:
            return
        moved = Event()
        self._running.append(moved)
        find = partial(settling.find, lambda: not moved.is_set())
        self._background.run(find, partial(self._take, settling, moved))

    def _take(self, settling: Settling, moved: Event, settled: Settled) -> None:
        if not moved.is_set():
            self._state.morph.settle(settling, settled)
            self._pause.start(0)  # there may be more to find


def _end(running: list[Event], *_: object) -> None:
    """Have nobody want any longer what is being found."""
    for moved in running:
        moved.set()
    running.clear()
