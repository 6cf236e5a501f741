"""AdamW as one operation a weight, and the course of its learning rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from bvae_core.config import TrainConfig, auto_learning_rate

#: Global norm, in nats a value of an image: about what batches have while training goes well.
_LARGEST_GRADIENT = 1 / 8
#: Share of the steps in which the learning rate rises.
_WARMUP = 0.1
#: Names of weights that are not pulled towards zero.
_FREE = ("bias", "frequencies")


@keras.saving.register_keras_serializable(package="bvae")
class FusedAdamW(keras.optimizers.Optimizer):
    """AdamW (Loshchilov & Hutter 2019), as Keras has it, but for the time that it takes.

    Keras writes some twenty operations for each weight, and the whole schedule of the learning rate
    for each that decays. Most of the time until a training's first step went into compiling these.
    Here TensorFlow's own operation updates a weight and its two moments at once. Weights have 32
    bits, as also Keras' mixed precision keeps them.

    Parameters
    ----------
    learning_rate
        Step size or schedule of it.
    decay
        Share of each weight that goes at each step, in units of the learning rate; biases and
        `FourierFeatures`' frequencies stay.
    beta_1, beta_2
        How long the means of the gradient and of its square remember.
    epsilon
        What keeps the quotient of both finite.
    """

    def __init__(
        self,
        learning_rate: Any = 1e-3,
        decay: float = 4e-3,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.decay = decay
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables: Sequence[keras.Variable]) -> None:
        if self.built:
            return
        super().build(variables)
        self._decays = [variable.name not in _FREE for variable in variables]
        self._momentums, self._velocities = self.add_optimizer_variables(
            variables, ["momentum", "velocity"]
        )

    def apply(self, grads: Sequence[Any], trainable_variables: Any = None) -> None:
        self._now = _Moment.of(self)
        super().apply(grads, trainable_variables)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index, now = self._get_variable_index(variable), self._now
        if self.decay and self._decays[index]:
            variable.assign_sub(variable * (learning_rate * now.decay))
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=now.beta_1_power,
            beta2_power=now.beta_2_power,
            lr=learning_rate,
            beta1=now.beta_1,
            beta2=now.beta_2,
            epsilon=now.epsilon,
            grad=tf.cast(gradient, variable.dtype),
        )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "decay": self.decay,
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }


@dataclass(frozen=True, eq=False)
class _Moment:
    """What a step is the same in for all weights, () float32 each: written once, not for each."""

    decay: Any
    beta_1: Any
    beta_2: Any
    beta_1_power: Any
    beta_2_power: Any
    epsilon: Any

    @classmethod
    def of(cls, optimizer: FusedAdamW) -> _Moment:
        step = tf.cast(optimizer.iterations + 1, tf.float32)
        settings = (optimizer.decay, optimizer.beta_1, optimizer.beta_2, optimizer.epsilon)
        decay, beta_1, beta_2, epsilon = (tf.constant(each, tf.float32) for each in settings)
        return cls(decay, beta_1, beta_2, beta_1**step, beta_2**step, epsilon)


def build_optimizer(
    config: TrainConfig, total_steps: int, image_shape: tuple[int, int, int]
) -> keras.optimizers.Optimizer:
    """AdamW whose rate warms up and falls as a cosine to 0.

    Gradients are clipped by their global norm, which grows as the loss does with the values of an
    image. Without that, trainings diverge now and then.
    """
    warmup_steps = max(1, math.ceil(_WARMUP * total_steps))
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=max(1, total_steps - warmup_steps),
        warmup_target=config.learning_rate or auto_learning_rate(total_steps, config.family),
        warmup_steps=warmup_steps,
    )
    return FusedAdamW(
        schedule,
        config.weight_decay,
        global_clipnorm=_LARGEST_GRADIENT * math.prod(image_shape),
    )
