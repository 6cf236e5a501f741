"""The morph panel: frames between anchors that update while an anchor is dragged."""

from bvae_gui.panels.morph.panel import MorphPanel

__all__ = ["MorphPanel"]
