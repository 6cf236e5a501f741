"""`ShownChoice`: which images are looked through."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSignalBlocker, Signal
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from bvae_core.kana import with_reading
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.undo_keys import UndoKeys

#: What is selected, what is near the pinned point, all, or the images of a class by its label.
Shown: TypeAlias = Literal["selected", "nearest", "all"] | int

#: Images near the point.
NEAREST = (5, 50)


class ShownChoice(QWidget):
    """Chooses between the selection, what is near the pinned point, all images, and a class.

    What is newly selected is shown at once; with nothing selected any more, all images are.

    Parameters
    ----------
    state
        With an open model, whenever it is asked.

    Attributes
    ----------
    what, count
        The controls: which, and how many near the point.

    Signals
    -------
    changed()
        Another choice, or the same one means other images.
    """

    changed = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.what = named(QComboBox(), "Show", "Which images are shown")
        self.count = named(QSpinBox(), "How many", "How many images near the pinned point")
        self.count.setRange(*NEAREST)
        self.count.setValue(NEAREST[1])
        self.count.setKeyboardTracking(False)
        UndoKeys(self.count)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.what)
        row.addWidget(self.count)
        self.what.currentIndexChanged.connect(self._change)
        self.count.valueChanged.connect(self._change)
        state.bundle_changed.connect(self._offer)
        state.selection_changed.connect(self._follow_selection)
        state.point_changed.connect(self._follow_point)
        self._offer()

    @property
    def value(self) -> Shown:
        """What is chosen."""
        shown: Shown = self.what.currentData()
        return shown

    def show_nearest(self, count: int) -> None:
        """Choose so many images near the pinned point."""
        with QSignalBlocker(self.count):
            self.count.setValue(count)
        self._choose("nearest")

    def images(self) -> tuple[NDArray[np.int64], NDArray[np.float64] | None]:
        """Return the images' indices, and of those near the point how far each is from it."""
        state, shown = self._state, self.value
        if shown == "selected":
            return state.selection, None
        if shown == "nearest":
            count = min(self.count.value(), len(state.model.latents))
            return state.neighbours.nearest(state.point, count)
        labels = state.model.labels
        if shown == "all" or labels is None:
            return np.arange(len(state.model.latents)), None
        return np.flatnonzero(labels == shown), None

    def _offer(self) -> None:
        """List what there is to choose of another model."""
        with QSignalBlocker(self.what):
            self.what.clear()
            if self._state.bundle is not None:
                self._fill()
        self._change()

    def _fill(self) -> None:
        for words, shown in (
            ("Selected images", "selected"),
            ("Nearest to the point", "nearest"),
            ("All images", "all"),
        ):
            self.what.addItem(words, shown)
        labels = self._state.model.labels
        if labels is not None:
            self.what.insertSeparator(self.what.count())
            for label in np.unique(labels).tolist():
                self.what.addItem(with_reading(self._state.model.class_names[label]), label)
        shown = "selected" if self._state.scene.selection else "all"
        self.what.setCurrentIndex(self.what.findData(shown))

    def _follow_selection(self) -> None:
        if self._state.scene.selection:
            self._choose("selected")
        elif self.value == "selected":
            self._choose("all")

    def _follow_point(self) -> None:
        if self.value == "nearest":
            self.changed.emit()

    def _choose(self, shown: Shown) -> None:
        with QSignalBlocker(self.what):
            self.what.setCurrentIndex(self.what.findData(shown))
        self._change()

    def _change(self) -> None:
        self.count.setVisible(self.value == "nearest")
        self.changed.emit()
