"""The morph's anchors in a row: where each one is, and menus to put them elsewhere."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QAction, QKeySequence, QShowEvent
from qtpy.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from bvae_core.figures.ink import to_rgb8
from bvae_gui.places_menu import offer_places
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import ANCHORS, CORNERS, Coordinates
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.anchor_chip import AnchorChip
from bvae_gui.widgets.naming import named

LETTERS = "ABCDEFGH"


class AnchorRow(QWidget):
    """A chip for each anchor, and buttons to add one and to swap the ends.

    Parameters
    ----------
    state
        Where the anchors are.
    parent
        The widget that it lies on.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._decoded: dict[Coordinates, NDArray[np.float32]] = {}
        self._shown: dict[int, object] = {}
        self.chips = [self._make_chip(index) for index in range(ANCHORS[1])]
        self.add_button = named(
            QToolButton(), "Add an anchor", "Add an anchor; right-click to say where"
        )
        self.add_button.setIcon(icon("plus"))
        self.add_button.clicked.connect(lambda: state.add_anchor(state.spare_place()))
        self.add_button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.add_button.customContextMenuRequested.connect(self._open_add_menu)
        self.swap_button = named(
            QToolButton(), "Swap the ends", "Swap the first anchor and the last"
        )
        self.swap_button.setIcon(icon("swap"))
        self.swap_button.clicked.connect(self._swap_ends)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for chip in self.chips:
            row.addWidget(chip)
        for button in (self.add_button, self.swap_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            row.addWidget(button)
        row.addStretch(1)
        state.bundle_changed.connect(self._forget)
        state.anchors_changed.connect(self.refresh)
        state.mode_changed.connect(self.refresh)
        state.look_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the anchors as they are; nothing is decoded that is not seen."""
        if self._state.bundle is None or not self.isVisible():
            return
        scene = self._state.scene
        used = CORNERS if scene.mode == "grid" else len(scene.anchors)
        self._decode_new()
        for index, chip in enumerate(self.chips):
            exists = index < len(scene.anchors)
            chip.setVisible(exists)
            if exists:
                self._show_anchor(index, is_used=index < used)
            chip.actions()[0].setEnabled(self._may_remove())
        self.add_button.setEnabled(len(scene.anchors) < ANCHORS[1])

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self.refresh()

    def _show_anchor(self, index: int, *, is_used: bool) -> None:
        anchor, theme, ink = self._state.scene.anchors[index], self._state.theme, self._state.ink
        content = anchor, theme, ink, is_used
        if self._shown.get(index) != content:
            self._shown[index] = content
            picture = to_rgb8(self._decoded[anchor.z], theme, ink, leading=0)
            self.chips[index].show_anchor(self._state.label(anchor), picture, is_used=is_used)

    def _forget(self) -> None:
        self._decoded.clear()
        self._shown.clear()
        self.refresh()

    def _decode_new(self) -> None:
        """Decode the anchors that moved, and forget where they were."""
        places = {anchor.z for anchor in self._state.scene.anchors}
        new = [z for z in places if z not in self._decoded]
        kept = {z: image for z, image in self._decoded.items() if z in places}
        images = self._state.decode(np.array(new, np.float32)) if new else ()
        self._decoded = {**kept, **dict(zip(new, images, strict=True))}

    def _may_remove(self) -> bool:
        scene = self._state.scene
        return len(scene.anchors) > (CORNERS if scene.mode == "grid" else ANCHORS[0])

    # -- what its buttons do -----------------------------------------------------------------

    def _make_chip(self, index: int) -> AnchorChip:
        chip = AnchorChip(LETTERS[index], self)
        chip.hide()
        chip.clicked.connect(partial(self._open_chip_menu, index))
        remove = QAction(f"Remove {chip.letter}", chip)
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(lambda: self._state.remove_anchor(index))
        chip.addAction(remove)
        return chip

    def _open_chip_menu(self, index: int) -> None:
        chip, state = self.chips[index], self._state
        menu = self._new_menu()
        offer_places(
            menu,
            state,
            f"Put anchor {chip.letter}",
            lambda place: state.set_anchor(index, place),
            self,
        )
        swap = menu.addMenu("Swap with")
        for other in range(len(state.scene.anchors)):
            if other != index:
                swap.addAction(LETTERS[other], partial(state.swap_anchors, index, other))
        menu.addSeparator()
        menu.addAction("Pin this place", lambda: state.pin(state.scene.anchors[index]))
        menu.addAction(chip.actions()[0])
        _open_below(menu, chip)

    def _open_add_menu(self) -> None:
        menu = self._new_menu()
        offer_places(menu, self._state, "Add an anchor", self._state.add_anchor, self)
        _open_below(menu, self.add_button)

    def _new_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _swap_ends(self) -> None:
        scene = self._state.scene
        last = CORNERS if scene.mode == "grid" else len(scene.anchors)
        self._state.swap_anchors(0, last - 1)


def _open_below(menu: QMenu, button: QToolButton) -> None:
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
