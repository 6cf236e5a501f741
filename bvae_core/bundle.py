"""A trained model as everything but its training sees it: one folder, checked when it is opened."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core._tables import Latents, history_from_csv, history_to_csv
from bvae_core.codec import Codec
from bvae_core.config import TrainConfig
from bvae_core.errors import BundleError
from bvae_core.files import new_folder
from bvae_core.manifest import (
    MANIFEST_NAME,
    SCHEMA_VERSION,
    DataCard,
    FileRecord,
    Manifest,
    read_manifest,
)

__all__ = [
    "SCHEMA_VERSION",
    "Bundle",
    "BundleContents",
    "DataCard",
    "open_bundle",
    "write_bundle",
]

_ENCODER = "encoder.tflite"
_DECODER = "decoder.tflite"
_LATENTS = "latents.npz"
_HISTORY = "history.csv"
_PREVIEW = "preview.png"
_REQUIRED = (_ENCODER, _DECODER, _LATENTS, _HISTORY, _PREVIEW)
_KERAS_MODEL = "model.keras"
_MODEL_CARD = "README.md"


@dataclass(frozen=True, eq=False)
class BundleContents:
    """Everything that goes into a bundle.

    Parameters
    ----------
    name
        What people call the model: up to 100 printable characters without slashes.
    fingerprint
        SHA-256 (hex) of settings and data.
    config
        The settings that it was trained with.
    data
        What it was trained on.
    metrics
        Figures of the finished model: finite numbers, texts, and lists and objects of them.
    versions
        Of the libraries that made it, by name.
    encoder, decoder
        LiteRT models as `Codec` takes them.
    mean, log_var
        (N, d) float32, finite: q(z|x) of each image.
    labels
        (N,) int64, indices into ``data.class_names``, or None.
    is_test
        (N,) bool, True for the images of the test split.
    history
        One mapping an epoch of column to finite number; a column may be missing in some epochs.
    preview
        PNG file to show in lists.
    keras_model
        ``.keras`` file with optimizer, for going on with the training; None leaves it out.
    model_card
        Markdown about data, licence and figures; empty leaves it out.
    """

    name: str
    fingerprint: str
    config: TrainConfig
    data: DataCard
    metrics: Mapping[str, Any]
    versions: Mapping[str, str]
    encoder: bytes
    decoder: bytes
    mean: NDArray[np.float32]
    log_var: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    is_test: NDArray[np.bool_]
    history: Sequence[Mapping[str, float]]
    preview: bytes
    keras_model: bytes | None = None
    model_card: str = ""


class Bundle:
    """An opened bundle; made by `open_bundle`.

    Any thread may use it. Arrays are read-only.
    """

    def __init__(
        self, path: Path, manifest: Manifest, files: Mapping[str, bytes], latents: Latents
    ) -> None:
        self._path = path
        self._manifest = manifest
        self._files = files
        self._latents = latents
        self._class_names = manifest.data.class_names
        self._codes_of: str | None = None
        self._codec = self._new_codec()

    def _new_codec(self) -> Codec:
        return Codec(
            self._files[_ENCODER],
            self._files[_DECODER],
            self.image_shape,
            self._manifest.config.latent_dim,
        )

    def __repr__(self) -> str:
        return f"<Bundle {self.name!r} at {self.path}>"

    @property
    def path(self) -> Path:
        """The bundle's folder."""
        return self._path

    @property
    def name(self) -> str:
        """What people call the model."""
        return self._manifest.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of settings and data."""
        return self._manifest.fingerprint

    @property
    def networks_digest(self) -> str:
        """SHA-256 (hex) of both networks' files.

        Two trainings of one fingerprint need not give the same weights, on other machines for one.
        """
        both = [self._manifest.files[name].sha256 for name in (_ENCODER, _DECODER)]
        return hashlib.sha256("".join(both).encode()).hexdigest()

    @property
    def created(self) -> str:
        """ISO 8601 date and time, UTC."""
        return self._manifest.created

    @property
    def config(self) -> TrainConfig:
        """The settings that the model was trained with."""
        return self._manifest.config

    @property
    def data(self) -> DataCard:
        """What the model was trained on."""
        return self._manifest.data

    @property
    def metrics(self) -> Mapping[str, Any]:
        """Figures of the finished model, JSON values."""
        return self._manifest.metrics

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the libraries that made the model, by name."""
        return self._manifest.versions

    @property
    def size(self) -> int:
        """Bytes on the disk, without ``bundle.json``."""
        return self._manifest.size

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""
        return self.data.image_shape

    @property
    def class_names(self) -> tuple[str, ...]:
        """One name a class, in the order of the labels; empty without labels."""
        return self._class_names

    @property
    def codes_of(self) -> str | None:
        """What the codes are of, None for the images that the model was trained on."""
        return self._codes_of

    @property
    def codes_fingerprint(self) -> str:
        """What tells these codes from others, hex: `fingerprint`, or a SHA-256 of it and them."""
        if self._codes_of is None:
            return self.fingerprint
        digest = hashlib.sha256(self.fingerprint.encode())
        digest.update(self.latents.tobytes())
        return digest.hexdigest()

    @property
    def latents(self) -> NDArray[np.float32]:
        """Mean of q(z|x) of each image, (N, d) float32."""
        return self._latents.mean

    @property
    def log_var(self) -> NDArray[np.float32]:
        """Log-variance of q(z|x) of each image, (N, d) float32, natural logarithm."""
        return self._latents.log_var

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """(N,) int64 indices into `class_names`, or None."""
        return self._latents.labels

    @property
    def is_test(self) -> NDArray[np.bool_]:
        """(N,) bool, True for the images of the test split."""
        return self._latents.is_test

    @cached_property
    def history(self) -> list[dict[str, float]]:
        """One dictionary an epoch, column to number; a column may be missing in some epochs."""
        try:
            return history_from_csv(self._files[_HISTORY])
        except BundleError as error:
            raise BundleError(f"{self.path / _HISTORY}: {error}") from error

    @property
    def preview(self) -> bytes:
        """PNG file to show in lists."""
        return self._files[_PREVIEW]

    @property
    def model_card(self) -> str:
        """Markdown about data, licence and figures; empty if there is none."""
        return self._files.get(_MODEL_CARD, b"").decode(errors="replace")

    @property
    def keras_model_path(self) -> Path | None:
        """The ``model.keras`` to go on training with, or None."""
        return self.path / _KERAS_MODEL if _KERAS_MODEL in self._manifest.files else None

    def decode(self, z: ArrayLike) -> NDArray[np.float32]:
        """Decode codes (n, d) or (d,) into images (n, H, W[, 3]) in [0, 1]: see `Codec.decode`."""
        return self._codec.decode(z)

    def another_decoder(self) -> Callable[[ArrayLike], NDArray[np.float32]]:
        """Return what decodes as `decode` does and never makes that wait.

        A network runs for one thread at a time. What decodes much in a thread of its own has the
        network a second time, so that a single image in another thread needn't wait for all of it.
        """
        return self._new_codec().decode

    def encode(self, images: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Encode images (n, H, W[, C]) into mean and log_var, (n, d) each: see `Codec.encode`."""
        return self._codec.encode(images)

    def take_name(self, name: str) -> None:
        """Go by the name that the store has for the model now; on the disk nothing changes."""
        self._manifest = replace(self._manifest, name=name)

    def with_codes(
        self,
        mean: NDArray[np.float32],
        log_var: NDArray[np.float32],
        *,
        of: str,
        labels: NDArray[np.int64] | None = None,
        class_names: Sequence[str] = (),
    ) -> Bundle:
        """Return the same model with the codes of other images than those it was trained on.

        Networks, name, fingerprint, figures and files are the same, and on the disk nothing
        changes. What refers to an image by its index, or to a class by its name, means those of
        the returned bundle, and nothing in the model's folder.

        Parameters
        ----------
        mean, log_var
            (N, d) float32, finite: what `encode` made of the images.
        of
            What to call the images.
        labels
            (N,) int64, indices into `class_names`, or None.
        class_names
            One name a class; empty without labels.

        Raises
        ------
        BundleError
            If the arrays don't fit each other or the model.
        """
        latents = Latents(mean, log_var, labels, np.zeros(len(mean), np.bool_))
        latents.check(self.config.latent_dim, len(class_names))
        other = copy.copy(self)
        other._latents = latents
        other._class_names = tuple(class_names)
        other._codes_of = of
        return other


def open_bundle(folder: Path) -> Bundle:
    """Open a bundle's folder, checking every file listed in its ``bundle.json``.

    Files that are not listed are left alone.

    Raises
    ------
    BundleError
        If the folder holds no bundle, it was made by a newer version, or a file is missing,
        damaged or at odds with the others, naming it.
    """
    manifest = read_manifest(folder)
    for name in _REQUIRED:
        if name not in manifest.files:
            raise BundleError(
                f"{folder / MANIFEST_NAME}: files: Expected {', '.join(_REQUIRED)}. "
                f"Received: no {name}."
            )
    files = {
        name: content
        for name, record in manifest.files.items()
        if (content := _read(folder / name, record)) is not None
    }
    try:
        latents = Latents.from_npz(files.pop(_LATENTS))
        latents.check(manifest.config.latent_dim, len(manifest.data.class_names))
    except BundleError as error:
        raise BundleError(f"{folder / _LATENTS}: {error}") from error
    return Bundle(folder, manifest, files, latents)


def write_bundle(folder: Path, contents: BundleContents) -> Bundle:
    """Write a bundle, all of it or nothing, and open it.

    Parameters
    ----------
    folder
        Must not exist; the folder around it must.
    contents
        What goes into it.

    Raises
    ------
    BundleError
        If `folder` exists, or `contents` are such that the bundle could not be opened again.
    BvaeError
        If the disk is full or may not be written to.
    """
    if folder.exists():
        raise BundleError(f"{folder}: Expected a new folder. Received: one that exists.")
    latents = Latents(
        mean=contents.mean,
        log_var=contents.log_var,
        labels=contents.labels,
        is_test=contents.is_test,
    )
    files = {
        _ENCODER: contents.encoder,
        _DECODER: contents.decoder,
        _LATENTS: latents.to_npz(),
        _HISTORY: history_to_csv(contents.history),
        _PREVIEW: contents.preview,
    }
    if contents.keras_model is not None:
        files[_KERAS_MODEL] = contents.keras_model
    if contents.model_card:
        files[_MODEL_CARD] = contents.model_card.encode()
    manifest = Manifest(
        name=contents.name,
        fingerprint=contents.fingerprint,
        created=datetime.now(UTC).isoformat(timespec="milliseconds"),
        config=contents.config,
        data=contents.data,
        metrics=contents.metrics,
        versions=contents.versions,
        files={
            name: FileRecord(hashlib.sha256(content).hexdigest(), len(content))
            for name, content in files.items()
        },
    )
    latents.check(manifest.config.latent_dim, len(manifest.data.class_names))
    text = manifest.to_text()
    with new_folder(folder) as temporary:
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        (temporary / MANIFEST_NAME).write_text(text, encoding="utf-8")
    return open_bundle(folder)


def _read(path: Path, record: FileRecord) -> bytes | None:
    """Check a file's content and return it, but for ``model.keras``: only a training needs it."""
    try:
        with path.open("rb") as file:
            content = None if path.name == _KERAS_MODEL else file.read()
            digest = (
                hashlib.file_digest(file, "sha256") if content is None else hashlib.sha256(content)
            )
    except OSError as error:
        raise BundleError(f"{path}: could not be read: {error.strerror}.") from error
    if digest.hexdigest() != record.sha256:
        raise BundleError(
            f"{path}: Expected SHA-256 {record.sha256[:12]}…. "
            f"Received: {digest.hexdigest()[:12]}…. The bundle is damaged."
        )
    return content
