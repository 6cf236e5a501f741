"""Images in NumPy's files: the official ``.npz`` of the Kuzushiji sets, or any ``.npz``, ``.npy``.

The format, from https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: an ``.npz``
is a zip archive of ``.npy`` members. Headers are checked before values are read; arrays of objects,
which are pickles, are refused, and that of dSprites is read around.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np

from bvae_core import kana
from bvae_core.datasets import _factors, _labels, _official, _stack
from bvae_core.datasets._image_set import ImageSet
from bvae_core.datasets._stack import Part, Stack
from bvae_core.errors import DataError

# NumPy's own limit for a header is 10,000 bytes.
_HEADER_BYTES = 1 << 14
_OFFICIAL_NAME = re.compile(r"(?P<set>.+)-(?P<split>train|test)-(?P<what>imgs|labels)\.npz")
_OFFICIAL_CLASSES = {"kmnist": kana.KMNIST, "k49": kana.KUZUSHIJI_49}
# The names that arrays go by in an archive, each split's images and labels.
_KEYS = {
    "train": (("x_train", "train_images"), ("y_train", "train_labels")),
    "test": (("x_test", "test_images"), ("y_test", "test_labels")),
    "all": (("images", "imgs", "x", "X", "arr_0"), ("labels", "y", "arr_1")),
}
_CLASS_NAMES_KEY = "class_names"
# dSprites' own: what says that a file is of its kind, and the pickle in it that is left alone.
_DSPRITES_IMAGES = "imgs"
_DSPRITES_METADATA = "metadata"


def load_folder(
    folder: Path,
    names: Sequence[str],
    *,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
) -> ImageSet | None:
    """Load the official files ``kmnist-train-imgs.npz``, ``kmnist-test-labels.npz`` and so on.

    Classes have the names that a ``*_classmap.csv`` beside the files gives them, else those of
    ``kmnist`` and ``k49``, else their numbers.

    Parameters
    ----------
    folder
        The folder.
    names
        Names of the files in it.
    image_size, grey, seed
        As `bvae_core.datasets.load` has them.

    Returns
    -------
    ImageSet or None
        None where no file has such a name.

    Raises
    ------
    DataError
        If a file is damaged, files don't belong together, or one is missing.
    """
    found = _official.find_parts(folder, names, _OFFICIAL_NAME, _only_array, kind=".npz")
    if found is None:
        return None
    set_name, parts = found
    return _stack.image_set(
        folder.resolve().name,
        parts,
        _labels.read_classmap(folder, names) or _OFFICIAL_CLASSES.get(set_name),
        image_size=image_size,
        grey=grey,
        seed=seed,
    )


def load_file(
    path: Path,
    *,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
) -> ImageSet:
    """Load one ``.npy`` of images, or one ``.npz``.

    An archive's arrays are found by name: ``x_train``, ``y_train``, ``x_test``, ``y_test``, or
    ``train_images``, ``train_labels``, ``test_images``, ``test_labels``; else ``images`` (``imgs``,
    ``x``, ``arr_0``) and ``labels`` (``y``, ``arr_1``); else, whatever its name, the only array
    there is. ``class_names`` (strings) names the classes, else labels that are strings do.

    ``images`` may have known factors beside them: ``factors``, (N, F) numbers, with
    ``factor_names`` (strings); or ``latents_values`` or ``latents_classes``, as dSprites has them,
    whose names are in a pickle that is never opened: with six columns they are dSprites'.

    Images are (N, H, W) or (N, H, W, C), C = 1 or 3, or 4 with transparency, which shows white
    paper; uint8, or other numbers from 0 to 255, or, where no value is over 1, from 0 to 1, which
    are multiplied by 255. Labels are (N,), whole numbers or strings.

    Parameters
    ----------
    path
        The file.
    image_size, grey, seed
        As `bvae_core.datasets.load` has them.

    Raises
    ------
    DataError
        If the file is damaged, or holds no such arrays.
    """
    class_names = factors = None
    if path.suffix.lower() == ".npy":
        parts = {"all": Part(_open_npy(path), None)}
    else:
        arrays = _open_npz(path)
        if _CLASS_NAMES_KEY in arrays:
            class_names = _labels.read_names(arrays.pop(_CLASS_NAMES_KEY), "class names", "K")
        factors = _factors.find(arrays)
        parts = _find_parts(path, arrays)
    if factors is not None:
        factors.check(parts)
    images = _stack.image_set(
        path.stem, parts, class_names, image_size=image_size, grey=grey, seed=seed
    )
    return images if factors is None else factors.beside(images)


def _find_parts(path: Path, arrays: dict[str, Stack]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for split, (image_keys, label_keys) in _KEYS.items():
        images = next((arrays[key] for key in image_keys if key in arrays), None)
        labels = next((arrays[key] for key in label_keys if key in arrays), None)
        if images is not None and not (split == "all" and parts):
            parts[split] = Part(images, labels)
    if not parts and len(arrays) == 1:
        parts["all"] = Part(next(iter(arrays.values())), None)
    if not parts:
        raise DataError(
            f"{path}: Expected arrays named images and labels, or x_train, y_train, x_test and "
            f"y_test. Received: {', '.join(arrays) or 'none'}."
        )
    return parts


def _only_array(path: Path) -> Stack:
    arrays = _open_npz(path)
    if len(arrays) != 1:
        raise DataError(f"{path}: Expected one array. Received: {', '.join(arrays) or 'none'}.")
    return next(iter(arrays.values()))


def _open_npy(path: Path) -> Stack:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER_BYTES)
        stored = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path} can't be read: {error}.") from error
    shape, dtype, start = _parse_header(str(path), head)

    @contextlib.contextmanager
    def open_values() -> Iterator[IO[bytes]]:
        with path.open("rb") as stream:
            stream.seek(start)
            yield stream

    stack = Stack(str(path), path, shape, dtype, open_values)
    stack.check_length(stored - start, deflated=False)
    return stack


def _open_npz(path: Path) -> dict[str, Stack]:
    """Read and check the header of every array in an archive; by the arrays' names."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {
                member.filename.removesuffix(".npy"): member
                for member in archive.infolist()
                if member.filename.endswith(".npy")
            }
            if _DSPRITES_IMAGES in members and not members.keys().isdisjoint(_factors.DSPRITES):
                members.pop(_DSPRITES_METADATA, None)
            return {name: _open_member(path, archive, each) for name, each in members.items()}
    except _stack.STREAM_ERRORS as error:
        raise DataError(
            f"{path}: Expected an .npz file, a zip archive of arrays, not encrypted. "
            f"Received: {error}."
        ) from error


def _open_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Stack:
    name = f"{path} ({member.filename})"
    deflated = member.compress_type == zipfile.ZIP_DEFLATED
    if not deflated and member.compress_type != zipfile.ZIP_STORED:
        raise DataError(
            f"{name}: Expected an array stored or deflated, as NumPy does. "
            f"Received: zip compression type {member.compress_type}."
        )
    with archive.open(member) as stream:
        head = stream.read(_HEADER_BYTES)
    shape, dtype, start = _parse_header(name, head)

    @contextlib.contextmanager
    def open_values() -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(path) as again, again.open(member) as stream:
            stream.read(start)
            yield stream

    stack = Stack(name, path, shape, dtype, open_values)
    if member.file_size != start + stack.nbytes:
        raise stack.wrong_length(f"{max(0, member.file_size - start):,}")
    stack.check_length(
        member.compress_size if deflated else member.compress_size - start, deflated=deflated
    )
    return stack


def _parse_header(name: str, head: bytes) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Return shape, dtype and where the values start, from the first bytes of an ``.npy``."""
    stream = io.BytesIO(head)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        version = np.lib.format.read_magic(stream)
        if version not in readers:
            raise DataError(f"{name}: Expected .npy version 1 or 2. Received: version {version}.")
        shape, fortran_order, dtype = readers[version](stream)
    except (ValueError, SyntaxError, TypeError, TokenError, OverflowError) as error:
        raise DataError(
            f"{name}: Expected an array in NumPy's .npy format. Received: {error}."
        ) from error
    if dtype.hasobject:
        raise DataError(
            f"{name}: Expected numbers. Received: an array of Python objects, which is a pickle "
            f"and is never opened, since it can run any program."
        )
    if not shape:
        raise DataError(f"{name}: Expected an array of images or labels. Received: one number.")
    if fortran_order and len(shape) > 1:
        raise DataError(
            f"{name}: Expected values in C order. Received: Fortran order; save "
            f"numpy.ascontiguousarray of it."
        )
    if min(shape) < 0 or dtype.itemsize == 0:
        raise DataError(f"{name}: Expected a shape without negative sides. Received: {shape}.")
    return shape, dtype, stream.tell()
