"""``bundle.json``: what a bundle says of itself, read with distrust and written with care."""

from __future__ import annotations

import json
import math
import re
import reprlib
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bvae_core.config import TrainConfig
from bvae_core.errors import BundleError, ConfigError

MANIFEST_NAME = "bundle.json"
#: Version of the bundle's format that this program reads and writes.
SCHEMA_VERSION = 1
#: Longest name of a model, characters.
MAX_NAME_LENGTH = 100
#: Largest ``bundle.json`` that is read.
MAX_MANIFEST_BYTES = 1 << 24

_MAX_SIDE = 4096
_T = TypeVar("_T")


@dataclass(frozen=True)
class DataCard:
    """What a model was trained on.

    Parameters
    ----------
    name
        Of the image set, ``"kmnist"`` or a folder's.
    fingerprint
        SHA-256 (hex) of its content.
    image_shape
        (H, W, C), C = 1 (grey) or 3 (RGB).
    class_names
        One a class, in the order of the labels; empty without labels.
    train_count, test_count
        Images in each split.
    licence, attribution
        Of the images, as their makers ask for it; empty where unknown.
    only
        Which images of their source they are, see `bvae_core.indices`; empty where all.
    """

    name: str
    fingerprint: str
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    train_count: int
    test_count: int
    licence: str = ""
    attribution: str = ""
    only: str = ""


@dataclass(frozen=True)
class FileRecord:
    """What a bundle's file must be.

    Parameters
    ----------
    sha256
        Of its content, hex.
    size
        Bytes.
    """

    sha256: str
    size: int


@dataclass(frozen=True, eq=False)
class Manifest:
    """The content of a ``bundle.json``.

    Parameters
    ----------
    name
        What people call the model; see `check_name`.
    fingerprint
        SHA-256 (hex) of settings and data: what the model is called in the store.
    created
        ISO 8601 date and time with its offset from UTC.
    config
        The settings that it was trained with.
    data
        What it was trained on.
    metrics
        Figures of the finished model, JSON values.
    versions
        Of the libraries that made it.
    files
        Every other file of the bundle by name.
    """

    name: str
    fingerprint: str
    created: str
    config: TrainConfig
    data: DataCard
    metrics: Mapping[str, Any]
    versions: Mapping[str, str]
    files: Mapping[str, FileRecord]

    @property
    def size(self) -> int:
        """Bytes of the files listed."""
        return sum(record.size for record in self.files.values())

    def to_text(self) -> str:
        """Return the text of ``bundle.json``.

        Raises
        ------
        BundleError
            If it would be a text that `from_text` refuses.
        """
        values = {
            "schema_version": SCHEMA_VERSION,
            **{field: getattr(self, field) for field in ("name", "fingerprint", "created")},
            "config": self.config.to_json(),
            "data": asdict(self.data),
            "metrics": dict(self.metrics),
            "versions": dict(self.versions),
            "files": {
                name: {"sha256": record.sha256, "bytes": record.size}
                for name, record in self.files.items()
            },
        }
        try:
            text = json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        except (TypeError, ValueError, RecursionError) as error:
            raise BundleError(f"Expected JSON values. Received: {error}.") from error
        Manifest.from_text(text)
        return text

    @classmethod
    def from_text(cls, text: str) -> Manifest:
        """Read the text of a ``bundle.json``.

        Raises
        ------
        BundleError
            If the text is no JSON, made by a newer version, or a value is missing, of another
            type or out of range, naming it.
        """
        try:
            values = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_finite)
            json.dumps(values, ensure_ascii=False).encode()  # refuses what can't be printed
            return cls._from_values(_as("the whole", values, dict))
        except BundleError:
            raise
        except RecursionError as error:
            raise BundleError("Expected values. Received: brackets within brackets.") from error
        except ValueError as error:
            raise BundleError(f"Expected JSON. Received: {error}.") from error

    @classmethod
    def _from_values(cls, values: dict[str, Any]) -> Manifest:
        version = _get(values, "schema_version", int)
        if version > SCHEMA_VERSION:
            raise BundleError(
                f"made by a newer version of bvae-explorer (schema {version}; this one reads up "
                f"to {SCHEMA_VERSION}). Update bvae-explorer to open it."
            )
        if version < 1:
            raise BundleError(f"schema_version: Expected 1 or more. Received: {version}.")
        try:
            config = TrainConfig.from_json(_get(values, "config", dict))
        except ConfigError as error:
            raise BundleError(f"config: {error}") from error
        return cls(
            name=check_name(_get(values, "name", str)),
            fingerprint=_hash("fingerprint", _get(values, "fingerprint", str)),
            created=_date(_get(values, "created", str)),
            config=config,
            data=_data_card(_get(values, "data", dict)),
            metrics=_get(values, "metrics", dict),
            versions=_texts("versions", _get(values, "versions", dict)),
            files={
                _file_name(name): _file_record(name, _as(f"files: {name}", record, dict))
                for name, record in _get(values, "files", dict).items()
            },
        )


def read_manifest(folder: Path) -> Manifest:
    """Read a bundle's ``bundle.json`` and look whether its files are there, without reading them.

    Raises
    ------
    BundleError
        If the folder holds no bundle, ``bundle.json`` is damaged or from a newer version, or a
        file is missing, of another size than listed, or not a file of its own.
    """
    path = folder / MANIFEST_NAME
    if not folder.is_dir():
        raise BundleError(f"{folder}: Expected a bundle's folder. Received: no folder.")
    try:
        size = _size_of_file(path)
        if size > MAX_MANIFEST_BYTES:
            raise BundleError(
                f"Expected at most {MAX_MANIFEST_BYTES:,} bytes. Received: {size:,} bytes."
            )
        manifest = Manifest.from_text(path.read_text(encoding="utf-8"))
    except BundleError as error:
        raise BundleError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise BundleError(f"{path}: Expected text in UTF-8. Received: other bytes.") from error
    except OSError as error:
        raise BundleError(f"{path}: could not be read: {error.strerror}.") from error
    for name, record in manifest.files.items():
        try:
            size = _size_of_file(folder / name)
        except BundleError as error:
            raise BundleError(f"{folder / name}: {error}") from error
        if size != record.size:
            raise BundleError(
                f"{folder / name}: Expected {record.size:,} bytes. Received: {size:,} bytes. "
                "The bundle is damaged."
            )
    return manifest


def check_name(name: str) -> str:
    """Return a model's name in Unicode's composed form (NFC), if it is one.

    Raises
    ------
    BundleError
        If it is empty or longer than `MAX_NAME_LENGTH`, begins or ends with a space, or has a
        slash, a backslash or a character that can't be printed.
    """
    name = unicodedata.normalize("NFC", name)
    fits = (
        0 < len(name) <= MAX_NAME_LENGTH
        and name == name.strip()
        and name.isprintable()
        and not set(name) & set("/\\")
        and name not in (".", "..")
    )
    if not fits:
        raise BundleError(
            f"name: Expected 1 to {MAX_NAME_LENGTH} printable characters without slashes, and no "
            f"space at either end. Received: {reprlib.repr(name)}."
        )
    return name


def local_time(created: str) -> datetime:
    """Return when a model was made by the clock here, of a manifest's ISO 8601 time."""
    when = datetime.fromisoformat(created)
    try:
        return when.astimezone()
    except OverflowError:  # at the ends of the calendar
        return when


def _size_of_file(path: Path) -> int:
    """Bytes of a regular file; a link could lead out of the bundle, a pipe would never end."""
    try:
        status = path.lstat()
    except FileNotFoundError as error:
        raise BundleError("Expected a file. Received: none.") from error
    except OSError as error:
        raise BundleError(f"Expected a readable file. Received: {error.strerror}.") from error
    if not stat.S_ISREG(status.st_mode):
        raise BundleError("Expected a file of the bundle's own. Received: a link or folder.")
    return status.st_size


def _data_card(values: dict[str, Any]) -> DataCard:
    shape = tuple(_as("image_shape", side, int) for side in _get(values, "image_shape", list))
    if (
        len(shape) != 3
        or not all(1 <= side <= _MAX_SIDE for side in shape)
        or shape[2] not in (1, 3)
    ):
        raise BundleError(
            f"image_shape: Expected height and width from 1 to {_MAX_SIDE}, and 1 or 3 channels. "
            f"Received: {reprlib.repr(shape)}."
        )
    counts = {key: _get(values, key, int) for key in ("train_count", "test_count")}
    for key, count in counts.items():
        if count < 0:
            raise BundleError(f"{key}: Expected 0 or more. Received: {count}.")
    return DataCard(
        name=_get(values, "name", str),
        fingerprint=_hash("data: fingerprint", _get(values, "fingerprint", str)),
        image_shape=(shape[0], shape[1], shape[2]),
        class_names=tuple(
            _as("class_names", name, str) for name in _get(values, "class_names", list)
        ),
        licence=_as("licence", values.get("licence", ""), str),
        attribution=_as("attribution", values.get("attribution", ""), str),
        only=_as("only", values.get("only", ""), str),
        **counts,
    )


def _file_record(name: str, values: dict[str, Any]) -> FileRecord:
    size = _get(values, "bytes", int)
    if size < 0:
        raise BundleError(f"files: {name}: bytes: Expected 0 or more. Received: {size}.")
    return FileRecord(_hash(f"files: {name}: sha256", _get(values, "sha256", str)), size)


def _file_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name) or name == MANIFEST_NAME:
        raise BundleError(
            "files: Expected names of files in the bundle's folder, of letters, digits, dots, "
            f"dashes and underscores. Received: {reprlib.repr(name)}."
        )
    return name


def _get(values: dict[str, Any], key: str, kind: type[_T]) -> _T:
    if key not in values:
        raise BundleError(f"{key}: Expected {_KINDS[kind]}. Received: nothing.")
    return _as(key, values[key], kind)


def _as(what: str, value: object, kind: type[_T]) -> _T:
    if type(value) is not kind:  # `bool` is an `int` to isinstance
        raise BundleError(f"{what}: Expected {_KINDS[kind]}. Received: {reprlib.repr(value)}.")
    return value


_KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    list: "a list",
    dict: "an object with named values",
}


def _texts(what: str, values: dict[str, Any]) -> dict[str, str]:
    return {key: _as(f"{what}: {key}", value, str) for key, value in values.items()}


def _hash(what: str, text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise BundleError(f"{what}: Expected 64 hex digits. Received: {reprlib.repr(text)}.")
    return text


def _date(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BundleError(
            "created: Expected an ISO 8601 date and time with its offset from UTC. "
            f"Received: {reprlib.repr(text)}."
        )
    return text


def _whole(text: str) -> int:
    if len(text) > 19:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{reprlib.repr(text)}, which is no finite number")
    return value
