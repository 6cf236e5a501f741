"""`BetaVAE`: encoder, sampling and decoder, trained on reconstruction + β·KL."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from bvae_core.config import TrainConfig
from bvae_core.training.layers import Sampling

_register = keras.saving.register_keras_serializable(package="bvae")


@_register
class BetaVAE(keras.Model):
    """A β-variational autoencoder (Higgins et al. 2017).

    Parameters
    ----------
    encoder
        (n, H, W, C) float32 in [0, 1] to ``{"mean": (n, d), "log_var": (n, d)}``.
    decoder
        (n, d) float32 to logits, (n, H, W, C) float32.
    settings
        β, its schedule and the seed of the noise.
    total_steps
        Length of the training, which the schedule of β is spread over.

    Notes
    -----
    The loss is the batch's mean of Σ_pixels binary cross-entropy(x, decode(z)) + β·KL(q(z|x) ‖
    N(0, I)), in nats an image, with z ~ q(z|x); grey values are taken as Bernoulli probabilities.
    Under the ``capacity`` schedule it is reconstruction + β·abs(KL − C(t)) (Burgess et al. 2018).
    Calling the model reconstructs images through the posterior mean.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        settings: TrainConfig,
        total_steps: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.sampling = Sampling(settings.seed, dtype="float32")
        self.settings = settings
        self.total_steps = total_steps
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")
        self.kl_tracker = VectorMean(settings.latent_dim, name="kl_per_dim")
        self.built = True  # the networks come with their weights

    def call(self, images: Any) -> Any:
        return ops.sigmoid(self.decoder(self.encoder(images)["mean"]))

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [self.reconstruction_tracker, self.kl_tracker]

    def elbo_terms(self, images: Any, *, training: bool) -> tuple[Any, Any]:
        """Return the two sides of the objective, means over the batch, in nats an image.

        Returns
        -------
        reconstruction
            () float32, Σ_pixels binary cross-entropy under one z ~ q(z|x) an image.
        kl_per_dim
            (d,) float32, KL(q(z_j|x) ‖ N(0, 1)) in closed form (Kingma & Welling 2014, app. B).
        """
        posterior = self.encoder(images, training=training)
        mean, log_var = posterior["mean"], posterior["log_var"]
        logits = self.decoder(self.sampling([mean, log_var]), training=training)
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=images, logits=logits)
        reconstruction = ops.mean(ops.sum(cross_entropy, axis=(1, 2, 3)))
        kl_per_dim = ops.mean(0.5 * (mean**2 + ops.exp(log_var) - 1.0 - log_var), axis=0)
        return reconstruction, kl_per_dim

    def weigh_kl(self, kl: Any, step: Any) -> Any:
        """Return what the loss adds for `kl` (nats, scalar) at `step` of the training."""
        if self.settings.schedule == "capacity":
            capacity = self.settings.capacity * self._ramp(step)
            return self.settings.beta * ops.abs(kl - capacity)
        return self.beta_at(step) * kl

    def beta_at(self, step: Any) -> Any:
        """Return β at `step`, scalar float32."""
        if self.settings.schedule in ("linear", "cyclical"):
            return self.settings.beta * self._ramp(step)
        return ops.convert_to_tensor(self.settings.beta, dtype="float32")

    def _ramp(self, step: Any) -> Any:
        """Rise from 0 to 1: once over `warmup`, or in the first half of every cycle."""
        progress = ops.cast(step, "float32") / self.total_steps
        if self.settings.schedule == "cyclical":
            progress = 2.0 * ((progress * self.settings.cycles) % 1.0)
        else:
            progress = progress / self.settings.warmup
        return ops.minimum(progress, 1.0)

    def train_step(self, data: Any) -> dict[str, Any]:
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            reconstruction, kl_per_dim = self.elbo_terms(images, training=True)
            loss = reconstruction + self.weigh_kl(ops.sum(kl_per_dim), self.optimizer.iterations)
            # Gradients are summed over the devices of a strategy, so each takes its share.
            loss = self.optimizer.scale_loss(loss / self.distribute_strategy.num_replicas_in_sync)
        weights = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return self._track(ops.shape(images)[0], reconstruction, kl_per_dim)

    def test_step(self, data: Any) -> dict[str, Any]:
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self._track(ops.shape(images)[0], *self.elbo_terms(images, training=False))

    def _track(self, count: Any, reconstruction: Any, kl_per_dim: Any) -> dict[str, Any]:
        self.reconstruction_tracker.update_state(reconstruction, sample_weight=count)
        self.kl_tracker.update_state(kl_per_dim, sample_weight=count)
        return {"reconstruction": self.reconstruction_tracker.result()}

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "decoder": keras.saving.serialize_keras_object(self.decoder),
            "settings": self.settings.to_json(),
            "total_steps": self.total_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> BetaVAE:
        networks = {
            name: keras.saving.deserialize_keras_object(config.pop(name), custom_objects)
            for name in ("encoder", "decoder")
        }
        settings = TrainConfig.from_json(config.pop("settings"))
        return cls(**networks, settings=settings, **config)


@_register
class VectorMean(keras.metrics.Metric):
    """The running mean of a vector, (size,) float32."""

    def __init__(self, size: int, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.total = self.add_variable((size,), "zeros", name="total")
        self.count = self.add_variable((), "zeros", name="count")

    def update_state(self, value: Any, sample_weight: Any = 1.0) -> None:
        weight = ops.cast(sample_weight, "float32")
        self.total.assign_add(weight * value)
        self.count.assign_add(weight)

    def result(self) -> Any:
        return self.total / ops.maximum(self.count, 1.0)
