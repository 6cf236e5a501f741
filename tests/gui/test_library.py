"""The library: all models as cards, with mouse and keys."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mouse import Mouse
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QMimeData, QObject, QPointF, Qt, QUrl, Slot
from qtpy.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from variants import FIGURES, keep_variant

from bvae_core.bundle import Bundle
from bvae_core.datasets import Origin
from bvae_core.figures.theme import DARK
from bvae_core.originals import remember_origin
from bvae_core.store import Store
from bvae_core.transfer import pack_bundle
from bvae_gui.panels.compare import ComparePanel
from bvae_gui.panels.library import LibraryPanel
from bvae_gui.panels.library.card_model import CARD
from bvae_gui.panels.library.cards import Card
from bvae_gui.panels.library.delegate import remove_rect
from bvae_gui.panels.training import TrainingPanel
from bvae_gui.state import ExplorerState
from bvae_gui.window.main_window import LIBRARY, MainWindow

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def store(cache_folder: Path) -> Store:
    """The user's store, another object than the panel's: as another window or the shell has it."""
    return Store()


@pytest.fixture
def state(demo: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def show(qtbot: QtBot, store: Store, state: ExplorerState) -> Callable[..., LibraryPanel]:
    """Show the library, and wait until it lists this many cards."""

    def show_it(count: int, width: int = 700) -> LibraryPanel:
        panel = LibraryPanel(state)
        qtbot.addWidget(panel)
        panel.resize(width, 600)
        with qtbot.waitExposed(panel):
            panel.show()
        wait_for(qtbot, panel, count)
        return panel

    return show_it


def cards(panel: LibraryPanel) -> list[Card]:
    model = panel.view.model()
    return [model.index(row, 0).data(CARD) for row in range(model.rowCount())]


def names(panel: LibraryPanel) -> list[str]:
    return [card.name for card in cards(panel)]


def wait_for(qtbot: QtBot, panel: LibraryPanel, count: int) -> None:
    qtbot.waitUntil(lambda: len(cards(panel)) == count)


def click(qtbot: QtBot, panel: LibraryPanel, name: str, keys: Qt.KeyboardModifier = NONE) -> None:
    """Click a card where its name is."""
    index = panel.view.model().index(names(panel).index(name), 0)
    at = panel.view.visualRect(index).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, keys, at)


def press(qtbot: QtBot, panel: LibraryPanel, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    """Press a key in the list, as a window sends it: shortcuts come first."""
    activate(qtbot, panel.window())
    panel.view.setFocus()
    qtbot.keyClick(panel.view, key, keys)


def activate(qtbot: QtBot, window: QWidget) -> None:
    """Have the keyboard go to a window, as the system does when a dialog closes."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def answer(qtbot: QtBot, panel: LibraryPanel, words: str) -> str:
    """Press a button of the question that is asked, and return the question."""
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is not None)
    question = panel.findChild(QMessageBox)
    (button,) = [b for b in question.findChildren(QPushButton) if words in b.text()]
    asked = question.text()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is None)
    return asked


def choose_file(qtbot: QtBot, panel: LibraryPanel, path: Path) -> None:
    """Type a path into the dialog that asks for a file."""
    dialog = panel.findChild(QFileDialog)
    field = dialog.findChild(QLineEdit)
    field.setText(str(path))
    qtbot.keyClick(field, Qt.Key.Key_Return)


def break_entry(store: Store, name: str = "0123456789abcdef") -> Path:
    folder = store.root / "models" / name
    folder.mkdir(parents=True)
    (folder / "bundle.json").write_text("{}")
    return folder


# What is shown


def test_a_new_store_shows_the_demo_and_says_how_models_come(show):
    panel = show(1)
    assert names(panel) == ["demo"]
    (card,) = cards(panel)
    assert "not held out" in " ".join(card.lines)
    assert "kmnist · β = 4 · 2-d" in card.lines


def test_a_card_says_data_settings_figures_day_and_size(store: Store, show):
    keep_variant(store, "mine", beta=16)
    card = next(card for card in cards(show(2)) if card.name == "mine")
    data, objective, others, kept = card.lines
    assert data == "kmnist · β = 16 · 2-d"
    assert objective == "objective 290.0, held out"
    assert others == "280.0 at β = 1 · 15-NN 0.500"
    assert kept.startswith("20")
    assert kept.endswith("MB")
    assert "14,011 images of 28×28" in card.details


def test_figures_that_are_no_numbers_are_left_out(store: Store, show):
    keep_variant(store, "odd", metrics={"held_out": True, "objective": "low"})
    card = next(card for card in cards(show(2)) if card.name == "odd")
    assert "no figures" in card.lines


def test_the_pictures_come_and_follow_the_theme(qtbot: QtBot, show, state: ExplorerState):
    panel = show(1)
    index = panel.view.model().index(0, 0)
    place = panel.view.visualRect(index)

    def colours() -> set[str]:
        image = panel.view.viewport().grab(place).toImage()
        return {image.pixelColor(x, image.height() // 2).name() for x in range(10, 80)}

    qtbot.waitUntil(lambda: len(colours()) > 10)  # ink, and what is between it and paper
    by_day = colours()
    state.set_look(theme=DARK)
    assert colours() != by_day


def test_the_list_follows_what_others_do_to_the_store(qtbot: QtBot, store: Store, show):
    panel = show(1)
    keep_variant(store, "first")
    wait_for(qtbot, panel, 2)
    keep_variant(store, "second", turn=1)
    wait_for(qtbot, panel, 3)
    store.rename("first", "renamed elsewhere")
    qtbot.waitUntil(lambda: "renamed elsewhere" in names(panel))
    store.remove("second")
    wait_for(qtbot, panel, 2)


def test_the_list_is_looked_at_anew_with_a_key(qtbot: QtBot, store: Store, show):
    panel = show(1)
    panel._worker._watcher.removePaths(panel._worker._watcher.directories())  # a system without
    keep_variant(store, "first")
    press(qtbot, panel, Qt.Key.Key_F5)
    wait_for(qtbot, panel, 2)


def test_selection_outlives_a_refresh(qtbot: QtBot, store: Store, show):
    keep_variant(store, "chosen")
    panel = show(2)
    click(qtbot, panel, "chosen")
    keep_variant(store, "another", turn=1)
    wait_for(qtbot, panel, 3)
    assert [card.name for card in panel.view.selected] == ["chosen"]


@pytest.mark.parametrize("width", [300, 640, 1200])
def test_cards_fill_the_width(qtbot: QtBot, store: Store, show, width: int):
    for number in range(4):
        keep_variant(store, f"model {number}", turn=number)
    panel = show(5, width)
    view = panel.view
    places = [view.visualRect(view.model().index(row, 0)) for row in range(5)]
    columns = len({place.left() for place in places})
    assert columns == min(5, max(1, width // 290))
    assert places[0].top() == 0
    assert max(place.right() for place in places) <= view.viewport().width()
    assert columns * places[0].width() > 0.9 * min(width, 5 * 320)


# Finding


def test_searching_and_sorting(qtbot: QtBot, store: Store, show):
    keep_variant(store, "weak", beta=1, metrics=FIGURES | {"neighbour_accuracy": 0.3})
    keep_variant(store, "strong", beta=16, metrics=FIGURES | {"neighbour_accuracy": 0.8})
    keep_variant(store, "strokes 1", data={"name": "strokes", "fingerprint": "ab" * 32})
    break_entry(store)
    panel = show(5)
    panel.sort.setFocus()
    for choice, order in {
        "Name": ["demo", "strokes 1", "strong", "weak"],
        "β": ["weak", "demo", "strokes 1", "strong"],
        "15-NN accuracy": ["strong", "strokes 1", "weak", "demo"],  # the demo's are not held out
    }.items():
        qtbot.keyClick(panel.sort, Qt.Key.Key_Home)
        for _ in range(panel.sort.findText(choice)):
            qtbot.keyClick(panel.sort, Qt.Key.Key_Down)
        assert names(panel)[:4] == order, choice
        assert cards(panel)[4].model is None  # what is broken comes last
    press(qtbot, panel, Qt.Key.Key_F, CTRL)
    assert panel.search.hasFocus()
    qtbot.keyClicks(panel.search, "KMNIST 16")
    assert names(panel) == ["strong"]
    qtbot.keyClicks(panel.search, " nothing such")
    assert names(panel) == []
    panel.search.clear()
    qtbot.keyClicks(panel.search, store.open("weak").fingerprint[:6])
    assert names(panel) == ["weak"]


# Opening


def test_double_click_and_enter_open(qtbot: QtBot, store: Store, show):
    kept = keep_variant(store, "mine")
    panel = show(2)
    index = panel.view.model().index(names(panel).index("mine"), 0)
    with qtbot.waitSignal(panel.open_requested) as asked:
        Mouse(panel.view.viewport()).double_click(QPointF(panel.view.visualRect(index).center()))
    assert asked.args == [kept.fingerprint]
    click(qtbot, panel, "demo")
    with qtbot.waitSignal(panel.open_requested) as asked:
        press(qtbot, panel, Qt.Key.Key_Return)
    assert asked.args == ["demo"]
    with qtbot.waitSignal(panel.open_requested):
        qtbot.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)


# Names


def type_name(qtbot: QtBot, panel: LibraryPanel, name: str, end: Qt.Key) -> None:
    press(qtbot, panel, Qt.Key.Key_F2)
    editor = panel.view.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, end)


def test_a_name_is_typed_where_it_stands(qtbot: QtBot, store: Store, show):
    keep_variant(store, "old")
    panel = show(2)
    click(qtbot, panel, "old")
    type_name(qtbot, panel, "new and better", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "new and better" in names(panel))
    assert [model.name for model in store.models()] == ["new and better"]


def test_the_window_follows_a_name_of_what_is_open(
    qtbot: QtBot, store: Store, state: ExplorerState, show
):
    keep_variant(store, "old")
    state.open(store.open("old"))
    panel = show(2)
    click(qtbot, panel, "old")
    with qtbot.waitSignal(panel.changes.renamed):
        type_name(qtbot, panel, "new", Qt.Key.Key_Return)
    assert state.model.name == "new"
    press(qtbot, panel, Qt.Key.Key_Delete)
    assert "stays open" in panel.findChild(QMessageBox).informativeText()
    answer(qtbot, panel, "Cancel")


def test_escape_leaves_the_name(qtbot: QtBot, store: Store, show):
    keep_variant(store, "old")
    panel = show(2)
    click(qtbot, panel, "old")
    type_name(qtbot, panel, "no", Qt.Key.Key_Escape)
    press(qtbot, panel, Qt.Key.Key_F5)
    assert [model.name for model in store.models()] == ["old"]


def test_a_name_that_is_taken_is_refused_with_the_reason(qtbot: QtBot, store: Store, show):
    keep_variant(store, "one")
    keep_variant(store, "two", turn=1)
    panel = show(3)
    click(qtbot, panel, "two")
    type_name(qtbot, panel, "one", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "already" in panel.notice.text)
    assert sorted(names(panel)) == ["demo", "one", "two"]


def test_what_others_do_meanwhile_does_not_take_the_field_away(qtbot: QtBot, store: Store, show):
    keep_variant(store, "one")
    panel = show(2)
    click(qtbot, panel, "one")
    press(qtbot, panel, Qt.Key.Key_F2)
    editor = panel.view.viewport().findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "half a na")
    keep_variant(store, "two", turn=1)
    qtbot.waitUntil(lambda: panel._waiting is not None)
    qtbot.keyClicks(editor, "me")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sorted(names(panel)) == ["demo", "half a name", "two"])


# Deleting


def test_deleting_asks_and_can_be_undone(qtbot: QtBot, store: Store, show):
    keep_variant(store, "mine")
    panel = show(2)
    click(qtbot, panel, "mine")
    press(qtbot, panel, Qt.Key.Key_Delete)
    assert answer(qtbot, panel, "Cancel") == "Delete “mine”?"
    press(qtbot, panel, Qt.Key.Key_Delete)
    answer(qtbot, panel, "Delete")
    wait_for(qtbot, panel, 1)
    assert store.models() == []
    press(qtbot, panel, Qt.Key.Key_Z, CTRL)
    wait_for(qtbot, panel, 2)
    assert [model.name for model in store.models()] == ["mine"]
    assert not panel.undo_action.isEnabled()


def test_several_are_deleted_and_come_back_together(qtbot: QtBot, store: Store, show):
    for number in range(3):
        keep_variant(store, f"model {number}", turn=number)
    panel = show(4)
    press(qtbot, panel, Qt.Key.Key_A, CTRL)
    press(qtbot, panel, Qt.Key.Key_Delete)
    assert answer(qtbot, panel, "Delete") == "Delete 3 models?"  # the demo stays
    wait_for(qtbot, panel, 1)
    qtbot.mouseClick(panel.notice.offer, Qt.MouseButton.LeftButton)
    wait_for(qtbot, panel, 4)


def test_the_demo_can_be_neither_renamed_nor_deleted(qtbot: QtBot, show):
    panel = show(1)
    click(qtbot, panel, "demo")
    assert not panel.rename_action.isEnabled()
    assert not panel.delete_action.isEnabled()
    press(qtbot, panel, Qt.Key.Key_F2)
    assert panel.view.viewport().findChild(QLineEdit) is None
    press(qtbot, panel, Qt.Key.Key_Delete)
    assert panel.findChild(QMessageBox) is None


def test_what_was_deleted_is_gone_for_good_when_the_library_ends(
    qtbot: QtBot, store: Store, state: ExplorerState
):
    keep_variant(store, "mine")
    panel = LibraryPanel(state)
    panel.resize(400, 400)
    panel.show()
    wait_for(qtbot, panel, 2)
    click(qtbot, panel, "mine")
    press(qtbot, panel, Qt.Key.Key_Delete)
    answer(qtbot, panel, "Delete")
    wait_for(qtbot, panel, 1)
    (discarded,) = store.root.glob("discarded/*/*")
    panel.close()
    panel.deleteLater()
    qtbot.waitUntil(lambda: not discarded.exists())


def test_a_broken_entry_says_why_and_can_be_removed(qtbot: QtBot, store: Store, show):
    folder = break_entry(store)
    panel = show(2)
    broken = cards(panel)[1]
    assert broken.model is None
    assert broken.lines[0].startswith("bundle.json: ")
    index = panel.view.model().index(1, 0)
    place = remove_rect(panel.view.visualRect(index), panel.view.fontMetrics()).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    answer(qtbot, panel, "Delete")
    wait_for(qtbot, panel, 1)
    assert not folder.exists()


def test_a_broken_entry_does_not_open(qtbot: QtBot, store: Store, show):
    break_entry(store)
    panel = show(2)
    click(qtbot, panel, "0123456789abcdef")
    with qtbot.assertNotEmitted(panel.open_requested):
        press(qtbot, panel, Qt.Key.Key_Return)
    assert "is broken" in panel.notice.text
    assert not panel.open_button.isEnabled()


# Sending and receiving


def test_a_model_is_sent_and_received(qtbot: QtBot, store: Store, show, tmp_path: Path):
    sent = keep_variant(store, "to send")
    panel = show(2)
    click(qtbot, panel, "to send")
    panel.export_action.trigger()
    choose_file(qtbot, panel, tmp_path / "sent")
    archive = tmp_path / "sent.zip"
    qtbot.waitUntil(lambda: "Exported" in panel.notice.text)
    assert archive.is_file()
    store.remove("to send")
    wait_for(qtbot, panel, 1)
    panel.import_action.trigger()
    choose_file(qtbot, panel, archive)
    wait_for(qtbot, panel, 2)
    assert store.open("to send").fingerprint == sent.fingerprint
    assert [card.name for card in panel.view.selected] == ["to send"]
    with qtbot.waitSignal(panel.open_requested) as asked:
        qtbot.mouseClick(panel.notice.offer, Qt.MouseButton.LeftButton)
    assert asked.args == [sent.fingerprint]


def drop(panel: LibraryPanel, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle, copy = QPointF(panel.rect().center()), Qt.DropAction.CopyAction
    enters = QDragEnterEvent(middle.toPoint(), copy, data, Qt.MouseButton.LeftButton, NONE)
    enters.ignore()
    QApplication.sendEvent(panel, enters)
    if enters.isAccepted():
        event = QDropEvent(middle, copy, data, Qt.MouseButton.LeftButton, NONE)
        QApplication.sendEvent(panel, event)
    return enters.isAccepted()


def test_archives_can_be_dropped_and_bad_ones_are_refused_with_the_reason(
    qtbot: QtBot, store: Store, show, tmp_path: Path
):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    pack_bundle(keep_variant(store, "good"), good)
    store.remove("good")
    bad.write_bytes(b"no archive")
    panel = show(1)
    assert not drop(panel, tmp_path)
    assert drop(panel, bad, good)
    wait_for(qtbot, panel, 2)
    assert "Imported “good”" in panel.notice.text
    assert "Expected a ZIP archive" in panel.notice.text
    assert drop(panel, good)
    qtbot.waitUntil(lambda: "here already" in panel.notice.text)


class _Opened(QObject):
    """Stands for the system's file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.folders: list[str] = []

    @Slot("QUrl")
    def take(self, url: QUrl) -> None:
        self.folders.append(url.toLocalFile())


def test_the_folder_is_shown_in_the_file_manager(qtbot: QtBot, store: Store, show):
    kept = keep_variant(store, "mine")
    panel = show(2)
    click(qtbot, panel, "mine")
    opened = _Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")
    try:
        panel.reveal_action.trigger()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened.folders == [str(kept.path)]


# Comparing and training again


def test_two_to_four_models_of_the_same_images_can_be_compared(qtbot: QtBot, store: Store, show):
    made = [keep_variant(store, f"model {number}", turn=number) for number in range(4)]
    panel = show(5)
    click(qtbot, panel, "model 0")
    assert not panel.compare_button.isEnabled()
    click(qtbot, panel, "model 1", CTRL)
    with qtbot.waitSignal(panel.compare_requested) as asked:
        qtbot.mouseClick(panel.compare_button, Qt.MouseButton.LeftButton)
    assert set(asked.args[0]) == {made[0].fingerprint, made[1].fingerprint}
    press(qtbot, panel, Qt.Key.Key_A, CTRL)
    assert not panel.compare_button.isEnabled()


def test_models_of_other_images_are_refused_with_the_reason(qtbot: QtBot, store: Store, show):
    keep_variant(store, "other", data={"name": "strokes", "fingerprint": "ab" * 32})
    panel = show(2)
    click(qtbot, panel, "demo")
    click(qtbot, panel, "other", CTRL)
    with qtbot.assertNotEmitted(panel.compare_requested):
        qtbot.mouseClick(panel.compare_button, Qt.MouseButton.LeftButton)
    assert "Expected models of the same images" in panel.notice.text


def test_settings_go_into_another_training(qtbot: QtBot, store: Store, show):
    kept = keep_variant(store, "mine", beta=7, data={"fingerprint": "cd" * 32})
    panel = show(2)
    click(qtbot, panel, "mine")
    with qtbot.waitSignal(panel.duplicate_requested) as asked:
        panel.duplicate_action.trigger()
    assert asked.args == [kept.config, None]  # nobody knows where these images are
    remember_origin("cd" * 32, Origin("strokes:60"))
    with qtbot.waitSignal(panel.duplicate_requested) as asked:
        panel.duplicate_action.trigger()
    assert asked.args == [kept.config, Origin("strokes:60")]


# In trouble


def test_a_store_that_cannot_be_read_says_so(qtbot: QtBot, tmp_path: Path, state: ExplorerState):
    (tmp_path / "models").write_text("a file where the folder belongs")
    panel = LibraryPanel(state, Store(tmp_path))
    qtbot.addWidget(panel)
    panel.show()
    wait_for(qtbot, panel, 1)  # the demo needs no store
    qtbot.waitUntil(lambda: "Not a folder" in panel.notice.text)
    panel.import_action.trigger()
    shutil.copy(__file__, tmp_path / "some.zip")
    choose_file(qtbot, panel, tmp_path / "some.zip")
    qtbot.waitUntil(lambda: "ZIP archive" in panel.notice.text)
    panel.refresh_action.trigger()
    qtbot.waitUntil(lambda: "Not a folder" in panel.notice.text)


def test_a_preview_that_is_no_picture_does_no_harm(qtbot: QtBot, store: Store, show):
    keep_variant(store, "mine")
    path = store.models()[0].path
    size = (path / "preview.png").stat().st_size
    (path / "preview.png").write_bytes(b"x" * size)
    panel = show(2)
    qtbot.waitUntil(lambda: len(panel._previews._pixels) == 2)
    assert not panel.grab().isNull()


def test_it_can_be_shown_before_any_model_is_open(qtbot: QtBot, cache_folder: Path):
    panel = LibraryPanel(ExplorerState())
    qtbot.addWidget(panel)
    panel.show()
    wait_for(qtbot, panel, 1)


# In the window


def library(qtbot: QtBot, window: MainWindow, count: int) -> LibraryPanel:
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    panel = window.findChild(LibraryPanel)
    assert panel.isVisible()
    wait_for(qtbot, panel, count)
    return panel


def test_it_comes_before_another_dock_that_is_open(qtbot: QtBot, window: MainWindow):
    qtbot.keyClick(window, Qt.Key.Key_T, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    library, training = (window.findChild(QDockWidget, name) for name in ("Library", "Training"))
    qtbot.waitUntil(lambda: not library.visibleRegion().isEmpty())
    assert training.visibleRegion().isEmpty()


def test_a_model_of_the_library_opens_in_the_window(qtbot: QtBot, window: MainWindow):
    keep_variant(Store(), "mine")
    panel = library(qtbot, window, 2)
    click(qtbot, panel, "mine")
    press(qtbot, panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.state.model.name == "mine")
    assert window.windowTitle().startswith("mine")


def test_undo_is_the_library_s_there_and_the_map_s_elsewhere(qtbot: QtBot, window: MainWindow):
    keep_variant(Store(), "mine")
    panel = library(qtbot, window, 2)
    start = window.state.point.tolist()
    window.state.pin([1.0, 1.0])
    click(qtbot, panel, "mine")
    press(qtbot, panel, Qt.Key.Key_Delete)
    answer(qtbot, panel, "Delete")
    wait_for(qtbot, panel, 1)
    press(qtbot, panel, Qt.Key.Key_Z, CTRL)
    wait_for(qtbot, panel, 2)
    assert window.state.point.tolist() == [1.0, 1.0]
    press(qtbot, panel, Qt.Key.Key_Z, CTRL)  # nothing is left to undo in the library
    assert window.state.point.tolist() == start


def test_models_are_compared_in_a_window_of_their_own(qtbot: QtBot, window: MainWindow):
    keep_variant(Store(), "mine", turn=1)
    panel = library(qtbot, window, 2)
    press(qtbot, panel, Qt.Key.Key_A, CTRL)
    qtbot.mouseClick(panel.compare_button, Qt.MouseButton.LeftButton)
    comparison = window.findChild(ComparePanel)
    assert comparison.isWindow()
    qtbot.waitUntil(lambda: comparison.comparison is not None)
    assert {model.name for model in comparison.comparison.models} == {"demo", "mine"}
    activate(qtbot, comparison)
    qtbot.keyClick(comparison, Qt.Key.Key_W, CTRL)
    assert not comparison.isVisible()
    assert window.isVisible()


def test_another_training_begins_with_a_model_s_settings(qtbot: QtBot, window: MainWindow):
    keep_variant(Store(), "mine", beta=7, data={"fingerprint": "cd" * 32})
    remember_origin("cd" * 32, Origin("strokes:60"))
    panel = library(qtbot, window, 2)
    click(qtbot, panel, "mine")
    panel.duplicate_action.trigger()
    training = window.findChild(TrainingPanel)
    assert training.isVisible()
    assert training.form.settings.config.beta == 7
    assert training.form.data.source.text == "strokes:60"


def test_the_dock_is_called_as_its_action(window: MainWindow):
    actions: list[Any] = [a for a in window.menus.view.actions() if a.text() == LIBRARY]
    assert len(actions) == 1


def test_json_of_a_broken_entry_may_be_anything(store: Store, show):
    folder = break_entry(store)
    (folder / "bundle.json").write_text(json.dumps(["not", "an", "object"]))
    assert cards(show(2))[1].model is None
