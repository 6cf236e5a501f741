"""`TrainingPanel`: choose what to train, and watch it."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bvae_core.bundle import open_bundle
from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError
from bvae_gui.jobs import Job, JobManager, Source
from bvae_gui.panels.training.form import TrainingForm
from bvae_gui.panels.training.run_view import RunView
from bvae_gui.panels.training.words import brief
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon, mixed
from bvae_gui.widgets.naming import named

_ROW = 3 * GRID
_MOST_ROWS = 5
_ROLE = Qt.ItemDataRole.UserRole


class TrainingPanel(QWidget):
    """A list of trainings above, and below it the chosen one, or the form for a new one.

    A model that is done is opened in the state if the user wanted that.

    Parameters
    ----------
    state
        Where models are opened.
    jobs
        What trains.
    parent
        The widget that it lies in.

    Attributes
    ----------
    form
        What to train next.
    run
        The training that is watched.
    list
        All trainings; the first row is the form.
    new_action
        Shows the form.

    Signals
    -------
    trained(Path)
        A model is there.
    """

    trained = Signal(object)

    def __init__(
        self, state: ExplorerState, jobs: JobManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Training")
        self._state, self._jobs = state, jobs
        self.form = TrainingForm(state)
        self.run = RunView(state, jobs)
        self._lay_out()
        self.new_action = QAction(icon("plus"), "New training", self)
        self.new_action.setToolTip("Choose images and settings for a new training")
        self.new_action.triggered.connect(self.show_form)
        self.form.train_requested.connect(self._train)
        self.form.approached.connect(jobs.stand_by)
        self.run.open_requested.connect(self._open)
        self.run.again_requested.connect(self._again)
        self.list.currentRowChanged.connect(self._show_row)
        jobs.job_added.connect(self._add)
        jobs.job_removed.connect(self._remove)
        jobs.job_changed.connect(self._note_change)
        jobs.finished.connect(self._finish)
        state.look_changed.connect(self._dress)
        self._dress()
        for job in jobs.jobs:
            self._add(job)
        unfinished = [job for job in jobs.jobs if job.state not in ("done", "failed")]
        if unfinished:
            self.show_job(unfinished[-1])

    def _lay_out(self) -> None:
        self.list = named(QListWidget(), "Trainings", "Trainings, in their order")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.addItem(QListWidgetItem(icon("plus"), "New training"))
        self.list.setCurrentRow(0)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.form)
        self._pages.addWidget(self.run)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.list)
        column.addWidget(self._pages, 1)
        self._fit_list()

    # -- what is shown -------------------------------------------------------------------------

    def begin(self, source: Source) -> None:
        """Show the form for a training on these images."""
        self.form.data.choose(source)
        self.show_form()

    def show_form(self) -> None:
        """Show the form for a new training, which may begin soon."""
        self.list.setCurrentRow(0)
        self._jobs.stand_by()

    def show_job(self, job: Job) -> None:
        """Show a training."""
        item = self._item(job)
        if item is not None:
            self.list.setCurrentItem(item)

    def _show_row(self, row: int) -> None:
        item = self.list.item(row)
        job = None if item is None else item.data(_ROLE)
        if isinstance(job, Job):
            self.run.show_job(job)
            self._pages.setCurrentWidget(self.run)
        else:
            self._pages.setCurrentWidget(self.form)

    # -- the list ------------------------------------------------------------------------------

    def _add(self, job: Job) -> None:
        item = QListWidgetItem()
        item.setData(_ROLE, job)
        self.list.addItem(item)
        self._describe(item)
        self._fit_list()

    def _remove(self, job: Job) -> None:
        item = self._item(job)
        if item is not None:
            self.list.takeItem(self.list.row(item))
            self._fit_list()

    def _note_change(self, job: Job) -> None:
        item = self._item(job)
        if item is not None:
            self._describe(item)

    def _describe(self, item: QListWidgetItem) -> None:
        job: Job = item.data(_ROLE)
        text = f"{job.title} · {brief(job, is_stopping=self._jobs.is_stopping(job))}"
        if item.text() != text:
            item.setText(text)
            item.setToolTip(text)
            item.setIcon(icon(_GLYPHS[job.state]))

    def _item(self, job: Job) -> QListWidgetItem | None:
        items = (self.list.item(row) for row in range(1, self.list.count()))
        return next((item for item in items if item is not None and item.data(_ROLE) is job), None)

    def _dress(self) -> None:
        """Mark the chosen row quietly: it is where one is, not what one should press."""
        theme = self._state.theme
        chosen = mixed(theme.ground, theme.text, 0.1)
        self.list.setStyleSheet(
            "QListWidget { background: transparent; outline: 0; }"
            f"QListWidget::item:selected {{ background: {chosen}; color: {theme.text}; }}"
            f"QListWidget::item:selected:focus {{ border-left: 2px solid {theme.accent}; }}"
        )

    def _fit_list(self) -> None:
        self.list.setVisible(self.list.count() > 1)
        rows = min(self.list.count(), _MOST_ROWS)
        self.list.setFixedHeight(rows * max(_ROW, self.list.sizeHintForRow(0)) + GRID // 2)

    # -- what happens --------------------------------------------------------------------------

    def _train(
        self, source: Source, config: TrainConfig, name: str | None, open_when_done: bool
    ) -> None:
        try:
            job = self._jobs.add(source, config, name=name, open_when_done=open_when_done)
        except BvaeError as error:
            self._state.say(str(error))
            return
        self.show_job(job)

    def _again(self, job: Job) -> None:
        self.form.choose(job.source, job.config)
        self.show_form()

    def _finish(self, job: Job, model: Path) -> None:
        self._state.say(f"Trained: {job.title}.")
        self.trained.emit(model)
        if job.open_when_done:
            self._open(model)

    def _open(self, model: Path) -> None:
        try:
            self._state.open(open_bundle(model))
        except BvaeError as error:
            self._state.say(str(error))


_GLYPHS = {
    "queued": "clock",
    "running": "play",
    "paused": "pause",
    "stopped": "stop",
    "failed": "warning",
    "done": "check",
}
