"""What is looked at in a layer, read in chunks, cut and encoded: without a viewer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core import load_bundle
from bvae_core.errors import DataError
from bvae_gui.napari.colouring import Classes, colouring
from bvae_gui.napari.encoding import Stopped, encode
from bvae_gui.napari.items import crops, find_labels, frames
from bvae_gui.napari.pixels import Picture, fitting_size
from bvae_gui.state import Quantity


def grey(data: Any, limits: tuple[float, float] = (0, 255)) -> Picture:
    return Picture("layer", data, None, (), False, limits)


def never() -> bool:
    return False


# -- pixels ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32, np.float64])
def test_contrast_limits_are_black_and_white_whatever_the_type(dtype: type):
    stack = np.zeros((3, 9, 8), dtype)
    stack[1], stack[2] = 50, 100
    images = frames(grey(stack, (25, 75))).read(slice(0, 3))
    assert images.shape == (3, 9, 8, 1)
    assert images[:, 0, 0, 0].tolist() == [0, 128, 255]


def test_what_is_no_number_is_black_and_what_is_infinite_white():
    stack = np.full((2, 8, 8), np.nan, np.float32)
    stack[1] = np.inf
    images = frames(grey(stack, (0, 1))).read(slice(0, 2))
    assert (images[0] == 0).all()
    assert (images[1] == 255).all()


def test_planes_of_several_axes_are_all_frames_in_their_order():
    stack = np.arange(2 * 3 * 8 * 8, dtype=np.float32).reshape(2, 3, 8, 8)
    items = frames(grey(stack, (0, float(stack.max()))))
    assert len(items) == 6
    assert items.planes.tolist()[4] == [1, 1]
    middle = items.read(np.array([4]))[0, 0, 0, 0]
    assert middle == round(255 * stack[1, 1, 0, 0] / stack.max())


@pytest.mark.parametrize("axis", [0, 1, 3])
def test_channels_may_lie_along_any_axis(axis: int):
    planes = np.zeros((4, 8, 9, 3), np.uint8)
    planes[..., 0], planes[..., 1] = 200, 100
    stack = np.moveaxis(planes, -1, axis)
    mean = Picture("layer", stack, axis, (0, 1), False, (0, 255))
    assert (frames(mean).read(slice(0, 4)) == 150).all()
    of_all = Picture("layer", stack, axis, (0, 1, 2), False, (0, 255))
    assert (frames(of_all).read(slice(0, 4)) == 100).all()
    colour = Picture("layer", stack, axis, (0, 1, 2), True, (0, 255))
    assert frames(colour).read(slice(1, 2))[0, 0, 0].tolist() == [200, 100, 0]


def test_what_is_transparent_lies_on_white_paper():
    stack = np.zeros((2, 8, 8, 4), np.uint8)
    stack[1, ..., 3] = 255
    images = frames(Picture("layer", stack, 3, (0, 1, 2, 3), True, (0, 255))).read(slice(0, 2))
    assert (images[0] == 255).all()
    assert (images[1] == 0).all()


class Chunked:
    """An array that notes how much of it is held at once, and how often a chunk is read."""

    def __init__(self, count: int) -> None:
        import dask.array as da
        from dask import delayed

        self.reads: list[int] = []
        rows = [delayed(self._read)(start) for start in range(0, count, 100)]
        parts = [da.from_delayed(row, (100, 16, 16), np.uint16) for row in rows]
        self.array = da.concatenate(parts)

    def _read(self, start: int) -> np.ndarray:
        self.reads.append(start)
        return np.full((100, 16, 16), start, np.uint16)


def test_a_lazy_stack_is_read_chunk_by_chunk_each_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bvae_gui.napari.pixels._READ_BYTES", 16 * 16 * 2 * 10)
    stack = Chunked(500)
    items = frames(grey(stack.array, (0, 500)))
    for which in items.batches():
        images = items.read(which)
        assert len(stack.reads) == which.stop // 100  # no more than what is asked for
        assert len(images) == 100
        assert images[0, 0, 0, 0] == round(255 * which.start / 500)
    assert sorted(stack.reads) == [0, 100, 200, 300, 400]


def test_a_single_image_is_no_stack():
    with pytest.raises(DataError, match=r"layer: Expected a stack of at least two images"):
        frames(grey(np.zeros((30, 30))))


# -- crops -------------------------------------------------------------------------------------


def test_labels_are_found_plane_by_plane_with_their_boxes():
    labels = np.zeros((2, 20, 30), np.int64)
    labels[0, 2:6, 3:5] = 70_000
    labels[1, 10:12, 20:26] = 4
    labels[1, 0, 0] = 9
    centres, sizes, ids = find_labels(labels, never)
    assert ids.tolist() == [70_000, 4, 9]
    assert centres.tolist() == [[0, 3.5, 3.5], [1, 10.5, 22.5], [1, 0, 0]]
    assert sizes.tolist() == [4, 6, 1]


def test_a_crop_lies_around_its_object_and_goes_on_with_the_edge_outside():
    image = np.tile(np.arange(20, dtype=np.uint8), (20, 1))
    centres = np.array([[10.0, 10.0], [0.0, 0.0], [19.0, 19.0]])
    items = crops("cells", "points", grey(image), centres, np.ones(3), np.arange(3), {}, side=5)
    images = items.read(slice(0, 3))[..., 0]
    assert images[0, 0].tolist() == [8, 9, 10, 11, 12]
    assert images[1, 0].tolist() == [0, 0, 0, 1, 2]
    assert images[2, 0].tolist() == [17, 18, 19, 19, 19]


def test_without_a_size_crops_are_as_large_as_nearly_all_objects_need():
    sizes = np.array([10.0] * 99 + [500])
    centres = np.zeros((100, 2))
    items = crops(
        "cells", "points", grey(np.zeros((9, 9))), centres, sizes, np.arange(100), {}, None
    )
    assert items.shape == (12, 12)


@given(
    y=st.floats(-1e4, 1e4), x=st.floats(-1e4, 1e4), side=st.integers(4, 40), size=st.integers(1, 30)
)
def test_wherever_an_object_is_its_crop_has_its_size(y: float, x: float, side: int, size: int):
    image = np.arange(size * (size + 3), dtype=np.float32).reshape(size, size + 3)
    centres = np.array([[y, x], [0, 0]])
    items = crops(
        "cells", "points", grey(image, (0, 999)), centres, np.ones(2), np.arange(2), {}, side
    )
    assert items.read(slice(0, 2)).shape == (2, side, side, 1)


def test_one_object_has_no_map():
    with pytest.raises(DataError, match=r"cells: Expected at least two objects\. Received: 1"):
        crops(
            "cells", "points", grey(np.zeros((9, 9))), np.zeros((1, 2)), np.ones(1), np.arange(1),
            {}, 8,
        )  # fmt: skip


# -- encoding ----------------------------------------------------------------------------------


def test_items_of_any_size_are_brought_to_the_model_and_encoded_in_order():
    demo = load_bundle("demo")
    decoded = np.rint(255 * demo.decode(demo.latents[:50])).astype(np.uint8)
    told: list[int] = []
    encoded = encode(frames(grey(decoded)), demo, told.append, never)
    mean, log_var = demo.encode(decoded)
    assert np.array_equal(encoded.mean, mean)
    assert np.array_equal(encoded.log_var, log_var)
    assert np.array_equal(encoded.images[..., 0], decoded)
    assert told[-1] == 50
    large = decoded.repeat(3, axis=1).repeat(3, axis=2)
    shrunk = encode(frames(grey(large)), demo, told.append, never)
    assert shrunk.images.shape == (50, 28, 28, 1)
    assert np.abs(shrunk.mean - mean).max() < 0.5


def test_it_can_be_stopped():
    with pytest.raises(Stopped):
        encode(frames(grey(np.zeros((4, 28, 28)))), load_bundle("demo"), print, lambda: True)


@given(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), st.integers(8, 256))
def test_images_to_train_on_have_sizes_that_can_be_trained(shape: tuple[int, int], longest: int):
    height, width = fitting_size(shape, longest)
    assert min(height, width) >= 8
    assert max(height, width) <= 256


# -- colours -----------------------------------------------------------------------------------


def test_words_and_few_whole_numbers_are_kinds():
    for missing in (None, np.nan, pd.NA, pd.NaT):
        made = colouring("stage", np.array(["late", "early", "late", missing], object))
        assert isinstance(made, Classes)
        assert made.names == ("early", "late", "–")
        assert made.labels.tolist() == [1, 0, 1, 2]
    numbers = colouring("plate", np.array([10, 2, 10, 2]))
    assert isinstance(numbers, Classes)
    assert numbers.names == ("2", "10")
    assert isinstance(colouring("ok", np.array([True, False])), Classes)


def test_numbers_with_fractions_or_many_of_them_are_quantities():
    made = colouring("area", np.array([1.5, np.nan, 2.0]))
    assert isinstance(made, Quantity)
    assert np.isnan(made.values[1])
    assert isinstance(colouring("count", np.arange(100)), Quantity)


def test_what_tells_nothing_apart_colours_nothing():
    assert colouring("same", np.array([3, 3, 3])) is None
    assert colouring("all different", np.array([f"cell {i}" for i in range(500)], object)) is None
