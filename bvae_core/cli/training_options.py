"""The settings of `TrainConfig` as options: those of every command that trains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bvae_core import config
from bvae_core.errors import ConfigError

DEFAULTS = config.TrainConfig()

_MODEL = "Model"
_SCHEDULE = "β schedule"
_OPTIMISATION = "Optimisation"
_IMAGES = "Images"

Beta = Annotated[
    float,
    typer.Option(
        help="Weight of the KL term: higher gives a smoother, more orderly latent space, lower "
        "sharper images.",
        rich_help_panel=_MODEL,
    ),
]
LatentDim = Annotated[
    int,
    typer.Option(
        help="Dimensions of the latent space; 2 can be drawn as a map.", rich_help_panel=_MODEL
    ),
]
Family = Annotated[
    config.Family,
    typer.Option(
        help="Networks: dense for small images, conv for larger, auto by the images' size.",
        rich_help_panel=_MODEL,
    ),
]
Width = Annotated[
    int,
    typer.Option(
        help="Units of a hidden layer (dense) or channels of the deepest (conv).",
        rich_help_panel=_MODEL,
    ),
]
Depth = Annotated[
    int,
    typer.Option(
        help="Residual blocks in the encoder, and as many in the decoder.", rich_help_panel=_MODEL
    ),
]
Schedule = Annotated[
    config.Schedule,
    typer.Option(
        help="How β gets to its value: constant, a linear ramp, cyclical ramps, or the KL held "
        "at a capacity that rises (then β is γ).",
        rich_help_panel=_SCHEDULE,
    ),
]
Warmup = Annotated[
    float,
    typer.Option(
        help="Share of the training that the linear ramp or the capacity's rise takes.",
        rich_help_panel=_SCHEDULE,
    ),
]
Cycles = Annotated[
    int, typer.Option(help="Ramps of the cyclical schedule.", rich_help_panel=_SCHEDULE)
]
Capacity = Annotated[
    float,
    typer.Option(help="Where the capacity ends, in nats an image.", rich_help_panel=_SCHEDULE),
]
Epochs = Annotated[
    int | None,
    typer.Option(
        help="Passes over the images; by default as many as the number of images needs.",
        rich_help_panel=_OPTIMISATION,
        show_default=False,
    ),
]
Patience = Annotated[
    int | None,
    typer.Option(
        help="Stop when the held-out objective has not improved for so many epochs.",
        rich_help_panel=_OPTIMISATION,
        show_default=False,
    ),
]
BatchSize = Annotated[int, typer.Option(help="Images a step.", rich_help_panel=_OPTIMISATION)]
LearningRate = Annotated[
    float | None,
    typer.Option(
        help="Highest step size of the schedule; by default what suits the training's length.",
        rich_help_panel=_OPTIMISATION,
        show_default=False,
    ),
]
WeightDecay = Annotated[
    float,
    typer.Option(help="Pull of the weights towards zero (AdamW).", rich_help_panel=_OPTIMISATION),
]
Augmentation = Annotated[
    float,
    typer.Option(
        help="Strength of the small random rotations, scalings, shears and shifts of the "
        "training images; 0 for none.",
        rich_help_panel=_OPTIMISATION,
    ),
]
MixedPrecision = Annotated[
    bool,
    typer.Option(
        "--mixed-precision",
        help="Compute in 16 bits where a GPU gains by it.",
        rich_help_panel=_OPTIMISATION,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        help="Of everything random: the same seed ends in the same model on the same machine.",
        rich_help_panel=_OPTIMISATION,
    ),
]
TrainSplit = Annotated[
    config.TrainSplit,
    typer.Option(
        help="train keeps the test split out, for honest figures; all trains on every image.",
        rich_help_panel=_IMAGES,
    ),
]


@contextmanager
def blaming_options(**renamed: str) -> Iterator[None]:
    """Refuse a setting with the name of its option, as a wrong use of the command.

    Parameters
    ----------
    renamed
        Options that are not called as their settings are.
    """
    try:
        yield
    except ConfigError as error:
        setting, _, what = str(error).partition(": ")
        option = renamed.get(setting, setting).replace("_", "-")
        raise typer.BadParameter(what, param_hint=f"--{option}") from error
