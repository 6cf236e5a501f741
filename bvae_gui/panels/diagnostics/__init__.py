"""What can honestly be measured of the open model."""

from bvae_gui.panels.diagnostics.panel import DiagnosticsPanel

__all__ = ["DiagnosticsPanel"]
