"""Undo and redo of anything immutable."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

DEPTH = 64


class History(Generic[T]):
    """What was before and what comes after, `DEPTH` deep each way.

    A gesture, such as a drag, is many changes and one step.
    """

    def __init__(self) -> None:
        self._past: deque[T] = deque(maxlen=DEPTH)
        self._future: list[T] = []
        self._before_gesture: T | None = None

    @property
    def can_undo(self) -> bool:
        """Whether there is something before."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    @property
    def is_in_gesture(self) -> bool:
        """Whether changes are one, until `end_gesture`."""
        return self._before_gesture is not None

    def record(self, before: T) -> bool:
        """Keep what a change replaces; what was undone is gone for good.

        Returns
        -------
        False in a gesture, which is recorded as a whole.
        """
        if self.is_in_gesture:
            return False
        self._past.append(before)
        self._future.clear()
        return True

    def begin_gesture(self, now: T) -> None:
        """Count all that follows, until `end_gesture`, as one change."""
        self._before_gesture = now

    def end_gesture(self, now: T) -> bool:
        """Record a gesture that came to `now`; return whether it changed anything."""
        before = self.cancel_gesture()
        return before is not None and before != now and self.record(before)

    def cancel_gesture(self) -> T | None:
        """Forget a gesture; return what was before it, or None where there was none."""
        before, self._before_gesture = self._before_gesture, None
        return before

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
        """Forget both ways, and a gesture."""
        self._before_gesture = None
        self._past.clear()
        self._future.clear()
