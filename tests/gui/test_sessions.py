"""Sessions in the window: saved, opened, dropped, and given at the start."""

from __future__ import annotations

import json
from pathlib import Path

import bundles
from acting import drop, refusal, reports_failures, trigger
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt
from qtpy.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QPushButton, QWidget

from bvae_core.bundle import Bundle, write_bundle
from bvae_core.store import Store
from bvae_gui.explorer import ARITHMETIC
from bvae_gui.sessions import SUFFIX, Session
from bvae_gui.state import ExplorerState
from bvae_gui.window.main_window import TRAINING, MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def pick(qtbot: QtBot, window: MainWindow, name: str | Path) -> None:
    """Type a name into the file dialog that is open."""

    def open_pickers() -> list[QFileDialog]:
        return [each for each in window.findChildren(QFileDialog) if each.isVisible()]

    qtbot.waitUntil(lambda: len(open_pickers()) == 1)
    field = open_pickers()[0].findChild(QLineEdit, "fileNameEdit")
    field.setText(str(name))
    qtbot.keyClick(field, Qt.Key.Key_Return)


def checked_theme(window: MainWindow) -> str:
    """Return which colours the menu says are chosen."""
    (themes,) = [each for each in window.menus.view.actions() if "Theme" in each.text()]
    themes.menu().aboutToShow.emit()
    (action,) = [each for each in themes.menu().actions() if each.isChecked()]
    return action.text().replace("&", "")


def question(window: MainWindow) -> QMessageBox:
    return next(each for each in window.findChildren(QMessageBox) if each.isVisible())


def session_of_another_model(folder: Path, bundle: Bundle) -> Path:
    state = ExplorerState()
    state.open(bundle)
    state.set_frames(7)
    state.keep([1, 1])
    path = folder / f"other{SUFFIX}"
    Session.of(state).write(path)
    return path


def test_the_window_comes_back_as_it_was_saved(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    state, explorer = window.state, window.explorer
    window.settings.remember_folder("session", tmp_path)
    window.choose_theme("dark")
    window.docks.show(TRAINING)
    explorer.tools.show_page(ARITHMETIC)
    state.keep()
    state.set_equation(strength=2)
    state.map.isolate_class(3)
    qtbot.keyClick(window, Qt.Key.Key_S, CTRL)
    pick(qtbot, window, "mine")
    path = tmp_path / f"mine{SUFFIX}"
    qtbot.waitUntil(path.exists)
    kept, sizes = state.scene, explorer.splitters["top"].saveState()

    explorer.splitters["top"].setSizes([500, 500])
    explorer.tools.setCurrentIndex(0)
    window.choose_theme("light")
    state.map.hide(())
    state.let_go(0)
    state.set_equation(strength=-1)
    changed = state.scene
    trigger(window.menus.file, "Open session")
    pick(qtbot, window, path.name)
    qtbot.waitUntil(lambda: state.scene == kept)
    assert len(state.map.hidden) == 9
    assert window.settings.theme == "dark"
    assert checked_theme(window) == "Dark"
    assert explorer.tools.tabText(explorer.tools.currentIndex()) == ARITHMETIC
    assert explorer.splitters["top"].saveState() == sizes
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert state.scene == changed


def test_what_was_seen_of_the_map_is_seen_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    chart, path = window.explorer.map.chart, tmp_path / f"zoomed{SUFFIX}"
    chart.zoom(5, QPointF(200, 150))
    zoomed = chart.viewport
    window.settings.remember_folder("session", tmp_path)
    trigger(window.menus.file, "Save session")
    pick(qtbot, window, path.name)
    qtbot.waitUntil(path.exists)
    chart.go_home()
    assert drop(window, path)
    assert chart.limits == zoomed.limits
    assert chart.viewport.contains(zoomed.centre)
    chart.go_home()
    trigger(window.menus.file, "Save session")
    pick(qtbot, window, "home")
    qtbot.waitUntil((tmp_path / f"home{SUFFIX}").exists)
    chart.zoom(5)
    assert drop(window, tmp_path / f"home{SUFFIX}")
    assert chart.is_home


def test_a_dropped_session_opens_its_model(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    other = Store().add(bundles.contents("other"))
    assert drop(window, session_of_another_model(tmp_path, other))
    qtbot.waitUntil(lambda: window.state.model.name == "other")
    qtbot.waitUntil(lambda: window.state.scene.frames == 7)
    assert window.state.kept.tolist() == [[1, 1]]


@reports_failures
def test_a_session_that_its_model_does_not_have_changes_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = session_of_another_model(tmp_path, Store().add(bundles.contents("other")))
    values = json.loads(path.read_text(encoding="utf-8"))
    values["scene"]["point"] = "#123456"
    path.write_text(json.dumps(values), encoding="utf-8")
    before = window.state.scene, window.state.model
    drop(window, path)
    assert "Expected an image from #0" in refusal(qtbot, window)
    assert (window.state.scene, window.state.model) == before


@reports_failures
def test_what_is_no_session_is_refused(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"nothing": 1}', encoding="utf-8")
    drop(window, tmp_path / "other.json")
    assert "other.json: no session" in refusal(qtbot, window)


@reports_failures
def test_a_model_that_is_missing_is_asked_for(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, demo: Bundle
) -> None:
    other = write_bundle(tmp_path / "folder", bundles.contents("far away"))
    path = session_of_another_model(tmp_path, other)
    drop(window, path)
    asked = question(window)
    assert "a session of the model far away, which isn't among your models" in asked.text()
    press(qtbot, asked, "Locate…")
    pick(qtbot, window, demo.path)
    assert "Expected the model that it was made with, far away" in refusal(qtbot, window)
    assert window.state.model.name == "demo"
    drop(window, path)
    press(qtbot, question(window), "Locate…")
    pick(qtbot, window, other.path)
    qtbot.waitUntil(lambda: window.state.model.name == "far away")
    qtbot.waitUntil(lambda: window.state.scene.frames == 7)


def press(qtbot: QtBot, asked: QWidget, words: str) -> None:
    (button,) = [each for each in asked.findChildren(QPushButton) if each.text() == words]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_session_at_the_start_opens_its_model_at_once(
    qtbot: QtBot, starting: MainWindow, tmp_path: Path
) -> None:
    path = session_of_another_model(tmp_path, Store().add(bundles.contents("other")))
    starting.open_path(path)
    qtbot.waitUntil(lambda: starting.state is not None)
    assert starting.state.model.name == "other"
    assert starting.state.scene.frames == 7


@reports_failures
def test_at_the_start_the_demo_opens_where_the_session_can_not(
    qtbot: QtBot, window: MainWindow, starting: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    starting.open_path(tmp_path / "broken.json")
    assert "broken.json: no session" in refusal(qtbot, window)
    assert starting.state.model.name == "demo"
