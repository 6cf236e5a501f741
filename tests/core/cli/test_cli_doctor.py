from __future__ import annotations

import json

import numpy as np
import pytest
from bundles import contents

from bvae_core.store import Store

pytestmark = pytest.mark.slow  # it loads TensorFlow to see what it finds


@pytest.fixture
def network(monkeypatch):
    """Switch what the network is found to be; nothing is asked for real."""

    def switch(*, reachable: bool) -> None:
        monkeypatch.setattr("bvae_core.datasets.tfds.reachable", lambda _name: reachable)

    switch(reachable=True)
    return switch


def test_says_what_was_found(bvae, network, model, cache_folder):
    said = bvae("doctor")
    assert said.status == 0
    lines = dict(line.split("  ", 1) for line in said.out.splitlines() if "  " in line.strip())
    assert lines["numpy"].strip() == np.__version__
    assert lines["model cache"].strip() == str(cache_folder)
    assert lines["models"].strip().startswith("1, ")
    assert "training on" in lines


def test_without_the_network_the_ways_out_are_named(bvae, network):
    network(reachable=False)
    out = bvae("doctor").out
    assert "does not reach" in out
    assert "--data-dir" in out
    assert "strokes" in out


def test_a_cache_that_cant_be_written_is_explained(bvae, network, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BVAE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    out = bvae("doctor").out
    assert "cache writable" in out
    assert "BVAE_CACHE_DIR" in out


def test_a_missing_library_comes_with_its_remedy(bvae, network, monkeypatch):
    monkeypatch.setattr("bvae_core.cli.doctor.LIBRARIES", ("numpy", "no-such-library"))
    out = bvae("doctor").out
    assert "-m pip install no-such-library" in out


def test_a_broken_model_is_told_as_json_too(bvae, network, model):
    broken = Store().add(contents("broken", seed=1))
    (broken.path / "encoder.tflite").unlink()
    findings = json.loads(bvae("doctor", "--json").out)
    found = next(finding for finding in findings if finding["what"] == "broken model")
    assert "encoder.tflite" in found["found"]
    assert f"bvae remove {broken.path.name}" in found["advice"][0]
