"""Keeping a native library's chatter out of the terminal."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def without_lines(prefix: bytes) -> Iterator[None]:
    """Hold back what anything in this process writes to stderr; drop the lines with `prefix`.

    The rest is written when the context ends, so that nothing else is lost. For C libraries that
    print unasked and have no setting for it: they write to the file descriptor, past `sys.stderr`.
    """
    try:
        stderr = os.dup(2)
    except OSError:  # a windowed program may have none: nothing to keep clean
        yield
        return
    try:
        with tempfile.TemporaryFile() as held:
            os.dup2(held.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(stderr, 2)
                held.seek(0)
                for line in held:
                    if not line.startswith(prefix):
                        os.write(stderr, line)
    finally:
        os.close(stderr)
