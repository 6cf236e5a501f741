"""The explorer beside a real viewer: its layers on the map, and the map's images as layers."""

from __future__ import annotations

from typing import Any

import numpy as np


def test_a_stack_is_shown_on_the_map(qtbot: Any, viewer: Any, explore: Any):
    stack = np.random.default_rng(0).integers(0, 4000, (40, 28, 28), np.uint16)
    view = explore(viewer.add_image(stack, name="noise"))
    assert view.state.model.codes_of == "noise"
    assert len(view.state.model.latents) == 40
    assert view.link is not None


def test_points_of_labels_are_coloured_and_selected(
    qtbot: Any, viewer: Any, explore: Any, cells: Any
):
    image, labels = cells
    viewer.add_image(image, name="plate")
    features = {"index": np.arange(1, 13), "area": np.arange(12) * 1.5}
    layer = viewer.add_labels(labels, name="cells", features=features)
    view = explore(layer)
    assert len(view.state.model.latents) == 12
    assert view.state.quantity.name == "area"
    view.state.select([3, 7])
    assert int(layer.selected_label) in (4, 8)
    marks = viewer.layers["selected in plate"]
    assert len(marks.data) == 2
    layer.selected_label = 6
    assert view.state.scene.point.text == "#5"
    assert view.state.selection.tolist() == [5]
