"""Folders as TensorFlow Datasets prepares them, made without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bvae_core._tensorflow import load_quietly


def tfds_features() -> Any:
    """The library's kinds of columns."""
    load_quietly()
    import tensorflow_datasets

    return tensorflow_datasets.features


def prepare(
    folder: Path, name: str, features: dict[str, Any], splits: dict[str, dict[str, list[Any]]]
) -> None:
    """Write a folder as TensorFlow Datasets does, from columns by split, without the network."""
    load_quietly()
    import tensorflow_datasets

    examples = {
        split: [
            (number, dict(zip(columns, row, strict=True)))
            for number, row in enumerate(zip(*columns.values(), strict=True))
        ]
        for split, columns in splits.items()
    }
    tensorflow_datasets.dataset_builders.store_as_tfds_dataset(
        name=name,
        version="3.0.1",
        features=tensorflow_datasets.features.FeaturesDict(features),
        split_datasets=examples,
        data_dir=folder,
        disable_shuffling=True,
    )
