"""`EquationView`: strength · (A − B) + C = what, in pictures that follow every change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, QSize, Qt, Signal
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_core.figures.ink import to_rgb8
from bvae_core.figures.limits import STRENGTH
from bvae_gui.clipboard import copy_command
from bvae_gui.following import Following
from bvae_gui.opening import called_in_shell
from bvae_gui.places_menu import offer_places
from bvae_gui.recipes import file_name, make_recipe
from bvae_gui.state import ExplorerState
from bvae_gui.state.place import Place
from bvae_gui.state.scene import ANCHORS
from bvae_gui.style import GRID, icon
from bvae_gui.surroundings import nearest_tiles, show_likelihood, thing
from bvae_gui.widgets.gestures import Gestures
from bvae_gui.widgets.meter import Meter
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.numbers import number
from bvae_gui.widgets.place_tile import PlaceTile
from bvae_gui.widgets.tile_row import TileRow
from bvae_gui.widgets.value_slider import ValueSlider

_NEIGHBOURS = 4
_TERMS = (
    ("a", "First image", "Click to take another place"),
    ("b", "Image taken away", "Click to take another place away"),
    ("c", "Image added to", "Click to start from another place"),
)


class EquationView(QWidget):
    """Three places, a strength, and where they lead.

    Parameters
    ----------
    state
        What it shows and changes.
    parent
        The widget that it lies on.

    Attributes
    ----------
    tools
        Buttons for what can be done with the result; they lie elsewhere.
    terms
        Tiles of A, B and C.
    result, strength, meter, words, title, tiles
        What else it is made of.

    Signals
    -------
    export_requested()
        The user wants the equation in a file.
    """

    export_requested = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._nearest: list[int] = []
        self._shown: tuple[object, ...] = ()
        self._following = Following(self._show_typicality, self._show_nearest, parent=self)
        self.tools = self._make_tools()
        self._make_parts()
        self._lay_out()
        for signal in (
            state.bundle_changed, state.equation_changed, state.look_changed,
            state.originals_changed,
        ):  # fmt: skip
            signal.connect(self.refresh)

    # -- what is shown -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody saw it."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the equation as it is."""
        state = self._state
        if state.bundle is None or not self.isVisible():
            return
        equation = state.equation
        shown = equation.places, state.theme, state.ink, state.model
        if shown != self._shown:  # while the strength is dragged they stay
            self._shown = shown
            pictures = self._pictures(*equation.places)
            for tile, place, picture in zip(self.terms, equation.places, pictures, strict=True):
                tile.show_place(state.label(place), picture)
        (picture,) = self._pictures(equation.result)
        self.result.show_place(state.label(equation.result), picture, caption="Result")
        self.strength.show_number(equation.strength)
        self._factor.setText(f"{number(equation.strength, 2)} · (")
        self._following.ask()

    def _pictures(self, *places: Place) -> NDArray[np.uint8]:
        images = self._state.decode(np.array([place.z for place in places], np.float32))
        return to_rgb8(images, self._state.theme, self._state.ink)

    def _show_typicality(self) -> None:
        state = self._state
        if state.bundle is not None and self.isVisible():
            show_likelihood(state, state.equation.result.point, self.meter, self.words)

    def _show_nearest(self) -> None:
        state = self._state
        if state.bundle is None or not self.isVisible():
            return
        nearest, tiles = nearest_tiles(state, state.equation.result.point, _NEIGHBOURS)
        self._nearest = nearest.tolist()
        self.tiles.set_tiles(tiles)
        how = "decoded" if state.originals is None else "original"
        self.title.setText(f"Nearest {thing(state)}s to the result · {how}")

    # -- what the user does ------------------------------------------------------------------

    def _open_term_menu(self, index: int) -> None:
        tile, (name, role, _) = self.terms[index], _TERMS[index]
        menu = _new_menu(self)
        offer_places(menu, self._state, role, partial(self._put, name), self, with_anchors=True)
        menu.addSeparator()
        menu.addAction("Pin this place", lambda: self._state.pin(self._place(name)))
        menu.popup(tile.mapToGlobal(QPoint(0, tile.height())))

    def _place(self, name: str) -> Place:
        place: Place = getattr(self._state.equation, name)
        return place

    def _put(self, name: str, place: Place) -> None:
        self._state.set_equation(**{name: place})

    def _set_strength(self, strength: float) -> None:
        self._state.set_equation(strength=strength)

    def pin_result(self) -> None:
        """Pin the place that the equation leads to."""
        self._state.pin(self._state.equation.result)

    def keep_result(self) -> None:
        """Keep the place that the equation leads to."""
        result = self._state.equation.result
        self._state.keep(result)
        self._state.say(f"Kept {self._state.label(result)}")

    def copy_command(self) -> None:
        """Put the command that draws the equation on the clipboard."""
        state = self._state
        name = file_name(state, "equation", ".png")
        words = make_recipe(state, "equation").command(called_in_shell(state.model), name)
        copy_command(words)
        state.say(f"Copied the command that makes {name}")

    def _swap(self) -> None:
        equation = self._state.equation
        self._state.set_equation(a=equation.b, b=equation.a)

    def _list_anchors(self) -> None:
        state, menu = self._state, self.anchor_button.menu()
        menu.clear()
        result, count = state.equation.result, len(state.scene.anchors)
        for index in range(count):
            menu.addAction(
                f"Put anchor {ascii_uppercase[index]} there",
                partial(state.set_anchor, index, result),
            )
        if count < ANCHORS[1]:
            menu.addAction(
                f"Add anchor {ascii_uppercase[count]} there", partial(state.add_anchor, result)
            )

    # -- what it is made of ------------------------------------------------------------------

    def _make_tools(self) -> QWidget:
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addStretch(1)
        self.swap_button = _button(
            "Swap", "swap", "Swap the first image and the one taken away", self._swap
        )
        self.pin_button = _button(
            "Pin result", "crosshair-simple", "Pin the place that the equation leads to",
            self.pin_result,
        )  # fmt: skip
        self.keep_button = _button(
            "Keep result", "bookmark-simple", "Keep the place that the equation leads to",
            self.keep_result,
        )  # fmt: skip
        self.anchor_button = _button(
            "As an anchor", "path", "Put an anchor of the morph where the equation leads"
        )
        self.anchor_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.anchor_button)
        menu.aboutToShow.connect(self._list_anchors)
        self.anchor_button.setMenu(menu)
        self.copy_button = _button(
            "Copy as command", "terminal-window",
            "Copy the command that draws the equation in a shell", self.copy_command,
        )  # fmt: skip
        self.export_button = _button(
            "Export…", "export", "Save the equation, or the image of its result, as a file",
            self.export_requested.emit,
        )  # fmt: skip
        for button in (
            self.swap_button, self.pin_button, self.keep_button, self.anchor_button,
            self.copy_button, self.export_button,
        ):  # fmt: skip
            row.addWidget(button)
        return tools

    def _make_parts(self) -> None:
        self.terms = [PlaceTile(role, tip) for _, role, tip in _TERMS]
        for index, tile in enumerate(self.terms):
            tile.clicked.connect(partial(self._open_term_menu, index))
        self.result = PlaceTile("Result", "Click to pin it")
        self.result.clicked.connect(self.pin_result)
        self._factor = _sign("")
        self._factor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._factor.setFixedWidth(9 * GRID)
        self.strength = named(
            ValueSlider("Strength", "", STRENGTH[1], (0, 1)),
            "Strength",
            "How many times the difference is added; at 0 nothing is. "
            "Arrow keys: small steps; a click on the name: 1",
        )
        self.strength.chosen.connect(self._set_strength)
        self.strength.picked.connect(partial(self._set_strength, 1.0))
        gestures = Gestures(self.strength)
        gestures.began.connect(self._state.begin_gesture)
        gestures.ended.connect(self._state.end_gesture)
        gestures.cancelled.connect(self.strength.end_drag)
        gestures.cancelled.connect(self._state.cancel_gesture)
        self.meter = named(Meter(), "How likely the result is under the data")
        self.words = QElidingLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.title = QElidingLabel()
        self.title.setProperty("role", "quiet")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tiles = TileRow(_NEIGHBOURS)
        self.tiles.expect(_NEIGHBOURS, QSize(28, 28))
        self.tiles.chosen.connect(self._pin_neighbour)

    def _pin_neighbour(self, index: int) -> None:
        self._state.pin(self._state.image_place(self._nearest[index]))

    def _lay_out(self) -> None:
        a, b, c = self.terms
        signs = QHBoxLayout()
        signs.setSpacing(GRID // 2)
        for part in (
            self._factor, a, _sign("−"), b, _sign(") +"), c, _sign("="), self.result,
        ):  # fmt: skip
            signs.addWidget(part)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addStretch(1)
        left.addLayout(signs)
        left.addWidget(self.strength)
        left.addStretch(1)
        likely = QHBoxLayout()
        likely.setSpacing(GRID)
        likely.addWidget(self.meter)
        likely.addWidget(self.words, 1)
        right = QVBoxLayout()
        right.setSpacing(GRID // 2)
        right.addStretch(1)
        right.addLayout(likely)
        right.addWidget(self.title)
        right.addWidget(self.tiles)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * GRID)
        row.addLayout(left)
        row.addLayout(right, 1)


def _button(
    words: str, icon_name: str, tip: str, act: Callable[[], object] | None = None
) -> QToolButton:
    button = named(QToolButton(), words, tip)
    button.setText(words)
    button.setIcon(icon(icon_name))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if act is not None:
        button.clicked.connect(lambda: act())
    return button


def _sign(text: str) -> QLabel:
    sign = QLabel(text)
    sign.setProperty("role", "figure")
    return sign


def _new_menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
