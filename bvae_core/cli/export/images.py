"""`bvae export image`, `equation` and `contact`: the images of chosen places."""

from __future__ import annotations

from typing import Annotated

import typer

from bvae_core.cli.export.options import (
    ANCHOR_WORDS,
    FigureFile,
    InkOption,
    Labels,
    Scale,
    ThemeOption,
    indices_of,
    open_model,
)
from bvae_core.cli.sources import Model
from bvae_core.figures.limits import SHOWN, STRENGTH


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

    bundle = open_model(model)
    recipe = ContactRecipe(
        selection=indices_of(bundle, selection),
        originals=originals,
        most=most,
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe.export(bundle, output)


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
    recipe.export(open_model(model), output)


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
    recipe.export(open_model(model), output)
