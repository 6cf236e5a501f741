"""The explorer beside a real viewer: layers on the map, the map's images as layers, both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from qtpy.QtCore import QPointF, Qt
from qtpy.QtTest import QTest

from bvae_core.errors import BvaeError
from bvae_gui.napari import sending
from bvae_gui.napari.commands import explore_layer
from bvae_gui.napari.host import docked
from bvae_gui.napari.widgets import LatentExplorer

if TYPE_CHECKING:
    from napari import Viewer
    from pytestqt.qtbot import QtBot

    from bvae_gui.napari.explorer import ExplorerView

    Explore = Callable[..., ExplorerView]
    Cells = tuple[np.ndarray, np.ndarray]


def lasso(view: ExplorerView, *items: int) -> None:
    """Draw a lasso with the mouse around the dots of some items, close by each other or not."""
    chart = view.explorer.map.chart
    shown = view.state.shown[list(items)]
    to_position = [chart.viewport.to_pixels(place[None])[0] for place in shown]
    corner = chart.room.topLeft()
    left = min(x for x, _ in to_position) - 6 + corner.x()
    right = max(x for x, _ in to_position) + 6 + corner.x()
    top = min(y for _, y in to_position) - 6 + corner.y()
    bottom = max(y for _, y in to_position) + 6 + corner.y()
    view.explorer.map.selecting.lasso.trigger()
    way = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top + 2)]
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(chart, button, pos=QPointF(*way[0]).toPoint())
    for here in way:
        QTest.mouseMove(chart, QPointF(*here).toPoint())
    QTest.mouseRelease(chart, button, pos=QPointF(*way[-1]).toPoint())


def pinned(view: ExplorerView) -> str:
    return view.state.scene.point.text


# -- a stack -----------------------------------------------------------------------------------


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
    assert np.allclose(morph.metadata["z"], state.places)
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
    assert view.state.quantity.name == "angle"
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


# -- objects -----------------------------------------------------------------------------------


def test_a_lasso_selects_cells_and_a_chosen_cell_moves_the_dot(
    viewer: Viewer, explore: Explore, cells: Cells
):
    image, labels = cells
    viewer.add_image(image, name="plate", scale=(2, 2))
    features = {"index": np.arange(1, 13), "area": np.arange(12) * 1.5}
    layer = viewer.add_labels(labels, name="cells", features=features, scale=(2, 2))
    view = explore(layer)
    assert len(view.state.model.latents) == 12
    assert view.state.quantity.name == "area"
    layer.selected_label = 6
    assert pinned(view) == "#5"
    assert view.state.selection.tolist() == [5]
    lasso(view, 0, 1, 2)
    chosen = view.state.selection
    assert {0, 1, 2} <= set(chosen.tolist())
    marks = viewer.layers["selected in plate"]
    assert len(marks.data) == len(chosen)
    assert int(layer.selected_label) - 1 in chosen
    centre = np.argwhere(labels == chosen[0] + 1).mean(axis=0)
    assert np.allclose(marks.data[0], centre, atol=1)
    assert marks not in view.choice.objects._values
    view.state.select([])
    assert "selected in plate" not in viewer.layers


def test_points_and_their_dots_are_selected_together(
    viewer: Viewer, explore: Explore, cells: Cells
):
    image, _ = cells
    viewer.add_image(np.stack([image, image[::-1]]), name="movie")
    places = [(t, 25 + 52 * (i // 4), 28 + 48 * (i % 4)) for t in (0, 1) for i in range(12)]
    features = {"kind": ["round", "long"] * 12}
    layer = viewer.add_points(places, name="spots", features=features)
    view = explore(layer)
    assert len(view.state.model.latents) == 24
    assert view.state.model.class_names == ("long", "round")
    layer.selected_data = {15}
    assert pinned(view) == "#15"
    layer.selected_data = {3, 4, 18}
    assert view.state.selection.tolist() == [3, 4, 18]
    view.state.select([13, 20])
    assert set(layer.selected_data) == {13, 20}
    assert viewer.dims.current_step[0] == 1


def test_shapes_are_cut_out_of_the_plane_that_is_seen(
    viewer: Viewer, explore: Explore, cells: Cells
):
    image, _ = cells
    viewer.add_image(np.stack([np.zeros_like(image), image]), name="movie")
    viewer.dims.set_current_step(0, 1)
    boxes = [[[y - 15, x - 15], [y + 15, x + 15]] for y in (25, 77) for x in (28, 76, 124)]
    layer = viewer.add_shapes(boxes, shape_type="rectangle", name="boxes")
    view = explore(layer)
    items = view._encoded.items
    assert items.planes[:, 0].tolist() == [1] * 6
    assert items.shape == (36, 36)
    layer.selected_data = {2}
    assert pinned(view) == "#2"


# -- in napari ---------------------------------------------------------------------------------


def test_without_a_layer_the_demo_is_explored(viewer: Viewer, explore: Explore):
    view = explore()
    assert view.state.model.codes_of is None
    assert view.state.model.name
    assert not view.show_button.isEnabled()
    viewer.add_image(np.zeros((4, 20, 20)))
    assert view.show_button.isEnabled()


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


def test_two_viewers_have_an_explorer_each(qtbot: QtBot, make_napari_viewer: Any):
    one, other = make_napari_viewer(), make_napari_viewer()
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
