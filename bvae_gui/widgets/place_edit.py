"""`PlaceEdit`: a field that says where something is, and in which one types where it shall be."""

from __future__ import annotations

from qtpy.QtCore import Qt, QTimer, Signal
from qtpy.QtGui import QFocusEvent, QKeyEvent
from qtpy.QtWidgets import QLineEdit, QWidget

from bvae_gui.widgets.undo_keys import UndoKeys

# The focus comes back after these, and what was typed is still wanted.
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class PlaceEdit(QLineEdit):
    """Shows a place in short; while it has the focus, exactly, to be typed over.

    Enter says that the text is meant; Escape, and going elsewhere, take back what was typed.

    Signals
    -------
    typed(text)
        Enter was pressed.
    taken_back()
        What was typed is gone.
    """

    typed = Signal(str)
    taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._short = self._exact = ""
        UndoKeys(self)
        self.returnPressed.connect(lambda: self.typed.emit(self.text()))

    def show_place(self, short: str, exact: str) -> None:
        """Say where the place is; what is being typed stays.

        Parameters
        ----------
        short
            To be read.
        exact
            To be edited: typed again, it means the same place.
        """
        self._short, self._exact = short, exact
        if not self.isModified():
            self._reset()

    def accept(self) -> None:
        """Show the place in place of what was typed."""
        self._reset()
        self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the place exactly, and select all of it."""
        super().focusInEvent(event)
        if not self.isModified():
            self._reset()
            QTimer.singleShot(0, self.selectAll)  # a click still has to place its cursor

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take back what was typed, unless the focus will be back."""
        super().focusOutEvent(event)
        if not (self.isModified() and event.reason() in _PASSING):
            self._take_back()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back what was typed at Escape."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._take_back()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _take_back(self) -> None:
        self._reset()
        self.taken_back.emit()

    def _reset(self) -> None:
        text = self._exact if self.hasFocus() else self._short
        if text != self.text() or self.isModified():
            self.setText(text)
            self.setCursorPosition(0)
