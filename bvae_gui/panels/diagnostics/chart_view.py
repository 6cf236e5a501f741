"""`ChartView`: one chart of what is known, with its title and what one must know to read it."""

from __future__ import annotations

from matplotlib.axes import Axes
from qtpy.QtCore import QEvent, QSize, Qt, QTimer
from qtpy.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from qtpy.QtWidgets import QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from bvae_core.figures.diagnostic_charts import Chart
from bvae_core.figures.theme import Theme
from bvae_gui.canvas import BlitCanvas
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

_NARROWEST = 17 * GRID
_REST_MS = 120


class ChartView(QWidget):
    """A title, a chart as high as it has to be for its width, and a note.

    Parameters
    ----------
    chart
        What is drawn.
    theme
        In which colours.
    parent
        The widget that it lies in.

    Attributes
    ----------
    canvas
        The chart.
    """

    def __init__(self, chart: Chart, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = ChartCanvas(chart, theme)
        title = QLabel(chart.title)
        note = QLabel(chart.note)
        for label in (title, note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        note.setProperty("role", "quiet")
        note.setVisible(bool(chart.note))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(title)
        column.addWidget(note)
        column.addWidget(self.canvas)
        column.addStretch()


class ChartCanvas(BlitCanvas):
    """Draws a chart over its whole width; says in a tooltip what is under the pointer."""

    def __init__(self, chart: Chart, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart, self._theme = chart, theme
        self._axes: Axes | None = None
        named(self, chart.title, chart.note or chart.title)
        self._before: QImage | None = None  # what is shown while the width changes
        # Drawn once the layout has come to rest: words take matplotlib a while.
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._build)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._fit_height(_NARROWEST)

    def set_theme(self, theme: Theme) -> None:
        """Draw it in other colours."""
        self._theme = theme
        self._soon.start(0)

    def words_at(self, x: float, y: float) -> str:
        """Return what is at logical pixels of this widget, in words; empty for nothing."""
        if self._axes is None:
            return ""
        ratio = self.device_pixel_ratio
        pixel = x * ratio, self.figure.bbox.height - y * ratio
        if not self._axes.bbox.contains(*pixel):
            return ""
        across, up = self._axes.transData.inverted().transform(pixel)
        return self._chart.at(float(across), float(up))

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), words or self.toolTip(), self)
            return True
        return bool(super().event(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that goes with the width, and draw the chart anew when that rests."""
        if self.is_drawn and self._axes is not None and not self._soon.isActive():
            self._before = self.drawn()
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        if event.size().width() != event.oldSize().width():
            self._fit_height(event.size().width())
        self._soon.start(0 if self._axes is None else _REST_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the chart, or, until it is drawn anew, what it was."""
        if self._before is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.ground))
        painter.drawImage(0, 0, self._before)
        painter.end()

    def sizeHint(self) -> QSize:
        """Return the height that goes with the width."""
        return QSize(_NARROWEST, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def _fit_height(self, width: int) -> None:
        self.setFixedHeight(round(self._chart.height(width)) + 1)

    def _build(self) -> None:
        self._before = None
        self.clear()
        self.figure.set_facecolor(self._theme.ground)
        if self.width() >= _NARROWEST:
            self._axes = self._chart.draw(self.figure, (0.0, 0.0), self.width(), self._theme)
