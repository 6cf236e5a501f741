"""`bvae directions`: what tells some images of a model from others, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.output import Json, console, print_json, table
from bvae_core.cli.sources import Model

if TYPE_CHECKING:
    from bvae_core.annotations import Annotations
    from bvae_core.bundle import Bundle

_GROUP = "a saved selection, a class by its name, romaji or number, or images:1,5,9-20"
_SHOWN = 4  # coordinates


def directions(
    model: Model,
    add: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Save the direction from the images that lack something to those that have it; "
            "one of that name is replaced.",
            show_default=False,
        ),
    ] = None,
    having: Annotated[
        str | None,
        typer.Option(
            metavar="GROUP", help=f"With --add, images that have it: {_GROUP}.", show_default=False
        ),
    ] = None,
    lacking: Annotated[
        str | None,
        typer.Option(
            metavar="GROUP",
            help="With --add, images that lack it, likewise. By default all the others.",
            show_default=False,
        ),
    ] = None,
    rename: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="NAME NEW", help="Call one otherwise.", show_default=False),
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Save one no longer.", show_default=False),
    ] = None,
    json_output: Json = False,
) -> None:
    """List the directions that are saved with a model, or change them.

    A direction is a term of sums, as in 'sum:ki + 2*direction:slanted', wherever a command takes a
    place.
    """
    from bvae_core.annotations import load_annotations
    from bvae_core.store import load_bundle

    if sum(each is not None for each in (add, rename, remove)) > 1:
        raise typer.BadParameter("Expected one of --add, --rename and --remove.")
    if add is None and (having is not None or lacking is not None):
        raise typer.BadParameter("Expected --add with --having and --lacking.")
    bundle = load_bundle(model)
    if add is not None:
        if having is None:
            raise typer.BadParameter("Expected --having with --add.", param_hint="--having")
        annotations = _add(bundle, add, having, lacking)
    elif rename is not None:
        annotations = _rename(bundle, *rename)
    elif remove is not None:
        annotations = _remove(bundle, remove)
    else:
        annotations = load_annotations(bundle)
    if json_output:
        print_json({"directions": {k: list(v) for k, v in annotations.directions.items()}})
    else:
        _print(bundle, annotations)


def _add(bundle: Bundle, name: str, having: str, lacking: str | None) -> Annotations:
    from bvae_core.annotations import edit_annotations
    from bvae_core.directions import direction_between
    from bvae_core.latent import check_direction_name

    check_direction_name(name)
    return edit_annotations(
        bundle,
        lambda before: before.with_direction(
            name, direction_between(bundle, having, lacking, before.selections)
        ),
    )


def _rename(bundle: Bundle, name: str, new: str) -> Annotations:
    from bvae_core.annotations import edit_annotations
    from bvae_core.latent import check_direction_name

    check_direction_name(new)
    return edit_annotations(bundle, lambda before: before.rename_direction(name, new))


def _remove(bundle: Bundle, name: str) -> Annotations:
    from bvae_core.annotations import edit_annotations

    return edit_annotations(bundle, lambda before: before.without_direction(name))


def _print(bundle: Bundle, annotations: Annotations) -> None:
    import numpy as np

    if not annotations.directions:
        typer.echo(f"No directions are saved with {bundle.name} yet. Save one, for example:")
        typer.echo("bvae directions MODEL --add NAME --having SELECTION --lacking SELECTION")
        return
    listing = table({"direction": "left", "length": "right", "coordinates": "left"})
    for name, vector in annotations.directions.items():
        shown = ", ".join(f"{value:.3f}" for value in vector[:_SHOWN])
        more = ", …" if len(vector) > _SHOWN else ""
        listing.add_row(name, f"{np.linalg.norm(vector):.2f}", shown + more)
    console().print(listing)
