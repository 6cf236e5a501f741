"""The model against its formulas."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from bvae_core.config import TrainConfig
from bvae_core.diagnostics import kl_per_dimension
from bvae_core.training.export import load_keras_file, to_keras_file
from bvae_core.training.layers import FourierFeatures, Sampling
from bvae_core.training.model import BetaVAE
from bvae_core.training.networks import build_networks
from bvae_core.training.optimizer import build_optimizer

IMAGES = np.random.default_rng(0).random((12, 8, 8, 1), dtype=np.float32)


def small_model(total_steps: int = 100, **settings: object) -> BetaVAE:
    config = TrainConfig(**{"width": 16, "depth": 1, "family": "dense", **settings})
    keras.utils.set_random_seed(config.seed)
    model = BetaVAE(*build_networks(config, (8, 8, 1)), config, total_steps)
    model.compile(optimizer=build_optimizer(config, total_steps, (8, 8, 1)))
    return model


def test_the_loss_is_cross_entropy_plus_beta_times_kl() -> None:
    model = small_model(beta=4.0)
    posterior = model.encoder(IMAGES)
    mean, log_var = posterior["mean"].numpy(), posterior["log_var"].numpy()

    model.sampling.reseed(0)
    z = model.sampling([posterior["mean"], posterior["log_var"]])
    p = 1 / (1 + np.exp(-model.decoder(z).numpy().astype(np.float64)))
    expected = -(IMAGES * np.log(p) + (1 - IMAGES) * np.log(1 - p)).sum(axis=(1, 2, 3)).mean()

    model.sampling.reseed(0)
    reconstruction, kl_per_dim = model.elbo_terms(IMAGES, training=False)
    assert float(reconstruction) == pytest.approx(expected, rel=1e-5)
    assert kl_per_dim.numpy() == pytest.approx(
        kl_per_dimension(mean, log_var).mean(axis=0), rel=1e-4, abs=1e-7
    )
    assert float(model.weigh_kl(tf.constant(2.5), step=0)) == 10.0


def test_training_descends() -> None:
    model = small_model(learning_rate=1e-2)
    history = model.fit(IMAGES.repeat(40, axis=0), batch_size=12, epochs=2, verbose=0)
    first, last = history.history["reconstruction"]
    assert last < first - 0.5


@pytest.mark.parametrize(
    ("settings", "betas"),
    [
        ({"schedule": "constant"}, {0: 4, 50: 4, 100: 4}),
        ({"schedule": "linear", "warmup": 0.5}, {0: 0, 25: 2, 50: 4, 100: 4}),
        ({"schedule": "cyclical", "cycles": 2}, {0: 0, 12.5: 2, 25: 4, 49: 4, 50: 0, 62.5: 2}),
    ],
)
def test_beta_follows_its_schedule(settings: dict[str, object], betas: dict[float, float]) -> None:
    model = small_model(total_steps=100, **settings)
    for step, beta in betas.items():
        assert float(model.beta_at(step)) == pytest.approx(beta, abs=1e-5)


def test_capacity_pulls_the_kl_towards_c_of_t() -> None:
    model = small_model(total_steps=100, schedule="capacity", capacity=10, warmup=0.5, beta=2)
    assert float(model.weigh_kl(tf.constant(3.0), step=0)) == pytest.approx(6)  # C = 0
    assert float(model.weigh_kl(tf.constant(3.0), step=25)) == pytest.approx(4)  # C = 5
    assert float(model.weigh_kl(tf.constant(3.0), step=90)) == pytest.approx(14)  # C = 10


def test_sampling_has_the_posterior_s_mean_and_deviation() -> None:
    mean = np.full((20_000, 2), [1.0, -2.0], np.float32)
    log_var = np.log(np.full((20_000, 2), [0.25, 4.0], np.float32))
    z = Sampling(seed=1)([mean, log_var]).numpy()
    assert z.mean(axis=0) == pytest.approx([1, -2], abs=0.06)
    assert z.std(axis=0) == pytest.approx([0.5, 2], rel=0.03)


def test_sampling_lets_gradients_through_to_mean_and_log_var() -> None:
    mean, log_var = tf.Variable([[0.0, 0.0]]), tf.Variable([[0.0, 0.0]])
    with tf.GradientTape() as tape:
        z = Sampling(seed=1)([mean, log_var])
    d_mean, d_log_var = tape.gradient(z, [mean, log_var])
    assert d_mean.numpy() == pytest.approx(np.ones((1, 2)))
    assert d_log_var.numpy() == pytest.approx(0.5 * z.numpy())  # at mean 0, deviation 1


def test_sampling_repeats_an_epoch_s_noise() -> None:
    sampling, inputs = Sampling(seed=3), [np.zeros((4, 2), np.float32)] * 2
    sampling.reseed(7)
    first = sampling(inputs).numpy()
    other = sampling(inputs).numpy()
    sampling.reseed(7)
    assert (sampling(inputs).numpy() == first).all()
    assert (other != first).all()


def test_fourier_features_keep_the_coordinates_and_add_waves() -> None:
    layer = FourierFeatures(count=5)
    z = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
    lifted = layer(z).numpy()
    assert lifted.shape == (3, 12)
    assert (lifted[:, :2] == z).all()
    assert lifted[:, 2:7] ** 2 + lifted[:, 7:] ** 2 == pytest.approx(1, abs=1e-5)


def test_a_saved_model_loads_in_safe_mode_and_goes_on_alike(tmp_path: Path) -> None:
    model = small_model()
    model.train_on_batch(IMAGES)
    file = tmp_path / "model.keras"
    file.write_bytes(to_keras_file(model))

    loaded = load_keras_file(file)

    assert np.array_equal(loaded(IMAGES), model(IMAGES))
    assert loaded.settings == model.settings
    assert loaded.optimizer.iterations == 1
    model.sampling.reseed(1)
    loaded.sampling.reseed(1)
    model.train_on_batch(IMAGES)
    loaded.train_on_batch(IMAGES)
    assert np.allclose(loaded(IMAGES), model(IMAGES), atol=1e-5)
