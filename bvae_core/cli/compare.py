"""`bvae compare`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.export.options import InkOption, PathOption, ThemeOption
from bvae_core.cli.output import Json, console, print_json, table
from bvae_core.cli.targets import ending_in
from bvae_core.figures.limits import FIGURE_SUFFIXES

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.comparison import Row

_ANCHOR = "a class by its name, romaji or number (き, ki, 1), or an image by its index ('#12')"


def compare(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL MODEL [MODEL [MODEL]]",
            help="Two to four models of the same images, by name, start of the fingerprint or "
            "folder, or demo for the one that comes along.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            callback=ending_in(*FIGURE_SUFFIXES),
            help="Draw them on one page, too: a .png, .svg or .pdf file. A file that is there "
            "already is replaced.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ANCHOR",
            help=f"Where the page's morph begins: {_ANCHOR}. By default the first class.",
            show_default=False,
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ANCHOR",
            help="Where it ends, likewise. By default the last class.",
            show_default=False,
        ),
    ] = None,
    path: PathOption = "straight",
    theme: ThemeOption = "light",
    ink: InkOption = "paper",
    json_output: Json = False,
) -> None:
    """Compare two to four models of the same images: a table, and a page if a file is named.

    The page has the maps side by side, the same images and the same morph in each model, and the
    table. Where the images are at hand (see bvae locate), they are shown as well.

    For example: bvae compare demo mine -o comparison.png
    """
    from bvae_core.comparison import compare_figures, comparison_notes
    from bvae_core.store import load_bundle

    bundles = [load_bundle(model) for model in models]
    rows, notes = compare_figures(bundles), comparison_notes(bundles)
    if output is not None:
        from bvae_core.figures.comparison import export_comparison
        from bvae_core.originals import find_originals

        export_comparison(
            bundles,
            output,
            start=start,
            end=end,
            path=path,
            originals=find_originals(bundles[0]),
            theme=theme,
            ink=ink,
        )
    if json_output:
        print_json(
            {
                "models": [
                    {"name": bundle.name, "fingerprint": bundle.fingerprint} for bundle in bundles
                ],
                "rows": [
                    {"key": row.key, "values": list(row.values), "is_best": list(row.is_best)}
                    for row in rows
                ],
                "notes": notes,
            }
        )
    else:
        _print(bundles, rows, notes)


def _print(bundles: Sequence[Bundle], rows: Sequence[Row], notes: Sequence[str]) -> None:
    listing = table({"": "left"})
    for bundle in bundles:  # not by a mapping, since two models may have one name
        listing.add_column(bundle.name, justify="right")
    for row in rows:
        marked = [
            f"{text} {'*' if best else ' '}"
            for text, best in zip(row.texts, row.is_best, strict=True)
        ]
        listing.add_row(row.title, *marked)
    console().print(listing)
    if any(True in row.is_best for row in rows):
        typer.echo("* the better one")
    for note in notes:
        typer.echo(note)
