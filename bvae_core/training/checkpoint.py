"""Checkpoints: one file with everything that resuming a training needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from bvae_core.errors import BvaeError
from bvae_core.files import replacing_file

_NAME = "checkpoint.npz"


def save_checkpoint(folder: Path, model: keras.Model, progress: Mapping[str, Any]) -> None:
    """Write weights, optimizer state and `progress` (JSON values), replacing what was there.

    Raises
    ------
    BvaeError
        If the file can't be written; the earlier checkpoint is then still whole.
    """
    arrays = {_key(i): np.asarray(value) for i, value in enumerate(_variables(model))}
    text = np.frombuffer(json.dumps(progress).encode(), dtype=np.uint8)
    with replacing_file(folder / _NAME) as path:
        np.savez(path, progress=text, **arrays)  # type: ignore[arg-type]


def load_checkpoint(folder: Path, model: keras.Model) -> dict[str, Any] | None:
    """Restore `model` and return the `progress` saved with it; None where there is no checkpoint.

    Raises
    ------
    BvaeError
        If the file is damaged or belongs to other networks.
    """
    path = folder / _NAME
    if not path.exists():
        return None
    variables = _variables(model)
    try:
        with np.load(path, allow_pickle=False) as stored:
            values = [stored[_key(i)] for i in range(len(variables))]
            progress: dict[str, Any] = json.loads(stored["progress"].tobytes())
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise BvaeError(
            f"{path}: Expected the checkpoint of this training. Received: a file that is damaged "
            "or belongs to another. Train again without resuming."
        ) from error
    return progress


def has_checkpoint(folder: Path) -> bool:
    """Return whether `folder` has a checkpoint."""
    return (folder / _NAME).exists()


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]


def _key(index: int) -> str:
    return f"variable_{index:04}"
