"""`ReadingView`: what the model makes of a picture, from how it sees it to what is like it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_core.figures.ink import to_rgb8
from bvae_gui.clipboard import copy_command
from bvae_gui.following import Following
from bvae_gui.opening import called_in_shell
from bvae_gui.panels.own_image.steps import StepList
from bvae_gui.state import ExplorerState
from bvae_gui.state.own_image import OwnImage
from bvae_gui.state.scene import ANCHORS
from bvae_gui.style import GRID, icon
from bvae_gui.surroundings import likelihood, nearest_tiles, thing
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.numbers import lines, numbers
from bvae_gui.widgets.tile_row import TileRow

_SIDE, _LEAST_SIDE = 18 * GRID, 11 * GRID
_NEIGHBOURS = 6
_COORDINATES_SHOWN = 2
# Drawing, one looks elsewhere: so slowly the rest follows a stroke.
_PAUSE_MS = 50
_READS_FILE = "Copy the command that reads the same file in a shell, with the same steps"
_READS_SAVED = (
    "Save the picture as the model sees it, and copy the command that reads that file in a shell"
)


class ReadingView(QWidget):
    """The picture as the model sees it, the steps to that, its reconstruction, and its likes.

    Parameters
    ----------
    state
        Whose own image is shown.
    parent
        The widget that it lies on.

    Attributes
    ----------
    steps
        What was done to the picture.
    seen, decoded
        The picture as the model sees it, and what the model makes of it.
    sigma, error
        How sure the model is of where it lies, and how well it makes it again.
    words, title, tiles
        Where it lies, and what is near.
    pin_button, keep_button, anchor_button, copy_button
        What may become of it.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._nearest: NDArray[np.int64] = np.empty(0, np.int64)
        self.steps = StepList()
        self.seen = named(ImageView(side=_SIDE), "As the model sees it")
        self.decoded = named(
            ImageView(side=_SIDE), "Reconstruction", "What the model decodes at the mean"
        )
        for view in (self.seen, self.decoded):
            view.setMinimumSize(_LEAST_SIDE, _LEAST_SIDE)
        self.sigma, self.error = _quiet(), _quiet()
        self.words = QElidingLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.title = _quiet()
        self.tiles = TileRow(_NEIGHBOURS)
        self.tiles.chosen.connect(self._pin_neighbour)
        self._make_buttons()
        self._lay_out()
        self._following = Following(
            self._show_typicality, self.show_nearest, parent=self, pause=_PAUSE_MS
        )

    def refresh(self) -> None:
        """Show the state's own image, if there is one."""
        own = self._state.own
        if own is None or not self.isVisible():
            return
        state = self._state
        is_grey = state.model.image_shape[-1] == 1
        ground = state.theme.sheet if state.ink == "paper" else "#000000"
        for view, image in ((self.seen, own.fitted.image), (self.decoded, own.decoded)):
            view.set_sheet(ground if is_grey else None)
            view.set_image(to_rgb8(image, state.theme, state.ink, leading=0))
        self.steps.show_steps(own.fitted.done)
        tip = _READS_FILE if own.picture.path is not None else _READS_SAVED
        self.copy_button.setToolTip(tip)
        self._show_posterior(own)
        self._show_error(own)
        height, width, _ = state.model.image_shape
        self.tiles.expect(min(_NEIGHBOURS, len(state.model.latents)), QSize(width, height))
        self._following.ask()

    def _show_typicality(self) -> None:
        own = self._state.own
        if own is not None and self.isVisible():
            _, words, hint = likelihood(self._state, own.codes.mean[0])
            self.words.setText(f"Lies {words}")
            self.words.setToolTip(hint)

    def show_nearest(self) -> None:
        """Show which of the data are like the picture."""
        state, own = self._state, self._state.own
        if own is None or not self.isVisible():
            return
        self._nearest, tiles = nearest_tiles(state, own.codes.mean[0], _NEIGHBOURS)
        self.tiles.set_tiles(tiles)
        how = "decoded" if state.originals is None else "original"
        self.title.setText(f"Nearest {thing(state)}s · {how}")

    def _show_error(self, own: OwnImage) -> None:
        usual = self._state.model.metrics.get("reconstruction")
        said, explained = f"Error {own.error:,.0f} nats", ""
        if isinstance(usual, int | float):
            said += f", usual {usual:,.0f}"
            explained = f" The model's own images cost {usual:,.1f} on average."
        self.error.setText(said)
        self.error.setToolTip(
            "Binary cross-entropy between the two pictures, summed over the pixels, with the code "
            f"at the posterior's mean: {own.error:,.1f} nats.{explained}"
        )

    def _show_posterior(self, own: OwnImage) -> None:
        mean, deviation = own.codes.mean[0].tolist(), own.codes.deviation[0].tolist()
        self.sigma.setText(f"σ {numbers(deviation, _COORDINATES_SHOWN)}")
        self.sigma.setToolTip(
            "Where the picture lies, as a normal distribution; the map has its mean as a triangle, "
            f"one and two standard deviations around it.\nMean: {lines(mean)}\n"
            f"Standard deviation: {lines(deviation)}"
        )

    # -- what the user does ------------------------------------------------------------------

    def _pin_neighbour(self, tile: int) -> None:
        self._state.pin(self._state.image_place(int(self._nearest[tile])))

    def _pin(self) -> None:
        if (own := self._state.own) is not None:
            self._state.pin(own.place)
            self._state.say(f"Pinned where {own.picture.name} lies")

    def _keep(self) -> None:
        if (own := self._state.own) is not None:
            self._state.keep(own.place)
            self._state.say(f"Kept the place of {own.picture.name}")

    def _copy_command(self) -> None:
        own = self._state.own
        if own is None:
            return
        if own.picture.path is None:
            self._ask_where(own)
        else:
            self._put_on_clipboard(own, None)

    def _ask_where(self, own: OwnImage) -> None:
        """Ask for a file for a picture that is in none, since a command can only read files."""
        dialog = QFileDialog(self, "Save the picture as the model sees it")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PNG (*.png)")
        dialog.setDefaultSuffix("png")
        dialog.selectFile("drawing.png" if own.picture.is_drawing else "picture.png")
        dialog.fileSelected.connect(lambda chosen: self.save_for_command(own, Path(chosen)))
        dialog.open()

    def save_for_command(self, own: OwnImage, target: Path) -> None:
        """Save a picture as the model sees it, and copy the command that reads that file.

        Raises
        ------
        BvaeError
            See `OwnImage.save_seen`.
        """
        own.save_seen(target)
        self._put_on_clipboard(own, str(target.absolute()))

    def _put_on_clipboard(self, own: OwnImage, seen: str | None) -> None:
        words = own.command(called_in_shell(self._state.model), seen)
        copy_command(words)
        name = own.picture.name if seen is None else Path(seen).name
        saved = "" if seen is None else f"Saved {name}. "
        self._state.say(f"{saved}Copied the command that reads {name}")

    def _offer_anchors(self) -> None:
        """List the anchors that the picture may become."""
        menu, state = self.anchor_button.menu(), self._state
        menu.clear()
        own = state.own
        if own is None:
            return
        count = len(state.scene.anchors)
        for index in range(count):
            letter = ascii_uppercase[index]
            menu.addAction(f"Set anchor {letter}", partial(state.set_anchor, index, own.place))
        if count < ANCHORS[1]:
            letter = ascii_uppercase[count]
            menu.addAction(f"Add anchor {letter}", partial(state.add_anchor, own.place))

    # -- how it is built ---------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.pin_button = _button("Pin", "push-pin", "Pin the place where the picture lies")
        self.pin_button.clicked.connect(self._pin)
        self.keep_button = _button(
            "Keep", "bookmark-simple", "Keep the place where the picture lies, to come back to it"
        )
        self.keep_button.clicked.connect(self._keep)
        self.anchor_button = _button(
            "Morph from it", "path", "Make the picture one of the morph's anchors"
        )
        self.anchor_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.anchor_button)
        menu.aboutToShow.connect(self._offer_anchors)
        self.anchor_button.setMenu(menu)
        self.copy_button = _button(
            "Copy as command", "terminal-window",
            _READS_FILE,
        )  # fmt: skip
        self.copy_button.clicked.connect(self._copy_command)

    def _lay_out(self) -> None:
        near = _column(self.title, self.tiles, self.words)
        near.addStretch(1)
        actions = QVBoxLayout()
        actions.setSpacing(0)
        for button in (self.pin_button, self.keep_button, self.anchor_button, self.copy_button):
            actions.addWidget(button)
        actions.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addLayout(_column(_quiet("Fitted to the model"), self.steps))
        row.addLayout(_column(_quiet("What it sees"), self.seen, self.sigma), 2)
        row.addLayout(_column(_quiet("What it makes"), self.decoded, self.error), 2)
        row.addLayout(near, 4)
        row.addLayout(actions)


def _button(name: str, icon_name: str, tip: str) -> QToolButton:
    button = named(QToolButton(), name, tip)
    button.setIcon(icon(icon_name))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(GRID // 2)
    for widget in widgets:
        column.addWidget(widget)
    return column


def _quiet(text: str = "") -> QElidingLabel:
    label = QElidingLabel(text)
    label.setProperty("role", "quiet")
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label
