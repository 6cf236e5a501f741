"""What is in the store's folder of models: listed, told good from broken, and found by name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bvae_core.config import TrainConfig
from bvae_core.errors import BundleError, StoreError
from bvae_core.manifest import DataCard, Manifest, read_manifest

_NAME_DIGITS = 16
_MIN_PREFIX = 4


@dataclass(frozen=True, eq=False)
class StoredModel:
    """What a list shows of a model in the store, read from its ``bundle.json`` alone.

    Parameters
    ----------
    path
        The bundle's folder.
    name, fingerprint, created, config, data, metrics
        As in `Bundle`.
    size
        Bytes on the disk.
    """

    path: Path
    name: str
    fingerprint: str
    created: str
    config: TrainConfig
    data: DataCard
    metrics: Mapping[str, Any]
    size: int

    @classmethod
    def of(cls, path: Path, manifest: Manifest) -> StoredModel:
        """Take what a list shows from the manifest of the bundle in `path`."""
        return cls(
            path=path,
            name=manifest.name,
            fingerprint=manifest.fingerprint,
            created=manifest.created,
            config=manifest.config,
            data=manifest.data,
            metrics=manifest.metrics,
            size=manifest.size,
        )


@dataclass(frozen=True)
class BrokenEntry:
    """A folder in the store that is no usable model.

    Parameters
    ----------
    path
        The folder.
    reason
        What is wrong with it, in one sentence that names the file.
    """

    path: Path
    reason: str


def entry_name(fingerprint: str) -> str:
    """Return what the folder of a model, or of what belongs to one, is called."""
    return fingerprint[:_NAME_DIGITS]


def scan(folder: Path) -> tuple[list[StoredModel], list[BrokenEntry]]:
    """List the models in a folder, newest first, and the entries that are none.

    Reads each ``bundle.json`` and looks whether the files are there; their content is checked
    when a model is opened. Hidden entries and files are passed over.
    """
    models, broken = [], []
    for path in sorted(folder.glob("*")):
        if path.name.startswith(".") or not path.is_dir():
            continue
        try:
            models.append(_stored_model(path, read_manifest(path)))
        except BundleError as error:
            if path.exists():  # else another process has just removed it
                broken.append(BrokenEntry(path, str(error)))
    models.sort(key=lambda model: datetime.fromisoformat(model.created), reverse=True)
    return models, broken


def resolve(
    name: str,
    models: Sequence[StoredModel],
    broken: Sequence[BrokenEntry],
    *,
    also_known: Sequence[str],
) -> StoredModel:
    """Return the model with this name, or whose fingerprint begins so.

    Raises
    ------
    StoreError
        If there is none, naming the known names, of which `also_known` are some more; or if
        there are several.
    """
    name = unicodedata.normalize("NFC", name)
    is_prefix = re.fullmatch(f"[0-9a-f]{{{_MIN_PREFIX},}}", name)
    found = [model for model in models if model.name == name]
    if not found and is_prefix:
        found = [model for model in models if model.fingerprint.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(entry_name(model.fingerprint) for model in found)
        raise StoreError(f"{name!r} is more than one model. Use a fingerprint: {several}.")
    for entry in broken:
        if is_prefix and entry.path.name.startswith(entry_name(name)):
            raise StoreError(f"{name!r} is broken: {entry.reason}")
    raise StoreError(_unknown(name, [*(model.name for model in models), *also_known]))


def _unknown(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no model named {name!r}.{hint} Known: {', '.join(known)}."


def _stored_model(path: Path, manifest: Manifest) -> StoredModel:
    if path.name != entry_name(manifest.fingerprint):
        raise BundleError(
            f"{path}: Expected the folder of a model {path.name}…. "
            f"Received: one of {entry_name(manifest.fingerprint)}…."
        )
    return StoredModel.of(path, manifest)
