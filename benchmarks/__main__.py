"""`python -m benchmarks training|first-map|decode|startup|umap|window`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True)


@app.command()
def training(
    data: Annotated[
        str, typer.Option(help="Any source of 28×28 images that `bvae train` takes.")
    ] = "kmnist",
    data_dir: Annotated[Path | None, typer.Option(help="Folder of prepared data sets.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each budget.")] = 3,
    long: Annotated[bool, typer.Option(help="Also train for four times the baseline's time.")] = (
        False
    ),
) -> None:
    """Train the default recipe and the notebook's, and judge both on images kept out."""
    from benchmarks.training import main

    main(data, data_dir, seeds=seeds, long=long)


@app.command()
def first_map(
    data: Annotated[str, typer.Option(help="Any source that `bvae train` takes.")] = "strokes:7000",
) -> None:
    """Start trainings, and wait for the first preview that shows what was learned."""
    from benchmarks.first_map import main

    main(data)


@app.command()
def decode() -> None:
    """Decode 1 to 2,500 points: LiteRT, and Keras in three ways."""
    from benchmarks.decode import main

    main()


@app.command()
def startup(
    model: Annotated[str, typer.Argument(help="A model of the store, a folder, or demo.")] = "demo",
) -> None:
    """Open a bundle and decode its first point in a fresh process, and so with Keras."""
    from benchmarks.startup import main

    main(model)


@app.command()
def umap(
    model: Annotated[str, typer.Argument(help="A model of the store, or a folder.")],
) -> None:
    """Compute the UMAP of a model's codes: with exact neighbours, and with UMAP's own search."""
    from benchmarks.umap import main

    main(model)


@app.command()
def window() -> None:
    """Move the mouse over the window, quiet and while training; and the notebook's way."""
    from benchmarks.window import main

    main()


app()
