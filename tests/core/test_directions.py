"""Directions of attributes, saved with a model and used in places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bvae_core.annotations import Annotations, save_annotations
from bvae_core.bundle import Bundle
from bvae_core.directions import direction_between, settled_anchor, settled_text, usual_name
from bvae_core.errors import AnchorError
from bvae_core.figures import ImageRecipe, MorphRecipe, TraversalRecipe, read_metadata, read_recipe
from bvae_core.latent import parse_anchor, resolve
from bvae_core.store import load_bundle

SLANTED = (0.25, -0.1)


@pytest.fixture(scope="module")
def demo() -> Bundle:
    return load_bundle("demo")


@pytest.fixture
def noted(demo: Bundle, cache_folder: Path) -> Bundle:
    """The demo with a direction and a selection in the user's cache."""
    annotations = Annotations().with_direction("slanted", SLANTED).with_selection("few", [3, 5, 9])
    save_annotations(demo, annotations)
    return demo


def test_a_direction_is_the_difference_of_two_means(demo: Bundle) -> None:
    codes, labels = demo.latents, demo.labels
    assert labels is not None
    few = {"few": (3, 5, 9)}
    ki = demo.class_names.index("き")
    expected = codes[[3, 5, 9]].mean(axis=0) - codes[labels == ki].mean(axis=0)
    found = direction_between(demo, "few", "ki", few)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)
    expected = codes[labels == ki].mean(axis=0) - codes[labels != ki].mean(axis=0)
    np.testing.assert_allclose(direction_between(demo, "き", None, few), expected, atol=1e-5)


def test_a_selection_comes_before_a_class_of_its_name(demo: Bundle) -> None:
    selections = {"ki": (0, 1)}
    expected = demo.latents[:2].mean(axis=0) - demo.latents[2:].mean(axis=0)
    np.testing.assert_allclose(direction_between(demo, "ki", None, selections), expected, atol=1e-5)
    assert not np.allclose(direction_between(demo, "class:ki", None, selections), expected)


@pytest.mark.parametrize("name", ["nobody", "#12", "0.5,1", "centroid:き"])
def test_what_is_neither_a_selection_nor_a_class(demo: Bundle, name: str) -> None:
    with pytest.raises(AnchorError, match=r"saved selection \(few\), a class"):
        direction_between(demo, name, None, {"few": (1,)})


def test_of_all_images_there_is_no_rest(demo: Bundle) -> None:
    everything = {"everything": range(len(demo.latents))}
    with pytest.raises(AnchorError, match="lacking: Expected at least one image"):
        direction_between(demo, "everything", None, everything)


def test_of_the_same_images_there_is_no_direction(demo: Bundle) -> None:
    with pytest.raises(AnchorError, match="two groups of images with different means"):
        direction_between(demo, "き", "ki", {})


def test_settled_texts_have_no_directions_and_mean_the_same(noted: Bundle) -> None:
    text = "sum:き + 2*direction:slanted"
    settled = settled_text(noted, text)
    assert settled == "sum:class:き + 2.0*z:0.25,-0.1"
    assert settled_anchor(noted, text) == parse_anchor(settled)
    assert settled_text(noted, "き") == "き"
    assert settled_text(noted, "sum:き - れ") == "sum:き - れ"


def test_a_text_that_would_be_too_long_becomes_coordinates(cache_folder: Path) -> None:
    class Wide:
        fingerprint = codes_fingerprint = "ab" * 32
        latents = np.random.default_rng(0).normal(size=(4, 128)).astype(np.float32)
        labels = None
        class_names = ()

    model = Wide()
    first, second = model.latents[2] / 3, model.latents[3] / 7
    annotations = Annotations().with_direction("a", first).with_direction("b", second)
    save_annotations(model, annotations)
    text = settled_text(model, "sum:#1 + 2*direction:a - direction:b")
    assert text.startswith("z:")
    found = resolve(parse_anchor(text), model.latents, None, ())
    np.testing.assert_allclose(found, model.latents[1] + 2 * first - second, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "recipe",
    [
        ImageRecipe(at="sum:き + 2*direction:slanted"),
        MorphRecipe(anchors=("sum:ki + direction:slanted", "re"), frames=3),
        TraversalRecipe(at="sum:ki - direction:slanted", dimension=0, steps=3),
        TraversalRecipe(dimension=0, steps=3),
    ],
    ids=lambda recipe: recipe.kind,
)
def test_a_png_opens_and_is_made_again_when_the_direction_is_gone(
    noted: Bundle, tmp_path: Path, recipe
) -> None:
    first, second = tmp_path / "first.png", tmp_path / "second.png"
    recipe.export(noted, first)
    save_annotations(noted, Annotations())
    again = read_recipe(first, noted)
    assert "direction" not in str(read_metadata(first))
    again.export(noted, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_figure_with_a_direction_that_is_not_saved_is_refused(
    noted: Bundle, tmp_path: Path
) -> None:
    target = tmp_path / "image.png"
    with pytest.raises(AnchorError, match="saved with this model: slanted"):
        ImageRecipe(at="sum:き + direction:steep").export(noted, target)
    assert not target.exists()


def test_usual_names_can_be_typed() -> None:
    assert usual_name("き", "れ") == "き not れ"
    assert usual_name("き", None) == "き not the rest"
