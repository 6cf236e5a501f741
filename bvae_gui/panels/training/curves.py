"""`Curves`: the figures of a training, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from qtpy.QtCore import QSize
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import QWidget

from bvae_core.figures.theme import Theme
from bvae_core.training.events import EpochEnd
from bvae_gui.canvas import BlitCanvas

_TITLES = ("Objective", "Reconstruction", "KL", "KL of each dimension")
#: A longer training's curves are drawn through so many of its epochs.
_MOST_POINTS = 500
#: The share of the epochs from whose heights all falls, and which may be cut off at the top.
_EARLY = 0.05


#: Pixels for the numbers at the left, nothing at the right, the numbers below, the title above, and
#: between a chart and the numbers of the next.
_MARGINS = (32, 8, 16, 20, 8)


class Curves(BlitCanvas):
    """Four charts over epochs: objective, reconstruction, KL, and the KL of each dimension.

    In nats an image; what was measured on images that are not trained on is in the accent's colour.
    Axes stand still while the curves stay within them.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Curves of the training")
        self.setToolTip(
            "In nats an image, over epochs. Red: measured on images that are not trained on."
        )
        self._epochs: Sequence[EpochEnd] = ()
        self._planned = 1
        self._theme = theme
        self._build()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self._theme = theme
        self._build()
        self._fill()

    def show_epochs(self, epochs: Sequence[EpochEnd], planned: int) -> None:
        """Show a training's epochs so far, of so many planned."""
        self._epochs, self._planned = epochs, planned
        self._fill()

    def sizeHint(self) -> QSize:
        """Return room for four small charts."""
        return QSize(360, 240)

    def minimumSizeHint(self) -> QSize:
        """Return as much as lets one read them."""
        return QSize(240, 200)

    def _build(self) -> None:
        self.clear()
        theme = self._theme
        self.figure.set_facecolor(theme.ground)
        self._charts = [
            _Chart(axes, title, theme)
            for axes, title in zip(self.figure.subplots(2, 2).flat, _TITLES, strict=True)
        ]
        for chart in self._charts[:3]:
            chart.add_line(theme.text)
            chart.add_line(theme.accent)
            self.add_moving(*chart.lines)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the charts anew."""
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        self._arrange()

    def _arrange(self) -> None:
        """Lay out the charts by hand: matplotlib's own way takes a third of a second."""
        left, right, bottom, top, gap = _MARGINS
        width, height = max(1, self.width()), max(1, self.height())
        self.figure.subplots_adjust(
            left=left / width,
            right=1 - right / width,
            bottom=bottom / height,
            top=1 - top / height,
            wspace=_ratio(left + gap, width - left - right),
            hspace=_ratio(bottom + top, height - bottom - top),
        )

    def _fill(self) -> None:
        rows = self._epochs
        if len(rows) > _MOST_POINTS:
            rows = [rows[i] for i in np.linspace(0, len(rows) - 1, _MOST_POINTS).astype(int)]
        x = np.array([row.epoch for row in rows], float)
        columns = (
            ("objective", "held_out_objective"),
            ("reconstruction", "held_out_reconstruction"),
            ("kl", "held_out_kl"),
        )
        for chart, names in zip(self._charts, columns, strict=False):
            for line, name in zip(chart.lines, names, strict=True):
                line.set_data(x, np.array([getattr(row, name) for row in rows], float))
        self._fill_dimensions(x, rows)
        moved = [chart.fit(self._planned) for chart in self._charts]
        if any(moved):
            self.redraw()
        else:
            self.refresh()

    def _fill_dimensions(self, x: NDArray[np.float64], rows: Sequence[EpochEnd]) -> None:
        chart = self._charts[3]
        values = np.array([row.kl_per_dim for row in rows], float).reshape(
            len(rows), -1 if rows else 0
        )
        for index in range(len(chart.lines), values.shape[1]):
            colours = self._theme.class_colours(values.shape[1])
            self.add_moving(chart.add_line(colours[index]))
        for index, line in enumerate(chart.lines):
            known = index < values.shape[1]
            line.set_data(x if known else [], values[:, index] if known else [])


def _ratio(gap: float, both: float) -> float:
    """Return a gap between two charts as a part of either's size, as matplotlib wants it."""
    return gap / max(1.0, (both - gap) / 2)


class _Chart:
    """One chart with its lines, and limits that hold for a while."""

    def __init__(self, axes: Axes, title: str, theme: Theme) -> None:
        self._axes = axes
        self.lines: list[Line2D] = []
        axes.set_title(title, loc="left", fontsize=10, color=theme.text, pad=4)
        axes.set_facecolor(theme.ground)
        axes.tick_params(colors=theme.muted, labelsize=9, length=0, pad=3)
        axes.grid(visible=True, color=theme.line, linewidth=0.6)
        axes.set_axisbelow(True)
        for spine in axes.spines.values():
            spine.set_visible(False)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(4, integer=axis is axes.xaxis))
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)

    def add_line(self, colour: str) -> Line2D:
        (line,) = self._axes.plot([], [], color=colour, linewidth=1.4, solid_joinstyle="round")
        self.lines.append(line)
        return line

    def fit(self, planned: int) -> bool:
        """Choose limits that hold the lines; return whether they are others than before."""
        values = np.array([line.get_ydata() for line in self.lines], float)
        x = (0.0, float(max(1, planned)))
        y = _round_limits(values) if np.isfinite(values).any() else (0.0, 1.0)
        if (*self._axes.get_xlim(), *self._axes.get_ylim()) == (*x, *y):
            return False
        self._axes.set_xlim(x)
        self._axes.set_ylim(y)
        return True


def _round_limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return round numbers below and above values, (lines, epochs), but for the first epochs."""
    late = values[:, int(_EARLY * values.shape[1]) :]
    low, high = float(np.nanmin(values)), float(np.nanmax(late))
    room = max(high - low, 0.02 * abs(high), 1e-3)
    ticks = MaxNLocator(4).tick_values(low - 0.05 * room, high + 0.05 * room)
    return float(ticks[0]), float(ticks[-1])
