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
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from bvae_core.figures.lettering import font, words
from bvae_core.figures.theme import Theme
from bvae_gui.plots.brush import Brush
from bvae_gui.plots.viewport import Pair

_NUMBER_PIXELS, _NAME_PIXELS = 11.0, 12.0
_LINE, _LINE_OPACITY = 0.7, 0.6
_APART = 6.0  # between numbers and the plot
_MARGIN = 2.0  # before the longest numbers, which reach into the plot if need be


class Scale(Artist):
    """Draws a grid and the numbers of its lines; sizes are in logical pixels.

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
        self._rounds = MaxNLocator(7, steps=[1, 2, 5, 10])
        self._font = font(_NUMBER_PIXELS)

    def draw(self, renderer: RendererBase) -> None:
        """Draw all of it."""
        axes = self.axes
        if axes is None:
            raise ValueError("A scale must be on axes to be drawn.")
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        across = self._round_numbers((left, right))
        up = self._round_numbers((bottom, top)) if self._axis_count > 1 else across[:0]
        ends = [((x, bottom), (x, top)) for x in across] + [((left, y), (right, y)) for y in up]
        gap = (math.nan, math.nan)
        with Brush(renderer, self) as brush:
            line = [place for pair in ends for place in (*pair, gap)]
            brush.line(line, self._theme.line, _LINE, opacity=_LINE_OPACITY)
        self._write(renderer, axes, across, up)

    def _round_numbers(self, limits: Pair) -> NDArray[np.float64]:
        """Return the numbers within limits that have a line."""
        low, high = sorted(limits)
        numbers: NDArray[np.float64] = np.asarray(self._rounds.tick_values(low, high))
        return numbers[(numbers >= low) & (numbers <= high)]

    def _write(
        self,
        renderer: RendererBase,
        axes: Any,
        across: NDArray[np.float64],
        up: NDArray[np.float64],
    ) -> None:
        """Write the numbers, below the plot and before it."""
        pixel = float(np.asarray(renderer.points_to_pixels(1.0)))
        _, canvas_height = renderer.get_canvas_width_height()
        to_pixels, plot = axes.transData, axes.bbox
        context = renderer.new_gc()
        context.set_foreground(to_rgba(self._theme.muted), isRGBA=True)

        def write(text: str, x: float, y: float) -> None:
            renderer.draw_text(context, x, canvas_height - y, text, self._font, 0.0)

        def size_of(text: str) -> tuple[float, float]:
            width, height, descent = renderer.get_text_width_height_descent(text, self._font, False)
            return width, height - descent

        for number, text in zip(across, written(across), strict=True):
            width, height = size_of(text)
            x, _ = to_pixels.transform((number, 0))
            write(text, x - width / 2, plot.y0 - _APART * pixel - height)
        for number, text in zip(up, written(up), strict=True):
            width, height = size_of(text)
            _, y = to_pixels.transform((0, number))
            x = max(plot.x0 - _APART * pixel - width, _MARGIN * pixel)
            write(text, x, y - height / 2)
        context.restore()


def written(numbers: NDArray[np.float64]) -> list[str]:
    """Write evenly spaced numbers with the places that tell them apart."""
    step = np.diff(numbers).min() if len(numbers) > 1 else 1.0
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    # Adding nothing turns −0 into 0.
    return [f"{round(number, places) + 0.0:.{places}f}".replace("-", "−") for number in numbers]


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
