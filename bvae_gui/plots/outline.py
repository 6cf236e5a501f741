"""The outline that a hand draws around dots."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from numpy.typing import NDArray

from bvae_core.figures.theme import Theme
from bvae_gui.plots.brush import Brush


class Outline(Artist):
    """Draws a closed line.

    Parameters
    ----------
    theme
        The colours.

    Attributes
    ----------
    corners
        (m, 2) in order; nothing is drawn where there are none.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.corners: NDArray[np.float64] = np.empty((0, 2))

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line, and a lighter one below it that is seen on dots."""
        if not len(self.corners):
            return
        closed = np.concatenate([self.corners, self.corners[:1]])
        with Brush(renderer, self) as brush:
            brush.line(closed, self._theme.ground, 4)
            brush.line(closed, self._theme.accent, 1.5)
