"""Images in the IDX files of MNIST and its kin.

The format, from http://yann.lecun.com/exdb/mnist: two zero bytes, one byte for the type of the
values, one for the number of dimensions, each dimension as a big-endian 32-bit number, the values.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import _labels, _official, _stack
from bvae_core.datasets._image_set import ImageSet
from bvae_core.datasets._stack import Part, Stack
from bvae_core.errors import DataError
from bvae_core.files import replacing_file

_UNSIGNED_BYTE = 0x08
_GZIP_MAGIC = b"\x1f\x8b"
_OFFICIAL_NAME = re.compile(
    r"(?P<set>.*?)(?P<split>train|t10k|test)-(?P<what>images|labels)[-.]idx[1-4]-ubyte(\.gz)?"
)


def is_idx_name(name: str) -> bool:
    """Return whether a file of this name would be an IDX file, packed or not."""
    return re.search(r"[-.]idx([1-4]-ubyte)?(\.gz)?$", name) is not None


def load_folder(
    folder: Path,
    names: Sequence[str],
    *,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
) -> ImageSet | None:
    """Load the official files ``train-images-idx3-ubyte``, ``t10k-labels-idx1-ubyte`` and so on.

    Classes have the names that a ``*_classmap.csv`` beside the files gives them, else their
    numbers. Of a file that is there both as it is and as ``.gz``, the former is read.

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
    found = _official.find_parts(folder, names, _OFFICIAL_NAME, open_idx, kind="IDX")
    if found is None:
        return None
    _, parts = found
    return _stack.image_set(
        folder.resolve().name,
        parts,
        _labels.read_classmap(folder, names),
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
    """Load the images of one IDX file, without labels."""
    return _stack.image_set(
        path.name.split(".")[0],
        {"all": Part(open_idx(path), None)},
        None,
        image_size=image_size,
        grey=grey,
        seed=seed,
    )


def open_idx(path: Path) -> Stack:
    """Read and check the header of an IDX file of unsigned bytes, packed with gzip or not.

    Raises
    ------
    DataError
        If the file can't be read, is no such file, or is not as long as its header says.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP_MAGIC
        with _open(path, packed) as stream:
            magic = stream.read(4)
            if len(magic) < 4 or magic[:2] != b"\0\0" or not 1 <= magic[3] <= 4:
                raise DataError(
                    f"{path}: Expected an IDX file, which starts with the bytes 00 00 08 and the "
                    f"number of dimensions. Received: {magic.hex(' ') or 'an empty file'}."
                )
            if magic[2] != _UNSIGNED_BYTE:
                raise DataError(
                    f"{path}: Expected unsigned bytes (IDX type 08). Received: type {magic[2]:02x}."
                )
            dimensions = stream.read(4 * magic[3])
            if len(dimensions) < 4 * magic[3]:
                raise DataError(f"{path}: Expected an IDX file. Received: a truncated header.")
        stored = path.stat().st_size
    except _stack.STREAM_ERRORS as error:
        raise DataError(f"{path} can't be read: {error}.") from error
    shape = struct.unpack(f">{magic[3]}I", dimensions)
    start = 4 + len(dimensions)

    @contextlib.contextmanager
    def open_values() -> Iterator[IO[bytes]]:
        with _open(path, packed) as stream:
            stream.seek(start)
            yield stream

    stack = Stack(str(path), path, shape, np.dtype(np.uint8), open_values)
    stack.check_length(stored if packed else stored - start, deflated=packed)
    return stack


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read the whole array of an IDX file of unsigned bytes, packed with gzip or not.

    Raises
    ------
    DataError
        As `open_idx`, or if the values are truncated.
    """
    return open_idx(path).read()


def write_idx(path: Path, array: NDArray[np.uint8]) -> None:
    """Write an array of 1 to 4 dimensions as an IDX file, packed if the name ends in ``.gz``.

    The file takes the place of `path` when it is whole. The same array gives the same bytes.

    Raises
    ------
    DataError
        If the array is not uint8, or has no or more than 4 dimensions.
    BvaeError
        If the file can't be written.
    """
    if array.dtype != np.uint8 or not 1 <= array.ndim <= 4:
        raise DataError(
            f"{path}: Expected uint8 of 1 to 4 dimensions. "
            f"Received: {array.dtype}, shape {array.shape}."
        )
    header = struct.pack(f">2x2B{array.ndim}I", _UNSIGNED_BYTE, array.ndim, *array.shape)
    data = header + array.tobytes()
    with replacing_file(path) as temporary:
        temporary.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def _open(path: Path, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")
