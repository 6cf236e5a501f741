"""The library: all models, to open, name, send, delete and compare."""

from bvae_gui.panels.library.panel import LibraryPanel

__all__ = ["LibraryPanel"]
