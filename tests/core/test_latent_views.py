"""Density, projections and neighbours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from bvae_core.errors import AnchorError, BvaeError, DataError
from bvae_core.latent import (
    Neighbours,
    default_projection,
    density_image,
    log_density,
    principal_axes,
    scott_bandwidth,
    two_axes,
)


@pytest.fixture(scope="module")
def cloud():
    rng = np.random.default_rng(0)
    return rng.normal(size=(5000, 2)).astype(np.float32) * [1, 2] + [3, 0]


def test_a_density_image_holds_all_the_probability(cloud):
    image = density_image(cloud, [[-3, 9], [-12, 12]], (120, 60))
    assert image.shape == (120, 60)
    assert image.sum() * (24 / 120) * (12 / 60) == pytest.approx(1, abs=1e-3)
    row, column = np.unravel_index(image.argmax(), image.shape)
    assert -12 + row * 24 / 120 == pytest.approx(0, abs=1)
    assert -3 + column * 12 / 60 == pytest.approx(3, abs=1)


def test_the_image_and_the_exact_density_agree(cloud):
    image = density_image(cloud, [[-3, 9], [-12, 12]], (480, 240))
    where = np.array([[3.025, 0.025], [4.025, 2.025], [2.025, -1.975]])
    rows, columns = ((where[:, 1] + 12) / 0.05).astype(int), ((where[:, 0] + 3) / 0.05).astype(int)
    np.testing.assert_allclose(image[rows, columns], np.exp(log_density(cloud, where)), rtol=0.02)


def test_the_density_is_near_the_one_that_the_codes_were_drawn_from(cloud):
    true = multivariate_normal([3, 0], np.diag([1, 4])).logpdf([[3, 0], [4, 1]])
    np.testing.assert_allclose(log_density(cloud, [[3, 0], [4, 1]]), true, atol=0.25)


def test_the_density_of_one_code_is_its_kernel():
    found = log_density([[1.0]], [[1.0], [1.5]], bandwidth=[0.5])
    np.testing.assert_allclose(found, norm(1, 0.5).logpdf([1.0, 1.5]))


def test_a_collapsed_dimension_leaves_the_density_finite(cloud):
    flat = cloud * [1, 0]
    assert np.isfinite(log_density(flat, flat[:5])).all()
    assert (scott_bandwidth(np.zeros((9, 3))) > 0).all()
    with pytest.raises(DataError, match="none"):
        log_density(np.empty((0, 2)), [[0, 0]])


def test_two_axes_and_back():
    view = two_axes(5, (3, 1))
    codes = np.random.default_rng(1).normal(size=(7, 5)).astype(np.float32)
    assert view.names == ("z₄", "z₂")
    np.testing.assert_array_equal(view.project(codes), codes[:, [3, 1]])
    moved = view.inverse([[10, 20]], at=codes[0])[0]
    np.testing.assert_allclose(moved, [codes[0, 0], 20, codes[0, 2], 10, codes[0, 4]], rtol=1e-6)


@given(st.integers(2, 12), st.integers(0, 100))
def test_the_principal_plane_inverts_what_it_shows(latent_dim, seed):
    rng = np.random.default_rng(seed)
    codes = rng.normal(size=(50, latent_dim)) * np.geomspace(3, 0.5, latent_dim)
    view = principal_axes(codes)
    np.testing.assert_allclose(view.directions @ view.directions.T, np.eye(2), atol=1e-5)
    places = rng.normal(size=(4, 2))
    np.testing.assert_allclose(view.project(view.inverse(places)), places, atol=1e-4)
    np.testing.assert_allclose(
        view.inverse(view.project(codes[:1]), at=codes[0])[0], codes[0], atol=1e-4
    )


def test_principal_axes_say_what_they_show_and_do_not_flip():
    rng = np.random.default_rng(2)
    codes = rng.normal(size=(4000, 3)) * [2, 0.1, 1]
    view = principal_axes(codes)
    assert view.names == ("PC 1 (80 %)", "PC 2 (19 %)")
    np.testing.assert_allclose(view.directions, [[1, 0, 0], [0, 0, 1]], atol=0.05)
    np.testing.assert_allclose(principal_axes(-codes).directions, view.directions, atol=1e-5)


def test_the_default_view_fits_the_dimensions():
    rng = np.random.default_rng(3)
    assert default_projection(rng.normal(size=(9, 1))).names == ("z₁",)
    assert default_projection(rng.normal(size=(9, 2))).names == ("z₁", "z₂")
    assert default_projection(rng.normal(size=(9, 3))).names[0].startswith("PC 1")


def test_views_refuse_what_they_can_not_show():
    with pytest.raises(AnchorError, match="different"):
        two_axes(3, (1, 1))
    with pytest.raises(AnchorError, match="at least 2"):
        principal_axes([[1, 2, 3]])
    with pytest.raises(AnchorError, match="2 dimensions"):
        two_axes(2).project([[1, 2, 3]])
    with pytest.raises(AnchorError, match="2 coordinates"):
        two_axes(2).inverse([[1, 2, 3]])


def test_collapsed_codes_still_have_a_principal_plane():
    view = principal_axes(np.ones((5, 3)))
    assert view.names == ("PC 1 (0 %)", "PC 2 (0 %)")
    assert np.isfinite(view.project(np.ones((5, 3)))).all()


@given(st.integers(0, 1000), st.integers(1, 20), st.sampled_from([1, 3, 15, 16, 40]))
def test_neighbours_are_those_that_a_plain_search_finds(seed, count, latent_dim):
    rng = np.random.default_rng(seed)
    codes = rng.integers(-3, 4, size=(50, latent_dim)).astype(np.float32)
    point = rng.integers(-3, 4, size=latent_dim)
    indices, distances = Neighbours(codes).nearest(point, count)
    plain = np.linalg.norm(codes - point, axis=1)
    np.testing.assert_allclose(distances, np.sort(plain)[:count])
    np.testing.assert_allclose(plain[indices], distances)
    assert len(set(indices.tolist())) == count


def test_neighbours_refuse_what_is_nowhere():
    near = Neighbours([[0, 0], [1, 1]])
    assert near.nearest([0.9, 0.9])[0].tolist() == [1]
    with pytest.raises(AnchorError, match="finite"):
        near.nearest([0, np.nan])
    with pytest.raises(AnchorError, match="2 numbers"):
        near.nearest([0])
    with pytest.raises(BvaeError, match="1 to 2"):
        near.nearest([0, 0], 3)
    with pytest.raises(AnchorError, match="at least one"):
        Neighbours(np.empty((0, 2)))


def test_neighbours_among_many_in_many_dimensions():
    codes = np.random.default_rng(0).normal(size=(10_000, 32)).astype(np.float32)
    indices, distances = Neighbours(codes).nearest(codes[9_999], 5)
    plain = np.linalg.norm(codes.astype(np.float64) - codes[9_999], axis=1)
    assert indices.tolist() == np.argsort(plain)[:5].tolist()
    np.testing.assert_allclose(distances, np.sort(plain)[:5])
