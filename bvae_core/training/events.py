"""What a training says while it runs. Importing this loads no TensorFlow."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError


@dataclass(frozen=True)
class Event:
    """Something that happened in a training."""

    def to_json(self) -> dict[str, Any]:
        """Return the event as JSON values, its kind under ``"event"`` (``"epoch_end"``, say)."""
        values = {key: _json_value(value) for key, value in asdict(self).items()}
        return {"event": _kind(type(self)), **values}


@dataclass(frozen=True)
class Waiting(Event):
    """Another process trains the same thing; this one waits for it."""

    message: str


@dataclass(frozen=True)
class StartingOver(Event):
    """There is a checkpoint of this training, but going on from it was not asked for."""

    message: str


@dataclass(frozen=True)
class AlreadyTrained(Event):
    """The cache has the result of exactly this training; it is opened instead."""

    name: str
    fingerprint: str
    path: str


@dataclass(frozen=True)
class Started(Event):
    """The networks are built and the first epoch begins.

    `config` has nothing left to be chosen; `resumed_from_epoch` counts the epochs that a checkpoint
    brought along, 0 for a fresh start.
    """

    config: TrainConfig
    data_name: str
    train_count: int
    held_out_count: int
    device: str
    parameters: int
    resumed_from_epoch: int
    fingerprint: str


@dataclass(frozen=True)
class EpochEnd(Event):
    """An epoch is over and its checkpoint is being written.

    Objective, reconstruction and KL are nats an image. The figures of the training images are means
    over the epoch, during which the weights moved; those of the held-out images belong to the
    weights at its end and are None where nothing is held out. `beta` is the schedule's value at the
    epoch's last step.
    """

    epoch: int
    epochs: int
    beta: float
    objective: float
    reconstruction: float
    kl: float
    kl_per_dim: tuple[float, ...]
    held_out_objective: float | None
    held_out_reconstruction: float | None
    held_out_kl: float | None
    images_per_second: float
    seconds: float
    seconds_left: float


@dataclass(frozen=True)
class Stopped(Event):
    """The training stopped before its end; a checkpoint holds `epoch` finished epochs."""

    epoch: int
    epochs: int
    fingerprint: str


@dataclass(frozen=True)
class Finished(Event):
    """The bundle is in the store."""

    name: str
    fingerprint: str
    path: str
    metrics: Mapping[str, Any]


@dataclass(frozen=True)
class Previewed(Event):
    """What the networks make of a few images after `epoch` epochs is in the file at `path`.

    The number has a fraction within an epoch. See `bvae_core.training.previews`.
    """

    epoch: float
    path: str


@dataclass(frozen=True)
class Failed(Event):
    """The training could not go on, for the reason that `message` says in a sentence."""

    message: str


OnEvent = Callable[[Event], None]
ShouldStop = Callable[[], bool]


class TrainingStopped(BvaeError):  # noqa: N818  (nothing went wrong)
    """A training ended because it was asked to; its checkpoint is kept.

    Attributes
    ----------
    epoch
        Finished epochs in the checkpoint; 0 where the first was not over.
    epochs
        Epochs that the training was to have.
    fingerprint
        Of the settings and data, by which ``resume=True`` finds the checkpoint.
    """

    def __init__(self, epoch: int, epochs: int, fingerprint: str) -> None:
        super().__init__(
            f"The training was stopped after epoch {epoch} of {epochs}; resuming goes on there."
            if epoch
            else "The training was stopped before its first epoch was over: nothing is kept."
        )
        self.epoch = epoch
        self.epochs = epochs
        self.fingerprint = fingerprint


def read_event(values: object) -> Event:
    """Return the event that `Event.to_json` made JSON values of.

    Raises
    ------
    ValueError
        If the values are none of an event, or of one that a newer version knows.
    """
    kinds = {_kind(kind): kind for kind in Event.__subclasses__()}
    if not isinstance(values, Mapping) or values.get("event") not in kinds:
        raise ValueError(f"Expected an event. Received: {values!r}.")
    kind = kinds[values["event"]]
    try:
        given = {field.name: values[field.name] for field in fields(kind)}
        if "config" in given:
            given["config"] = TrainConfig.from_json(given["config"])
        if "kl_per_dim" in given:
            given["kl_per_dim"] = tuple(given["kl_per_dim"])
        return kind(**given)
    except (KeyError, TypeError) as error:
        raise ValueError(f"Expected a whole event. Received: {values!r}.") from error


def _kind(event: type[Event]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def _json_value(value: object) -> object:
    """Replace what JSON has no word for: NaN and infinity become null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(item) for item in value]
    return value
