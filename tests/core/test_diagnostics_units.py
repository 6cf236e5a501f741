import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import trapezoid
from scipy.stats import norm

from bvae_core.diagnostics import active_units, kl_per_dimension


def test_a_posterior_equal_to_the_prior_costs_nothing():
    zeros = np.zeros((3, 2), dtype=np.float32)
    assert kl_per_dimension(zeros, zeros).tolist() == [[0.0, 0.0]] * 3


def test_known_values():
    # ½(μ² + σ² − 1 − ln σ²): ½·4 for a shift of 2; ½(e − 2) for ln σ² = 1
    assert kl_per_dimension(np.array([[2.0]]), np.array([[0.0]]))[0, 0] == pytest.approx(2.0)
    expected = 0.5 * (np.e - 2.0)
    assert kl_per_dimension(np.array([[0.0]]), np.array([[1.0]]))[0, 0] == pytest.approx(expected)


@given(mean=st.floats(-4, 4), log_var=st.floats(-4, 2))
def test_agrees_with_the_integral_that_defines_it(mean, log_var):
    deviation = np.exp(0.5 * log_var)
    z = np.linspace(mean - 12 * deviation, mean + 12 * deviation, 1001)
    log_q = norm.logpdf(z, mean, deviation)
    expected = trapezoid(np.exp(log_q) * (log_q - norm.logpdf(z)), z)
    found = kl_per_dimension(np.array([[mean]]), np.array([[log_var]]))[0, 0]
    assert found == pytest.approx(expected, abs=1e-6)


def test_keeps_its_digits_close_to_the_prior():
    found = kl_per_dimension(np.array([[0.0]]), np.array([[1e-6]]))[0, 0]
    assert found == pytest.approx(0.25e-12, rel=1e-3)  # ½(e^v − 1 − v) = v²/4 + …


def test_units_are_active_where_the_means_vary_by_more_than_a_hundredth():
    signs = np.array([-1.0, 1.0, -1.0, 1.0])
    means = np.stack([signs, 0.11 * signs, 0.09 * signs, np.full(4, 3.0)], axis=1)
    assert active_units(means).tolist() == [True, True, False, False]
