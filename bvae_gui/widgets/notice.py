"""`Notice`: a line that says what was done or what is wrong, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import Qt
from qtpy.QtGui import QPalette
from qtpy.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named


class Notice(QFrame):
    """Hidden until it has something to say; the user closes it, or takes up its offer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[], object] | None = None
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.offer = QPushButton()
        self.offer.clicked.connect(self._take_up)
        self.close_button = named(QToolButton(), "Close", "Close this message")
        self.close_button.setIcon(icon("x"))
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID // 2)
        row.addWidget(self.words, 1)
        for button in (self.offer, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.hide()

    def say(
        self, text: str, offer: str = "", act: Callable[[], object] | None = None, *, tip: str = ""
    ) -> None:
        """Say something, instead of what it said before.

        Parameters
        ----------
        text
            A sentence.
        offer, act, tip
            What the button is called, what it does, and that in a sentence; empty leaves it out.
        """
        self.words.setText(text)
        self.setAccessibleName(text)
        self._act = act
        self.offer.setText(offer)
        self.offer.setToolTip(tip or offer)
        self.offer.setVisible(bool(offer))
        self.show()

    @property
    def text(self) -> str:
        """What it says, or nothing."""
        return "" if self.isHidden() else self.words.text()

    def _take_up(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()
