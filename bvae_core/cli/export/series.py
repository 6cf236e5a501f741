"""`bvae export morph`, `grid` and `traversal`: series of images through latent space."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from bvae_core.cli.export.options import (
    ANCHOR_WORDS,
    Axes,
    End,
    FigureFile,
    Frames,
    InkOption,
    Labels,
    MorphFile,
    PathOption,
    Scale,
    Start,
    ThemeOption,
    Via,
    all_anchors,
    dimension_index,
    open_model,
    two_axes,
)
from bvae_core.cli.sources import Model
from bvae_core.figures.limits import CORNERS, FPS, SIDE, STEPS

Side = Annotated[int, typer.Option(min=SIDE[0], max=SIDE[1])]


def morph(
    model: Model,
    output: MorphFile,
    start: Start,
    end: End,
    via: Via = None,
    frames: Frames = 12,
    path: PathOption = "straight",
    labels: Labels = True,
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    scale: Scale = None,
    fps: Annotated[
        float, typer.Option(min=FPS[0], max=FPS[1], help="Frames a second of an animation.")
    ] = 12.0,
    loop: Annotated[
        bool, typer.Option("--loop/--once", help="Play an animation for ever, or once.")
    ] = True,
    bounce: Annotated[
        bool, typer.Option("--bounce", help="Play an animation there and back again.")
    ] = False,
) -> None:
    """Draw the way from one place in latent space to another: a strip, or an animation.

    For example: bvae export morph demo --from ki --to re -o morph.png
    """
    from bvae_core.figures import MorphRecipe

    recipe = MorphRecipe(
        anchors=all_anchors(start, via, end),
        frames=frames,
        path=path,
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
        fps=fps,
        loop=loop,
        bounce=bounce,
    )
    recipe.export(open_model(model), output)


def grid(
    model: Model,
    output: FigureFile,
    rows: Side = 20,
    columns: Side = 20,
    corner: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ANCHOR",
            help="Give four, top left, top right, bottom left and bottom right, to fill the grid "
            f"between them; each {ANCHOR_WORDS}.",
            show_default=False,
        ),
    ] = None,
    path: PathOption = "straight",
    axes: Axes = None,
    labels: Labels = True,
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    scale: Scale = None,
) -> None:
    """Draw what the model makes of a grid of places.

    The grid is spaced so that each cell stands for the same share of the prior, over the first two
    dimensions or --axes; or it lies between four corners.
    """
    from bvae_core.figures import GridRecipe

    if corner and len(corner) != CORNERS:
        raise typer.BadParameter(
            f"Expected {CORNERS}. Received: {len(corner)}.", param_hint="--corner"
        )
    bundle = open_model(model)
    recipe = GridRecipe(
        corners=tuple(corner or ()),
        rows=rows,
        columns=columns,
        path=path,
        axes=two_axes(bundle, axes) or (0, 1),
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe.export(bundle, output)


def traversal(
    model: Model,
    output: FigureFile,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="ANCHOR",
            help=f"Where all other dimensions stay: {ANCHOR_WORDS}. By default the origin.",
            show_default=False,
        ),
    ] = None,
    dimension: Annotated[
        int | None,
        typer.Option(
            min=1, help="Only this one, counted from 1; by default each.", show_default=False
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=STEPS[0], max=STEPS[1], help="Images a row.")] = 11,
    over: Annotated[
        Literal["sigmas", "prior", "data", "quantiles"],
        typer.Option(
            "--range",
            help="How far: sigmas or quantiles (prior) of the prior, the smallest to the largest "
            "code (data), or the codes' quantiles.",
        ),
    ] = "sigmas",
    extent: Annotated[
        float | None,
        typer.Option(
            help="Number of sigmas, by default 3; share left out at each end of quantiles, by "
            "default 0.05.",
            show_default=False,
        ),
    ] = None,
    labels: Labels = True,
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    scale: Scale = None,
) -> None:
    """Draw a row of images for each dimension: it alone varies, all others stay.

    The most informative dimension comes first; those that say next to nothing are drawn faintly.
    """
    from bvae_core.figures import TraversalRecipe

    bundle = open_model(model)
    recipe = TraversalRecipe(
        at=at,
        dimension=None if dimension is None else dimension_index(bundle, dimension, "--dimension"),
        steps=steps,
        over=over,
        extent=extent,
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe.export(bundle, output)
