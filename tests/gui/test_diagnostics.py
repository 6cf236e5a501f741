"""The diagnostics panel, as somebody uses it who wants to know how good a model is."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from latent_models import write_model
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QGuiApplication, QHelpEvent
from qtpy.QtWidgets import QApplication, QLabel, QToolTip

from bvae_core.bundle import Bundle
from bvae_core.cli import main
from bvae_core.datasets import load
from bvae_core.diagnostics import keep_measurement, measure, recall_measurement
from bvae_core.figures.theme import DARK
from bvae_gui.jobs import Source
from bvae_gui.panels.diagnostics import DiagnosticsPanel
from bvae_gui.state import ExplorerState
from bvae_gui.style import apply_style
from bvae_gui.window.main_window import DIAGNOSTICS, MainWindow

PATIENCE = 300_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A model of three dimensions and images of 12×12 pixels."""
    return write_model(tmp_path_factory.mktemp("three"), 3)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Images of its classes that it was not trained on."""
    path = tmp_path_factory.mktemp("pictures") / "pictures.npz"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 12, 12), np.uint8)
    names = np.array(["お", "き", "れ"])
    np.savez(path, images=pixels, labels=np.arange(40) % 3, class_names=names)
    return path


@pytest.fixture
def state(three: Bundle, cache_folder: Path) -> ExplorerState:
    state = ExplorerState()
    state.open(three)
    return state


@pytest.fixture
def open_panel(qtbot: QtBot, state: ExplorerState) -> Iterator[Callable[[], DiagnosticsPanel]]:
    """Open a panel as wide as a dock at its narrowest, and wait for what is known."""
    panels: list[DiagnosticsPanel] = []

    def open_it() -> DiagnosticsPanel:
        panel = DiagnosticsPanel(state)
        panels.append(panel)
        qtbot.addWidget(panel)
        apply_style(panel, state.theme)
        panel.resize(320, 1400)
        panel.show()
        qtbot.waitUntil(lambda: panel.findings is not None, timeout=PATIENCE)
        return panel

    yield open_it
    for panel in panels:
        panel.stop()


@pytest.fixture
def panel(open_panel: Callable[[], DiagnosticsPanel]) -> DiagnosticsPanel:
    return open_panel()


def text(panel: DiagnosticsPanel, key: str) -> str:
    """Return a figure as it is shown."""
    assert panel.table is not None
    return panel.table.figures[key].text()


def titles(panel: DiagnosticsPanel) -> list[str]:
    return [view.canvas.accessibleName() for view in panel.charts]


def measure_in(panel: DiagnosticsPanel, qtbot: QtBot, source: Path) -> None:
    panel.source.choose(Source(str(source)))
    qtbot.mouseClick(panel.measure_button, LEFT)
    assert panel.is_measuring
    qtbot.waitUntil(lambda: not panel.is_measuring, timeout=PATIENCE)


def test_what_needs_no_images_is_there_at_once(panel) -> None:
    assert text(panel, "objective") == "280.5"
    assert text(panel, "full.decomposition.total_correlation") == "–"
    assert titles(panel)[:3] == ["KL of each dimension", "Correlation", "Mutual information"]
    assert "75 codes of the test split" in panel._dimensions_on.text()
    labels = [label.text() for label in panel.findChildren(QLabel)]
    assert not any("disentangle" in each.lower() for each in labels)


@pytest.mark.slow
def test_measuring_shows_and_keeps_what_the_shell_measures(
    panel, open_panel, qtbot, state, three, pictures
) -> None:
    measure_in(panel, qtbot, pictures)
    qtbot.waitUntil(lambda: panel.findings.is_full, timeout=PATIENCE)
    images = load(str(pictures), image_size=(12, 12), grey=True)
    expected = measure(three, images, full=True)
    assert panel.measured.to_json() == expected.to_json()
    assert text(panel, "objective") == f"{expected.evaluation.objective:,.1f}"
    assert "40 images of pictures" in panel.measured_on.text()
    assert "What images show, by dimension" in titles(panel)
    again = open_panel()
    assert again.findings.is_full
    assert again.source.source == Source(str(pictures))


def test_a_measurement_can_be_stopped(panel, qtbot, three) -> None:
    panel.source.choose(Source("strokes:20000"))
    qtbot.mouseClick(panel.measure_button, LEFT)
    assert panel.stop_button.isVisible()
    assert not panel.measure_button.isVisible()
    assert panel.bar.isVisible()
    qtbot.mouseClick(panel.stop_button, LEFT)
    assert not panel.is_measuring
    assert panel.measure_button.isVisible()
    assert not panel.bar.isVisible()
    assert recall_measurement(three) == (None, "")


def test_images_that_are_not_there_are_said_in_a_sentence(panel, qtbot, tmp_path) -> None:
    before = text(panel, "objective")
    measure_in(panel, qtbot, tmp_path / "nowhere.npz")
    assert "nowhere.npz, no such file" in panel.notice.text
    assert text(panel, "objective") == before


@pytest.mark.slow
def test_figures_that_cannot_be_kept_are_shown_and_that_is_said(
    panel, qtbot, pictures, cache_folder
) -> None:
    cache_folder.mkdir()
    (cache_folder / "diagnostics").write_text("in the way")
    measure_in(panel, qtbot, pictures)
    qtbot.waitUntil(lambda: panel.findings.is_full, timeout=PATIENCE)
    assert "The figures could not be kept" in panel.notice.text


def test_a_chart_is_as_wide_as_the_panel_and_drawn_anew_when_that_rests(panel, qtbot) -> None:
    canvas = panel.charts[0].canvas
    qtbot.waitUntil(lambda: canvas.words_at(60, 8) != "")
    panel.resize(480, 1400)
    qtbot.waitUntil(lambda: canvas.width() > 440)
    qtbot.waitUntil(lambda: canvas.figure.axes[0].bbox.width > 360)


def test_charts_that_were_never_seen_follow_the_width_too(panel, qtbot, state, demo) -> None:
    panel.resize(320, 200)
    state.open(demo)
    qtbot.waitUntil(lambda: panel.findings is not None, timeout=PATIENCE)
    canvas = panel.charts[-1].canvas  # far below what is seen
    qtbot.waitUntil(lambda: bool(canvas.figure.axes))
    before = canvas.figure.axes[0].bbox.width
    panel.resize(480, 200)
    qtbot.waitUntil(lambda: canvas.figure.axes[0].bbox.width > before)


def test_where_it_is_narrow_it_is_scrolled_to_the_side(panel, qtbot) -> None:
    panel.setMinimumWidth(1)  # narrower than asked for: somebody's letters are larger
    panel.resize(220, 600)
    bar, seen = panel._area.horizontalScrollBar(), panel._area.viewport()
    qtbot.waitUntil(bar.isVisible)

    def right_end() -> int:
        return panel.table.mapTo(seen, panel.table.rect().topRight()).x() + 1

    assert right_end() > seen.width()
    qtbot.mouseClick(bar, LEFT, pos=bar.rect().center() + QPoint(bar.width() // 2 - 2, 0))
    assert right_end() <= seen.width()


def test_a_broken_file_in_the_cache_is_set_aside(state, three, cache_folder, open_panel) -> None:
    folder = cache_folder / "diagnostics" / three.fingerprint[:16]
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.json").write_text("{}")
    panel = open_panel()
    assert "Expected figures as bvae evaluate --json writes them" in panel.notice.text
    assert "set aside as 0123456789abcdef.json.broken" in panel.notice.text
    assert not panel.findings.is_full


def test_every_figure_says_what_it_is_and_which_is_better(panel) -> None:
    label = panel.table.figures["reconstruction"]
    assert "binary cross-entropy" in label.toolTip()
    assert "Lower is better." in label.toolTip()
    assert label.accessibleName().startswith("reconstruction: ")


def test_the_pointer_on_a_chart_is_told_what_is_there(panel, qtbot) -> None:
    canvas = panel.charts[0].canvas
    qtbot.waitUntil(lambda: canvas.words_at(60, 8) != "")
    first = panel.findings.order[0]
    nats = panel.findings.kl_per_dim[first]
    assert canvas.words_at(60, 8) == f"z{'₁₂₃'[first]}: {nats:.2f}"
    assert canvas.words_at(2, 8) == ""
    where = QPoint(60, 8)
    QApplication.sendEvent(
        canvas, QHelpEvent(QHelpEvent.Type.ToolTip, where, canvas.mapToGlobal(where))
    )
    assert QToolTip.text() == canvas.words_at(60, 8)


def test_of_128_dimensions_all_are_shown_when_that_is_wanted(
    open_panel, qtbot, state, tmp_path
) -> None:
    state.open(write_model(tmp_path, 128))
    panel = open_panel()
    assert panel.all_button.text() == "Show all 128 dimensions"
    before = panel.charts[0].canvas.height()
    panel.all_button.setFocus()
    qtbot.keyClick(panel.all_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.charts[0].canvas.height() > 6 * before)
    assert panel.charts[1].width() > 2 * panel.width() / 3  # no two beside each other


def test_another_model_takes_its_place(panel, qtbot, state, demo) -> None:
    state.open(demo)
    assert panel.findings is None
    qtbot.waitUntil(lambda: panel.findings is not None, timeout=PATIENCE)
    assert text(panel, "full.authors_accuracy") == "92.10"
    assert "Right classes" in titles(panel)


def test_the_source_is_where_the_originals_are_or_is_asked_for(panel, state, pictures) -> None:
    assert panel.source.source is None
    assert panel.source.text() == "Choose images…"
    assert not panel.save.measure_command.isEnabled()
    panel.source.choose(Source(str(pictures)))
    assert panel.source.toolTip().count(str(pictures)) == 1
    assert panel.save.measure_command.isEnabled()


def test_figures_are_saved_as_the_shell_writes_them(
    open_panel, qtbot, state, three, pictures, tmp_path, capsys
) -> None:
    images = load(str(pictures), image_size=(12, 12), grey=True)
    measured = measure(three, images, full=True)
    keep_measurement(measured)
    panel = open_panel()
    for name in ("a.json", "a.csv", "a.png"):
        with qtbot.waitSignal(panel.save.saved, timeout=PATIENCE):
            panel.save.save(tmp_path / name)
    assert json.loads((tmp_path / "a.json").read_text()) == measured.to_json()
    rows = list(csv.DictReader((tmp_path / "a.csv").open()))
    assert float(rows[0]["value"]) == measured.evaluation.objective

    panel.save.page_command.trigger()
    words = shlex.split(QGuiApplication.clipboard().text())
    words[words.index("-o") + 1] = str(tmp_path / "b.png")
    with pytest.raises(SystemExit):
        main(words[1:])
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()

    panel.save.measure_command.trigger()
    command = shlex.split(QGuiApplication.clipboard().text())
    assert command == ["bvae", "evaluate", str(three.path), str(pictures), "--full"]


def test_the_copied_command_measures_what_is_shown_whatever_is_chosen_next(
    open_panel, state, three, pictures, capsys
) -> None:
    images = load(str(pictures), image_size=(12, 12), grey=True)
    shown = measure(three, images, samples=2, seed=3, full=True)
    keep_measurement(shown)
    panel = open_panel()
    panel.source.choose(Source("strokes:50"))
    panel.save.measure_command.trigger()
    _, *words = shlex.split(QGuiApplication.clipboard().text())
    with pytest.raises(SystemExit):
        main([*words, "--json"])
    assert json.loads(capsys.readouterr().out) == shown.to_json()


def test_it_is_drawn_in_the_colours_of_the_theme(panel, qtbot, state) -> None:
    state.set_look(theme=DARK)
    canvas = panel.charts[0].canvas
    qtbot.waitUntil(
        lambda: canvas.grab().toImage().pixelColor(1, 1).name() == DARK.ground, timeout=PATIENCE
    )


def test_without_a_model_it_says_what_to_do(qtbot) -> None:
    panel = DiagnosticsPanel(ExplorerState())
    qtbot.addWidget(panel)
    panel.show()
    assert panel.measured_on.text() == "Open a model to see what is known of it."
    assert not panel.measure_button.isEnabled()
    panel.stop()


def test_the_window_has_it_as_a_dock(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.findChildren(DiagnosticsPanel)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.findChildren(DiagnosticsPanel)) == 1)
    (panel,) = window.findChildren(DiagnosticsPanel)
    qtbot.waitUntil(lambda: panel.findings is not None, timeout=PATIENCE)
    assert window.docks.show(DIAGNOSTICS) is panel
