"""Several models of the same images, side by side."""

from bvae_gui.panels.compare.panel import ComparePanel

__all__ = ["ComparePanel"]
