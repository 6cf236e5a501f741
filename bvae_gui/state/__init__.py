"""What is explored, and how it is looked at: the one place where panels meet; knows no Qt."""

from bvae_gui.state.explorer_state import ExplorerState
from bvae_gui.state.opened import View
from bvae_gui.state.quantity import Quantity

__all__ = ["ExplorerState", "Quantity", "View"]
