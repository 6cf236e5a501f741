from __future__ import annotations

import json

from bundles import contents

from bvae_core.store import Store


def test_an_empty_cache_says_what_to_do(bvae):
    said = bvae("models")
    assert said.status == 0
    assert "No models yet" in said.out
    assert "bvae train strokes" in said.out


def test_a_cache_that_is_a_file_is_no_empty_one(bvae, cache_folder):
    cache_folder.write_text("not a folder")
    said = bvae("models")
    assert said.status == 1
    assert said.out == ""
    assert said.err == (
        f"bvae: {cache_folder}: the model cache can't be used: Not a folder. "
        "BVAE_CACHE_DIR names another folder for it.\n"
    )


def test_the_table_has_what_tells_models_apart(bvae, model):
    row = next(line for line in bvae("models").out.splitlines() if "small" in line)
    assert row.split()[:6] == ["small", "kana", "4", "2", "279.2", "0.700"]


def test_figures_that_are_not_held_out_are_not_shown_as_such(bvae, cache_folder):
    Store().add(contents("all", metrics={"held_out": False, "objective": 250.0}))
    row = next(line for line in bvae("models").out.splitlines() if "all" in line)
    assert "250" not in row
    assert "–" in row


def test_a_date_at_the_end_of_the_calendar_hides_no_models(bvae, model):
    for seed, date in ((1, "0001-01-01T00:00:00+14:00"), (2, "9999-12-31T23:59:59-14:00")):
        path = Store().add(contents(f"odd {seed}", seed=seed)).path / "bundle.json"
        manifest = json.loads(path.read_text())
        path.write_text(json.dumps(manifest | {"created": date}))
    said = bvae("models")
    assert said.status == 0
    assert all(name in said.out for name in ("small", "odd 1", "odd 2"))


def test_a_broken_model_is_reported_beside_the_others(bvae, model):
    broken = Store().add(contents("broken", seed=1))
    (broken.path / "decoder.tflite").unlink()
    said = bvae("models")
    assert said.status == 0
    assert "small" in said.out
    assert f"{broken.path.name}: " in said.out
    assert "decoder.tflite" in said.out

    assert bvae("remove", broken.path.name).status == 0
    assert "decoder.tflite" not in bvae("models").out


def test_the_list_as_json(bvae, model):
    found = json.loads(bvae("models", "--json").out)
    assert [entry["name"] for entry in found["models"]] == ["small"]
    assert found["models"][0]["config"] == model.config.to_json()
    assert found["broken"] == []


def test_show_tells_what_a_model_is(bvae, model):
    out = bvae("show", "small").out
    for part in (
        model.fingerprint,
        "28×28 grey, 45 images to train on and 15 to test",
        "0 お, 1 き, 2 れ",
        "CC BY-SA 4.0",
        "279.2",
        "15 images: the test split, which was kept out of training",
    ):
        assert part in out


def test_show_takes_a_folder_and_the_start_of_a_fingerprint(bvae, model):
    by_name = json.loads(bvae("show", "small", "--json").out)
    assert json.loads(bvae("show", model.path, "--json").out) == by_name
    assert json.loads(bvae("show", model.fingerprint[:8], "--json").out) == by_name
    assert by_name["fingerprint"] == model.fingerprint


def test_rename_and_remove(bvae, model):
    assert bvae("rename", "small", "小さい").status == 0
    assert bvae("show", "small").status == 1
    assert bvae("show", "小さい").status == 0
    assert bvae("remove", "小さい").status == 0
    assert Store().models() == []
    assert bvae("remove", "小さい").status == 1


def test_a_name_that_is_taken_is_refused(bvae, model):
    Store().add(contents("other", seed=1))
    said = bvae("rename", "other", "small")
    assert said.status == 1
    assert "'small'" in said.err
