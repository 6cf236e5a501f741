"""The selection: what is in it, image by image and on average, kept by name and passed on."""

from bvae_gui.panels.selection.panel import SelectionPanel

__all__ = ["SelectionPanel"]
