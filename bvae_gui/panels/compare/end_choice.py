"""`EndChoice`: where the morph that is compared begins, or ends."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QComboBox, QWidget

from bvae_gui.widgets.naming import named

_MARKED = "marked"


class EndChoice(QComboBox):
    """Offers classes, and the image that was clicked.

    Parameters
    ----------
    name
        Which end it is.
    classes
        What to call a class, and its anchor.
    parent
        The widget that it lies on.

    Signals
    -------
    anchor_chosen(str)
        A class was chosen.
    marked_chosen()
        The image that was clicked was.
    """

    anchor_chosen = Signal(str)
    marked_chosen = Signal()

    def __init__(
        self, name: str, classes: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        named(self, name, f"{name}: a class's most typical image, or the one that was clicked")
        self._image_row = len(classes) + 1
        for words, anchor in classes:
            self.addItem(words, anchor)
        self.addItem("Image clicked", _MARKED)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._choose)

    def show_anchor(self, anchor: str, words: str) -> None:
        """Show an anchor, whether it is a class or an image."""
        row = self.findData(anchor)
        if row < 0:
            row = self._image_row
            if self.count() > row:
                self.removeItem(row)
            self.addItem(words, anchor)
        self.setCurrentIndex(row)

    def _choose(self) -> None:
        anchor = self.currentData()
        if anchor == _MARKED:
            self.marked_chosen.emit()
        else:
            self.anchor_chosen.emit(anchor)
