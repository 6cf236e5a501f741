from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundles import CLASS_NAMES, IMAGE_SHAPES, contents
from numpy.typing import NDArray
from PIL import Image

from bvae_core.bundle import Bundle, write_bundle
from bvae_core.errors import BvaeError
from bvae_core.figures import read_metadata
from bvae_core.figures.comparison import comparison_figure, export_comparison

METRICS = {"held_out": True, "objective_beta_1": 280.0, "neighbour_accuracy": 0.5}


@pytest.fixture
def models(tmp_path: Path) -> list[Bundle]:
    return [
        write_bundle(
            tmp_path / f"{seed}",
            contents(
                f"モデル {seed}" + seed * " long",
                seed=seed,
                metrics=METRICS | {"objective_beta_1": 280.0 - seed},
            ),
        )
        for seed in range(4)
    ]


class Originals:
    """Images that can be told from all that a decoder makes."""

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        checked = np.indices((28, 28)).sum(axis=0) % 2 * 255
        return np.tile(checked.astype(np.uint8), (len(indices), 1, 1))


def texts(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize(("count", "theme"), [(2, "light"), (3, "dark"), (4, "light")])
def test_everything_lies_within_the_page(models: list[Bundle], count: int, theme: Any) -> None:
    figure = comparison_figure(models[:count], theme=theme)
    figure.draw_without_rendering()
    width, height = figure.canvas.get_width_height()
    for artist in (*figure.axes[0].texts, *figure.axes[0].lines, *figure.axes[0].images):
        box = artist.get_window_extent()
        assert box.x0 >= 0, artist
        assert box.x1 <= width, artist
        assert box.y0 >= 0, artist
        assert box.y1 <= height, artist


def test_words_of_the_page_do_not_overlap(models: list[Bundle]) -> None:
    figure = comparison_figure(models)
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in figure.axes[0].texts]
    for i, (one, box) in enumerate(boxes):
        for other, another in boxes[i + 1 :]:
            assert not box.overlaps(another), (one, other)


def test_a_page_names_the_models_the_morph_and_the_figures(models: list[Bundle]) -> None:
    said = texts(comparison_figure(models[:2], start="き", end="#5"))
    assert "2 models of kana" in said
    assert "60 images" in said
    assert "The same morph, from A き ki to B #5" in said
    assert said.count("モデル 0") == 4  # map, images, morph, table
    assert said.count("280.0") == 1
    for name in CLASS_NAMES:
        assert name in said


def test_originals_stand_above_what_the_models_make_of_them(models: list[Bundle]) -> None:
    without = comparison_figure(models[:2])
    with_originals = comparison_figure(models[:2], originals=Originals())
    assert "original" in texts(with_originals)
    assert "original" not in texts(without)
    count = len(without.axes[0].images)
    assert len(with_originals.axes[0].images) == count + 1
    row = np.asarray(with_originals.axes[0].images[2].get_array())  # after two maps
    assert (row[:4, :4] == row[0, 0]).all()  # a pixel is a whole number of the page's
    assert (row[0, 0] != row[0, 4]).any()


def test_the_better_figure_is_underlined(models: list[Bundle]) -> None:
    figure = comparison_figure(models[:2])
    figure.draw_without_rendering()
    (best,) = (text for text in figure.axes[0].texts if text.get_text() == "279.0")
    accent = [line for line in figure.axes[0].lines if line.get_color() == "#c8412b"]
    (line,) = accent
    assert line.get_window_extent().x1 == pytest.approx(best.get_window_extent().x1, abs=3)
    below = best.get_window_extent().y0 - line.get_window_extent().y1
    assert 0 < below < 20


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_file_says_what_it_was_made_from_and_is_the_same_each_time(
    models: list[Bundle], tmp_path: Path, suffix: str
) -> None:
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for file in files:
        export_comparison(models[:2], file)
    assert files[0].read_bytes() == files[1].read_bytes()
    if suffix == ".png":
        said = read_metadata(files[0])
        assert [each["fingerprint"] for each in said["models"]] == [
            model.fingerprint for model in models[:2]
        ]
        assert said["anchors"] == ["class:0", "class:2"]
        assert Image.open(files[0]).width == pytest.approx(1760, abs=40)


def test_models_that_do_not_compare_leave_no_file(models: list[Bundle], tmp_path: Path) -> None:
    with pytest.raises(BvaeError, match="Received: 1"):
        export_comparison(models[:1], tmp_path / "a.png")
    with pytest.raises(BvaeError, match="'ほ'"):
        export_comparison(models[:2], tmp_path / "a.png", start="ほ")
    assert not (tmp_path / "a.png").exists()


def test_colour_one_dimension_and_many_classes_have_room(tmp_path: Path) -> None:
    many = tuple(f"a class with a long name {number}" for number in range(60))
    made = [
        contents(kind="conv", images=240, seed=seed, labels=np.arange(240, dtype=np.int64) % 60)
        for seed in range(2)
    ]
    bundles = [
        write_bundle(tmp_path / str(seed), replace(each, data=replace(each.data, class_names=many)))
        for seed, each in enumerate(made)
    ]
    assert bundles[0].image_shape == IMAGE_SHAPES["conv"]
    said = texts(comparison_figure(bundles))
    assert any(text.startswith("and ") and text.endswith(" more") for text in said)
