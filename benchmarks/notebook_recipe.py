"""The tutorial notebook that the project grew from: the baseline of every training figure."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

BETA = 4.0
EPOCHS = 25
BATCH_SIZE = 128


class Sampling(layers.Layer):
    """z = mean + exp(log_var / 2) · ε."""

    def call(self, inputs: Any) -> Any:
        """Draw z."""
        mean, log_var = inputs
        return mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(mean))


class VAE(keras.Model):
    """The notebook's model, with its own training step."""

    def __init__(self) -> None:
        super().__init__()
        images = keras.Input((28, 28, 1))
        x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(images)
        x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Dense(16, activation="relu")(layers.Flatten()(x))
        mean, log_var = layers.Dense(2)(x), layers.Dense(2)(x)
        self.encoder = keras.Model(images, [mean, log_var, Sampling()([mean, log_var])])
        z = keras.Input((2,))
        x = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(z))
        x = layers.Conv2DTranspose(64, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x)
        self.decoder = keras.Model(z, x)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Descend reconstruction + 4·KL."""
        with tf.GradientTape() as tape:
            mean, log_var, z = self.encoder(data)
            cross_entropy = keras.losses.binary_crossentropy(data, self.decoder(z))
            reconstruction = tf.reduce_mean(tf.reduce_sum(cross_entropy, axis=(1, 2)))
            kl = -0.5 * (1 + log_var - tf.square(mean) - tf.exp(log_var))
            loss = reconstruction + BETA * tf.reduce_mean(tf.reduce_sum(kl, axis=1))
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        return {"loss": loss}


@dataclass
class NotebookModel:
    """The trained notebook model, as `bvae_core.diagnostics` measures models."""

    model: VAE
    seconds: float

    def encode(self, images: NDArray[Any], /) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Map (n, 28, 28, 1) uint8 to mean and log-variance, (n, 2) each."""
        mean, log_var, _ = self.model.encoder(images.astype(np.float32) / 255)
        return mean.numpy(), log_var.numpy()

    def decode(self, z: NDArray[Any], /) -> NDArray[np.float32]:
        """Map (n, 2) to (n, 28, 28)."""
        return self.model.decoder(z).numpy()[..., 0]


def train(images: NDArray[np.uint8], seed: int) -> NotebookModel:
    """Train 25 epochs with `fit`, as the notebook does; (n, 28, 28, 1) uint8."""
    keras.utils.set_random_seed(seed)
    pixels = images.astype(np.float32) / 255
    started = time.perf_counter()
    model = VAE()
    model.compile(optimizer=keras.optimizers.Adam())
    model.fit(pixels, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
    return NotebookModel(model, time.perf_counter() - started)
