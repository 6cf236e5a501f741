"""`Player`: frames as a moving picture, with what one expects beside it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from qtpy.QtGui import QAction, QActionGroup, QHideEvent, QKeySequence
from qtpy.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_gui.style import GRID, icon
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.undo_keys import UndoKeys

Repeat = Literal["loop", "bounce", "once"]

_REPEATS: dict[Repeat, tuple[str, str]] = {
    "loop": ("repeat", "Loop: begin again at the end"),
    "bounce": ("arrows-left-right", "Bounce: there and back"),
    "once": ("arrow-line-right", "Once: stop at the end"),
}
_SPEEDS = (1, 30)


def following(frame: int, count: int, step: int, repeat: Repeat) -> tuple[int, int] | None:
    """Return the frame to show after this one, and in which direction it goes on.

    Parameters
    ----------
    frame
        What is shown, 0 to `count` − 1.
    count
        How many frames there are, at least 1.
    step
        1 forwards or −1 backwards.
    repeat
        What happens at the end.

    Returns
    -------
    tuple or None
        Frame and step; None where the picture stops.
    """
    onward = frame + step
    if 0 <= onward < count:
        return onward, step
    match repeat:
        case "loop":
            return onward % count, step
        case "bounce":
            return min(max(frame - step, 0), count - 1), -step
        case "once":
            return None


class Player(QWidget):
    """A picture, and controls that ask for one frame after another.

    It has no frames of its own: whoever hears `frame_chosen` says with `set_frame` and
    `set_picture` what is shown. It waits while its scrubber is held, and stops when it is hidden.

    Parameters
    ----------
    parent
        The widget that it lies on.

    Signals
    -------
    frame_chosen(index)
        This frame shall be shown.
    """

    frame_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = 1
        self._count = 1
        self._is_held = False
        self._clock = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._advance)

        self.picture = named(ImageView(side=160), "The morph as a moving picture")
        self.play_action = QAction(self)
        # Of the widgets that it is added to: buttons keep their space bar.
        self.play_action.setShortcut(QKeySequence(Qt.Key.Key_Space))
        self.play_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.play_action.triggered.connect(self.toggle)
        play_button = QToolButton(autoRaise=True)
        play_button.setDefaultAction(self.play_action)
        play_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        named(self.scrubber, "Frame", "Drag to go through the frames")
        self.scrubber.valueChanged.connect(self.frame_chosen)
        self.scrubber.setMinimumWidth(3 * GRID)
        self.scrubber.addAction(self.play_action)
        self.speed = named(QSpinBox(), "Speed", "Speed: frames per second")
        self.speed.setRange(*_SPEEDS)
        self.speed.setValue(10)
        self.speed.setSuffix(" fps")
        self.speed.valueChanged.connect(self._set_pace)
        UndoKeys(self.speed)

        controls = QHBoxLayout()
        controls.setSpacing(GRID // 2)
        controls.addWidget(play_button)
        controls.addWidget(self.scrubber, 1)
        controls.addWidget(self._repeat_button())
        controls.addWidget(self.speed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.picture, 1)
        column.addLayout(controls)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._set_pace()
        self._say_state()

    def set_count(self, count: int) -> None:
        """Say how many frames there are, at least 1."""
        self._count = count
        with QSignalBlocker(self.scrubber):
            self.scrubber.setRange(0, count - 1)
            self.scrubber.setPageStep(max(1, count // 10))

    def set_frame(self, index: int) -> None:
        """Say which frame is shown, counted from 0."""
        with QSignalBlocker(self.scrubber):
            self.scrubber.setValue(index)

    def set_picture(self, rgb8: NDArray[np.uint8] | None) -> None:
        """Show the frame's picture, (H, W, 3) uint8, or none."""
        self.picture.set_image(rgb8)

    @property
    def is_playing(self) -> bool:
        """Whether it asks for one frame after another."""
        return self._clock.isActive()

    @property
    def repeat(self) -> Repeat:
        """What happens at the end."""
        chosen: Repeat = self._repeats.checkedAction().data()
        return chosen

    def set_repeat(self, repeat: Repeat) -> None:
        """Choose what happens at the end."""
        self._repeats.actions()[list(_REPEATS).index(repeat)].trigger()

    def toggle(self) -> None:
        """Play, or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on from the frame that is shown, or from the first if that is the last of all."""
        is_at_the_end = self.scrubber.value() == self._count - 1
        if self.repeat == "once" and is_at_the_end:
            self.frame_chosen.emit(0)
        self._clock.start()
        self._say_state()

    def pause(self) -> None:
        """Stay at the frame that is shown."""
        self._clock.stop()
        self._say_state()

    def hold(self, is_held: bool) -> None:
        """Wait at the frame that is shown while that is held elsewhere, or go on playing."""
        self._is_held = is_held

    def hideEvent(self, event: QHideEvent) -> None:
        """Pause: nobody is watching."""
        self.pause()
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        """Return the size at which the picture is about square."""
        return QSize(232, 200)

    def _advance(self) -> None:
        if self._is_held or self.scrubber.isSliderDown():
            return
        step = self._step if self.repeat == "bounce" else 1
        onward = following(self.scrubber.value(), self._count, step, self.repeat)
        if onward is None:
            self.pause()
        else:
            frame, self._step = onward
            self.frame_chosen.emit(frame)

    def _set_pace(self) -> None:
        self._clock.setInterval(round(1000 / self.speed.value()))

    def _say_state(self) -> None:
        self.play_action.setText("Pause" if self.is_playing else "Play")
        self.play_action.setIcon(icon("pause" if self.is_playing else "play"))
        self.play_action.setToolTip(f"{self.play_action.text()} the morph (Space)")

    def _repeat_button(self) -> QToolButton:
        self._repeats = QActionGroup(self)
        menu = QMenu(self)
        button = named(QToolButton(), "At the end")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)

        def show_choice() -> None:
            name, words = _REPEATS[self.repeat]
            button.setIcon(icon(name))
            button.setToolTip(words)

        for repeat, (name, words) in _REPEATS.items():
            action = menu.addAction(icon(name), words)
            action.setCheckable(True)
            action.setData(repeat)
            self._repeats.addAction(action)
            action.triggered.connect(show_choice)
        self._repeats.actions()[0].setChecked(True)
        show_choice()
        return button
