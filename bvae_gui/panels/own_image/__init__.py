"""Images of the user's own: drawn, opened or pasted, and read by the model."""

from bvae_gui.panels.own_image.panel import OwnImagePanel

__all__ = ["OwnImagePanel"]
