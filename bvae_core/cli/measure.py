"""`bvae measure`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.export.options import End, Frames, Start, Via, all_anchors
from bvae_core.cli.output import Json, console, number, print_json, table
from bvae_core.cli.sources import Model

if TYPE_CHECKING:
    from bvae_core.latent import PathKind, WayMeasures

# Of each measure which value is the better one, and to how many digits it is shown.
_BETTER: Mapping[str, Callable[[Sequence[float]], float]] = {
    "length": min, "unevenness": min, "lowest_rank": max, "empty": min,
}  # fmt: skip
_DIGITS = {"length": 1, "unevenness": 2, "lowest_rank": 3, "empty": 2}


class Kind(Enum):
    """All kinds of way, for an option that may be given several times."""

    STRAIGHT = "straight"
    SPHERICAL = "spherical"
    GEODESIC = "geodesic"
    DENSE = "dense"


def measure(
    model: Model,
    start: Start,
    end: End,
    via: Via = None,
    frames: Frames = 12,
    path: Annotated[
        list[Kind] | None,
        typer.Option(help="Only this way, or these; by default all four.", show_default=False),
    ] = None,
    json_output: Json = False,
) -> None:
    """Measure the ways from one place in latent space to another: length, evenness, loneliness.

    The length is that of the way of the images: a pixel that turns from white to black goes 1. The
    largest step from frame to frame is a multiple of the mean one. The loneliest place lies as
    lonely as so many of the codes or more; lonelier than 98 in 100 is empty space.

    For example: bvae measure demo --from つ --to 2.6,-1.4
    """
    from bvae_core.figures import MorphRecipe
    from bvae_core.kana import thing_shown
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    anchors = all_anchors(start, via, end)
    kinds: list[PathKind] = [each.value for each in dict.fromkeys(path or Kind)]
    found = {
        kind: MorphRecipe(anchors=anchors, frames=frames, path=kind).measure(bundle)
        for kind in kinds
    }
    if json_output:
        ways = [{"path": kind, **asdict(measures)} for kind, measures in found.items()]
        about = {"model": bundle.name, "fingerprint": bundle.fingerprint}
        print_json({**about, "anchors": anchors, "frames": frames, "ways": ways})
    else:
        _print(found, thing_shown(bundle.class_names))


def _print(found: Mapping[PathKind, WayMeasures], thing: str) -> None:
    from bvae_core.latent import typicality_words

    titles = ("length", "largest step", "loneliest place", "in empty space")
    listing = table({"way": "left", **dict.fromkeys(titles, "right")})
    for kind, each in found.items():
        lonely = typicality_words(each.lowest_rank, thing=thing)
        texts = (
            f"{number(each.length)} pixels",
            f"{number(each.unevenness, 2)} × the mean",
            f"{lonely}, {each.lowest_rank:.1%}",
            f"{each.empty:.0%} of the way",
        )
        is_best = [_is_best(name, each, found.values()) for name in _BETTER]
        marks = ("*" if best else " " for best in is_best)
        listing.add_row(kind, *(f"{text} {mark}" for text, mark in zip(texts, marks, strict=True)))
    console().print(listing)
    if len(found) > 1:
        typer.echo("* the best one")


def _is_best(name: str, measures: WayMeasures, all_measures: Iterable[WayMeasures]) -> bool:
    """Return whether a measure is the best, to the digits that are shown, and not that of all."""
    values = [round(getattr(each, name), _DIGITS[name]) for each in all_measures]
    best = _BETTER[name](values)
    return round(getattr(measures, name), _DIGITS[name]) == best and len(set(values)) > 1
