from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bvae_core.datasets import load
from bvae_core.diagnostics import evaluate


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
    assert json.loads(said.out) == {
        "model": "small",
        "fingerprint": model.fingerprint,
        **expected.to_json(),
    }


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
