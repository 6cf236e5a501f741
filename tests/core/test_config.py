"""Settings that are chosen where the user leaves them open."""

from __future__ import annotations

import pytest

from bvae_core.config import TrainConfig, auto_learning_rate
from bvae_core.errors import ConfigError


def test_longer_trainings_learn_at_lower_rates():
    rates = [auto_learning_rate(steps, "dense") for steps in (1, 800, 10_000, 43_000, 1_000_000)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == 4e-3
    assert rates[2] == pytest.approx(1.5e-3, rel=0.01)


def test_convolutions_keep_to_a_rate_that_is_known_to_work():
    assert auto_learning_rate(100, "conv") == 1.5e-3


def test_what_is_left_open_is_filled_in_for_the_images():
    config = TrainConfig(epochs=10).resolved((28, 28, 1), 12_800)
    assert (config.family, config.epochs) == ("dense", 10)
    assert config.learning_rate == auto_learning_rate(1000, "dense")


def test_what_is_chosen_stays():
    config = TrainConfig(epochs=3, learning_rate=0.01, family="conv").resolved((28, 28, 1), 100)
    assert (config.family, config.epochs, config.learning_rate) == ("conv", 3, 0.01)


@pytest.mark.parametrize("rate", [0, -1, 1.5, float("nan"), "fast"])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(ConfigError, match="learning_rate: Expected a number over 0"):
        TrainConfig(learning_rate=rate)
