"""`bvae project`: the UMAP of a model's codes, computed and kept."""

from __future__ import annotations

from typing import Annotated

import typer

from bvae_core.cli.output import print_json, progress
from bvae_core.cli.sources import Model


def project(
    model: Model,
    neighbours: Annotated[
        int,
        typer.Option(
            min=2, max=200, help="Of each code; few show details, many show the whole better."
        ),
    ] = 15,
    min_dist: Annotated[
        float, typer.Option(min=0.0, max=0.99, help="How near to each other dots may come.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(min=0, help="The same one gives the same map.")] = 0,
    json_events: Annotated[
        bool, typer.Option("--json-events", help="Print what happens as lines of JSON.")
    ] = False,
    nice: Annotated[
        int, typer.Option(min=0, max=19, help="Let other programs go first, by so much.")
    ] = 0,
    stop_with_parent: Annotated[
        bool,
        typer.Option(
            "--stop-with-parent", help="End when standard input does, as it ends with a program."
        ),
    ] = False,
) -> None:
    """Lay out the codes of all images by UMAP, so that near ones stay near.

    For more than two dimensions, and with the package umap-learn. The result is kept in the cache;
    bvae export map --projection umap and the window show it.
    """
    if nice:
        from bvae_core.cli.priority import lower_priority

        lower_priority(nice)
    if stop_with_parent:
        from bvae_core.cli.parent import stop_with_parent as watch

        watch()
    from bvae_core.embeddings import UmapSettings, umap_projection
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    settings = UmapSettings(neighbours=neighbours, min_dist=min_dist, seed=seed)
    if json_events:
        umap_projection(bundle, settings, progress=_print_progress)
        print_json({"event": "finished"}, indent=None)
        return
    with progress("UMAP") as report:
        umap_projection(bundle, settings, progress=report)
    typer.echo(f"The UMAP of {bundle.name} is in the cache.")


def _print_progress(done: int, total: int) -> None:
    print_json({"event": "progress", "done": done, "total": total}, indent=None)
