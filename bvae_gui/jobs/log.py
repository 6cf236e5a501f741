"""Events as lines of JSON, read as they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bvae_core.training.events import Event, read_event


class EventLines:
    """Turns bytes, in whatever pieces they come, into events.

    Lines that are none, such as one that was cut off by a full disk, are passed over.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> Iterator[Event]:
        """Give the events that end in this piece."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            try:
                yield read_event(json.loads(line))
            except ValueError:
                continue


class EventLog:
    """A file that events are appended to, read from its beginning and then on.

    Parameters
    ----------
    path
        Need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = EventLines()
        self._offset = 0

    def news(self) -> list[Event]:
        """Return what was appended since the last call."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                piece = file.read()
        except OSError:  # not there yet, or no longer
            return []
        self._offset += len(piece)
        return list(self._lines.feed(piece))
