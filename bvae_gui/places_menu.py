"""The part of a menu that offers places: for an anchor to go to, or to reckon with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from string import ascii_uppercase

import numpy as np
from qtpy.QtGui import QIcon, QPixmap
from qtpy.QtWidgets import QMenu, QWidget

from bvae_core.figures.ink import to_rgb8
from bvae_core.kana import with_reading
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Place
from bvae_gui.widgets.numbers import typed
from bvae_gui.widgets.pixels import to_qimage
from bvae_gui.widgets.place_dialog import PlaceDialog


def offer_places(
    menu: QMenu,
    state: ExplorerState,
    title: str,
    put: Callable[[Place], None],
    owner: QWidget,
    *,
    with_anchors: bool = False,
    with_pinned: bool = True,
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
    with_anchors
        Whether the places of the morph's anchors are among them.
    with_pinned
        Whether the pinned point is among them.
    """
    scene = state.scene
    if with_pinned:
        menu.addAction("At the pinned point", lambda: put(state.scene.point))
    if scene.own is not None:
        menu.addAction("At the own image", partial(put, scene.own.place))
    if scene.kept:
        list_places(menu.addMenu("At the kept point"), state, scene.kept, lambda _, it: put(it))
    if with_anchors:
        anchors = menu.addMenu("At the anchor")
        list_places(anchors, state, scene.anchors, lambda _, it: put(it), ascii_uppercase)
    if state.model.labels is not None:
        for words, mean in (("At the centroid of", True), ("At the most typical image of", False)):
            classes = menu.addMenu(words)
            for label in np.unique(state.model.labels):
                choose = partial(_put_class, state, int(label), mean, put)
                classes.addAction(with_reading(state.model.class_names[label]), choose)
    menu.addAction("Type a place…", lambda: _ask(state, title, put, owner))


def list_places(
    menu: QMenu,
    state: ExplorerState,
    places: Sequence[Place],
    choose: Callable[[int, Place], None],
    letters: str = "",
) -> None:
    """Add an entry for each of some places, with its picture, to a menu.

    Parameters
    ----------
    menu
        Where to.
    state
        With an open model.
    places
        At least one.
    choose
        Gets the index of the place that is chosen, and the place.
    letters
        What to write before each; by default nothing.
    """
    images = to_rgb8(
        state.decode(np.array([place.z for place in places], np.float32)), state.theme, state.ink
    )
    for index, (place, image) in enumerate(zip(places, images, strict=True)):
        words = state.label(place).replace("&", "&&")
        if letters:
            words = f"{letters[index]}: {words}"
        picture = QIcon(QPixmap.fromImage(to_qimage(image)))
        action = menu.addAction(picture, words, partial(choose, index, place))
        action.setIconVisibleInMenu(True)


def _put_class(state: ExplorerState, label: int, mean: bool, put: Callable[[Place], None]) -> None:
    put(state.class_place(label, mean=mean))


def _ask(state: ExplorerState, title: str, put: Callable[[Place], None], owner: QWidget) -> None:
    hint = "Coordinates such as 0.5,-1.2 or an image such as #12"
    if state.model.labels is not None:
        hint = f"A class by its name, {hint[0].lower()}{hint[1:]}"
    PlaceDialog(title, hint, lambda text: put(state.place(typed(text))), owner).open()
