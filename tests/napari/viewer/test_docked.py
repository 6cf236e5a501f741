"""The explorer as napari's: docked, in its colours, with its messages and its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bvae_gui.napari.commands import explore_layer, train_on_layer
from bvae_gui.napari.host import docked, unwrapped
from bvae_gui.napari.widgets import LatentExplorer, TrainingWidget

if TYPE_CHECKING:
    from napari import Viewer
    from pytestqt.qtbot import QtBot

    from bvae_gui.napari.explorer import ExplorerView

    Explore = Callable[..., ExplorerView]


def test_without_a_layer_the_demo_is_explored(viewer: Viewer, explore: Explore):
    view = explore()
    assert view.state.model.codes_of is None
    assert view.state.model.name
    assert not view.show_button.isEnabled()
    viewer.add_image(np.zeros((4, 20, 20)))
    assert view.show_button.isEnabled()


def test_it_says_what_to_do_first(viewer: Viewer, explore: Explore):
    view = explore()
    assert "Open an image layer" in view._words.text()
    layer = viewer.add_image(np.random.default_rng(0).random((4, 28, 28)), name="noise")
    assert "Show on the map brings the layer's" in view._words.text()
    viewer.layers.remove(layer)
    assert "Open an image layer" in view._words.text()


def test_the_active_layer_is_taken_by_docks_that_open(qtbot: QtBot, viewer: Viewer):
    one, other = np.random.default_rng(0).random((2, 4, 28, 28))
    below = viewer.add_image(one, name="a")
    viewer.add_image(other, name="b")
    viewer.layers.selection.active = below
    explore_layer(viewer)
    train_on_layer(viewer)
    view = docked(viewer, LatentExplorer).view
    qtbot.waitUntil(lambda: view.state.bundle is not None and not view.task.is_busy)
    assert view.state.model.codes_of == "a"
    assert docked(viewer, TrainingWidget).view.choice.chosen.image is unwrapped(below)


def test_both_widgets_have_room_in_a_small_window(qtbot: QtBot, viewer: Viewer, explore: Explore):
    window = unwrapped(viewer).window._qt_window
    before = window.size()
    viewer.add_image(np.random.default_rng(0).random((4, 28, 28)), name="noise")
    view = explore()
    explorer = docked(viewer, LatentExplorer)
    train_on_layer(viewer)
    training = docked(viewer, TrainingWidget)
    assert window.tabifiedDockWidgets(explorer.parentWidget()) == [training.parentWidget()]
    qtbot.waitUntil(training.isVisible)
    assert window.size() == before
    explorer.parentWidget().raise_()
    needed = view.minimumSizeHint()  # it scrolls, and nothing is cut off
    qtbot.waitUntil(lambda: view.height() >= needed.height() > explorer.height())
    assert view.width() >= needed.width()


def test_layers_are_offered_by_the_names_that_they_have_now(viewer: Viewer, explore: Explore):
    offered = explore().choice.image
    layer = viewer.add_image(np.zeros((4, 20, 20)), name="before")
    viewer.add_image(np.zeros((4, 20, 20)), name="other")
    layer.name = "after"
    assert [offered.itemText(index) for index in range(offered.count())] == ["other", "after"]


def test_what_cannot_be_shown_is_said_in_napari(
    viewer: Viewer, explore: Explore, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    monkeypatch.setattr("bvae_gui.napari.notifications.show_error", said.append)
    view = explore()
    viewer.add_image(np.zeros((20, 20)), name="flat")
    view.show_button.click()
    assert said == [
        "flat: Expected a stack of at least two images, or objects to cut out. Received: one image."
    ]


def test_encoding_is_in_the_activity_dock_and_can_be_cancelled(
    qtbot: QtBot, viewer: Viewer, explore: Explore
):
    from napari.utils import progress

    view = explore()
    layer = viewer.add_image(np.zeros((200_000, 8, 8), np.uint8), name="many")
    view.explore(layer)
    qtbot.waitUntil(lambda: any(bar.total == 200_000 for bar in progress._all_instances))
    [bar] = progress._all_instances
    bar.cancel()
    qtbot.waitUntil(lambda: not view.task.is_busy)
    assert view.state.model.codes_of is None
    assert not progress._all_instances


def test_it_has_naparis_colours(viewer: Viewer, explore: Explore):
    view = explore()
    for name in ("light", "dark"):
        viewer.theme = name
        assert view.state.theme.name == name
        ground = view.state.theme.ground
        assert view.explorer.map.chart.figure.get_facecolor()[:3] == pytest.approx(
            [int(ground[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        )


def test_two_viewers_have_an_explorer_each(qtbot: QtBot, make_napari_viewer_proxy: Any):
    one, other = make_napari_viewer_proxy(), make_napari_viewer_proxy()
    for viewer in (one, other):
        viewer.window.add_plugin_dock_widget("bvae-explorer", "Latent explorer")
    first, second = docked(one, LatentExplorer), docked(other, LatentExplorer)
    assert first is not second
    qtbot.waitUntil(lambda: second.view.state.bundle is not None)
    one.close()
    second.view.state.pin(np.ones(2, np.float32))
    layer = other.add_image(np.random.default_rng(0).random((6, 28, 28)), name="noise")
    second.take(layer)
    qtbot.waitUntil(lambda: second.view.state.model.codes_of == "noise")


def test_a_closed_dock_opens_again(qtbot: QtBot, viewer: Viewer, explore: Explore):
    first = docked(viewer, LatentExplorer)
    assert first is None
    explore()
    widget = docked(viewer, LatentExplorer)
    dock = widget.parentWidget()
    dock.setFloating(True)
    dock.setFloating(False)
    dock.destroyOnClose()
    qtbot.waitUntil(lambda: docked(viewer, LatentExplorer) is None)
    view = explore()
    assert view.state.bundle is not None
