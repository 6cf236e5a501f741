"""`DirectionView`: a direction, a slider that goes along it, and a strip of steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.annotations import Annotations
from bvae_core.errors import BvaeError
from bvae_core.figures.ink import to_rgb8
from bvae_core.latent import check_direction_name
from bvae_gui.clipboard import copy_command
from bvae_gui.opening import called_in_shell
from bvae_gui.panels.arithmetic.new_direction import NewDirection
from bvae_gui.recipes import walk_recipe
from bvae_gui.state import ExplorerState
from bvae_gui.state.walk import REACH, STEPS, Walk
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.film_strip import FilmStrip
from bvae_gui.widgets.gestures import Gestures
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.notice import Notice
from bvae_gui.widgets.numbers import number
from bvae_gui.widgets.place_dialog import PlaceDialog
from bvae_gui.widgets.value_slider import ValueSlider

# So often the strip follows a point that is dragged: it is too much for every move of the mouse.
_STRIP_MS = 33
_NONE_YET = (
    "A direction is what tells some images from others.\n"
    "Added to any place, it lets that grow there."
)


class DirectionView(QWidget):
    """Goes along the directions that are saved with the model.

    The slider moves the pinned point. Where that has been moved otherwise, off the line, a new line
    begins at it.

    Parameters
    ----------
    state
        What it shows and changes.
    parent
        The widget that it lies on.

    Attributes
    ----------
    tools
        The choice of a direction, and buttons for what can be done with it; they lie elsewhere.
    choice, new_button, rename_button, remove_button, morph_button, copy_button
        What is in it.
    slider, strip, notice, begin_button
        What else there is.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._walk: Walk | None = None
        self._drawn: tuple[object, ...] = ()
        self._strip_due = QTimer(self, singleShot=True, interval=_STRIP_MS)
        self._strip_due.timeout.connect(self._draw_strip)
        self._make_parts()
        self.tools = self._make_tools()
        self._lay_out()
        state.bundle_changed.connect(self._start_anew)
        state.annotations_changed.connect(self._list)
        state.point_changed.connect(self._follow)
        state.look_changed.connect(self._show)

    # -- what is shown -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody saw it."""
        super().showEvent(event)
        self._list()

    def _start_anew(self) -> None:
        self._walk = None
        self._drawn = ()
        self.strip.set_frames(None)
        self.choice.clear()
        self.notice.hide()
        self._list()

    def _list(self) -> None:
        """Offer the directions that there are, and go on with the one that was chosen."""
        if self._state.bundle is None or not self.isVisible():
            return
        try:
            names = list(self._state.annotations.directions)
        except BvaeError as error:
            self.notice.say(str(error), "Try again", self._list)
            return
        chosen = self.choice.currentText()
        self.choice.clear()
        self.choice.addItems(names)
        self.choice.setCurrentIndex(max(0, self.choice.findText(chosen)) if names else -1)
        for part in (
            self.choice, self.rename_button, self.remove_button, self.morph_button,
            self.copy_button,
        ):  # fmt: skip
            part.setVisible(bool(names))
        self._pages.setCurrentIndex(int(bool(names)))
        self._choose()

    def _choose(self) -> None:
        """Begin a line in the chosen direction, at the pinned point."""
        name = self.choice.currentText()
        vector = self._state.annotations.directions.get(name)
        if vector is None:
            self._walk = None
        elif self._walk is None or self._walk.vector != vector:
            self._walk = Walk(self._state.scene.point, vector)
        self._show()

    def _follow(self) -> None:
        if self._walk is not None and self.isVisible():
            self._show()

    def _show(self) -> None:
        """Show where the pinned point is on the line; if it is off the line, begin a new one."""
        if self._walk is None or self._state.bundle is None or not self.isVisible():
            return
        state, point = self._state, self._state.scene.point
        amount = self._walk.amount_at(point)
        if amount is None:
            self._walk, amount = Walk(point, self._walk.vector), 0.0
        self.slider.show_number(amount)
        if not self.strip.count:
            self._draw_strip()
        elif self._drawn != (self._walk, state.theme, state.ink) and not self._strip_due.isActive():
            self._strip_due.start()
        self.strip.set_current(int(np.abs(np.array(STEPS) - amount).argmin()))

    def _draw_strip(self) -> None:
        walk, state = self._walk, self._state
        if walk is not None and state.bundle is not None and self.isVisible():
            self._drawn = walk, state.theme, state.ink
            self.strip.set_frames(self._pictures(walk), captions=_CAPTIONS)
            self.base.setText(f"Steps from {state.label(walk.base)}")

    def _pictures(self, walk: Walk) -> NDArray[np.uint8]:
        state = self._state
        places = np.array([walk.place_at(step).z for step in STEPS], np.float32)
        return to_rgb8(state.decode(places), state.theme, state.ink)

    def _describe(self, index: int) -> str:
        return f"{_signed(STEPS[index])} of the direction\nClick to pin"

    # -- what the user does ------------------------------------------------------------------

    def _go(self, amount: float) -> None:
        if self._walk is not None:
            self._state.pin(self._walk.place_at(amount))

    def _go_to_frame(self, index: int) -> None:
        self._go(STEPS[index])

    def ask_for_new(self) -> None:
        """Ask what to make another direction of."""
        NewDirection(self._state, self._take_new, self).open()

    def _take_new(self, name: str) -> None:
        self.choice.setCurrentText(name)
        self._choose()
        self._state.say(f"Saved the direction {name}")

    def ask_for_name(self) -> None:
        """Ask what else to call the direction."""
        name = self.choice.currentText()
        dialog = PlaceDialog(
            f"Rename {name}", "What to call the direction", partial(self._rename, name), self
        )
        dialog.field.setText(name)
        dialog.field.selectAll()
        dialog.open()

    def _rename(self, name: str, new: str) -> None:
        check_direction_name(new)
        index = self.choice.currentIndex()
        self._state.annotate(lambda before: before.rename_direction(name, new.strip()))
        self.choice.setCurrentIndex(index)
        self._choose()

    def remove(self) -> None:
        """Save the direction no longer, and offer to bring it back."""
        name = self.choice.currentText()
        vector = self._state.annotations.direction(name)
        self._state.annotate(lambda before: before.without_direction(name))
        self.notice.say(
            f"Removed the direction {name}.", "Undo", partial(self._bring_back, name, vector),
            tip="Save it again",
        )  # fmt: skip

    def _bring_back(self, name: str, vector: tuple[float, ...]) -> None:
        def add(before: Annotations) -> Annotations:
            return before if name in before.directions else before.with_direction(name, vector)

        self._state.annotate(add)
        self.choice.setCurrentText(name)
        self._choose()

    def to_morph(self) -> None:
        """Let the morph go along the direction, from one end of the strip to the other."""
        state = self._state
        if self._walk is not None:
            ends = self._walk.place_at(-REACH), self._walk.place_at(REACH)
            state.make_path(ends, len(STEPS))
            state.say("The morph goes along the direction")

    def copy_command(self) -> None:
        """Put the command that makes the strip on the clipboard."""
        state = self._state
        if self._walk is not None:
            words = walk_recipe(state, self._walk).command(
                called_in_shell(state.model), "direction.png"
            )
            copy_command(words)
            state.say("Copied the command that makes direction.png")

    # -- what it is made of ------------------------------------------------------------------

    def _make_tools(self) -> QWidget:
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.choice)
        self.new_button = self._button(
            "New direction…", "plus", "Make a direction of two groups of images", self.ask_for_new
        )
        self.rename_button = self._button(
            "Rename…", "pencil-simple", "Call the direction otherwise", self.ask_for_name
        )
        self.remove_button = self._button(
            "Remove", "trash", "Save the direction no longer", self.remove
        )
        self.morph_button = self._button(
            "To the morph", "path", "Let the morph go along the direction", self.to_morph
        )
        self.copy_button = self._button(
            "Copy as command", "terminal-window",
            "Copy the command that makes the strip in a shell", self.copy_command,
        )  # fmt: skip
        for button in (self.new_button, self.rename_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.morph_button, self.copy_button):
            row.addWidget(button)
        return tools

    @staticmethod
    def _button(words: str, icon_name: str, tip: str, act: Callable[[], None]) -> QToolButton:
        button = named(QToolButton(), words, tip)
        button.setIcon(icon(icon_name))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: act())
        return button

    def _make_parts(self) -> None:
        state = self._state
        self.choice = named(QComboBox(), "Direction", "The direction to go along")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.setMinimumWidth(20 * GRID)
        self.choice.activated.connect(lambda: self._choose())
        self.slider = named(
            ValueSlider("Steps", "", REACH, (-1, 1)),
            "Steps along the direction",
            "How many times the direction is added to where the pinned point was. Arrow keys: "
            "small steps; double click or the key 0: back",
        )
        self.slider.chosen.connect(self._go)
        gestures = Gestures(self.slider)
        gestures.began.connect(state.begin_gesture)
        gestures.ended.connect(state.end_gesture)
        gestures.cancelled.connect(self.slider.end_drag)
        gestures.cancelled.connect(state.cancel_gesture)
        self.base = QLabel()
        self.base.setProperty("role", "quiet")
        self.base.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.strip = FilmStrip()
        self.strip.setAccessibleName("Steps along the direction")
        self.strip.set_describe(self._describe)
        self.strip.frame_chosen.connect(self._go_to_frame)
        self.strip.frame_pinned.connect(self._go_to_frame)
        self.notice = Notice()
        self.begin_button = QPushButton("New direction…")
        self.begin_button.setToolTip("Make a direction of two groups of images")
        self.begin_button.clicked.connect(self.ask_for_new)

    def _lay_out(self) -> None:
        nothing = QWidget()
        middle = QVBoxLayout(nothing)
        middle.setSpacing(GRID)
        words = QLabel(_NONE_YET)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setProperty("role", "quiet")
        middle.addStretch(1)
        middle.addWidget(words)
        middle.addWidget(self.begin_button, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        along = QWidget()
        column = QVBoxLayout(along)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        line = QHBoxLayout()
        line.setSpacing(2 * GRID)
        line.addWidget(self.slider, 2)
        line.addWidget(self.base, 1)
        column.addLayout(line)
        column.addWidget(self.strip, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(along)
        all_ = QVBoxLayout(self)
        all_.setContentsMargins(0, 0, 0, 0)
        all_.setSpacing(GRID // 2)
        all_.addWidget(self.notice)
        all_.addWidget(self._pages, 1)


def _signed(step: float) -> str:
    words = number(abs(step), 0 if step == int(step) else 1)
    return f"{'−' if step < 0 else '+' if step > 0 else ''}{words}"


_CAPTIONS = {index: _signed(step) for index, step in enumerate(STEPS) if step == int(step)}
