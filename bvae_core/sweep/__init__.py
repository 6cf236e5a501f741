"""Families of models: the same training at several β and from several seeds, and what they show.

`sweep` trains them one after another in this process; `bvae_core.sweep.cluster` on Dask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet
from bvae_core.errors import ConfigError
from bvae_core.training.events import Event, ShouldStop

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.store import Store

__all__ = ["FIGURES", "OnSweepEvent", "SweepRow", "sweep", "sweep_configs", "sweep_table"]

#: What a sweep's table tells of each β, as `Evaluation` calls it.
FIGURES = ("objective_beta_1", "reconstruction", "kl", "active_units", "neighbour_accuracy")

#: Called with the number of a training, counted from 0, and what happened in it.
OnSweepEvent = Callable[[int, Event], None]


class Trained(Protocol):
    """What `sweep_table` needs of a model; a bundle has it."""

    @property
    def config(self) -> TrainConfig: ...
    @property
    def metrics(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class SweepRow:
    """What became of one β.

    Parameters
    ----------
    beta
        The β.
    count
        Models trained with it.
    medians
        Median over these models of each of `FIGURES`, measured on held-out images; None where
        there is no such figure.
    """

    beta: float
    count: int
    medians: Mapping[str, float | None]


def sweep_configs(base: TrainConfig, betas: Sequence[float], seeds: int) -> list[TrainConfig]:
    """Return the settings of every training: each β with each seed.

    Parameters
    ----------
    base
        All other settings; its seed is the first.
    betas
        At least one; none twice.
    seeds
        How many models of each β, at least 1.

    Raises
    ------
    ConfigError
        If a β or the number of seeds is out of its range.
    """
    if not betas or len(set(betas)) < len(betas):
        shown = ", ".join(f"{beta:g}" for beta in betas) or "none"
        raise ConfigError(f"betas: Expected one or more, each once. Received: {shown}.")
    if seeds < 1:
        raise ConfigError(f"seeds: Expected 1 or more. Received: {seeds}.")
    # Seed by seed: a sweep that is looked at half-way has something of every β.
    return [
        replace(base, beta=float(beta), seed=base.seed + seed)
        for seed in range(seeds)
        for beta in betas
    ]


def sweep(
    configs: Sequence[TrainConfig],
    images: ImageSet,
    *,
    on_event: OnSweepEvent | None = None,
    should_stop: ShouldStop | None = None,
    store: Store | None = None,
) -> list[Bundle]:
    """Train one model after another, in this process.

    What the store has is opened, and what a stopped sweep began is gone on with: calling it again
    is how a sweep is resumed. Training in one process saves TensorFlow's start; the memory that
    a training leaves behind is some 20 MB.

    Parameters
    ----------
    configs
        See `sweep_configs`.
    images
        What to train on.
    on_event
        Called in this thread with what happens.
    should_stop
        As in `bvae_core.training.train`.
    store
        Where models are kept; None is the user's.

    Returns
    -------
    The models, in the order of `configs`.

    Raises
    ------
    TrainingStopped
        If `should_stop` said so.
    BvaeError
        As `bvae_core.training.train` does.
    """
    from bvae_core.training import train

    return [
        train(
            config,
            images,
            on_event=None if on_event is None else partial(on_event, number),
            should_stop=should_stop,
            resume=True,
            store=store,
        )
        for number, config in enumerate(configs)
    ]


def sweep_table(models: Sequence[Trained]) -> list[SweepRow]:
    """Return a row for each β, from the lowest to the highest."""
    rows = []
    for beta in sorted({model.config.beta for model in models}):
        family = [model for model in models if model.config.beta == beta]
        held_out = [model for model in family if model.metrics.get("held_out") is True]
        medians = {figure: _median(held_out, figure) for figure in FIGURES}
        rows.append(SweepRow(beta, len(family), medians))
    return rows


def _median(models: Sequence[Trained], figure: str) -> float | None:
    values = [model.metrics.get(figure) for model in models]
    numbers = [value for value in values if isinstance(value, int | float)]
    return float(median(numbers)) if numbers else None
