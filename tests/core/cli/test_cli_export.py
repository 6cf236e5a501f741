from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from children import run_python
from PIL import Image

from bvae_core import figures
from bvae_core.cli import export

MAGIC = {
    ".png": b"\x89PNG",
    ".pdf": b"%PDF",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
    ".npz": b"PK",
}
FROM_TO = ("--from", "0", "--to", "れ")


def test_the_shell_knows_the_formats_that_can_be_written():
    assert export.FIGURES == figures.FIGURE_SUFFIXES
    assert export.ANIMATIONS == figures.ANIMATION_SUFFIXES


@pytest.mark.parametrize(
    ("arguments", "suffix"),
    [
        (["map"], ".png"),
        (["map", *FROM_TO, "--theme", "dark"], ".pdf"),
        (["morph", *FROM_TO], ".png"),
        (["morph", *FROM_TO, "--path", "spherical", "--no-labels"], ".pdf"),
        (["morph", *FROM_TO, "--frames", "4", "--scale", "1"], ".gif"),
        (["morph", *FROM_TO, "--frames", "4", "--scale", "1", "--bounce"], ".webp"),
        (["grid", "--rows", "3", "--columns", "4", "--ink", "screen"], ".png"),
        (["grid", "--rows", "2", "--columns", "2", *("--corner", "1") * 4], ".png"),
        (["traversal", "--steps", "3", "--at", "き", "--range", "data"], ".png"),
        (["latents"], ".npz"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_writes_what_the_name_ends_in(bvae, model, tmp_path, arguments, suffix):
    target = tmp_path / f"file{suffix}"
    kind, *options = arguments
    said = bvae("export", kind, "small", "-o", target, *options)
    assert (said.status, said.err) == (0, "")
    assert target.read_bytes().startswith(MAGIC[suffix])


def test_writes_svg(bvae, model, tmp_path):
    assert bvae("export", "map", "small", "-o", tmp_path / "map.svg").status == 0
    assert "<svg" in (tmp_path / "map.svg").read_text()


def strip(bvae, target: Path, *options: str) -> np.ndarray:
    """Export a morph without words and return its pixels."""
    said = bvae("export", "morph", "small", "-o", target, "--no-labels", *options)
    assert (said.status, said.err) == (0, "")
    return np.asarray(Image.open(target))


def test_a_class_goes_by_name_romaji_and_number(bvae, model, tmp_path):
    strips = [
        strip(bvae, tmp_path / "m.png", "--from", name, "--to", "れ") for name in ("き", "ki", "1")
    ]
    assert np.array_equal(strips[0], strips[1])
    assert np.array_equal(strips[0], strips[2])


def test_images_and_coordinates_are_anchors_too(bvae, model, tmp_path):
    by_index = strip(bvae, tmp_path / "m.png", "--from", "#12", "--to", "1")
    place = ",".join(map(str, model.latents[12].tolist()))  # it may well begin with a minus
    assert np.array_equal(strip(bvae, tmp_path / "m.png", "--from", place, "--to", "1"), by_index)


def test_the_way_goes_via_other_anchors(bvae, model, tmp_path):
    direct = strip(bvae, tmp_path / "m.png", "--from", "0", "--to", "2", "--frames", "5")
    bent = strip(
        bvae, tmp_path / "m.png", "--from", "0", "--via", "1", "--to", "2", "--frames", "5"
    )
    assert direct.shape == bent.shape
    assert not np.array_equal(direct, bent)


def test_eight_anchors_are_enough(bvae, model, tmp_path):
    via = ["--via", "1"] * 6
    target = tmp_path / "m.png"
    assert bvae("export", "morph", "small", "-o", target, *FROM_TO, *via).status == 0
    said = bvae("export", "morph", "small", "-o", target, *FROM_TO, *via, "--via", "1")
    assert said.status == 2
    assert "at most 8 anchors" in said.err


def test_an_unknown_anchor_fails_and_leaves_the_file_that_is_there(bvae, model, tmp_path):
    target = tmp_path / "m.png"
    target.write_bytes(b"before")
    said = bvae("export", "morph", "small", "--from", "む", "--to", "1", "-o", target)
    assert said.status == 1
    assert said.err.startswith("bvae: 'む': Expected")
    assert target.read_bytes() == b"before"
    assert bvae("export", "morph", "small", *FROM_TO, "-o", target).status == 0
    assert target.read_bytes().startswith(MAGIC[".png"])


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("map", "map.jpg", "ends in .png, .svg or .pdf"),
        ("map", "map.gif", "ends in .png, .svg or .pdf"),
        ("latents", "codes.txt", "ends in .npz or .csv"),
        ("grid", "missing/grid.png", "There is no folder"),
    ],
)
def test_an_impossible_file_is_refused_before_any_work(bvae, tmp_path, kind, name, reason):
    said = bvae("export", kind, "no-such-model", "-o", tmp_path / name)
    assert said.status == 2
    assert reason in " ".join(said.err.replace("│", " ").split())


def test_latents_as_arrays(bvae, model, tmp_path):
    bvae("export", "latents", "small", "-o", tmp_path / "codes.npz")
    with np.load(tmp_path / "codes.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["mean"], model.latents)
        assert np.array_equal(arrays["log_var"], model.log_var)
        assert np.array_equal(arrays["label"], model.labels)
        assert np.array_equal(arrays["is_test"], model.is_test)
        assert tuple(arrays["class_names"]) == model.class_names


def test_latents_as_a_table(bvae, model, tmp_path):
    bvae("export", "latents", "small", "-o", tmp_path / "codes.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "codes.csv").read_text("utf-8"))))
    assert [int(row["index"]) for row in rows] == list(range(60))
    assert rows[1]["class"] == "き"
    assert [row["split"] for row in rows].count("test") == 15
    means = np.array([[row["mean_1"], row["mean_2"]] for row in rows]).astype(np.float32)
    assert np.array_equal(means, model.latents)  # every digit that float32 has


def test_exporting_leaves_tensorflow_unloaded(model, tmp_path):
    child = run_python(
        "import atexit, sys\n"
        "from bvae_core.cli import main\n"
        "atexit.register(lambda: print({'tensorflow', 'keras'} & sys.modules.keys()))\n"
        "main()",
        *("export", "morph", "small", "--from", "ki", "--to", "re", "-o", tmp_path / "m.png"),
    )
    assert (child.returncode, child.stdout, child.stderr) == (0, "set()\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["map", "--axes", "1", "3"], "a dimension from 1 to 2. Received: 3."),
        (["grid", "--axes", "0", "1"], "a dimension from 1 to 2. Received: 0."),
        (["grid", "--axes", "2", "2"], "two different dimensions. Received: 2 twice."),
        (["traversal", "--dimension", "3"], "a dimension from 1 to 2. Received: 3."),
    ],
)
def test_dimensions_are_counted_from_one_in_errors_too(bvae, model, tmp_path, arguments, says):
    kind, option, *numbers = arguments
    said = bvae("export", kind, "small", "-o", tmp_path / "x.png", option, *numbers)
    assert said.status == 2
    assert option in said.err
    assert says in said.err
