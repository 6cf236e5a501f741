"""Latent arithmetic: A − B + C in pictures, and going along directions of attributes."""

from bvae_gui.panels.arithmetic.panel import ArithmeticPanel

__all__ = ["ArithmeticPanel"]
