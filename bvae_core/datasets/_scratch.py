"""Where decoded images are kept: in memory while they are few, else in a file mapped into it.

A million images stream from their source to ``data/<key>.npy`` in the cache folder, once. From then
on they are read from there, only those that are asked for. The key stands for the source's files
and for what was done to their pixels, so that the next call finds the images without decoding any.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from bvae_core.errors import DataError
from bvae_core.files import replacing_file
from bvae_core.resources import cache_folder

#: Sets up to this many bytes stay in memory.
IN_MEMORY_BYTES = 256 << 20
#: The files kept here take up to this many bytes; those used longest ago make room for new ones.
MAX_KEPT_BYTES = 64 << 30
#: Left free on the disk whatever is kept here.
_SPARE_BYTES = 1 << 30
#: What a step of reading or decoding takes, about.
CHUNK_BYTES = 16 << 20
# Part of every key: raise it when the same source would be decoded to other pixels.
_POLICY = 1


def folder() -> Path:
    """Return the folder of the mapped files."""
    return cache_folder() / "data"


def key_of(*parts: Any) -> str:
    """Return a key (hex) that stands for `parts`, which must be JSON values."""
    text = json.dumps([_POLICY, *parts])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def file_key(paths: Iterable[Path], *parts: Any) -> str:
    """Return a key of the files' names, sizes and times of change, and of `parts`."""
    states = [(str(path.resolve()), path.stat()) for path in paths]
    return key_of([(name, state.st_size, state.st_mtime_ns) for name, state in states], *parts)


def find(key: str) -> NDArray[np.uint8] | None:
    """Return the (N, H, W, C) images kept under `key`, mapped read-only, or None.

    A file that has lost something is deleted: its images can be read again.
    """
    path = folder() / f"{key}.npy"
    if not path.exists():
        return None
    try:
        images: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (EOFError, ValueError):
        path.unlink()
        return None
    with contextlib.suppress(OSError):  # where nothing can be written nothing grows old
        os.utime(path)
    return images


def gather(
    key: str,
    shape: tuple[int, int, int, int],
    chunks: Callable[[], Iterable[NDArray[np.uint8]]],
    *,
    source: str,
) -> NDArray[np.uint8]:
    """Collect all images, in memory or in a mapped file as their number decides.

    Parameters
    ----------
    key
        What to find a mapped file by.
    shape
        (N, H, W, C) of them all.
    chunks
        Gives the images again and again from the first, (n, H, W, C) uint8 at a time. Not called
        where the images are found.
    source
        What errors call the images.

    Returns
    -------
    ndarray or memmap
        `shape` uint8, read-only.

    Raises
    ------
    DataError
        If the disk has no room for the file, or the chunks hold another number of images.
    """
    size = math.prod(shape)
    if size <= IN_MEMORY_BYTES:
        images = np.empty(shape, np.uint8)
        end = 0
        for chunk in _counted(chunks(), shape, source):
            images[end : end + len(chunk)] = chunk
            end += len(chunk)
        images.flags.writeable = False
        return images

    path = _prepare(key, source)
    with FileLock(path.with_suffix(".lock")):  # another process may be decoding the same
        found = find(key)
        if found is None:
            _write(path, shape, _counted(chunks(), shape, source), source)
            found = find(key)
    if found is None:
        raise DataError(f"{source}: {path} disappeared while it was being opened. Try again.")
    return found


def keep(key: str, images: NDArray[np.uint8], *, source: str) -> None:
    """Keep images in a mapped file, whatever their number, in place of what `key` stood for.

    Parameters
    ----------
    key
        What to `find` them by.
    images
        (N, H, W, C) uint8.
    source
        What errors call them.

    Raises
    ------
    DataError
        If the disk has no room for the file.
    """
    path = _prepare(key, source)
    step = rows_of(images[0].nbytes)
    with FileLock(path.with_suffix(".lock")):
        chunks = (images[start : start + step] for start in range(0, len(images), step))
        _write(path, images.shape, chunks, source)


def rows_of(row_bytes: int) -> int:
    """Return how many rows of so many bytes make a chunk, at least 1."""
    return max(1, CHUNK_BYTES // row_bytes)


def _prepare(key: str, source: str) -> Path:
    """Return the path of a mapped file, in a folder that is there."""
    path = folder() / f"{key}.npy"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{source}: {path.parent}, the folder for decoded images, can't be made: "
            f"{error.strerror}. Set BVAE_CACHE_DIR to another."
        ) from error
    return path


def _write(
    path: Path, shape: tuple[int, ...], chunks: Iterable[NDArray[np.uint8]], source: str
) -> None:
    _make_room(math.prod(shape), source)
    with replacing_file(path) as temporary, temporary.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk).data)


def _counted(
    chunks: Iterable[NDArray[np.uint8]], shape: tuple[int, ...], source: str
) -> Iterator[NDArray[np.uint8]]:
    count = 0
    for chunk in chunks:
        count += len(chunk)
        if count > shape[0]:
            break
        yield chunk
    if count != shape[0]:
        raise DataError(
            f"{source}: Expected {shape[0]} images. "
            f"Received: {'more' if count > shape[0] else count}."
        )


def _make_room(size: int, source: str) -> None:
    """Remove the files used longest ago until another of `size` bytes has room."""
    kept = sorted(folder().glob("*.npy"), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in kept)
    for path in kept:
        free = shutil.disk_usage(folder()).free
        if total + size <= MAX_KEPT_BYTES and free >= size + _SPARE_BYTES:
            return
        size_of_path = path.stat().st_size
        with contextlib.suppress(PermissionError):  # Windows, where it is mapped
            path.unlink()
            total -= size_of_path
    free = shutil.disk_usage(folder()).free
    if free < size + _SPARE_BYTES:
        raise DataError(
            f"{source}: its decoded images take {size / 1e9:,.1f} GB, and {folder()} has "
            f"{max(0, free - _SPARE_BYTES) / 1e9:,.1f} GB to spare. Set BVAE_CACHE_DIR to a "
            f"folder with more room."
        )
