"""`OriginalsLoader`: brings the open model's original images to hand while the window lives on."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from qtpy.QtCore import QCoreApplication, QObject, QTimer, Signal

from bvae_core.errors import BvaeError
from bvae_gui.endings import when_destroyed
from bvae_gui.returning import returning
from bvae_gui.state import ExplorerState

if TYPE_CHECKING:
    from bvae_core.originals import Originals

    Search: TypeAlias = Callable[[Callable[[], bool]], Originals | None]

# The search waits until a newly opened model has been painted.
_DELAY_MS = 500
# A child process that reads for us gets so long to end with the program.
_END_SECONDS = 1.0


class OriginalsLoader(QObject):
    """Looks for the images of each model that is opened, and gives them to the state.

    A bundle with codes of other images than those it was trained on is left to who made them.

    A newer search, or another model, stops the search before it; what that still brings is
    dropped.

    Parameters
    ----------
    state
        Whose models it serves.
    parent
        Owns it.

    Signals
    -------
    busy_changed(busy)
        A search began, or the last one ended.
    failed(sentence)
        The images were not where somebody said.
    """

    busy_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self, state: ExplorerState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._searches: dict[threading.Event, threading.Thread] = {}
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_DELAY_MS)
        self._delay.timeout.connect(self.find)
        self._ended = returning(self._take)
        when_destroyed(self, functools.partial(_stop, self._searches))
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._finish)
        state.bundle_changed.connect(self._find_soon)
        self._find_soon()

    @property
    def busy(self) -> bool:
        """Whether a search goes on."""
        return bool(self._searches)

    def find(self) -> None:
        """Look where the images of the open model were last."""
        bundle = self._state.model

        def search(should_stop: Callable[[], bool]) -> Originals | None:
            from bvae_core.originals import find_originals

            return find_originals(bundle, should_stop=should_stop)

        self._begin(search)

    def locate(self, source: str, data_dir: Path | None = None) -> None:
        """Look where somebody says the images of the open model are.

        Parameters
        ----------
        source, data_dir
            As `bvae_core.originals.locate_originals` has them.
        """
        bundle = self._state.model

        def search(should_stop: Callable[[], bool]) -> Originals | None:
            from bvae_core.originals import locate_originals

            return locate_originals(bundle, source, data_dir, should_stop=should_stop)

        self._begin(search)

    def stop(self) -> None:
        """Give up searching."""
        self._delay.stop()
        if self._searches:
            _stop(self._searches)
            self.busy_changed.emit(False)

    def _find_soon(self) -> None:
        self.stop()
        bundle = self._state.bundle
        if bundle is not None and bundle.codes_of is None:  # else whoever encoded them has them
            self._delay.start()

    def _begin(self, search: Search) -> None:
        self.stop()
        stop = threading.Event()

        def run() -> None:
            found, problem = None, ""
            try:
                found = search(stop.is_set)
            except BvaeError as error:
                problem = str(error)
            finally:
                self._ended(stop, found, problem)

        thread = threading.Thread(target=run, name="originals", daemon=True)
        self._searches[stop] = thread
        self.busy_changed.emit(True)
        thread.start()

    def _take(self, stop: threading.Event, found: Originals | None, problem: str) -> None:
        if self._searches.pop(stop, None) is None:
            return
        self.busy_changed.emit(False)
        if problem:
            self.failed.emit(problem)
        elif found is not None:
            self._state.set_originals(found)

    def _finish(self) -> None:
        threads = list(self._searches.values())
        self.stop()
        for thread in threads:
            thread.join(_END_SECONDS)


def _stop(searches: dict[threading.Event, threading.Thread], *_: object) -> None:
    for stop in searches:
        stop.set()
    searches.clear()
