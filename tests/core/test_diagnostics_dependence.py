import numpy as np
import pytest

from bvae_core.diagnostics import dimension_correlations, dimension_mutual_information


def independent(count: int = 8000) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((count, 3))


def test_correlation_is_pearsons():
    codes = independent()
    codes[:, 2] = codes[:, 0] - 2 * codes[:, 1]
    assert dimension_correlations(codes) == pytest.approx(np.corrcoef(codes.T))


def test_a_dimension_that_does_not_vary_correlates_with_nothing():
    codes = independent(100)
    codes[:, 1] = 0.3
    found = dimension_correlations(codes)
    assert found[1].tolist() == [0.0, 1.0, 0.0]
    assert dimension_mutual_information(codes)[1] == pytest.approx(0.0)


def test_independent_dimensions_share_next_to_nothing():
    off = dimension_mutual_information(independent())[~np.eye(3, dtype=bool)]
    assert off.max() < 0.01


def test_of_gaussians_the_information_is_the_known_one():
    rng = np.random.default_rng(0)
    first, noise = rng.standard_normal((2, 100_000))
    codes = np.stack([first, 0.8 * first + 0.6 * noise], axis=1)  # ρ = 0.8
    found = dimension_mutual_information(codes)[0, 1]
    assert found == pytest.approx(-0.5 * np.log(1 - 0.8**2), rel=0.1)


def test_information_sees_what_correlation_misses():
    first = independent()[:, 0]
    codes = np.stack([first, first**2], axis=1)
    assert abs(dimension_correlations(codes)[0, 1]) < 0.1
    assert dimension_mutual_information(codes)[0, 1] > 1.0


def test_stretching_a_dimension_changes_nothing():
    codes = independent(2000)
    codes[:, 1] += codes[:, 0]
    assert dimension_mutual_information(np.exp(codes)) == pytest.approx(
        dimension_mutual_information(codes)
    )


def test_the_diagonal_is_the_entropy_and_the_rest_symmetric():
    found = dimension_mutual_information(independent(1600))
    assert np.diag(found) == pytest.approx(np.log(16))
    assert found == pytest.approx(found.T)


def test_few_codes_have_fewer_bins_and_still_show_what_is_shared():
    codes = independent(80)
    codes[:, 1] = codes[:, 0] + 0.01 * codes[:, 1]
    found = dimension_mutual_information(codes)
    assert np.diag(found) == pytest.approx(np.log(4))
    assert found[0, 1] > 1.0
    assert found[0, 2] < 0.2
