"""Checkpoints: one file with everything that resuming a training needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np
import tensorflow as tf

from bvae_core.errors import BvaeError
from bvae_core.files import replacing_file

_NAME = "checkpoint.npz"


class Checkpoint:
    """The file of a training's checkpoint.

    Parameters
    ----------
    folder
        Where it is kept.
    model
        Built, and compiled with an optimizer that is built.
    """

    def __init__(self, folder: Path, model: keras.Model) -> None:
        self._path = folder / _NAME
        self._variables = [*model.variables, *model.optimizer.variables]
        # All in one call: one by one, reading them takes ten times as long.
        self._read = tf.function(
            lambda: [variable.value.read_value() for variable in self._variables], autograph=False
        )

    def save(self, progress: Mapping[str, Any]) -> None:
        """Write weights, optimizer state and `progress` (JSON values), replacing what was there.

        Raises
        ------
        BvaeError
            If the file can't be written; the earlier checkpoint is then still whole.
        """
        arrays = {_key(i): np.asarray(value) for i, value in enumerate(self._read())}
        text = np.frombuffer(json.dumps(progress).encode(), dtype=np.uint8)
        with replacing_file(self._path) as path:
            np.savez(path, progress=text, **arrays)  # type: ignore[arg-type]

    def restore(self) -> dict[str, Any] | None:
        """Give the model what was saved and return the `progress`; None where nothing is.

        Raises
        ------
        BvaeError
            If the file is damaged or belongs to other networks.
        """
        if not self._path.exists():
            return None
        try:
            with np.load(self._path, allow_pickle=False) as stored:
                values = [stored[_key(i)] for i in range(len(self._variables))]
                progress: dict[str, Any] = json.loads(stored["progress"].tobytes())
            for variable, value in zip(self._variables, values, strict=True):
                variable.assign(value)
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise BvaeError(
                f"{self._path}: Expected the checkpoint of this training. Received: a file that is "
                "damaged or belongs to another. Train again without resuming."
            ) from error
        return progress


def has_checkpoint(folder: Path) -> bool:
    """Return whether `folder` has a checkpoint."""
    return (folder / _NAME).exists()


def _key(index: int) -> str:
    return f"variable_{index:04}"
