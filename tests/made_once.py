"""What takes TensorFlow to make, made by whichever of the tests' processes needs it first."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from filelock import FileLock

#: Where this run of the tests keeps it; the first fixture of each process says so.
folder: Path | None = None


def made_once(name: str, make: Callable[[], tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Return the two files that `make` gives, from another process's hands where it was quicker."""
    assert folder is not None, "tests/conftest.py sets it"
    path = folder / f"{name}.npz"
    with FileLock(folder / f"{name}.lock"):
        if not path.exists():
            stored = io.BytesIO()
            first, second = (np.frombuffer(each, np.uint8) for each in make())
            np.savez(stored, first=first, second=second)
            path.write_bytes(stored.getvalue())
        with np.load(path) as arrays:
            return arrays["first"].tobytes(), arrays["second"].tobytes()
