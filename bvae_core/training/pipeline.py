"""Batches of training images as a function of the step alone, so that resuming is exact."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

_ROTATION = math.radians(7)
_LOG_SCALE = 0.07
_SHEAR = 0.07
#: Of the image's side: 0.7 pixels of 28.
_SHIFT = 0.025


def plan_epoch(count: int, batch_size: int, most_per_call: int) -> tuple[int, int]:
    """Divide an epoch into calls of equally many steps, as Keras runs them.

    Parameters
    ----------
    count
        Images, each of which is seen at least once.
    batch_size
        Images a step, at most `count`.
    most_per_call
        Steps in one compiled call, at most.

    Returns
    -------
    steps, steps_per_call
        The one a multiple of the other.
    """
    steps = math.ceil(count / batch_size)
    calls = math.ceil(steps / most_per_call)
    steps_per_call = math.ceil(steps / calls)
    return calls * steps_per_call, steps_per_call


def training_batches(
    images: NDArray[np.uint8],
    indices: NDArray[np.int64],
    *,
    batch_size: int,
    steps_per_epoch: int,
    augmentation: float,
    seed: int,
    first_step: int,
    last_step: int,
) -> tf.data.Dataset:
    """Give the batches of the steps from `first_step` up to `last_step`.

    Each epoch goes over `indices` in an order of its own; its last batches are filled up from the
    order's start. Order and augmentation follow from `seed` and the step, not from what was drawn
    before.

    Parameters
    ----------
    images
        (N, H, W, C) uint8, in memory or memory-mapped: only a batch at a time is read.
    indices
        (n,) int64, the images to train on.
    batch_size
        At most n.

    Returns
    -------
    tf.data.Dataset
        Of (batch_size, H, W, C) float32 in [0, 1].
    """
    image_shape = images.shape[1:]

    def positions(step: Any) -> Any:
        """Which of `indices` the step sees, (batch_size,) int64."""
        epoch, step_of_epoch = step // steps_per_epoch, step % steps_per_epoch
        places = step_of_epoch * batch_size + tf.range(batch_size, dtype=tf.int64)
        return tf.random.experimental.index_shuffle(
            places % len(indices), seed=_seed(seed, 0, epoch), max_index=len(indices) - 1
        )

    def read(positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        return images[indices[positions]]

    def load(step: Any) -> Any:
        pixels = tf.numpy_function(read, [positions(step)], tf.uint8, stateful=False)
        batch_of_images = to_unit_range(tf.ensure_shape(pixels, (batch_size, *image_shape)))
        if augmentation:
            batch_of_images = augment(batch_of_images, augmentation, _seed(seed, 1, step))
        return batch_of_images

    dataset = tf.data.Dataset.range(first_step, last_step)
    dataset = dataset.map(_as_it_is(load), num_parallel_calls=2)
    return _unsharded(dataset).prefetch(4)


def to_unit_range(pixels: Any) -> Any:
    """Turn uint8 pixels into float32 in [0, 1]."""
    return tf.cast(pixels, tf.float32) / 255.0


def augment(images: Any, strength: float, seed: Any) -> Any:
    """Rotate, scale, shear and shift each image a little, at random, around its centre.

    Parameters
    ----------
    images
        (n, H, W, C) float32.
    strength
        1 draws up to 7° of rotation, 7 % of scale an axis, 0.07 of shear and 2.5 % of the side of
        shift, uniformly; other values multiply these.
    seed
        (2,) int64, which determines the result.

    Returns
    -------
    (n, H, W, C) float32, in [0, 1] where `images` is. What comes from outside is as the nearest
    edge pixel.
    """
    count = tf.shape(images)[0]
    height, width = images.shape[1:3]
    draws = strength * tf.random.stateless_uniform((6, count), seed, minval=-1.0, maxval=1.0)
    angle, shear = _ROTATION * draws[0], _SHEAR * draws[3]
    scale_x, scale_y = tf.exp(_LOG_SCALE * draws[1]), tf.exp(_LOG_SCALE * draws[2])
    cos, sin = tf.cos(angle), tf.sin(angle)
    # Rotation · shear · scale, which maps a pixel of the result to where it comes from.
    xx, xy = cos * scale_x, (cos * shear - sin) * scale_y
    yx, yy = sin * scale_x, (sin * shear + cos) * scale_y
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    shift_x = centre_x - xx * centre_x - xy * centre_y + _SHIFT * width * draws[4]
    shift_y = centre_y - yx * centre_x - yy * centre_y + _SHIFT * height * draws[5]
    zero = tf.zeros_like(angle)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack([xx, xy, shift_x, yx, yy, shift_y, zero, zero], axis=1),
        output_shape=(height, width),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )


def _seed(seed: int, stream: int, step: Any) -> Any:
    """Make a stateless seed, (2,) int64: one stream for the order, one for the augmentation."""
    return tf.stack([tf.constant(2 * seed + stream, tf.int64), tf.cast(step, tf.int64)])


def _as_it_is(function: Any) -> Any:
    """Spare TensorFlow the second that it would look for Python's branches to rewrite."""
    return tf.autograph.experimental.do_not_convert(function)


def _unsharded(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Let a strategy split each batch between devices instead of splitting the data set."""
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return dataset.with_options(options)
