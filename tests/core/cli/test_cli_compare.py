from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bundles import contents
from PIL import Image

from bvae_core.figures import read_metadata
from bvae_core.store import Store


@pytest.fixture
def other(cache_folder):
    metrics = {"held_out": True, "objective_beta_1": 260.0, "neighbour_accuracy": 0.65}
    return Store().add(contents("other", seed=1, metrics=metrics))


def test_a_table_marks_the_better_figures(bvae, model, other):
    lines = bvae("compare", "small", "other").out.splitlines()
    assert lines[1].split() == ["small", "other"]
    rows = {line.strip()[:18].strip(): line.split() for line in lines}
    assert rows["objective at β = 1"][-3:] == ["268.5", "260.0", "*"]
    assert rows["15-NN accuracy"][-3:] == ["0.700", "*", "0.650"]
    assert "* the better one" in lines


def test_a_page_is_drawn_where_a_file_is_named(bvae, model, other, tmp_path):
    said = bvae(
        "compare", "small", "other", "-o", tmp_path / "page.png", "--theme", "dark",
        "--from", "ki", "--to", "#3",
    )  # fmt: skip
    assert said.status == 0
    page = Image.open(tmp_path / "page.png")
    assert page.getpixel((5, 5))[:3] == (0x1D, 0x1A, 0x17)


@pytest.mark.slow
def test_the_morph_of_the_page_goes_the_way_that_is_chosen(bvae, model, other, tmp_path):
    pages = {}
    for path in ("straight", "spherical", "dense"):
        file = tmp_path / f"{path}.png"
        ends = ("--from", "#0", "--to", "#4")
        assert bvae("compare", "small", "other", "-o", file, *ends, "--path", path).status == 0
        assert read_metadata(file)["path"] == path
        pages[path] = file.read_bytes()
    assert len(set(pages.values())) == 3


def test_the_same_for_programs(bvae, model, other):
    found = json.loads(bvae("compare", "small", "other", "--json").out)
    assert [each["name"] for each in found["models"]] == ["small", "other"]
    rows = {row["key"]: row for row in found["rows"]}
    assert rows["objective_beta_1"] == {
        "key": "objective_beta_1",
        "values": [268.5, 260.0],
        "is_best": [False, True],
    }


def test_what_does_not_compare_is_refused_with_the_reason(bvae, model, cache_folder, tmp_path):
    made = contents("strokes", seed=2)
    Store().add(replace(made, data=replace(made.data, name="strokes", fingerprint="ab" * 32)))
    said = bvae("compare", "small", "strokes", "-o", tmp_path / "page.png")
    assert said.status == 1
    assert "Expected models of the same images. Received: 'small' of kana" in said.err
    assert not (tmp_path / "page.png").exists()
    assert bvae("compare", "small").status == 1
    assert bvae("compare", "small", "small", "-o", "page.txt").status == 2
