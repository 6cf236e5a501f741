"""A map's scale: a quiet grid, the numbers of its lines, and what the axes are called."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba

from bvae_core.figures.lettering import font, words
from bvae_core.figures.theme import Theme
from bvae_gui.plots.brush import Brush
from bvae_gui.plots.viewport import Pair

_NUMBER_PIXELS, _NAME_PIXELS = 11.0, 12.0
_LINE, _LINE_OPACITY = 0.7, 0.6
_APART = 6.0  # between numbers and the plot
_LEAST_STEP = 64.0  # from line to line
_MARGIN = 2.0  # before the longest numbers, which reach into the plot if need be
_GAP = (math.nan, math.nan)


class Scale(Artist):
    """Draws a grid, of squares where units are as long up as across, and the numbers of its lines.

    matplotlib's own axes make five artists for each number, and take as long as all dots.

    Parameters
    ----------
    theme
        The colours.
    axis_count
        1, for a line of numbers below, or 2.
    """

    def __init__(self, theme: Theme, axis_count: int) -> None:
        super().__init__()
        self.set_zorder(0.5)
        self._theme, self._axis_count = theme, axis_count
        self._font = font(_NUMBER_PIXELS)

    def draw(self, renderer: RendererBase) -> None:
        """Draw all of it."""
        with Brush(renderer, self) as brush:
            plot = brush.axes.bbox
            (left, right), (bottom, top) = brush.axes.get_xlim(), brush.axes.get_ylim()
            across = Numbers((left, right), plot.width / brush.ratio)
            below = [(x, bottom) for x in across.values]
            before, names = [], []
            if self._axis_count > 1:
                up = Numbers((bottom, top), plot.height / brush.ratio)
                before, names = [(left, y) for y in up.values], up.texts
            ends = [(each, (each[0], top)) for each in below]
            ends += [(each, (right, each[1])) for each in before]
            line = [place for pair in ends for place in (*pair, _GAP)]
            brush.line(line, self._theme.line, _LINE, opacity=_LINE_OPACITY)
            below_pixels, before_pixels = brush.pixels(below), brush.pixels(before)
            apart, margin = _APART * brush.ratio, _MARGIN * brush.ratio

        def write(text: str, x: float, y: float) -> None:
            renderer.draw_text(context, x, canvas_height - y, text, self._font, 0.0)

        def size_of(text: str) -> tuple[float, float]:
            width, height, descent = renderer.get_text_width_height_descent(text, self._font, False)
            return width, height - descent

        # Beside the plot, where a brush doesn't draw.
        _, canvas_height = renderer.get_canvas_width_height()
        context = renderer.new_gc()
        context.set_foreground(to_rgba(self._theme.muted), isRGBA=True)
        for text, (x, y) in zip(across.texts, below_pixels.tolist(), strict=True):
            width, height = size_of(text)
            write(text, x - width / 2, y - apart - height)
        for text, (x, y) in zip(names, before_pixels.tolist(), strict=True):
            width, height = size_of(text)
            write(text, max(x - apart - width, margin), y - height / 2)
        context.restore()


class Numbers:
    """Round numbers along an axis: 1, 2 or 5 times a power of ten apart, and never too near.

    Parameters
    ----------
    limits
        What the axis shows, the lower one first.
    length
        Of the axis in logical pixels, above 0.

    Attributes
    ----------
    values
        (n,) float64, ascending; none, maybe, on a very short axis.
    texts
        How they are written, with the places that tell them apart.
    """

    def __init__(self, limits: Pair, length: float) -> None:
        low, high = limits
        least = (high - low) * _LEAST_STEP / length
        power = math.floor(math.log10(least))
        step = next(round_ for n in (1, 2, 5, 10) if (round_ := n * 10.0**power) >= least)
        first, last = math.ceil(low / step), math.floor(high / step)
        self.values = step * np.arange(first, last + 1, dtype=np.float64)
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        # Adding nothing turns −0 into 0.
        self.texts = [f"{value + 0.0:.{places}f}".replace("-", "−") for value in self.values]


def write_axis_names(axes: Axes, theme: Theme, names: Sequence[str]) -> None:
    """Write the axes' names at the end of each: below at the right, and above at the left."""
    style = words(theme.text, _NAME_PIXELS)
    axes.annotate(
        names[0], (1, 0), (0, -24), xycoords="axes fraction", textcoords="offset points",
        ha="right", va="top", **style,
    )  # fmt: skip
    for name in names[1:]:
        axes.annotate(
            name, (0, 1), (-32, 8), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="bottom", **style,
        )  # fmt: skip
