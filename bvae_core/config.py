"""`TrainConfig`: every choice that decides what a training ends with."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args

from bvae_core.errors import ConfigError

Schedule = Literal["constant", "linear", "cyclical", "capacity"]
Family = Literal["auto", "dense", "conv"]
TrainSplit = Literal["train", "all"]

MAX_LATENT_DIM = 128
#: Up to this many values an image goes through the dense family: 40×40 grey pixels, 28×28 RGB.
DENSE_MAX_VALUES = 2400
#: `epochs=None` trains for about so many presentations of an image, within 2 to 500 epochs.
AUTO_PRESENTATIONS = 1_200_000
#: Convolutions have no normalisation, and are left where they are known to train well.
_HIGHEST_AUTO_RATE = {"dense": 4e-3, "conv": 1.5e-3}


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """What to train and how; validated, immutable, the same on every machine.

    Parameters
    ----------
    latent_dim
        Dimensions of the latent space, 1 to 128.
    beta
        Weight of the KL term in the objective (Higgins et al. 2017), 0 to 1e6. Under the
        ``capacity`` schedule it is the γ that keeps the KL near C(t).
    schedule
        How β gets to its value: ``constant`` from the first step; ``linear`` from 0 over the first
        `warmup` of the training; ``cyclical``, `cycles` such ramps, each over the first half of its
        cycle (Fu et al. 2019); ``capacity``, β times the distance of the KL from C(t), which rises
        from 0 to `capacity` over the first `warmup` of the training (Burgess et al. 2018).
    warmup
        Fraction of the training that the ramp takes, over 0 to 1.
    cycles
        Ramps of the ``cyclical`` schedule, 1 to 10,000.
    capacity
        Final C of the ``capacity`` schedule, nats an image, 0 to 1000.
    family
        Networks: ``dense`` (residual, for small images), ``conv`` (for larger), ``auto`` by size.
    width
        Units of a hidden layer (dense), channels of the deepest layer (conv); a multiple of 8,
        8 to 4096.
    depth
        Residual blocks in the encoder, and as many in the decoder, 1 to 16.
    epochs
        Passes over the training images, 1 to 100,000. None chooses as many as make about 1.2
        million presentations, but 2 to 500.
    patience
        Stop when the held-out objective has not improved for so many epochs, 1 to 100,000, which
        needs the `train_split` ``train``; None never does. With a capacity it is what is minimised
        that has not improved, since C reached its value.
    batch_size
        Images a step, 1 to 65,536.
    learning_rate
        Peak of the warmed-up cosine schedule, over 0 to 1. None chooses by the number of steps, see
        `auto_learning_rate`.
    weight_decay
        Decoupled weight decay (Loshchilov & Hutter 2019), 0 to 1.
    augmentation
        Strength of the small random rotations, scalings, shears and shifts of the training images;
        0 trains on the images as they are, 1 is the measured default, 3 the most.
    mixed_precision
        Compute in 16 bits where the device gains by it; weights stay 32 bits.
    train_split
        ``train`` keeps the test split out for honest figures, ``all`` trains on everything and can
        report no held-out figure.
    seed
        Of initial weights, order, augmentation and sampling, 0 to 2³¹ − 1.

    Raises
    ------
    ConfigError
        If a value is out of the range given above, naming the field.
    """

    latent_dim: int = 2
    beta: float = 4.0
    schedule: Schedule = "constant"
    warmup: float = 0.25
    cycles: int = 4
    capacity: float = 25.0
    family: Family = "auto"
    width: int = 256
    depth: int = 2
    epochs: int | None = None
    patience: int | None = None
    batch_size: int = 128
    learning_rate: float | None = None
    weight_decay: float = 0.004
    augmentation: float = 1.0
    mixed_precision: bool = False
    train_split: TrainSplit = "train"
    seed: int = 0

    def __post_init__(self) -> None:
        _check_whole("latent_dim", self.latent_dim, 1, MAX_LATENT_DIM)
        _check_number("beta", self.beta, 0.0, 1e6)
        _check_choice("schedule", self.schedule, get_args(Schedule))
        _check_number("warmup", self.warmup, 0.0, 1.0, above=True)
        _check_whole("cycles", self.cycles, 1, 10_000)
        _check_number("capacity", self.capacity, 0.0, 1000.0)
        _check_choice("family", self.family, get_args(Family))
        _check_whole("width", self.width, 8, 4096)
        if self.width % 8:
            raise ConfigError(f"width: Expected a multiple of 8. Received: {self.width}.")
        _check_whole("depth", self.depth, 1, 16)
        if self.epochs is not None:
            _check_whole("epochs", self.epochs, 1, 100_000)
        if self.patience is not None:
            _check_whole("patience", self.patience, 1, 100_000)
            if self.train_split == "all":
                raise ConfigError(
                    "patience: Expected train_split 'train', since stopping early needs held-out "
                    "images. Received: train_split 'all'."
                )
        _check_whole("batch_size", self.batch_size, 1, 65_536)
        if self.learning_rate is not None:
            _check_number("learning_rate", self.learning_rate, 0.0, 1.0, above=True)
        _check_number("weight_decay", self.weight_decay, 0.0, 1.0)
        _check_number("augmentation", self.augmentation, 0.0, 3.0)
        if not isinstance(self.mixed_precision, bool):
            raise ConfigError(
                f"mixed_precision: Expected true or false. Received: {self.mixed_precision!r}."
            )
        _check_choice("train_split", self.train_split, get_args(TrainSplit))
        _check_whole("seed", self.seed, 0, 2**31 - 1)

    def resolved(self, image_shape: tuple[int, int, int], train_count: int) -> TrainConfig:
        """Fill in what depends on the images: `family`, `epochs` and `learning_rate`.

        Parameters
        ----------
        image_shape
            (H, W, C).
        train_count
            Images that an epoch goes over, at least 1.
        """
        height, width, channels = image_shape
        small = height * width * channels <= DENSE_MAX_VALUES
        family: Family = self.family if self.family != "auto" else ("dense" if small else "conv")
        epochs = self.epochs or min(500, max(2, round(AUTO_PRESENTATIONS / train_count)))
        steps = epochs * math.ceil(train_count / min(self.batch_size, train_count))
        rate = self.learning_rate or auto_learning_rate(steps, family)
        return replace(self, family=family, epochs=epochs, learning_rate=rate)

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> TrainConfig:
        """Read what `to_json` wrote; an unknown field is an error, a missing one its default."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ConfigError(
                f"settings: Expected only {', '.join(sorted(known))}. "
                f"Received: {', '.join(map(str, unknown))}."
            )
        return cls(**values)

    def fingerprint(self, data_fingerprint: str) -> str:
        """SHA-256 (hex) of these settings and the data's fingerprint: the name of the result."""
        text = json.dumps([self.to_json(), data_fingerprint], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def auto_learning_rate(steps: int, family: Family) -> float:
    """Return the peak of the schedule that suits a training of so many steps (1 or more).

    The longer a training, the lower its best rate: of those tried on Kuzushiji-MNIST with the dense
    family, 4e-3 was best for 800 steps, 1.5e-3 for 10,000, and 1e-3 as good for 43,000.
    """
    return round(min(_HIGHEST_AUTO_RATE[family], 0.0323 / math.cbrt(steps)), 6)


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(
            f"{name}: Expected a whole number from {low} to {high}. Received: {value!r}."
        )


def _check_number(
    name: str, value: object, low: float, high: float, *, above: bool = False
) -> None:
    fits = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (low < value if above else low <= value)
        and value <= high
    )
    if not fits:
        bound = f"over {low:g} and up to {high:g}" if above else f"from {low:g} to {high:g}"
        raise ConfigError(f"{name}: Expected a number {bound}. Received: {value!r}.")


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigError(f"{name}: Expected {' or '.join(choices)}. Received: {value!r}.")
