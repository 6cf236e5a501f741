"""`FigureTable`: figures in groups, each with what it means."""

from __future__ import annotations

import itertools

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QGridLayout, QLabel, QWidget

from bvae_core.diagnostics import Findings
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named


class FigureTable(QWidget):
    """A line for each figure: what it is called, the figure, its unit; a tooltip says the rest.

    Parameters
    ----------
    findings
        Whose figures.
    parent
        The widget that it lies in.

    Attributes
    ----------
    figures
        The labels that show figures, by key.
    """

    def __init__(self, findings: Findings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Figures")
        self.figures: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID // 2)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        row = 0
        for group, figures in itertools.groupby(findings.figures, key=lambda each: each.group):
            if row:
                grid.setRowMinimumHeight(row, GRID)
                row += 1
            grid.addWidget(QLabel(group), row, 0, 1, 3)
            row += 1
            for each in figures:
                title, value, unit = QLabel(each.title), QLabel(each.text), QLabel(each.unit)
                for label in (title, unit):
                    label.setProperty("role", "quiet")
                for label in (title, value, unit):
                    label.setTextFormat(Qt.TextFormat.PlainText)
                    label.setToolTip(f"<qt>{each.tip}</qt>")
                named(value, f"{each.title}: {each.text} {each.unit}".strip(), value.toolTip())
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(title, row, 0)
                grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
                grid.addWidget(unit, row, 2)
                self.figures[each.key] = value
                row += 1
