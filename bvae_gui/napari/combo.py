"""`Combo`: a choice of anything, each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import QSignalBlocker
from qtpy.QtWidgets import QComboBox, QSizePolicy

from bvae_gui.widgets.naming import named

_SHORTEST = 8  # letters


class Combo(QComboBox):
    """Offers values by their words; signals `activated` when the user chooses.

    Parameters
    ----------
    name, tip
        See `named`.
    """

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        named(self, name, tip)
        self._values: list[Any] = []
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHORTEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> Any:
        """What is chosen; None where nothing is offered."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def offer(self, choices: Sequence[tuple[str, Any]], wanted: Any = None) -> None:
        """Offer these (words, value), with `wanted` chosen if it is among them, else the first."""
        with QSignalBlocker(self):
            self.clear()
            self._values = [value for _, value in choices]
            for words, _ in choices:
                self.addItem(words)
            if not self.choose(wanted) and choices:
                self.setCurrentIndex(0)
        self.setEnabled(bool(choices))

    def choose(self, value: Any) -> bool:
        """Choose a value, if it is offered; return whether it is."""
        for index, offered in enumerate(self._values):
            if offered is value or (isinstance(value, str | tuple) and offered == value):
                self.setCurrentIndex(index)
                return True
        return False
