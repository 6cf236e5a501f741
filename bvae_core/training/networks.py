"""The two families of encoders and decoders, as plain Keras functional models.

Encoders map images, (n, H, W, C) float32 in [0, 1], to a dictionary of ``mean`` and ``log_var``,
each (n, d) float32. Decoders map z, (n, d) float32, to logits, (n, H, W, C) float32; their sigmoid
is the reconstruction.
"""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import layers

from bvae_core.config import TrainConfig
from bvae_core.training.layers import FourierFeatures, residual_conv, residual_dense

FOURIER_FREQUENCIES = 32
#: The convolutional family halves the image until its longer side is at most this.
_COARSEST_SIDE = 8
_FEWEST_CHANNELS = 16


def build_networks(
    config: TrainConfig, image_shape: tuple[int, int, int]
) -> tuple[keras.Model, keras.Model]:
    """Build the encoder and the decoder that `config` asks for.

    Parameters
    ----------
    config
        With `family` resolved to ``dense`` or ``conv``.
    image_shape
        (H, W, C).

    Returns
    -------
    encoder, decoder
        Initialised from Keras' global seed.
    """
    body = {"dense": _dense_bodies, "conv": _conv_bodies}[config.family]
    images = keras.Input(image_shape, name="images")
    latent = keras.Input((config.latent_dim,), name="latent")
    features, logits = body(config, images, latent)
    encoder = keras.Model(images, _posterior(features, config.latent_dim), name="encoder")
    decoder = keras.Model(latent, logits, name="decoder")
    return encoder, decoder


def _posterior(features: Any, latent_dim: int) -> dict[str, Any]:
    """Two heads; the log-variance starts at 0, that of the prior, whatever the features are."""
    mean = layers.Dense(latent_dim, dtype="float32", name="mean")(features)
    log_var = layers.Dense(latent_dim, kernel_initializer="zeros", dtype="float32", name="log_var")(
        features
    )
    return {"mean": mean, "log_var": log_var}


def _dense_bodies(config: TrainConfig, images: Any, latent: Any) -> tuple[Any, Any]:
    features = layers.Dense(config.width)(layers.Flatten()(images))
    for _ in range(config.depth):
        features = residual_dense(features, config.width)

    hidden = layers.Dense(config.width)(FourierFeatures(FOURIER_FREQUENCIES)(latent))
    for _ in range(config.depth):
        hidden = residual_dense(hidden, config.width)
    image_shape = images.shape[1:]
    logits = layers.Dense(math.prod(image_shape), dtype="float32")(hidden)
    return features, layers.Reshape(image_shape, dtype="float32")(logits)


def _conv_bodies(config: TrainConfig, images: Any, latent: Any) -> tuple[Any, Any]:
    height, width, channels = images.shape[1:]
    sides = _halvings(height, width)
    levels = range(len(sides) - 1)
    widths = [max(_FEWEST_CHANNELS, config.width >> (len(sides) - 2 - i)) for i in levels]

    hidden = images
    for level_width in widths:
        hidden = layers.Conv2D(level_width, 4, strides=2, padding="same", activation="gelu")(hidden)
    for _ in range(config.depth):
        hidden = residual_conv(hidden, widths[-1])
    features = layers.Dense(config.width, activation="gelu")(layers.Flatten()(hidden))

    coarsest = (*sides[-1], widths[-1])
    hidden = FourierFeatures(FOURIER_FREQUENCIES)(latent)
    hidden = layers.Dense(config.width, activation="gelu")(hidden)
    hidden = layers.Reshape(coarsest)(layers.Dense(math.prod(coarsest))(hidden))
    for _ in range(config.depth):
        hidden = residual_conv(hidden, widths[-1])
    for level in reversed(levels):
        # A kernel of twice the stride leaves no checkerboard (Odena et al. 2016).
        hidden = layers.Conv2DTranspose(
            widths[max(level - 1, 0)], 4, strides=2, padding="same", activation="gelu"
        )(hidden)
        hidden = layers.Cropping2D(_excess(hidden, sides[level]))(hidden)
    logits = layers.Conv2D(channels, 3, padding="same", dtype="float32")(hidden)
    return features, logits


def _halvings(height: int, width: int) -> list[tuple[int, int]]:
    """List the image's size and its halvings, rounded up, down to the coarsest; at least one."""
    sides = [(height, width)]
    while len(sides) == 1 or max(sides[-1]) > _COARSEST_SIDE:
        height, width = math.ceil(height / 2), math.ceil(width / 2)
        sides.append((height, width))
    return sides


def _excess(tensor: Any, wanted: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Rows and columns to crop at the end where an odd side was halved and doubled."""
    _, height, width, _ = tensor.shape
    return (0, height - wanted[0]), (0, width - wanted[1])
