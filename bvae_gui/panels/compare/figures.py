"""The figures of the models compared: a line for each figure, a column for each model."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Qt
from qtpy.QtGui import QFont, QPainter, QPaintEvent, QPalette
from qtpy.QtWidgets import QGridLayout, QLabel, QWidget

from bvae_core.comparison import Row
from bvae_gui.widgets.naming import named

_LINE = 2


class Figure(QLabel):
    """One figure; the better one is bold and underlined."""

    def __init__(self, text: str, *, is_best: bool, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.is_best = is_best
        if is_best:
            bold = self.font()
            bold.setWeight(QFont.Weight.DemiBold)
            self.setFont(bold)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the figure, and a line below it."""
        super().paintEvent(event)
        if self.is_best:
            painter = QPainter(self)
            width = self.fontMetrics().horizontalAdvance(self.text())
            colour = self.palette().color(QPalette.ColorRole.Accent)
            painter.fillRect(0, self.height() - _LINE, width, _LINE, colour)
            painter.end()


def add_figures(
    grid: QGridLayout, first_row: int, rows: Sequence[Row], names: Sequence[str]
) -> None:
    """Add a line for each of `rows` to a grid, their titles in the first column.

    Parameters
    ----------
    grid
        With a column for titles and one for each model.
    first_row
        Where in it.
    rows
        See `bvae_core.comparison.compare_figures`.
    names
        Of the models.
    """
    for line, row in enumerate(rows, first_row):
        title = QLabel(row.title)
        title.setProperty("role", "quiet")
        grid.addWidget(title, line, 0)
        cells = zip(names, row.texts, row.is_best, strict=True)
        for column, (name, text, is_best) in enumerate(cells, 1):
            figure = Figure(text, is_best=is_best)
            better = ", the better one" if is_best else ""
            named(figure, f"{name}, {row.title}: {text}{better}")
            grid.addWidget(figure, line, column, Qt.AlignmentFlag.AlignLeft)


def as_text(rows: Sequence[Row], names: Sequence[str]) -> str:
    """Return the table as spreadsheets take it: tabs between columns."""
    lines = [["", *names], *([row.title, *row.texts] for row in rows)]
    return "\n".join("\t".join(line) for line in lines)
