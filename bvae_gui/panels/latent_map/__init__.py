"""The latent map: every image's code as a dot; what is pinned and morphed is moved on it."""

from bvae_gui.panels.latent_map.gestures import HELP
from bvae_gui.panels.latent_map.panel import LatentMapPanel

__all__ = ["HELP", "LatentMapPanel"]
