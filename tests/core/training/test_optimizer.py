"""The optimizer against Keras' own."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from bvae_core.config import TrainConfig
from bvae_core.training.optimizer import FusedAdamW, build_optimizer


def some_weights() -> list[keras.Variable]:
    random = np.random.default_rng(0)
    shapes = {"kernel": (3, 4), "bias": (4,), "frequencies": (2, 5), "gamma": (4,)}
    return [
        keras.Variable(random.normal(size=shapes[name]), dtype="float32", name=name)
        for name in shapes
    ]


def moved_by(optimizer: keras.optimizers.Optimizer, steps: int = 30) -> list[np.ndarray]:
    """Return weights after some steps along the same random gradients."""
    weights, random = some_weights(), np.random.default_rng(1)
    for _ in range(steps):
        gradients = [random.normal(size=weight.shape).astype(np.float32) for weight in weights]
        optimizer.apply([keras.ops.convert_to_tensor(each) for each in gradients], weights)
    return [np.asarray(weight) for weight in weights]


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_weights_move_as_keras_moves_them(decay: float) -> None:
    schedule = keras.optimizers.schedules.CosineDecay(0.0, 20, warmup_target=0.05, warmup_steps=10)
    theirs = keras.optimizers.AdamW(schedule, weight_decay=decay, global_clipnorm=1.0)
    theirs.exclude_from_weight_decay(var_names=["bias", "frequencies"])
    ours = FusedAdamW(schedule, decay, global_clipnorm=1.0)
    for moved, expected in zip(moved_by(ours), moved_by(theirs), strict=True):
        assert moved == pytest.approx(expected, abs=1e-5)


def test_only_weights_that_multiply_decay() -> None:
    kernel, bias, frequencies, gamma = some_weights()
    optimizer = FusedAdamW(0.1, 0.5)
    before = [np.array(weight) for weight in (kernel, bias, frequencies, gamma)]
    still = [keras.ops.zeros(weight.shape) for weight in before]
    optimizer.apply(still, [kernel, bias, frequencies, gamma])
    assert np.asarray(kernel) == pytest.approx(0.95 * before[0])
    assert np.asarray(gamma) == pytest.approx(0.95 * before[3])
    assert np.array_equal(bias, before[1])
    assert np.array_equal(frequencies, before[2])


def test_the_rate_rises_and_falls_to_nothing() -> None:
    optimizer = build_optimizer(TrainConfig(learning_rate=0.01), 200, (8, 8, 1))
    rates = []
    for step in range(201):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    assert rates[0] == 0
    assert max(rates) == rates[20] == pytest.approx(0.01)
    assert rates[-1] == pytest.approx(0, abs=1e-8)
    assert rates[:21] == sorted(rates[:21])
    assert rates[20:] == sorted(rates[20:], reverse=True)


def test_it_is_saved_with_all_its_settings() -> None:
    optimizer = FusedAdamW(0.1, 0.5, beta_1=0.8, beta_2=0.99, epsilon=1e-5, global_clipnorm=3.0)
    saved = keras.saving.serialize_keras_object(optimizer)
    again = keras.saving.deserialize_keras_object(saved)
    assert isinstance(again, FusedAdamW)
    assert again.get_config() == optimizer.get_config()
