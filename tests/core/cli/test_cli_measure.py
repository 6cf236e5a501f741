from __future__ import annotations

import json

import pytest

from bvae_core import load_bundle
from bvae_core.figures import MorphRecipe

#: Between these a straight line crosses empty space in the demo, and the dense way doesn't.
ACROSS = ("--from", "2.6,-1.4", "--to", "1.6,-2")


def test_a_table_marks_the_better_way(bvae):
    said = bvae("measure", "demo", *ACROSS)
    assert said.status == 0
    lines = {line.split()[0]: line for line in said.out.splitlines() if line.strip()}
    assert "54% of the way" in lines["straight"]
    assert "54% of the way *" not in lines["straight"]
    assert "0% of the way *" in lines["dense"]
    assert " × the mean *" in lines["geodesic"]
    assert "* the best one" in said.out


def test_the_same_for_programs(bvae):
    said = bvae(
        "measure", "demo", "--from", "ki", "--via", "#3", "--to", "re", "--frames", "9",
        "--path", "dense", "--path", "straight", "--json",
    )  # fmt: skip
    found = json.loads(said.out)
    assert (found["model"], found["anchors"], found["frames"]) == ("demo", ["ki", "#3", "re"], 9)
    assert [way["path"] for way in found["ways"]] == ["dense", "straight"]
    demo = load_bundle("demo")
    for way in found["ways"]:
        recipe = MorphRecipe(anchors=("ki", "#3", "re"), frames=9, path=way["path"])
        measures = recipe.measure(demo)
        assert way["length"] == measures.length
        assert way["empty"] == measures.empty
        assert (way["unevenness"], way["lowest_rank"]) == (
            measures.unevenness,
            measures.lowest_rank,
        )


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (("--from", "ki", "--to", "nowhere"), 1, "nowhere"),
        (("--from", "ki", "--to", "re", "--path", "crooked"), 2, "crooked"),
        (("--from", "ki"), 2, "--to"),
    ],
)
def test_what_can_t_be_measured_is_refused_in_a_sentence(bvae, arguments, status, reason):
    said = bvae("measure", "demo", *arguments)
    assert said.status == status
    assert reason in said.err
