"""`Latest`: work beside the window, of which only what was asked for last still has to be done."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, TypeAlias

from qtpy.QtCore import QObject, QTimer, Signal

from bvae_gui.background import Background

Work: TypeAlias = Callable[[], Any]


class Latest(QObject):
    """Does one thing at a time in a thread; what comes meanwhile waits, and only the last of it.

    Unlike with `Background`, what is being done is finished and handed over, so that something is
    seen however fast requests come; who gets it decides whether it is still of use.

    Parameters
    ----------
    pause
        Milliseconds between two beginnings, at least.
    parent
        Whose end is also this one's.

    Signals
    -------
    done(key, result)
        What was asked for under this key is there.
    """

    done = Signal(object, object)

    def __init__(self, pause: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._asked: Hashable | None = None
        self._waiting: tuple[Hashable, Work] | None = None
        self._is_working = False
        self._pause = QTimer(self, singleShot=True, interval=pause)
        self._pause.timeout.connect(self._begin)

    @property
    def is_busy(self) -> bool:
        """Whether something is to come."""
        return self._is_working or self._waiting is not None

    def ask(self, key: Hashable, work: Work) -> None:
        """Ask for something, instead of what was asked for before; the same key asks once only.

        Parameters
        ----------
        key
            What is asked for, hashable.
        work
            Touches no widget; what it raises is raised in the window's thread.
        """
        if key != self._asked:
            self._asked = key
            self._waiting = key, work
            self._begin()

    def forget(self) -> None:
        """Ask for nothing any more; what is being done is not handed over."""
        self._asked = self._waiting = None

    def stop(self) -> None:
        """Wait for what is being done, and do nothing more."""
        self.forget()
        self._background.stop()

    def _begin(self) -> None:
        if self._waiting is None or self._is_working or self._pause.isActive():
            return
        (key, work), self._waiting = self._waiting, None
        self._is_working = True
        self._pause.start()
        self._background.run(partial(_outcome, work), partial(self._end, key))

    def _end(self, key: Hashable, outcome: tuple[Any, BaseException | None]) -> None:
        self._is_working = False
        result, error = outcome
        was_forgotten = self._asked is None
        self._begin()
        if error is not None:
            raise error
        if not was_forgotten:
            self.done.emit(key, result)


def _outcome(work: Work) -> tuple[Any, BaseException | None]:
    """Return what work returns, or raises: so that one failure doesn't end all that follows."""
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - it is raised again in the window's thread
        return None, error
