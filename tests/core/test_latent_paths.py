import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import path, spherical, straight

KINDS = pytest.mark.parametrize("way", [straight, spherical])
coordinate = st.floats(-10, 10, width=32)
frame_counts = st.integers(2, 60)


@st.composite
def anchors(draw, count=None):
    shape = (count or draw(st.integers(2, 8)), draw(st.integers(1, 6)))
    return draw(hnp.arrays(np.float32, shape, elements=coordinate))


@KINDS
@given(anchors(), frame_counts)
def test_a_path_begins_and_ends_exactly_at_its_end_anchors(way, places, frames):
    frames_seen = way(places, frames)
    assert frames_seen.shape == (frames, places.shape[1])
    assert frames_seen.dtype == np.float32
    np.testing.assert_array_equal(frames_seen[0], places[0])
    np.testing.assert_array_equal(frames_seen[-1], places[-1])
    assert np.isfinite(frames_seen).all()


@KINDS
@given(anchors(), st.integers(1, 6))
def test_every_segment_takes_the_same_share(way, places, steps):
    frames = way(places, steps * (len(places) - 1) + 1)
    np.testing.assert_array_equal(frames[::steps], places)


@KINDS
@given(anchors(), frame_counts)
@example(np.array([[6e-8, -1, 0], [0, 1, 0]]), 3)  # antiparallel but for rounding
def test_the_way_back_is_the_way_there_reversed(way, places, frames):
    np.testing.assert_allclose(way(places[::-1], frames), way(places, frames)[::-1], atol=1e-4)


@KINDS
@given(anchors(count=1), frame_counts)
def test_between_equal_anchors_nothing_moves(way, place, frames):
    assert (way(np.repeat(place, 2, axis=0), frames) == place).all()


@given(anchors(count=2), frame_counts)
def test_a_straight_path_moves_in_equal_steps(places, frames):
    steps = np.diff(straight(places, frames).astype(np.float64), axis=0)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape), atol=1e-5)


@given(anchors(count=2), frame_counts)
def test_a_spherical_path_keeps_the_norm_of_equally_long_anchors(places, frames):
    norms = np.linalg.norm(places, axis=1, keepdims=True)
    assume(places.shape[1] > 1 and (norms > 1e-3).all())
    found = np.linalg.norm(spherical(2 * places / norms, frames), axis=1)
    np.testing.assert_allclose(found, 2, rtol=1e-4)


@given(anchors(count=2), frame_counts)
def test_a_spherical_path_is_never_longer_or_shorter_than_its_anchors(places, frames):
    norms = np.linalg.norm(places, axis=1)
    assume(places.shape[1] > 1 and (norms > 1e-3).all())
    found = np.linalg.norm(spherical(places, frames), axis=1)
    # Between antiparallel anchors, too, and those that rounding alone keeps from being parallel.
    assert found.min() >= norms.min() * (1 - 1e-4)
    assert found.max() <= norms.max() * (1 + 1e-4)


def test_a_quarter_of_a_circle_has_equal_angles():
    frames = spherical([[1, 0], [0, 1]], 4)
    np.testing.assert_allclose(
        np.degrees(np.arctan2(frames[:, 1], frames[:, 0])), [0, 30, 60, 90], atol=1e-4
    )


def test_antiparallel_anchors_are_joined_around_the_origin():
    frames = spherical([[0, 2, 0], [0, -2, 0]], 9)
    np.testing.assert_allclose(np.linalg.norm(frames, axis=1), 2, rtol=1e-6)
    steps = np.linalg.norm(np.diff(frames, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-5)


@pytest.mark.parametrize(
    "ends",
    [[[0, 0], [3, 4]], [[3, 4], [0, 0]], [[1, 1], [5, 5]], [[0, 0], [0, 0]]],
    ids=["from the origin", "to the origin", "parallel", "nowhere"],
)
def test_where_the_direction_is_undetermined_a_spherical_path_is_straight(ends):
    np.testing.assert_allclose(spherical(ends, 7), straight(ends, 7), atol=1e-6)


def test_in_one_dimension_a_spherical_path_goes_through_the_origin():
    np.testing.assert_allclose(spherical([[-1], [1]], 3), [[-1], [0], [1]])


def test_path_chooses_by_name():
    ends = [[1, 0], [0, 1]]
    np.testing.assert_array_equal(path(ends, 5), straight(ends, 5))
    np.testing.assert_array_equal(path(ends, 5, "spherical"), spherical(ends, 5))


@KINDS
@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e39])
def test_numbers_that_are_no_place_are_refused(way, bad):
    with pytest.raises(AnchorError, match="finite"):
        way([[0, 0], [1, bad]], 5)


@KINDS
@pytest.mark.parametrize(
    ("frames", "error"), [(1, "2 to"), (0, "2 to"), (10**9, "10000"), (2.5, "whole")]
)
def test_a_number_of_frames_out_of_range_is_refused(way, frames, error):
    with pytest.raises(BvaeError, match=error):
        way([[0, 0], [1, 1]], frames)


@KINDS
def test_one_anchor_makes_no_path(way):
    with pytest.raises(AnchorError, match="at least 2"):
        way([[0, 0]], 5)
    with pytest.raises(AnchorError, match="shape"):
        way([0, 0], 5)
