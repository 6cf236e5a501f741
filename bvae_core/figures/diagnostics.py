"""What is known of a model on one page: the figures at the left, charts at the right."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from bvae_core import __version__
from bvae_core.bundle import Bundle
from bvae_core.diagnostics import Findings, Measurement, findings_of, glance
from bvae_core.errors import DataError
from bvae_core.figures.diagnostic_charts import (
    ACCURACIES,
    LABEL_POINTS,
    MOST_DIMENSIONS,
    Chart,
    charts_of,
    is_square,
)
from bvae_core.figures.lettering import Ruler, words
from bvae_core.figures.saving import save_figure
from bvae_core.figures.theme import Theme, ThemeName, get_theme

DPI = 200
# In points, of which 72 are an inch.
_WIDTH, _MARGIN, _GUTTER = 648.0, 28.0, 32.0
_LEFT = 284.0
_TITLE_POINTS, _HEAD_POINTS = 15.0, 12.0
_LINE = 16.0
_SPACE = 8.0


def export_diagnostics(
    model: Bundle,
    target: str | Path,
    *,
    measured: Measurement | None,
    theme: ThemeName = "light",
) -> None:
    """Write `diagnostics_page` to a file that says in its metadata what it was made from.

    Parameters
    ----------
    model
        The model.
    target
        ``.png``, ``.svg`` or ``.pdf``.
    measured
        What was measured of it; None for what its codes alone say.
    theme
        ``light`` or ``dark``.

    Raises
    ------
    DataError
        If another model was measured.
    BvaeError
        If the file can't be written.
    """
    if measured is not None and not measured.is_of(model):
        raise DataError(
            f"Expected figures that were measured of {model.name}. "
            f"Received: figures of another model, {measured.model}."
        )
    findings = findings_of(model, glance(model), measured)
    made_from: dict[str, Any] = {
        "program": f"bvae-explorer {__version__}",
        "figure": "diagnostics",
        "model": model.name,
        "fingerprint": model.fingerprint,
        "measured_on": findings.measured_on,
        "figures": {each.key: each.value for each in findings.figures},
        "theme": theme,
    }
    save_figure(diagnostics_page(findings, theme), target, made_from)


def diagnostics_page(findings: Findings, theme: ThemeName | Theme = "light") -> Figure:
    """Draw what is known of a model on one page.

    Parameters
    ----------
    findings
        What is known.
    theme
        Its colours.
    """
    look = get_theme(theme)
    charts = charts_of(findings)
    of_classes = [chart for chart in charts if chart.title == ACCURACIES]
    of_dimensions = _rows([chart for chart in charts if chart.title != ACCURACIES])
    right = _WIDTH - 2 * _MARGIN - _LEFT - _GUTTER
    ruler = Ruler(72, LABEL_POINTS)
    says = _wrapped(ruler, findings.measured_on, _WIDTH - 2 * _MARGIN)
    note = _wrapped(ruler, _dimensions_note(findings), right)
    top = _MARGIN + (2 + len(says)) * _LINE + 2 * _SPACE
    lefts = _table_height(findings) + sum(_room(chart, _LEFT) for chart in of_classes)
    rights = sum(_row_room(row, right) for row in of_dimensions) + _LINE * len(note)
    height = top + max(lefts, rights) + _MARGIN
    figure = Figure(figsize=(_WIDTH / 72, height / 72), dpi=DPI, facecolor=look.ground)
    paper = _Paper(figure, height)
    title = f"Diagnostics · {findings.model}"
    paper.write(_MARGIN, _MARGIN + _LINE, title, look.text, _TITLE_POINTS)
    for index, line in enumerate(says):
        paper.write(_MARGIN, _MARGIN + (2.5 + index) * _LINE, line, look.muted)
    y = _draw_table(paper, findings, look, top)
    for chart in of_classes:
        y = _draw_chart(paper, chart, (_MARGIN, y), _LEFT, look)
    x, y = _MARGIN + _LEFT + _GUTTER, top
    for row in of_dimensions:
        each = _share(row, right)
        for index, chart in enumerate(row):
            _draw_chart(paper, chart, (x + index * (each + 2 * _SPACE), y), each, look)
        y += _row_room(row, right)
    for index, line in enumerate(note):
        paper.write(x, y + (0.75 + index) * _LINE, line, look.muted)
    return figure


class _Paper:
    """Writes at points from the top left corner."""

    def __init__(self, figure: Figure, height: float) -> None:
        self.figure, self._height = figure, height

    def write(
        self, x: float, y: float, text: str, colour: str, points: float = LABEL_POINTS,
        **options: Any,
    ) -> None:  # fmt: skip
        """Write a line that stands on y."""
        place = (x / _WIDTH, 1 - y / self._height)
        self.figure.text(*place, text, **words(colour, points, va="baseline", **options))


def _groups(findings: Findings) -> list[tuple[str, list[Any]]]:
    groups = itertools.groupby(findings.figures, key=lambda each: each.group)
    return [(name, list(figures)) for name, figures in groups]


def _table_height(findings: Findings) -> float:
    return sum((len(rows) + 1) * _LINE + 2 * _SPACE for _, rows in _groups(findings))


def _rows(charts: list[Chart]) -> list[list[Chart]]:
    """Return what stands side by side: each two square matrices do."""
    rows: list[list[Chart]] = []
    for chart in charts:
        if rows and len(rows[-1]) == 1 and is_square(chart) and is_square(rows[-1][0]):
            rows[-1].append(chart)
        else:
            rows.append([chart])
    return rows


def _share(row: list[Chart], width: float) -> float:
    """Return how wide each is."""
    return (width - 2 * _SPACE * (len(row) - 1)) / len(row)


def _row_room(row: list[Chart], width: float) -> float:
    return max(_room(chart, _share(row, width)) for chart in row)


def _room(chart: Chart, width: float) -> float:
    return (2 if chart.note else 1) * _LINE + chart.height(width) + 3 * _SPACE


def _draw_chart(
    paper: _Paper, chart: Chart, place: tuple[float, float], width: float, look: Theme
) -> float:
    """Draw a chart with its title; return where the next one goes."""
    x, y = place
    paper.write(x, y + 0.75 * _LINE, chart.title, look.text, _HEAD_POINTS)
    paper.write(x, y + 1.75 * _LINE, chart.note, look.muted)
    down = (2 if chart.note else 1) * _LINE + 0.5 * _SPACE
    chart.draw(paper.figure, (x, y + down), width, look)
    return y + _room(chart, width)


def _draw_table(paper: _Paper, findings: Findings, look: Theme, y: float) -> float:
    """Draw all figures; return where they end."""
    right = _MARGIN + _LEFT
    for name, figures in _groups(findings):
        paper.write(_MARGIN, y + 0.75 * _LINE, name, look.text, _HEAD_POINTS)
        y += _LINE + 2
        for each in figures:
            stand = y + 0.75 * _LINE
            paper.write(_MARGIN, stand, each.title, look.muted)
            paper.write(right - 28, stand, each.text, look.text, ha="right")
            paper.write(right - 24, stand, each.unit, look.muted)
            y += _LINE
        y += 2 * _SPACE - 2
    return y


def _dimensions_note(findings: Findings) -> str:
    count = len(findings.kl_per_dim)
    few = (
        f" The {MOST_DIMENSIONS} of {count} dimensions that say most."
        if count > MOST_DIMENSIONS
        else ""
    )
    return f"Dimensions: {findings.dimensions_on}.{few}"


def _wrapped(ruler: Ruler, text: str, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and ruler.width(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
