"""Where the tiles of a manifold are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from bvae_core.latent import tiling
from bvae_core.latent.tilings import MOST_TILES

middles = st.floats(-20, 20)
scales = st.floats(1e-4, 0.5)
sizes = st.tuples(st.integers(1, 4000), st.integers(1, 3000))
shapes = st.tuples(st.integers(8, 256), st.integers(8, 256))


def seen(x, y, scale, size):
    """What a window of so many pixels shows of a plane."""
    half = np.array(size) * scale / 2
    return (x - half[0], x + half[0]), (y - half[1], y + half[1])


@settings(deadline=None)
@given(middles, middles, scales, sizes, shapes)
def test_tiles_cover_what_is_seen_in_the_images_proportions(x, y, scale, size, shape):
    bounds = seen(x, y, scale, size)
    made = tiling(bounds, (scale, scale), shape)
    for (low, high), (first, last) in zip(bounds, made.bounds, strict=True):
        assert first <= low <= high <= last
    assert len(made.points) == made.count <= MOST_TILES
    width, height = made.cell
    np.testing.assert_allclose(width / height, shape[1] / shape[0])


@settings(deadline=None)
@given(middles, middles, scales, shapes)
def test_tiles_are_as_many_pixels_wide_whatever_the_zoom(x, y, scale, shape):
    made = tiling(seen(x, y, scale, (800, 600)), (scale, scale), shape, edge=28)
    longest = max(made.cell) / scale
    if made.count * 2 < MOST_TILES:  # or else they are larger, so that there are not too many
        assert 28 <= longest * (1 + 1e-9) < 28 * 2**0.5 + 1e-6


@settings(deadline=None)
@given(middles, middles, st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_tiles_stay_where_they_are_on_the_plane_when_it_is_moved(x, y, right, up):
    scale = (0.01, 0.01)
    before = tiling(seen(x, y, 0.01, (800, 600)), scale, (28, 28)).points
    after = tiling(seen(x + right, y + up, 0.01, (800, 600)), scale, (28, 28)).points
    same = {tuple(point) for point in before.tolist()} & {tuple(point) for point in after.tolist()}
    assert len(same) >= 0.7 * len(before)


def test_zooming_in_shows_more_of_the_same_part():
    far = tiling(((-4, 4), (-3, 3)), (0.01, 0.01), (28, 28))
    near = tiling(((-1, 1), (-0.75, 0.75)), (0.0025, 0.0025), (28, 28))
    inside = (np.abs(far.points) <= (1, 0.75)).all(axis=1).sum()
    assert (np.abs(near.points) <= (1, 0.75)).all(axis=1).sum() > 10 * inside


@settings(deadline=None)
@given(st.floats(0.0005, 0.05))
def test_tiles_at_the_prior_s_quantiles_halve_its_mass_and_never_overlap(scale):
    bounds = ((-3, 3), (-2, 2))
    made = tiling(bounds, (scale, scale), (28, 28), spacing="prior")
    places = np.unique(made.points[:, 0])
    np.testing.assert_allclose(places, -places[::-1], atol=1e-9)
    masses = norm.cdf(places)
    depths = np.log2(
        np.abs(masses[:, None] - np.arange(1, 2**12)[None] / 2**12).min(axis=1) + 1e-16
    )
    assert (depths < -12).all()  # each is an odd number of halves of halves
    if len(places) > 1:
        assert np.diff(places).min() >= made.cell[0]


def test_a_line_has_one_row_of_tiles_on_it():
    made = tiling(((-3, 3), (-1, 1)), (0.01, 0.005), (28, 28), is_line=True)
    assert (made.points[:, 1] == 0).all()
    assert len(made.points) > 10
    np.testing.assert_allclose(made.cell[0] / 0.01, made.cell[1] / 0.005)  # square on the screen
