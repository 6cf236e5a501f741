"""`bvae export map`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer

from bvae_core.cli.export.options import (
    ANCHOR_WORDS,
    Axes,
    FigureFile,
    Frames,
    InkOption,
    Labels,
    PathOption,
    ThemeOption,
    Via,
    all_anchors,
    indices_of,
    open_model,
    two_axes,
)
from bvae_core.cli.sources import Model


class Layer(StrEnum):
    """What a map may show under its dots."""

    MANIFOLD = "manifold"
    MAGNIFICATION = "magnification"


def export_map(
    model: Model,
    output: FigureFile,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ANCHOR",
            help=f"Draw a morph's way too, from here: {ANCHOR_WORDS}.",
            show_default=False,
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="ANCHOR", help="Where the way ends.", show_default=False),
    ] = None,
    via: Via = None,
    frames: Frames = 12,
    path: PathOption = "straight",
    axes: Axes = None,
    projection: Annotated[
        Literal["linear", "umap"],
        typer.Option(
            help="Along axes, or by UMAP, which needs more than two dimensions and the package "
            "umap-learn; see also bvae project."
        ),
    ] = "linear",
    density: Annotated[
        bool, typer.Option("--density/--no-density", help="The dots' density behind them.")
    ] = True,
    dots: Annotated[
        bool, typer.Option("--dots/--no-dots", help="The dots: the codes of all images.")
    ] = True,
    names: Annotated[
        bool, typer.Option("--names/--no-names", help="Short names of classes on the map.")
    ] = True,
    layers: Annotated[
        list[Layer] | None,
        typer.Option(
            "--layer",
            help="Under the dots, what the model makes of places all over the map (manifold), or "
            "how much the image changes with a step there (magnification); may be given twice.",
            show_default=False,
        ),
    ] = None,
    spacing: Annotated[
        Literal["even", "prior"],
        typer.Option(
            help="Of the manifold: at equal distances, or, in a space of two dimensions, at the "
            "prior's quantiles."
        ),
    ] = "even",
    at: Annotated[
        str | None,
        typer.Option(
            metavar="ANCHOR",
            help="A place that the layers' plane goes through, where the map doesn't show all "
            f"dimensions: {ANCHOR_WORDS}.",
            show_default=False,
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="CLASS",
            help="Show this class, by its name, romaji or number, and only those given so.",
            show_default=False,
        ),
    ] = None,
    selection: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|1,5,9-20",
            help="Grey all dots but those of these images: a saved selection by its name (see bvae "
            "selections), or indices.",
            show_default=False,
        ),
    ] = None,
    labels: Labels = True,
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
) -> None:
    """Draw the latent map: every image's code as a dot in its class's colour.

    More than two dimensions are seen along their principal axes, unless --axes chooses two, or
    --projection umap all of them.
    """
    from bvae_core.cli.output import progress
    from bvae_core.embeddings import umap_projection
    from bvae_core.figures import MapRecipe

    anchors: tuple[str, ...] = ()
    if start is not None and end is not None:
        anchors = all_anchors(start, via, end)
    elif start is not None or end is not None or via:
        raise typer.BadParameter("Expected both --from and --to for a way, or neither.")
    bundle = open_model(model)
    recipe = MapRecipe(
        anchors=anchors,
        frames=frames,
        path=path,
        axes=two_axes(bundle, axes),
        projection=projection,
        density=density,
        dots=dots,
        names=names,
        magnification=Layer.MAGNIFICATION in (layers or ()),
        manifold=Layer.MANIFOLD in (layers or ()),
        spacing=spacing,
        at=at,
        classes=tuple(classes or ()),
        selection=indices_of(bundle, selection),
        labels=labels,
        theme=theme,
        ink=ink,
    )
    if projection == "umap":
        with progress("UMAP") as report:
            umap_projection(bundle, progress=report)
    recipe.export(bundle, output)
