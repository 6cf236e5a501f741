"""What layers of labels, points and shapes mark in an image, beside its map."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hands import click, lasso, pinned

if TYPE_CHECKING:
    from napari import Viewer
    from pytestqt.qtbot import QtBot

    from bvae_gui.napari.explorer import ExplorerView

    Explore = Callable[..., ExplorerView]
    Cells = tuple[np.ndarray, np.ndarray]


@pytest.fixture
def viewer(viewer: Viewer) -> Viewer:
    """A viewer with room for its canvas beside the explorer."""
    viewer.window.resize(1200, 600)
    return viewer


def outlined(viewer: Viewer) -> set[int]:
    """Return which of the cells have an outline in the viewer's picture."""
    cells, marks = viewer.layers["cells"], viewer.layers["selected in cells"]
    viewer.reset_view()
    picture = viewer.screenshot(canvas_only=True, flash=False)[..., :3].astype(int)
    colour = np.rint(255 * np.asarray(marks.colormap.map(1))[:3])
    pixels = np.argwhere(np.abs(picture - colour).max(axis=2) <= 2)
    assert len(pixels)
    world = viewer.camera.center[-2:] + (
        (pixels + 0.5 - np.array(picture.shape[:2]) / 2) / viewer.camera.zoom
    )
    rows, columns = np.rint(world / cells.scale[-2:]).astype(int).T
    plane = np.asarray(cells.data)[viewer.dims.current_step[:-2]]
    return set(plane[rows, columns].tolist())


def test_a_lasso_selects_cells_and_a_chosen_cell_moves_the_dot(
    viewer: Viewer, explore: Explore, cells: Cells
):
    image, labels = cells
    viewer.add_image(image, name="plate", scale=(2, 2))
    features = {"index": np.arange(1, 13), "area": np.arange(12) * 1.5}
    layer = viewer.add_labels(labels, name="cells", features=features, scale=(2, 2))
    view = explore(layer)
    assert len(view.state.model.latents) == 12
    assert view.state.map.quantity.name == "area"
    layer.selected_label = 6
    assert pinned(view) == "#5"
    assert view.state.selection.tolist() == [5]
    lasso(view, 0, 1, 2)
    chosen = view.state.selection
    assert {0, 1, 2} <= set(chosen.tolist())
    assert int(layer.selected_label) - 1 in chosen
    assert outlined(viewer) == {item + 1 for item in chosen}
    assert viewer.layers.selection.active.name == layer.name
    assert viewer.layers["selected in cells"] not in view.choice.objects._values
    view.state.select([])
    assert "selected in cells" not in viewer.layers
    assert np.array_equal(layer.data, labels)


def test_a_click_with_the_picker_chooses_a_cell(viewer: Viewer, explore: Explore, cells: Cells):
    image, labels = cells
    viewer.add_image(image, name="plate")
    layer = viewer.add_labels(labels, name="cells")
    view = explore(layer)
    layer.mode = "pick"
    for cell in (7, 10):
        click(viewer, *np.argwhere(labels == cell).mean(axis=0))
        assert layer.selected_label == cell
        assert pinned(view) == f"#{cell - 1}"
    view.state.select([3, 9])
    view.state.pin(np.zeros(2, np.float32))
    click(viewer, *np.argwhere(labels == 10).mean(axis=0))  # its label is selected already
    assert pinned(view) == "#9"
    assert outlined(viewer) == {10}


def test_a_cell_is_outlined_only_in_the_plane_where_it_is_selected(
    viewer: Viewer, explore: Explore, cells: Cells
):
    image, labels = cells
    viewer.add_image(np.stack([image, image]), name="movie")
    view = explore(viewer.add_labels(np.stack([labels, labels]), name="cells"))
    view.state.select([4, 12 + 7])  # label 5 in the first plane, 8 in the second
    for plane, label in ((0, 5), (1, 8)):
        viewer.dims.set_current_step(0, plane)
        assert outlined(viewer) == {label}
    viewer.dims.ndisplay = 3
    marks = np.asarray(viewer.layers["selected in cells"].data)
    assert set(marks[marks > 0]) == {5, 8}


def test_cells_that_are_painted_over_are_no_longer_those_of_the_map(
    qtbot: QtBot, viewer: Viewer, explore: Explore, cells: Cells
):
    image, labels = cells
    viewer.add_image(image, name="plate")
    layer = viewer.add_labels(labels.copy(), name="cells")
    view = explore(layer)
    layer.paint((25, 28), 7)
    qtbot.waitUntil(lambda: view.link is None)
    view.show_chosen()
    qtbot.waitUntil(lambda: view.link is not None)


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
