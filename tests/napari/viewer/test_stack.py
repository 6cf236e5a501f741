"""A stack beside its map: slider and dots, and what is explored as layers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hands import lasso, pinned
from qtpy.QtCore import Qt, QTimer

from bvae_core.errors import BvaeError
from bvae_gui.napari import sending
from bvae_gui.napari.commands import explore_layer
from bvae_gui.napari.host import unwrapped

if TYPE_CHECKING:
    from napari import Viewer
    from pytestqt.qtbot import QtBot

    from bvae_gui.napari.explorer import ExplorerView

    Explore = Callable[..., ExplorerView]


@pytest.fixture
def stack(viewer: Viewer) -> Any:
    """A layer of what the demo decodes around a circle, 16 bits deep."""
    from bvae_core import load_bundle

    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    circle = 1.6 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    images = load_bundle("demo").decode(circle.astype(np.float32))
    metadata = {"half": ["first"] * 12 + ["second"] * 12}
    return viewer.add_image((images * 4000).astype(np.uint16), name="ring", metadata=metadata)


def test_map_and_slider_follow_each_other(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    assert view.state.model.codes_of == "ring"
    assert view.state.model.class_names == ("first", "second")
    assert len(view.state.originals) == 24
    viewer.dims.set_current_step(0, 17)
    assert pinned(view) == "#17"
    view.state.pin(view.state.image_place(5))
    assert viewer.dims.current_step[0] == 5
    lasso(view, 9)
    chosen = view.state.selection.tolist()
    assert 9 in chosen
    assert len(chosen) < 6
    shown = viewer.dims.current_step[0]
    assert shown in chosen
    view.state.pin(np.zeros(2, np.float32))  # a place where no image is moves no slider
    assert viewer.dims.current_step[0] == shown


def test_a_moved_slider_is_one_step_to_undo(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    qtbot.waitUntil(lambda: not view.link._still.isActive())
    before = view.state.scene
    for step in range(2, 9):
        viewer.dims.set_current_step(0, step)
    qtbot.waitUntil(lambda: not view.link._still.isActive())
    assert pinned(view) == "#8"
    view.state.undo()
    assert view.state.scene == before


def test_one_goes_through_what_is_selected(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    assert not view.next_button.isEnabled()
    view.state.select([4, 8, 20])
    seen = []
    for _ in range(4):
        qtbot.mouseClick(view.next_button, Qt.MouseButton.LeftButton)
        seen.append(viewer.dims.current_step[0])
    assert set(seen) == {4, 8, 20}
    assert seen[3] == seen[0]


def test_what_is_explored_becomes_layers(viewer: Viewer, stack: Any, explore: Explore):
    view = explore(stack)
    state = view.state
    state.set_frames(7)
    morph = sending.send_morph(viewer, state)
    assert morph.data.shape == (7, 28, 28)
    assert morph.name.startswith("morph · ")
    assert np.allclose(morph.metadata["z"], state.morph.places)
    assert morph.metadata["model_fingerprint"] == state.model.fingerprint
    point = sending.send_point(viewer, state)
    assert np.array_equal(point.data, state.decode(state.point)[0])
    manifold = sending.send_manifold(viewer, state)
    rows, columns = manifold.metadata["shape"]
    assert manifold.data.shape == (28 * rows, 28 * columns)
    assert max(rows, columns) == sending.MANIFOLD
    with pytest.raises(BvaeError, match="grid: Expected the morph to be a grid"):
        sending.send_grid(viewer, state)
    state.set_mode("grid")
    state.set_grid(3, 4)
    assert sending.send_grid(viewer, state).data.shape == (84, 112)
    with pytest.raises(BvaeError, match="selection: Expected images to be selected"):
        sending.send_selection(viewer, state)
    state.select([2, 13])
    chosen = sending.send_selection(viewer, state)
    assert np.array_equal(chosen.data, state.originals.take([2, 13]))
    assert chosen.metadata["indices"] == [2, 13]
    assert chosen.metadata["labels"].tolist() == [0, 1]


def test_the_menu_offers_what_is_there_and_says_how_to_get_the_rest(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    menu = view.send_button.menu()
    offers = {action.text(): action for action in menu.actions()}

    def offered(then: Callable[[], object]) -> set[str]:
        """Open the menu with the mouse, and do something while it is open."""
        QTimer.singleShot(0, then)
        qtbot.mouseClick(view.send_button, Qt.MouseButton.LeftButton)
        return {words for words, action in offers.items() if action.isEnabled()}

    always = {"Decoded image", "Morph", "Manifold"}
    assert offered(menu.close) == always
    assert "Make the morph a grid first" in offers["Grid"].toolTip()
    assert "Select images first" in offers["Selected images"].toolTip()

    view.state.set_mode("grid")
    view.state.select([2, 13])
    at = menu.actionGeometry(offers["Grid"]).center()
    choose = functools.partial(qtbot.mouseClick, menu, Qt.MouseButton.LeftButton, pos=at)
    assert offered(choose) == always | {"Grid", "Selected images"}
    assert viewer.layers[-1].name == "grid"
    assert "Added the layer grid." in view._words.text()


def test_a_morph_can_be_sent_and_explored_itself(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    morph = sending.send_morph(viewer, view.state)
    viewer.layers.selection.active = morph
    explore_layer(viewer)
    qtbot.waitUntil(lambda: view.state.model.codes_of == morph.name)
    assert len(view.state.model.latents) == len(morph.data)


def test_another_colour_leaves_what_is_explored_as_it_is(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    stack.metadata["angle"] = np.linspace(0, 2 * np.pi, 24)
    view = explore(stack)
    view.state.set_anchor(0, view.state.place("class:second"))
    anchor = view.state.anchors[0]
    view.colour.setCurrentText("angle")
    view.colour.activated.emit(view.colour.currentIndex())
    assert view.state.map.quantity.name == "angle"
    assert view.state.model.labels is None
    assert np.array_equal(view.state.anchors[0], anchor)
    assert view.explorer.map.colour_bar.isVisible()
    viewer.dims.set_current_step(0, 3)
    assert pinned(view) == "#3"


def test_a_layer_that_goes_leaves_its_map(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    viewer.layers.remove(stack)
    qtbot.waitUntil(lambda: view.link is None)
    assert view.state.model.codes_of == "ring"
    assert view.choice.chosen is None
    assert not view.show_button.isEnabled()
    view.open("demo")  # what is on the map stays there, but belongs to nothing in the viewer
    qtbot.waitUntil(lambda: not view.task.is_busy)
    assert view.state.model.codes_of == "ring"
    assert view.link is None


def test_a_model_that_does_not_open_is_not_the_one_that_is_chosen(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    view = explore(stack)
    view.offer_models("nowhere")
    with qtbot.waitSignal(view.task.busy_changed, check_params_cb=lambda busy: not busy):
        view.models.activated.emit(view.models.currentIndex())
    assert view.models.value == "demo"
    assert view.state.model.codes_of == "ring"
    assert view.link is not None


def test_what_was_trained_on_is_shown_with_its_model(
    qtbot: QtBot, viewer: Viewer, stack: Any, explore: Explore
):
    movie = np.stack([np.asarray(stack.data), np.zeros_like(stack.data)], axis=1)
    layer = viewer.add_image(movie, name="two channels")
    viewer.add_image(np.asarray(stack.data), name="another")
    view = explore()
    view.choice.choose(unwrapped(layer))
    view.choice.channels.setCurrentText("Channel 1, axis 1")
    chosen = view.choice.chosen
    view.explore(unwrapped(viewer.layers["another"]))
    view.show_model("demo", chosen)
    qtbot.waitUntil(lambda: view.state.model.codes_of == "two channels")
    assert len(view.state.model.latents) == 24
    assert view.choice.chosen == chosen
    viewer.dims.set_current_step(1, 1)
    view.state.pin(view.state.image_place(7))
    assert viewer.dims.current_step[:2] == (7, 1), "the channel that is looked at stays"
