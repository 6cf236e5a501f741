from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bvae_core.encoding import encode_images
from bvae_core.fitting import fit, image_format, read_picture


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A ring in black ink on white paper."""
    paper = Image.new("RGB", (200, 150), "white")
    ImageDraw.Draw(paper).ellipse((60, 20, 140, 120), outline="black", width=12)
    paper.save(tmp_path / "ring.png")
    return tmp_path / "ring.png"


def expected(model, picture, **choices):
    form = image_format(model.decode, model.latents, model.image_shape)
    fitted = fit(read_picture(picture), form, choices)
    return fitted, encode_images(model, fitted.image[None])


def test_says_what_was_done_where_it_lies_and_what_is_near(bvae, model, picture):
    said = bvae("encode", "small", picture)
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    fitted, codes = expected(model, picture)
    assert lines[0] == str(picture)
    assert lines[1].split(maxsplit=1) == ["fitted", fitted.words]
    assert f"{codes.mean[0, 0]:.3f}" in lines[2]
    assert f"{codes.error[0]:,.1f} nats" in said.out
    assert lines[-1].count("#") == 5
    assert any(name in lines[-1] for name in ("お", "き", "れ"))


def test_the_json_is_what_python_reads(bvae, model, picture):
    said = bvae("encode", "small", picture, picture, "--no-crop", "--no-centre", "--json")
    fitted, codes = expected(model, picture, crop=False, centre=False)
    found = json.loads(said.out)
    assert found["fingerprint"] == model.fingerprint
    assert len(found["images"]) == 2
    (first, _) = found["images"]
    assert first["mean"] == pytest.approx(codes.mean[0].tolist())
    assert first["error"] == pytest.approx(codes.error[0])
    assert first["steps"] == sorted(fitted.steps)
    assert {"index", "class", "distance"} == set(first["nearest"][0])


def test_codes_are_written_as_a_table(bvae, model, picture, tmp_path):
    said = bvae("encode", "small", picture, "-o", tmp_path / "codes.csv")
    assert f"Wrote {tmp_path / 'codes.csv'}" in said.out
    with (tmp_path / "codes.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    _, codes = expected(model, picture)
    assert row["file"] == str(picture)
    assert float(row["mean_2"]) == pytest.approx(codes.mean[0, 1])
    assert row["nearest_class"] == model.class_names[model.labels[int(row["nearest"])]]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are Unicode")
def test_a_file_whose_name_is_no_unicode_is_read_like_others(bvae, model, picture, tmp_path):
    odd = picture.rename(tmp_path / os.fsdecode(b"caf\xe9.png"))
    said = bvae("encode", "small", odd, "-o", tmp_path / "codes.csv")
    assert said.status == 0, said.err
    assert r"caf\udce9.png" in (tmp_path / "codes.csv").read_text(encoding="utf-8")


def test_and_as_arrays_with_the_fitted_images(bvae, model, picture, tmp_path):
    bvae("encode", "small", picture, "-o", tmp_path / "codes.npz")
    fitted, codes = expected(model, picture)
    with np.load(tmp_path / "codes.npz") as arrays:
        assert np.array_equal(arrays["image"][0], fitted.image)
        assert np.array_equal(arrays["log_var"], codes.log_var)
        assert arrays["files"].tolist() == [str(picture)]


def test_an_empty_picture_is_refused_by_name_and_nothing_is_written(bvae, model, tmp_path, picture):
    Image.new("L", (50, 50), 255).save(tmp_path / "empty.png")
    said = bvae("encode", "small", picture, tmp_path / "empty.png", "-o", tmp_path / "codes.csv")
    assert said.status == 1
    assert "empty.png: picture: Expected something to be seen" in said.err
    assert not (tmp_path / "codes.csv").exists()
