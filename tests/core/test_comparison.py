from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundles import contents

from bvae_core.bundle import Bundle, DataCard, write_bundle
from bvae_core.comparison import (
    Row,
    check_comparable,
    compare_figures,
    comparison_notes,
    default_ends,
    shared_images,
    shared_label,
    shared_morph,
    shared_places,
)
from bvae_core.config import TrainConfig
from bvae_core.errors import AnchorError, BundleError, BvaeError

HELD_OUT = {
    "held_out": True,
    "objective": 290.04,
    "objective_beta_1": 280.04,
    "reconstruction": 270.0,
    "kl": 8.25,
    "active_units": 2,
    "neighbour_accuracy": 0.5,
    "linear_probe_accuracy": None,
}


class Models:
    """Writes bundles of the same images, which differ in what is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def __call__(
        self,
        name: str = "",
        *,
        data: dict[str, Any] | None = None,
        beta: float = 4.0,
        **changes: Any,
    ) -> Bundle:
        self._count += 1
        made = contents(name or f"model {self._count}", seed=self._count, images=60)
        config = replace(made.config, beta=beta)
        changes = {"config": config, "metrics": HELD_OUT} | changes
        card: DataCard = replace(made.data, **(data or {}))
        changes["fingerprint"] = f"{self._count:064x}"
        return write_bundle(self._folder / str(self._count), replace(made, data=card, **changes))


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path)


def by_key(rows: list[Row]) -> dict[str, Row]:
    return {row.key: row for row in rows}


# Which models compare


def test_models_of_other_images_are_refused_with_what_sets_them_apart(models: Models) -> None:
    strokes = {"name": "strokes", "fingerprint": "ab" * 32}
    with pytest.raises(
        BvaeError,
        match=r"^Expected models of the same images\. Received: 'a' of kana, 60 images of 28×28, "
        r"and 'b' of strokes, 60 images of 28×28\.$",
    ):
        check_comparable([models("a"), models("b", data=strokes)])


def test_other_images_of_the_same_name_are_told_apart_by_fingerprint(models: Models) -> None:
    with pytest.raises(BvaeError, match=r"fingerprint dadadadadada….*fingerprint abababababab…"):
        check_comparable([models(), models(data={"fingerprint": "ab" * 32})])


def test_one_model_and_five_are_not_compared(models: Models) -> None:
    made = [models() for _ in range(5)]
    check_comparable(made[:4])
    for some in (made[:1], made):
        with pytest.raises(BvaeError, match=rf"Expected 2 to 4 models.* Received: {len(some)}\."):
            check_comparable(some)


def test_a_model_is_not_compared_with_itself(models: Models) -> None:
    a, b = models("a"), models("b")
    with pytest.raises(BvaeError, match="Received: 'b' twice"):
        check_comparable([a, b, b])


# Figures


def test_the_better_figure_is_marked_where_better_has_a_meaning(models: Models) -> None:
    better = HELD_OUT | {"objective_beta_1": 270.0, "kl": 5.0, "neighbour_accuracy": 0.4}
    rows = by_key(compare_figures([models(), models(metrics=better)]))

    assert rows["objective_beta_1"].texts == ("280.0", "270.0")
    assert rows["objective_beta_1"].is_best == (False, True)
    assert rows["neighbour_accuracy"].is_best == (True, False)
    assert rows["kl"].texts == ("8.25", "5.00")
    assert rows["kl"].is_best == (False, False)  # neither high nor low is better
    assert "linear_probe_accuracy" not in rows  # no model has it


def test_figures_that_look_the_same_are_equally_good(models: Models) -> None:
    near = HELD_OUT | {"objective_beta_1": 280.0}
    far = HELD_OUT | {"objective_beta_1": 300.0}
    equal = by_key(compare_figures([models(), models(metrics=near)]))["objective_beta_1"]
    assert equal.texts == ("280.0", "280.0")
    assert equal.is_best == (False, False)
    two = compare_figures([models(), models(metrics=near), models(metrics=far)])
    assert by_key(two)["objective_beta_1"].is_best == (True, True, False)


def test_objectives_compare_at_a_beta_that_all_models_have(models: Models) -> None:
    same = by_key(compare_figures([models(), models()]))
    assert same["objective"].title == "objective at β = 4"
    different = by_key(compare_figures([models(), models(beta=1.0)]))
    assert "objective" not in different
    assert different["beta"].texts == ("4", "1")


def test_figures_of_images_that_were_trained_on_are_left_out_and_that_is_said(
    models: Models,
) -> None:
    flattering = {**HELD_OUT, "held_out": False, "objective_beta_1": 100.0}
    config = TrainConfig(latent_dim=2, epochs=2, train_split="all")
    compared = [models(), models("all of it", metrics=flattering, config=config)]

    row = by_key(compare_figures(compared))["objective_beta_1"]
    assert (row.values[1], row.texts[1], row.is_best) == (None, "–", (False, False))
    assert comparison_notes(compared) == [
        "all of it was trained on all images: it has no held-out figures to compare."
    ]
    assert comparison_notes(compared[:1]) == []


def test_figures_may_be_anything_in_a_file_from_elsewhere(models: Models) -> None:
    odd = {"held_out": True, "objective_beta_1": "good", "kl": [1], "reconstruction": None}
    row = by_key(compare_figures([models(), models(metrics=odd)]))["objective_beta_1"]
    assert row.texts == ("280.0", "–")


# The same images


def test_images_are_chosen_of_the_test_split_a_class_after_the_other(models: Models) -> None:
    first, second = models(), models()
    chosen = shared_images([first, second], 7)
    assert first.is_test[chosen].all()
    assert first.labels is not None
    assert sorted(first.labels[chosen][:3]) == [0, 1, 2]
    assert len(set(chosen.tolist())) == 7
    assert len(shared_images([first, second], 100)) == 15  # as many as there are


def test_images_without_labels_are_spread(models: Models) -> None:
    bare = [models(labels=None, data={"class_names": ()}) for _ in range(2)]
    chosen = shared_images(bare, 4)
    assert chosen[0] == 45
    assert chosen[-1] == 59
    assert default_ends(bare) == ("#45", "#59")


def test_the_same_image_is_another_place_in_each_model(models: Models) -> None:
    two = [models(), models()]
    places = shared_places(two, "#7")
    for place, model in zip(places, two, strict=True):
        np.testing.assert_array_equal(place, model.latents[7])


def test_a_sum_is_that_of_the_same_images_in_each_model(models: Models) -> None:
    two = [models(), models()]
    ki, total = shared_places(two, "き"), shared_places(two, "sum:#7 - 0.5*き")
    for of_class, place, model in zip(ki, total, two, strict=True):
        np.testing.assert_allclose(place, model.latents[7] - 0.5 * of_class, atol=1e-5)
    with pytest.raises(AnchorError, match="coordinates, which are not"):
        shared_places(two, "sum:#7 - 0,1")
    with pytest.raises(AnchorError, match="a direction, which is not"):
        shared_places(two, "sum:#7 + direction:slanted")


def test_a_class_stands_for_the_same_image_in_each_model_whichever_comes_first(
    models: Models,
) -> None:
    three = [models() for _ in range(3)]
    found = set()
    for order in ([0, 1, 2], [2, 0, 1]):
        places = shared_places([three[i] for i in order], "き")
        for place, i in zip(places, order, strict=True):
            (index,) = np.flatnonzero((three[i].latents == place).all(axis=1))
            found.add(int(index))
    (index,) = found
    assert three[0].labels is not None
    assert three[0].labels[index] == 1


def test_coordinates_mean_nothing_to_several_models(models: Models) -> None:
    with pytest.raises(AnchorError, match=r"'0,1': Expected a class or an image"):
        shared_places([models(), models()], "0,1")


def test_a_morph_leads_from_image_to_image_in_each_model(models: Models) -> None:
    two = [models(), models()]
    ways = shared_morph(two, "#3", "centroid:れ", 5)
    for way, model in zip(ways, two, strict=True):
        assert way.shape == (5, 2)
        np.testing.assert_allclose(way[0], model.latents[3], atol=1e-6)
        np.testing.assert_allclose(way[-1], model.latents[model.labels == 2].mean(0), atol=1e-5)
    assert shared_label(two, "centroid:れ") == "mean of れ re"


def test_codes_of_other_images_under_the_same_fingerprint_are_found_out(models: Models) -> None:
    two = [models(), models(labels=np.zeros(60, np.int64))]
    with pytest.raises(BundleError, match="Expected codes of the same images as those of 'model 1"):
        shared_places(two, "#1")
