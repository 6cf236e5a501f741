"""`SourceChoice`: on which images to measure."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QFileDialog, QMenu, QSizePolicy, QToolButton, QWidget

from bvae_core.datasets import strokes
from bvae_core.diagnostics import Measurement
from bvae_core.originals import is_at_hand, recall_origin
from bvae_gui.jobs.command import Source
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named

_NONE = "Choose images…"
_KMNIST = Source("kmnist")


class SourceChoice(QToolButton):
    """Shows where the images are, and offers others.

    It begins with those that the model was trained on, where they were found, or else with those
    that were measured last.

    Signals
    -------
    changed()
        Other images are chosen.
    """

    changed = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._chosen: Source | None = None  # by the user, for this model
        self._measured: Source | None = None
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(icon("image-square"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.setMenu(self._menu)
        state.originals_changed.connect(self._show)

    @property
    def source(self) -> Source | None:
        """Where the images are; None where that has to be chosen."""
        if self._chosen is not None or self._state.bundle is None:
            return self._chosen
        return self._originals() or self._measured

    def begin(self, measured: Measurement | None) -> None:
        """Choose anew, for another model, of which this was measured last."""
        self._chosen = None
        self.note(measured)

    def note(self, measured: Measurement | None) -> None:
        """Take notice of what was measured last."""
        self._measured = None
        if measured is not None and measured.source:
            only = measured.only or None
            self._measured = Source(measured.source, measured.data_dir, only=only)
        self._show()

    def choose(self, source: Source | None) -> None:
        """Choose images; None for those that the model was trained on."""
        self._chosen = source
        self._show()

    def resizeEvent(self, event: object) -> None:
        """Show as much of the name as fits."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._show_text()

    def _originals(self) -> Source | None:
        """Return where the model's own images are, as far as that is known."""
        state = self._state
        found = None if state.originals is None else state.originals.origin
        origin = found or recall_origin(state.model)
        if origin is not None and (origin is found or is_at_hand(origin)):
            folder = None if origin.data_dir is None else str(origin.data_dir)
            # Size and colours are the model's anyway.
            return Source(origin.source, folder, only=origin.only or None)
        data = state.model.data
        if data.name == "strokes":
            return Source(f"strokes:{data.train_count + data.test_count}")
        return None

    def _show(self) -> None:
        source = self.source
        said = "none chosen yet" if source is None else _named(source)
        named(
            self, f"Images to measure on: {said}",
            f"<qt>Images to measure on: {said}. Those that the model was trained on give the "
            "most: of them, the test split is measured.</qt>",
        )  # fmt: skip
        self._show_text()
        self.changed.emit()

    def _show_text(self) -> None:
        source = self.source
        text = _NONE if source is None else _named(source)
        room = max(0, self.width() - 6 * GRID)
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room))

    def _fill_menu(self) -> None:
        menu = self._menu
        menu.clear()
        if self._state.bundle is None:
            return
        own = self._originals()
        if own is not None:
            action = menu.addAction("Those it was trained on", lambda: self.choose(None))
            action.setToolTip(_named(own))
        menu.addAction("Folder…", self._choose_folder)
        menu.addAction("File…", self._choose_file)
        generated = Source(f"strokes:{strokes.DEFAULT_COUNT}")
        action = menu.addAction("Generated strokes", lambda: self.choose(generated))
        action.setToolTip("Drawn here from known factors; needs no files")
        action = menu.addAction("Kuzushiji-MNIST", lambda: self.choose(_KMNIST))
        action.setToolTip("Of TensorFlow Datasets; downloaded the first time (20 MB)")

    def _choose_folder(self) -> None:
        name = self._state.model.data.name
        self._take(QFileDialog.getExistingDirectory(self, f"Folder with images, such as {name}"))

    def _choose_file(self) -> None:
        kinds = "Arrays and IDX files (*.npz *.npy *ubyte *ubyte.gz);;All files (*)"
        self._take(QFileDialog.getOpenFileName(self, "File with images", filter=kinds)[0])

    def _take(self, path: str) -> None:
        if path:
            self.choose(Source(str(Path(path).absolute())))


def _named(source: Source) -> str:
    return source.text if source.only is None else f"a part of {source.text}"
