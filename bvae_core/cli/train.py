"""`bvae train`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bvae_core.cli import training_options as options
from bvae_core.cli.programs import PROGRAMS, JsonEvents, Nice
from bvae_core.cli.signals import stop_asked
from bvae_core.cli.sources import (
    DataDir,
    Grey,
    ImageSize,
    Only,
    Selection,
    Source,
    load_images,
)
from bvae_core.cli.training_options import DEFAULTS
from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError


def train(
    ctx: typer.Context,
    source: Source,
    beta: options.Beta = DEFAULTS.beta,
    latent_dim: options.LatentDim = DEFAULTS.latent_dim,
    family: options.Family = DEFAULTS.family,
    width: options.Width = DEFAULTS.width,
    depth: options.Depth = DEFAULTS.depth,
    schedule: options.Schedule = DEFAULTS.schedule,
    warmup: options.Warmup = DEFAULTS.warmup,
    cycles: options.Cycles = DEFAULTS.cycles,
    capacity: options.Capacity = DEFAULTS.capacity,
    epochs: options.Epochs = DEFAULTS.epochs,
    patience: options.Patience = DEFAULTS.patience,
    batch_size: options.BatchSize = DEFAULTS.batch_size,
    learning_rate: options.LearningRate = DEFAULTS.learning_rate,
    weight_decay: options.WeightDecay = DEFAULTS.weight_decay,
    augmentation: options.Augmentation = DEFAULTS.augmentation,
    mixed_precision: options.MixedPrecision = DEFAULTS.mixed_precision,
    seed: options.Seed = DEFAULTS.seed,
    train_split: options.TrainSplit = DEFAULTS.train_split,
    data_dir: DataDir = None,
    image_size: ImageSize = None,
    grey: Grey = None,
    only: Only = None,
    selection: Selection = None,
    name: Annotated[
        str | None,
        typer.Option(help="What to call the model; by default after data, β and dimensions."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on from the checkpoint of the same, stopped training."),
    ] = False,
    json_events: JsonEvents = False,
    event_log: Annotated[
        Path | None,
        typer.Option(
            help="Append the same JSON lines to this file, and lock FILE.lock as long as the "
            "training runs.",
            metavar="FILE",
            rich_help_panel=PROGRAMS,
            show_default=False,
        ),
    ] = None,
    previews: Annotated[
        Path | None,
        typer.Option(
            help="Folder for small NPZ files that show, epoch by epoch, where a thousand images "
            "lie and what ten look like.",
            metavar="FOLDER",
            rich_help_panel=PROGRAMS,
            show_default=False,
        ),
    ] = None,
    nice: Nice = 0,
    stop_with_parent: Annotated[
        bool,
        typer.Option(
            "--stop-with-parent",
            help="Stop in order when standard input ends, unless a line there said keep.",
            rich_help_panel=PROGRAMS,
        ),
    ] = False,
) -> None:
    """Train a β-VAE on images and keep it under a name.

    The model is kept in the cache (see bvae models). Training the same thing again opens the
    first. Ctrl-C stops in order and says how to go on.

    For example: bvae train strokes --epochs 5 --name first
    """
    with options.blaming_options():
        config = TrainConfig(
            beta=beta,
            latent_dim=latent_dim,
            family=family,
            width=width,
            depth=depth,
            schedule=schedule,
            warmup=warmup,
            cycles=cycles,
            capacity=capacity,
            epochs=epochs,
            patience=patience,
            batch_size=batch_size,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            augmentation=augmentation,
            mixed_precision=mixed_precision,
            seed=seed,
            train_split=train_split,
        )
    if nice:
        from bvae_core.cli.priority import lower_priority

        lower_priority(nice)
    if stop_with_parent:
        from bvae_core.cli.parent import stop_with_parent as watch_parent

        watch_parent()
    from bvae_core.cli.training_report import reporting
    from bvae_core.training import TrainingStopped
    from bvae_core.training import train as run_training

    try:
        with reporting(json_events=json_events, event_log=event_log) as on_event:
            images = load_images(source, data_dir, image_size, grey, only, selection)
            with stop_asked() as should_stop:
                run_training(
                    config,
                    images,
                    name=name,
                    on_event=on_event,
                    should_stop=should_stop,
                    resume=resume,
                    previews=previews,
                )
    except TrainingStopped as stopped:
        way_on = f" To go on: {_with_resume(ctx.obj)}" if stopped.epoch else ""
        raise BvaeError(f"{stopped}{way_on}") from stopped


def _with_resume(arguments: Sequence[str]) -> str:
    """Return the command that goes on where this one stopped."""
    resume = () if "--resume" in arguments else ("--resume",)
    return shlex.join(["bvae", *arguments, *resume])
