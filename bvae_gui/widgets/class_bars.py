"""`ClassBars`: how many images there are of each class, as small bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QRect, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPalette
from qtpy.QtWidgets import QSizePolicy, QWidget

_ROW, _GAP, _LEAST = 16, 8, 2
_WIDEST_NAME = 64


@dataclass(frozen=True)
class Bar:
    """A line.

    Parameters
    ----------
    name
        Of the class.
    count, total
        Its images here, and all of them.
    colour
        Its dots', ``#rrggbb``.
    """

    name: str
    count: int
    total: int
    colour: str


class ClassBars(QWidget):
    """Shows a line for each class that has images, the most frequent first; what fits.

    Parameters
    ----------
    parent
        The widget that it lies on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: Sequence[Bar] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Images of each class")

    @property
    def bars(self) -> Sequence[Bar]:
        """What it shows, the most frequent first."""
        return self._bars

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        present = (bar for bar in bars if bar.count)
        self._bars = sorted(present, key=lambda bar: -bar.count)
        words = [f"{bar.name}: {bar.count:,} of {bar.total:,}" for bar in self._bars]
        self.setToolTip("\n".join(words[:50]))
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for ten lines."""
        return QSize(144, 10 * _ROW)

    def minimumSizeHint(self) -> QSize:
        """Return room for three lines."""
        return QSize(144, 3 * _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint name, bar and count of each; the longest bar is as long as there is room for."""
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fitting = self.height() // _ROW
        shown = self._bars if len(self._bars) <= fitting else self._bars[: max(1, fitting - 1)]
        metrics = painter.fontMetrics()
        names = [
            metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, _WIDEST_NAME) for bar in shown
        ]
        left = max(map(metrics.horizontalAdvance, names)) + _GAP
        right = metrics.horizontalAdvance(f"{shown[0].count:,}") + _GAP
        room = max(1, self.width() - left - right)
        palette = self.palette()
        for row, (bar, name) in enumerate(zip(shown, names, strict=True)):
            line = QRect(0, row * _ROW, self.width(), _ROW)
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            count = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, count, f"{bar.count:,}")
            length = max(_LEAST, room * bar.count / shown[0].count)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(bar.colour))
            painter.drawRoundedRect(QRectF(left, line.top() + 4, length, _ROW - 8), 2, 2)
        if len(shown) < len(self._bars):
            rest = QRect(0, len(shown) * _ROW, self.width(), _ROW)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            more = f"and {len(self._bars) - len(shown)} more"
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, more)
        painter.end()
