"""The part of a menu that offers places: for an anchor to go to, or for a new one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from qtpy.QtWidgets import QMenu, QWidget

from bvae_core.kana import with_reading
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Place
from bvae_gui.widgets.numbers import typed
from bvae_gui.widgets.place_dialog import PlaceDialog


def offer_places(
    menu: QMenu,
    state: ExplorerState,
    title: str,
    put: Callable[[Place], None],
    owner: QWidget,
) -> None:
    """Add places to a menu.

    Parameters
    ----------
    menu
        Where to.
    state
        With an open model.
    title
        What the place is for, where one is typed.
    put
        Gets the place that is chosen.
    owner
        Whose window a dialog belongs to.
    """
    menu.addAction("At the pinned point", lambda: put(state.scene.point))
    if state.model.labels is not None:
        for words, mean in (("At the centroid of", True), ("At the most typical image of", False)):
            classes = menu.addMenu(words)
            for label in np.unique(state.model.labels):
                choose = partial(_put_class, state, int(label), mean, put)
                classes.addAction(with_reading(state.model.class_names[label]), choose)
    menu.addAction("Type a place…", lambda: _ask(state, title, put, owner))


def _put_class(state: ExplorerState, label: int, mean: bool, put: Callable[[Place], None]) -> None:
    put(state.class_place(label, mean=mean))


def _ask(state: ExplorerState, title: str, put: Callable[[Place], None], owner: QWidget) -> None:
    hint = "Coordinates such as 0.5,-1.2 or an image such as #12"
    if state.model.labels is not None:
        hint = f"A class by its name, {hint[0].lower()}{hint[1:]}"
    PlaceDialog(title, hint, lambda text: put(state.place(typed(text))), owner).open()
