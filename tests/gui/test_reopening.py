"""Figures that were exported, explored again: dropped, chosen in the menu, given at the start."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import bundles
import pytest
from acting import drop, refusal, reports_failures, trigger
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytestqt.qtbot import QtBot
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QToolButton

from bvae_core.bundle import Bundle, write_bundle
from bvae_core.figures import (
    EquationRecipe,
    GridRecipe,
    ImageRecipe,
    MapRecipe,
    MorphRecipe,
    TraversalRecipe,
)
from bvae_core.store import Store
from bvae_gui.panels.arithmetic import ArithmeticPanel
from bvae_gui.window.main_window import MainWindow

KEYS = Qt.KeyboardModifier

RECIPES = [
    MorphRecipe(anchors=("れ", "#12", "0.5,-1"), frames=7, path="spherical", theme="dark", scale=2),
    GridRecipe(corners=("ki", "centroid:re", "2", "#3"), rows=3, columns=4, labels=False),
    MorphRecipe(anchors=("れ", "#12", "0.5,-1"), frames=5, path="geodesic"),
    TraversalRecipe(at="centroid:ki", steps=4, over="prior"),
    TraversalRecipe(at="#5", dimension=1, steps=5, over="quantiles", extent=0.1, ink="screen"),
    MapRecipe(anchors=("ki", "れ"), frames=5, axes=(1, 0), classes=("き", "れ"), density=False),
    MapRecipe(labels=False),
    pytest.param(
        MapRecipe(manifold=True, magnification=True, spacing="prior", ink="screen", names=False),
        marks=pytest.mark.slow,
    ),
    ImageRecipe(at="1.5,-0.25", scale=3, ink="screen"),
    EquationRecipe(a="ki", b="sum:8 - 3 + 5", c="#12", strength=-0.75, theme="dark"),
]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: type(recipe).__name__)
def test_a_dropped_figure_is_explored_and_exported_again_byte_for_byte(
    qtbot: QtBot, window: MainWindow, demo: Bundle, tmp_path: Path, recipe
):
    before = window.state.scene
    recipe.export(demo, tmp_path / "figure.png")
    assert drop(window, tmp_path / "figure.png")
    window.settings.remember_folder("export", tmp_path)
    kind = recipe.kind if recipe.kind in ("map", "image", "equation") else "morph"
    window.exporter.open(kind)
    dialog = window.exporter.dialog
    qtbot.waitUntil(lambda: not dialog.is_busy)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    (picker,) = [each for each in dialog.findChildren(QFileDialog) if each.isVisible()]
    field = picker.findChild(QLineEdit, "fileNameEdit")
    field.setText("again.png")
    with qtbot.waitSignal(dialog.saved):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "figure.png").read_bytes()
    window.state.undo()
    assert window.state.scene == before


def test_what_a_dropped_figure_shows_is_in_view(
    qtbot: QtBot, window: MainWindow, demo: Bundle, tmp_path: Path
):
    EquationRecipe(a="ki", b="re", c="#12", strength=2).export(demo, tmp_path / "equation.png")
    assert drop(window, tmp_path / "equation.png")
    arithmetic = window.findChild(ArithmeticPanel)
    qtbot.waitUntil(arithmetic.equation.isVisible)
    assert arithmetic.equation.strength.number == 2
    qtbot.mouseClick(arithmetic.page.button("direction"), Qt.MouseButton.LeftButton)
    MorphRecipe(anchors=("ki", "re"), frames=5).export(demo, tmp_path / "morph.png")
    assert drop(window, tmp_path / "morph.png")
    assert window.explorer.morph.isVisible()
    assert drop(window, tmp_path / "equation.png")
    assert arithmetic.equation.isVisible()


def test_the_menu_opens_figures(qtbot: QtBot, window: MainWindow, demo: Bundle, tmp_path: Path):
    MorphRecipe(anchors=("ki", "re"), frames=5).export(demo, tmp_path / "figure.png")
    window.settings.remember_folder("export", tmp_path)

    def choose() -> None:
        picker = next(each for each in window.findChildren(QFileDialog) if each.isVisible())
        field = picker.findChild(QLineEdit, "fileNameEdit")
        qtbot.keyClicks(field, "figure.png")
        qtbot.keyClick(field, Qt.Key.Key_Return)

    QTimer.singleShot(500, choose)
    trigger(window.menus.file, "Open morph")
    assert window.state.scene.frames == 5


def png(path: Path, metadata: Any) -> Path:
    """Write a PNG that says whatever it likes of itself."""
    chunks = PngInfo()
    chunks.add_itxt("bvae", json.dumps(metadata))
    Image.new("L", (3, 3)).save(path, pnginfo=chunks)
    return path


@reports_failures
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"anchors": ["nan,0", "き"]}, "finite"),
        ({"anchors": ["1e300,0", "き"]}, "fit in 32 bits"),
        ({"anchors": ["1e20,0", "き"]}, "within"),
        ({"anchors": ["1,2,3", "き"]}, "Expected 2 numbers"),
        ({"anchors": ["き"] * 9}, "2 to 8 places"),
        ({"anchors": {"a": 1}}, "anchors: Expected"),
        ({"frames": 10**9}, "frames: Expected"),
        ({"frames": float("nan")}, "JSON"),
        ({"figure": "portrait"}, "figure: Expected one of this program"),
        ({"wings": 2}, "a newer version may know it"),
        ({"fingerprint": "0" * 64, "model": "Ten"}, "another model, 'Ten'"),
        ({"fingerprint": 7}, "another model"),
    ],
)
def test_hostile_metadata_are_refused_and_nothing_changes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, changes: dict[str, Any], reason: str
):
    before = window.state.scene, window.state.model
    said = MorphRecipe(anchors=("き", "れ")).metadata(window.state.model) | changes
    drop(window, png(tmp_path / "figure.png", said))
    assert reason in refusal(qtbot, window)
    assert (window.state.scene, window.state.model) == before


def test_a_picture_of_another_program_is_read_by_the_model(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    Image.linear_gradient("L").save(tmp_path / "holiday.png")
    drop(window, tmp_path / "holiday.png")
    qtbot.waitUntil(lambda: window.state.own is not None)
    assert window.state.own.picture.name == "holiday.png"


def test_a_picture_at_the_start_is_read_by_the_demo(
    qtbot: QtBot, starting: MainWindow, tmp_path: Path
):
    Image.linear_gradient("L").save(tmp_path / "holiday.jpg")
    starting.open_path(tmp_path / "holiday.jpg")
    qtbot.waitUntil(lambda: bool(starting.state and starting.state.own))
    assert starting.state.model.name == "demo"


@reports_failures
def test_a_figure_that_the_window_can_t_show_is_refused(
    qtbot: QtBot, window: MainWindow, demo: Bundle, tmp_path: Path
):
    GridRecipe(rows=2, columns=2).export(demo, tmp_path / "prior.png")
    drop(window, tmp_path / "prior.png")
    assert "four corners" in refusal(qtbot, window)


def figure_of_another_model(folder: Path) -> tuple[Bundle, Path]:
    """Keep a second model in the store, and export a figure of it."""
    other = Store().add(bundles.contents("other"))
    recipe = MorphRecipe(anchors=("れ", "き"), frames=4, scale=1)
    recipe.export(other, folder / "figure.png")
    return other, folder / "figure.png"


def test_a_figure_of_another_model_offers_to_open_that(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    other, figure = figure_of_another_model(tmp_path)
    before = window.state.scene
    drop(window, figure)
    (question,) = window.findChildren(QMessageBox)
    assert "made from the model other" in question.text()
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert window.state.scene == before
    drop(window, figure)
    question = next(each for each in window.findChildren(QMessageBox) if each.isVisible())
    qtbot.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.state.scene.frames == 4)
    assert window.state.model.fingerprint == other.fingerprint
    assert [anchor.text for anchor in window.state.scene.anchors] == ["れ", "き"]


def test_a_model_that_is_open_from_a_folder_is_that_of_its_figures(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
):
    contents = bundles.contents("mine")
    mine = write_bundle(tmp_path / "mine", contents)
    window.open(tmp_path / "mine")
    qtbot.waitUntil(lambda: window.state.model.name == "mine")
    MorphRecipe(anchors=("れ", "き"), frames=4, scale=1).export(mine, tmp_path / "figure.png")
    drop(window, tmp_path / "figure.png")
    assert window.state.scene.frames == 4


def test_a_figure_at_the_start_opens_its_model(qtbot: QtBot, starting: MainWindow, tmp_path: Path):
    other, figure = figure_of_another_model(tmp_path)
    with qtbot.waitSignal(starting.filled):
        starting.open_path(figure)
    assert starting.state.model.fingerprint == other.fingerprint
    assert starting.state.scene.frames == 4


@pytest.mark.qt_no_exception_capture
def test_a_bad_figure_at_the_start_opens_the_demo_and_says_why(
    qtbot: QtBot, starting: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.excepthook", lambda *about: reasons.append(str(about[1])))
    reasons: list[str] = []
    with qtbot.waitSignal(starting.filled):
        starting.open_path(tmp_path / "gone.png")
    qtbot.waitUntil(lambda: bool(reasons))
    assert "gone.png could not be read" in reasons[0]
    assert starting.state.model.name == "demo"


def test_keys_and_buttons_export(qtbot: QtBot, window: MainWindow, tmp_path: Path):
    window.explorer.morph.player.speed.setValue(7)
    qtbot.keyClick(window, Qt.Key.Key_E, KEYS.ControlModifier)
    dialog = window.exporter.dialog
    assert dialog.isVisible()
    assert dialog.what.value == "morph"
    qtbot.mouseClick(dialog.what.button("animation"), Qt.MouseButton.LeftButton)
    assert dialog.form.fps.value() == 7  # as fast as the player
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    trigger(window.menus.file, "Save image")
    assert dialog.isVisible()
    assert dialog.what.value == "image"


def test_the_command_of_the_morph_is_copied_as_it_would_be_exported(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    window.settings.remember_choices("export/morph", {"suffix": ".svg", "theme": "dark"})
    qtbot.keyClick(window, Qt.Key.Key_C, KEYS.ControlModifier | KEYS.AltModifier)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:4] == ["bvae", "export", "morph", "demo"]
    assert words[-4:] == ["--theme", "dark", "-o", "morph-お-き.svg"]


def test_the_folder_of_a_saved_file_is_offered(qtbot: QtBot, window: MainWindow, tmp_path: Path):
    window.settings.remember_folder("export", tmp_path)
    window.exporter.open("image")
    dialog = window.exporter.dialog
    qtbot.waitUntil(lambda: not dialog.is_busy)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    (picker,) = [each for each in dialog.findChildren(QFileDialog) if each.isVisible()]
    with qtbot.waitSignal(dialog.saved):
        qtbot.keyClick(picker.findChild(QLineEdit, "fileNameEdit"), Qt.Key.Key_Return)
    assert str(tmp_path / "image-お.png") in window.statusBar().currentMessage()
    offered = next(
        button
        for button in window.statusBar().findChildren(QToolButton)
        if button.text() == "Show in folder"
    )
    assert offered.isVisible()
    window.state.say("Something else")
    assert not offered.isVisible()
