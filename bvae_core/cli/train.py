"""`bvae train`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bvae_core.cli.signals import stop_asked
from bvae_core.cli.sources import DataDir, Grey, ImageSize, Source, load_images
from bvae_core.config import Family, Schedule, TrainConfig, TrainSplit
from bvae_core.errors import BvaeError, ConfigError

DEFAULTS = TrainConfig()

_MODEL = "Model"
_SCHEDULE = "β schedule"
_OPTIMISATION = "Optimisation"
_IMAGES = "Images"
_PROGRAMS = "For programs"


def train(
    ctx: typer.Context,
    source: Source,
    beta: Annotated[
        float,
        typer.Option(
            help="Weight of the KL term: higher gives a smoother, more orderly latent space, lower "
            "sharper images.",
            rich_help_panel=_MODEL,
        ),
    ] = DEFAULTS.beta,
    latent_dim: Annotated[
        int,
        typer.Option(
            help="Dimensions of the latent space; 2 can be drawn as a map.", rich_help_panel=_MODEL
        ),
    ] = DEFAULTS.latent_dim,
    family: Annotated[
        Family,
        typer.Option(
            help="Networks: dense for small images, conv for larger, auto by the images' size.",
            rich_help_panel=_MODEL,
        ),
    ] = DEFAULTS.family,
    width: Annotated[
        int,
        typer.Option(
            help="Units of a hidden layer (dense) or channels of the deepest (conv).",
            rich_help_panel=_MODEL,
        ),
    ] = DEFAULTS.width,
    depth: Annotated[
        int,
        typer.Option(
            help="Residual blocks in the encoder, and as many in the decoder.",
            rich_help_panel=_MODEL,
        ),
    ] = DEFAULTS.depth,
    schedule: Annotated[
        Schedule,
        typer.Option(
            help="How β gets to its value: constant, a linear ramp, cyclical ramps, or the KL held "
            "at a capacity that rises (then β is γ).",
            rich_help_panel=_SCHEDULE,
        ),
    ] = DEFAULTS.schedule,
    warmup: Annotated[
        float,
        typer.Option(
            help="Share of the training that the linear ramp or the capacity's rise takes.",
            rich_help_panel=_SCHEDULE,
        ),
    ] = DEFAULTS.warmup,
    cycles: Annotated[
        int,
        typer.Option(help="Ramps of the cyclical schedule.", rich_help_panel=_SCHEDULE),
    ] = DEFAULTS.cycles,
    capacity: Annotated[
        float,
        typer.Option(help="Where the capacity ends, in nats an image.", rich_help_panel=_SCHEDULE),
    ] = DEFAULTS.capacity,
    epochs: Annotated[
        int | None,
        typer.Option(
            help="Passes over the images; by default as many as the number of images needs.",
            rich_help_panel=_OPTIMISATION,
            show_default=False,
        ),
    ] = DEFAULTS.epochs,
    patience: Annotated[
        int | None,
        typer.Option(
            help="Stop when the held-out objective has not improved for so many epochs.",
            rich_help_panel=_OPTIMISATION,
            show_default=False,
        ),
    ] = DEFAULTS.patience,
    batch_size: Annotated[
        int, typer.Option(help="Images a step.", rich_help_panel=_OPTIMISATION)
    ] = DEFAULTS.batch_size,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            help="Highest step size of the schedule; by default what suits the training's length.",
            rich_help_panel=_OPTIMISATION,
            show_default=False,
        ),
    ] = DEFAULTS.learning_rate,
    weight_decay: Annotated[
        float,
        typer.Option(
            help="Pull of the weights towards zero (AdamW).", rich_help_panel=_OPTIMISATION
        ),
    ] = DEFAULTS.weight_decay,
    augmentation: Annotated[
        float,
        typer.Option(
            help="Strength of the small random rotations, scalings, shears and shifts of the "
            "training images; 0 for none.",
            rich_help_panel=_OPTIMISATION,
        ),
    ] = DEFAULTS.augmentation,
    mixed_precision: Annotated[
        bool,
        typer.Option(
            "--mixed-precision",
            help="Compute in 16 bits where a GPU gains by it.",
            rich_help_panel=_OPTIMISATION,
        ),
    ] = DEFAULTS.mixed_precision,
    seed: Annotated[
        int,
        typer.Option(
            help="Of everything random: the same seed ends in the same model on the same machine.",
            rich_help_panel=_OPTIMISATION,
        ),
    ] = DEFAULTS.seed,
    train_split: Annotated[
        TrainSplit,
        typer.Option(
            help="train keeps the test split out, for honest figures; all trains on every image.",
            rich_help_panel=_IMAGES,
        ),
    ] = DEFAULTS.train_split,
    data_dir: DataDir = None,
    image_size: ImageSize = None,
    grey: Grey = None,
    name: Annotated[
        str | None,
        typer.Option(help="What to call the model; by default after data, β and dimensions."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on from the checkpoint of the same, stopped training."),
    ] = False,
    json_events: Annotated[
        bool,
        typer.Option(
            "--json-events",
            help="Report as one JSON object a line.",
            rich_help_panel=_PROGRAMS,
        ),
    ] = False,
    event_log: Annotated[
        Path | None,
        typer.Option(
            help="Append the same JSON lines to this file, and lock FILE.lock as long as the "
            "training runs.",
            metavar="FILE",
            rich_help_panel=_PROGRAMS,
            show_default=False,
        ),
    ] = None,
    previews: Annotated[
        Path | None,
        typer.Option(
            help="Folder for small NPZ files that show, epoch by epoch, where a thousand images "
            "lie and what ten look like.",
            metavar="FOLDER",
            rich_help_panel=_PROGRAMS,
            show_default=False,
        ),
    ] = None,
    nice: Annotated[
        int,
        typer.Option(
            min=0,
            max=19,
            help="Let other programs go first, by so much.",
            rich_help_panel=_PROGRAMS,
        ),
    ] = 0,
    stop_with_parent: Annotated[
        bool,
        typer.Option(
            "--stop-with-parent",
            help="Stop in order when standard input ends, unless a line there said keep.",
            rich_help_panel=_PROGRAMS,
        ),
    ] = False,
) -> None:
    """Train a β-VAE on images and keep it under a name.

    The model is kept in the cache (see bvae models). Training the same thing again opens the
    first. Ctrl-C stops in order and says how to go on.

    For example: bvae train strokes --epochs 5 --name first
    """
    config = _config(
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
            images = load_images(source, data_dir, image_size, grey)
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


def _config(**settings: Any) -> TrainConfig:
    try:
        return TrainConfig(**settings)
    except ConfigError as error:  # an option was given a value that it can't have
        setting, _, what = str(error).partition(": ")
        raise typer.BadParameter(what, param_hint=f"--{setting.replace('_', '-')}") from error


def _with_resume(arguments: Sequence[str]) -> str:
    """Return the command that goes on where this one stopped."""
    resume = () if "--resume" in arguments else ("--resume",)
    return shlex.join(["bvae", *arguments, *resume])
