from __future__ import annotations

from bvae_core.store import Store


def test_a_model_goes_into_a_file_and_comes_out_of_it(bvae, model, tmp_path):
    packed = bvae("pack", "small", "-o", tmp_path / "small.zip")
    assert packed.status == 0
    assert packed.out.startswith(f"small is in {tmp_path / 'small.zip'}, ")

    said = bvae("unpack", tmp_path / "small.zip")
    assert said.status == 1
    assert "here already, under the name 'small'" in said.err

    Store().remove("small")
    assert bvae("unpack", tmp_path / "small.zip", "--name", "小さい").out == (
        "小さい is in the cache.\n"
    )
    assert Store().open("小さい").fingerprint == model.fingerprint


def test_what_is_no_model_is_refused_in_a_sentence(bvae, model, tmp_path):
    (tmp_path / "text.zip").write_text("no archive")
    said = bvae("unpack", tmp_path / "text.zip")
    assert said.status == 1
    assert "text.zip: Expected a ZIP archive" in said.err

    said = bvae("pack", "small", "-o", tmp_path / "small.tar")
    assert said.status == 2
    assert "ends in .zip" in said.err
    said = bvae("pack", "small", "-o", tmp_path / "no folder" / "small.zip")
    assert said.status == 2
    assert "There is no folder" in said.err
