"""`LayersButton`: which layers the map shows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from qtpy.QtCore import QSignalBlocker, Qt
from qtpy.QtGui import QAction, QActionGroup
from qtpy.QtWidgets import QMenu, QToolButton, QWidget

from bvae_gui.state import ExplorerState
from bvae_gui.style import icon
from bvae_gui.widgets.naming import named

_LAYERS = {
    "density": ("&Density", "How densely the images lie, as a wash behind them"),
    "dots": ("D&ots", "Every image as a dot"),
    "names": ("Class &names", "Short names of classes, where each is at home"),
    "magnification": (
        "Ma&gnification",
        "How much the image changes with a small step, as a wash: strong along borders",
    ),
    "manifold": ("&Manifold", "What the model makes of places all over the map"),
}
_SPACINGS = {
    "even": ("&Evenly spaced", "The manifold's images at equal distances"),
    "prior": (
        "Spaced by the &prior",
        "The manifold's images at quantiles of the prior: close together where it is dense",
    ),
}


class LayersButton(QToolButton):
    """A menu of the layers that the map can show, those that it shows checked.

    Parameters
    ----------
    state
        What it shows and changes.
    parent
        The widget that it lies on.

    Attributes
    ----------
    actions_of
        The menu's entries by the names of `Layers`' fields, and of the spacings.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "Layers", "Choose what the map shows")
        self._state = state
        self.setText("Layers")
        self.setIcon(icon("stack"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.actions_of: dict[str, QAction] = {}
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for name, (words, tip) in _LAYERS.items():
            self._add(menu, name, words, tip).toggled.connect(partial(self._show_layer, name))
        menu.addSeparator()
        group = QActionGroup(self)
        for name, (words, tip) in _SPACINGS.items():
            action = self._add(menu, name, words, tip)
            group.addAction(action)
            action.triggered.connect(partial(self._change, spacing=name))
        self.setMenu(menu)
        for signal in (state.map.layers_changed, state.map.view_changed, state.bundle_changed):
            signal.connect(self._show)
        self._show()

    def _add(self, menu: QMenu, name: str, words: str, tip: str) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setToolTip(tip)
        action.setStatusTip(tip)
        self.actions_of[name] = action
        return action

    def _show_layer(self, name: str, is_shown: bool) -> None:
        self._change(**{name: is_shown})

    def _change(self, *_: bool, **values: Any) -> None:
        self._state.map.show_layers(replace(self._state.map.layers, **values))

    def _show(self) -> None:
        state, layers = self._state, self._state.map.layers
        for name, action in self.actions_of.items():
            is_on = layers.spacing == name if name in _SPACINGS else getattr(layers, name)
            with QSignalBlocker(action):
                action.setChecked(is_on)
        if state.bundle is None:
            return
        for name, why in {
            "magnification": self._why_no_magnification(),
            "prior": self._why_no_prior(),
            "even": "",
        }.items():
            action, is_offered = self.actions_of[name], not why
            if name in _SPACINGS:
                is_offered = is_offered and layers.manifold
            action.setEnabled(is_offered)
            action.setToolTip(why or (_LAYERS | _SPACINGS)[name][1])

    def _why_no_magnification(self) -> str:
        projection = self._state.map.projection
        if not projection.is_exact:
            return "A UMAP has no measure of its own"
        return "A map of one dimension has none" if len(projection.names) == 1 else ""

    def _why_no_prior(self) -> str:
        if self._state.latent_dim > 2:
            return "The map of more than two dimensions does not show the prior's quantiles"
        if self._state.map.view == "principal":
            return "Principal axes do not show the quantiles"
        return ""
