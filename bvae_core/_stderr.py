"""Keeping native libraries' chatter out of the terminal.

They print unasked, have no setting for it, and write to the file descriptor, past `sys.stderr`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def without_lines(prefix: bytes) -> Iterator[None]:
    """Drop the lines with `prefix` of what anything in this process writes to stderr meanwhile."""
    with _holding_back(lambda line: not line.startswith(prefix)):
        yield


@contextlib.contextmanager
def only_if_failing() -> Iterator[None]:
    """Drop what anything in this process writes to stderr meanwhile, unless it fails."""
    has_failed = True
    with _holding_back(lambda _: has_failed):
        yield
        has_failed = False


@contextlib.contextmanager
def _holding_back(is_wanted: Callable[[bytes], bool]) -> Iterator[None]:
    """Hold back what is written to stderr; in the end write the lines of it that are wanted."""
    try:
        stderr = os.dup(2)
    except OSError:  # a windowed program may have none: nothing to keep clean
        yield
        return
    try:
        with tempfile.TemporaryFile() as held:
            _flush()
            os.dup2(held.fileno(), 2)
            try:
                yield
            finally:
                _flush()
                os.dup2(stderr, 2)
                held.seek(0)
                for line in held:
                    if is_wanted(line):
                        os.write(stderr, line)
    finally:
        os.close(stderr)


def _flush() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
