"""`bvae selections`, `bvae nearest`, and what is trained on a part."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bvae_core import load_bundle

Bvae = Callable[..., Any]


def test_a_class_in_a_box_is_saved_listed_and_removed(bvae: Bvae) -> None:
    assert bvae("selections", "demo").out.startswith("Nothing is selected in demo yet.")

    bvae("selections", "demo", "--add", "right", "--class", "ki", "--box", "4,-4,0,4")

    (saved,) = json.loads(bvae("selections", "demo", "--json").out)
    demo = load_bundle("demo")
    x = demo.latents[:, 0]
    assert demo.labels is not None
    expected = np.flatnonzero((demo.labels == 1) & (x >= 0) & (x <= 4))
    assert saved["images"] == expected.tolist()
    assert saved["classes"] == {"き": len(expected)}
    assert "right" in bvae("selections", "demo").out
    assert "Nothing" in bvae("selections", "demo", "--remove", "right").out


def test_images_are_saved_by_number_and_a_selection_renamed(bvae: Bvae) -> None:
    bvae("selections", "demo", "--add", "few", "--images", "1, 5, 9-20")
    bvae("selections", "demo", "--rename", "few", "some")

    (saved,) = json.loads(bvae("selections", "demo", "--json").out)
    assert saved["name"] == "some"
    assert saved["images"] == [1, 5, *range(9, 21)]


def test_a_selection_is_exported(bvae: Bvae, tmp_path: Path) -> None:
    bvae("selections", "demo", "--add", "few", "--images", "1,5,9-20")

    said = bvae("selections", "demo", "--export", "few", "-o", tmp_path / "few.csv")

    assert said.out == f"14 images in {tmp_path / 'few.csv'}\n"
    rows = (tmp_path / "few.csv").read_text("utf-8").splitlines()
    assert [int(row.split(",")[0]) for row in rows[1:]] == [1, 5, *range(9, 21)]


def test_what_is_no_selection_is_said_in_a_sentence(bvae: Bvae) -> None:
    for arguments, status, problem in (
        (("--add", "a", "--images", "99999"), 1, "Expected indices from 0 to 14010"),
        (("--add", "a", "--box", "9,9,9,9"), 1, "Expected at least one image"),
        (("--add", "12", "--images", "1"), 1, "name: Expected"),
        (("--add", "a", "--class", "X"), 1, "X"),
        (("--remove", "a"), 1, "Expected one of the saved ones, none"),
        (("--add", "a"), 2, "--class"),
        (("--add", "a", "--box", "1,2"), 2, "four numbers"),
        (("--class", "ki"), 2, "--add"),
        (("--export", "a"), 2, "--output"),
    ):
        said = bvae("selections", "demo", *arguments)
        assert said.status == status, arguments
        assert problem in said.err, arguments


def test_the_nearest_images_are_listed_with_their_distances(bvae: Bvae) -> None:
    demo = load_bundle("demo")

    found = json.loads(bvae("nearest", "demo", "0.5,-1.2", "-k", "50", "--json").out)

    away = np.linalg.norm(demo.latents - np.float32([0.5, -1.2]), axis=1)
    nearest = np.argsort(away, kind="stable")[:50]
    assert [each["index"] for each in found["nearest"]] == nearest.tolist()
    assert np.allclose([each["distance"] for each in found["nearest"]], away[nearest], atol=1e-5)
    first = bvae("nearest", "demo", "#12", "-k", "1").out
    assert "#12" in first
    assert "0.0000" in first


def test_a_part_is_looked_at_before_it_is_trained_on(bvae: Bvae, tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("index\n3\n4\n5\n", encoding="utf-8")

    typed = json.loads(bvae("data", "strokes:40", "--only", "3-5", "--json").out)
    read = json.loads(bvae("data", "strokes:40", "--only", tmp_path / "few.csv", "--json").out)

    assert typed == read
    assert typed["train_count"] + typed["test_count"] == 3


def test_other_images_than_the_models_are_refused(bvae: Bvae) -> None:
    bvae("selections", "demo", "--add", "few", "--images", "1-9")

    for command in ("data", "train"):
        said = bvae(command, "strokes:40", "--selection", "demo:few")
        assert said.status == 1
        assert "Expected the images that demo was trained on" in said.err


def test_where_nothing_is_left_to_train_on_it_is_said(bvae: Bvae) -> None:
    held_out = json.loads(bvae("data", "strokes:40", "--only", "0-39", "--json").out)
    assert held_out["test_count"] > 0
    from bvae_core.datasets import load

    tests = ",".join(map(str, load("strokes:40").test_indices))

    said = bvae("train", "strokes:40", "--only", tests)

    assert said.status == 1
    assert said.err.startswith("bvae: strokes-part: Expected at least 2 images to train on.")
