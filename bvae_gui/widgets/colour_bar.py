"""`ColourBar`: which colour stands for how much, in a small bar."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import QRectF, QSize
from qtpy.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from qtpy.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named


class ColourBar(QWidget):
    """A name, a bar of colours, and the numbers at its ends.

    Parameters
    ----------
    parent
        The widget that it lies on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._low, self._high = QLabel(), QLabel(), QLabel()
        self._bar = _Bar()
        self._low.setProperty("role", "quiet")
        self._high.setProperty("role", "quiet")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._title, 0, 0, 1, 3)
        layout.addWidget(self._bar, 1, 0, 1, 3)
        layout.addWidget(self._low, 2, 0)
        layout.addWidget(self._high, 2, 2)
        layout.setColumnStretch(1, 1)

    def show_quantity(self, name: str, bounds: tuple[float, float], colours: Sequence[str]) -> None:
        """Show the colours, ``#rrggbb``, of a quantity from the smallest to the largest."""
        low, high = (f"{value:.4g}".replace("-", "−") for value in bounds)
        self._title.setText(name)
        self._low.setText(low)
        self._high.setText(high)
        self._bar.set_colours(colours)
        named(self, f"Colours of {name}", f"The colour of a dot says its {name}: {low} to {high}")


class _Bar(QWidget):
    """The colours, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._colours: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Be as wide as a legend, and one step of the grid high."""
        return QSize(12 * GRID, GRID)

    def set_colours(self, colours: Sequence[str]) -> None:
        """Show these."""
        self._colours = colours
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them, each passing into the next."""
        painter = QPainter(self)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        last = max(1, len(self._colours) - 1)
        for index, colour in enumerate(self._colours):
            gradient.setColorAt(index / last, QColor(colour))
        painter.fillRect(QRectF(self.rect()), gradient)
        painter.end()
