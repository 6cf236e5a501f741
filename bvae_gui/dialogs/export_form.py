"""`ExportForm`: what a file shall be like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qtpy.QtCore import QSignalBlocker, QTimer, Signal
from qtpy.QtGui import QFocusEvent
from qtpy.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from bvae_core.figures.limits import ANIMATION_SUFFIXES, FIGURE_SUFFIXES, FPS, SCALE
from bvae_gui.recipes import Choices, What, chosen_suffix
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.field import Field
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.number_box import NumberBox
from bvae_gui.widgets.segmented import Segmented

_FORMATS = {
    ".png": ("PNG", "Pixels; carries what it was made from, to be opened here again"),
    ".svg": ("SVG", "Lines and words that stay sharp at any size, for the web"),
    ".pdf": ("PDF", "Lines and words that stay sharp at any size, for print"),
    ".gif": ("GIF", "Plays everywhere"),
    ".webp": ("WebP", "Smaller, and plays in every browser"),
}
_AUTOMATIC = 0
_NO_ORIGINALS = (
    "They are not at hand. Locate images… in the selection tool is for saying where they are."
)
_WITH_WORDS: tuple[What, ...] = ("morph", "map", "equation", "contact")


class ExportForm(QWidget):
    """Controls for `Choices`: those that the kind of file has.

    Parameters
    ----------
    state
        What is explored.
    parent
        The widget that it lies on.

    Attributes
    ----------
    figure_format, animation_format, scale, theme, ink, fps
        Controls.
    boxes
        Those that are on or off, by the choices' names.

    Signals
    -------
    changed()
        The user chose something else.
    """

    changed = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._what: What = "morph"
        self._choices = Choices()
        self._fields: dict[str, Field] = {}
        self.boxes: dict[str, QCheckBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._add_file()
        self._add_look()
        self._add_motion()
        self._add_map()
        self._add_contact()
        self._column.addStretch()

    @property
    def choices(self) -> Choices:
        """What is chosen."""
        return self._choices

    @property
    def suffix(self) -> str:
        """What the file's name shall end in."""
        return chosen_suffix(self._what, self._choices)

    def fill(self, what: What, choices: Choices) -> None:
        """Show these choices for this kind of file."""
        self._what, self._choices = what, choices
        self._arrange()
        self.figure_format.choose(self.suffix if what != "animation" else FIGURE_SUFFIXES[0])
        self.animation_format.choose(self.suffix if what == "animation" else ANIMATION_SUFFIXES[0])
        self.theme.choose(choices.theme or self._state.theme.name)
        self.ink.choose(choices.ink or self._state.ink)
        with QSignalBlocker(self.scale):
            self.scale.setValue(choices.scale or _AUTOMATIC)
        with QSignalBlocker(self.fps):
            self.fps.setValue(choices.fps)
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(getattr(choices, name))
        if self._state.originals is None:
            with QSignalBlocker(self.boxes["originals"]):
                self.boxes["originals"].setChecked(False)

    def _arrange(self) -> None:
        """Show the controls that say something about such a file."""
        what, is_grey = self._what, self._state.model.image_shape[-1] == 1
        has_labels, has_pixels = what in _WITH_WORDS, what != "map"
        has_ink = has_pixels or self._state.map.layers.manifold
        for name, is_of_use in {
            "figure_format": what != "animation",
            "animation_format": what == "animation",
            "scale": has_pixels,
            "theme": has_labels or is_grey,
            "ink": has_ink and is_grey,
            "labels": has_labels,
            "fps": what == "animation",
            "repeat": what == "animation",
            "content": what == "map",
            "pictures": what == "contact",
        }.items():
            self._fields[name].setVisible(is_of_use)
        self.boxes["way"].setEnabled(self._state.scene.mode == "path")
        are_at_hand = self._state.originals is not None
        self.boxes["originals"].setEnabled(are_at_hand)
        self._fields["pictures"].set_hint("" if are_at_hand else _NO_ORIGINALS)

    def _choose(self, **values: Any) -> None:
        self._choices = replace(self._choices, **values)
        self.changed.emit()

    # -- the fields --------------------------------------------------------------------------

    def _add_file(self) -> None:
        self.figure_format = self._formats("figure_format", FIGURE_SUFFIXES)
        self.animation_format = self._formats("animation_format", ANIMATION_SUFFIXES)
        self.scale = _ScaleBox()
        self.scale.valueChanged.connect(lambda scale: self._choose(scale=scale or None))
        self._add(
            "scale", "Scale", self.scale, "Pixels of the file for a pixel of an image, each way"
        )

    def _formats(self, name: str, known: tuple[str, ...]) -> Segmented[str]:
        options = [(suffix, _FORMATS[suffix][0], "", _FORMATS[suffix][1]) for suffix in known]
        formats = Segmented(options, "Format")
        formats.chosen.connect(lambda suffix: self._choose(suffix=suffix))
        self._add(name, "Format", _row(formats), "What kind of file is written")
        return formats

    def _add_look(self) -> None:
        self.theme = Segmented(
            [
                ("light", "Light", "", "Dark on light paper"),
                ("dark", "Dark", "", "Light on dark ground"),
            ],
            "Colours",
        )
        self.theme.chosen.connect(lambda theme: self._choose(theme=theme))
        self._add("theme", "Colours", _row(self.theme), "Of paper, ground and words")
        self.ink = Segmented(
            [
                ("paper", "On paper", "", "Images as ink on paper"),
                ("screen", "On black", "", "Images as grey on black, as the model sees them"),
            ],
            "Ink",
        )
        self.ink.chosen.connect(lambda ink: self._choose(ink=ink))
        self._add("ink", "Ink", _row(self.ink), "How grey images are shown")
        labels = self._box("labels", "Words and numbers", "Write beside the images what they are")
        self._add("labels", "Labels", labels, "Whether there are words around")

    def _add_motion(self) -> None:
        self.fps = NumberBox(maximum=FPS[1], decimals=1)
        self.fps.setMinimum(FPS[0])
        self.fps.setSuffix(" fps")
        self.fps.valueChanged.connect(lambda fps: self._choose(fps=fps))
        self._add("fps", "Speed", self.fps, "Frames a second")
        loop = self._box("loop", "Loop", "Begin again at the end")
        bounce = self._box("bounce", "There and back", "Play backwards after forwards")
        self._add("repeat", "Repeat", _row(loop, bounce), "What comes after the end")

    def _add_map(self) -> None:
        way = self._box("way", "The morph's way", "Draw the path through the anchors")
        self._add("content", "Show", _row(way), "What the map shows, beside its layers")

    def _add_contact(self) -> None:
        originals = self._box(
            "originals", "The images themselves",
            "Show the images that the model was trained on, not what it makes of their codes",
        )  # fmt: skip
        self._add(
            "pictures", "Show", _row(originals), "The images, or what the model makes of them"
        )

    def _box(self, name: str, words: str, tip: str) -> QCheckBox:
        box = named(QCheckBox(words), words, tip)
        box.toggled.connect(lambda is_on: self._choose(**{name: is_on}))
        self.boxes[name] = box
        return box

    def _add(self, name: str, label: str, editor: QWidget, tip: str) -> None:
        self._fields[name] = Field(label, editor, tip=tip)
        self._column.addWidget(self._fields[name])


class _ScaleBox(QSpinBox):
    """A scale, or the word for none; whichever it is, one can type over it."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(_AUTOMATIC, SCALE[1])
        self.setSpecialValueText("Automatic")
        self.setSuffix(" ×")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select all, also after a click, which would undo it if it were done at once."""
        super().focusInEvent(event)
        QTimer.singleShot(0, self.selectAll)


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2 * GRID)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    return row
