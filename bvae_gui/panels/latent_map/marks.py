"""What moves on the latent map: the morph's frames, the anchors' seals, the pinned point."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import BoxStyle
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from bvae_core.figures.theme import Theme
from bvae_gui.panels.latent_map.glyphs import glyphs

#: Half the side of a seal, and the radius of the pinned point's ring, in pixels.
SEAL, RING = 9.0, 15.0
_CORNER = 3.0
_FRAME, _FRAME_NOW = 5.0, 9.0
_TICK = 5.0
_LETTER = 11.0


class Marks:
    """Artists that stay the same and are only told where they are.

    Parameters
    ----------
    axes
        What they are clipped to.
    theme
        The colours.
    """

    def __init__(self, axes: Axes, theme: Theme) -> None:
        self._theme = theme
        style: dict[str, Any] = {"solid_capstyle": "round", "solid_joinstyle": "round"}
        self._way = [
            Line2D([], [], color=theme.ground, linewidth=4, **style),
            Line2D([], [], color=theme.text, linewidth=1.5, **style),
        ]
        self._frames = _dots(_FRAME, theme.text, theme.ground)
        self._frame = _dots(_FRAME_NOW, theme.accent, theme.ground)
        reticle = _reticle()
        self._point = [_shape(reticle, theme.ground, 5.0), _shape(reticle, theme.text, 2.0)]
        self._seals = _Seals(theme)
        for line in (*self._way, self._frames, self._frame, *self._point):
            axes.add_line(line)
        self._seals.set_offset_transform(axes.transData)
        axes.add_collection(self._seals, autolim=False)

    @property
    def artists(self) -> list[Artist]:
        """All of them, the lowest first."""
        return [*self._way, self._frames, self._frame, *self._point, self._seals]

    def show_way(self, way: NDArray[np.float32], frames: NDArray[np.float32]) -> None:
        """Draw a line, (m, 2), broken where a row is NaN, and frames on it, (n, 2)."""
        for line in self._way:
            line.set_data(*way.T)
        self._frames.set_data(*frames.T)

    def show_frame(self, place: NDArray[np.float32]) -> None:
        """Mark the frame of the moment, (2,)."""
        self._frame.set_data(*place[:, None])

    def show_point(self, place: NDArray[np.float32], *, has_keys: bool) -> None:
        """Mark the pinned point, (2,), and whether the arrow keys move it."""
        for line in self._point:
            line.set_data(*place[:, None])
        self._point[-1].set_markeredgecolor(self._theme.accent if has_keys else self._theme.text)

    def show_anchors(self, places: NDArray[np.float32], chosen: int | None) -> None:
        """Seal A, B, C … at (k, 2), one of which the arrow keys may move."""
        self._seals.show(places, chosen)


class _Seals(PathCollection):
    """Squares with a letter, a square and a letter in turn, A uppermost."""

    def __init__(self, theme: Theme) -> None:
        super().__init__([], sizes=[1], zorder=6)
        self.set_transform(IdentityTransform())
        self._theme = theme

    def show(self, places: NDArray[np.float32], chosen: int | None) -> None:
        theme = self._theme
        order = range(len(places) - 1, -1, -1)
        square = BoxStyle.Round(pad=0, rounding_size=_CORNER)(-SEAL, -SEAL, 2 * SEAL, 2 * SEAL, 1)
        self.set_paths(
            [path for i in order for path in (square, glyphs(ascii_uppercase[i], _LETTER))]
        )
        self.set_offsets(np.repeat(places[::-1], 2, axis=0))
        self.set_facecolor([theme.accent, theme.on_accent] * len(places))
        edges = [(theme.text if i == chosen else theme.ground, "none") for i in order]
        self.set_edgecolor([colour for pair in edges for colour in pair])
        self.set_linewidth([w for i in order for w in (2.0 if i == chosen else 1.0, 0)])


def _dots(size: float, colour: str, edge: str) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker="o", markersize=size, color=colour, markeredgecolor=edge,
        markeredgewidth=1,
    )  # fmt: skip


def _shape(path: Path, colour: str, width: float) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=path, markersize=2 * (RING + _TICK), fillstyle="none",
        markeredgecolor=colour, markeredgewidth=width,
    )  # fmt: skip


def _reticle() -> Path:
    """Return a ring with four ticks, hollow so that what is under it can be seen."""
    circle = Path.circle((0, 0), RING)
    inner, outer = RING - 2, RING + _TICK
    ends: list[tuple[float, float]] = [(inner, 0), (outer, 0), (-inner, 0), (-outer, 0)]
    ends += [(y, x) for x, y in ends]
    ticks = Path(ends, [Path.MOVETO, Path.LINETO] * 4)
    return Path.make_compound_path(circle, ticks, Path.circle((0, 0), 0.5))
