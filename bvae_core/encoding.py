"""What a model makes of images that it was not trained on: posteriors, and reconstructions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bvae_core.likelihood import binary_cross_entropy

if TYPE_CHECKING:
    from bvae_core.diagnostics.protocols import ImageCodec


@dataclass(frozen=True, eq=False)
class Encoded:
    """Posteriors q(z|x) of n images, and what is decoded at their means.

    Parameters
    ----------
    mean, log_var
        (n, d) float32; log_var is the natural logarithm of the variance.
    decoded
        (n, H, W[, 3]) float32 in [0, 1].
    error
        (n,) float64, nats: Σ_pixels −x ln p − (1 − x) ln(1 − p), the objective's reconstruction
        (Kingma & Welling 2014) with the code at the posterior's mean, not drawn from it.
    """

    mean: NDArray[np.float32]
    log_var: NDArray[np.float32]
    decoded: NDArray[np.float32]
    error: NDArray[np.float64]

    @property
    def deviation(self) -> NDArray[np.float32]:
        """The standard deviations of the posteriors, (n, d) float32."""
        deviation: NDArray[np.float32] = np.exp(0.5 * self.log_var)
        return deviation


def encode_images(codec: ImageCodec, images: NDArray[np.uint8]) -> Encoded:
    """Encode images, and decode them again.

    Parameters
    ----------
    codec
        A model, such as a `bvae_core.bundle.Bundle`.
    images
        (n, H, W[, C]) uint8, in the model's form: see `bvae_core.fitting.fit`.

    Raises
    ------
    DataError
        If they have another form.
    """
    mean, log_var = codec.encode(images)
    decoded = codec.decode(mean)
    targets = images.reshape(len(images), -1) / 255.0
    error = binary_cross_entropy(targets, decoded.reshape(len(images), -1))
    return Encoded(mean, log_var, decoded, error)
