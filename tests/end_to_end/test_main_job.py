"""The main job, as a user does it in the shell: train on real characters, then morph them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bvae_core.store import load_bundle


def bvae(*arguments: object) -> str:
    """Run the shell command in a process of its own and return what it prints."""
    line = [sys.executable, "-m", "bvae_core.cli", *map(str, arguments)]
    return subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, timeout=250).stdout


@pytest.mark.slow
def test_train_on_real_characters_and_morph_one_into_another(
    kmnist_folder: Path, cache_folder: Path, tmp_path: Path
) -> None:
    settings = ("--epochs", 7, "--width", 128, "--depth", 1)
    told = bvae("train", kmnist_folder, *settings, "--name", "kana", "--json-events")
    events = [json.loads(line) for line in told.splitlines()]
    assert [event["event"] for event in events] == ["started", *["epoch_end"] * 7, "finished"]
    assert events[0]["train_count"] == 7011

    figures = json.loads(bvae("evaluate", "kana", kmnist_folder, "--json"))
    assert figures["held_out"] is True
    assert figures["count"] == 7000
    assert figures["objective"] < 315  # a collapsed model, all images alike, has 342
    assert figures["neighbour_accuracy"] > 0.3  # by chance 0.1

    strip = tmp_path / "morph.png"
    bvae("export", "morph", "kana", "--from", "き", "--to", "re", "-o", strip)
    with Image.open(strip) as image:
        assert image.format == "PNG"
        assert image.width > 12 * 28
    assert load_bundle("kana").class_names[1] == "き"


def test_the_demo_morphs_right_after_install(cache_folder: Path, tmp_path: Path) -> None:
    strip = tmp_path / "morph.png"
    bvae("export", "morph", "demo", "--from", 1, "--to", 8, "-o", strip)
    with Image.open(strip) as image:
        assert np.asarray(image.convert("L")).std() > 10, "there is something to see"


def test_the_demo_is_whole_and_says_whose_work_it_is() -> None:
    demo = load_bundle("demo")
    assert demo.class_names == tuple("おきすつなはまやれを")
    assert len(demo.latents) == 14_011
    assert demo.data.licence == "CC BY-SA 4.0"
    assert "doi:10.20676/00000341" in demo.data.attribution
    assert demo.data.attribution in demo.model_card
    assert demo.keras_model_path is None
    for label in range(10):
        codes = demo.latents[demo.labels == label]
        assert demo.decode(codes[:5]).max() > 0.5, "a character has ink"


def test_the_demo_has_codes_of_the_shared_characters(kmnist_folder: Path) -> None:
    from bvae_core.datasets import load

    demo, images = load_bundle("demo"), load(str(kmnist_folder))
    assert demo.data.fingerprint == images.fingerprint
    mean, log_var = demo.encode(images.images[:100])
    assert mean == pytest.approx(demo.latents[:100], abs=1e-4)
    assert log_var == pytest.approx(demo.log_var[:100], abs=1e-4)
