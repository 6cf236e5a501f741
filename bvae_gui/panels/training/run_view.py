"""`RunView`: one training, watched and steered."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import QSignalBlocker, Qt, QTimer, Signal
from qtpy.QtGui import QAction, QGuiApplication, QPalette, QShowEvent
from qtpy.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_gui.jobs import Job, JobManager
from bvae_gui.panels.training.curves import Curves
from bvae_gui.panels.training.forming import Forming
from bvae_gui.panels.training.words import figures_of, state_of
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named

#: Epochs may come faster than anyone can look.
_UPDATE_MS = 100


class RunView(QWidget):
    """Shows a job: how far it is, its figures, the map as it forms; and steers it.

    Attributes
    ----------
    pause_action, resume_action, stop_action, open_action, again_action, remove_action
        What can be done with it; disabled where it can't.

    Signals
    -------
    open_requested(Path)
        The user wants to see the trained model.
    again_requested(Job)
        The user wants to train something like this.
    """

    open_requested = Signal(object)
    again_requested = Signal(object)

    def __init__(
        self, state: ExplorerState, jobs: JobManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._due = QTimer(self, singleShot=True, interval=_UPDATE_MS)
        self._due.timeout.connect(self._update_in_passing)
        self._make_actions()
        self._curves = Curves(state.theme)
        self.forming = Forming(state)
        self._lay_out()
        state.look_changed.connect(self._dress)
        self._state = state
        jobs.job_changed.connect(self._note_change)
        jobs.preview.connect(self._note_preview)

    def _make_actions(self) -> None:
        self.pause_action = self._action(
            "Pause", "pause", "Stop for now, and keep its turn", self._jobs.pause
        )
        self.resume_action = self._action(
            "Resume", "play", "Go on from its last finished epoch", self._jobs.resume
        )
        self.stop_action = self._action(
            "Stop",
            "stop",
            "Stop, keep what it learned, and begin what is waiting",
            self._jobs.stop,
        )
        self.open_action = self._action(
            "Open", "arrow-square-out", "Explore the trained model", self._open
        )
        self.again_action = self._action(
            "Train another like it",
            "copy",
            "Fill in a new training with these settings",
            self.again_requested.emit,
        )
        self.remove_action = self._action(
            "Forget", "trash", "Take it off this list; a trained model stays", self._jobs.remove
        )

    def _action(self, text: str, glyph: str, tip: str, act: object) -> QAction:
        action = QAction(icon(glyph), text, self)
        action.setToolTip(tip)
        action.triggered.connect(lambda: act(self._job))  # type: ignore[operator]
        return action

    def _lay_out(self) -> None:
        self._state_line = _line()
        self._bar = named(QProgressBar(), "Progress", "How much of the training is done")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(GRID // 2)
        self._figures = _line()
        self._figures.setProperty("role", "quiet")
        self._reason = _line()
        self._reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._reason.setForegroundRole(QPalette.ColorRole.Highlight)
        self.open_when_done = named(
            QCheckBox("Open it when it is done"),
            "Open it when it is done",
            "Show the model as soon as it is there",
        )
        self.open_when_done.toggled.connect(self._want_opened)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for action in (self.pause_action, self.resume_action, self.stop_action, self.open_action):
            buttons.addWidget(_button(action, with_words=True))
        buttons.addStretch()
        for action in (self.again_action, self.remove_action):
            buttons.addWidget(_button(action, with_words=False))

        self._curves_caption = _line()
        self._curves_caption.setProperty("role", "quiet")
        self._curves_caption.setText(
            "Nats an image over epochs; in red, on images that are not trained on"
        )

        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        for widget in (self._state_line, self._bar, self._figures, self._reason):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self.open_when_done)
        column.addWidget(self.forming, 3)
        column.addWidget(self._curves_caption)
        column.addWidget(self._curves, 2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    # -- what is shown -------------------------------------------------------------------------

    @property
    def job(self) -> Job | None:
        """The job that is shown."""
        return self._job

    def show_job(self, job: Job) -> None:
        """Show another job."""
        if job is not self._job:
            self._job = job
            self.forming.follow(job.previews)
        self._update()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while this was hidden."""
        super().showEvent(event)
        self.forming.update_previews()
        self._update()

    def _note_change(self, job: Job) -> None:
        if job is self._job and self.isVisible() and not self._due.isActive():
            self._due.start()

    def _note_preview(self, job: Job, _path: Path) -> None:
        if job is self._job and self.isVisible():
            self.forming.update_previews()

    def _update_in_passing(self) -> None:
        """Catch up with the training, but not while something is dragged: that comes first."""
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._update()
        else:
            self._due.start()

    def _update(self) -> None:
        job = self._job
        if job is None:
            return
        stopping = self._jobs.is_stopping(job)
        self._state_line.setText(state_of(job, is_stopping=stopping))
        self._figures.setText(figures_of(job))
        planned = _planned(job)
        starting = job.state == "running" and job.started is None
        self._bar.setRange(0, 0 if starting else planned)
        self._bar.setValue(planned if job.state == "done" else job.epoch)
        message = job.reason if job.is_over else job.note
        self._reason.setText(message)
        self._reason.setVisible(bool(message))
        self._curves.show_epochs(job.epochs, planned)
        self._curves.setVisible(bool(job.epochs))
        self._curves_caption.setVisible(bool(job.epochs))
        running = job.state == "running" and not stopping
        self.pause_action.setEnabled(running)
        self.stop_action.setEnabled(running or job.state in ("queued", "paused"))
        self.resume_action.setEnabled(job.state in ("paused", "stopped", "failed"))
        self.open_action.setEnabled(job.state == "done")
        self.remove_action.setEnabled(job.state != "running")
        self.open_when_done.setVisible(job.state != "done")
        with QSignalBlocker(self.open_when_done):
            self.open_when_done.setChecked(job.open_when_done)

    def _open(self, job: Job) -> None:
        if job.model is not None:
            self.open_requested.emit(Path(job.model))

    def _want_opened(self, is_wanted: bool) -> None:
        if self._job is not None:
            self._jobs.set_open_when_done(self._job, is_wanted)

    def _dress(self) -> None:
        self._curves.set_theme(self._state.theme)


def _planned(job: Job) -> int:
    """Return how many epochs a training is to have, as far as is known."""
    if job.epochs:
        return job.epochs[-1].epochs
    config = job.config if job.started is None else job.started.config
    return config.epochs or 1


def _line() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _button(action: QAction, *, with_words: bool) -> QToolButton:
    button = named(QToolButton(), action.text(), action.toolTip())
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAutoRaise(not with_words)
    # What can't be done now takes no room.
    action.changed.connect(lambda: button.setVisible(action.isEnabled()))
    if with_words:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
