"""Undo and redo of anything immutable."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

DEPTH = 64


class History(Generic[T]):
    """What was before and what comes after, `DEPTH` deep each way."""

    def __init__(self) -> None:
        self._past: deque[T] = deque(maxlen=DEPTH)
        self._future: list[T] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something before."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    def record(self, before: T) -> None:
        """Keep what a change replaces; what was undone is gone for good."""
        self._past.append(before)
        self._future.clear()

    def undo(self, now: T) -> T:
        """Return what was before `now`; IndexError if there is nothing."""
        before = self._past.pop()
        self._future.append(now)
        return before

    def redo(self, now: T) -> T:
        """Return what was undone last; IndexError if nothing was."""
        after = self._future.pop()
        self._past.append(now)
        return after

    def clear(self) -> None:
        """Forget both ways."""
        self._past.clear()
        self._future.clear()
