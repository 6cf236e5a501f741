"""`DiagnosticsPanel`: what can honestly be said of the open model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qtpy.QtCore import QCoreApplication, QSize, Qt
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bvae_core.bundle import Bundle
from bvae_core.diagnostics import Findings, Measurement, findings_of, glance, recall_measurement
from bvae_core.figures.diagnostic_charts import MOST_DIMENSIONS, charts_of, is_square
from bvae_gui.background import Background
from bvae_gui.endings import when_destroyed
from bvae_gui.jobs.measuring import Measurer
from bvae_gui.panels.diagnostics.chart_view import ChartView
from bvae_gui.panels.diagnostics.figure_table import FigureTable
from bvae_gui.panels.diagnostics.saving import SaveMenu
from bvae_gui.panels.diagnostics.source_choice import SourceChoice
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.notice import Notice

_EMPTY = "Open a model to see what is known of it."
_LOOKING = "Looking at the codes…"
_STEPS = 1000  # of the bar
_USUAL = QSize(44 * GRID, 80 * GRID)
_NARROWEST = 36 * GRID


class DiagnosticsPanel(QWidget):
    """Figures and charts of a model; what takes longer is measured when it is asked for.

    What came with the model and what its codes say are there at once, and so is what was measured
    earlier, in the window or in a shell.

    Parameters
    ----------
    state
        Whose model it is.
    parent
        The widget that it lies in.

    Attributes
    ----------
    source, measure_button, stop_button, save
        Its controls.
    bar, notice, measured_on
        How far the measurement is, what went wrong, and what the figures are of.
    findings
        What is shown; None before it is there.
    measured
        What was measured of it; None before that.
    table, charts, all_button
        What shows it; there once `findings` are.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Diagnostics")
        self._state = state
        self.findings: Findings | None = None
        self.measured: Measurement | None = None
        self.table: FigureTable | None = None
        self.charts: list[ChartView] = []
        self._shown: Bundle | None = None  # of which `findings` are, or are being put together
        self._fresh: Measurement | None = None  # just measured, whether it could be kept or not
        self._measuring = ""  # the name of the model that is being measured
        self._background = Background(self)
        self._measurer = Measurer(self)
        self._make_controls()
        self._lay_out()
        self._measurer.began.connect(self._show_controls)
        self._measurer.ended.connect(self._show_controls)
        self._measurer.progressed.connect(self._show_progress)
        self._measurer.found.connect(self._take_measured)
        self._measurer.warned.connect(self.notice.say)
        self._measurer.failed.connect(self.notice.say)
        self.source.changed.connect(self._show_controls)
        state.bundle_changed.connect(self._renew)
        state.look_changed.connect(self._dress)
        for stop in (self._background.stop, self.save.stop):
            when_destroyed(self, partial(_end, stop))
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.stop)
        self._renew()

    def _make_controls(self) -> None:
        self.source = SourceChoice(self._state)
        self.measure_button = named(
            QPushButton("Measure"),
            "Measure",
            "Measure all of it on these images, beside the window. The figures are kept.",
        )
        self.measure_button.setProperty("primary", "true")
        self.measure_button.clicked.connect(self.measure)
        self.stop_button = named(QPushButton("Stop"), "Stop", "Stop measuring")
        self.stop_button.clicked.connect(self._measurer.stop)
        self.save = SaveMenu(self._state)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID // 2)
        self.bar.setAccessibleName("Progress of the measurement")
        self.notice = Notice()
        self.measured_on = _sentence()
        self.all_button = QPushButton()
        self.all_button.setCheckable(True)
        self.all_button.toggled.connect(self._show_charts)

    def _lay_out(self) -> None:
        controls = QHBoxLayout()
        controls.setSpacing(GRID // 2)
        for widget in (self.source, self.measure_button, self.stop_button, self.save):
            controls.addWidget(widget, 1 if widget is self.source else 0)
        self._table_place, self._chart_place = QVBoxLayout(), QGridLayout()
        for place in (self._table_place, self._chart_place):
            place.setContentsMargins(0, 0, 0, 0)
        self._chart_place.setHorizontalSpacing(GRID)
        self._chart_place.setVerticalSpacing(2 * GRID)
        for half in range(2):
            self._chart_place.setColumnStretch(half, 1)
        self._dimensions_on = _sentence()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(GRID, 0, GRID, GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.measured_on)
        column.addLayout(self._table_place)
        column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._chart_place)
        column.addWidget(self._dimensions_on)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._area.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, GRID, 0, 0)
        outer.setSpacing(GRID)
        for part in (controls, self.bar, self.notice):
            row = QVBoxLayout()
            row.setContentsMargins(GRID, 0, GRID, 0)
            if isinstance(part, QWidget):
                row.addWidget(part)
            else:
                row.addLayout(part)
            outer.addLayout(row)
        outer.addWidget(self._area, 1)

    def sizeHint(self) -> QSize:
        """Return a column that is easily read."""
        return _USUAL

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest in which all can be read."""
        return QSize(_NARROWEST, 24 * GRID)

    # -- what is known ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the model that was opened while nobody saw it."""
        super().showEvent(event)
        self._refresh()

    def _renew(self) -> None:
        """Show another model."""
        self._forget()
        self.notice.hide()
        self.source.begin(None)
        self._refresh()

    def _forget(self) -> None:
        self.findings = self.measured = self._fresh = self._shown = self.table = None
        _clear(self._table_place)
        self._clear_charts()
        self._area.verticalScrollBar().setValue(0)
        self.measured_on.setText(_EMPTY if self._state.bundle is None else _LOOKING)
        self._dimensions_on.setText("")
        self.all_button.hide()
        self._show_controls()

    def _refresh(self) -> None:
        """Look at the open model, if it is seen and not looked at yet."""
        bundle = self._state.bundle
        if bundle is None or bundle is self._shown or not self.isVisible():
            return
        self._shown, fresh = bundle, self._fresh

        def look() -> tuple[Findings, Measurement | None, str]:
            measured, problem = (fresh, "") if fresh is not None else recall_measurement(bundle)
            return findings_of(bundle, glance(bundle), measured), measured, problem

        self._background.run(look, partial(self._take, bundle))

    def _take(self, bundle: Bundle, seen: tuple[Findings, Measurement | None, str]) -> None:
        if bundle is not self._state.bundle:
            return
        self.findings, self.measured, problem = seen
        if problem:
            self.notice.say(problem)
        self.source.note(self.measured)
        self._show_findings(self.findings)

    def _show_findings(self, findings: Findings) -> None:
        self.measured_on.setText(findings.measured_on)
        _clear(self._table_place)
        self.table = FigureTable(findings)
        self._table_place.addWidget(self.table)
        count = len(findings.kl_per_dim)
        self.all_button.setVisible(count > MOST_DIMENSIONS)
        named(
            self.all_button, f"Show all {count} dimensions",
            f"Show all dimensions, not only the {MOST_DIMENSIONS} that say most",
        )  # fmt: skip
        self.all_button.setText(f"Show all {count} dimensions")
        self._dimensions_on.setText(f"Dimensions: {findings.dimensions_on}.")
        self._show_charts()
        self._show_controls()

    def _show_charts(self) -> None:
        self._clear_charts()
        if self.findings is None:
            return
        is_wide = self.all_button.isChecked() and not self.all_button.isHidden()
        row, column = 0, 0
        for chart in charts_of(self.findings, all_dimensions=is_wide):
            view = ChartView(chart, self._state.theme)
            self.charts.append(view)
            if is_square(chart) and not is_wide:  # two of these have room side by side
                self._chart_place.addWidget(view, row, column)
                row, column = (row + 1, 0) if column else (row, 1)
            else:
                self._chart_place.addWidget(view, row, 0, 1, 2)
                row += 1

    def _clear_charts(self) -> None:
        _clear(self._chart_place)
        self.charts = []

    def _dress(self) -> None:
        for view in self.charts:
            view.canvas.set_theme(self._state.theme)

    # -- what is measured ------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure the open model in full on the chosen images."""
        source = self.source.source
        if source is None or self._state.bundle is None:
            self.source.showMenu()
            return
        self.notice.hide()
        self._measuring = self._state.model.name
        self._measurer.measure(self._state.model.path, source)

    @property
    def is_measuring(self) -> bool:
        """Whether a measurement goes on."""
        return self._measurer.is_measuring

    def stop(self) -> None:
        """Stop measuring, and wait for what is being looked at or drawn."""
        self._measurer.stop()
        self._background.stop()
        self.save.stop()

    def _show_progress(self, share: float) -> None:
        self.bar.setRange(0, _STEPS)
        self.bar.setValue(round(_STEPS * share))

    def _take_measured(self, measured: Measurement) -> None:
        bundle = self._state.bundle
        if bundle is None or not measured.is_of(bundle):
            self._state.say(f"Measured {measured.model}; open it to see the figures")
            return
        self._fresh, self._shown = measured, None
        self._refresh()
        self._state.say(f"Measured {measured.model} on {measured.evaluation.count:,} images")

    def _show_controls(self) -> None:
        is_open, is_measuring = self._state.bundle is not None, self.is_measuring
        self.source.setEnabled(is_open and not is_measuring)
        self.measure_button.setEnabled(is_open)
        self.measure_button.setHidden(is_measuring)
        self.stop_button.setHidden(not is_measuring)
        self.stop_button.setToolTip(f"Stop measuring {self._measuring}")
        if is_measuring and self.bar.isHidden():
            self.bar.setRange(0, 0)  # nothing is known of it yet
        self.bar.setHidden(not is_measuring)
        self.save.show_findings(self.findings, self.measured, self.source.source)


def _sentence() -> QLabel:
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "quiet")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _end(stop: Callable[[], None], *_: object) -> None:
    stop()
