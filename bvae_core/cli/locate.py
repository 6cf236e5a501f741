"""`bvae locate`."""

from __future__ import annotations

import typer

from bvae_core.cli.sources import DataDir, Model, Source


def locate(model: Model, source: Source, data_dir: DataDir = None) -> None:
    """Tell where the images are that a model was trained on.

    A model comes without them. Once it is known where they are, they are shown beside their codes.
    Only the very same images will do. A training notes by itself where its images are.

    For example: bvae locate demo path/to/kmnist
    """
    from bvae_core.originals import locate_originals
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    originals = locate_originals(bundle, source, data_dir)
    typer.echo(f"The {len(originals):,} images of {bundle.name} are at hand: {originals.origin}.")
