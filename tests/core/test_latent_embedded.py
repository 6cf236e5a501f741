"""Maps that are known at the codes only."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core.errors import AnchorError
from bvae_core.latent import NeighbourProjection, posterior_ellipse


def a_map(count: int = 60, dimensions: int = 5, seed: int = 0) -> tuple[NeighbourProjection, ...]:
    random = np.random.default_rng(seed)
    codes = random.normal(size=(count, dimensions)).astype(np.float32)
    points = random.normal(size=(count, 2)).astype(np.float32)
    return NeighbourProjection(codes, points, ("UMAP 1", "UMAP 2")), codes, points


@settings(deadline=None)
@given(st.integers(1, 80), st.integers(1, 20), st.integers(0, 5))
def test_at_the_codes_both_ways_are_exact(count, dimensions, seed):
    view, codes, points = a_map(count, dimensions, seed)
    assert not view.is_exact
    np.testing.assert_array_equal(view.dots(codes), points)
    np.testing.assert_array_equal(view.project(codes), points)
    np.testing.assert_array_equal(view.inverse(points), codes)
    np.testing.assert_array_equal(view.inverse(view.project(codes)), codes)


def test_between_two_dots_is_a_mean_weighted_by_nearness():
    codes, points = np.float32([[0, 0, 0], [4, 4, 8]]), np.float32([[0, 0], [1, 0]])
    view = NeighbourProjection(codes, points, ("a", "b"))
    found = view.inverse([[0.5, 0], [0.25, 0], [1e-30, 0]])
    np.testing.assert_allclose(found, [[2, 2, 4], [1, 1, 2], [0, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(view.project([[1, 1, 2]]), [[0.25, 0]], atol=1e-6)


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_wherever_one_points_the_place_is_among_the_codes(x, y):
    view, codes, _ = a_map()
    (place,) = view.inverse([[x, y]])
    assert (codes.min(axis=0) - 1e-5 <= place).all()
    assert (place <= codes.max(axis=0) + 1e-5).all()


def test_of_codes_that_coincide_the_first_dot_counts():
    codes, points = np.float32([[1, 2, 3]] * 2), np.float32([[0, 0], [5, 5]])
    view = NeighbourProjection(codes, points, ("a", "b"))
    assert view.project(codes[1:]).tolist() == [[0, 0]]


def test_what_does_not_fit_is_refused():
    view, codes, points = a_map()
    with pytest.raises(AnchorError, match=r"points: Expected shape \(60, 2\)"):
        NeighbourProjection(codes, points[:-1], ("a", "b"))
    with pytest.raises(AnchorError, match="the codes of this map"):
        view.dots(codes[1:])
    with pytest.raises(AnchorError, match="Expected 5 numbers"):
        view.project([[0, 0]])
    with pytest.raises(AnchorError, match="finite"):
        view.inverse([[0, np.nan]])


def test_a_posterior_has_no_outline_on_it():
    view, codes, _ = a_map()
    assert np.isnan(posterior_ellipse(view, codes[0], np.zeros(5))).all()
