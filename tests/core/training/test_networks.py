"""Both families, at every size that images come in, and their LiteRT twins."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from bvae_core.codec import Codec
from bvae_core.config import TrainConfig
from bvae_core.training.export import to_litert, with_probabilities
from bvae_core.training.networks import build_networks


@pytest.mark.parametrize("family", ["dense", "conv"])
@pytest.mark.parametrize(
    ("image_shape", "latent_dim"), [((8, 8, 1), 1), ((28, 28, 1), 2), ((37, 50, 3), 128)]
)
def test_networks_fit_the_images_and_the_latent_space(
    family: str, image_shape: tuple[int, int, int], latent_dim: int
) -> None:
    config = TrainConfig(family=family, latent_dim=latent_dim, width=32, depth=1)
    encoder, decoder = build_networks(config, image_shape)
    posterior = encoder(np.zeros((3, *image_shape), np.float32))
    assert posterior["mean"].shape == posterior["log_var"].shape == (3, latent_dim)
    assert decoder(posterior["mean"]).shape == (3, *image_shape)


def test_a_256_pixel_colour_image_goes_through_the_convolutional_family() -> None:
    config = TrainConfig(width=64, depth=1).resolved((256, 256, 3), 1000)
    assert config.family == "conv"
    encoder, decoder = build_networks(config, (256, 256, 3))
    assert encoder.count_params() + decoder.count_params() < 5_000_000
    assert decoder(np.zeros((1, 2), np.float32)).shape == (1, 256, 256, 3)


@pytest.fixture(scope="module", params=["dense", "conv"])
def twins(request: pytest.FixtureRequest) -> tuple[keras.Model, keras.Model, Codec]:
    """Networks with weights that say something, and their codec."""
    keras.utils.set_random_seed(5)
    image_shape = (28, 28, 1) if request.param == "dense" else (20, 26, 3)
    config = TrainConfig(family=request.param, width=32, latent_dim=3)
    encoder, decoder = build_networks(config, image_shape)
    rng = np.random.default_rng(5)
    for weights in [*encoder.trainable_variables, *decoder.trainable_variables]:
        weights.assign_add(0.05 * rng.normal(size=weights.shape))
    decoder = with_probabilities(decoder)
    codec = Codec(to_litert(encoder), to_litert(decoder), image_shape, config.latent_dim)
    return encoder, decoder, codec


@pytest.mark.parametrize("count", [1, 2, 12, 128, 1000])
def test_litert_answers_as_keras_does(
    twins: tuple[keras.Model, keras.Model, Codec], count: int
) -> None:
    encoder, decoder, codec = twins
    rng = np.random.default_rng(count)
    z = rng.normal(size=(count, 3)).astype(np.float32)
    pixels = decoder(z).numpy()
    decoded = codec.decode(z)
    assert_allclose(decoded, pixels.reshape(decoded.shape), rtol=0, atol=1e-5)

    posterior = encoder(pixels)
    mean, log_var = codec.encode(pixels)
    assert_allclose(mean, posterior["mean"], rtol=0, atol=1e-5)
    assert_allclose(log_var, posterior["log_var"], rtol=0, atol=1e-5)
