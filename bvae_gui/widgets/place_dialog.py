"""`PlaceDialog`: type a place, and be told what is wrong with it if something is."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from bvae_core.errors import BvaeError
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named


class PlaceDialog(QDialog):
    """Asks for a place, and closes when what was typed is one.

    Parameters
    ----------
    title
        What the place is for.
    hint
        The forms that a place can have.
    accept_text
        Takes what was typed; a BvaeError says why it can't.
    parent
        Whose window it belongs to.
    """

    def __init__(
        self, title: str, hint: str, accept_text: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._accept_text = accept_text
        prompt = QLabel(hint, wordWrap=True)
        self.field = named(QLineEdit(), title, hint)
        prompt.setBuddy(self.field)
        self.refusal = QLabel(wordWrap=True)
        self.refusal.hide()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for part in (prompt, self.field, self.refusal, buttons):
            column.addWidget(part)
        self.setFixedWidth(48 * GRID)
        self.adjustSize()

    def accept(self) -> None:
        """Close if the place can be had, or say why not."""
        try:
            self._accept_text(self.field.text())
        except BvaeError as error:
            self.refusal.setText(str(error))
            self.refusal.show()
            self.adjustSize()
            self.field.setFocus()
            self.field.selectAll()
        else:
            super().accept()
