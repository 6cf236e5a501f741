"""What is done when a QObject is destroyed, by whichever binding."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QObject

# With PyQt6, Python's garbage collector empties what is connected to an object before the object
# is destroyed, which then calls what is empty, and crashes. So it is held on to here.
_held: set[Callable[..., None]] = set()


def when_destroyed(thing: QObject, act: Callable[[], object]) -> None:
    """Call `act` when `thing` is destroyed.

    Parameters
    ----------
    thing
        Whose end it is. Nothing that is part of it exists any more by then.
    act
        Must not refer to `thing`: else that would never be garbage.
    """

    def end(*_: object) -> None:
        _held.discard(end)
        act()

    _held.add(end)
    thing.destroyed.connect(end)
