"""Several models of the same images, side by side."""

from bvae_gui.compare.panel import ComparePanel

__all__ = ["ComparePanel"]
