"""`SelectionPanel`: the selected images, or any others, one by one and on average."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt, QTimer, Signal
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core import shell_words
from bvae_core.errors import BvaeError
from bvae_core.figures.ink import to_rgb8
from bvae_core.indices import format_indices
from bvae_core.kana import with_reading
from bvae_core.latent_files import write_codes
from bvae_gui.clipboard import copy_command
from bvae_gui.jobs.command import Source
from bvae_gui.opening import called_in_shell
from bvae_gui.originals import OriginalsLoader
from bvae_gui.panels.selection.saved import SavedSelections
from bvae_gui.panels.selection.shown import ShownChoice
from bvae_gui.panels.selection.summary import Summary, Take
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.contact_sheet import ContactSheet
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.numbers import number
from bvae_gui.widgets.segmented import Segmented

# So often the images near the point follow a drag.
_FOLLOW_MS = 33
_TABLE = "selection.csv"
_NOTHING = "Nothing is selected. Draw around dots with Alt+drag, or choose a class above."


class SelectionPanel(QWidget):
    """Shows what is selected, or a class, or what is near the point, and passes it on.

    Parameters
    ----------
    state
        What is selected in.
    originals
        Looks for the model's images.
    parent
        The widget that it lies in.

    Attributes
    ----------
    shown, pictures, locate_button, saved, export_button, train_button
        Its controls, from left to right.
    table_action, figure_action, command_action, nearest_action
        What there is to export, and the commands that write the indices and codes, and that list
        what is near the pinned point.
    summary, sheet
        What it shows.
    title
        How many images these are.

    Signals
    -------
    bring_requested(ndarray)
        The map shall show this place, (d,).
    export_requested(what)
        A figure shall be written, see `bvae_gui.recipes.What`.
    train_requested(Source)
        A model shall be trained on what is selected.
    """

    bring_requested = Signal(object)
    export_requested = Signal(str)
    train_requested = Signal(object)

    def __init__(
        self,
        state: ExplorerState,
        originals: OriginalsLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._originals = state, originals
        self._stale, self._is_pinning = True, False
        self._due = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._due.timeout.connect(self._show_images)
        self.shown = ShownChoice(state)
        self.pictures: Segmented[Literal["decoded", "originals"]] = Segmented(
            (
                ("decoded", "Decoded", "", "Show what the model makes of the images' codes"),
                ("originals", "Originals", "", "Show the images that the model was trained on"),
            ),
            "Decoded or original",
        )
        self.locate_button = named(
            QToolButton(),
            "Locate images",
            "Choose the folder with the images that the model was trained on, to see them here",
        )
        self.saved = SavedSelections(state)
        self.export_button = named(QToolButton(), "Export", "Write what is selected to a file")
        self.train_button = named(
            QPushButton("Train on this…"), "Train on this", "Train a model on the selected images"
        )
        self.title = QLabel()
        self.summary = Summary(state)
        self.sheet = named(ContactSheet(), "Images")
        self._lay_out()
        self._connect()
        self._begin()

    # -- how it is built ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.title.setProperty("role", "quiet")
        self.locate_button.setText("Locate images…")
        self.locate_button.setProperty("role", "quiet")
        self.export_button.setText("Export…")
        self.export_button.setIcon(icon("download-simple"))
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        files = QMenu(self.export_button)
        self.table_action = files.addAction("Indices and codes…", self._ask_where_to_export)
        self.figure_action = files.addAction(
            "Contact sheet…", lambda: self.export_requested.emit("contact")
        )
        files.addSeparator()
        self.command_action = files.addAction("Copy as command", self._copy_command)
        self.command_action.setToolTip("Copy the command that writes indices and codes in a shell")
        self.nearest_action = files.addAction("Copy as command", self._copy_nearest_command)
        self.nearest_action.setToolTip("Copy the command that lists the nearest images in a shell")
        files.setToolTipsVisible(True)
        self.export_button.setMenu(files)
        for button in (self.saved, self.export_button):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sheet.setToolTip("")
        self.sheet.set_nothing(_NOTHING)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        left: list[QWidget] = [self.shown, self.title]
        right: list[QWidget] = [
            self.locate_button, self.pictures, self.saved, self.export_button, self.train_button,
        ]  # fmt: skip
        for part in left:
            top.addWidget(part)
        top.addStretch()
        for part in right:
            top.addWidget(part)
        across = QHBoxLayout()
        across.setSpacing(2 * GRID)
        across.addWidget(self.summary)
        across.addWidget(self.sheet, 1)
        opened = QWidget()
        column = QVBoxLayout(opened)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addLayout(across, 1)
        nothing = QLabel("Open a model to look through its images.")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setProperty("role", "quiet")
        around = QVBoxLayout(self)
        around.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self._pages = QStackedLayout()
        around.addLayout(self._pages)  # while it is on nothing, what is added is a window
        self._pages.addWidget(nothing)
        self._pages.addWidget(opened)

    def _connect(self) -> None:
        state = self._state
        self.shown.changed.connect(self._show_soon)
        self.pictures.chosen.connect(lambda _: self._show_pictures())
        self.locate_button.clicked.connect(self._ask_where_originals_are)
        self._originals.busy_changed.connect(self._show_search)
        self._originals.failed.connect(state.say)
        self.sheet.chosen.connect(self._pin)
        self.sheet.opened.connect(self._bring)
        self.train_button.clicked.connect(self._train)
        state.bundle_changed.connect(self._begin)
        state.selection_changed.connect(self._enable)
        state.look_changed.connect(self._show_pictures)
        state.originals_changed.connect(self._take_originals)

    # -- from the state ----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody saw it."""
        super().showEvent(event)
        if self._stale:
            self._show_pictures()

    def show_nearest(self, count: int) -> None:
        """Show so many images near the pinned point."""
        self.shown.show_nearest(count)

    def _begin(self) -> None:
        self._pages.setCurrentIndex(int(self._state.bundle is not None))
        if self._state.bundle is not None:
            self._take_originals()

    def _take_originals(self) -> None:
        """Show originals as soon as they are at hand."""
        has_originals = self._state.originals is not None
        self.pictures.setVisible(has_originals)
        self.locate_button.setVisible(not has_originals)
        self.pictures.choose("originals" if has_originals else "decoded")
        self._show_pictures()

    def _show_pictures(self) -> None:
        """Draw the images anew, in other colours or from another source."""
        self._stale = not self.isVisible()
        if self._stale or self._state.bundle is None:
            return
        state, model = self._state, self._state.model
        height, width, _ = model.image_shape
        colours = state.theme.class_colours(len(model.class_names))
        labels = model.labels
        self.sheet.set_pictures(
            lambda indices: to_rgb8(self._images(indices), state.theme, state.ink),
            QSize(width, height),
            colour_of=lambda index: None if labels is None else colours[labels[index]],
            describe=self._describe,
        )
        self._show_images()

    def _show_soon(self) -> None:
        """Show other images, at once but for those that follow the point as it is dragged."""
        if self._is_pinning:
            return
        if self.shown.value != "nearest":
            self._due.stop()
            self._show_images()
        elif not self._due.isActive():
            self._due.start()

    def _show_images(self) -> None:
        self._enable()
        if self._state.bundle is None or not self.isVisible():
            self._stale = True
            return
        indices, distances = self.shown.images()
        captions = () if distances is None else [number(d, 2) for d in distances.tolist()]
        self.sheet.set_images(indices, captions)
        self.summary.show_images(indices, self._source_of_images())
        total = len(self._state.model.latents)
        words = f"{len(indices):,} of {total:,}" if len(indices) < total else f"{total:,}"
        self.title.setText(f"{words} images")

    def _images(self, indices: NDArray[np.int64]) -> NDArray[Any]:
        return self._source_of_images()(indices)

    def _source_of_images(self) -> Take:
        """Return what gives images by their indices, from any thread."""
        model, originals = self._state.model, self._state.originals
        if originals is not None and self.pictures.value == "originals":
            return originals.take
        return lambda indices: model.decode(model.latents[indices])

    def _describe(self, index: int) -> str:
        model = self._state.model
        split = "test" if model.is_test[index] else "training"
        what = f"#{index}, {split} image"
        if model.labels is not None:
            what = f"{with_reading(model.class_names[model.labels[index]])}: {what}"
        return f"{what}\nClick to pin it, double click to see it on the map"

    def _enable(self) -> None:
        is_open = self._state.bundle is not None
        has_some = is_open and bool(self._state.scene.selection)
        is_near = is_open and self.shown.value == "nearest"
        self.export_button.setEnabled(has_some or is_near)
        for one in (self.table_action, self.figure_action, self.train_button):
            one.setEnabled(has_some)
        self.command_action.setVisible(not is_near)
        self.nearest_action.setVisible(is_near)

    def _show_search(self, is_busy: bool) -> None:
        self.locate_button.setDisabled(is_busy)
        self.locate_button.setText("Looking…" if is_busy else "Locate images…")

    # -- from the user -----------------------------------------------------------------------

    def _pin(self, index: int) -> None:
        # Images near the point stay where they are: others would come below the pointer.
        self._is_pinning = True
        try:
            self._state.pin(self._state.image_place(index))
        finally:
            self._is_pinning = False

    def _bring(self, index: int) -> None:
        self._pin(index)
        self.bring_requested.emit(self._state.point)

    def _ask_where_originals_are(self) -> None:
        data = self._state.model.data.name
        folder = QFileDialog.getExistingDirectory(self, f"Folder with the images of {data}")
        if folder:
            self._originals.locate(folder)

    def _ask_where_to_export(self) -> None:
        kinds = "CSV (*.csv);;NPZ (*.npz)"
        name = f"{self.saved.name() or 'selection'}.csv"
        chosen, kind = QFileDialog.getSaveFileName(self, "Export the selection", name, kinds)
        if not chosen:
            return
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(".npz" if "npz" in kind else ".csv")
        self.export(path)

    def export(self, path: Path) -> None:
        """Write indices, classes and codes of what is selected."""
        try:
            write_codes(self._state.model, path, self._state.scene.selection)
        except BvaeError as error:
            self._state.say(str(error))
        else:
            self._state.say(f"Saved {path}.")

    def _copy_command(self) -> None:
        options = [*shell_words.option("--export", self._called()), "-o", _TABLE]
        words = shell_words.command("selections", [called_in_shell(self._state.model)], options)
        copy_command(words)
        self._state.say(f"Copied the command that writes {_TABLE}")

    def _copy_nearest_command(self) -> None:
        operands = [called_in_shell(self._state.model), self._state.scene.point.text]
        words = shell_words.command("nearest", operands, ["--count", str(self.shown.count.value())])
        copy_command(words)
        self._state.say("Copied the command that lists the nearest images")

    def _called(self) -> str:
        """Return what `bvae` finds the selection by: its name, or else its images' numbers."""
        return self.saved.name() or format_indices(self._state.scene.selection)

    def _train(self) -> None:
        """Ask for a training on what is selected, from where the model's images are."""
        from bvae_core.originals import recall_origin

        state = self._state
        origin = recall_origin(state.model) if state.originals is None else state.originals.origin
        if origin is None:
            state.say("A training needs the images themselves: locate them first.")
            return
        selection = f"{called_in_shell(state.model)}:{self._called()}"
        self.train_requested.emit(Source.of(origin, selection=selection))
