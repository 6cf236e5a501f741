"""What is known of a model as charts and on a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bundles import contents
from matplotlib.figure import Figure
from PIL import Image

from bvae_core import kana
from bvae_core.bundle import Bundle, write_bundle
from bvae_core.datasets import ImageSet
from bvae_core.diagnostics import Findings, findings_of, glance, measure
from bvae_core.errors import DataError
from bvae_core.figures import read_metadata
from bvae_core.figures.diagnostic_charts import Bars, Matrix, charts_of
from bvae_core.figures.diagnostics import diagnostics_page, export_diagnostics
from bvae_core.figures.theme import DARK, LIGHT


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    made = contents(dimensions=3)
    made = replace(made, data=replace(made.data, class_names=kana.KMNIST))
    return write_bundle(tmp_path_factory.mktemp("models") / "three", made)


@pytest.fixture(scope="module")
def measured(model):
    pixels = np.random.default_rng(0).integers(0, 256, (30, 28, 28, 1), np.uint8)
    labels = np.arange(30, dtype=np.int64) % 3
    images = ImageSet("noise", pixels, labels, kana.KMNIST, np.arange(30) > 20)
    return measure(model, images, full=True)


@pytest.fixture(scope="module")
def findings(model, measured) -> Findings:
    return findings_of(model, glance(model), measured)


def many(findings: Findings, count: int = 128) -> Findings:
    """What would be known of a model of so many dimensions."""
    rng = np.random.default_rng(0)
    return replace(
        findings,
        kl_per_dim=rng.exponential(size=count),
        is_active=rng.random(count) > 0.5,
        correlations=rng.uniform(-1, 1, (count, count)),
        mutual_information=rng.random((count, count)),
        attribute_correlations=rng.uniform(-1, 1, (count, 5)),
    )


def outside(figure: Figure) -> list[str]:
    """Return the texts that are not wholly on the figure."""
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    return [
        text
        for text, box in boxes
        if box.x0 < 0 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]


def test_there_is_a_chart_for_all_that_is_known(model, findings):
    titles = [chart.title for chart in charts_of(findings)]
    assert titles == [
        "KL of each dimension", "Correlation", "Mutual information",
        "What images show, by dimension", "Right classes",
    ]  # fmt: skip
    less = [chart.title for chart in charts_of(findings_of(model, glance(model), None))]
    assert less == [*titles[:3], "Right classes"]


def test_dimensions_are_ordered_by_what_they_say(findings):
    bars = charts_of(findings)[0]
    assert list(bars.values) == sorted(findings.kl_per_dim, reverse=True)
    assert bars.names[0] == f"z{'₁₂₃'[int(np.argmax(findings.kl_per_dim))]}"


def test_of_many_dimensions_sixteen_are_shown_until_all_are_asked_for(findings):
    few, everything = charts_of(many(findings)), charts_of(many(findings), all_dimensions=True)
    assert [len(chart.names) for chart in (few[0], everything[0])] == [16, 128]
    assert [chart.values.shape for chart in (few[1], everything[1])] == [(16, 16), (128, 128)]
    assert few[0].values == everything[0].values[:16]


@pytest.mark.parametrize("width", [150, 304, 900])
def test_charts_keep_within_their_place(findings, width):
    for chart in [*charts_of(findings), *charts_of(many(findings, 20), all_dimensions=True)]:
        if isinstance(chart, Matrix) and len(chart.rows) != len(chart.columns) and width < 300:
            continue  # names of attributes need a whole dock
        if isinstance(chart, Bars) and width < 300:
            continue
        height = chart.height(width)
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        chart.draw(figure, (0, 0), width, LIGHT)
        assert outside(figure) == [], chart.title


def test_a_place_on_a_chart_says_what_is_there(findings):
    bars, correlation, *_ = charts_of(findings)
    assert bars.at(0.1, 1.2) == f"{bars.names[1]}: {bars.values[1]:.2f}"
    assert bars.at(0, 3.0) == ""
    value = correlation.values[2, 0]
    expected = f"{value:.2f}".replace("-", "−")
    assert correlation.at(0.3, 1.9) == f"{correlation.rows[2]}, {correlation.rows[0]}: {expected}"
    assert correlation.at(0, 0) == ""  # of a dimension with itself


def test_the_accuracies_stand_beside_the_published_one(findings):
    chart = charts_of(findings)[-1]
    assert "15-NN of the codes" in chart.names
    assert chart.line == 0.921
    assert "92.10 %" in chart.line_text


def test_everything_is_on_the_page(findings):
    for known in (findings, many(findings)):
        long = replace(known, measured_on="long " * 60)
        assert outside(diagnostics_page(long, DARK)) == []


def test_the_page_says_in_its_file_what_it_is_of(model, measured, tmp_path):
    for name in ("a.png", "b.png"):
        export_diagnostics(model, tmp_path / name, measured=measured)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    said = read_metadata(tmp_path / "a.png")
    assert (said["figure"], said["fingerprint"]) == ("diagnostics", model.fingerprint)
    assert said["figures"]["kl"] == measured.evaluation.kl
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == pytest.approx(1800, abs=1)


def test_figures_of_another_model_are_refused(model, measured, tmp_path):
    with pytest.raises(DataError, match="figures of another model, other"):
        export_diagnostics(
            model, tmp_path / "a.png", measured=replace(measured, model="other", networks="0")
        )


def test_the_shell_draws_what_was_measured_last_or_what_a_file_says(
    model, measured, tmp_path, monkeypatch, capsys
):
    from bvae_core.cli import main
    from bvae_core.diagnostics import keep_measurement

    monkeypatch.setenv("BVAE_CACHE_DIR", str(tmp_path / "cache"))

    def draw(name: str, *options: str) -> bytes:
        path: Path = tmp_path / name
        with pytest.raises(SystemExit) as ending:
            main(["export", "diagnostics", str(model.path), "-o", str(path), *options])
        assert ending.value.code == 0
        return path.read_bytes()

    kept = keep_measurement(measured, cache=tmp_path / "elsewhere")
    from_file = draw("1.png", "--from", str(kept), "--theme", "dark")
    export_diagnostics(model, tmp_path / "2.png", measured=measured, theme="dark")
    assert from_file == (tmp_path / "2.png").read_bytes()
    keep_measurement(measured)
    draw("3.png")
    said = read_metadata(tmp_path / "3.png")
    assert said["measured_on"].startswith("30 images of noise")
