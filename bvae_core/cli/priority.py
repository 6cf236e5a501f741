"""A process that lets others go first."""

from __future__ import annotations

import os
import sys


def lower_priority(nice: int) -> None:
    """Run at a lower priority: so many steps down at least where systems count in these, 0 to 19.

    What is as low already stays where it is.
    """
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal if nice else 0x20)
    else:
        os.nice(max(0, nice - os.nice(0)))
