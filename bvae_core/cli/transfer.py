"""`bvae pack` and `unpack`: a model as one file, to send and to receive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bvae_core.cli.sources import Model
from bvae_core.cli.targets import ending_in
from bvae_core.files import size_words


def pack(
    model: Model,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            callback=ending_in(".zip"),
            help="Where to: a .zip file. A file that is there already is replaced.",
            show_default=False,
        ),
    ],
) -> None:
    """Write a model into one .zip file, to send it or to keep it elsewhere.

    The images that it was trained on are not in it.
    """
    from bvae_core.store import load_bundle
    from bvae_core.transfer import pack_bundle

    bundle = load_bundle(model)
    pack_bundle(bundle, output)
    typer.echo(f"{bundle.name} is in {output}, {size_words(output.stat().st_size)}.")


def unpack(
    archive: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .zip file with a model.", show_default=False)
    ],
    name: Annotated[
        str | None, typer.Option(help="What to call the model; by default its own name.")
    ] = None,
) -> None:
    """Take a model from a .zip file into the cache, where it is checked like any other."""
    from bvae_core.store import Store

    typer.echo(f"{Store().unpack(archive, name=name).name} is in the cache.")
