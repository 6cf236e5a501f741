"""`TrainingForm`: what to train next."""

from __future__ import annotations

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QEnterEvent
from qtpy.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError
from bvae_core.store import Store
from bvae_gui.clipboard import copy_command
from bvae_gui.jobs import Source
from bvae_gui.jobs.command import train_command
from bvae_gui.panels.training.data_form import DataForm
from bvae_gui.panels.training.settings_form import SettingsForm
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.field import Field
from bvae_gui.widgets.naming import named

_FEWEST_IMAGES = 2


class TrainingForm(QWidget):
    """Images, settings, a name, and the button that trains.

    Attributes
    ----------
    data, settings
        The two parts of the form.
    name
        What to call the model.
    train_button, copy_button
        Down where something is wrong, which is said beside its field.

    Signals
    -------
    train_requested(Source, TrainConfig, str or None, bool)
        What to train, on what, the name, and whether to open it when it is done.
    approached()
        The mouse or the keyboard is at the form: somebody may be about to train.
    """

    train_requested = Signal(object, object, object, bool)
    approached = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.data = DataForm(state)
        self.settings = SettingsForm()
        self.name = QLineEdit(placeholderText="After data, β and dimensions")
        self._name_field = Field("Name", self.name, tip="What to call the model")
        self.open_when_done = named(
            QCheckBox("Open it when it is done"),
            "Open it when it is done",
            "Show the model as soon as it is there",
        )
        self.open_when_done.setChecked(True)
        self.train_button = named(
            QPushButton("Train"), "Train", "Train in the background, after what is waiting already"
        )
        self.train_button.setProperty("primary", True)
        self.train_button.clicked.connect(self._train)
        self.copy_button = named(
            QToolButton(), "Copy as command", "Copy the command that trains the same in a shell"
        )
        self.copy_button.setIcon(icon("terminal-window"))
        self.copy_button.clicked.connect(self._copy_command)
        self._lay_out()
        self.data.changed.connect(self._check)
        self.settings.changed.connect(self._check)
        self.name.editingFinished.connect(self._check)
        self.name.textEdited.connect(lambda _: self._name_field.set_problem(""))
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._note_focus)
        self._check()

    def _lay_out(self) -> None:
        inner = QWidget()
        fields = QVBoxLayout(inner)
        fields.setContentsMargins(0, 0, GRID, 0)
        fields.setSpacing(2 * GRID)
        for part in (self.data, self.settings, self._name_field):
            fields.addWidget(part)
        fields.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        scroll.setWidget(inner)
        self._scroll = scroll
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        bottom.addWidget(self.open_when_done)
        bottom.addStretch()
        bottom.addWidget(self.copy_button)
        bottom.addWidget(self.train_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(scroll, 1)
        column.addLayout(bottom)

    def choose(self, source: Source | None, config: TrainConfig) -> None:
        """Fill in what was trained before, to train something like it."""
        if source is not None:
            self.data.choose(source)
        self.settings.choose(config)
        self._check()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Note that the mouse comes."""
        super().enterEvent(event)
        self.approached.emit()

    def _note_focus(self, _: QWidget | None, focused: QWidget | None) -> None:
        if focused is not None and self.isAncestorOf(focused):
            self.approached.emit()

    def _check(self) -> bool:
        """Say beside the fields what can't work; return whether all can."""
        config, survey = self.settings.config, self.data.survey
        ready = self.data.is_ready and config is not None
        ready = self._is_name_free() and ready
        epochs = None
        if survey is not None and config is not None:
            everything = config.train_split == "all"
            count = survey.count if everything else survey.train_count
            if count < _FEWEST_IMAGES:
                ready = False
                self.settings.show_problem(
                    f"train_split: Expected at least {_FEWEST_IMAGES} images to train on. "
                    f"Received: {count}."
                )
            else:
                epochs = config.resolved(survey.image_shape, count).epochs
        self.settings.set_epochs_hint(epochs)
        self.train_button.setEnabled(ready)
        self.copy_button.setEnabled(ready)
        return ready

    def _is_name_free(self) -> bool:
        name = self.name.text().strip()
        try:
            if name:
                Store().check_free(name)
        except BvaeError as error:
            self._name_field.set_problem(str(error))
            return False
        self._name_field.set_problem("")
        return True

    def _train(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.name.clear()
            self.train_requested.emit(*chosen, self.open_when_done.isChecked())

    def _copy_command(self) -> None:
        if (chosen := self._chosen()) is not None:
            copy_command(train_command(*chosen))
            self._state.say("Copied the command that trains the same")

    def _chosen(self) -> tuple[Source, TrainConfig, str | None] | None:
        """Return what shall be trained on what and under which name, if it can be."""
        source, config = self.data.source, self.settings.config
        if not self._check() or source is None or config is None:
            return None
        return source, config, self.name.text().strip() or None
