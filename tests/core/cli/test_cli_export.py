from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from children import run_python
from PIL import Image

from bvae_core.figures import (
    ContactRecipe,
    EquationRecipe,
    GridRecipe,
    ImageRecipe,
    MapRecipe,
    MorphRecipe,
    TraversalRecipe,
    read_recipe,
)
from bvae_core.originals import find_originals
from bvae_core.store import load_bundle

MAGIC = {
    ".png": b"\x89PNG",
    ".pdf": b"%PDF",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
    ".npz": b"PK",
}
FROM_TO = ("--from", "0", "--to", "れ")


@pytest.mark.parametrize(
    ("arguments", "suffix"),
    [
        (["map"], ".png"),
        (["map", *FROM_TO, "--theme", "dark"], ".pdf"),
        (["morph", *FROM_TO], ".png"),
        (["morph", *FROM_TO, "--path", "spherical", "--no-labels"], ".pdf"),
        (["morph", *FROM_TO, "--path", "geodesic"], ".png"),
        (["map", *FROM_TO, "--path", "dense"], ".png"),
        (["morph", *FROM_TO, "--frames", "4", "--scale", "1"], ".gif"),
        (["morph", *FROM_TO, "--frames", "4", "--scale", "1", "--bounce"], ".webp"),
        (["grid", "--rows", "3", "--columns", "4", "--ink", "screen"], ".png"),
        (["grid", "--rows", "2", "--columns", "2", *("--corner", "1") * 4], ".png"),
        (["traversal", "--steps", "3", "--at", "き", "--range", "data"], ".png"),
        (["image", "--at", "#5", "--scale", "3"], ".png"),
        (["image", "--at", "sum:ki - 0.5*#5 + -1,0.5"], ".png"),
        (["map", "--class", "き", "--class", "2"], ".png"),
        (["equation", "--a", "ki", "--b", "れ", "--c", "#5", "--strength", "-0.5"], ".pdf"),
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


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        (ImageRecipe(at="-0.5,1.25", scale=3), "image.png"),
        (ImageRecipe(at="z:1e-3,0", ink="screen", theme="dark"), "-image.pdf"),
        (EquationRecipe(a="-1,0.5", b="#7", c="sum:ki - れ", strength=-1.5), "equation.png"),
        (EquationRecipe(a="ki", b="れ", c="2", labels=False, theme="dark", scale=2), "e.svg"),
        (MapRecipe(), "map.png"),
        (MapRecipe(anchors=("ki", "#7"), axes=(1, 0), classes=("き", "2")), "map.svg"),
        (MapRecipe(density=False, labels=False, theme="dark"), "map.png"),
        (MapRecipe(dots=False, names=False, manifold=True, ink="screen"), "map.png"),
        (MapRecipe(magnification=True, manifold=True, spacing="prior", at="ki"), "map.png"),
        (MorphRecipe(anchors=("ki", "-1,0", "#7", "れ"), path="spherical"), "a morph.png"),
        (MorphRecipe(anchors=("ki", "sum:れ -#7 + 2*-1,0"), path="geodesic"), "morph.png"),
        (GridRecipe(corners=("0", "1", "2", "#3"), rows=3, columns=2, path="dense"), "grid.png"),
        (MorphRecipe(anchors=("0", "1"), fps=24, loop=False, bounce=True, scale=2), "morph.gif"),
        (MorphRecipe(anchors=("0", "1"), fps=0.5, frames=3, ink="screen"), "morph.webp"),
        (GridRecipe(rows=3, columns=2, axes=(1, 0), labels=False), "grid.png"),
        (GridRecipe(corners=("0", "1", "-1,-1", "#3"), rows=2, columns=5), "grid.png"),
        (TraversalRecipe(at="-1,2", dimension=1, steps=3), "traversal.png"),
        (TraversalRecipe(over="quantiles", extent=0.125, theme="dark"), "traversal.png"),
    ],
    ids=repr,
)
def test_a_recipe_s_command_writes_the_same_file(bvae, model, tmp_path, monkeypatch, recipe, name):
    monkeypatch.chdir(tmp_path)
    recipe.export(model, name)
    from_python = Path(name).read_bytes()
    Path(name).unlink()
    program, *arguments = recipe.command("small", name)
    assert program == "bvae"
    said = bvae(*arguments)
    assert (said.status, said.err) == (0, "")
    assert Path(name).read_bytes() == from_python
    if name.endswith(".png"):
        assert read_recipe(name, model) == recipe


def test_a_contact_sheet_shows_the_images_themselves_where_they_are_at_hand(
    bvae, tmp_path, monkeypatch, kmnist_folder
):
    monkeypatch.chdir(tmp_path)
    recipe = ContactRecipe(selection="0-3", originals=True, scale=1, ink="screen", labels=False)
    _, *arguments = recipe.command("demo", "sheet.png")
    said = bvae(*arguments)
    assert said.status == 1
    assert "Expected the images that demo was trained on to be at hand" in said.err
    assert bvae("locate", "demo", kmnist_folder).status == 0
    assert bvae(*arguments).status == 0
    demo = load_bundle("demo")
    drawn = np.asarray(Image.open("sheet.png").convert("L"))[32:60, 32:60]
    np.testing.assert_array_equal(drawn, find_originals(demo)[0])
    recipe.export(demo, "python.png")
    assert Path("python.png").read_bytes() == Path("sheet.png").read_bytes()


def test_a_recipe_s_command_works_in_a_process_of_its_own(model, tmp_path):
    recipe = GridRecipe(corners=("ki", "#12", "-0.5,1", "れ"), rows=2, columns=3, theme="dark")
    recipe.export(model, tmp_path / "python.png")
    _, *arguments = recipe.command("small", tmp_path / "shell.png")
    child = run_python("from bvae_core.cli import main; main()", *arguments)
    assert (child.returncode, child.stdout, child.stderr) == (0, "", "")
    assert (tmp_path / "shell.png").read_bytes() == (tmp_path / "python.png").read_bytes()


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


def test_a_map_of_classes_that_are_not_there_is_refused(bvae, model, tmp_path):
    said = bvae("export", "map", "small", "-o", tmp_path / "m.png", "--class", "む")
    assert said.status == 1
    assert "Classes: 0 お, 1 き, 2 れ" in said.err


def test_a_grid_has_four_corners_or_none(bvae, model, tmp_path):
    said = bvae("export", "grid", "small", "-o", tmp_path / "g.png", *("--corner", "1") * 3)
    assert said.status == 2
    assert "--corner" in said.err
    assert "Expected 4. Received: 3." in said.err


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
