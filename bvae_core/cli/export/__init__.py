"""`bvae export`: maps, morphs, grids, traversals and codes as files."""

from __future__ import annotations

import typer

from bvae_core.cli.export.images import contact, equation, image
from bvae_core.cli.export.knowledge import diagnostics, latents
from bvae_core.cli.export.latent_map import export_map
from bvae_core.cli.export.series import grid, morph, traversal

app = typer.Typer(no_args_is_help=True, help="Write figures, animations and codes to files.")
app.command("map")(export_map)
for command in (contact, image, equation, morph, grid, traversal, diagnostics, latents):
    app.command()(command)
