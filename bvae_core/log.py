"""The log of what nobody expected: the traceback that the person at the keyboard is spared."""

from __future__ import annotations

import platform
import shlex
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bvae_core import __version__
from bvae_core.resources import cache_folder


def log_path() -> Path:
    """Return where the log is, or will be once there is something in it."""
    return cache_folder() / "bvae.log"


def write_log(error: BaseException, command: Sequence[str]) -> str:
    """Append `error` with its traceback to the log in the cache folder.

    Parameters
    ----------
    error
        What nobody expected.
    command
        The program in which it happened, and its arguments.

    Returns
    -------
    str
        A sentence that says where it is, or the traceback where the log can't be written.
    """
    details = "".join(traceback.format_exception(error))
    heading = (
        f"{datetime.now(UTC).isoformat(timespec='seconds')} bvae-explorer {__version__}, "
        f"Python {platform.python_version()}, {platform.platform()}\n"
        f"{shlex.join(command)}\n"
    )
    try:
        path = log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{heading}{details}\n")
    except OSError as problem:
        return f"The log could not be written ({problem}):\n{details}"
    return f"Details are in {path}."
