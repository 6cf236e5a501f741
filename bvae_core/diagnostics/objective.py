"""The objective, measured through a model's `encode` and `decode`.

The mean over images of Σ_pixels binary cross-entropy(x, decode(z)) + β·KL(q(z|x) ‖ N(0, I)), in
nats an image, with z sampled from q(z|x) and grey values x in [0, 1] as Bernoulli targets (Kingma &
Welling 2014; β: Higgins et al. 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.protocols import ImageCodec
from bvae_core.diagnostics.units import kl_per_dimension
from bvae_core.likelihood import binary_cross_entropy

DEFAULT_SAMPLES = 8
#: Values (images × pixels × channels) in work at a time: some 60 MB with the temporaries.
_CHUNK_VALUES = 1 << 21


@dataclass(frozen=True)
class Objective:
    """The objective's two parts, averaged over images, in nats an image."""

    reconstruction: float
    kl_per_dim: tuple[float, ...]

    @property
    def kl(self) -> float:
        """KL(q(z|x) ‖ N(0, I)): the sum over the dimensions."""
        return sum(self.kl_per_dim)

    def at(self, beta: float) -> float:
        """Reconstruction + `beta`·KL; the negative ELBO at 1."""
        return self.reconstruction + beta * self.kl


def measure_objective(
    codec: ImageCodec,
    images: NDArray[np.uint8],
    mean: NDArray[Any],
    log_var: NDArray[Any],
    *,
    samples: int = DEFAULT_SAMPLES,
    seed: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> Objective:
    """Measure the objective of `images` with the posteriors that they were encoded to.

    Parameters
    ----------
    codec
        Whose `decode` reconstructs.
    images
        (n, H, W, C) uint8, 0 to 255; read in chunks, so a memory map serves.
    mean, log_var
        The images' posteriors, (n, d), as `encode_all` gives them.
    samples
        How many z are drawn for each image; their cross-entropies are averaged.
    seed
        Of the draws. The result depends on it, but not on how the work is chunked.
    on_progress
        Called with the number of images done so far.
    """
    rng = np.random.default_rng(seed)
    deviation = np.exp(0.5 * np.asarray(log_var, dtype=np.float64))
    total = 0.0
    for rows in _chunks(images):
        targets = _flat_targets(images[rows])
        shape = (len(targets), samples, mean.shape[1])
        z = mean[rows, None] + deviation[rows, None] * rng.standard_normal(shape)
        for sample in range(samples):
            probabilities = codec.decode(z[:, sample].astype(np.float32))
            total += binary_cross_entropy(targets, probabilities.reshape(targets.shape)).sum()
        if on_progress is not None:
            on_progress(rows.stop)
    kl = kl_per_dimension(mean, log_var).mean(axis=0)
    return Objective(
        reconstruction=float(total) / (samples * len(images)),
        kl_per_dim=tuple(float(value) for value in kl),
    )


def encode_all(
    codec: ImageCodec, images: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Encode any number of images in bounded memory.

    Parameters
    ----------
    images
        (n, H, W, C) uint8, at least one.

    Returns
    -------
    mean, log_var
        (n, d) float32 each.
    """
    parts = [codec.encode(np.asarray(images[rows])) for rows in _chunks(images)]
    means, log_vars = zip(*parts, strict=True)
    return np.concatenate(means), np.concatenate(log_vars)


def _flat_targets(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    return images.reshape(len(images), -1) / 255.0


def _chunks(images: NDArray[np.uint8]) -> Iterator[slice]:
    rows = max(1, _CHUNK_VALUES // int(np.prod(images.shape[1:])))
    for start in range(0, len(images), rows):
        yield slice(start, min(start + rows, len(images)))
