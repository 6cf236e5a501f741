"""What the batches hold."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core.training.pipeline import augment, plan_epoch, training_batches


def numbered_images(count: int) -> np.ndarray:
    """Images whose every pixel is the image's number."""
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None, None], (count, 8, 8, 1))


def numbers(batches: tf.data.Dataset) -> list[list[int]]:
    return [[round(255 * float(x)) for x in batch[:, 0, 0, 0]] for batch in batches]


def batches(count: int = 50, first: int = 0, last: int = 8, **changes: object) -> list[list[int]]:
    settings = {
        "batch_size": 16,
        "steps_per_epoch": 4,
        "augmentation": 0.0,
        "seed": 0,
        **changes,
    }
    return numbers(
        training_batches(
            numbered_images(count),
            np.arange(count),
            first_step=first,
            last_step=last,
            **settings,
        )
    )


@given(count=st.integers(1, 200), batch_size=st.integers(1, 64), epoch=st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_every_epoch_sees_every_image(count: int, batch_size: int, epoch: int) -> None:
    batch_size = min(batch_size, count)
    steps, per_call = plan_epoch(count, batch_size, most_per_call=4)
    assert steps % per_call == 0
    assert per_call <= 4
    seen = batches(
        count,
        first=epoch * steps,
        last=(epoch + 1) * steps,
        batch_size=batch_size,
        steps_per_epoch=steps,
    )
    assert {number for batch in seen for number in batch} == set(range(count))


def test_epochs_come_in_orders_of_their_own() -> None:
    seen = batches(first=0, last=8)
    assert seen[:4] != seen[4:]
    assert batches(first=0, last=4, seed=1) != seen[:4]


def test_a_batch_follows_from_its_step_alone() -> None:
    assert batches(first=0, last=8)[5:] == batches(first=5, last=8)


def test_only_the_chosen_images_are_trained_on() -> None:
    chosen = np.array([3, 5, 8, 13])
    seen = numbers(
        training_batches(
            numbered_images(20),
            chosen,
            batch_size=2,
            steps_per_epoch=2,
            augmentation=0,
            seed=0,
            first_step=0,
            last_step=10,
        )
    )
    assert {number for batch in seen for number in batch} == set(chosen)


@pytest.mark.parametrize("channels", [1, 3])
def test_augmentation_moves_a_little_and_keeps_the_range(channels: int) -> None:
    images = np.zeros((64, 28, 28, channels), np.float32)
    images[:, 12:16, 12:16] = 1
    moved = augment(tf.constant(images), 1.0, tf.constant([0, 0], tf.int64)).numpy()
    assert moved.min() >= 0
    assert moved.max() <= 1
    assert not np.array_equal(moved[0], moved[1])
    rows = (moved[..., 0] * np.arange(28)[:, None]).sum((1, 2)) / moved[..., 0].sum((1, 2))
    assert np.abs(rows - 13.5).max() < 2


def test_no_strength_is_no_change() -> None:
    images = np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)
    same = augment(tf.constant(images), 0.0, tf.constant([0, 0], tf.int64)).numpy()
    assert same == pytest.approx(images, abs=1e-4)
