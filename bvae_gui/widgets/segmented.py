"""`Segmented`: a choice of a few, all of them in view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from bvae_gui.style import icon
from bvae_gui.widgets.naming import named

T = TypeVar("T")


class Segmented(QWidget, Generic[T]):
    """Buttons side by side, one of them down; arrow keys go from one to the next.

    Parameters
    ----------
    options
        Of each option what it stands for, its words, its icon or "", and its tooltip.
    name
        What is chosen, for those who can't see it.

    Signals
    -------
    chosen(value)
        The user chose another option.
    """

    chosen = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[T, str, str, str]],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = [value for value, *_ in options]
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for index, (_, words, icon_name, tip) in enumerate(options):
            button = named(QToolButton(), words, tip)
            button.setText(words)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            if icon_name:
                button.setIcon(icon(icon_name))
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._buttons.addButton(button, index)
            row.addWidget(button)
        self._buttons.button(0).setChecked(True)
        self._buttons.idClicked.connect(lambda index: self.chosen.emit(self._values[index]))

    def set_compact(self, is_compact: bool) -> None:
        """Leave the words to the tooltips where there is an icon, or write them beside it."""
        style = Qt.ToolButtonStyle
        for button in map(self.button, self._values):
            if not button.icon().isNull():
                button.setToolButtonStyle(
                    style.ToolButtonIconOnly if is_compact else style.ToolButtonTextBesideIcon
                )

    @property
    def value(self) -> T:
        """What is chosen."""
        return self._values[self._buttons.checkedId()]

    def choose(self, value: T) -> None:
        """Show that this is chosen, without a signal."""
        self.button(value).setChecked(True)

    def button(self, value: T) -> QToolButton:
        """Return an option's button."""
        button = self._buttons.button(self._values.index(value))
        assert isinstance(button, QToolButton)  # noqa: S101
        return button
