from __future__ import annotations

import json


def test_says_where_the_images_are_and_show_tells_it(bvae, kmnist_folder):
    assert "not at hand" in bvae("show", "demo").out
    assert json.loads(bvae("show", "demo", "--json").out)["originals"] is None

    said = bvae("locate", "demo", kmnist_folder)
    assert (said.status, said.err) == (0, "")
    assert said.out == f"The 14,011 images of demo are at hand: {kmnist_folder}.\n"
    lines = bvae("show", "demo").out.splitlines()
    assert ["originals", str(kmnist_folder)] in [line.split() for line in lines]
    assert json.loads(bvae("show", "demo", "--json").out)["originals"] == str(kmnist_folder)


def test_other_images_are_refused(bvae, model):
    said = bvae("locate", "small", "strokes:60")
    assert said.status == 1
    assert "Expected the images that the model was trained on: 60 of kana" in said.err
    assert "not at hand" in bvae("show", "small").out
