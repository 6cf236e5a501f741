"""Ctrl-C and `kill` as a request to stop in order."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer


@contextmanager
def stop_asked() -> Iterator[Callable[[], bool]]:
    """Give a function that tells whether SIGINT or SIGTERM has come since.

    The first signal asks; the second interrupts, as it would have done without this.
    """
    asked = False

    def ask(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - Python's signature
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        typer.echo("Stopping in order; once more to break off at once.", err=True)

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, ask) for each in signals]
    try:
        yield lambda: asked
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
