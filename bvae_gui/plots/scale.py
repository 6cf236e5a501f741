"""A map's scale: a quiet grid, the numbers of its lines, and what the axes are called."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

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
        axes = self.axes
        if axes is None:
            raise ValueError("A scale must be on axes to be drawn.")
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        pixel = float(np.asarray(renderer.points_to_pixels(1.0)))
        across = Numbers((left, right), axes.bbox.width / pixel)
        up = Numbers((bottom, top), axes.bbox.height / pixel) if self._axis_count > 1 else None
        ends = [((x, bottom), (x, top)) for x in across.values]
        if up is not None:
            ends += [((left, y), (right, y)) for y in up.values]
        gap = (math.nan, math.nan)
        with Brush(renderer, self) as brush:
            line = [place for pair in ends for place in (*pair, gap)]
            brush.line(line, self._theme.line, _LINE, opacity=_LINE_OPACITY)
        self._write(renderer, pixel, across, up)

    def _write(
        self, renderer: RendererBase, pixel: float, across: Numbers, up: Numbers | None
    ) -> None:
        """Write the numbers, below the plot and before it."""
        axes: Any = self.axes
        _, canvas_height = renderer.get_canvas_width_height()
        to_pixels, plot = axes.transData, axes.bbox
        context = renderer.new_gc()
        context.set_foreground(to_rgba(self._theme.muted), isRGBA=True)

        def write(text: str, x: float, y: float) -> None:
            renderer.draw_text(context, x, canvas_height - y, text, self._font, 0.0)

        def size_of(text: str) -> tuple[float, float]:
            width, height, descent = renderer.get_text_width_height_descent(text, self._font, False)
            return width, height - descent

        for number, text in zip(across.values, across.texts, strict=True):
            width, height = size_of(text)
            x, _ = to_pixels.transform((number, 0))
            write(text, x - width / 2, plot.y0 - _APART * pixel - height)
        for number, text in () if up is None else zip(up.values, up.texts, strict=True):
            width, height = size_of(text)
            _, y = to_pixels.transform((0, number))
            x = max(plot.x0 - _APART * pixel - width, _MARGIN * pixel)
            write(text, x, y - height / 2)
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
