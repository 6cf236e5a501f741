import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core.diagnostics import decompose_kl, decomposition, kl_per_dimension


def test_posteriors_equal_to_the_prior_have_nothing_in_any_part():
    found = decompose_kl(np.zeros((50, 3)), np.zeros((50, 3)))
    assert found.mutual_information == pytest.approx(0, abs=1e-12)
    assert found.total_correlation == pytest.approx(0, abs=1e-12)
    assert found.dimension_wise_kl == pytest.approx(0, abs=1e-12)


def test_codes_that_tell_every_image_carry_the_logarithm_of_their_number():
    places = 100.0 * np.arange(32)[:, None]
    found = decompose_kl(places, np.full((32, 1), -2.0))
    assert found.mutual_information == pytest.approx(np.log(32))
    assert found.most_information == pytest.approx(np.log(32))
    assert found.mutual_information_error == pytest.approx(0, abs=1e-9)


def test_a_code_said_twice_is_all_total_correlation():
    # two places, each in both dimensions: q(z) knows of ln 2 that the marginals don't
    places = 50.0 * np.array([[-1.0, -1.0], [1.0, 1.0]])
    found = decompose_kl(places, np.zeros((2, 2)))
    assert found.total_correlation == pytest.approx(np.log(2))
    assert found.mutual_information == pytest.approx(np.log(2))


def test_independent_dimensions_have_no_total_correlation():
    side = np.linspace(-3, 3, 25)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    found = decompose_kl(grid, np.full_like(grid, -1.0))
    assert found.total_correlation == pytest.approx(0, abs=1e-9)
    assert found.mutual_information > 1


def test_a_shifted_posterior_is_all_dimension_wise_kl():
    mean = np.tile([2.0, 0.0], (40, 1))
    found = decompose_kl(mean, np.zeros((40, 2)), draws=50_000)
    assert found.mutual_information == pytest.approx(0, abs=1e-9)
    assert found.total_correlation == pytest.approx(0, abs=1e-9)
    assert found.dimension_wise_kl_per_dim == pytest.approx((2.0, 0.0), abs=0.05)
    assert abs(found.dimension_wise_kl - 2.0) < 4 * found.dimension_wise_kl_error


@given(seed=st.integers(0, 1000), dimensions=st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_the_parts_add_up_to_the_kl(seed, dimensions):
    rng = np.random.default_rng(seed)
    mean = rng.standard_normal((60, dimensions))
    log_var = rng.uniform(-3, 0.5, (60, dimensions))
    found = decompose_kl(mean, log_var, draws=4000, seed=seed)
    parts = found.mutual_information + found.total_correlation + found.dimension_wise_kl
    assert parts == pytest.approx(kl_per_dimension(mean, log_var).sum(axis=1).mean(), rel=0.05)
    assert found.dimension_wise_kl == pytest.approx(sum(found.dimension_wise_kl_per_dim))


def test_chunks_change_nothing_and_the_seed_does(monkeypatch):
    rng = np.random.default_rng(0)
    mean, log_var = rng.standard_normal((2, 40, 3))
    whole, other = decompose_kl(mean, log_var, seed=3), decompose_kl(mean, log_var, seed=4)
    monkeypatch.setattr(decomposition, "_CHUNK_VALUES", 7 * 120)
    assert decompose_kl(mean, log_var, seed=3).total_correlation == pytest.approx(
        whole.total_correlation, rel=1e-12
    )
    assert other.total_correlation != whole.total_correlation


def test_of_too_many_images_a_sample_is_taken_and_said():
    rng = np.random.default_rng(0)
    mean, log_var = rng.standard_normal((2, 300, 2))
    found = decompose_kl(mean, log_var, draws=100, most_images=50)
    assert (found.image_count, found.draws, found.seed) == (50, 100, 0)
    assert found.most_information == pytest.approx(np.log(50))
