import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import bernoulli

from bvae_core.diagnostics import encode_all, measure_objective
from bvae_core.likelihood import binary_cross_entropy


class Logistic:
    """8×8 images whose pixels all are sigmoid(z₀): everything about it can be worked out."""

    def __init__(self):
        self.largest_batch = 0

    def encode(self, images):
        self.largest_batch = max(self.largest_batch, len(images))
        brightness = images.reshape(len(images), -1).mean(axis=1) / 255
        mean = np.stack([brightness, np.zeros(len(images))], axis=1)
        return mean.astype(np.float32), np.full_like(mean, -1.0, dtype=np.float32)

    def decode(self, z):
        self.largest_batch = max(self.largest_batch, len(z))
        return np.broadcast_to(expit(z[:, 0])[:, None, None], (len(z), 8, 8)).astype(np.float32)


def pictures(count: int, side: int = 8, channels: int = 1) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, side, side, channels), dtype=np.uint8)


def test_cross_entropy_is_the_bernoulli_log_likelihood():
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 2, (5, 30)).astype(np.float64)
    probabilities = rng.uniform(0.01, 0.99, (5, 30))
    expected = -bernoulli.logpmf(targets, probabilities).sum(axis=1)
    assert binary_cross_entropy(targets, probabilities) == pytest.approx(expected)


def test_a_grey_target_costs_its_entropy_even_when_it_is_met_exactly():
    grey = np.full((1, 10), 0.5)
    assert binary_cross_entropy(grey, grey)[0] == pytest.approx(10 * np.log(2))


def test_saturated_probabilities_are_clipped_not_infinite():
    wrong = binary_cross_entropy(np.ones((1, 1)), np.zeros((1, 1), np.float32))[0]
    right = binary_cross_entropy(np.ones((1, 1)), np.ones((1, 1), np.float32))[0]
    assert wrong == pytest.approx(-np.log(1e-7))
    assert right == pytest.approx(1e-7, rel=1e-3)


def test_agrees_with_keras_formula_worked_out_by_quadrature():
    images = pictures(3)
    mean, log_var = Logistic().encode(images)
    measured = measure_objective(Logistic(), images, mean, log_var, samples=20_000)

    nodes, weights = np.polynomial.hermite_e.hermegauss(60)  # E over z ~ N(μ, e^v), exactly
    logits = mean[:, :1] + np.exp(0.5 * log_var[:, :1]) * nodes
    ink = images.reshape(3, -1).sum(axis=1) / 255
    cost = 64 * np.logaddexp(0, logits) - ink[:, None] * logits
    expected = (cost @ weights / weights.sum()).mean()
    assert measured.reconstruction == pytest.approx(expected, rel=2e-3)


def test_beta_weighs_the_kl_and_the_kl_is_the_sum_over_the_dimensions():
    images = pictures(10)
    mean, log_var = Logistic().encode(images)
    measured = measure_objective(Logistic(), images, mean, log_var)
    idle = 0.5 * (np.exp(-1.0) - 1 + 1.0)
    assert measured.kl_per_dim[1] == pytest.approx(idle)
    assert measured.kl == pytest.approx(sum(measured.kl_per_dim))
    assert measured.at(4.0) - measured.at(1.0) == pytest.approx(3 * measured.kl)
    assert measured.at(0.0) == measured.reconstruction


def test_the_seed_decides_the_draws_and_the_chunks_do_not(monkeypatch):
    images = pictures(50)
    mean, log_var = Logistic().encode(images)
    whole = measure_objective(Logistic(), images, mean, log_var, seed=3)
    other = measure_objective(Logistic(), images, mean, log_var, seed=4)
    monkeypatch.setattr("bvae_core.diagnostics.objective._CHUNK_VALUES", 64 * 7)
    assert measure_objective(
        Logistic(), images, mean, log_var, seed=3
    ).reconstruction == pytest.approx(whole.reconstruction, rel=1e-12)
    assert other.reconstruction != whole.reconstruction


def test_works_through_the_images_a_bounded_number_at_a_time():
    codec, images = Logistic(), pictures(2, side=8)
    many = np.broadcast_to(images[:1], (100_000, 8, 8, 1))
    done = []
    mean, log_var = encode_all(codec, many)
    measure_objective(codec, many, mean, log_var, samples=1, on_progress=done.append)
    assert len(mean) == 100_000
    assert codec.largest_batch * 64 <= 1 << 21
    assert done == sorted(done)
    assert done[-1] == 100_000
