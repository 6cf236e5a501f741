from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bvae_core.datasets import load
from bvae_core.diagnostics import evaluate, measure, recall_measurement


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of colour pictures of another size than the model's."""
    rng = np.random.default_rng(0)
    for name in ("お", "き", "れ"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for index in range(8):
            pixels = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / name / f"{index}.png")
    return tmp_path / "pictures"


def test_the_json_is_what_python_measures(bvae, model):
    said = bvae("evaluate", "small", "strokes:40", "--samples", "2", "--seed", "3", "--json")
    expected = evaluate(model, load("strokes:40"), samples=2, seed=3)
    assert (said.status, said.err) == (0, "")
    found = json.loads(said.out)
    assert found == measure(model, load("strokes:40"), samples=2, seed=3).to_json()
    assert found.items() >= expected.to_json().items()
    assert (found["model"], found["fingerprint"]) == ("small", model.fingerprint)
    assert (found["source"], found["data_dir"]) == ("strokes:40", None)


def test_says_which_images_and_what_could_not_be_measured(bvae, model):
    out = bvae("evaluate", "small", "strokes:40").out
    assert "small on 40 images of strokes: other data, of which nothing was trained on." in out
    assert "objective at β = 4" in out
    assert "8 draws of z an image, seed 0" in out
    assert "not measured: the images' classes are others than the model's" in out


def test_pictures_are_brought_to_the_models_size_and_colours(bvae, model, pictures):
    said = bvae("evaluate", "small", pictures, "--json")
    found = json.loads(said.out)
    assert said.status == 0
    assert found["count"] == 24
    assert 0 <= found["neighbour_accuracy"] <= 1
    assert found["reference_count"] == 45


def test_in_full_the_json_has_all_that_python_measures(bvae, model, pictures):
    said = bvae("evaluate", "small", pictures, "--full", "--json")
    images = load(str(pictures), image_size=(28, 28), grey=True)
    assert (said.status, said.err) == (0, "")
    assert json.loads(said.out)["full"] == evaluate(model, images, full=True).to_json()["full"]


def test_in_full_says_what_was_measured_and_nothing_of_disentanglement(bvae, model, pictures):
    out = bvae("evaluate", "small", pictures, "--full").out
    for name in ("total correlation", "correlation of dimensions", "thickness", "slant"):
        assert name in out
    assert "2,000 draws among 24 images, seed 0" in out
    assert "not measured: the model's training images are not among the images" in out
    assert "MIG" not in out


def test_another_size_may_be_asked_for_and_then_does_not_fit(bvae, model, pictures):
    said = bvae("evaluate", "small", pictures, "--image-size", "32x40")
    assert said.status == 1
    assert "Expected images of 28×28×1" in said.err
    assert "Received: 32×40×1" in said.err


def test_a_part_of_the_images_can_be_measured(bvae, model):
    found = json.loads(bvae("evaluate", "small", "strokes:40", "--only", "0-9", "--json").out)
    assert (found["count"], found["source"], found["only"]) == (10, "strokes:40", "0-9")


def test_for_programs_it_says_how_far_it_is_and_then_the_figures(bvae, model, pictures):
    said = bvae("evaluate", "small", pictures, "--full", "--json-events", "--nice", "1")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert said.status == 0
    progress = [(each["what"], each["done"], each["total"]) for each in events[:-1]]
    assert progress[0] == ("images", 24, 24)
    assert progress[-4:] == [("steps", done, 4) for done in (1, 2, 3, 4)]
    assert events[-1]["event"] == "measured"
    assert events[-1]["measurement"]["full"]["attribute_count"] == 24


def test_what_was_measured_in_full_is_kept(bvae, model, pictures):
    bvae("evaluate", "small", pictures, "--json")
    assert recall_measurement(model) == (None, "")
    said = bvae("evaluate", "small", pictures, "--full", "--json")
    kept, problem = recall_measurement(model)
    assert kept.to_json() == json.loads(said.out)
    assert problem == ""


def test_figures_that_cannot_be_kept_are_said_all_the_same(bvae, model, pictures, cache_folder):
    (cache_folder / "diagnostics").write_text("in the way")
    said = bvae("evaluate", "small", pictures, "--full", "--json")
    assert said.status == 0
    assert "could not be kept" in said.err
    assert json.loads(said.out)["count"] == 24
