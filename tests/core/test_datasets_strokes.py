"""Generated handwriting: known factors, the same for the same seed, nothing cut off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core import datasets
from bvae_core.datasets import strokes
from bvae_core.errors import DataError


def test_every_image_comes_with_its_factors() -> None:
    generated = datasets.load("strokes:500", seed=5)
    assert generated.images.shape == (500, 28, 28, 1)
    assert generated.factors is not None
    assert generated.factors.shape == (500, 7)
    assert generated.factors.dtype == np.float32
    assert generated.factor_names == (
        "glyph", "slant", "thickness", "rotation", "size", "x", "y",
    )  # fmt: skip
    assert generated.labels is not None
    assert np.array_equal(generated.labels, generated.factors[:, 0])
    assert len(generated.class_names) == 10
    assert np.array_equal(strokes.draw(generated.factors), generated.images)


def test_six_thousand_by_default_of_all_classes_and_splits() -> None:
    generated = datasets.load("strokes")
    assert len(generated) == 6_000
    assert generated.labels is not None
    assert np.bincount(generated.labels).min() > 500
    assert len(generated.test_indices) == 600


def test_a_seed_repeats_the_set_and_another_does_not() -> None:
    fingerprints = {datasets.load("strokes:50", seed=seed).fingerprint for seed in (0, 0, 1)}
    assert len(fingerprints) == 2


def test_factors_fill_their_ranges_and_do_not_depend_on_each_other() -> None:
    factors = strokes.sample_factors(20_000, seed=0)
    low, high = strokes.FACTOR_RANGES.T
    assert (factors >= low).all()
    assert (factors <= high).all()
    assert np.allclose(factors.min(axis=0), low, atol=0.01 * (high - low))
    assert np.allclose(factors.max(axis=0), high, atol=0.01 * (high - low))
    assert np.abs(np.corrcoef(factors.T) - np.eye(7)).max() < 0.03


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.integers(0, 9))
def test_nothing_is_cut_off_within_the_ranges(place: list[float], glyph: int) -> None:
    low, high = strokes.FACTOR_RANGES.T
    factors = low + np.array([0, *place]) * (high - low)
    factors[0] = glyph
    image = strokes.draw(factors[None].astype(np.float32), (64, 64))[0, ..., 0]
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert border.max() == 0
    assert image.max() == 255


def centre(image: np.ndarray) -> np.ndarray:
    """Centre of gravity of the ink, (x, y) in pixels."""
    weight = image[..., 0].astype(float)
    y, x = np.indices(weight.shape)
    return np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()


def test_factors_mean_what_they_are_called() -> None:
    plain = np.array([0, 0, 0.12, 0, 0.85, 0, 0], np.float32)

    def with_factor(name: str, value: float) -> np.ndarray:
        factors = plain.copy()
        factors[strokes.FACTOR_NAMES.index(name)] = value
        return strokes.draw(factors[None], (64, 64))[0]

    base = strokes.draw(plain[None], (64, 64))[0]
    assert np.allclose(centre(with_factor("x", 0.1)) - centre(base), (3.2, 0), atol=0.1)
    assert np.allclose(centre(with_factor("y", -0.1)) - centre(base), (0, -3.2), atol=0.1)
    assert with_factor("thickness", 0.17).sum() > 1.2 * base.sum()
    assert with_factor("size", 1.0).sum() > 1.2 * base.sum()
    assert np.array_equal(with_factor("rotation", 180), base[::-1, ::-1])
    upper, lower = (slice(0, 24), slice(40, 64))
    right, left = with_factor("slant", 0.3), with_factor("slant", -0.3)
    assert centre(right[upper])[0] > centre(left[upper])[0] + 4
    assert centre(right[lower])[0] < centre(left[lower])[0] - 4


def test_glyphs_are_told_apart_by_their_neighbours() -> None:
    generated = datasets.load("strokes:3000")
    flat = generated.images.reshape(3000, -1) / 255
    train, test = generated.train_indices, generated.test_indices
    distances = (flat[test] ** 2).sum(1)[:, None] - 2 * flat[test] @ flat[train].T
    nearest = train[(distances + (flat[train] ** 2).sum(1)).argmin(axis=1)]
    assert (generated.labels[nearest] == generated.labels[test]).mean() > 0.9


def test_edges_are_antialiased_and_ink_is_white_on_black() -> None:
    images = datasets.load("strokes:200").images
    values = np.bincount(images.reshape(-1), minlength=256)
    assert values.argmax() == 0
    assert values[1:].argmax() + 1 == 255
    assert (values > 0).mean() > 0.95


@pytest.mark.parametrize("size", [(8, 8), (20, 40), (256, 256)])
def test_every_size_is_drawn_at_that_size(size: tuple[int, int]) -> None:
    generated = datasets.load("strokes:20", image_size=size, grey=False)
    assert generated.image_shape == (*size, 3)
    assert generated.images.reshape(20, -1).max(axis=1).min() > 100


@pytest.mark.parametrize("count", ["0", "1000001", "-5", "many", "", "1e3", "9" * 30])
def test_a_count_out_of_range_is_refused(count: str) -> None:
    with pytest.raises(DataError, match="1 to 1,000,000 images"):
        datasets.load(f"strokes:{count}")
