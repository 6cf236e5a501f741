import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import norm

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import (
    bounds_grid,
    corner_grid,
    data_quantile_range,
    data_range,
    prior_grid,
    prior_quantile_range,
    sigma_range,
    traversal,
    traversals,
)

coordinate = st.floats(-10, 10, width=32)
sides = st.integers(2, 9)


@pytest.mark.parametrize("kind", ["straight", "spherical"])
@given(hnp.arrays(np.float32, (4, 3), elements=coordinate), sides, sides)
def test_the_corners_of_a_grid_are_its_anchors(kind, corners, rows, columns):
    grid = corner_grid(corners, rows, columns, kind)
    assert grid.shape == (rows, columns, 3)
    found = [grid[0, 0], grid[0, -1], grid[-1, 0], grid[-1, -1]]
    np.testing.assert_array_equal(found, corners)


def test_a_straight_corner_grid_is_bilinear():
    grid = corner_grid([[0, 0], [4, 0], [0, 4], [8, 8]], 3, 3)
    np.testing.assert_allclose(grid[1, 1], np.mean([[0, 0], [4, 0], [0, 4], [8, 8]], axis=0))


def test_a_spherical_corner_grid_stays_on_the_sphere():
    corners = np.array([[3, 0, 0], [0, 3, 0], [0, 0, 3], [-3, 0, 0]])
    np.testing.assert_allclose(
        np.linalg.norm(corner_grid(corners, 5, 6, "spherical"), axis=-1), 3, rtol=1e-5
    )


def test_each_cell_of_a_prior_grid_stands_for_the_same_share_of_the_prior():
    grid = prior_grid(4, 5)
    assert grid.shape == (4, 5, 2)
    np.testing.assert_allclose(norm.cdf(grid[0, :, 0]), [0.1, 0.3, 0.5, 0.7, 0.9], atol=1e-6)
    np.testing.assert_allclose(norm.cdf(grid[:, 0, 1]), [0.875, 0.625, 0.375, 0.125], atol=1e-6)


def test_a_prior_grid_holds_the_other_dimensions_at_its_centre():
    grid = prior_grid(3, 3, latent_dim=4, axes=(2, 0), centre=[9, 1.5, 9, -2])
    assert (grid[..., 1] == 1.5).all()
    assert (grid[..., 3] == -2).all()
    assert grid[0, 0, 2] == grid[0, 0, 2] < 0 < grid[0, 0, 0]


def test_a_prior_grid_of_a_line_is_read_like_text():
    grid = prior_grid(3, 4, latent_dim=1)
    assert grid.shape == (3, 4, 1)
    assert (np.diff(grid.ravel()) > 0).all()


def test_a_bounds_grid_is_even_and_ends_at_the_bounds():
    grid = bounds_grid([[-1, 3], [0, 2]], 3, 5)
    np.testing.assert_allclose(grid[1, :, 0], [-1, 0, 1, 2, 3])
    np.testing.assert_allclose(grid[:, 2, 1], [2, 1, 0])


def test_grids_refuse_what_spans_no_plane():
    with pytest.raises(AnchorError, match="low < high"):
        bounds_grid([[1, 1], [0, 2]], 3, 3)
    with pytest.raises(AnchorError, match="two different dimensions"):
        prior_grid(3, 3, latent_dim=4, axes=(1, 1))
    with pytest.raises(AnchorError, match="two different dimensions"):
        prior_grid(3, 3, latent_dim=4, axes=(0, 4))
    with pytest.raises(AnchorError, match="3 numbers"):
        prior_grid(3, 3, latent_dim=3, centre=[0, 0])
    with pytest.raises(AnchorError, match="Expected 4"):
        corner_grid([[0, 0], [1, 1]], 3, 3)
    with pytest.raises(AnchorError, match="finite"):
        corner_grid([[0, 0], [1, 1], [2, 2], [np.nan, 3]], 3, 3)
    with pytest.raises(BvaeError, match="rows"):
        prior_grid(0, 3)
    with pytest.raises(BvaeError, match="columns"):
        corner_grid(np.eye(4), 3, 1)


@given(
    hnp.arrays(np.float32, 3, elements=coordinate),
    st.tuples(coordinate, coordinate).map(sorted),
    st.integers(2, 40),
    st.integers(0, 2),
)
def test_a_traversal_rises_in_one_dimension_and_stays_in_the_others(
    point, bounds, steps, dimension
):
    rows = traversal(point, dimension, bounds, steps)
    assert rows.shape == (steps, 3)
    assert [rows[0, dimension], rows[-1, dimension]] == bounds
    assert (np.diff(rows[:, dimension]) >= 0).all()
    others = np.delete(np.arange(3), dimension)
    np.testing.assert_array_equal(rows[:, others], np.tile(point[others], (steps, 1)))


def test_all_traversals_at_once():
    sheet = traversals([5, 6, 7], sigma_range(3), 7)
    assert sheet.shape == (3, 7, 3)
    for dimension in range(3):
        np.testing.assert_allclose(sheet[dimension, :, dimension], [-3, -2, -1, 0, 1, 2, 3])


def test_ranges():
    codes = np.random.default_rng(0).normal(size=(10_000, 2)).astype(np.float32) * [1, 5]
    np.testing.assert_allclose(prior_quantile_range(2, 0.05), [[-1.645, 1.645]] * 2, atol=1e-3)
    np.testing.assert_allclose(
        data_range(codes), np.stack([codes.min(axis=0), codes.max(axis=0)], axis=1), rtol=1e-6
    )
    np.testing.assert_allclose(
        data_quantile_range(codes, 0.05), [[-1.645, 1.645], [-8.22, 8.22]], rtol=0.05
    )


def test_traversals_refuse_what_has_no_range():
    with pytest.raises(AnchorError, match="low ≤ high"):
        traversal([0, 0], 0, [1, -1], 5)
    with pytest.raises(AnchorError, match="finite"):
        traversal([0, np.nan], 0, [-1, 1], 5)
    with pytest.raises(BvaeError, match="dimension"):
        traversal([0, 0], 2, [-1, 1], 5)
    with pytest.raises(BvaeError, match="steps"):
        traversal([0, 0], 0, [-1, 1], 1)
    with pytest.raises(AnchorError, match="shape"):
        traversals([0, 0], sigma_range(3), 5)
    with pytest.raises(BvaeError, match="tail"):
        prior_quantile_range(2, 0.5)
    for sigmas in (float("nan"), float("inf"), 1e40, 0.0, -3.0):
        with pytest.raises(BvaeError, match="sigmas"):
            sigma_range(2, sigmas)
    with pytest.raises(AnchorError, match="at least one"):
        data_range(np.empty((0, 2)))
