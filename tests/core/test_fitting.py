from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from bvae_core.errors import DataError
from bvae_core.fitting import (
    MAX_SIDE,
    STEPS,
    ImageFormat,
    fit,
    image_format,
    plain_picture,
    read_picture,
)

#: Digits as MNIST has them: in a box of 20 pixels, centred by mass. Kana fill their frame.
DIGITS = ImageFormat((28, 28, 1), extent=20 / 28, centring="mass")
KANA = ImageFormat((28, 28, 1), extent=1.0, centring="outline")
PHOTOS = ImageFormat((16, 24, 3))

formats = st.builds(
    ImageFormat,
    st.tuples(st.integers(8, 40), st.integers(8, 40), st.sampled_from([1, 3])),
    is_bright=st.booleans(),
    extent=st.floats(0.3, 1),
    centring=st.sampled_from(["mass", "outline"]),
)
sides = st.integers(1, 60)


def page(height: int = 120, width: int = 160, at: tuple[int, int] = (20, 30)) -> np.ndarray:
    """White paper with an L in black ink, 50 pixels high and 31 wide."""
    paper = np.full((height, width), 255, np.uint8)
    top, left = at
    paper[top : top + 50, left : left + 10] = 0
    paper[top + 40 : top + 50, left : left + 31] = 0
    return paper


def ink_box(image: np.ndarray) -> tuple[int, int, int, int]:
    """Return top, bottom, left and right of what is bright."""
    down, across = np.flatnonzero(image.max(axis=1) > 64), np.flatnonzero(image.max(axis=0) > 64)
    return down[0], down[-1] + 1, across[0], across[-1] + 1


def test_ink_on_white_paper_becomes_a_digit_like_those_of_mnist():
    fitted = fit(page(), DIGITS)
    assert fitted.image.shape == (28, 28)
    assert fitted.image.dtype == np.uint8
    assert fitted.image[0].max() == 0  # the ground
    assert fitted.image.max() > 240  # the ink
    top, bottom, left, right = ink_box(fitted.image)
    assert bottom - top == 20
    assert right - left in (12, 13)
    weights = fitted.image / fitted.image.sum()
    middle = np.arange(28) + 0.5
    assert abs(weights.sum(axis=1) @ middle - 14) <= 0.6  # centred by mass, to the pixel
    assert abs(weights.sum(axis=0) @ middle - 14) <= 0.6
    assert fitted.steps == {"invert", "crop", "centre"}
    assert fitted.words == (
        "Inverted: bright background; cropped to 31×50 of 160×120; "
        "centred by its mass; scaled to 12×20 of 28×28"
    )


def test_it_fills_the_frame_where_the_models_images_do():
    assert ink_box(fit(page(), KANA).image)[:2] == (0, 28)


def test_where_the_models_ground_is_bright_ink_stays_dark():
    fitted = fit(page(), ImageFormat((28, 28, 1), is_bright=True))
    assert fitted.image[0, -1] == 255
    assert fitted.image.min() < 16
    assert "invert" not in fitted.steps


@pytest.mark.parametrize("step", STEPS)
def test_each_step_can_be_left_out_and_says_so(step):
    grey = (page() // 2 + 60).astype(np.uint8)
    assert fit(grey, KANA).steps == set(STEPS)
    fitted = fit(grey, KANA, {step: False})
    assert fitted.steps == set(STEPS) - {step}
    (said,) = [done for done in fitted.done if done.step == step]
    assert not said.is_on
    assert said.words in ("not inverted", "contrast as it was", "not cropped", "not centred")
    assert not np.array_equal(fitted.image, fit(grey, KANA).image)


def test_a_picture_in_the_models_form_is_left_as_it_is():
    image = fit(page(), DIGITS).image
    again = fit(image, DIGITS)
    assert np.array_equal(again.image, image)
    assert again.steps == frozenset()
    assert again.words == "Taken as it is"


def test_but_a_step_can_be_asked_for():
    image = np.roll(fit(page(), DIGITS).image, 5, axis=1)
    assert ink_box(fit(image, DIGITS, {"centre": True}).image) == ink_box(fit(page(), DIGITS).image)


def test_without_cropping_the_whole_picture_is_scaled_into_the_frame():
    fitted = fit(page(), KANA, {"crop": False, "centre": False})
    assert "scaled to 28×21 of 28×28" in fitted.words
    top, _, left, _ = ink_box(fitted.image)
    assert (top, left) == pytest.approx((3.5 + 21 * 20 / 120, 28 * 30 / 160), abs=1)


def test_paper_that_is_grey_noisy_and_unevenly_lit_becomes_the_models_ground():
    random = np.random.default_rng(0)
    lit = 150 + 40 * np.linspace(0, 1, 160) + random.normal(0, 3, (120, 160))
    photo = np.clip(np.where(page() == 0, lit - 110, lit), 0, 255).astype(np.uint8)
    fitted = fit(photo, DIGITS)
    assert "contrast" in fitted.steps
    assert ink_box(fitted.image) == ink_box(fit(page(), DIGITS).image)
    assert (fitted.image == 0).mean() > 0.6


def test_a_known_ground_is_not_guessed_from_a_border_full_of_ink():
    canvas = np.full((50, 50), 255, np.uint8)
    canvas[10:40, 10:40] = 0
    assert "invert" in fit(canvas, KANA).steps
    assert "invert" not in fit(canvas, KANA, ground=0).steps


def test_colours_are_made_grey_or_kept_as_the_model_has_them():
    red_on_white = np.repeat(page()[..., None], 3, axis=2)
    red_on_white[page() == 0] = (200, 0, 0)
    assert fit(red_on_white, DIGITS).words.startswith("Colours made grey; inverted")
    photo = fit(red_on_white, PHOTOS)
    assert photo.image.shape == (16, 24, 3)
    assert photo.steps == frozenset()  # ink is a matter of writing
    assert {done.step for done in photo.done} == {"invert", "crop", "centre", None}
    assert fit(page(), PHOTOS).image.shape == (16, 24, 3)
    cropped = fit(red_on_white, PHOTOS, {"crop": True})
    assert "crop" in cropped.steps


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_picture_is_refused(value):
    with pytest.raises(DataError, match=r"something to be seen .* picture of one colour"):
        fit(np.full((40, 40), value, np.uint8), DIGITS)


@pytest.mark.parametrize("value", [0, 128, 255])
def test_unless_nothing_has_to_be_found_on_it(value):
    taken = fit(np.full((40, 40), value, np.uint8), DIGITS, dict.fromkeys(STEPS, False))
    assert (taken.image == value).all()


def test_an_empty_photograph_is_one_unless_ink_is_looked_for():
    empty = np.full((40, 40, 3), 200, np.uint8)
    assert (fit(empty, PHOTOS).image == 200).all()
    with pytest.raises(DataError, match="picture of one colour"):
        fit(empty, PHOTOS, {"crop": True})


# -- what holds for any picture --------------------------------------------------------------------


@given(
    arrays.arrays(np.uint8, st.tuples(sides, sides, st.sampled_from([1, 3, 4]))),
    formats,
    st.dictionaries(st.sampled_from(STEPS), st.booleans()),
    st.none() | st.integers(0, 255),
)
def test_any_picture_comes_into_the_models_form_or_is_refused(picture, form, choices, ground):
    try:
        fitted = fit(picture, form, choices, ground=ground)
    except DataError as error:
        assert "one colour" in str(error)  # noqa: PT017
        return
    height, width, channels = form.shape
    assert fitted.image.shape == ((height, width) if channels == 1 else form.shape)
    assert fitted.image.dtype == np.uint8
    for step, is_on in choices.items():
        if step != "contrast" or channels == 1:
            assert (step in fitted.steps) == is_on


@given(st.integers(1, 60), st.integers(1, 60), formats.filter(lambda form: form.shape[2] == 1))
def test_where_on_the_page_ink_is_makes_no_difference(top, left, form):
    here = fit(page(at=(20, 30)), form, {"centre": True, "crop": True})
    there = fit(page(at=(top, left)), form, {"centre": True, "crop": True})
    assert np.array_equal(here.image, there.image)


@given(formats.filter(lambda form: form.shape[2] == 1))
def test_nor_does_the_colour_of_the_paper(form):
    assert np.array_equal(fit(page(), form).image, fit(255 - page(), form).image)


# -- what a model's images are like ----------------------------------------------------------------


@pytest.mark.parametrize("form", [DIGITS, KANA, ImageFormat((28, 28, 1), is_bright=True)])
def test_the_form_of_a_models_images_is_seen_in_what_it_decodes(form):
    random = np.random.default_rng(0)
    images = []
    for _ in range(64):
        drawn = np.full((80, 80), 255, np.uint8)
        height, width = random.integers(30, 70), random.integers(10, 30)
        drawn[5 : 5 + height, 5:15] = 0
        drawn[5:15, 5 : 5 + width] = 0
        images.append(fit(drawn, form).image)
    found = image_format(
        lambda codes: np.stack(images)[codes[:, 0].astype(int)] / np.float32(255),
        np.arange(64, dtype=np.float32)[:, None],
        (28, 28, 1),
    )
    assert found.shape == form.shape
    assert found.is_bright == form.is_bright
    assert found.extent == pytest.approx(form.extent, abs=1 / 28)
    assert found.centring == form.centring or form.is_bright


def test_a_model_that_decodes_nothing_leaves_the_usual_form():
    found = image_format(lambda z: np.zeros((len(z), 9, 9), np.float32), np.eye(2), (9, 9, 1))
    assert found == ImageFormat((9, 9, 1))


# -- pictures of every kind ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[False, True]]), [[0, 255]]),
        (np.array([[0, 65535]], np.uint16), [[0, 255]]),
        (np.array([[0, 128]], np.int64), [[0, 128]]),
        (np.array([[0.0, 0.5, 1.0]]), [[0, 128, 255]]),
        (np.array([[[7], [9]]], np.uint8), [[7, 9]]),
        (np.array([[[0, 0, 0, 0], [9, 9, 9, 255]]], np.uint8), [[[255] * 3, [9] * 3]]),
    ],
)
def test_pixels_of_every_depth_become_bytes(values, expected):
    assert plain_picture(values).tolist() == expected


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.zeros((3,)), r"shape \(height, width\)"),
        (np.zeros((0, 4)), r"Received: \(0, 4\)"),
        (np.zeros((4, 4, 2)), "channels"),
        (np.array([[np.nan]]), "values from 0 to 1"),
        (np.array([[1.5]]), "Received: 1.5 to 1.5"),
        (np.array([[-3]]), "values from 0 to 255"),
        (np.array([["a"]]), "Expected numbers"),
    ],
)
def test_what_is_no_picture_is_refused(values, why):
    with pytest.raises(DataError, match=why):
        plain_picture(values)


def test_large_pictures_are_made_smaller():
    assert plain_picture(np.zeros((10, 3000), np.uint8)).shape == (3, MAX_SIDE)


def save(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


def test_files_of_every_kind_are_read(tmp_path):
    grey = Image.fromarray(page())
    deep = Image.fromarray(page().astype(np.uint16) * 257)
    palette = grey.convert("P")
    blank = Image.new("L", grey.size, 255)
    for path in (
        save(grey, tmp_path / "a.png"),
        save(deep, tmp_path / "deep.tiff"),
        save(palette, tmp_path / "palette.gif", save_all=True, append_images=[blank]),
        save(grey, tmp_path / "a.webp", lossless=True),
        save(grey.convert("LA"), tmp_path / "alpha.png"),
    ):
        picture = read_picture(path)
        assert np.array_equal(fit(picture, DIGITS).image, fit(page(), DIGITS).image), path


def test_a_photograph_is_turned_as_its_camera_says_and_made_smaller(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    photo = Image.fromarray(page(1600, 2400)).convert("RGB")
    assert read_picture(save(photo, tmp_path / "p.jpg", exif=exif)).shape == (1024, 683, 3)


def test_bad_files_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    whole = save(Image.fromarray(page()), tmp_path / "whole.png").read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    bomb = save(Image.new("1", (9000, 9000)), tmp_path / "bomb.png")
    for path, why in (
        (tmp_path / "text.png", "Expected an image as PNG, .* Received: something else"),
        (tmp_path / "half.png", "Received: image file is truncated"),
        (bomb, r"Expected an image of at most 50,000,000 pixels\. Received: 9000×9000"),
        (tmp_path / "none.png", "could not be read: No such file or directory"),
    ):
        with pytest.raises(DataError, match=f"{path.name}:? .*{why}"):
            read_picture(path)
