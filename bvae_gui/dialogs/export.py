"""`ExportDialog`: what is explored as a file, seen before it is written."""

from __future__ import annotations

import shlex
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt, QTimer, Signal
from qtpy.QtGui import QGuiApplication, QPalette
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.errors import BvaeError
from bvae_core.figures import Recipe
from bvae_gui import rendering
from bvae_gui.background import Background
from bvae_gui.dialogs.export_form import ExportForm
from bvae_gui.opening import called_in_shell
from bvae_gui.recipes import Choices, What, file_name, make_recipe, suffixes
from bvae_gui.settings import Settings
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.preview import Preview
from bvae_gui.widgets.segmented import Segmented

_SIZE = QSize(112 * GRID, 74 * GRID)
_LARGEST_SHARE = 0.9  # of the screen
_FOLDER = "export"
_PAUSE_MS = 60  # after a change, until the preview is drawn again
_PATIENCE_MS = 300  # until a bar says that something goes on
_WHATS: tuple[tuple[What, str, str, str], ...] = (
    ("morph", "Morph", "film-strip", "The morph's images side by side"),
    ("animation", "Animation", "play", "The morph as a moving picture"),
    ("map", "Map", "map-trifold", "The map as it is looked at"),
    ("image", "Image", "image", "The image at the pinned point alone"),
    ("equation", "Equation", "math-operations", "The equation in pictures"),
    ("result", "Result", "equals", "The image that the equation leads to"),
    ("contact", "Selection", "selection", "The selected images side by side"),
)
_MODES = {"path": "Strip", "grid": "Grid", "traversal": "Traversal"}


class ExportDialog(QDialog):
    """Shows a file as it would be, asks where to put it, and writes it beside the window.

    Parameters
    ----------
    state
        What is explored; a model is open in it.
    settings
        What is remembered of the last time.
    parent
        The window.

    Signals
    -------
    saved(path)
        A file has been written.
    """

    saved = Signal(object)

    def __init__(
        self, state: ExplorerState, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._settings = state, settings
        self._called = ""
        self._recipe: Recipe | None = None
        self._all_choices: dict[What, Choices] = {}
        self._is_busy = False
        self._unwanted: Event | None = None  # set while a file is written
        self._background = Background(self)
        self._background.busy_changed.connect(self._show_busy)
        self._due = _timer(self, _PAUSE_MS, self._draw)
        self._busy_due = _timer(self, _PATIENCE_MS, self._show_bar)
        self.setWindowTitle("Export")
        self._make_parts()
        self._lay_out()
        self.what.chosen.connect(self._choose_what)
        self.form.changed.connect(self._refresh)
        state.bundle_changed.connect(self._leave)
        state.originals_changed.connect(self._take_originals)

    def begin(self, what: What, *, fps: float | None = None) -> None:
        """Open with what is explored now, and what was chosen the last time.

        Parameters
        ----------
        what
            What is offered first.
        fps
            How fast an animation shall be; by default as the last time.
        """
        self._called = called_in_shell(self._state.model)
        self._all_choices = {
            each: Choices.of(self._settings.choices(f"export/{each}")) for each, *_ in _WHATS
        }
        if fps is not None:
            animation = self._all_choices["animation"]
            self._all_choices["animation"] = replace(animation, fps=fps)
        self.what.button("morph").setText(_MODES[self._state.scene.mode])
        self.what.choose(what)
        self.preview.set_pictures(None)
        self._fit_the_screen()
        self._choose_what(what)
        self.open()
        self.export_button.setFocus()

    @property
    def is_busy(self) -> bool:
        """Whether something is about to be drawn, or is being drawn or written."""
        return self._is_busy or self._due.isActive()

    def stop(self) -> None:
        """Close, wait for what is being drawn or written, and do nothing more."""
        self.reject()
        self._background.stop()

    # -- what it would be like ---------------------------------------------------------------

    def _choose_what(self, what: What) -> None:
        self.form.fill(what, self._all_choices[what])
        self._refresh()

    def _take_originals(self) -> None:
        """Offer the images that have just come to hand."""
        if self.isVisible():
            self._choose_what(self.what.value)

    def _refresh(self) -> None:
        """Say what the file would be, and have it drawn."""
        what, choices = self.what.value, self.form.choices
        self._all_choices[what] = choices
        self._recipe = None
        try:
            recipe = make_recipe(self._state, what, choices)
            size = rendering.size(recipe, self._state.model, moving=what == "animation")
        except BvaeError as error:
            self._say(str(error), is_problem=True)
            self.size_label.clear()
            self.command.clear()
            self.preview.set_pictures(None)
        else:
            self._recipe = recipe
            self._say("")
            self.size_label.setText(self._size_in_words(*size))
            self.command.setText(shlex.join(recipe.command(self._called, self._proposed())))
            self.command.setCursorPosition(0)
        self._due.start()
        self._enable()

    def _draw(self) -> None:
        recipe, model, moving = self._recipe, self._state.model, self.what.value == "animation"
        originals = self._state.originals
        if recipe is None or not self.isVisible():
            return

        def draw() -> NDArray[np.uint8] | BvaeError:
            try:
                return rendering.pictures(recipe, model, moving=moving, originals=originals)
            except BvaeError as error:
                return error

        self._background.run(draw, self._show_pictures)

    def _show_pictures(self, drawn: NDArray[np.uint8] | BvaeError) -> None:
        if isinstance(drawn, BvaeError):
            self._say(str(drawn), is_problem=True)
            return
        if self._recipe is not None:
            choices = self.form.choices
            self.preview.set_pace(choices.fps, loop=choices.loop)
            self.preview.set_pictures(drawn)
            self.replay.setVisible(len(drawn) > 1 and not choices.loop)

    def _size_in_words(self, across: int, down: int) -> str:
        words = f"{across:,} × {down:,} pixels"
        if self.what.value != "animation":
            return words
        choices, frames = self.form.choices, self._state.scene.frames
        count = 2 * frames - 2 if choices.bounce else frames
        return f"{words}  ·  {count} frames  ·  {count / choices.fps:.1f} s"

    def _proposed(self) -> str:
        return file_name(self._state, self.what.value, self.form.suffix)

    # -- the file ----------------------------------------------------------------------------

    def ask_where(self) -> None:
        """Ask for the file's place and name, and write it there."""
        suffix = self.form.suffix
        picker = QFileDialog(self, "Export", self._settings.folder(_FOLDER))
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        picker.setNameFilter(f"{suffix[1:].upper()} (*{suffix})")
        picker.setDefaultSuffix(suffix[1:])
        picker.selectFile(self._proposed())
        picker.fileSelected.connect(self._take_place)
        picker.open()

    def _take_place(self, chosen: str) -> None:
        target = Path(chosen)
        if target.suffix.lower() in suffixes(self.what.value):
            self._write(target)
            return
        # The file dialog asked about another name, or didn't take `.5` for a suffix.
        target = target.with_name(target.name + self.form.suffix)
        if target.exists():
            self._ask_to_replace(target)
        else:
            self._write(target)

    def _ask_to_replace(self, target: Path) -> None:
        buttons = QMessageBox.StandardButton
        question = QMessageBox(self)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle("Replace it?")
        question.setText(f"There is a file {target.name} already. Replace it?")
        question.setStandardButtons(buttons.Yes | buttons.No)
        question.button(buttons.Yes).clicked.connect(partial(self._write, target))
        question.open()

    def _write(self, target: Path, *_: bool) -> None:
        recipe, model, unwanted = self._recipe, self._state.model, Event()
        if recipe is None:
            return

        def write() -> bool | BvaeError:
            try:
                return rendering.write(recipe, model, target, unwanted)
            except BvaeError as error:
                return error

        self._due.stop()
        self._unwanted = unwanted
        self._say(f"Writing {target.name}…")
        self._enable()
        self._background.run(write, partial(self._end_writing, target))

    def _end_writing(self, target: Path, written: bool | BvaeError) -> None:
        if isinstance(written, BvaeError):
            self._say(str(written), is_problem=True)
            if not self.isVisible():
                self._state.say(str(written))
        elif written:
            self._remember()
            self._settings.remember_folder(_FOLDER, target.parent)
            self.accept()
            self.saved.emit(target)
        else:
            self._state.say(f"Stopped: {target.name} is as it was before.")

    def copy_command(self) -> None:
        """Put the command that makes the same file on the clipboard."""
        QGuiApplication.clipboard().setText(self.command.text())
        self._remember()
        self._say("Copied the command.")

    def _remember(self) -> None:
        what = self.what.value
        # Ink is the window's, which remembers it itself.
        kept = replace(self.form.choices, ink=None)
        self._settings.remember_choices(f"export/{what}", asdict(kept))

    # -- what it says of itself --------------------------------------------------------------

    def done(self, result: int) -> None:
        """Close; what is being written is wanted no longer."""
        if self._unwanted is not None:
            self._unwanted.set()
        self._due.stop()
        super().done(result)

    def _leave(self) -> None:
        """Close: another model is open."""
        self.reject()

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        role = QPalette.ColorRole
        self.message.setForegroundRole(role.Highlight if is_problem else role.WindowText)
        self.message.setText(text)

    def _show_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        if is_busy:
            self._busy_due.start()
        else:
            self._busy_due.stop()
            self.bar.hide()
            self._unwanted = None
            self._enable()

    def _show_bar(self) -> None:
        self.bar.show()

    def _enable(self) -> None:
        is_writing = self._unwanted is not None
        for part in (self.what, self.form):
            part.setDisabled(is_writing)
        for button in (self.export_button, self.copy_button):
            button.setDisabled(is_writing or self._recipe is None)
        self.cancel_button.setText("Stop" if is_writing else "Cancel")

    # -- what it is made of ------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.what = Segmented(_WHATS, "What is exported")
        self.preview = named(Preview(), "Preview", "The file as it would be")
        self.form = ExportForm(self._state)
        self.size_label = named(QLabel(), "Size", "How large the file's picture is")
        self.size_label.setProperty("role", "quiet")
        self.replay = named(QToolButton(), "Play again", "Play the animation once more")
        self.replay.setIcon(icon("arrow-counter-clockwise"))
        self.replay.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.replay.clicked.connect(self.preview.replay)
        self.replay.hide()
        self.command = named(
            QLineEdit(), "Command", "The command that makes the same file in a shell"
        )
        self.command.setReadOnly(True)
        self.copy_button = named(QToolButton(), "Copy the command", "Copy the command")
        self.copy_button.setIcon(icon("copy"))
        self.copy_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy_button.clicked.connect(self.copy_command)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = named(QProgressBar(), "Progress", "Something is being drawn or written")
        self.bar.setRange(0, 0)
        self.bar.setFixedSize(12 * GRID, GRID // 2)
        self.bar.setTextVisible(False)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        self.buttons = QDialogButtonBox()
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setToolTip("Close without a file")
        self.cancel_button.setAutoDefault(False)
        self.export_button = QPushButton("Export…")
        self.export_button.setToolTip("Choose where to put the file, and write it")
        self.export_button.setProperty("primary", True)
        self.buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.addButton(self.export_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.rejected.connect(self.reject)
        self.export_button.clicked.connect(self.ask_where)

    def _lay_out(self) -> None:
        self.form.setFixedWidth(40 * GRID)
        under = QHBoxLayout()
        under.setSpacing(GRID)
        under.addWidget(self.size_label)
        under.addWidget(self.replay)
        under.addStretch()
        middle = QGridLayout()
        middle.setHorizontalSpacing(3 * GRID)
        middle.setVerticalSpacing(GRID)
        middle.addWidget(self.preview, 0, 0)
        middle.addLayout(under, 1, 0)
        middle.addWidget(self.form, 0, 1, 2, 1)
        middle.setColumnStretch(0, 1)
        middle.setRowStretch(0, 1)
        prompt = QLabel("Command")
        prompt.setBuddy(self.command)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for part in (prompt, self.command, self.copy_button):
            line.addWidget(part)
        end = QHBoxLayout()
        end.setSpacing(2 * GRID)
        end.addWidget(self.message, 1)
        end.addWidget(self.bar)
        end.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.what, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(middle, 1)
        column.addLayout(line)
        column.addLayout(end)
        self.export_button.setDefault(True)  # now that it is in the dialog

    def _fit_the_screen(self) -> None:
        room = self.screen().availableGeometry().size() * _LARGEST_SHARE
        self.resize(_SIZE.boundedTo(room))


def _timer(parent: QWidget, pause: int, act: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(pause)
    timer.timeout.connect(act)
    return timer
