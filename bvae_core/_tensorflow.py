"""Loads TensorFlow and Keras for the two rooms that use them, quietly and no more than needed."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Iterator, Sequence

from bvae_core._stderr import only_if_failing

#: What Keras imports where it is installed, for parts of it that aren't used here.
_EXTRAS = ("IPython", "matplotlib", "pandas", "scipy", "sklearn")
_is_ours = False


def claim_process() -> None:
    """Say that nobody but this package uses Keras in this process.

    Then Keras is loaded without what it can do with tables, plots and scikit-learn, which takes a
    third off the import: elsewhere somebody may want to give a table to `fit`. And nobody looks for
    garbage in what is loaded, a quarter of a million objects that stay to the end: Python would do
    so several times while a model is compiled, and once more when the process ends.
    """
    global _is_ours
    _is_ours = True


def load_quietly() -> None:
    """Import TensorFlow and Keras; what they print meanwhile is shown only if that fails."""
    if "tensorflow" in sys.modules and "keras" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with only_if_failing(), _missing(_EXTRAS if _is_ours else ()), _no_collections():
        import keras  # noqa: F401
        import tensorflow as tf

        tf.config.list_physical_devices()
        if _is_ours:
            gc.freeze()  # before somebody may look again, which is at once
    logging.getLogger("tensorflow").setLevel(logging.ERROR)


@contextlib.contextmanager
def _missing(names: Sequence[str]) -> Iterator[None]:
    """Let packages that aren't loaded yet look as if they weren't installed."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment] # as Python's documentation has it
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextlib.contextmanager
def _no_collections() -> Iterator[None]:
    """Look for no garbage: an import makes hardly any, and looking takes a tenth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
