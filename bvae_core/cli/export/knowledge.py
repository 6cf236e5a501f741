"""`bvae export diagnostics` and `latents`: what is known of a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bvae_core.cli.export.options import (
    FigureFile,
    TableFile,
    ThemeOption,
    open_model,
)
from bvae_core.cli.sources import Model


def diagnostics(
    model: Model,
    output: FigureFile,
    measured: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="What bvae evaluate --full --json said of this model; by default what it last "
            "measured, or else what came with the model.",
            show_default=False,
        ),
    ] = None,
    theme: ThemeOption = "light",
) -> None:
    """Draw what is known of a model on one page: figures, and charts of its dimensions.

    What takes minutes is measured by: bvae evaluate MODEL SOURCE --full
    """
    from bvae_core.diagnostics import read_measurement, recall_measurement
    from bvae_core.figures.diagnostics import export_diagnostics

    bundle = open_model(model)
    found, problem = recall_measurement(bundle) if measured is None else (None, "")
    if measured is not None:
        found = read_measurement(measured)
    if problem:
        typer.echo(f"bvae: {problem}", err=True)
    export_diagnostics(bundle, output, measured=found, theme=theme)


def latents(model: Model, output: TableFile) -> None:
    """Write every image's code: mean, log-variance, label and split."""
    from bvae_core.latent_files import write_codes

    write_codes(open_model(model), output)
