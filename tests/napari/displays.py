"""Whether there can be a viewer in this process or on this machine, and a display for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec

#: Whether this process has the viewer's tests: a child of the others', or one so started by hand.
OWN = os.environ.get("BVAE_TESTS_DISPLAY") == "own"


def missing() -> str | None:
    """Return why there can be no viewer on this machine, or None."""
    if find_spec("napari") is None:
        return "napari is not installed: pip install '.[napari]'"
    if shutil.which("Xvfb") is None:
        return "Xvfb, a display without a screen, is not installed"
    return None


def begin_display() -> subprocess.Popen[bytes]:
    """Start an X server of our own, before Qt looks for one."""
    ours, theirs = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    with os.fdopen(ours) as said:
        number = said.readline().strip()
    os.environ["DISPLAY"] = f":{number}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
    return server
