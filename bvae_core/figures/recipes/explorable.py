"""What recipes need: a model, and at times its images."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Explorable(Protocol):
    """What a figure needs of a model; a bundle has it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def fingerprint(self) -> str:
        """Of what it was trained on and how."""

    @property
    def codes_fingerprint(self) -> str:
        """Of the images whose codes it has."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of its images."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """Of its classes, by label."""

    @property
    def latents(self) -> NDArray[np.float32]:
        """Means of q(z|x), (N, d)."""

    @property
    def log_var(self) -> NDArray[np.float32]:
        """Logarithms of its variances, (N, d)."""

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Classes of the images, (N,), or None."""

    def decode(self, z: NDArray[np.float32]) -> NDArray[np.float32]:
        """Decode codes (n, d) into images (n, H, W[, 3]) from 0 to 1."""


class Images(Protocol):
    """The images that models were trained on, where they are at hand."""

    def take(self, indices: NDArray[np.int64], /) -> NDArray[np.uint8]:
        """Return images (n, H, W[, 3]) by their indices, (n,)."""
