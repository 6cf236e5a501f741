import numpy as np
import pytest

from bvae_core.datasets import strokes
from bvae_core.diagnostics import ATTRIBUTE_NAMES, attribute_correlations, measure_attributes


def measured(image: np.ndarray) -> dict[str, float]:
    values = measure_attributes(image[None, ..., None].astype(np.uint8))[0]
    return dict(zip(ATTRIBUTE_NAMES, values, strict=True))


def test_a_bar_is_as_wide_and_high_and_thick_as_it_is():
    image = np.zeros((28, 28))
    image[4:24, 10:14] = 255
    found = measured(image)
    assert found["ink"] == pytest.approx(80)
    assert found["slant"] == pytest.approx(0)
    assert found["width"] == pytest.approx(4)
    assert found["height"] == pytest.approx(20)
    assert found["thickness"] == pytest.approx(4, rel=0.15)


def test_what_leans_to_the_right_has_a_positive_slant():
    image = np.zeros((28, 28))
    for row in range(4, 24):
        column = 14 + round(0.5 * (14 - row))
        image[row, column : column + 3] = 255
    assert measured(image)["slant"] == pytest.approx(0.5, abs=0.03)
    assert measured(image[:, ::-1])["slant"] == pytest.approx(-0.5, abs=0.03)


def test_ink_on_paper_is_measured_as_light_on_black_is():
    images = strokes.load(20).images
    assert measure_attributes(255 - images) == pytest.approx(measure_attributes(images))


def test_colours_are_measured_by_their_brightness():
    images = strokes.load(20).images
    assert measure_attributes(np.repeat(images, 3, axis=3)) == pytest.approx(
        measure_attributes(images)
    )


def test_an_empty_image_has_no_shape():
    found = measured(np.zeros((8, 8)))
    assert found.pop("ink") == 0
    assert np.isnan(list(found.values())).all()


def test_the_factors_that_strokes_are_drawn_from_are_found_again():
    drawn = strokes.load(1000)
    factor = dict(zip(drawn.factor_names, drawn.factors.T, strict=True))
    codes = np.stack([factor["slant"], factor["thickness"], factor["size"], factor["x"]], axis=1)
    found = attribute_correlations(codes, measure_attributes(drawn.images))
    best = [ATTRIBUTE_NAMES[column] for column in np.abs(found[:3]).argmax(axis=1)]
    assert best == ["slant", "thickness", "height"]
    assert found[0, 1] > 0.6
    assert np.abs(found[3]).max() < 0.1  # nothing measured moves with the place


def test_rank_correlation_follows_any_rise_and_leaves_out_what_has_no_shape():
    rng = np.random.default_rng(0)
    attribute = rng.standard_normal((200, 1))
    codes = np.concatenate([np.exp(attribute), -(attribute**3), np.zeros((200, 1))], axis=1)
    attribute[3] = np.nan
    assert attribute_correlations(codes, attribute)[:, 0] == pytest.approx([1.0, -1.0, 0.0])
