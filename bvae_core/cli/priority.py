"""A process that lets others go first."""

from __future__ import annotations

import os
import sys


def lower_priority(nice: int) -> None:
    """Run at a lower priority: by so many steps where systems count in these, 0 to 19."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal if nice else 0x20)
    else:
        os.nice(nice)
