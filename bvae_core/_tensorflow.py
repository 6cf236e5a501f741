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
_with_extras = True


def leave_out_extras() -> None:
    """Let this process load Keras without what it can do with tables, plots and scikit-learn.

    That takes a third off the import. For processes in which only this package uses Keras:
    elsewhere somebody may want to give a table to `fit`.
    """
    global _with_extras
    _with_extras = False


def load_quietly() -> None:
    """Import TensorFlow and Keras; what they print meanwhile is shown only if that fails."""
    if "tensorflow" in sys.modules and "keras" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with only_if_failing(), _missing(() if _with_extras else _EXTRAS), _no_collections():
        import keras  # noqa: F401
        import tensorflow as tf

        tf.config.list_physical_devices()
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
