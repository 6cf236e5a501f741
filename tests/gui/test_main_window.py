"""The window as its user meets it: opening, dropping, menus, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from acting import drop, refusal, reports_failures, trigger
from latent_models import write_model
from models import copy_of_demo, stored_copy
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, QRect, Qt, QTimer
from qtpy.QtGui import QAction, QGuiApplication, QPalette
from qtpy.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from bvae_core.bundle import open_bundle
from bvae_core.figures.theme import DARK, LIGHT
from bvae_core.transfer import pack_bundle
from bvae_gui.dialogs.shortcuts import ShortcutSheet
from bvae_gui.settings import Settings
from bvae_gui.window.main_window import LIBRARY, TRAINING, MainWindow


def test_the_demo_is_there_and_named(window: MainWindow):
    assert window.windowTitle().startswith("demo")
    assert "14,011 images" in window.statusBar().model.text()
    assert window.state.morph.images.shape == (12, 28, 28)


def test_a_dropped_folder_is_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path):
    assert drop(window, copy_of_demo(tmp_path / "mine", name="mine"))
    qtbot.waitUntil(lambda: window.state.model.name == "mine")
    assert window.windowTitle().startswith("mine")
    assert window.settings.last_model == str(tmp_path / "mine")


def test_a_dropped_zip_is_imported_and_opened_when_that_is_wanted(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    pack_bundle(open_bundle(copy_of_demo(tmp_path / "sent", name="sent")), tmp_path / "sent.zip")
    assert drop(window, tmp_path / "sent.zip")
    library = window.docks.show(LIBRARY)
    qtbot.waitUntil(lambda: "Imported “sent”" in library.notice.text)
    assert library.isVisible()
    assert window.state.model.name == "demo"
    (button,) = [b for b in library.notice.findChildren(QAbstractButton) if b.text() == "Open"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.state.model.name == "sent")


def test_a_zip_at_the_start_is_imported_beside_the_demo(
    qtbot: QtBot, starting: MainWindow, tmp_path: Path
):
    pack_bundle(open_bundle(copy_of_demo(tmp_path / "sent", name="sent")), tmp_path / "sent.zip")
    starting.open_path(tmp_path / "sent.zip")
    qtbot.waitUntil(lambda: starting.explorer is not None)
    library = starting.docks.show(LIBRARY)
    qtbot.waitUntil(lambda: "Imported “sent”" in library.notice.text)


def test_two_things_at_once_are_not_let_in(window: MainWindow, tmp_path: Path):
    assert not drop(window, tmp_path, tmp_path / "another")


@reports_failures
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "decoder.tflite").write_bytes(b"?"), "decoder.tflite"),
        (lambda folder: (folder / "bundle.json").write_text('{"schema_version": 99}'), "newer"),
        (lambda folder: (folder / "bundle.json").unlink(), "bundle.json"),
    ],
)
def test_a_folder_that_is_no_good_model_is_refused(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, damage, reason: str
):
    folder = copy_of_demo(tmp_path / "bad")
    damage(folder)
    before = window.state.model
    drop(window, folder)
    assert reason in refusal(qtbot, window)
    assert window.state.model is before
    assert window.windowTitle().startswith("demo")
    assert window.settings.last_model == "demo"


@reports_failures
def test_a_dropped_file_of_another_kind_is_refused(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    notes = tmp_path / "notes.txt"
    notes.write_text("remember the milk")
    drop(window, notes)
    assert "notes.txt: Expected" in refusal(qtbot, window)


def test_the_menu_offers_the_demo_and_what_is_in_the_store(
    qtbot: QtBot, window: MainWindow, cache_folder: Path
):
    stored_copy(cache_folder, "Tom & Jerry")
    trigger(window.menus.file, "Open model", "Tom  Jerry")
    qtbot.waitUntil(lambda: window.state.model.name == "Tom & Jerry")
    window.menus.models.aboutToShow.emit()
    checked = [a.text() for a in window.menus.models.actions() if a.isChecked()]
    assert [text.split("\t")[0] for text in checked] == ["Tom && Jerry"]


def test_the_last_model_is_found_again_wherever_it_is(
    qtbot: QtBot, window: MainWindow, cache_folder: Path, settings: Settings
):
    stored_copy(cache_folder, "mine")
    window.open("mine")
    qtbot.waitUntil(lambda: window.state.model.name == "mine")
    assert settings.last_model == window.state.model.fingerprint


def test_where_the_last_model_is_gone_the_demo_opens_and_the_reason_is_said(
    qtbot: QtBot, open_window, tmp_path: Path
):
    window = open_window(str(tmp_path / "gone"), otherwise="demo")
    assert window.state.model.name == "demo"
    assert str(tmp_path / "gone") in refusal(qtbot, window)


def test_of_two_models_opened_at_once_the_last_one_counts(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
):
    for name in ("first", "second"):
        window.open(copy_of_demo(tmp_path / name, name=name))
    names = []
    window.state.bundle_changed.connect(lambda: names.append(window.state.model.name))
    qtbot.waitUntil(lambda: "second" in names)
    assert names == ["second"]


def test_after_a_model_of_many_dimensions_come_others(
    qtbot: QtBot, open_window: Callable[..., MainWindow], tmp_path: Path
):
    models = [write_model(tmp_path, dimensions) for dimensions in (4, 3)]
    window = open_window(str(models[0].path))
    for model in (models[1], models[0]):
        assert drop(window, model.path)
        qtbot.waitUntil(lambda model=model: window.state.model.name == model.name)
        assert window.windowTitle().startswith(model.name)
        assert all(action.text() for action in window.explorer.map.layers.actions_of.values())


def test_a_model_that_is_opened_while_the_first_one_begins_comes_instead(
    qtbot: QtBot, new_window: Callable[[], MainWindow], tmp_path: Path
):
    window, mine = new_window(), copy_of_demo(tmp_path / "mine", name="mine")
    begun: list[QWidget] = []
    filled: list[str] = []

    def begin(decoded: QWidget) -> None:
        begun.append(decoded)
        if len(begun) == 1:
            window.open(mine)

    window.begun.connect(begin)
    window.filled.connect(lambda: filled.append(window.state.model.name))
    window.show()
    window.open("demo", then=lambda: filled.append("what was to be done with the demo"))
    qtbot.waitUntil(lambda: bool(filled))
    qtbot.wait(200)
    assert filled == ["mine"]
    assert window.explorer.decoded is begun[1]


def test_colours_that_are_chosen_while_it_fills_are_taken(
    qtbot: QtBot, new_window: Callable[[], MainWindow]
):
    window = new_window()
    window.begun.connect(lambda _: window.choose_theme("dark"))
    with qtbot.waitSignal(window.filled):
        window.show()
        window.open("demo")
    assert window.state.theme == DARK


@pytest.mark.parametrize("when", ["at once", "a moment later"])
def test_it_may_be_closed_while_it_fills(
    qtbot: QtBot, new_window: Callable[[], MainWindow], when: str
):
    window = new_window()
    later = QTimer(window, singleShot=True, interval=0)
    later.timeout.connect(window.close)
    window.begun.connect(lambda _: window.close() if when == "at once" else later.start())
    window.show()
    window.open("demo")
    qtbot.waitUntil(lambda: not window.isVisible())
    qtbot.wait(300)
    assert window.explorer is None


def test_a_hidden_window_is_filled_too(qtbot: QtBot, new_window: Callable[[], MainWindow]):
    window = new_window()
    with qtbot.waitSignal(window.filled):
        window.open("demo")


def test_a_chosen_theme_dresses_everything_and_is_remembered(
    window: MainWindow, settings: Settings
):
    trigger(window.menus.view, "Theme", "Dark")
    assert window.state.theme is DARK
    assert window.palette().color(QPalette.ColorRole.Window).name() == DARK.ground
    assert settings.theme == "dark"
    trigger(window.menus.view, "Theme", "Light")
    assert window.state.theme is LIGHT
    assert window.palette().color(QPalette.ColorRole.Window).name() == LIGHT.ground


def test_ink_is_remembered(window: MainWindow, settings: Settings, open_window):
    window.explorer.decoded.ink_action.trigger()
    assert settings.ink == "screen"
    assert open_window().state.ink == "screen"


def test_size_and_borders_are_found_again(qtbot: QtBot, window: MainWindow, open_window):
    window.resize(760, 700)
    QApplication.processEvents()
    rows = window.explorer.splitters["rows"]
    rows.setSizes([1, 250])
    sizes = rows.sizes()
    window.close()
    again = open_window()
    assert (again.width(), again.height()) == (760, 700)
    qtbot.waitUntil(lambda: again.explorer.splitters["rows"].sizes() == sizes)


def test_a_drag_on_the_map_is_taken_back_and_done_again(qtbot: QtBot, window: MainWindow):
    chart, before = window.explorer.map.chart, window.state.scene
    edit = window.menus.edit
    assert not window.explorer.undo_action.isEnabled()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    pinned = window.state.scene
    assert pinned != before
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.state.scene == before
    trigger(edit, "Redo")
    assert window.state.scene == pinned


def test_what_is_under_the_pointer_is_said(qtbot: QtBot, window: MainWindow):
    label = window.statusBar().pointer
    chart = window.explorer.map.chart
    qtbot.mouseMove(chart, chart.rect().center())
    qtbot.waitUntil(lambda: "nearest image" in label.text())
    window.state.hover_at(None)
    qtbot.waitUntil(lambda: label.text() == "")


def test_the_image_and_its_place_go_to_the_clipboard_by_keys(qtbot: QtBot, window: MainWindow):
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not clipboard.image().isNull()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_C, both)
    assert len(clipboard.text().split(",")) == 2


def test_the_sheet_lists_the_shortcuts_that_there_are_and_searches_them(
    qtbot: QtBot, window: MainWindow
):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(ShortcutSheet)
    assert ("Undo", "Ctrl+Z") in sheet.rows()
    assert any("Wheel" in how for _, how in sheet.rows())
    assert ("Drawing pad: take the eraser, or the brush again", "E") in sheet.rows()
    qtbot.keyClicks(sheet.search, "redo")
    assert [what for what, _ in sheet.rows()] == ["Redo"]


def test_title_and_status_have_the_name_that_the_model_has_now(window: MainWindow):
    window.state.rename("mine")
    assert window.windowTitle().startswith("mine")
    assert window.statusBar().model.text().startswith("mine")


def test_no_key_means_two_things(window: MainWindow):
    everywhere = [
        action
        for action in window.findChildren(QAction)
        if action.shortcutContext() == Qt.ShortcutContext.WindowShortcut
    ]
    keys = [key.toString() for action in everywhere for key in action.shortcuts()]
    assert len(keys) > 8
    assert sorted(keys) == sorted(set(keys))


def test_every_control_says_what_it_does_and_is_reached_by_keyboard(window: MainWindow):
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    controls = [
        control
        for control in window.findChildren(QWidget)
        if isinstance(control, kinds)
        and control.isVisibleTo(window)
        and not isinstance(control, QScrollBar)
        and not control.objectName().startswith("qt_")  # what a spin box or a field is made of
    ]
    assert len(controls) > 20
    silent = [control for control in controls if not control.toolTip()]
    nameless = [
        control
        for control in controls
        if not (control.accessibleName() or getattr(control, "text", str)())
    ]
    unreachable = [
        f"{control.parent()}: {control.toolTip()}"
        for control in controls
        if not control.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(control.parent(), QLineEdit)  # within a field: by shortcut
    ]
    assert (silent, nameless, unreachable) == ([], [], [])


def test_the_tab_key_goes_to_nothing_that_is_out_of_sight_or_nameless(
    qtbot: QtBot, window: MainWindow
):
    def stops() -> list[QWidget]:
        """Press Tab until it is back where it was."""
        window.explorer.map.chart.setFocus()
        passed: list[QWidget] = []
        while (at := QApplication.focusWidget()) not in passed:
            passed.append(at)
            qtbot.keyClick(at, Qt.Key.Key_Tab)
        return passed

    with qtbot.waitActive(window):
        window.activateWindow()
    pad = window.explorer.show_own_image().source.pad
    qtbot.waitUntil(lambda: not pad.visibleRegion().isEmpty())
    passed = stops()
    assert pad in passed
    assert [stop for stop in passed if isinstance(stop, QScrollArea)] == []
    assert [stop for stop in passed if not is_in_sight(stop, window)] == []
    for dock in (LIBRARY, TRAINING):
        window.docks.show(dock)
    qtbot.waitUntil(lambda: bars_of_docks(window)[0].geometry().right() <= window.width())
    assert bars_of_docks(window)[0] in stops()


def bars_of_docks(window: MainWindow) -> list[QTabBar]:
    return window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)


def is_in_sight(stop: QWidget, window: MainWindow) -> bool:
    return window.rect().intersects(QRect(stop.mapTo(window, QPoint()), stop.size()))


def test_every_entry_of_the_menus_has_a_tooltip_of_its_own(window: MainWindow):
    for menu in (window.menus.file, window.menus.edit, window.menus.view, window.menus.help):
        for action in menu.actions():
            if not (action.isSeparator() or action.menu()):
                assert action.toolTip().strip("….") != action.text().replace("&", "").strip("….")


def test_a_small_screen_has_room_for_it(window: MainWindow):
    assert window.minimumSizeHint().width() <= 900
    assert window.minimumSizeHint().height() <= 600


def test_about_names_the_data_and_its_licence(window: MainWindow):
    from qtpy.QtWidgets import QLabel

    from bvae_gui.dialogs.about import AboutDialog

    window.menus.show_about()
    dialog = window.findChild(AboutDialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "CC BY-SA 4.0" in words
    assert "KMNIST" in words
