"""A training that is not to outlive the program which started it."""

from __future__ import annotations

import os
import signal
import threading
import time

#: What a parent writes, as a line, to let the training go on after its own end.
KEEP = b"keep"
#: Seconds to stop in order, after which the process ends as it is.
GRACE = 10.0


def stop_with_parent() -> None:
    """From now on, stop when standard input ends, as it does with the process that writes to it.

    The stop is asked for as `kill` asks for it. What has not stopped in order after `GRACE` seconds
    ends anyway; the checkpoint of the last epoch is on the disk.
    """
    threading.Thread(target=_watch, daemon=True, name="stop with parent").start()


def _watch() -> None:
    heard = b""
    # Not through sys.stdin, whose lock would be in the way when Python ends.
    while some := os.read(0, 1024):
        heard += some
        if KEEP in heard.splitlines():
            return
    signal.raise_signal(signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
