"""What a morph shows at once, and what it shows once the mouse rests; no Qt."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from latent_models import write_model
from numpy.testing import assert_array_equal

from bvae_core import load_bundle
from bvae_core.bundle import Bundle
from bvae_core.latent import Ways, straight
from bvae_gui.recipes import current_recipe
from bvae_gui.state import ExplorerState
from bvae_gui.state.morph import LIVE, some_of


@cache
def load_demo() -> Bundle:
    return load_bundle("demo")


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A model of three dimensions."""
    return write_model(tmp_path_factory.mktemp("deep"), 3)


def exploring(bundle: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(bundle)
    return state


@pytest.fixture
def state() -> ExplorerState:
    return exploring(load_demo())


def settle(state: ExplorerState) -> None:
    """Do all that is left to do."""
    while (settling := state.morph.unsettled()) is not None:
        state.morph.settle(settling, settling.find())


def as_in_a_file(state: ExplorerState) -> np.ndarray:
    """Return the way of the recipe that the window would export."""
    recipe = current_recipe(state)
    ways = Ways(state.model.decode, state.model.latents)
    return ways.path(state.anchors, recipe.frames, recipe.path)


def test_a_straight_way_is_there_at_once_and_is_measured_at_rest(state: ExplorerState):
    assert_array_equal(state.morph.places, straight(state.anchors, 12))
    assert state.morph.settled is None
    changes = []
    state.morph.changed.connect(lambda: changes.append("morph"))
    state.morph.settled_changed.connect(lambda: changes.append("settled"))
    settle(state)
    assert changes == ["settled"]  # nothing that is drawn already is drawn again
    assert state.morph.settled.measures.length > 0
    assert state.morph.unsettled() is None
    state.set_anchor(0, [0.0, 0.0])
    assert state.morph.settled is None


@pytest.mark.parametrize("kind", ["geodesic", "dense"])
def test_a_way_that_follows_the_data_is_sketched_while_it_moves_and_exact_at_rest(
    state: ExplorerState, kind
):
    state.set_interpolation(kind)
    assert not state.morph.has_its_way
    assert_array_equal(state.morph.places, straight(state.anchors, 12))
    settle(state)
    assert state.morph.has_its_way
    assert_array_equal(state.morph.places, as_in_a_file(state))
    assert_array_equal(state.morph.images, state.decode(state.morph.places))

    state.set_anchor(1, [1.5, -1.5])  # now it is prepared
    assert state.morph.has_its_way
    assert np.abs(state.morph.places - straight(state.anchors, 12)).max() > 0.05
    settle(state)
    assert_array_equal(state.morph.places, as_in_a_file(state))


def test_in_many_dimensions_the_last_way_is_bent_along(deep: Bundle):
    state = exploring(deep)
    state.set_interpolation("geodesic")
    first = state.morph.unsettled()
    state.morph.settle(first, first.find())
    assert state.morph.settled is None  # a first look; the whole is still to come
    assert state.morph.has_its_way
    settle(state)
    assert_array_equal(state.morph.places, as_in_a_file(state))

    bend = state.morph.places - straight(state.anchors, 12)
    state.set_anchor(0, state.anchors[0] + np.float32(0.25))
    assert not state.morph.has_its_way
    np.testing.assert_allclose(state.morph.places - straight(state.anchors, 12), bend, atol=1e-6)
    assert_array_equal(state.morph.places[[0, -1]], state.anchors)
    state.set_frames(20)  # which can't be bent alike
    assert_array_equal(state.morph.places, straight(state.anchors, 20))


def test_what_was_found_too_late_is_dropped(state: ExplorerState):
    state.set_interpolation("dense")
    settling = state.morph.unsettled()
    found = settling.find()
    state.set_anchor(0, [0.25, 0.5])
    state.morph.settle(settling, found)
    assert state.morph.settled is None
    assert_array_equal(state.morph.places[0], [0.25, 0.5])
    state.undo()  # and of use again where it fits again
    state.morph.settle(settling, found)
    assert_array_equal(state.morph.places, as_in_a_file(state))


def test_what_was_found_of_another_model_is_dropped(state: ExplorerState):
    settling = state.morph.unsettled()
    found = settling.find()
    state.open(load_demo())
    state.morph.settle(settling, found)
    assert state.morph.settled is None


def test_of_a_large_grid_some_images_stand_for_others_until_it_rests(state: ExplorerState):
    state.set_mode("grid")
    assert state.morph.decoded[1] is None  # 5 × 12 are few
    state.set_grid(40, 30)
    images, index = state.morph.decoded
    assert len(images) <= LIVE
    whole = state.morph.images
    for number, image in enumerate(images):  # each is that of a frame that it stands for
        frames = whole[index == number]
        assert np.abs(frames - image).max(axis=(1, 2)).min() < 1e-5
    assert_array_equal(state.morph.places[-1], state.anchors[3])
    settle(state)
    assert state.morph.decoded[1] is None
    assert_array_equal(state.morph.images, state.decode(state.morph.places))


def test_a_grid_of_geodesics_is_that_of_a_file(state: ExplorerState):
    state.set_mode("grid")
    state.set_grid(3, 4)
    state.set_interpolation("geodesic")
    settle(state)
    ways = Ways(state.model.decode, state.model.latents)
    assert_array_equal(
        state.morph.places, ways.grid(state.anchors[:4], 3, 4, "geodesic").reshape(-1, 2)
    )


@given(st.integers(1, 128), st.integers(2, 100), st.booleans())
def test_frames_that_stand_for_others(rows: int, columns: int, share_rows: bool):
    stands = some_of(rows, columns, share_rows=share_rows)
    if rows * columns <= LIVE:
        assert stands is None
        return
    chosen = np.unique(stands)
    assert stands.shape == (rows * columns,)
    assert len(chosen) <= (LIVE if share_rows else max(LIVE, rows))
    assert_array_equal(stands[chosen], chosen)  # each of them is itself
    if not share_rows:
        assert_array_equal(stands // columns, np.arange(rows * columns) // columns)


def test_a_line_through_empty_space_says_so_and_the_dense_way_is_better(state: ExplorerState):
    state.set_anchor(0, [2.6, -1.4])
    state.set_anchor(1, [1.6, -2.0])
    settle(state)
    assert state.morph.settled.measures.crosses_empty
    assert state.morph.settled.dense_is_better
    assert len(state.morph.settled.empty)
    before = state.morph.settled.measures.empty
    state.set_interpolation("dense")
    settle(state)
    assert state.morph.settled.measures.empty < before
    assert not state.morph.settled.dense_is_better
