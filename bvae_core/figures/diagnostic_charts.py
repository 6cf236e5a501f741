"""Charts of what is known of a model: bars and matrices, for the window and for a page.

They are laid out in points (a seventy-second of an inch), which are logical pixels in the window,
from the figure's top left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.diagnostics import Findings
from bvae_core.figures.lettering import words
from bvae_core.figures.theme import Theme
from bvae_core.latent import axis_name

#: Of more dimensions than this, those that say most are shown, unless all are asked for.
MOST_DIMENSIONS = 16
LABEL_POINTS = 11.0
#: What the chart of classes is called.
ACCURACIES = "Right classes"
_ROW, _BAR = 16.0, 8.0
_DIMENSION_LABEL, _ACCURACY_LABEL = 32.0, 120.0
_VALUE = 48.0
_HEAD = 16.0  # above a matrix, and above bars with a line
_LARGEST_CELL = 28.0
_SMALLEST_LABEL = 14.0  # between two names, one below the other
_LETTER = 6.5  # what one takes, about
_SMALLEST_WRITTEN = 22.0  # a cell that holds its number
_DARK = 0.7  # of a matrix's range: from here on its numbers are written in the ground's colour
_LEAST_INFORMATION = 0.5  # nats that have the strongest colour, where none is more
_NEGATIVE = 5  # the class colour that is furthest from the accent's


class Chart(Protocol):
    """Something drawn of a model."""

    @property
    def title(self) -> str:
        """What it is."""

    @property
    def note(self) -> str:
        """What has to be known to read it, in a few words."""

    def height(self, width: float) -> float:
        """Return how high it is in so many points, in points."""

    def draw(self, figure: Figure, place: tuple[float, float], width: float, theme: Theme) -> Axes:
        """Draw it at a place, points to the right and down from the figure's top left corner."""

    def at(self, x: float, y: float) -> str:
        """Return what is there, in words; x and y are those of its axes. Empty for nothing."""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Bars to the right, one below the other.

    Parameters
    ----------
    title, note
        See `Chart`.
    names, values, texts
        Of each bar; the text is its value as it is shown.
    top
        The value whose bar is as long as can be.
    is_faint
        Whether a bar is one that doesn't matter.
    label_width
        Room for the names, in points.
    line, line_text
        A value to compare with, and what it is.
    """

    title: str
    note: str
    names: Sequence[str]
    values: Sequence[float]
    texts: Sequence[str]
    top: float
    is_faint: Sequence[bool]
    label_width: float
    line: float | None = None
    line_text: str = ""

    def height(self, width: float) -> float:  # noqa: ARG002, D102 - see `Chart`
        return _ROW * len(self.names) + (0.0 if self.line is None else _HEAD)

    def draw(  # noqa: D102 - see `Chart`
        self, figure: Figure, place: tuple[float, float], width: float, theme: Theme
    ) -> Axes:
        left, top = place
        head = 0.0 if self.line is None else _HEAD
        room = width - self.label_width - _VALUE
        box = (left + self.label_width, top + head, room, _ROW * len(self.names))
        axes = _axes(figure, box)
        axes.set_xlim(0, self.top)
        axes.set_ylim(len(self.names) - 0.5, -0.5)
        rows = np.arange(len(self.names))
        colours = [theme.line if faint else theme.muted for faint in self.is_faint]
        axes.barh(rows, self.values, height=_BAR / _ROW, color=colours, linewidth=0)
        small = self.top / room  # a point, in the bars' units
        for row, (name, text) in enumerate(zip(self.names, self.texts, strict=True)):
            axes.text(-6 * small, row, name, ha="right", **_label(theme.text))
            axes.text(self.top + _VALUE * small, row, text, ha="right", **_label(theme.muted))
        if self.line is not None:
            axes.axvline(self.line, color=theme.accent, linewidth=1.2)
            axes.text(
                self.top + _VALUE * small, -0.5 - 0.5 * _HEAD / _ROW, self.line_text,
                ha="right", **_label(theme.accent),
            )  # fmt: skip
        return axes

    def at(self, x: float, y: float) -> str:  # noqa: ARG002, D102 - see `Chart`
        row = round(y)
        return f"{self.names[row]}: {self.texts[row]}" if 0 <= row < len(self.names) else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """A value for each row and column, as colours.

    Parameters
    ----------
    title, note
        See `Chart`.
    rows, columns
        Their names.
    values
        (rows, columns); what is not finite is left empty.
    top
        The value of the strongest colour; that of its negative too where `is_signed`.
    is_signed
        Whether values below 0 have a colour of their own.
    """

    title: str
    note: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: NDArray[np.float64]
    top: float
    is_signed: bool

    def height(self, width: float) -> float:  # noqa: D102 - see `Chart`
        return _HEAD + self._cell(width)[1] * len(self.rows)

    def draw(  # noqa: D102 - see `Chart`
        self, figure: Figure, place: tuple[float, float], width: float, theme: Theme
    ) -> Axes:
        left, top = place
        cell = self._cell(width)
        size = cell[0] * len(self.columns), cell[1] * len(self.rows)
        axes = _axes(figure, (left + _DIMENSION_LABEL, top + _HEAD, *size))
        axes.imshow(
            np.ma.masked_invalid(self.values),
            cmap=_colours(theme, is_signed=self.is_signed),
            vmin=-self.top if self.is_signed else 0.0,
            vmax=self.top,
            aspect="auto",
            interpolation="nearest",
        )
        axes.set_facecolor(theme.line)
        for row in range(0, len(self.rows), _every(cell[1], _SMALLEST_LABEL)):
            x = -0.5 - 6 / cell[0]
            axes.text(x, row, self.rows[row], ha="right", **_label(theme.text))
        longest = _LETTER * (1 + max(map(len, self.columns)))
        step = _every(cell[0], longest) if is_square(self) else 1
        for column in range(0, len(self.columns), step):
            y = -0.5 - 0.5 * _HEAD / cell[1]
            axes.text(column, y, self.columns[column], ha="center", **_label(theme.text))
        if cell[0] >= _SMALLEST_WRITTEN:
            self._write(axes, theme)
        return axes

    def at(self, x: float, y: float) -> str:  # noqa: D102 - see `Chart`
        row, column = round(y), round(x)
        if not (0 <= row < len(self.rows) and 0 <= column < len(self.columns)):
            return ""
        names = f"{self.rows[row]}, {self.columns[column]}"
        value = self.values[row, column]
        return f"{names}: {_number(value)}" if np.isfinite(value) else ""

    def _cell(self, width: float) -> tuple[float, float]:
        """Return a cell's width and height."""
        across = (width - _DIMENSION_LABEL) / len(self.columns)
        if len(self.rows) == len(self.columns):
            side = min(_LARGEST_CELL, across)
            return side, side
        return min(2 * _LARGEST_CELL, across), _ROW + 2

    def _write(self, axes: Axes, theme: Theme) -> None:
        for (row, column), value in np.ndenumerate(self.values):
            if np.isfinite(value):
                is_strong = abs(value) > _DARK * self.top
                colour = theme.ground if is_strong else theme.text
                axes.text(column, row, _number(value), ha="center", **_label(colour, 8.0))


def charts_of(findings: Findings, *, all_dimensions: bool = False) -> list[Chart]:
    """Return the charts that there are: of dimensions first, then of classes.

    Parameters
    ----------
    findings
        What is known.
    all_dimensions
        Whether to show more than `MOST_DIMENSIONS`.
    """
    order = findings.order if all_dimensions else findings.order[:MOST_DIMENSIONS]
    names = [axis_name(index) for index in order.tolist()]
    kl = findings.kl_per_dim[order]
    charts: list[Chart] = [
        Bars(
            title="KL of each dimension",
            note="nats an image; pale: says nothing",
            names=names,
            values=kl.tolist(),
            texts=[f"{value:.2f}" for value in kl],
            top=max(float(kl.max()), 1e-3),
            is_faint=(~findings.is_active[order]).tolist(),
            label_width=_DIMENSION_LABEL,
        )
    ]
    if len(order) > 1:
        information = _between(findings.mutual_information, order)
        charts += [
            _square(
                "Correlation",
                "Pearson's, of the means",
                names,
                _between(findings.correlations, order),
                1.0,
                is_signed=True,
            ),
            _square(
                "Mutual information",
                "nats, of the means",
                names,
                information,
                max(_LEAST_INFORMATION, float(np.nanmax(information))),
                is_signed=False,
            ),
        ]
    if findings.attribute_correlations is not None:
        charts.append(
            Matrix(
                title="What images show, by dimension",
                note=f"Spearman's correlation, of {findings.attribute_count:,} images",
                rows=names,
                columns=findings.attribute_names,
                values=findings.attribute_correlations[order],
                top=1.0,
                is_signed=True,
            )
        )
    if findings.accuracies:
        charts.append(_accuracies(findings))
    return charts


def is_square(chart: Chart) -> bool:
    """Whether it is a matrix of dimensions, two of which stand well side by side."""
    return isinstance(chart, Matrix) and len(chart.rows) == len(chart.columns)


def _accuracies(findings: Findings) -> Bars:
    names, values = zip(*findings.accuracies, strict=True)
    return Bars(
        title=ACCURACIES,
        note="",
        names=names,
        values=values,
        texts=[f"{100 * value:.1f} %" for value in values],
        top=1.0,
        is_faint=[False] * len(names),
        label_width=_ACCURACY_LABEL,
        line=findings.published_accuracy,
        line_text=findings.published_note,
    )


def _square(
    title: str,
    note: str,
    names: Sequence[str],
    values: NDArray[np.float64],
    top: float,
    *,
    is_signed: bool,
) -> Matrix:
    return Matrix(
        title=title, note=note, rows=names, columns=names, values=values, top=top,
        is_signed=is_signed,
    )  # fmt: skip


def _between(values: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the values of these dimensions, without those of each with itself."""
    some = values[np.ix_(order, order)].astype(np.float64)
    np.fill_diagonal(some, np.nan)
    return some


def _axes(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Add bare axes at left, top, width and height in points."""
    left, top, width, height = box
    across, down = figure.get_figwidth() * 72, figure.get_figheight() * 72
    axes = figure.add_axes(
        (left / across, 1 - (top + height) / down, width / across, height / down)
    )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("none")
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def _every(pitch: float, room: float) -> int:
    """Return of how many names one has room."""
    step = 1
    while step * pitch < room:
        step *= 2
    return step


def _label(colour: str, points: float = LABEL_POINTS) -> dict[str, Any]:
    return words(colour, points, va="center_baseline")


def _number(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def _colours(theme: Theme, *, is_signed: bool) -> LinearSegmentedColormap:
    """Return colours from the ground to ink, or to either side of the ground."""
    if not is_signed:
        return LinearSegmentedColormap.from_list("ink", [to_rgb(theme.ground), to_rgb(theme.text)])
    ends = [to_rgb(theme.classes[_NEGATIVE]), to_rgb(theme.ground), to_rgb(theme.accent)]
    return LinearSegmentedColormap.from_list("signed", ends)
