"""Measurements as JSON, kept in the cache and read with distrust; and what they become in words."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from bundles import contents
from hypothesis import given
from hypothesis import strategies as st

from bvae_core import kana
from bvae_core.bundle import Bundle, write_bundle
from bvae_core.datasets import ImageSet
from bvae_core.diagnostics import (
    Measurement,
    dimension_correlations,
    dimension_mutual_information,
    findings_csv,
    findings_of,
    glance,
    keep_measurement,
    kl_per_dimension,
    measure,
    read_measurement,
    recall_measurement,
)
from bvae_core.diagnostics.factors import DCI, FactorScores, Sizes
from bvae_core.errors import BvaeError, DataError

SCORES = FactorScores(
    factor_names=("slant",),
    mig=0.31,
    sap=0.22,
    dci=DCI(0.4, 0.5, 0.6),
    factor_vae=None,
    beta_vae=0.9,
    sizes=Sizes(),
    train_count=30,
    test_count=10,
    seed=0,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A model of 60 images, three dimensions of which one says nothing."""
    metrics = {"objective": 280.5, "note": "the test split", "count": 15, "kl": "much"}
    made = contents(dimensions=3, metrics=metrics)
    mean = made.mean * np.array([1, 0.001, 2], np.float32)
    return write_bundle(tmp_path_factory.mktemp("models") / "three", replace(made, mean=mean))


@pytest.fixture(scope="module")
def measured(model: Bundle) -> Measurement:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 28, 28, 1), np.uint8)
    labels = np.arange(40, dtype=np.int64) % 3
    images = ImageSet("noise", pixels, labels, model.class_names, np.arange(40) > 29)
    return measure(model, images, full=True)


def test_a_measurement_survives_json(measured):
    assert Measurement.from_text(json.dumps(measured.to_json())) == measured


def places(values: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path of every value within JSON values, but of long lists only the first."""
    yield path
    if isinstance(values, dict):
        for key in values:
            yield from places(values[key], (*path, key))
    elif isinstance(values, list) and values:
        yield from places(values[0], (*path, 0))


JUNK = st.sampled_from([None, True, -1, "many", [], {}, [[1, 2]], 10**400, float("nan")])


@given(data=st.data(), junk=JUNK)
def test_json_from_anywhere_is_read_or_refused(measured, data, junk):
    values = json.loads(json.dumps(measured.to_json()))
    *path, last = data.draw(st.sampled_from([each for each in places(values) if each]))
    inner = values
    for key in path:
        inner = inner[key]
    inner[last] = junk
    try:
        found = Measurement.from_json(values)
    except DataError:
        return
    # It may be a value that there can be: then it is one that can be written again.
    again = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert again.keys() | {"full"} == values.keys()  # which is left out where it is nothing


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kl": "much"}, "'much' as kl"),
        ({"kl": True}, "True as kl"),
        ({"more": 1}, "more, which is not known"),
        ({"kl_per_dim": [1.0, 2.0]}, "correlations of another shape than (2, 2)"),
        ({"split": "train"}, "'train' as split"),
        ({"fingerprint": 7}, "7 as fingerprint"),
    ],
)
def test_the_refusal_says_what_is_wrong(measured, change, complaint):
    with pytest.raises(DataError) as refusal:
        Measurement.from_json(measured.to_json() | change)
    assert complaint in str(refusal.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000])
def test_what_is_no_measurement_is_refused(text):
    with pytest.raises(DataError, match="Expected figures as"):
        Measurement.from_text(text)


def test_what_was_kept_comes_back(model, measured, tmp_path):
    assert recall_measurement(model, cache=tmp_path) == (None, "")
    path = keep_measurement(measured, cache=tmp_path)
    found, problem = recall_measurement(model, cache=tmp_path)
    assert found.to_json() == measured.to_json() == read_measurement(path).to_json()
    assert problem == ""


def test_the_last_one_comes_back_of_several_data_sets(model, measured, tmp_path):
    keep_measurement(measured, cache=tmp_path)
    newer = keep_measurement(replace(measured, data_fingerprint="ee" * 32), cache=tmp_path)
    older = newer.with_name(f"{measured.data_fingerprint[:16]}.json")
    os.utime(older, ns=(1, 1))
    found, _ = recall_measurement(model, cache=tmp_path)
    assert found.data_fingerprint == "ee" * 32


@pytest.mark.parametrize("change", [{"networks": "00" * 32}, {"measures_version": 99}])
def test_figures_of_other_networks_or_another_version_are_passed_over(
    model, measured, tmp_path, change
):
    path = keep_measurement(replace(measured, **change), cache=tmp_path)
    assert recall_measurement(model, cache=tmp_path) == (None, "")
    assert path.exists()


def test_a_broken_file_is_set_aside_with_a_sentence(model, measured, tmp_path):
    path = keep_measurement(measured, cache=tmp_path)
    path.write_text("{broken")
    found, problem = recall_measurement(model, cache=tmp_path)
    assert found is None
    assert str(path) in problem
    assert problem.endswith(f"It is set aside as {path.name}.broken.")
    assert not path.exists()
    assert recall_measurement(model, cache=tmp_path) == (None, "")


def test_a_cache_that_cannot_be_written_is_said(measured, tmp_path):
    (tmp_path / "diagnostics").write_text("in the way")
    with pytest.raises(BvaeError, match="could not be made"):
        keep_measurement(measured, cache=tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.json"):
        read_measurement(tmp_path / "gone.json")


def test_a_glance_sees_the_codes_of_the_test_split(model):
    seen = glance(model)
    codes, log_var = model.latents[model.is_test], model.log_var[model.is_test]
    assert (seen.count, seen.of) == (15, "of the test split")
    assert np.allclose(seen.kl_per_dim, kl_per_dimension(codes, log_var).mean(axis=0))
    assert np.array_equal(seen.correlations, dimension_correlations(codes))
    assert np.array_equal(seen.mutual_information, dimension_mutual_information(codes))
    assert seen.is_active.tolist() == [True, False, True]


def test_without_a_measurement_there_is_what_came_with_the_model(model):
    found = findings_of(model, glance(model), None)
    texts = {each.key: each.text for each in found.figures}
    assert texts["objective"] == "280.5"
    assert texts["kl"] == "–"  # a bundle's figures may be anything
    assert texts["full.decomposition.total_correlation"] == "–"
    assert found.measured_on == "When it was trained, on 15 images of kana: the test split."
    assert found.attribute_correlations is None
    assert not found.is_full


def test_with_one_every_figure_has_its_value_and_says_what_it_is(model, measured):
    found = findings_of(model, glance(model), measured)
    figures = {each.key: each for each in found.figures}
    parts = measured.evaluation.full.decomposition
    correlation = figures["full.decomposition.total_correlation"]
    assert correlation.value == parts.total_correlation
    assert correlation.text == (
        f"{parts.total_correlation:.2f} ± {parts.total_correlation_error:.2f}"
    )
    assert correlation.tip.endswith("Lower is better.")
    assert f"at most {np.log(40):.2f} nats" in figures["full.decomposition.mutual_information"].tip
    assert "40 images of noise" in found.measured_on
    assert figures["neighbour_accuracy"].unit == "%"
    assert all(each.meaning for each in found.figures)
    pixels = figures["full.pixel_neighbours.pixel_accuracy"]
    assert pixels.text == "–"
    assert "the model's training images are not among the images" in pixels.tip
    assert found.order[-1] == np.argmin(measured.evaluation.kl_per_dim)


def test_disentanglement_is_spoken_of_only_where_factors_are_known(model, measured):
    seen = glance(model)
    for found in (findings_of(model, seen, None), findings_of(model, seen, measured)):
        assert not any(each.group == "Known factors" for each in found.figures)
        assert not any("disentangle" in each.title + each.tip for each in found.figures)
    full = replace(measured.evaluation.full, factors=SCORES, no_factors_because="")
    known = replace(measured, evaluation=replace(measured.evaluation, full=full))
    scores = {
        each.title: each.text
        for each in findings_of(model, seen, known).figures
        if each.group == "Known factors"
    }
    assert scores == {
        "MIG": "0.310",
        "DCI disentanglement": "0.400",
        "DCI completeness": "0.500",
        "DCI informativeness": "0.600",
        "SAP": "0.220",
        "FactorVAE score": "–",
        "β-VAE score": "0.900",
    }


def test_the_published_line_is_that_of_kuzushiji_mnist_alone(model, measured, tmp_path):
    assert findings_of(model, glance(model), measured).published_accuracy is None
    made = contents(dimensions=3)
    kmnist = replace(made, data=replace(made.data, class_names=kana.KMNIST))
    found = findings_of((bundle := write_bundle(tmp_path / "k", kmnist)), glance(bundle), None)
    assert found.published_accuracy == 0.921
    assert "full set" in found.published_note


def test_the_table_for_spreadsheets_has_every_figure_and_what_it_is_of(model, measured):
    found = findings_of(model, glance(model), measured)
    rows = list(csv.DictReader(io.StringIO(findings_csv(found))))
    by_key = {row["key"]: row for row in rows}
    assert float(by_key["kl"]["value"]) == measured.evaluation.kl
    assert by_key["objective"]["better"] == "lower"
    assert by_key["neighbour_accuracy"]["unit"] == "fraction"
    assert 0 <= float(by_key["neighbour_accuracy"]["value"]) <= 1
    assert by_key["kl"]["measured on"] == found.measured_on
    assert float(by_key["kl_per_dim.3"]["value"]) == measured.evaluation.kl_per_dim[2]
    assert len(rows) == len(found.figures) + 3
