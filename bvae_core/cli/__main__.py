"""`python -m bvae_core.cli` is `bvae`."""

from bvae_core.cli.main import main

main()
