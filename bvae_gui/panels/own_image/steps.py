"""`StepList`: what was done to a picture, each step of it to leave out or to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

if TYPE_CHECKING:
    from bvae_core.fitting import Done, Step

_WIDTH = 28 * GRID
_TIPS: dict[Step, tuple[str, str]] = {
    "invert": ("Invert", "Make bright dark and dark bright, so that the background is the model's"),
    "contrast": ("Stretch contrast", "Make the background plain, and the ink as strong as can be"),
    "crop": ("Crop", "Cut off what is around the ink, and leave the model's usual margin"),
    "centre": ("Centre", "Move the ink to where the model's images have it"),
}


class StepList(QWidget):
    """A box to check for each step, and a line with the rest.

    Parameters
    ----------
    parent
        The widget that it lies on.

    Attributes
    ----------
    boxes
        The boxes by their steps.

    Signals
    -------
    chosen(step, is_on)
        The user wants a step done, or left out.
    """

    chosen = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[Step, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for step, (name, tip) in _TIPS.items():
            self.boxes[step] = box = named(QCheckBox(), name, tip)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.clicked.connect(lambda is_on, step=step: self.chosen.emit(step, is_on))
            column.addWidget(box)
        self._rest = QLabel()
        self._rest.setProperty("role", "quiet")
        column.addWidget(self._rest)
        column.addStretch(1)
        self.setFixedWidth(_WIDTH)

    def show_steps(self, done: Sequence[Done]) -> None:
        """Show what was done; a step that a model has no use for has no box."""
        said = {each.step: each for each in done if each.step is not None}
        for step, box in self.boxes.items():
            box.setVisible(step in said)
            if step in said:
                _, tip = _TIPS[step]
                words = _sentence(said[step].words)
                box.setChecked(said[step].is_on)
                box.setText(words)
                box.setToolTip(f"{tip}\n{words}")
                box.setAccessibleDescription(words)
        self._rest.setText("\n".join(_sentence(each.words) for each in done if each.step is None))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
