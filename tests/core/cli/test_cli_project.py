"""`bvae project`, and maps of what it has made."""

from __future__ import annotations

import json

import bundles
import numpy as np
import pytest

from bvae_core.bundle import Bundle
from bvae_core.embeddings import keep_embedding
from bvae_core.figures import MapRecipe
from bvae_core.store import Store


@pytest.fixture
def five(cache_folder) -> Bundle:
    """A model of five dimensions, in the cache with a UMAP of its codes."""
    bundle = Store(cache_folder).add(bundles.contents("five", dimensions=5))
    points = np.random.default_rng(0).normal(size=(len(bundle.latents), 2))
    keep_embedding(bundle, points.astype(np.float32))
    return bundle


def test_what_is_there_is_not_computed_again(bvae, five):
    done = bvae("project", "five")
    assert (done.status, done.out) == (0, "The UMAP of five is in the cache.\n")
    said = bvae("project", "five", "--json-events").out
    assert json.loads(said) == {"event": "finished"}


def test_a_map_of_it_is_drawn(bvae, five, tmp_path):
    target = tmp_path / "map.png"
    done = bvae(
        "export", "map", "five", "--projection", "umap", "--layer", "manifold", "-o", target
    )
    assert done.status == 0
    MapRecipe(projection="umap", manifold=True).export(five, tmp_path / "again.png")
    assert target.read_bytes() == (tmp_path / "again.png").read_bytes()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--axes", "1", "2"), "Expected none for a UMAP"),
        (("--layer", "magnification"), "a UMAP has no measure of its own"),
    ],
)
def test_what_a_umap_can_t_show_is_said(bvae, five, tmp_path, options, reason):
    target = tmp_path / "map.png"
    done = bvae("export", "map", "five", "--projection", "umap", *options, "-o", target)
    assert done.status == 1
    assert reason in done.err
    assert not target.exists()


def test_two_dimensions_need_none(bvae, cache_folder):
    Store(cache_folder).add(bundles.contents("two"))
    done = bvae("project", "two")
    assert done.status == 1
    assert "in 3 dimensions or more" in done.err
