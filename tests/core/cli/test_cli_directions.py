"""`bvae directions`, and what its directions are for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bvae_core.annotations import edit_annotations, load_annotations
from bvae_core.bundle import Bundle


def test_a_direction_is_saved_listed_renamed_and_removed(bvae: Callable, model: Bundle) -> None:
    assert "No directions are saved with small" in bvae("directions", "small").out
    said = bvae("directions", "small", "--add", "き-れ", "--having", "き", "--lacking", "re")
    assert said.status == 0
    assert "き-れ" in said.out
    (vector,) = load_annotations(model).directions.values()
    codes, labels = model.latents, model.labels
    means = [codes[labels == model.class_names.index(name)].mean(axis=0) for name in "きれ"]
    np.testing.assert_allclose(vector, means[0] - means[1], atol=1e-5)
    listed = json.loads(bvae("directions", "small", "--json").out)
    assert listed == {"directions": {"き-れ": list(vector)}}
    assert "steeper" in bvae("directions", "small", "--rename", "き-れ", "steeper").out
    assert list(load_annotations(model).directions) == ["steeper"]
    assert "No directions" in bvae("directions", "small", "--remove", "steeper").out


def test_it_is_made_of_a_saved_selection_and_the_rest(bvae: Callable, model: Bundle) -> None:
    edit_annotations(model, lambda before: before.with_selection("upper", [1, 2, 7]))
    assert bvae("directions", "small", "--add", "up", "--having", "upper").status == 0
    codes = model.latents
    expected = codes[[1, 2, 7]].mean(axis=0) - np.delete(codes, [1, 2, 7], axis=0).mean(axis=0)
    np.testing.assert_allclose(load_annotations(model).direction("up"), expected, atol=1e-5)


def test_it_is_made_of_images_by_their_numbers(bvae: Callable, model: Bundle) -> None:
    groups = "--having", "images:1-2,7", "--lacking", "images:0,3"
    assert bvae("directions", "small", "--add", "up", *groups).status == 0
    codes = model.latents
    expected = codes[[1, 2, 7]].mean(axis=0) - codes[[0, 3]].mean(axis=0)
    np.testing.assert_allclose(load_annotations(model).direction("up"), expected, atol=1e-5)


def test_an_image_is_drawn_along_it(bvae: Callable, model: Bundle, tmp_path: Path) -> None:
    bvae("directions", "small", "--add", "x", "--having", "き")
    with_it, spelt_out = tmp_path / "with.png", tmp_path / "spelt.png"
    vector = ",".join(str(np.float32(v)) for v in load_annotations(model).direction("x"))
    for at, target in (("direction:x", with_it), (f"z:{vector}", spelt_out)):
        said = bvae("export", "image", "small", "--at", f"sum:class:れ + 2.0*{at}", "-o", target)
        assert said.status == 0
    assert with_it.read_bytes() == spelt_out.read_bytes()


def test_the_nearest_images_of_a_place_along_it_are_found(bvae: Callable, model: Bundle) -> None:
    edit_annotations(model, lambda before: before.with_direction("x", [0, 0]))
    said = bvae("nearest", "small", "sum:#7 + 2*direction:x", "-k", "1", "--json")
    assert '"index": 7' in said.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--add", "x", "--remove", "y"], "one of --add, --rename and --remove"),
        (["--add", "x"], "Expected --having"),
        (["--having", "き"], "Expected --add"),
    ],
)
def test_calls_that_mean_nothing(bvae: Callable, model: Bundle, arguments, says) -> None:
    said = bvae("directions", "small", *arguments)
    assert said.status == 2
    assert says in said.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--add", "a - b", "--having", "き"], "without a space before a + or −"),
        (["--add", "x", "--having", "ぬ"], "a saved selection (none), a class"),
        (["--add", "x", "--having", "images:60"], "Expected indices from 0 to 59"),
        (["--add", "x", "--having", "images:"], "Expected at least one image"),
        (["--remove", "x"], "direction: Expected one of the saved ones, none. Received: 'x'."),
        (["--rename", "x", "y"], "direction: Expected one of the saved ones, none."),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    bvae: Callable, model: Bundle, arguments, says
) -> None:
    said = bvae("directions", "small", *arguments)
    assert said.status == 1
    assert says in said.err
    assert not load_annotations(model).directions
