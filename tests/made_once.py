"""What takes TensorFlow to make, made once: kept beside pytest's cache, for later runs too.

Most tests need a network and not TensorFlow, whose import takes longer than all that they do.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from filelock import FileLock

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = _ROOT / ".pytest_cache" / "made-once"
_CONVERTER = _ROOT / "bvae_core" / "training" / "export.py"


def made_once(
    name: str, made_in: str, make: Callable[[], tuple[bytes, bytes]]
) -> tuple[bytes, bytes]:
    """Return the two files that `make` gives, from an earlier or quicker process where it can be.

    Parameters
    ----------
    name
        Of the two.
    made_in
        The file of the module that makes them: when it changes, or what converts them does, or
        Keras or TensorFlow, they are made anew.
    make
        Makes them.
    """
    sources = [Path(made_in).read_bytes(), _CONVERTER.read_bytes()]
    versions = [version(package).encode() for package in ("keras", "tensorflow")]
    key = hashlib.sha256(b"\0".join([*sources, *versions])).hexdigest()[:16]
    path = _FOLDER / f"{name}-{key}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            stored = io.BytesIO()
            first, second = (np.frombuffer(each, np.uint8) for each in make())
            np.savez(stored, first=first, second=second)
            unfinished = path.with_suffix(".unfinished")
            unfinished.write_bytes(stored.getvalue())
            unfinished.replace(path)
        with np.load(path) as arrays:
            return arrays["first"].tobytes(), arrays["second"].tobytes()
