"""What was taken out of the store for the time being, and can be brought back."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bvae_core.store.locks import Locks

if TYPE_CHECKING:
    from filelock import FileLock


@dataclass(frozen=True)
class Discarded:
    """What `Store.discard` took out of the list, and `Store.restore` brings back.

    Parameters
    ----------
    name
        Of the model, or of a broken entry's folder.
    path
        Where it is until then.
    entry
        What its folder was called.
    """

    name: str
    path: Path
    entry: str


class Bin:
    """Where one program puts what it discards; a lock tells others that it is still running.

    Parameters
    ----------
    folder
        Has the bins of all programs.
    locks
        Of the store.
    """

    def __init__(self, folder: Path, locks: Locks) -> None:
        self._folder = folder
        self._locks = locks
        self._own = folder / secrets.token_hex(8)
        self._own_lock: FileLock | None = None

    @property
    def is_in_use(self) -> bool:
        """Whether anything was put into it since it was emptied."""
        return self._own_lock is not None

    def put(self, name: str, entry: Path) -> Discarded:
        """Move the folder of what has that name into it."""
        if self._own_lock is None:
            self._own_lock = self._lock_of(self._own)
            self._own_lock.acquire(timeout=0)
        self._own.mkdir(parents=True, exist_ok=True)
        path = self._own / f"{entry.name}-{secrets.token_hex(4)}"
        entry.rename(path)
        return Discarded(name, path, entry.name)

    def empty(self) -> None:
        """Delete for good what is in it."""
        if self._own_lock is not None:
            _delete(self._own, self._own_lock)
            self._own_lock = None

    def empty_those_of_the_gone(self) -> None:
        """Delete for good what programs have discarded that run no longer."""
        for each in self._folder.glob("*"):
            if each != self._own:
                with contextlib.suppress(TimeoutError):  # its program is running
                    _delete(each, self._lock_of(each))

    def _lock_of(self, folder: Path) -> FileLock:
        return self._locks.lock(f"discarded-{folder.name}")


def _delete(folder: Path, lock: FileLock) -> None:
    lock.acquire(timeout=0)
    shutil.rmtree(folder, ignore_errors=True)
    lock.release(force=True)
    Path(lock.lock_file).unlink(missing_ok=True)  # no other bin will have its name
