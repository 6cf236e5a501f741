"""`StoreWorker`: the store of models, read and changed in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from qtpy.QtCore import QCoreApplication, QFileSystemWatcher, QObject, QTimer, Signal

from bvae_core.errors import BvaeError, StoreError
from bvae_core.store import Store
from bvae_gui.endings import when_destroyed
from bvae_gui.panels.library.cards import Card, demo_card, read_cards
from bvae_gui.returning import returning

T = TypeVar("T")

_PAUSE_MS = 200  # so that a training's end, many changes at once, is one refresh


class StoreWorker(QObject):
    """Does one thing after the other, and lists the store anew whenever it changes.

    When the program ends, or the parent does, what has been discarded is deleted for good.

    Parameters
    ----------
    store
        The store; nobody else discards through this object.
    parent
        Whose end is also this one's.

    Signals
    -------
    scanned(list of Card)
        What is there.
    failed(sentence)
        Something could not be done, and why.
    """

    scanned = Signal(object)
    failed = Signal(str)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="library")
        self._is_scan_due = False
        self._problem = ""  # why the last scan found no store
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.scan_soon)
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.scan)
        self._ended = returning(self._finish)
        end = partial(_end, self._thread, store)
        when_destroyed(self, end)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(end)

    @property
    def store(self) -> Store:
        """The store; what takes time is done through `do`."""
        return self._store

    def scan(self) -> None:
        """List what is there."""
        if not self._is_scan_due:
            self._is_scan_due = True
            self.do(self._read_cards, self._take_cards)

    def refresh(self) -> None:
        """List what is there for somebody who asks, who is told again what is wrong."""
        self._problem = ""
        self.scan()

    def scan_soon(self) -> None:
        """List what is there, once for all changes of the moment."""
        if not self._pause.isActive():
            self._pause.start()

    def do(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Do `work` in the thread, and hand what it returns to `then` in the window's thread.

        A `BvaeError` of its is told by `failed`; anything else is raised in the window's thread.
        """
        try:
            future = self._thread.submit(work)
        except RuntimeError:  # the program is ending
            return
        future.add_done_callback(partial(self._ended, then))

    def _finish(self, then: Callable[[Any], object], future: Future[Any]) -> None:
        try:
            result = future.result()
        except BvaeError as error:
            self.failed.emit(str(error))
        else:
            then(result)

    def _read_cards(self) -> tuple[list[Card], str]:
        self._is_scan_due = False  # what changes from here on, this scan may miss
        try:
            return read_cards(self._store), ""
        except StoreError as error:
            return [demo_card()], str(error)  # the demo needs no store

    def _take_cards(self, read: tuple[list[Card], str]) -> None:
        cards, problem = read
        before, self._problem = self._problem, problem
        if problem not in ("", before):  # said once, lest it hide what else is to be said
            self.failed.emit(problem)
        self._watch(cards)
        self.scanned.emit(cards)

    def _watch(self, cards: list[Card]) -> None:
        """Watch the models' folders, where a new name is written, and the one that has them all."""
        folder = self._store.models_folder
        there = next(path for path in (folder, *folder.parents) if path.is_dir())
        wanted = {str(there), *(str(card.path) for card in cards if there in card.path.parents)}
        watched = set(self._watcher.directories())
        if gone := watched - wanted:
            self._watcher.removePaths(sorted(gone))
        if new := wanted - watched:
            self._watcher.addPaths(sorted(new))
            self.scan_soon()  # for what changed before they were watched


def _end(thread: ThreadPoolExecutor, store: Store, *_: object) -> None:
    """Do what was asked for last, then delete what was discarded."""
    try:
        thread.submit(store.purge)
    except RuntimeError:  # it has ended before
        return
    thread.shutdown(wait=False)
