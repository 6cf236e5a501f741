"""UMAP: computed once, kept, found again, and never believed blindly."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import numpy as np
import pytest

from bvae_core import embeddings
from bvae_core.embeddings import (
    UmapSettings,
    find_embedding,
    keep_embedding,
    umap_is_installed,
    umap_projection,
)
from bvae_core.errors import BvaeError

needs_umap = pytest.mark.skipif(not umap_is_installed(), reason="umap-learn is not installed")


@dataclass
class Model:
    """Three clouds in five dimensions."""

    count: int = 120
    dimensions: int = 5
    fingerprint: str = "ab" * 32
    latents: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        random = np.random.default_rng(0)
        self.labels = np.arange(self.count) % 3
        codes = 8 * np.eye(3, self.dimensions)[self.labels]
        codes += random.normal(size=(self.count, self.dimensions))
        self.latents = codes.astype(np.float32)


@pytest.fixture
def points():
    return np.random.default_rng(1).normal(size=(120, 2)).astype(np.float32)


def test_what_is_kept_is_found_again(cache_folder, points):
    model = Model()
    assert find_embedding(model) is None
    keep_embedding(model, points)
    np.testing.assert_array_equal(find_embedding(model), points)
    np.testing.assert_array_equal(umap_projection(model, compute=False).dots(model.latents), points)


def test_other_settings_models_and_codes_are_others(cache_folder, points):
    model = Model()
    keep_embedding(model, points)
    assert find_embedding(model, UmapSettings(neighbours=30)) is None
    assert find_embedding(model, UmapSettings(seed=1)) is None
    assert find_embedding(Model(fingerprint="cd" * 32)) is None
    model.latents = model.latents + 1
    assert find_embedding(model) is None


@pytest.mark.parametrize("damage", ["cut", "text", "large", "pickle", "shape", "nan"])
def test_what_is_damaged_is_not_there(cache_folder, points, damage):
    model = Model()
    keep_embedding(model, points)
    (path,) = cache_folder.rglob("*.npz")
    codes = np.load(path)["codes"]
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-40])
        case "text":
            path.write_text("no file of ours")
        case "large":
            path.write_bytes(path.read_bytes() + bytes(100_000))
        case "pickle":
            np.savez(path, points=np.array([{}], object), codes=codes)
        case "shape":
            np.savez(path, points=points[:5], codes=codes)
        case "nan":
            np.savez(path, points=points * np.float32(np.nan), codes=codes)
    assert find_embedding(model) is None
    keep_embedding(model, points)
    np.testing.assert_array_equal(find_embedding(model), points)


def test_too_few_codes_or_dimensions_are_refused(cache_folder):
    for model in (Model(dimensions=2), Model(count=9)):
        with pytest.raises(BvaeError, match="10 images or more, in 3 dimensions or more"):
            umap_projection(model)


def test_what_is_not_there_says_how_to_have_it(cache_folder, monkeypatch):
    with pytest.raises(BvaeError, match="run bvae project"):
        umap_projection(Model(), compute=False)
    monkeypatch.setattr(embeddings, "umap_is_installed", lambda: False)
    with pytest.raises(BvaeError, match="pip install umap-learn"):
        umap_projection(Model())


@pytest.mark.parametrize("wrong", [{"neighbours": 1}, {"min_dist": 1.5}, {"seed": -1}])
def test_settings_out_of_range_are_refused(wrong):
    (name,) = wrong
    with pytest.raises(BvaeError, match=rf"{name}: Expected"):
        UmapSettings(**wrong)


@pytest.mark.slow
@needs_umap
def test_umap_keeps_near_codes_near_is_repeatable_and_says_how_far_it_is(cache_folder):
    model, steps, had_tensorflow = Model(), [], "tensorflow" in sys.modules
    found = umap_projection(model, progress=lambda *step: steps.append(step))
    dots = found.dots(model.latents)
    nearest = np.linalg.norm(dots[:, None] - dots[None], axis=-1).argsort(axis=1)[:, 1]
    assert (model.labels[nearest] == model.labels).mean() > 0.95
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1] > 100
    (path,) = cache_folder.rglob("*.npz")
    path.unlink()
    np.testing.assert_array_equal(umap_projection(model).dots(model.latents), dots)
    assert ("tensorflow" in sys.modules) == had_tensorflow
