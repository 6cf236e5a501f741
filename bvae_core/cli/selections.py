"""`bvae selections` and `bvae nearest`: images of a model by name, and by place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.output import Json, console, counted, print_json, table
from bvae_core.cli.sources import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from bvae_core.bundle import Bundle

_MOST_NEAREST = 1000


def selections(
    model: Model,
    add: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Save a selection, of what --class, --images and --box choose together; what had "
            "the name is replaced.",
            show_default=False,
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="CLASS",
            help="The images of a class, by its name, romaji or number; may be given again.",
            show_default=False,
        ),
    ] = None,
    images: Annotated[
        str | None,
        typer.Option(
            metavar="1,5,9-20",
            help="These images, counted from 0; or another selection by its name.",
            show_default=False,
        ),
    ] = None,
    box: Annotated[
        str | None,
        typer.Option(
            metavar="x0,y0,x1,y1",
            help="The images in a box on the map, between two opposite corners.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Forget a selection.", show_default=False),
    ] = None,
    rename: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="NAME NEW", help="Call a selection otherwise.", show_default=False),
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Write indices, classes and codes of a selection's images to the file --output.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="A .csv or .npz file.", show_default=False
        ),
    ] = None,
    json_output: Json = False,
) -> None:
    """List, save, export and forget selections of a model's images.

    What is chosen in several ways is what all of them choose: the images of a class in a box. The
    window saves selections in the same place.

    For example: bvae selections demo --add right --class き --box 0,-4,4,4
    """
    from bvae_core.annotations import edit_annotations, load_annotations
    from bvae_core.store import load_bundle

    if add is None and (classes or images or box):
        raise typer.BadParameter("Expected with --add NAME.", param_hint="--class/--images/--box")
    if (export is None) != (output is None):
        raise typer.BadParameter("Expected both --export NAME and --output FILE, or neither.")
    bundle = load_bundle(model)
    if add is not None:
        chosen = _chosen(bundle, classes or [], images, box)
        edit_annotations(bundle, lambda now: now.with_selection(add, chosen.tolist()))
    if rename is not None:
        edit_annotations(bundle, lambda now: now.rename_selection(*rename))
    if remove is not None:
        edit_annotations(bundle, lambda now: now.without_selection(remove))
    if export is not None and output is not None:
        _export(bundle, export, output)
    if export is None or json_output:
        _print(bundle, load_annotations(bundle).selections, json_output=json_output)


def nearest(
    model: Model,
    place: Annotated[
        str,
        typer.Argument(
            metavar="PLACE",
            help="A class by its name, romaji or number, its mean (centroid:ki), an image by its "
            "index ('#12', in quotes), coordinates (0.5,-1.2; after -- if they begin with a dash), "
            "or a sum of these ('sum:ki - re + o').",
            show_default=False,
        ),
    ],
    count: Annotated[
        int, typer.Option("-k", "--count", min=1, max=_MOST_NEAREST, help="How many.")
    ] = 10,
    json_output: Json = False,
) -> None:
    """List the images whose codes are nearest to a place in latent space.

    For example: bvae nearest demo ki -k 5
    """
    import numpy as np

    from bvae_core.directions import settled_anchor
    from bvae_core.latent import Neighbours, resolve
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    z = resolve(settled_anchor(bundle, place), bundle.latents, bundle.labels, bundle.class_names)
    indices, distances = Neighbours(bundle.latents).nearest(z, min(count, len(bundle.latents)))
    found = [
        {
            "index": index,
            "class": None if bundle.labels is None else bundle.class_names[bundle.labels[index]],
            "split": "test" if bundle.is_test[index] else "train",
            "distance": float(np.float32(distance)),
            "code": bundle.latents[index].tolist(),
        }
        for index, distance in zip(indices.tolist(), distances.tolist(), strict=True)
    ]
    if json_output:
        print_json({"place": z.tolist(), "nearest": found})
        return
    listed = table({"image": "right", "class": "left", "split": "left", "distance": "right"})
    for each in found:
        listed.add_row(
            f"#{each['index']}", each["class"] or "–", each["split"], f"{each['distance']:.4f}"
        )
    console().print(listed)


def _chosen(
    bundle: Bundle, classes: list[str], images: str | None, box: str | None
) -> NDArray[np.int64]:
    """Return the images that all of the options choose."""
    import numpy as np

    from bvae_core.errors import AnchorError, DataError
    from bvae_core.latent import ClassAnchor, find_class, parse_anchor, within_box
    from bvae_core.selections import find_selection

    if not (classes or images or box):
        raise typer.BadParameter(
            "Expected --class, --images or --box, which say what to save.", param_hint="--add"
        )
    is_chosen = np.ones(len(bundle.latents), np.bool_)
    if classes:
        if bundle.labels is None:
            raise DataError(f"{bundle.name}: Expected images with classes. Received: none.")
        labels = []
        for text in classes:
            anchor = parse_anchor(text)
            if not isinstance(anchor, ClassAnchor) or anchor.mean:
                raise AnchorError(f"{text!r}: Expected a class. Received: another place.")
            labels.append(find_class(anchor.name, bundle.class_names))
        is_chosen &= np.isin(bundle.labels, labels)
    if images is not None:
        listed = np.zeros_like(is_chosen)
        listed[find_selection(bundle, images)] = True
        is_chosen &= listed
    if box is not None:
        low, high = _corners(box)
        is_chosen &= within_box(_on_the_map(bundle), low, high)
    indices: NDArray[np.int64] = np.flatnonzero(is_chosen)
    if not len(indices):
        raise DataError("selection: Expected at least one image. Received: none that fits.")
    return indices


def _corners(box: str) -> tuple[tuple[float, float], tuple[float, float]]:
    try:
        x0, y0, x1, y1 = (float(number) for number in box.split(","))
    except ValueError as error:
        raise typer.BadParameter(
            f"Expected four numbers, such as -1,0,1.5,2. Received: {box}.", param_hint="--box"
        ) from error
    return (x0, y0), (x1, y1)


def _on_the_map(bundle: Bundle) -> NDArray[np.float32]:
    """Return where the map shows the images at first, (N, 2)."""
    from bvae_core.latent import default_projection, spread_out

    shown = default_projection(bundle.latents).project(bundle.latents)
    return shown if shown.shape[1] == 2 else spread_out(shown)


def _export(bundle: Bundle, text: str, path: Path) -> None:
    from bvae_core.latent_files import write_codes
    from bvae_core.selections import find_selection

    indices = find_selection(bundle, text)
    write_codes(bundle, path, indices.tolist())
    typer.echo(f"{counted(len(indices), 'image')} in {path}")


def _print(bundle: Bundle, saved: Mapping[str, tuple[int, ...]], *, json_output: bool) -> None:
    import numpy as np

    from bvae_core.selections import counts_by_class

    rows = []
    for name, indices in saved.items():
        counts = counts_by_class(bundle, np.array(indices))
        present = {bundle.class_names[i]: int(counts[i]) for i in np.argsort(-counts) if counts[i]}
        rows.append((name, indices, present))
    if json_output:
        print_json(
            [
                {
                    "name": name,
                    "count": len(indices),
                    "images": indices,
                    "classes": present,
                }
                for name, indices, present in rows
            ]
        )
        return
    if not rows:
        typer.echo(f"Nothing is selected in {bundle.name} yet. --add saves a selection.")
        return
    listed = table({"selection": "left", "images": "right", "classes": "left"})
    for name, indices, present in rows:
        classes = "  ".join(f"{each} {count:,}" for each, count in list(present.items())[:10])
        listed.add_row(name, f"{len(indices):,}", classes)
    console().print(listed)
