"""Arrays in files whose header is read and checked before any of their values is."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import _labels, _pixels, _scratch, _splits
from bvae_core.datasets._image_set import ImageSet
from bvae_core.datasets.credits import credits_of
from bvae_core.errors import DataError

#: Images of more pixels a side than this are refused, whatever size they are to be brought to.
MAX_NATIVE_SIDE = 2048
#: Deflate can't shrink anything to less than a 1,032nd.
_MAX_DEFLATE_RATIO = 1032

_MAX_LABEL_BYTES = 1024

# What the readers of gzip, zip and their streams raise when the bytes are not what they should be.
STREAM_ERRORS = (OSError, EOFError, zlib.error, BadZipFile, ValueError, RuntimeError)


@dataclass(frozen=True)
class Stack:
    """An array in a file, believed as far as its header goes.

    Parameters
    ----------
    name
        What errors call it: the file, and the array in it.
    path
        The file.
    shape
        As the header says.
    dtype
        As the header says; never of objects.
    open_values
        Opens the file at the first value.
    """

    name: str
    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    open_values: Callable[[], AbstractContextManager[IO[bytes]]]

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def nbytes(self) -> int:
        """Bytes of all values, as the header says."""
        return math.prod(self.shape) * self.dtype.itemsize

    def rows(self) -> Iterator[NDArray[Any]]:
        """Read the array, (n, …) at a time.

        Raises
        ------
        DataError
            If the file holds fewer or more values than the header says, or can't be read.
        """
        row_bytes = self.nbytes // max(1, len(self))
        step = _scratch.rows_of(max(1, row_bytes))
        try:
            with self.open_values() as stream:
                for start in range(0, len(self), step):
                    count = min(step, len(self) - start)
                    data = _read_up_to(stream, count * row_bytes)
                    if len(data) < count * row_bytes:
                        received = start * row_bytes + len(data)
                        raise self.wrong_length(f"{received:,} bytes, so it is truncated")
                    yield np.frombuffer(data, self.dtype).reshape(count, *self.shape[1:])
                if stream.read(1):
                    raise self.wrong_length("more")
        except STREAM_ERRORS as error:
            raise DataError(f"{self.name} can't be read: {error}.") from error

    def read(self) -> NDArray[Any]:
        """Read the whole array; for columns, not for images."""
        return np.concatenate([np.empty((0, *self.shape[1:]), self.dtype), *self.rows()])

    def check_length(self, stored: int, *, deflated: bool) -> None:
        """Compare what the header says with the bytes there are, without reading them.

        Raises
        ------
        DataError
            If `stored` bytes can't hold, or don't exactly hold, the array.
        """
        if deflated:
            if self.nbytes > stored * _MAX_DEFLATE_RATIO:
                raise self.wrong_length(f"{stored:,} compressed bytes, which can't hold so many")
        elif self.nbytes != stored:
            raise self.wrong_length(f"{stored:,}")

    def wrong_length(self, received: str) -> DataError:
        """Return the error that the file is not as long as its header says."""
        shape = "×".join(map(str, self.shape))
        return DataError(
            f"{self.name}: Expected {self.nbytes:,} bytes of values, since the header says "
            f"{shape} of {self.dtype}. Received: {received}."
        )


@dataclass(frozen=True)
class Part:
    """The images of one split and their labels, if there are any."""

    images: Stack
    labels: Stack | None

    def check_labels(self) -> None:
        """Compare the labels' header with the images'.

        Raises
        ------
        DataError
            If there isn't one whole number or string for each image.
        """
        labels, count = self.labels, len(self.images)
        if labels is None:
            return
        if labels.shape not in ((count,), (count, 1)):
            raise DataError(
                f"{labels.name}: Expected {count} labels, one for each image in "
                f"{self.images.name}. Received: shape {labels.shape}."
            )
        if labels.dtype.kind not in "iuU" or labels.dtype.itemsize > _MAX_LABEL_BYTES:
            raise DataError(
                f"{labels.name}: Expected labels that are whole numbers or strings. "
                f"Received: {labels.dtype}."
            )


def image_set(
    name: str,
    parts: Mapping[str, Part],
    class_names: Sequence[str] | None,
    *,
    image_size: tuple[int, int] | None,
    grey: bool | None,
    seed: int,
) -> ImageSet:
    """Read images and labels of one or both splits.

    Parameters
    ----------
    name
        Of the set.
    parts
        By ``"train"`` and ``"test"``, or ``"all"``, which is split here with `seed`; so is
        a single part under another name.
    class_names
        Of the labels 0, 1, …, or None to name classes by their numbers.
    image_size, grey, seed
        As `bvae_core.datasets.load` has them.

    Raises
    ------
    DataError
        If shapes, counts or values are not those of images and their labels.
    """
    stacks = [part.images for part in parts.values()]
    natives = {_native_shape(stack) for stack in stacks}
    if len(natives) > 1:
        shapes = " and ".join(f"{stack.shape[1:]} in {stack.name}" for stack in stacks)
        raise DataError(f"{name}: Expected images of one shape. Received: {shapes}.")
    (native,) = natives
    shape = _pixels.target_shape(native, image_size, grey, source=stacks[0].name)
    labelled = {part.labels is not None for part in parts.values()}
    if len(labelled) > 1:
        raise DataError(f"{name}: Expected labels for all splits or none. Received: for one only.")
    for part in parts.values():
        part.check_labels()

    count = sum(map(len, stacks))
    labels: NDArray[np.int64] | None = None
    names: tuple[str, ...] = ()
    if labelled == {True}:
        columns = [part.labels for part in parts.values() if part.labels is not None]
        labels, names = _labels.name_classes(
            _end_to_end([column.read().reshape(-1) for column in columns]),
            class_names,
            source=columns[0].name,
        )
    if len(parts) == 1:
        is_test = _splits.draw_test_split(count, labels, seed=seed)
    else:
        marks = [np.full(len(part.images), split == "test") for split, part in parts.items()]
        is_test = np.concatenate(marks)

    def chunks() -> Iterator[NDArray[np.uint8]]:
        for stack, top in zip(stacks, [_top(stack) for stack in stacks], strict=True):
            for rows in stack.rows():
                images = _pixels.to_bytes(rows, top).reshape(len(rows), *native)
                yield _pixels.refit(images, shape[:2], shape[2])

    files = {stack.path for stack in stacks}
    key = _scratch.file_key(sorted(files), [stack.name for stack in stacks], shape)
    images = _scratch.gather(key, (count, *shape), chunks, source=name)
    return ImageSet(name, images, labels, names, is_test, credits=credits_of(names))


def _end_to_end(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Join labels; NumPy would make fractions of whole numbers with and without a sign."""
    if {column.dtype.kind for column in columns} == {"i", "u"}:
        return np.concatenate([column.astype(object) for column in columns])
    return np.concatenate(columns)


def _native_shape(stack: Stack) -> tuple[int, int, int]:
    """Return (H, W, C) of a stack of images, C = 1, 3 or 4."""
    shape = stack.shape
    if len(shape) == 3:
        shape = (*shape, 1)
    fits = len(shape) == 4 and shape[3] in (1, 3, 4)
    if not fits or not all(0 < side <= MAX_NATIVE_SIDE for side in shape[1:3]):
        hint = ""
        if len(shape) == 2 and math.isqrt(shape[1]) ** 2 == shape[1]:
            side = math.isqrt(shape[1])
            hint = f" If its rows are flattened images, save it as .reshape(-1, {side}, {side})."
        raise DataError(
            f"{stack.name}: Expected images of shape (N, H, W) or (N, H, W, 1, 3 or 4), at most "
            f"{MAX_NATIVE_SIDE} pixels a side. Received: {stack.shape}.{hint}"
        )
    if len(stack) == 0:
        raise DataError(f"{stack.name}: Expected at least one image. Received: none.")
    if stack.dtype.kind not in "biuf" or stack.dtype.itemsize > 8:
        raise DataError(
            f"{stack.name}: Expected pixels that are numbers (uint8; or whole numbers, floats or "
            f"booleans from 0 to 1 or 0 to 255). Received: {stack.dtype}."
        )
    return shape[1], shape[2], shape[3]


def _top(stack: Stack) -> int:
    """Return the value that stands for white, 1 or 255, having looked for values over 1.

    Raises
    ------
    DataError
        If any value is under 0, over 255 or not a number.
    """
    top = 1
    for rows in stack.rows():
        if stack.dtype.kind == "b":
            break
        low, high = rows.min(), rows.max()
        if not (low >= 0 and high <= 255):  # NaN is neither
            raise DataError(
                f"{stack.name}: Expected pixels from 0 to 1 or from 0 to 255. "
                f"Received: {low:g} to {high:g}."
            )
        if high > 1:
            top = 255
            if stack.dtype == np.uint8:  # can't get any worse
                break
    return top


def _read_up_to(stream: IO[bytes], count: int) -> bytes:
    """Read `count` bytes, fewer only at the end, from a stream that may give them in pieces."""
    pieces = []
    while count > 0 and (piece := stream.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
