from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core.errors import AnchorError
from bvae_core.latent import posterior_ellipse, principal_axes, two_axes


def test_in_the_plane_it_is_an_ellipse_along_the_axes():
    outline = posterior_ellipse(two_axes(2), [1, -2], np.log([0.25, 4.0]), sigmas=2)
    assert outline.shape == (65, 2)
    assert np.array_equal(outline[0], outline[-1])
    assert outline.min(axis=0) == pytest.approx([0, -6], abs=1e-2)
    assert outline.max(axis=0) == pytest.approx([2, 2], abs=1e-2)


def test_on_a_line_it_is_an_interval():
    outline = posterior_ellipse(two_axes(1), [3], np.log([0.04]))
    assert outline[:, 0].min() == pytest.approx(2.8)
    assert outline[:, 0].max() == pytest.approx(3.2)
    assert (outline[:, 1] == 0).all()


@given(st.integers(3, 12), st.integers(0, 99))
def test_of_many_dimensions_it_outlines_what_is_seen_of_the_draws(latent_dim, seed):
    random = np.random.default_rng(seed)
    projection = principal_axes(random.normal(size=(50, latent_dim)))
    mean, log_var = random.normal(size=latent_dim), random.normal(size=latent_dim)
    draws = mean + np.exp(log_var / 2) * random.normal(size=(20_000, latent_dim))
    seen = projection.project(draws).astype(np.float64)
    outline = posterior_ellipse(projection, mean, log_var) - projection.project(mean[None])
    inverse = np.linalg.inv(np.cov(seen.T))
    # Every point of the outline is one standard deviation from the middle of the draws.
    distances = np.sqrt(np.einsum("ij,jk,ik->i", outline, inverse, outline))
    assert distances == pytest.approx(np.ones(65), abs=0.05)


def test_variances_must_be_numbers():
    with pytest.raises(AnchorError, match="2 finite numbers"):
        posterior_ellipse(two_axes(2), [0, 0], [0, np.nan])
