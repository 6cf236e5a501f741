"""What is said of a way, and how the decoder stretches the plane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import bvae_core
from bvae_core.errors import AnchorError, BvaeError, DataError
from bvae_core.latent import (
    Typicality,
    Ways,
    crossing_words,
    empty_frames,
    empty_share,
    empty_stretches,
    magnification,
    measure_way,
    metric_grid,
    straight,
)

BOUNDS = ((-1, 2), (-2, 0.5))


def islands() -> Typicality:
    """Codes around (−4, 0) and around (4, 0), and none between."""
    codes = np.random.default_rng(0).normal(0, 0.5, (4000, 2))
    codes[:, 0] += np.repeat([-4, 4], 2000)
    return Typicality(codes)


def test_the_measures_of_a_way():
    way = straight([[-4, 0], [4, 0]], 5)
    images = np.zeros((5, 2, 2))
    images[1:, 0, 0] = 1  # a pixel at the first step,
    images[3:, 0, 1] = 0.5  # half a pixel at the third
    measures = measure_way(way, images, islands())
    assert measures.length == 1.5
    assert measures.unevenness == 1 / (1.5 / 4)
    assert measures.lowest_rank == 0
    assert measures.crosses_empty
    assert 0.5 < measures.empty < 0.9
    assert measures.empty == empty_share(way, islands())


def test_where_the_image_changes_evenly_no_step_is_larger_than_the_mean():
    images = np.linspace(0, 1, 7)[:, None, None] * np.ones((7, 3, 3))
    assert measure_way(straight([[0, 0], [1, 0]], 7), images, islands()).unevenness == (
        pytest.approx(1)
    )
    still = measure_way(straight([[0, 0], [1, 0]], 7), np.zeros((7, 3, 3)), islands())
    assert (still.length, still.unevenness) == (0, 1)


@pytest.mark.parametrize(
    ("ends", "crosses"),
    [
        ([[-4, 0], [4, 0]], True),
        ([[-4.2, 0], [-3.8, 0.1]], False),
        ([[-9, 0], [-4, 0]], False),  # it only begins out there
        ([[-9, 0], [4, 0]], True),
        ([[-9, 5], [9, 5]], True),  # never anywhere else
    ],
)
def test_what_counts_as_crossing_empty_space(ends, crosses):
    for frames in (2, 12, 50):
        assert (empty_share(straight(ends, frames), islands()) > 0) == crosses


def test_the_words_for_it():
    assert crossing_words(0) == ""
    assert "31 % of the way" in crossing_words(0.31)
    assert "under 1 %" in crossing_words(0.004)
    assert "any character" in crossing_words(0.5, thing="character")


@pytest.mark.slow
@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(2, 9), st.just(2)), elements=st.floats(-9, 9, width=32)
    )
)
def test_measures_are_in_their_ranges(way):
    images = np.abs(np.sin(way[:, :1] * np.arange(6)))
    measures = measure_way(way, images, islands())
    assert measures.length >= 0
    assert 1 - 1e-9 <= measures.unevenness <= len(way) - 1 + 1e-9
    assert 0 <= measures.lowest_rank <= 1
    assert 0 <= measures.empty <= 1
    back = measure_way(way[::-1], images[::-1], islands())
    assert back.length == pytest.approx(measures.length)
    assert back.lowest_rank == pytest.approx(measures.lowest_rank, abs=0.01)


def test_a_way_needs_two_places_and_an_image_of_each():
    with pytest.raises(AnchorError, match="at least 2"):
        measure_way([[0, 0]], np.zeros((1, 2, 2)), islands())
    with pytest.raises(DataError, match="Expected 2, one a place"):
        measure_way([[0, 0], [1, 1]], np.zeros((3, 2, 2)), islands())


def test_in_the_demo_a_dense_way_is_nowhere_as_empty_as_the_straight_one_can_be():
    demo = bvae_core.load_bundle("demo")
    ways, typicality = Ways(demo.decode, demo.latents), Typicality(demo.latents)
    pairs = demo.latents[np.random.default_rng(1).integers(0, len(demo.latents), (12, 2))]
    shares = {
        kind: np.mean([empty_share(ways.path(pair, 33, kind), typicality) for pair in pairs])
        for kind in ("straight", "dense")
    }
    assert shares["dense"] <= shares["straight"]


def test_a_linear_decoder_has_the_same_metric_everywhere():
    weights = np.random.default_rng(0).normal(size=(2, 12))
    metric = metric_grid(lambda z: (z @ weights).reshape(-1, 3, 4), BOUNDS, (5, 9))
    assert metric.shape == (5, 9, 2, 2)
    np.testing.assert_allclose(metric, np.broadcast_to(weights @ weights.T, metric.shape), 1e-4)
    area = magnification(lambda z: z @ weights, BOUNDS, (5, 9))
    np.testing.assert_allclose(area, np.sqrt(np.linalg.det(weights @ weights.T)), rtol=1e-4)


def sphere(z):
    """Map the plane onto the unit sphere, stereographically: it is magnified 4 / (1 + |z|²)²."""
    squared = (z.astype(float) ** 2).sum(axis=1, keepdims=True)
    return np.concatenate([2 * z, 1 - squared], axis=1) / (1 + squared)


def test_the_magnification_of_a_sphere_is_as_known():
    xs = -0.5 + (np.arange(70) + 0.5) * 1.5 / 70
    ys = (np.arange(30) + 0.5) / 30
    expected = 4 / (1 + xs**2 + ys[:, None] ** 2) ** 2
    found = magnification(sphere, ((-0.5, 1), (0, 1)), (30, 70))
    np.testing.assert_allclose(found, expected, rtol=0.01)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 700), (300, 3)])
def test_a_grid_may_be_narrow_or_long(shape):
    area = magnification(sphere, ((-0.01, 0.02), (-0.02, 0.005)), shape)
    np.testing.assert_allclose(area, np.full(shape, 4), rtol=0.01)


def test_where_the_image_does_not_change_there_is_no_magnification():
    area = magnification(lambda z: np.ones((len(z), 4, 4), np.float32), BOUNDS, (3, 4))
    assert (area == 0).all()


def test_a_turned_plane_has_its_magnification_turned():
    demo = bvae_core.load_bundle("demo")
    plain = magnification(demo.decode, BOUNDS, (6, 7))
    turned = magnification(lambda xy: demo.decode(xy[:, ::-1]), BOUNDS[::-1], (7, 6))
    assert np.isfinite(plain).all()
    assert (plain > 0).all()
    np.testing.assert_allclose(turned, plain.T, rtol=1e-3)


@pytest.mark.parametrize("bounds", [((1, 0), (0, 1)), ((0, 0), (0, 1)), ((0, 1),)])
def test_bounds_that_are_none(bounds):
    with pytest.raises(AnchorError, match="the lower first"):
        magnification(lambda z: z, bounds)


def test_shapes_that_are_none():
    with pytest.raises(BvaeError, match="rows"):
        magnification(lambda z: z, BOUNDS, (0, 4))
    with pytest.raises(AnchorError, match="finite"):
        magnification(lambda z: z, ((0, np.inf), (0, 1)))


def test_the_empty_stretch_of_a_way_between_islands_lies_between_them():
    (stretch,) = empty_stretches(straight([[-4, 0], [4, 0]], 9), islands())
    np.testing.assert_allclose(stretch[:, 1], 0)
    assert (np.diff(stretch[:, 0]) > 0).all()
    assert -3 < stretch[0, 0] < -1
    assert 1 < stretch[-1, 0] < 3


def test_a_way_there_and_back_has_two_empty_stretches():
    way = straight([[-4, 0], [4, 0], [-4, 0.2]], 17)
    there, back = empty_stretches(way, islands())
    assert there[0, 0] < there[-1, 0]
    assert back[0, 0] > back[-1, 0]


def test_frames_of_empty_stretches():
    way = straight([[-4, 0], [4, 0]], 9)
    assert empty_frames(way, islands()).tolist() == [False] * 2 + [True] * 5 + [False] * 2
    assert not empty_frames([[-4, 0], [-4, 0]], islands()).any()


def test_a_way_that_stays_inside_has_none_and_one_outside_is_all_of_it():
    assert empty_stretches([[-4, 0], [-4.2, 0.1]], islands()) == []
    (stretch,) = empty_stretches([[20, 20], [22, 20]], islands())
    np.testing.assert_array_equal(stretch[[0, -1]], [[20, 20], [22, 20]])
