"""Ways that follow the data: geodesics of the decoder, and ways through dense regions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import bvae_core
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import (
    Typicality,
    Ways,
    corner_grid,
    path,
    straight,
)
from bvae_core.latent.dense_ways import DenseWays
from bvae_core.latent.geodesics import Geodesics

KINDS = ("straight", "spherical", "geodesic", "dense")
FOLLOWING = pytest.mark.parametrize("kind", ["geodesic", "dense"])
# Within the codes, at their edge, and far outside.
coordinate = st.floats(-8, 8, width=32)
frame_counts = st.integers(2, 60)


def cloud(latent_dim: int, count: int = 600) -> np.ndarray:
    return np.random.default_rng(latent_dim).normal(size=(count, latent_dim)).astype(np.float32)


@cache
def network(latent_dim: int):
    """Return a small random decoder of 40 pixels."""
    rng = np.random.default_rng(latent_dim)
    first, second = rng.normal(size=(latent_dim, 24)), rng.normal(size=(24, 40)) / 3
    return lambda z: 1 / (1 + np.exp(-np.tanh(z @ first / 2) @ second))


@cache
def ways_of(latent_dim: int) -> Ways:
    return Ways(network(latent_dim), cloud(latent_dim))


def pixel_length(decode, way: np.ndarray) -> float:
    images = decode(way).reshape(len(way), -1).astype(np.float64)
    return float(np.linalg.norm(np.diff(images, axis=0), axis=1).sum())


@st.composite
def anchors(draw, count=None, dims=(1, 2, 3, 5)):
    shape = (count or draw(st.integers(2, 4)), draw(st.sampled_from(dims)))
    return draw(hnp.arrays(np.float32, shape, elements=coordinate))


@FOLLOWING
@settings(max_examples=25, deadline=None)
@given(anchors(), frame_counts)
def test_a_way_begins_and_ends_exactly_at_its_end_anchors(kind, places, frames):
    way = ways_of(places.shape[1]).path(places, frames, kind)
    assert way.shape == (frames, places.shape[1])
    assert way.dtype == np.float32
    np.testing.assert_array_equal(way[0], places[0])
    np.testing.assert_array_equal(way[-1], places[-1])
    assert np.isfinite(way).all()


@FOLLOWING
@settings(max_examples=15, deadline=None)
@given(anchors(), st.integers(1, 6))
def test_every_segment_takes_the_same_share(kind, places, steps):
    way = ways_of(places.shape[1]).path(places, steps * (len(places) - 1) + 1, kind)
    np.testing.assert_array_equal(way[::steps], places)


@pytest.mark.slow
@FOLLOWING
@settings(max_examples=25, deadline=None)
@given(anchors(), frame_counts)
def test_the_way_back_is_the_way_there_reversed(kind, places, frames):
    ways = ways_of(places.shape[1])
    there, back = ways.path(places, frames, kind), ways.path(places[::-1], frames, kind)
    np.testing.assert_allclose(back[::-1], there, atol=1e-4)


@FOLLOWING
@settings(max_examples=10, deadline=None)
@given(anchors())
def test_a_way_is_always_the_same(kind, places):
    latent_dim = places.shape[1]
    again = Ways(network(latent_dim), cloud(latent_dim))
    way = ways_of(latent_dim).path(places, 12, kind)
    np.testing.assert_array_equal(way, again.path(places, 12, kind))


@FOLLOWING
@settings(max_examples=10, deadline=None)
@given(anchors(count=1), frame_counts)
def test_between_equal_anchors_nothing_moves(kind, place, frames):
    way = ways_of(place.shape[1]).path(np.repeat(place, 2, axis=0), frames, kind)
    np.testing.assert_allclose(way, np.broadcast_to(place, way.shape), atol=1e-5)


@pytest.mark.parametrize("refined", [False, True], ids=["at a first look", "refined"])
@settings(max_examples=25, deadline=None)
@given(anchors(count=2))
def test_a_geodesic_is_never_longer_in_pixels_than_the_straight_line(refined, places):
    latent_dim = places.shape[1]
    way = ways_of(latent_dim).path(places, 33, "geodesic", refined=refined)
    longest = pixel_length(network(latent_dim), straight(places, 33))
    assert pixel_length(network(latent_dim), way) <= longest * (1 + 1e-4) + 1e-4


def hemisphere(z: np.ndarray) -> np.ndarray:
    """Map the plane onto the unit sphere, stereographically: its geodesics are known."""
    squared = (z**2).sum(axis=1, keepdims=True)
    return np.concatenate([2 * z, 1 - squared], axis=1) / (1 + squared)


def test_geodesics_of_a_sphere_are_great_circles():
    geodesics = Geodesics(hemisphere, np.random.default_rng(0).uniform(-1.5, 1.5, (100, 2)))
    for ends in ([[1, 0], [0, 1]], [[0.9, 0.2], [-0.3, 0.8]], [[-0.7, -0.7], [0.7, -0.6]]):
        a, b = hemisphere(np.array(ends))
        angle = np.arccos(a @ b)
        way = geodesics.path(ends, 33)
        chords = 32 * 2 * np.sin(angle / 32 / 2)
        assert pixel_length(hemisphere, way) == pytest.approx(chords, rel=1e-3)
        # All of the way lies in the plane of the circle, in equal steps.
        normal = np.cross(a, b) / np.linalg.norm(np.cross(a, b))
        np.testing.assert_allclose(hemisphere(way.astype(float)) @ normal, 0, atol=0.02)
        steps = np.linalg.norm(np.diff(hemisphere(way.astype(float)), axis=0), axis=1)
        np.testing.assert_allclose(steps, steps.mean(), rtol=0.05)


def test_a_first_look_is_near_the_refined_way():
    geodesics = Geodesics(hemisphere, np.random.default_rng(0).uniform(-1.5, 1.5, (100, 2)))
    ends = [[1, 0], [0, 1]]
    look, way = geodesics.path(ends, 33, refined=False), geodesics.path(ends, 33)
    assert np.abs(look - way).max() < 0.1
    assert pixel_length(hemisphere, way) <= pixel_length(hemisphere, look) * (1 + 1e-6)


def test_where_the_decoder_is_linear_a_geodesic_is_straight():
    for latent_dim in (1, 2, 4):
        weights = np.random.default_rng(1).normal(size=(latent_dim, 30))
        geodesics = Geodesics(lambda z, weights=weights: z @ weights, cloud(latent_dim))
        ends = cloud(latent_dim)[:2]
        np.testing.assert_allclose(geodesics.path(ends, 9), straight(ends, 9), atol=1e-3)


def test_a_geodesic_goes_around_what_changes_the_image():
    """A ridge stands across the straight line, and ends above it."""

    def ridge(z):
        height = 20 * np.exp(-((z[:, :1] / 0.3) ** 2)) / (1 + np.exp(4 * (z[:, 1:] - 1)))
        return np.concatenate([z, height], axis=1)

    ends = [[-2, 0], [2, 0]]
    way = Geodesics(ridge, np.random.default_rng(0).uniform(-4, 4, (200, 2))).path(ends, 33)
    assert way[:, 1].max() > 1.5
    assert pixel_length(ridge, way) < pixel_length(ridge, straight(ends, 33)) / 3


@pytest.mark.parametrize("latent_dim", [1, 2, 3])
def test_a_decoder_that_makes_the_same_of_every_place_has_straight_geodesics(latent_dim):
    geodesics = Geodesics(lambda z: np.full((len(z), 4, 4), 0.5, np.float32), cloud(latent_dim))
    ends = np.array([[-1.0] * latent_dim, [2.0] * latent_dim])
    np.testing.assert_allclose(geodesics.path(ends, 9), straight(ends, 9), atol=1e-4)


def ring(latent_dim: int) -> np.ndarray:
    """Return codes around a circle in the first two dimensions, with nothing inside."""
    rng = np.random.default_rng(3)
    turns = rng.uniform(0, 2 * np.pi, 3000)
    codes = rng.normal(0, 0.3 / latent_dim, (3000, latent_dim))
    codes[:, 0] += 3 * np.cos(turns)
    codes[:, 1] += 3 * np.sin(turns)
    return codes


@pytest.mark.parametrize("latent_dim", [2, 4, pytest.param(20, marks=pytest.mark.slow)])
def test_a_dense_way_goes_around_what_is_empty(latent_dim):
    codes = ring(latent_dim)
    ends = np.zeros((2, latent_dim))
    ends[:, 0], ends[:, 1] = (-3, 3), 0.1
    way = DenseWays(codes).path(ends, 40)
    assert np.linalg.norm(way[:, :2], axis=1).min() > 2.5
    typicality = Typicality(codes)
    assert min(typicality.rank(place) for place in way[2:-2]) > 0.02
    assert min(typicality.rank(place) for place in straight(ends, 40)) == 0


@pytest.mark.parametrize("latent_dim", [2, 3])
def test_a_dense_way_gets_from_one_island_to_another(latent_dim):
    codes = cloud(latent_dim)
    codes[:300, 0] += 40
    ends = np.zeros((2, latent_dim))
    ends[0, 0] = 40
    way = DenseWays(codes).path(ends, 50)
    assert np.isfinite(way).all()
    assert np.abs(way[:, 1:]).max() < 3
    assert np.linalg.norm(np.diff(way, axis=0), axis=1).max() < 2


@FOLLOWING
@pytest.mark.parametrize("latent_dim", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 2, 50])
def test_codes_that_are_all_alike_or_few_have_ways_too(kind, latent_dim, count):
    ways = Ways(network(latent_dim), np.full((count, latent_dim), 0.25))
    way = ways.path([[-1] * latent_dim, [1] * latent_dim], 8, kind)
    assert np.isfinite(way).all()
    assert (way[0] == -1).all()
    assert (way[-1] == 1).all()


@FOLLOWING
def test_ways_reach_as_far_as_the_decoder_does(kind):
    demo = bvae_core.load_bundle("demo")
    way = Ways(demo.decode, demo.latents).path([[-1e6, 1e6], [1e6, 3]], 12, kind)
    assert np.isfinite(demo.decode(way)).all()


def test_in_the_demo_a_geodesic_is_shorter_and_more_even_than_the_straight_line():
    demo = bvae_core.load_bundle("demo")
    ways = Ways(demo.decode, demo.latents)
    for ends in ([[-3, -3], [3, 3]], [[-3, 0], [2, -2]]):
        line, look, way = (
            straight(ends, 33),
            ways.path(ends, 33, "geodesic", refined=False),
            ways.path(ends, 33, "geodesic"),
        )
        lengths = [pixel_length(demo.decode, each) for each in (way, look, line)]
        assert lengths[0] <= lengths[1] < lengths[2]
        steps = [
            np.linalg.norm(np.diff(demo.decode(each).reshape(33, -1), axis=0), axis=1)
            for each in (way, line)
        ]
        assert steps[0].max() / steps[0].mean() < steps[1].max() / steps[1].mean()


def test_a_moving_anchor_asks_little_of_the_decoder():
    """A first look at 30 frames of a way in the plane costs no more decodes than four strips."""
    demo = bvae_core.load_bundle("demo")
    asked = []

    def decode(z):
        asked.append(len(z))
        return demo.decode(z)

    ways = Ways(decode, demo.latents)
    ways.prepare("geodesic")
    assert sum(asked) < 5000  # the grid, once
    asked.clear()
    ways.path([[-2, -1], [2, 1]], 30, "geodesic", refined=False)
    assert 0 < sum(asked) < 250
    asked.clear()
    ways.path([[-2, -1], [2, 1]], 30, "geodesic")
    assert sum(asked) < 40_000


def test_any_thread_may_ask():
    demo = bvae_core.load_bundle("demo")
    ways = Ways(demo.decode, demo.latents)
    ends = [[-2, -1], [2, 1]]
    kinds = ["geodesic", "dense"] * 2
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda kind: ways.path(ends, 12, kind), kinds))
    alone = {kind: ways.path(ends, 12, kind) for kind in kinds[:2]}
    for way, kind in zip(found, kinds, strict=True):
        np.testing.assert_array_equal(way, alone[kind])


def test_ways_that_the_anchors_alone_determine_are_paths():
    ways = ways_of(2)
    for kind in ("straight", "spherical"):
        np.testing.assert_array_equal(
            ways.path([[1, 0], [0, 1]], 7, kind), path([[1, 0], [0, 1]], 7, kind)
        )
        corners = [[0, 0], [4, 0], [0, 4], [8, 8]]
        np.testing.assert_array_equal(
            ways.grid(corners, 3, 4, kind), corner_grid(corners, 3, 4, kind)
        )


@FOLLOWING
def test_a_grid_of_ways_has_its_corners_and_edges(kind):
    ways, corners = ways_of(2), np.array([[-1, 1], [1, 1], [-1, -1], [1, -1]], np.float32)
    grid = ways.grid(corners, 3, 5, kind)
    np.testing.assert_array_equal(grid[[0, 0, -1, -1], [0, -1, 0, -1]], corners)
    left = ways.path(corners[[0, 2]], 3, kind, refined=False)
    np.testing.assert_array_equal(grid[:, 0], left)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_way_is_refused(kind):
    ways = ways_of(2)
    with pytest.raises(AnchorError, match="finite"):
        ways.path([[0, 0], [1, np.nan]], 5, kind)
    with pytest.raises(AnchorError, match="at least 2"):
        ways.path([[0, 0]], 5, kind)
    for frames in (1, 10**9, 2.5):
        with pytest.raises(BvaeError, match="whole number"):
            ways.path([[0, 0], [1, 1]], frames, kind)


@FOLLOWING
def test_anchors_of_another_space_are_refused(kind):
    with pytest.raises(AnchorError, match="Expected 2 numbers"):
        ways_of(2).path([[0, 0, 0], [1, 1, 1]], 5, kind)


def test_codes_that_are_nowhere_are_refused():
    with pytest.raises(AnchorError, match="at least one"):
        DenseWays(np.empty((0, 2)))
    with pytest.raises(AnchorError, match="at least one"):
        Geodesics(network(2), np.empty((0, 2)))
    with pytest.raises(AnchorError, match="finite"):
        DenseWays([[np.nan, 0]])


# -- sketches ----------------------------------------------------------------------------------


@FOLLOWING
@settings(max_examples=25, deadline=None)
@given(anchors(dims=(2,)), frame_counts)
def test_a_sketch_begins_and_ends_at_its_anchors_and_decodes_nothing(kind, places, frames):
    prepared = sketching_ways()
    way = prepared.sketch(places, frames, kind)
    assert way.shape == (frames, 2)
    np.testing.assert_array_equal(way[[0, -1]], places[[0, -1]])
    assert np.isfinite(way).all()


@cache
def sketching_ways() -> Ways:
    """Return prepared ways whose decoder fails from now on."""
    is_asleep = False

    def decode(z: np.ndarray) -> np.ndarray:
        assert not is_asleep
        return network(2)(z)

    ways = Ways(decode, cloud(2))
    ways.prepare("geodesic")
    ways.prepare("dense")
    is_asleep = True
    return ways


def test_a_sketch_is_near_the_way_that_it_stands_for():
    ways = Ways(hemisphere, np.random.default_rng(0).uniform(-1.5, 1.5, (100, 2)))
    ends = [[1, 0], [0, 1]]
    for kind in ("geodesic", "dense"):
        ways.prepare(kind)
        assert np.abs(ways.sketch(ends, 33, kind) - ways.path(ends, 33, kind)).max() < 0.15


def test_a_dragged_end_has_the_same_sketch_as_one_that_was_put_there():
    """What is kept of the end that stays shortens the search, and nothing else."""
    dragged = sketching_ways()
    for x in np.linspace(-2, 2, 9):
        dragged.sketch([[0.5, -1], [x, 1]], 12, "dense")
    at_once = ways_of(2)
    at_once.prepare("dense")
    ends = [[0.5, -1], [2, 1]]
    np.testing.assert_allclose(
        dragged.sketch(ends, 12, "dense"), at_once.sketch(ends, 12, "dense"), atol=1e-4
    )


def test_there_is_no_sketch_of_what_takes_long():
    ways = Ways(network(3), cloud(3))
    places = cloud(3)[:2]
    for kind in ("geodesic", "dense"):
        assert ways.sketch(places, 5, kind) is None
        ways.prepare(kind)
    assert ways.sketch(places, 5, "geodesic") is None
    assert ways.sketch(places, 5, "dense") is not None
    np.testing.assert_array_equal(ways.sketch(places, 5), straight(places, 5))


def test_a_search_that_is_wanted_no_longer_ends_soon():
    calls = []

    def decode(z: np.ndarray) -> np.ndarray:
        calls.append(len(z))
        return network(3)(z)

    ways = Ways(decode, cloud(3))
    ways.path(cloud(3)[:2], 12, "geodesic", is_wanted=lambda: False)
    given_up = sum(calls)
    ways.path(cloud(3)[:2], 12, "geodesic")
    assert given_up < 200 < sum(calls) - given_up
