"""`ImageSet`: what every source of images is turned into."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.datasets._origin import Origin
from bvae_core.datasets.credits import UNKNOWN, Credits
from bvae_core.errors import DataError

MIN_SIDE = 8
MAX_SIDE = 256
_HASH_CHUNK_BYTES = 1 << 24


@dataclass(frozen=True, eq=False, repr=False)
class ImageSet:
    """Images with everything that is known of them.

    Parameters
    ----------
    name
        What to call the set in tables and model cards, ``"kmnist"`` or a folder's name.
    images
        (N, H, W, C) uint8, 0 to 255, C = 1 (grey) or 3 (RGB), H and W from 8 to 256. Either an
        array in memory or a read-only `numpy.memmap`: whoever goes over all images does so in
        chunks, so that a million of them need not fit in memory.
    labels
        (N,) int64, indices into `class_names`; None where nothing is known.
    class_names
        One name a class, in the order of the labels; empty without labels.
    is_test
        (N,) bool, True for the images of the test split.
    factors
        (N, F) float32, the known factors that each image was drawn from, or None.
    factor_names
        F names.
    origin
        What to `load` to get the same images again; None where they were made otherwise.
    credits
        Whose work the images are, where their source is known to ask for it to be said.

    Raises
    ------
    DataError
        If there are no images, an array has another shape, kind or length than said above, or
        names are missing.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    is_test: NDArray[np.bool_]
    factors: NDArray[np.float32] | None = None
    factor_names: tuple[str, ...] = ()
    origin: Origin | None = None
    credits: Credits = UNKNOWN

    def __post_init__(self) -> None:
        shape, dtype = self.images.shape, self.images.dtype
        if dtype != np.uint8 or len(shape) != 4 or shape[-1] not in (1, 3):
            raise DataError(
                f"{self.name}: Expected images of shape (N, H, W, 1 or 3), uint8. "
                f"Received: shape {shape}, {dtype}."
            )
        if len(self.images) == 0:
            raise DataError(f"{self.name}: Expected at least one image. Received: none.")
        if not all(MIN_SIDE <= side <= MAX_SIDE for side in shape[1:3]):
            raise DataError(
                f"{self.name}: Expected images from {MIN_SIDE}×{MIN_SIDE} to "
                f"{MAX_SIDE}×{MAX_SIDE} pixels. Received: {shape[1]}×{shape[2]}."
            )
        for what, column in (
            ("labels", self.labels),
            ("split marks", self.is_test),
            ("factor rows", self.factors),
        ):
            if column is not None and len(column) != len(self.images):
                raise DataError(
                    f"{self.name}: Expected as many {what} as images ({len(self.images)}). "
                    f"Received: {len(column)}."
                )
        for text in (self.name, *self.class_names, *self.factor_names):
            if not _is_unicode(text):
                raise DataError(f"Expected names in Unicode. Received: {text!a}.")
        for expected, column, dimensions, kind in (
            ("labels of shape (N,), integers", self.labels, 1, np.integer),
            ("split marks of shape (N,), bool", self.is_test, 1, np.bool_),
            ("factors of shape (N, F), float32", self.factors, 2, np.float32),
        ):
            if column is not None and not (
                column.ndim == dimensions and np.issubdtype(column.dtype, kind)
            ):
                raise DataError(
                    f"{self.name}: Expected {expected}. "
                    f"Received: shape {column.shape}, {column.dtype}."
                )
        columns = 0 if self.factors is None else self.factors.shape[1]
        if len(self.factor_names) != columns:
            raise DataError(
                f"{self.name}: Expected a name for each of {columns} factors. "
                f"Received: {len(self.factor_names)}."
            )
        if self.labels is not None and not (
            self.labels.min() >= 0 and self.labels.max() < len(self.class_names)
        ):
            raise DataError(
                f"{self.name}: Expected labels from 0 to {len(self.class_names) - 1}, one for "
                f"each class name. Received: {self.labels.min()} to {self.labels.max()}."
            )

    def __repr__(self) -> str:
        shape = "×".join(map(str, self.images.shape))
        classes = f", {len(self.class_names)} classes" if self.class_names else ""
        return f"<ImageSet {self.name!r}: {shape}{classes}, {len(self.test_indices)} for testing>"

    def __len__(self) -> int:
        return len(self.images)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""
        _, height, width, channels = self.images.shape
        return height, width, channels

    @cached_property
    def train_indices(self) -> NDArray[np.int64]:
        """Indices of the train split, ascending, (n,) int64."""
        return np.flatnonzero(~self.is_test)

    @cached_property
    def test_indices(self) -> NDArray[np.int64]:
        """Indices of the test split, ascending, (n,) int64."""
        return np.flatnonzero(self.is_test)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the content: pixels, labels, split and class names, not the name.

        The same characters give the same fingerprint, whichever source and file format they
        came from.
        """
        digest = hashlib.sha256(repr((self.images.shape, self.class_names)).encode())
        rows = max(1, _HASH_CHUNK_BYTES // self.images[0].nbytes)
        for start in range(0, len(self), rows):
            digest.update(self.images[start : start + rows].tobytes())
        if self.labels is not None:
            digest.update(self.labels.astype("<i8").tobytes())
        digest.update(self.is_test.tobytes())
        return digest.hexdigest()

    def select(self, indices: ArrayLike) -> ImageSet:
        """Return the set of the images at `indices` ((n,) int or (N,) bool), in that order."""
        chosen = np.asarray(indices)
        return replace(
            self,
            images=self.images[chosen],
            labels=None if self.labels is None else self.labels[chosen],
            is_test=self.is_test[chosen],
            factors=None if self.factors is None else self.factors[chosen],
            origin=None,
        )


def _is_unicode(text: str) -> bool:
    """Return whether a text is without halves of characters, which can't be written to a file."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
