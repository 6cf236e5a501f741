"""What moves on a map: frames, kept points, seals; an image of one's own; and the pinned point."""

from __future__ import annotations

from string import ascii_uppercase

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.patches import BoxStyle
from matplotlib.path import Path
from numpy.typing import NDArray

from bvae_core.figures.theme import Theme
from bvae_gui.plots.brush import Brush
from bvae_gui.plots.glyphs import circle, glyphs

#: Half the side of a seal, and the radius of the pinned point's ring, in pixels.
SEAL, RING = 9.0, 15.0
#: Half the height of a kept point's mark, in pixels.
KEPT = 6.0
#: Pixels that the marks of the pinned point and of an own image reach each way, halo and all.
POINT_REACH, OWN_REACH = 24, 10
_CORNER, _TICK, _LETTER = 3.0, 5.0, 11.0
_FRAME, _FRAME_NOW = 2.5, 4.5
_DASH = 4.0
_NOWHERE = np.empty((0, 2), np.float32)

_TRIANGLE = Path([(0, 6), (5, -4), (-5, -4), (0, 6)], closed=True)
_DIAMOND = Path([(0, KEPT), (KEPT, 0), (0, -KEPT), (-KEPT, 0), (0, KEPT)], closed=True)
_SQUARE = BoxStyle.Round(pad=0, rounding_size=_CORNER)(-SEAL, -SEAL, 2 * SEAL, 2 * SEAL, 1)


class Marks(Artist):
    """Draws all of it, from attributes that are set when something has moved.

    Parameters
    ----------
    theme
        The colours.

    Attributes
    ----------
    way
        (m, 2) float32, the line that the frames lie on, broken where a row is NaN.
    empty
        (m, 2) float32, likewise, what of it leads through empty space.
    is_empty
        (n,) bool, which frames lie there, or None.
    frames
        (n, 2) float32.
    frame
        Which of them is shown; one of them, if there are any.
    kept
        (m, 2) float32, points that are kept.
    anchors
        (k, 2) float32.
    chosen
        The anchor that the arrow keys move, or None.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.way = self.empty = self.frames = _NOWHERE
        self.kept = self.anchors = _NOWHERE
        self.is_empty: NDArray[np.bool_] | None = None
        self.frame = 0
        self.chosen: int | None = None

    def draw(self, renderer: RendererBase) -> None:
        """Draw the way first, and the anchors last, A uppermost."""
        theme = self._theme
        with Brush(renderer, self) as brush:
            brush.line(self.way, theme.ground, 4)
            brush.line(self.way, theme.text, 1.5)
            brush.line(self.empty, theme.ground, 3, dash=_DASH)
            brush.stamp(circle(_FRAME), self.frames, fill=theme.text, edge=theme.ground, width=1)
            if self.is_empty is not None:
                hollow = self.frames[self.is_empty]
                brush.stamp(circle(_FRAME), hollow, fill=theme.ground, edge=theme.text, width=1)
            now = self.frames[self.frame : self.frame + 1]
            brush.stamp(circle(_FRAME_NOW), now, fill=theme.accent, edge=theme.ground, width=1)
            brush.stamp(_DIAMOND, self.kept, fill=theme.sheet, edge=theme.ground, width=4)
            brush.stamp(_DIAMOND, self.kept, fill=theme.sheet, edge=theme.text, width=1.5)
            for index in reversed(range(len(self.anchors))):
                self._draw_seal(brush, index)

    def _draw_seal(self, brush: Brush, index: int) -> None:
        theme, place = self._theme, self.anchors[index]
        edge, width = (theme.text, 2) if index == self.chosen else (theme.ground, 1)
        brush.stamp(_SQUARE, place, fill=theme.accent, edge=edge, width=width)
        brush.stamp(glyphs(ascii_uppercase[index], _LETTER), place, fill=theme.on_accent)


class OwnMark(Artist):
    """Draws where the user's own image lies.

    Parameters
    ----------
    theme
        The colours.

    Attributes
    ----------
    own
        (1, 2) float32, its mean, or (0, 2).
    outlines
        (m, 2) float32, around where it may lie, broken where a row is NaN.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.own = self.outlines = _NOWHERE

    def draw(self, renderer: RendererBase) -> None:
        """Draw the outlines first."""
        if not len(self.own):
            return
        theme = self._theme
        with Brush(renderer, self) as brush:
            brush.line(self.outlines, theme.ground, 4)
            brush.line(self.outlines, theme.accent, 1.5)
            brush.stamp(_TRIANGLE, self.own, fill=theme.text, edge=theme.ground, width=2)


class PointMark(Artist):
    """Draws the pinned point.

    Parameters
    ----------
    theme
        The colours.

    Attributes
    ----------
    point
        (1, 2) float32, where it is, or (0, 2).
    has_keys
        Whether the arrow keys move it.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.point = _NOWHERE
        self.has_keys = False

    def draw(self, renderer: RendererBase) -> None:
        """Draw it, with a halo."""
        theme = self._theme
        with Brush(renderer, self) as brush:
            brush.stamp(_RETICLE, self.point, edge=theme.ground, width=5)
            ink = theme.accent if self.has_keys else theme.text
            brush.stamp(_RETICLE, self.point, edge=ink, width=2)


def _reticle() -> Path:
    """Return a ring with four ticks, hollow so that what is under it can be seen."""
    inner, outer = RING - 2, RING + _TICK
    ends: list[tuple[float, float]] = [(inner, 0), (outer, 0), (-inner, 0), (-outer, 0)]
    ends += [(y, x) for x, y in ends]
    ticks = Path(ends, [Path.MOVETO, Path.LINETO] * 4)
    return Path.make_compound_path(circle(RING), ticks)


_RETICLE = _reticle()
