"""What can be measured: a `Bundle`, and anything else that has the same to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bvae_core.config import TrainConfig
    from bvae_core.manifest import DataCard


class ImageCodec(Protocol):
    """What encodes and decodes images."""

    def encode(self, images: NDArray[Any], /) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Map (n, H, W, C) uint8 images to the posterior's mean and log-variance, (n, d) each."""

    def decode(self, z: NDArray[Any], /) -> NDArray[np.float32]:
        """Map (n, d) codes to pixel probabilities in [0, 1], (n, H, W[, C])."""


class TrainedModel(ImageCodec, Protocol):
    """A codec that knows what it was trained on."""

    @property
    def config(self) -> TrainConfig:
        """The settings that it was trained with."""

    @property
    def data(self) -> DataCard:
        """The data set that it was trained on."""

    @property
    def latents(self) -> NDArray[np.float32]:
        """Mean of q(z|x) of each image of that data set, (N, d)."""

    @property
    def log_var(self) -> NDArray[np.float32]:
        """Its log-variance, (N, d)."""

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Class of each image, (N,), or None."""

    @property
    def is_test(self) -> NDArray[np.bool_]:
        """(N,), True for the images of the test split."""
