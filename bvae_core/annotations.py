"""What people note on a model: selections of its images and directions, each by a name.

A bundle is never changed once it is written, so these are kept beside the bundles: one small file
of JSON for each model's fingerprint, in the cache folder. A copy of a model has the same
fingerprint, and so the same annotations; with the codes of other images it has others.
"""

from __future__ import annotations

import contextlib
import json
import math
import reprlib
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import shorten
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnnotationError, BvaeError, DataError
from bvae_core.files import replacing_file
from bvae_core.indices import format_indices, parse_indices
from bvae_core.manifest import MAX_NAME_LENGTH
from bvae_core.resources import CACHE_VARIABLE, cache_folder

T = TypeVar("T")

_FOLDER = "annotations"
_SCHEMA_VERSION = 1
_MAX_BYTES = 1 << 26
#: Selections, and directions, that a model can have.
MAX_COUNT = 1000


class Annotated(Protocol):
    """What can be annotated; a `Bundle` is."""

    @property
    def codes_fingerprint(self) -> str: ...  # noqa: D102
    @property
    def latents(self) -> NDArray[np.float32]: ...  # noqa: D102


@dataclass(frozen=True)
class Annotations:
    """Selections and directions of one model, by name.

    Parameters
    ----------
    selections
        Indices of images, counted from 0, rising, each once, at least one.
    directions
        Vectors of latent space, d finite numbers each.

    Raises
    ------
    AnnotationError
        If a name or a value is none, or there are more than `MAX_COUNT` of a kind.
    """

    selections: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    directions: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, named in (("selections", self.selections), ("directions", self.directions)):
            if len(named) > MAX_COUNT:
                raise AnnotationError(
                    f"{what}: Expected at most {MAX_COUNT}. Received: {len(named)}."
                )
            for name in named:
                if check_annotation_name(name) != name:
                    raise AnnotationError(
                        f"{what}: Expected names in Unicode's composed form. Received: {name!r}."
                    )
        for name, indices in self.selections.items():
            chosen = np.asarray(indices, np.int64)
            if not len(chosen) or chosen[0] < 0 or (np.diff(chosen) <= 0).any():
                raise AnnotationError(
                    f"selection {name!r}: Expected rising indices from 0, at least one. "
                    f"Received: {reprlib.repr(indices)}."
                )
        for name, vector in self.directions.items():
            if not vector or not all(math.isfinite(value) for value in vector):
                raise AnnotationError(
                    f"direction {name!r}: Expected finite numbers. "
                    f"Received: {reprlib.repr(vector)}."
                )

    def with_selection(self, name: str, indices: Iterable[int]) -> Annotations:
        """Return these and a selection, in the place of the one that has its name, if any."""
        chosen = tuple(sorted({int(index) for index in indices}))
        return replace(self, selections={**self.selections, check_annotation_name(name): chosen})

    def with_direction(self, name: str, vector: ArrayLike) -> Annotations:
        """Return these and a direction, in the place of the one that has its name, if any."""
        with np.errstate(over="ignore"):  # too large becomes infinite, which is refused
            values = tuple(np.asarray(vector, np.float32).tolist())
        return replace(self, directions={**self.directions, check_annotation_name(name): values})

    def without_selection(self, name: str) -> Annotations:
        """Return these but one; an AnnotationError if it isn't there, naming those that are."""
        return replace(self, selections=_without(self.selections, name, "selection"))

    def without_direction(self, name: str) -> Annotations:
        """Return these but one; an AnnotationError if it isn't there, naming those that are."""
        return replace(self, directions=_without(self.directions, name, "direction"))

    def selection(self, name: str) -> tuple[int, ...]:
        """Return a selection; an AnnotationError if it isn't there, naming those that are."""
        return _find(self.selections, name, "selection")

    def direction(self, name: str) -> tuple[float, ...]:
        """Return a direction; an AnnotationError if it isn't there, naming those that are."""
        return _find(self.directions, name, "direction")

    def rename_selection(self, name: str, new: str) -> Annotations:
        """Return these with one of them called otherwise, in its place.

        Raises
        ------
        AnnotationError
            If there is none with the first name, or one with the second.
        """
        return replace(self, selections=_renamed(self.selections, name, new, "selection"))

    def rename_direction(self, name: str, new: str) -> Annotations:
        """Do for directions what `rename_selection` does."""
        return replace(self, directions=_renamed(self.directions, name, new, "direction"))


def check_annotation_name(name: str) -> str:
    """Return a name in Unicode's composed form (NFC), if it can be one.

    ``MODEL:NAME`` and ``1,5,9-20`` have to be told from names, and so a name has no colon and is
    not made of digits, commas and dashes alone.

    Raises
    ------
    AnnotationError
        If it isn't, or is empty, longer than 100 characters, begins or ends with a space, or has
        a character that can't be printed.
    """
    name = unicodedata.normalize("NFC", name)
    fits = (
        0 < len(name) <= MAX_NAME_LENGTH
        and name == name.strip()
        and name.isprintable()
        and ":" not in name
        and not set(name) <= set("0123456789,- ")
    )
    if not fits:
        raise AnnotationError(
            f"name: Expected 1 to {MAX_NAME_LENGTH} printable characters, not digits alone, "
            f"without a colon and with no space at either end. Received: {reprlib.repr(name)}."
        )
    return name


def load_annotations(bundle: Annotated, cache: Path | None = None) -> Annotations:
    """Read what is noted on a model; nothing is noted where there is no file.

    Parameters
    ----------
    bundle
        The model.
    cache
        The cache folder; None is the user's.

    Raises
    ------
    AnnotationError
        If the file is no such file, or of another model: it is set aside then, the message says
        where, and there are none the next time. If it is from a newer version, it stays.
    BvaeError
        If the file can't be read.
    """
    path = annotations_path(bundle, cache)
    try:
        return _read(path, bundle)
    except _BrokenFileError:
        with _locked(path):
            return _read_or_set_aside(path, bundle)


def save_annotations(
    bundle: Annotated, annotations: Annotations, cache: Path | None = None
) -> None:
    """Note all of this on a model, and nothing else.

    Where another program may change them meanwhile, use `edit_annotations`.

    Raises
    ------
    AnnotationError
        If an image or a direction is none of the model's, or what is there can't be read: see
        `load_annotations`.
    BvaeError
        If the cache folder can't be written.
    """
    edit_annotations(bundle, lambda _: annotations, cache)


def edit_annotations(
    bundle: Annotated, change: Callable[[Annotations], Annotations], cache: Path | None = None
) -> Annotations:
    """Change what is noted on a model, while nobody else does, and return what is noted then.

    Parameters
    ----------
    bundle
        The model.
    change
        Gets what is noted now. What it raises goes through, and nothing changes.
    cache
        The cache folder; None is the user's.

    Raises
    ------
    AnnotationError, BvaeError
        As `save_annotations` does.
    """
    path = annotations_path(bundle, cache)
    with _locked(path):
        before = _read_or_set_aside(path, bundle)
        after = change(before)
        _check(after, bundle)
        if after != before:
            with replacing_file(path) as temporary:
                temporary.write_text(_to_text(after, bundle), encoding="utf-8")
    return after


def annotations_path(bundle: Annotated, cache: Path | None = None) -> Path:
    """Return the file in which a model's annotations are kept; it need not be there yet."""
    return (cache or cache_folder()) / _FOLDER / f"{bundle.codes_fingerprint}.json"


class _BrokenFileError(AnnotationError):
    """What stands in the file can't be used, by this version or any other."""


def _read_or_set_aside(path: Path, bundle: Annotated) -> Annotations:
    try:
        return _read(path, bundle)
    except _BrokenFileError as error:
        aside = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.broken")
        try:
            path.rename(aside)
        except OSError as trouble:
            raise BvaeError(f"{path} could not be renamed: {trouble.strerror}.") from trouble
        raise AnnotationError(
            f"{error} It was set aside as {aside.name}; try again to begin without it."
        ) from error


def _read(path: Path, bundle: Annotated) -> Annotations:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return Annotations()
    except OSError as error:
        raise BvaeError(f"{path} could not be read: {error.strerror}.") from error
    try:
        if len(content) > _MAX_BYTES:
            raise ValueError(f"more than {_MAX_BYTES:,} bytes")
        values = json.loads(content.decode("utf-8"), parse_constant=_refuse)
        version = values["schema_version"]
        if type(version) is int and version > _SCHEMA_VERSION:
            raise AnnotationError(
                f"{path}: made by a newer version of bvae-explorer. Update it to read this."
            )
        return _from_values(values, bundle)
    except AnnotationError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, DataError) as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> _BrokenFileError:
    what = f"no {error}" if isinstance(error, KeyError) else str(error)
    return _BrokenFileError(
        f"{path}: Expected a model's selections and directions, as this program writes them. "
        f"Received: {shorten(what, 200).rstrip('.')}."
    )


def _from_values(values: dict[str, Any], bundle: Annotated) -> Annotations:
    if values["schema_version"] != _SCHEMA_VERSION:
        raise ValueError(f"schema_version {values['schema_version']!r}")
    if values["model"] != bundle.codes_fingerprint:
        raise ValueError("the fingerprint of another model")
    count = len(bundle.latents)
    selections = {
        name: tuple(parse_indices(text, count).tolist())
        for name, text in values["selections"].items()
    }
    directions = {
        name: tuple(_number(value) for value in vector)
        for name, vector in values["directions"].items()
    }
    try:
        annotations = Annotations(selections, directions)
        _check(annotations, bundle)
    except AnnotationError as error:
        raise ValueError(str(error)) from error
    return annotations


def _check(annotations: Annotations, bundle: Annotated) -> None:
    count, dimensions = bundle.latents.shape
    for name, indices in annotations.selections.items():
        if indices[-1] >= count:
            raise AnnotationError(
                f"selection {name!r}: Expected images from 0 to {count - 1}. "
                f"Received: {indices[-1]}."
            )
    for name, vector in annotations.directions.items():
        if len(vector) != dimensions:
            raise AnnotationError(
                f"direction {name!r}: Expected {dimensions} numbers. Received: {len(vector)}."
            )


def _to_text(annotations: Annotations, bundle: Annotated) -> str:
    values = {
        "schema_version": _SCHEMA_VERSION,
        "model": bundle.codes_fingerprint,
        "selections": {name: format_indices(s) for name, s in annotations.selections.items()},
        "directions": {name: list(vector) for name, vector in annotations.directions.items()},
    }
    return json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _number(value: object) -> float:
    if type(value) not in (int, float):  # `bool` is an `int` to isinstance
        raise ValueError(f"{reprlib.repr(value)} for a number")
    return float(value)  # type: ignore[arg-type]


def _refuse(text: str) -> float:
    raise ValueError(f"{text}, which is no finite number")


def _find(named: Mapping[str, T], name: str, what: str) -> T:
    if name not in named:
        names = ", ".join(map(repr, named)) or "none"
        raise AnnotationError(
            f"{what}: Expected one of the saved ones, {names}. Received: {name!r}."
        )
    return named[name]


def _without(named: Mapping[str, T], name: str, what: str) -> dict[str, T]:
    _find(named, name, what)
    return {other: value for other, value in named.items() if other != name}


def _renamed(named: Mapping[str, T], name: str, new: str, what: str) -> dict[str, T]:
    _find(named, name, what)
    new = check_annotation_name(new)
    if new != name and new in named:
        raise AnnotationError(f"There is a {what} named {new!r} already. Choose another name.")
    return {new if other == name else other: value for other, value in named.items()}


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process, and one thread, at a time change the file."""
    from filelock import FileLock  # takes longer to import than a model to open

    folder = path.parents[1] / "locks"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / f"{_FOLDER}-{path.stem[:16]}.lock")
        lock.acquire()
    except (OSError, NotImplementedError) as error:
        raise BvaeError(
            f"{path}: can't be written: {error}. {CACHE_VARIABLE} names another cache folder."
        ) from error
    try:
        yield
    finally:
        lock.release()
