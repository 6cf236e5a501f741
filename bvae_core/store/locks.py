"""Locks of the cache folder, and what is said where it can't be used."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bvae_core.errors import StoreError
from bvae_core.resources import CACHE_VARIABLE

if TYPE_CHECKING:
    from filelock import FileLock

_MOMENT = 0.2  # seconds


class Locks:
    """Locks between processes, each a file; one ends with its process, even a killed one.

    Parameters
    ----------
    folder
        Where the files are, made with the first of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def held(self, name: str, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold a lock, once nobody else does.

        Parameters
        ----------
        name
            Of the lock.
        on_wait
            Called every moment for as long as another process holds it; what it raises ends the
            waiting.

        Raises
        ------
        StoreError
            If there can be no such file.
        """
        from filelock import Timeout  # takes longer to import than a model to open

        with explained(self._folder / f"{name}.lock"):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = self.lock(name)
            timeout = 0.0
            while not lock.is_locked:
                try:
                    lock.acquire(timeout=timeout)
                except Timeout:
                    timeout = _MOMENT
                    if on_wait is not None:
                        on_wait()
        try:
            yield
        finally:
            lock.release()

    def lock(self, name: str) -> FileLock:
        """Return a lock that is not held yet."""
        from filelock import FileLock

        # Whichever thread releases it: a window closes in another than a model was discarded in.
        return FileLock(self._folder / f"{name}.lock", thread_local=False)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise a StoreError that says what to do where something about `path` can't be done."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: the model cache can't be used: "
            f"{error.strerror or error}. {CACHE_VARIABLE} names another folder for it."
        ) from error
    except NotImplementedError as error:  # filelock's word for it
        raise StoreError(
            f"{path}: the file system has no locks. {CACHE_VARIABLE} names another folder "
            "for the model cache."
        ) from error
