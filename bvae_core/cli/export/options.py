"""What several commands of `bvae export` are told, and what it means to a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bvae_core.cli.targets import ending_in
from bvae_core.figures.limits import (
    ANCHORS,
    ANIMATION_SUFFIXES,
    FIGURE_SUFFIXES,
    FRAMES,
    SCALE,
)

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle

TABLES = (".npz", ".csv")


def _output(*suffixes: str, what: str) -> Any:
    return typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=ending_in(*suffixes),
        help=f"{what} A file that is there already is replaced.",
        show_default=False,
    )


#: What an anchor may be, for help texts.
ANCHOR_WORDS = (
    "a class by its name, romaji or number (き, ki, 1), its mean (centroid:ki), an image by its "
    "index ('#12', in quotes), coordinates (0.5,-1.2), or a sum of these and of saved directions "
    "('sum:ki - 0.5*re + #12')"
)
FigureFile = Annotated[Path, _output(*FIGURE_SUFFIXES, what="Where to: a .png, .svg or .pdf file.")]
MorphFile = Annotated[
    Path,
    _output(
        *FIGURE_SUFFIXES,
        *ANIMATION_SUFFIXES,
        what="Where to: a .png, .svg or .pdf file for a strip, .gif or .webp for an animation.",
    ),
]
TableFile = Annotated[Path, _output(*TABLES, what="Where to: a .npz or .csv file.")]
Labels = Annotated[bool, typer.Option("--labels/--no-labels", help="With words, or images alone.")]
ThemeOption = Annotated[
    Literal["light", "dark"], typer.Option("--theme", help="Of paper, ground and words.")
]
InkOption = Annotated[
    Literal["paper", "screen"],
    typer.Option("--ink", help="Grey images as ink on paper, or as grey on black."),
]
Scale = Annotated[
    int | None,
    typer.Option(
        min=SCALE[0],
        max=SCALE[1],
        help="Pixels of the figure for a pixel of an image; by default as many as look good.",
        show_default=False,
    ),
]
Start = Annotated[
    str,
    typer.Option(
        "--from", metavar="ANCHOR", help=f"Where it begins: {ANCHOR_WORDS}.", show_default=False
    ),
]
End = Annotated[
    str,
    typer.Option("--to", metavar="ANCHOR", help="Where it ends, likewise.", show_default=False),
]
Via = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ANCHOR",
        help=f"A place between; may be given up to {ANCHORS[1] - 2} times.",
        show_default=False,
    ),
]
Frames = Annotated[
    int, typer.Option(min=FRAMES[0], max=FRAMES[1], help="Images, both ends included.")
]
PathOption = Annotated[
    Literal["straight", "spherical", "geodesic", "dense"],
    typer.Option(
        help="In straight lines, along great circles around the origin, so that the image changes "
        "as little as it can (geodesic), or where the data are (dense)."
    ),
]
Axes = Annotated[
    tuple[int, int] | None,
    typer.Option(metavar="I J", help="Two dimensions, counted from 1.", show_default=False),
]


def open_model(model: str) -> Bundle:
    """Open the model that was named."""
    from bvae_core.store import load_bundle

    return load_bundle(model)


def indices_of(bundle: Bundle, selection: str | None) -> str:
    """Return which images are selected, by their indices whatever they are called."""
    from bvae_core.indices import format_indices
    from bvae_core.selections import find_selection

    return "" if selection is None else format_indices(find_selection(bundle, selection))


def all_anchors(start: str, via: list[str] | None, end: str) -> tuple[str, ...]:
    """Return all anchors in their order; a typer.BadParameter if they are too many."""
    anchors = (start, *(via or ()), end)
    if len(anchors) > ANCHORS[1]:
        raise typer.BadParameter(
            f"Expected at most {ANCHORS[1]} anchors. Received: {len(anchors)}.",
            param_hint="--via",
        )
    return anchors


def two_axes(bundle: Bundle, axes: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the indices of two dimensions; a typer.BadParameter if they are no two."""
    if axes is None:
        return None
    first, second = (dimension_index(bundle, number, "--axes") for number in axes)
    if first == second:
        raise typer.BadParameter(
            f"Expected two different dimensions. Received: {axes[0]} twice.", param_hint="--axes"
        )
    return first, second


def dimension_index(bundle: Bundle, number: int, option: str) -> int:
    """Return the index of a dimension, which a shell counts from 1 and Python from 0."""
    count = bundle.config.latent_dim
    if not 1 <= number <= count:
        raise typer.BadParameter(
            f"Expected a dimension from 1 to {count}. Received: {number}.", param_hint=option
        )
    return number - 1
