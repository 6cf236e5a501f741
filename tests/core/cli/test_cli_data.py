"""`bvae data`: a look at images before anything is trained on them."""

from __future__ import annotations

import json

import numpy as np
from PIL import Image


def test_tells_what_is_there(bvae) -> None:
    said = bvae("data", "strokes:50")
    assert (said.status, said.err) == (0, "")
    lines = dict(line.split("  ", 1) for line in said.out.splitlines())
    assert lines["images"].strip() == "50"
    assert lines["for testing"].strip() == "5"
    assert "28×28 pixels, grey" in said.out
    assert "loop (" in said.out


def test_tells_programs_the_same(bvae) -> None:
    told = json.loads(bvae("data", "strokes:50", "--image-size", "16x20", "--colour", "--json").out)
    assert told["image_shape"] == [16, 20, 3]
    assert (told["train_count"], told["test_count"]) == (45, 5)
    assert sum(each["count"] for each in told["classes"]) == 50


def test_writes_some_of_the_images_pixel_by_pixel(bvae, tmp_path) -> None:
    sheet = tmp_path / "sheet.png"
    said = bvae("data", "strokes:50", "-o", sheet)
    assert "30 images in" in said.out
    with Image.open(sheet) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (3 * 28, 10 * 28)
    tiles = pixels.reshape(3, 28, 10, 28).swapaxes(1, 2)
    assert tiles.any(axis=(2, 3)).all()


def test_few_images_without_classes_have_a_sheet_too(bvae, tmp_path) -> None:
    np.save(tmp_path / "few.npy", np.full((3, 8, 8, 3), 200, np.uint8))
    said = bvae("data", tmp_path / "few.npy", "-o", tmp_path / "sheet.png")
    assert said.status == 0
    assert "unknown" in said.out
    with Image.open(tmp_path / "sheet.png") as picture:
        assert picture.size == (80, 8)


def test_a_source_that_is_none_is_refused(bvae, tmp_path) -> None:
    said = bvae("data", tmp_path / "nowhere")
    assert said.status == 1
    assert "nowhere" in said.err
