"""`ProgressRow`: how far something is that takes its time, and a way to stop it."""

from __future__ import annotations

from qtpy.QtCore import QSize, Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named


class ProgressRow(QWidget):
    """Words, a bar and a button; hidden until there is something to wait for.

    Parameters
    ----------
    words
        What is waited for.
    parent
        The widget that it lies on.

    Signals
    -------
    stop_asked()
        The user won't wait.
    """

    stop_asked = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(words)
        label.setProperty("role", "quiet")
        self.bar = named(QProgressBar(), words)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID // 2)
        self.stop_button = named(QToolButton(), f"Stop: {words}", "Stop")
        self.stop_button.setIcon(icon("x"))
        self.stop_button.setIconSize(QSize(2 * GRID, 2 * GRID))
        self.stop_button.clicked.connect(lambda: self.stop_asked.emit())
        top = QHBoxLayout()
        top.addWidget(label)
        top.addStretch()
        top.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(top)
        column.addWidget(self.bar)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """Show that so many steps of so many are done; a total of 0 isn't known yet."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.show()
