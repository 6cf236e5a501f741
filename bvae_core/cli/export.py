"""`bvae export`: maps, morphs, grids, traversals and codes as files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bvae_core.cli.sources import Model
from bvae_core.cli.targets import ending_in
from bvae_core.figures.limits import (
    ANCHORS,
    ANIMATION_SUFFIXES,
    CORNERS,
    FIGURE_SUFFIXES,
    FPS,
    FRAMES,
    SCALE,
    SHOWN,
    SIDE,
    STEPS,
    STRENGTH,
)

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle

TABLES = (".npz", ".csv")


class Layer(StrEnum):
    """What a map may show under its dots."""

    MANIFOLD = "manifold"
    MAGNIFICATION = "magnification"


app = typer.Typer(no_args_is_help=True, help="Write figures, animations and codes to files.")


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
    "a class by its name, romaji or number (き, ki, 1), an image by its index ('#12', in "
    "quotes), coordinates (0.5,-1.2), or a sum of these and of saved directions "
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
Side = Annotated[int, typer.Option(min=SIDE[0], max=SIDE[1])]
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


@app.command("map")
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
    bundle = _open(model)
    recipe = MapRecipe(
        anchors=anchors,
        frames=frames,
        path=path,
        axes=_axes(bundle, axes),
        projection=projection,
        density=density,
        dots=dots,
        names=names,
        magnification=Layer.MAGNIFICATION in (layers or ()),
        manifold=Layer.MANIFOLD in (layers or ()),
        spacing=spacing,
        at=at,
        classes=tuple(classes or ()),
        selection=_indices(bundle, selection),
        labels=labels,
        theme=theme,
        ink=ink,
    )
    if projection == "umap":
        with progress("UMAP") as report:
            umap_projection(bundle, progress=report)
    recipe.export(bundle, output)


@app.command()
def contact(
    model: Model,
    output: FigureFile,
    selection: Annotated[
        str,
        typer.Option(
            metavar="NAME|1,5,9-20",
            help="Which images: a saved selection by its name (see bvae selections), or indices.",
            show_default=False,
        ),
    ],
    originals: Annotated[
        bool,
        typer.Option(
            "--originals",
            help="Show the images themselves, where they are at hand (see bvae locate).",
        ),
    ] = False,
    most: Annotated[
        int,
        typer.Option(
            min=SHOWN[0], max=SHOWN[1], help="Of more images, so many of them, evenly chosen."
        ),
    ] = 400,
    labels: Labels = True,
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    scale: Scale = None,
) -> None:
    """Draw selected images side by side, as the model decodes their codes or as they are.

    For example: bvae export contact demo --selection 0-63 -o contact.png
    """
    from bvae_core.figures import ContactRecipe

    bundle = _open(model)
    recipe = ContactRecipe(
        selection=_indices(bundle, selection),
        originals=originals,
        most=most,
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe.export(bundle, output)


@app.command()
def image(
    model: Model,
    output: FigureFile,
    at: Annotated[
        str,
        typer.Option(metavar="ANCHOR", help=f"The place: {ANCHOR_WORDS}.", show_default=False),
    ],
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    scale: Scale = None,
) -> None:
    """Draw the image that the model makes of one place, and nothing around it."""
    from bvae_core.figures import ImageRecipe

    recipe = ImageRecipe(at=at, theme=theme, ink=ink, scale=scale)
    recipe.export(_open(model), output)


@app.command()
def equation(
    model: Model,
    output: FigureFile,
    a: Annotated[
        str, typer.Option("--a", metavar="ANCHOR", help=f"A: {ANCHOR_WORDS}.", show_default=False)
    ],
    b: Annotated[
        str,
        typer.Option(
            "--b", metavar="ANCHOR", help="B, which is taken away, likewise.", show_default=False
        ),
    ],
    c: Annotated[
        str,
        typer.Option(
            "--c", metavar="ANCHOR", help="C, which it is added to, likewise.", show_default=False
        ),
    ],
    strength: Annotated[
        float,
        typer.Option(min=STRENGTH[0], max=STRENGTH[1], help="How many times A − B is added to C."),
    ] = 1.0,
    labels: Annotated[
        bool, typer.Option("--labels/--no-labels", help="With names, or images and signs alone.")
    ] = True,
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    scale: Scale = None,
) -> None:
    """Draw what is to C as A is to B: A − B + C, and the image that it leads to.

    For example: bvae export equation demo --a ki --b re --c o -o equation.png
    """
    from bvae_core.figures import EquationRecipe

    recipe = EquationRecipe(
        a=a, b=b, c=c, strength=strength, labels=labels, theme=theme, ink=ink, scale=scale
    )
    recipe.export(_open(model), output)


@app.command()
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
    recipe.export(_open(model), output)


@app.command()
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
    bundle = _open(model)
    recipe = GridRecipe(
        corners=tuple(corner or ()),
        rows=rows,
        columns=columns,
        path=path,
        axes=_axes(bundle, axes) or (0, 1),
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe.export(bundle, output)


@app.command()
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

    bundle = _open(model)
    recipe = TraversalRecipe(
        at=at,
        dimension=None if dimension is None else _index(bundle, dimension, "--dimension"),
        steps=steps,
        over=over,
        extent=extent,
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe.export(bundle, output)


@app.command()
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

    bundle = _open(model)
    found, problem = recall_measurement(bundle) if measured is None else (None, "")
    if measured is not None:
        found = read_measurement(measured)
    if problem:
        typer.echo(f"bvae: {problem}", err=True)
    export_diagnostics(bundle, output, measured=found, theme=theme)


@app.command()
def latents(model: Model, output: TableFile) -> None:
    """Write every image's code: mean, log-variance, label and split."""
    from bvae_core.latent_files import write_codes

    write_codes(_open(model), output)


def _open(model: str) -> Bundle:
    from bvae_core.store import load_bundle

    return load_bundle(model)


def _indices(bundle: Bundle, selection: str | None) -> str:
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


def _axes(bundle: Bundle, axes: tuple[int, int] | None) -> tuple[int, int] | None:
    if axes is None:
        return None
    first, second = (_index(bundle, number, "--axes") for number in axes)
    if first == second:
        raise typer.BadParameter(
            f"Expected two different dimensions. Received: {axes[0]} twice.", param_hint="--axes"
        )
    return first, second


def _index(bundle: Bundle, number: int, option: str) -> int:
    """Return the index of a dimension, which the shell counts from 1 and Python from 0."""
    count = bundle.config.latent_dim
    if not 1 <= number <= count:
        raise typer.BadParameter(
            f"Expected a dimension from 1 to {count}. Received: {number}.", param_hint=option
        )
    return number - 1
