"""The measures of disentanglement, of codes made by hand whose answers are known.

Two factors, uniform and independent, are coded in two dimensions: each in its own (perfectly
disentangled); each in both alike, by a Hadamard matrix, so that neither dimension knows more of one
factor than of the other (fully entangled); or not at all (random).
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import hadamard

from bvae_core.datasets import ImageSet, strokes
from bvae_core.diagnostics import FactorScores, measure_factors
from bvae_core.diagnostics.factors import (
    PUBLISHED_SIZES,
    DrawnStrokes,
    GivenCodes,
    Sizes,
    beta_vae_score,
    factor_vae_score,
    ground_truth_of,
    mutual_information_gap,
    separated_predictability,
    steps_of,
)
from bvae_core.diagnostics.factors.binning import factor_classes
from bvae_core.diagnostics.factors.dci import completeness, disentanglement

SMALL = Sizes(
    train=4000, test=2000, tree_train=150, tree_test=200, train_votes=400, test_votes=400, batch=32
)
TINY = Sizes(
    train=100, test=50, tree_train=100, tree_test=50, train_votes=30, test_votes=30, batch=4
)


class HandMade:
    """Uniform factors, and codes that are a function of them."""

    def __init__(self, code, factor_names=("a", "b")):
        self._code = code
        self.factor_names = factor_names

    def sample(self, count, rng):
        factors = rng.uniform(-1, 1, (count, len(self.factor_names)))
        return self._code(factors, rng), factors

    def share(self, factor, groups, size, rng):
        factors = rng.uniform(-1, 1, (groups, size, len(self.factor_names)))
        factors[:, :, factor] = factors[:, :1, factor]
        return self._code(factors, rng)


PERFECT = HandMade(lambda factors, _: factors[..., [1, 0]] * [1.0, -2.0])
ENTANGLED = HandMade(lambda factors, _: factors @ hadamard(2))
RANDOM = HandMade(lambda factors, rng: rng.standard_normal(factors.shape))


@pytest.fixture(scope="module")
def scores() -> dict[str, FactorScores]:
    codes = {"perfect": PERFECT, "entangled": ENTANGLED, "random": RANDOM}
    return {name: measure_factors(truth, SMALL) for name, truth in codes.items()}


@pytest.mark.slow
def test_perfectly_disentangled_codes_have_full_marks(scores):
    found = scores["perfect"]
    assert found.mig > 0.98
    assert found.sap > 0.98
    assert found.dci.disentanglement > 0.95
    assert found.dci.completeness > 0.95
    assert found.dci.informativeness > 0.95
    assert found.factor_vae == 1.0
    assert found.beta_vae == 1.0


@pytest.mark.slow
def test_fully_entangled_codes_have_none_though_they_know_all(scores):
    found = scores["entangled"]
    assert found.mig < 0.05
    assert found.sap < 0.05
    assert found.dci.disentanglement < 0.1
    assert found.dci.completeness < 0.1
    assert found.factor_vae == pytest.approx(0.5, abs=0.1)
    assert found.beta_vae == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_random_codes_have_none_and_know_nothing(scores):
    found = scores["random"]
    assert found.mig < 0.05
    assert found.sap < 0.05
    assert found.dci.disentanglement < 0.1
    assert found.dci.completeness < 0.1
    assert found.dci.informativeness == pytest.approx(0.1, abs=0.05)  # one of ten bins
    assert found.factor_vae == pytest.approx(0.5, abs=0.1)
    assert found.beta_vae == pytest.approx(0.5, abs=0.1)


def test_mig_is_the_gap_in_information_by_the_factors_entropy():
    # one dimension is the factor, the other is wrong one time in four: I = H(v) − H(¼)
    factor = np.array([[0], [0], [0], [0], [1], [1], [1], [1]])
    codes = np.hstack([factor, [[0], [0], [0], [1], [1], [1], [1], [0]]])
    wrong = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    assert mutual_information_gap(codes, factor) == pytest.approx(wrong / np.log(2))


def test_sap_is_the_gap_in_explained_variance():
    # the second dimension is the factor and as much of something unrelated: R² = ½
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False) + 0.01
    factor, unrelated = np.sin(turn), np.cos(turn)
    codes, factor = np.stack([factor, factor + unrelated], axis=1), factor[:, None]
    assert separated_predictability(codes, factor, codes, factor) == pytest.approx(0.5, abs=1e-6)


def test_dci_is_one_minus_the_entropy_of_the_importance():
    # three quarters and a quarter: H₂ = 0.8113
    importance = np.array([[0.75, 0.25], [0.25, 0.75]])
    assert disentanglement(importance) == pytest.approx(1 - 0.811278, abs=1e-5)
    assert completeness(importance) == pytest.approx(1 - 0.811278, abs=1e-5)


def test_two_factors_in_one_dimension_are_told_apart_every_second_time():
    # b and c are only ever seen as their sum, so that of three factors two thirds are right
    summed = HandMade(
        lambda factors, _: np.stack([factors[..., 0], factors[..., 1] + factors[..., 2]], axis=-1),
        ("a", "b", "c"),
    )
    sizes = replace(SMALL, train_votes=2000, test_votes=2000)
    for score in (factor_vae_score, beta_vae_score):
        found = score(summed, sizes, np.random.default_rng(0))
        assert found == pytest.approx(2 / 3, abs=0.05)


def test_a_factor_of_fractions_is_one_of_classes_all_the_same():
    factors = grid(5, repeats=40) / 4 + 0.1
    whole = grid(5, repeats=40)
    found, expected = (separated_predictability(v, v, v, v) for v in (factors, whole))
    assert 0 < found < 1
    assert 0 < expected < 1


@pytest.mark.slow
def test_entangled_codes_are_more_informative_than_random_ones(scores):
    assert scores["entangled"].dci.informativeness > 2 * scores["random"].dci.informativeness


@pytest.mark.slow
def test_a_factor_coded_twice_costs_the_gaps_but_not_disentanglement():
    twice = HandMade(lambda factors, _: np.concatenate([factors, factors], axis=-1))
    found = measure_factors(twice, SMALL)
    assert found.mig == pytest.approx(0, abs=1e-9)
    assert found.sap == pytest.approx(0, abs=1e-9)
    assert found.dci.disentanglement > 0.9
    assert found.dci.completeness < 0.8  # at best ½ lower than 1: half in each of two of four
    assert found.factor_vae == 1.0


def test_dimensions_that_say_nothing_change_nothing():
    idle = HandMade(
        lambda factors, rng: np.concatenate(
            [factors, 0.001 * rng.standard_normal(factors.shape)], axis=-1
        )
    )
    rng = np.random.default_rng(0)
    codes, factors = idle.sample(SMALL.train, rng)
    assert mutual_information_gap(codes, factor_classes(factors)) > 0.9
    assert separated_predictability(codes, factors, codes, factors) > 0.9
    assert factor_vae_score(idle, SMALL, rng) > 0.9
    assert beta_vae_score(idle, SMALL, rng) > 0.9
    collapsed = HandMade(lambda factors, rng: 0.001 * rng.standard_normal(factors.shape))
    assert factor_vae_score(collapsed, SMALL, np.random.default_rng(0)) == 0.0


def test_one_dimension_is_ahead_of_nothing():
    rng = np.random.default_rng(0)
    factors = rng.uniform(-1, 1, (2000, 2))
    classes = ((factors + 1) * 5).astype(np.int64)
    code = factors[:, :1]
    assert mutual_information_gap(code, classes) == pytest.approx(0.5, abs=0.05)
    assert separated_predictability(code, factors, code, factors) == pytest.approx(0.5, abs=0.01)


def test_importance_spread_evenly_is_neither_disentangled_nor_complete():
    assert disentanglement(np.ones((3, 4))) == pytest.approx(0, abs=1e-6)
    assert completeness(np.ones((3, 4))) == pytest.approx(0, abs=1e-6)
    assert disentanglement(np.eye(4)) == pytest.approx(1)
    assert completeness(np.eye(4)) == pytest.approx(1)
    assert disentanglement(np.zeros((3, 4))) == 0


def test_importance_weighs_the_dimensions():
    # the first dimension serves one factor, the second both alike but a ninth as much
    importance = np.array([[9.0, 0.0], [0.5, 0.5]])
    assert disentanglement(importance) == pytest.approx(0.9, abs=1e-6)


def test_two_classes_are_separated_by_their_own_dimension():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((1000, 3))
    factors = (codes[:, :1] > 0).astype(np.float32)
    gap = separated_predictability(codes[:500], factors[:500], codes[500:], factors[500:])
    assert gap == pytest.approx(0.5, abs=0.05)  # all right against every second one


def test_the_seed_decides():
    factors = grid(2, repeats=200)
    codes = np.random.default_rng(0).standard_normal((800, 3))
    random = GivenCodes(codes, factors, ("a", "b"))
    steps = []
    first, again = (
        measure_factors(random, TINY, seed=1, on_step=lambda: steps.append(1)) for _ in range(2)
    )
    assert len(steps) == 2 * steps_of(random)
    other = measure_factors(random, TINY, seed=2)
    assert first == again
    assert other.mig != first.mig
    assert (first.seed, other.seed) == (1, 2)


class Ink:
    """Encodes to the sum of ink and the place of its middle."""

    def encode(self, images):
        ink = images[..., 0] / 255.0
        total = ink.sum(axis=(1, 2))
        x = (ink.sum(axis=1) * np.arange(ink.shape[2])).sum(axis=1) / total
        y = (ink.sum(axis=2) * np.arange(ink.shape[1])).sum(axis=1) / total
        mean = np.stack([total, x, y], axis=1).astype(np.float32)
        return mean, np.zeros_like(mean)


def test_strokes_are_drawn_anew_in_the_size_and_colours_of_the_model():
    truth = DrawnStrokes(Ink(), (20, 24, 3))
    rng = np.random.default_rng(0)
    codes, factors = truth.sample(300, rng)
    assert (codes.shape, factors.shape) == ((300, 3), (300, 7))
    assert np.corrcoef(codes[:, 1], factors[:, 5])[0, 1] > 0.6


def test_images_drawn_to_share_a_place_share_it():
    truth = DrawnStrokes(Ink(), (28, 28, 1))
    codes = truth.share(strokes.FACTOR_NAMES.index("x"), 40, 16, np.random.default_rng(0))
    assert codes.shape == (40, 16, 3)
    between, within = codes.mean(axis=1).std(axis=0), codes.std(axis=1).mean(axis=0)
    assert between[1] / within[1] > 2 * between[2] / within[2]


def grid(levels: int, repeats: int) -> np.ndarray:
    """Every combination of two factors of so many values, as dSprites has them."""
    values = np.stack(np.meshgrid(*2 * [np.arange(levels)]), axis=-1).reshape(-1, 2)
    return np.tile(values, (repeats, 1)).astype(np.float32)


def test_given_images_are_chosen_by_the_value_that_they_share():
    factors = grid(5, repeats=10)
    truth = GivenCodes(factors, factors, ("a", "b"))
    codes = truth.share(1, 30, 8, np.random.default_rng(0))
    assert codes.shape == (30, 8, 2)
    assert np.ptp(codes[..., 1], axis=1).max() == 0
    assert np.ptp(codes[..., 0], axis=1).max() > 0
    assert truth.can_share


def test_files_with_factors_are_measured_like_any_other():
    factors = grid(5, repeats=20)
    found = measure_factors(GivenCodes(factors * [1, 3], factors, ("a", "b")), SMALL)
    assert (found.train_count, found.test_count) == (333, 167)  # two and one part of 500
    assert found.mig > 0.95
    assert found.factor_vae == 1.0
    assert found.beta_vae == 1.0


@pytest.mark.slow
def test_without_images_that_share_a_factor_two_scores_are_left_out():
    factors = np.random.default_rng(0).uniform(-1, 1, (900, 2)).astype(np.float32)
    found = measure_factors(GivenCodes(factors, factors, ("a", "b")), SMALL)
    assert (found.factor_vae, found.beta_vae) == (None, None)
    assert found.mig > 0.8


def with_factors(factors: np.ndarray | None, names: tuple[str, ...] = ()) -> ImageSet:
    pixels = np.zeros((100, 8, 8, 1), np.uint8)
    return ImageSet("given", pixels, None, (), np.zeros(100, bool), factors, names)


def test_without_known_factors_there_is_no_ground_truth():
    codes = np.zeros((100, 2), np.float32)
    assert ground_truth_of(Ink(), with_factors(None), codes) is None
    constant = np.ones((100, 2), np.float32)
    assert ground_truth_of(Ink(), with_factors(constant, ("a", "b")), codes) is None


def test_a_factor_in_which_images_do_not_differ_is_left_out():
    factors = np.stack([np.arange(100) % 2, np.zeros(100), np.arange(100) == 7], axis=1)
    truth = ground_truth_of(
        Ink(),
        with_factors(factors.astype(np.float32), ("a", "b", "c")),
        np.zeros((100, 2), np.float32),
    )
    assert truth.factor_names == ("a",)


def test_strokes_bring_their_own_ground_truth():
    truth = ground_truth_of(Ink(), strokes.load(10), np.zeros((10, 3), np.float32))
    assert isinstance(truth, DrawnStrokes)
    assert truth.factor_names == strokes.FACTOR_NAMES


def test_one_factor_is_never_mistaken():
    truth = HandMade(lambda factors, _: factors, ("a",))
    assert beta_vae_score(truth, SMALL, np.random.default_rng(0)) == 1.0


def test_published_sizes_are_those_of_the_study():
    assert (
        Sizes(
            train=10_000,
            test=5_000,
            tree_train=10_000,
            tree_test=5_000,
            train_votes=10_000,
            test_votes=5_000,
            batch=64,
        )
        == PUBLISHED_SIZES
    )
