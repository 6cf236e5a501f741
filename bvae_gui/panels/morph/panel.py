"""`MorphPanel`: frames between anchors, as a strip and as a moving picture."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QAction, QKeySequence, QShowEvent
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_core.figures.ink import faded, to_rgb8
from bvae_core.latent import axis_name
from bvae_core.latent.units import DEAD_NATS
from bvae_gui.panels.morph.anchors import LETTERS, AnchorRow
from bvae_gui.panels.morph.settings import MorphSettings
from bvae_gui.panels.morph.way_line import WayLine
from bvae_gui.places_menu import offer_places
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import ANCHORS
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.film_strip import FilmStrip, ScrolledStrip
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.numbers import number, numbers
from bvae_gui.widgets.player import Player

_COORDINATES_SHOWN = 6


class MorphPanel(QWidget):
    """The morph that the state makes, its settings, its anchors, and a player.

    `play_action`, `export_action` and `copy_command_action` are for menus, too; the last two do
    what is connected to them.

    Parameters
    ----------
    state
        What it shows and changes.
    parent
        The widget that it lies on.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._pixels: NDArray[np.uint8] = np.empty((0, 1, 1, 3), np.uint8)
        self._index: NDArray[np.int64] | None = None  # for each frame its image, if some share one
        self.settings = MorphSettings(state)
        self.anchors = AnchorRow(state)
        self.way_line = WayLine(state)
        self.around = QElidingLabel()
        self.around.setProperty("role", "quiet")
        self.around_button = named(
            QToolButton(), "Pin another place", "Choose what a traversal goes around"
        )
        self.around_button.setText("Go elsewhere…")
        self.around_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.around_button.clicked.connect(self._open_around_menu)
        self.strip = FilmStrip()
        self.player = Player()
        self.play_action = self.player.play_action
        self.export_action = self._action("Export…", "export", "Save the morph as a file", "Ctrl+E")
        self.copy_command_action = self._action(
            "Copy as command", "terminal-window",
            "Copy the command that makes the same file in a shell", "Ctrl+Alt+C",
        )  # fmt: skip
        self._lay_out()

        self.strip.set_describe(self._describe)
        self.strip.addAction(self.play_action)
        self.strip.frame_chosen.connect(state.morph.show_frame)
        self.strip.frame_pinned.connect(self._pin_frame)
        self.strip.held.connect(self.player.hold)
        self.strip.menu_requested.connect(self._open_frame_menu)
        self.player.frame_chosen.connect(state.morph.show_frame)
        state.bundle_changed.connect(self._update_bundle)
        state.morph.changed.connect(self._update_morph)
        state.morph.frame_changed.connect(self._update_frame)
        state.mode_changed.connect(self._update_mode)
        state.point_changed.connect(self._update_around)
        state.look_changed.connect(self._update_morph)
        self._update_bundle()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody saw it."""
        super().showEvent(event)
        self._update_morph()

    # -- from the state ----------------------------------------------------------------------

    def _update_bundle(self) -> None:
        is_open = self._state.bundle is not None
        self._stack.setCurrentIndex(int(is_open))
        for action in (self.play_action, self.export_action, self.copy_command_action):
            action.setEnabled(is_open)
        self.player.pause()
        if is_open:
            self._update_mode()
            self._update_morph()

    def _update_mode(self) -> None:
        self._update_around()
        in_traversal = self._state.scene.mode == "traversal"
        self.anchors.setVisible(not in_traversal)
        self.way_line.setVisible(not in_traversal)
        self.around.setVisible(in_traversal)
        self.around_button.setVisible(in_traversal)

    def _update_around(self) -> None:
        scene = self._state.scene
        if scene.mode != "traversal":  # nobody sees it, and the point may be dragged
            return
        place = self._state.label(scene.point)
        if scene.dimension is None:
            words = f"Every dimension varies around the pinned point, {place}, {self._range()}"
        else:
            words = f"{axis_name(scene.dimension)} varies around the pinned point, {place}"
        self.around.setText(words)

    def _range(self) -> str:
        """Say how far every dimension varies."""
        scene, bounds = self._state.scene, self._state.morph.bounds
        if scene.over == "data":
            return "each from its smallest code to its largest"
        if scene.over == "quantiles":
            return "each through its codes without their tails"
        low, high = (f"{end:.3g}".replace("-", "−") for end in bounds[0])
        return f"from {low} to {high}"

    def _update_morph(self) -> None:
        """Decode and show the frames."""
        if self._state.bundle is None or not self.isVisible():
            return
        state, scene = self._state, self._state.scene
        images, index = state.morph.decoded
        self._pixels, self._index = to_rgb8(images, state.theme, state.ink), index
        if state.morph.row_dimensions is not None:
            self._show_rows(state.morph.row_dimensions)
        elif scene.mode == "traversal":
            self.strip.set_frames(self._pixels, captions=self._values())
        else:
            columns = scene.columns if scene.mode == "grid" else None
            self.strip.set_frames(
                self._pixels, index=index, columns=columns, anchors=self._letters()
            )
        self.player.set_count(self.strip.count)
        self._update_frame()

    def _show_rows(self, dimensions: NDArray[np.int64]) -> None:
        """Show a row for each dimension, by its name; faintly what says nothing."""
        state, columns = self._state, self._state.scene.frames
        kl = state.kl_per_dim[dimensions]
        dead = np.flatnonzero(kl < DEAD_NATS)
        pixels = self._pixels if self._index is None else self._pixels[self._index]
        if len(dead):
            pixels = pixels.reshape(len(dimensions), columns, *pixels.shape[1:]).copy()
            pixels[dead] = faded(pixels[dead], state.theme.ground)
            pixels = pixels.reshape(-1, *pixels.shape[2:])
        self.strip.set_frames(
            pixels,
            columns=columns,
            rows=[
                f"{axis_name(dimension)} · {nats:.2f} nats"
                for dimension, nats in zip(dimensions, kl, strict=True)
            ],
            faint_rows=dead.tolist(),
        )

    def _update_frame(self) -> None:
        if not self.strip.count or not self.isVisible():
            return
        frame = self._state.morph.frame
        self.strip.set_current(frame)
        self.scrolled.show_rect(self.strip.frame_rect(frame))
        self.player.set_frame(frame)
        shown = frame if self._index is None else self._index[frame]
        self.player.set_picture(self._pixels[shown])

    def _letters(self) -> dict[int, str]:
        """Return the anchors' letters by the frames that are nearest to them."""
        scene = self._state.scene
        if scene.mode == "grid":
            right, last_row = scene.columns - 1, (scene.rows - 1) * scene.columns
            return dict(zip((0, right, last_row, last_row + right), LETTERS, strict=False))
        letters: dict[int, str] = {}
        frames = np.rint(np.linspace(0, scene.frames - 1, len(scene.anchors)))
        for frame, letter in zip(frames.astype(int).tolist(), LETTERS, strict=False):
            letters[frame] = letters.get(frame, "") + letter
        return letters

    def _values(self) -> dict[int, str]:
        """Return a traversal's values at its ends, and in the middle if a frame is there."""
        values = self._state.morph.places[:, self._state.scene.dimension or 0]
        last = len(values) - 1
        shown = {0, last} | ({last // 2} if last % 2 == 0 else set())
        return {index: number(values[index], 2) for index in shown}

    def _describe(self, index: int) -> str:
        """Say where a frame is, and what was encoded nearest to it."""
        state = self._state
        place = state.morph.places[index]
        (nearest,), (distance,) = state.neighbours.nearest(place, 1)
        labels = state.model.labels
        name = f"#{nearest}"
        if labels is not None:
            name = f"{state.model.class_names[labels[nearest]]}, {name}"
        return (
            f"Frame {index + 1} of {len(state.morph.places)}\n"
            f"z = ({numbers(place, _COORDINATES_SHOWN)})\n"
            f"Nearest: {name}, {number(distance)} away\nDouble-click to pin"
        )

    # -- from the user -----------------------------------------------------------------------

    def _pin_frame(self, index: int) -> None:
        self._state.pin(self._state.morph.places[index])

    def _open_frame_menu(self, index: int, position: QPoint) -> None:
        state, place = self._state, self._state.morph.places[index]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Pin this frame", partial(state.pin, place))
        if state.scene.mode != "traversal":
            put = menu.addMenu("Put anchor here")
            for anchor in range(len(state.scene.anchors)):
                put.addAction(LETTERS[anchor], partial(state.set_anchor, anchor, place))
        if state.scene.mode == "path":
            before = self._anchor_before(index) + 1
            add = menu.addAction("Add an anchor here", partial(state.add_anchor, place, before))
            add.setEnabled(len(state.scene.anchors) < ANCHORS[1])
        menu.popup(position)

    def _open_around_menu(self) -> None:
        menu, button = QMenu(self), self.around_button
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offer_places(
            menu, self._state, "Go around", self._state.pin, self,
            with_anchors=True, with_pinned=False,
        )  # fmt: skip
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _anchor_before(self, frame: int) -> int:
        """Return the anchor that starts the stretch on which a frame of a path lies."""
        stretches = len(self._state.scene.anchors) - 1
        return min(frame * stretches // (len(self._state.morph.places) - 1), stretches - 1)

    # -- how it is built ---------------------------------------------------------------------

    def _action(self, words: str, icon_name: str, tip: str, keys: str) -> QAction:
        action = QAction(icon(icon_name), words, self)
        action.setToolTip(f"{tip} ({keys})")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.settings, 1)
        for action in (self.copy_command_action, self.export_action):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        left = QWidget()
        parts = QVBoxLayout(left)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(GRID // 2)
        parts.addLayout(top)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.anchors)
        line.addWidget(self.way_line, 1)
        parts.addLayout(line)
        around = QHBoxLayout()
        around.setSpacing(GRID)
        around.addWidget(self.around, 1)
        around.addWidget(self.around_button)
        parts.addLayout(around)
        self.scrolled = ScrolledStrip(self.strip)
        parts.addWidget(self.scrolled, 1)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setHandleWidth(2 * GRID)
        body.setChildrenCollapsible(False)
        body.addWidget(left)
        body.addWidget(self.player)
        body.setStretchFactor(0, 1)
        nothing = QLabel("Open a model to morph its images.")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setProperty("role", "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        self._stack.addWidget(nothing)
        self._stack.addWidget(body)
