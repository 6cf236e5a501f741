"""What of layers is looked at, wherever the viewer shows them: without its window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from napari.components import ViewerModel

from bvae_gui.napari.layers import find_items, from_world, to_world

if TYPE_CHECKING:
    from bvae_gui.napari.items import Items


@pytest.fixture
def viewer() -> ViewerModel:
    return ViewerModel()


def found(viewer: ViewerModel, image: Any, objects: Any = None) -> Items:
    return find_items(viewer, image, objects)(lambda: False)


def two_squares(side: int) -> np.ndarray:
    """Labels of two squares in 40 × 40 pixels, with corners at (5, 5) and (20, 20)."""
    labels = np.zeros((40, 40), np.int32)
    labels[5 : 5 + side, 5 : 5 + side] = 1
    labels[20 : 20 + side, 20 : 20 + side] = 2
    return labels


def test_labels_of_a_smaller_image_are_as_large_as_they_are_in_the_larger(viewer: ViewerModel):
    plate = viewer.add_image(np.zeros((160, 160)), name="plate")
    # Their first pixel lies on the image's first four by four.
    binned = viewer.add_labels(two_squares(10), scale=(4, 4), translate=(1.5, 1.5), name="cells")
    items = found(viewer, plate, binned)
    assert items.shape == (48, 48)  # ten pixels of four, and room around
    assert items.centres.tolist() == [[39.5, 39.5], [99.5, 99.5]]


def test_points_in_micrometres_are_cut_out_of_the_image_s_pixels(viewer: ViewerModel):
    plate = viewer.add_image(np.zeros((200, 200)), scale=(0.1, 0.1), name="plate")
    spots = viewer.add_points([[5, 5], [10, 12]], size=2, name="spots")
    items = found(viewer, plate, spots)
    assert items.shape == (24, 24)
    assert np.allclose(items.centres, [[50, 50], [100, 120]], atol=0.5)


def test_layers_in_other_units_lie_where_the_viewer_shows_them(viewer: ViewerModel):
    if not hasattr(viewer.dims, "units"):
        pytest.skip("this version of napari doesn't convert units")
    plate = viewer.add_image(
        np.zeros((160, 160)), scale=(0.5, 0.5), units=("um", "um"), name="plate"
    )
    cells = viewer.add_labels(two_squares(10), scale=(1000, 1000), units=("nm", "nm"), name="cells")
    items = found(viewer, plate, cells)
    assert items.shape == (24, 24)
    assert np.allclose(items.centres, [[19, 19], [49, 49]], atol=0.5)
    place = np.array([3.0, 7.0])
    assert np.allclose(to_world(viewer, plate, place), [1500, 3500])
    assert np.allclose(from_world(viewer, plate, np.array([1500.0, 3500.0])), place)


def test_what_an_image_s_metadata_say_of_each_frame_is_known_of_it(viewer: ViewerModel):
    metadata = {
        "labels": [1, 0, 1],
        "class_names": ["round", "long"],
        "area": [1.5, 2.5, 3.5],
        "of all": "three words here",
        "too many": [1, 2, 3, 4],
        "outlines": [[1, 2], [3], [4, 5, 6]],
    }
    stack = viewer.add_image(np.zeros((3, 8, 8)), metadata=metadata)
    known = found(viewer, stack).features
    assert sorted(known) == ["area", "labels"]
    assert known["labels"].tolist() == ["long", "round", "long"]


def test_labels_that_no_name_is_for_stay_numbers(viewer: ViewerModel):
    metadata = {"labels": [1, -1, 0], "class_names": ["round", "long"]}
    stack = viewer.add_image(np.zeros((3, 8, 8)), metadata=metadata)
    assert found(viewer, stack).features["labels"].tolist() == [1, -1, 0]
