"""Exporting as one does it: look, choose, Enter, a name, Enter."""

from __future__ import annotations

import resource
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import bundles
import numpy as np
import pytest
from pictures import to_array
from PIL import Image
from pytestqt.qtbot import QtBot
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from bvae_core.bundle import Bundle, write_bundle
from bvae_core.figures import MorphRecipe, read_recipe
from bvae_core.figures.theme import DARK
from bvae_core.originals import Originals
from bvae_gui.dialogs.export import ExportDialog
from bvae_gui.recipes import What
from bvae_gui.settings import Settings
from bvae_gui.state import ExplorerState

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.fixture
def state(demo: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where files were put the last time."""
    folder = tmp_path / "figures"
    folder.mkdir()
    settings.remember_folder("export", folder)
    return folder


@pytest.fixture
def begin(
    qtbot: QtBot, state: ExplorerState, settings: Settings, cache_folder: Path
) -> Iterator[Callable[..., ExportDialog]]:
    """Open the dialog for a kind of file, and wait until it shows what it would be."""
    opened: list[ExportDialog] = []

    def begin(what: What = "morph", explored: ExplorerState = state) -> ExportDialog:
        dialog = ExportDialog(explored, settings)
        qtbot.addWidget(dialog)
        opened.append(dialog)
        dialog.begin(what)
        settle(qtbot, dialog)
        return dialog

    yield begin
    for dialog in opened:
        dialog.reject()
        dialog.stop()


def settle(qtbot: QtBot, dialog: ExportDialog) -> None:
    """Wait until nothing is to be drawn or written any more."""
    qtbot.waitUntil(lambda: not dialog.is_busy)


def file_dialog(dialog: ExportDialog) -> QFileDialog:
    (picker,) = [each for each in dialog.findChildren(QFileDialog) if each.isVisible()]
    return picker


def name_field(picker: QFileDialog) -> QLineEdit:
    field = picker.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    return field


def choose_scale(qtbot: QtBot, dialog: ExportDialog, text: str) -> None:
    """Click into the field and type over what it says."""
    field = dialog.form.scale.lineEdit()
    dialog.what.setFocus()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(field.selectedText()))
    qtbot.keyClicks(field, text)


def export(qtbot: QtBot, dialog: ExportDialog, name: str | None = None) -> None:
    """Press Enter, type a name or take the proposed one, press Enter."""
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    field = name_field(file_dialog(dialog))
    if name is not None:
        field.selectAll()
        qtbot.keyClicks(field, name)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@contextmanager
def answering(qtbot: QtBot, button: QMessageBox.StandardButton) -> Iterator[None]:
    """Click this button of the question that comes up meanwhile."""
    asked: list[str] = []

    def click() -> None:
        boxes = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox)]
        for box in boxes:
            if box.isVisible():
                asked.append(box.text())
                box.button(button).click()

    clock = QTimer(interval=20)
    clock.timeout.connect(click)
    clock.start()
    yield
    qtbot.waitUntil(lambda: bool(asked))
    clock.stop()
    assert len(asked) == 1


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def shown(dialog: ExportDialog) -> np.ndarray:
    """Return what the preview shows, (H, W, 3)."""
    return to_array(dialog.preview.view.image)


def test_enter_exports_and_the_file_is_what_the_preview_showed(
    qtbot: QtBot, begin, state: ExplorerState, folder: Path
):
    dialog = begin()
    seen = shown(dialog).copy()
    with qtbot.waitSignal(dialog.saved) as saved:
        export(qtbot, dialog)
    assert saved.args == [folder / "morph-お-き.png"]
    assert not dialog.isVisible()
    np.testing.assert_array_equal(pixels(folder / "morph-お-き.png"), seen)
    recipe = read_recipe(folder / "morph-お-き.png", state.model)
    assert isinstance(recipe, MorphRecipe)
    assert recipe.size(state.model) == seen.shape[1::-1]


def test_an_image_alone_is_what_the_decoder_makes(
    qtbot: QtBot, begin, state: ExplorerState, folder: Path
):
    state.pin(np.array([0.5, -1.25], np.float32))
    state.set_look(ink="screen")
    dialog = begin("image")
    choose_scale(qtbot, dialog, "3")
    with qtbot.waitSignal(dialog.saved):
        export(qtbot, dialog, "mine")
    decoded = np.rint(255 * state.decode(state.point)).reshape(28, 28)
    expected = decoded.repeat(3, axis=0).repeat(3, axis=1)
    np.testing.assert_array_equal(pixels(folder / "mine.png")[..., 0], expected)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_every_format_of_a_figure(qtbot: QtBot, begin, folder: Path, suffix: str):
    dialog = begin("map")
    qtbot.mouseClick(dialog.form.figure_format.button(suffix), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.saved) as saved:
        export(qtbot, dialog)
    head = saved.args[0].read_bytes()[:200]
    assert saved.args[0].name == f"map-demo{suffix}"
    assert {".png": b"\x89PNG", ".svg": b"<svg", ".pdf": b"%PDF"}[suffix] in head


def test_an_animation_plays_before_it_is_a_file(
    qtbot: QtBot, begin, state: ExplorerState, folder: Path
):
    state.set_frames(5)
    dialog = begin("animation")
    assert dialog.preview.count == 5
    qtbot.waitUntil(lambda: dialog.preview.index == 4)
    qtbot.waitUntil(lambda: dialog.preview.index == 0)
    qtbot.mouseClick(dialog.form.boxes["bounce"], Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert dialog.preview.count == 8
    assert "8 frames" in dialog.size_label.text()
    with qtbot.waitSignal(dialog.saved) as saved:
        export(qtbot, dialog)
    with Image.open(saved.args[0]) as movie:
        assert (movie.format, movie.n_frames, movie.info["loop"]) == ("GIF", 8, 0)


def test_an_animation_is_as_fast_as_it_shall_be_and_a_strip_knows_no_speed(
    qtbot: QtBot, begin, settings: Settings
):
    dialog = begin("animation")
    dialog.begin("animation", fps=7)
    settle(qtbot, dialog)
    assert dialog.form.fps.value() == 7
    assert "--fps 7" in dialog.command.text()
    dialog.begin("morph", fps=7)
    settle(qtbot, dialog)
    assert "--fps" not in dialog.command.text()


def test_what_plays_once_stops_and_plays_again_when_asked(
    qtbot: QtBot, begin, state: ExplorerState
):
    state.set_frames(3)
    dialog = begin("animation")
    assert not dialog.replay.isVisible()
    qtbot.mouseClick(dialog.form.boxes["loop"], Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.preview.index == 2)
    qtbot.mouseClick(dialog.replay, Qt.MouseButton.LeftButton)
    assert dialog.preview.index == 0


def test_every_choice_shows_at_once(qtbot: QtBot, begin):
    dialog = begin()
    before = dialog.size_label.text(), dialog.command.text(), shown(dialog).copy()
    qtbot.mouseClick(dialog.form.boxes["labels"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.form.theme.button("dark"), Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert dialog.size_label.text() != before[0]
    assert "--theme dark --no-labels" in dialog.command.text()
    assert shown(dialog).shape != before[2].shape
    assert shown(dialog)[0, 0].tobytes() == bytes.fromhex(DARK.ground[1:])


def test_of_many_changes_the_last_is_shown(qtbot: QtBot, begin):
    dialog = begin("image")
    for _ in range(7):
        qtbot.keyClick(dialog.form.scale, Qt.Key.Key_Up)
    settle(qtbot, dialog)
    assert shown(dialog).shape == (7 * 28, 7 * 28, 3)
    assert dialog.size_label.text() == "196 × 196 pixels"


def test_what_can_t_be_is_said_and_nothing_is_exported(qtbot: QtBot, begin, state: ExplorerState):
    state.set_mode("grid")
    dialog = begin()
    assert dialog.what.button("morph").text() == "Grid"
    qtbot.mouseClick(dialog.what.button("animation"), Qt.MouseButton.LeftButton)
    assert "order to play in" in dialog.message.text()
    assert not dialog.export_button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.findChildren(QFileDialog)
    qtbot.mouseClick(dialog.what.button("map"), Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert dialog.message.text() == ""
    assert dialog.preview.count == 1


@pytest.mark.slow
def test_what_is_too_large_is_said(qtbot: QtBot, begin, state: ExplorerState):
    state.set_mode("grid")
    state.set_grid(20, 20)
    dialog = begin()
    dialog.form.scale.selectAll()
    qtbot.keyClicks(dialog.form.scale, "64")
    settle(qtbot, dialog)
    assert "Expected at most" in dialog.message.text()
    assert not dialog.export_button.isEnabled()


def test_the_command_is_copied(qtbot: QtBot, begin, settings: Settings):
    dialog = begin()
    qtbot.mouseClick(dialog.form.theme.button("dark"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:4] == ["bvae", "export", "morph", "demo"]
    assert words[-2:] == ["-o", "morph-お-き.png"]
    assert settings.choices("export/morph")["theme"] == "dark"


def test_a_file_that_is_there_is_replaced_only_if_one_says_so(qtbot: QtBot, begin, folder: Path):
    (folder / "mine.png").write_text("old")
    dialog = begin("image")
    with answering(qtbot, NO):
        export(qtbot, dialog, "mine.png")
    assert (folder / "mine.png").read_text() == "old"
    with qtbot.waitSignal(dialog.saved), answering(qtbot, YES):
        qtbot.keyClick(name_field(file_dialog(dialog)), Qt.Key.Key_Return)
    assert pixels(folder / "mine.png").shape == (280, 280, 3)


def test_a_name_with_another_ending_gets_the_right_one(qtbot: QtBot, begin, folder: Path):
    dialog = begin("image")
    with qtbot.waitSignal(dialog.saved):
        export(qtbot, dialog, "at 0.5")
    assert (folder / "at 0.5.png").exists()
    # The file dialog can't know that this one will be replaced.
    before = (folder / "at 0.5.png").read_bytes()
    dialog.begin("image")
    qtbot.mouseClick(dialog.form.ink.button("screen"), Qt.MouseButton.LeftButton)
    with answering(qtbot, NO):
        export(qtbot, dialog, "at 0.5")
    assert (folder / "at 0.5.png").read_bytes() == before
    with qtbot.waitSignal(dialog.saved), answering(qtbot, YES):
        export(qtbot, dialog, "at 0.5")
    assert (folder / "at 0.5.png").read_bytes() != before


def test_a_typed_ending_chooses_the_format(qtbot: QtBot, begin, folder: Path):
    dialog = begin("image")
    with qtbot.waitSignal(dialog.saved):
        export(qtbot, dialog, "mine.pdf")
    assert (folder / "mine.pdf").read_bytes().startswith(b"%PDF")


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond 2,000 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_the_disk_is_full_that_is_said_and_nothing_is_left_behind(
    qtbot: QtBot, begin, folder: Path
):
    (folder / "mine.png").write_text("old")
    dialog = begin()
    with full_disk():
        with answering(qtbot, YES):
            export(qtbot, dialog, "mine.png")
        qtbot.waitUntil(lambda: "could not be written" in dialog.message.text())
    assert str(folder / "mine.png") in dialog.message.text()
    assert ".writing" not in dialog.message.text()
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mine.png": "old"}
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.saved):
        export(qtbot, dialog, "another.png")


def test_where_the_folder_is_gone_that_is_said(qtbot: QtBot, begin, folder: Path):
    dialog = begin("image")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    folder.rmdir()
    qtbot.keyClick(name_field(file_dialog(dialog)), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "could not be written" in dialog.message.text())
    assert dialog.export_button.isEnabled()


def test_writing_can_be_stopped(qtbot: QtBot, begin, state: ExplorerState, folder: Path):
    state.set_frames(50)
    said: list[str] = []
    state.said.connect(said.append)
    (folder / "mine.webp").write_text("old")
    dialog = begin("animation")
    qtbot.mouseClick(dialog.form.animation_format.button(".webp"), Qt.MouseButton.LeftButton)
    choose_scale(qtbot, dialog, "20")
    settle(qtbot, dialog)
    with answering(qtbot, YES):
        export(qtbot, dialog, "mine.webp")
    assert dialog.message.text() == "Writing mine.webp…"
    assert dialog.cancel_button.text() == "Stop"
    assert not dialog.form.isEnabled()
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    settle(qtbot, dialog)
    assert said == ["Stopped: mine.webp is as it was before."]
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mine.webp": "old"}


def test_choices_are_remembered_for_each_kind_of_file(
    qtbot: QtBot, begin, folder: Path, state: ExplorerState
):
    dialog = begin()
    qtbot.mouseClick(dialog.form.figure_format.button(".svg"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.form.boxes["labels"], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.saved):
        export(qtbot, dialog)
    assert (folder / "morph-お-き.svg").exists()
    state.set_look(theme=DARK, ink="screen")
    again = begin()
    assert again.form.suffix == ".svg"
    assert not again.form.boxes["labels"].isChecked()
    assert (again.form.theme.value, again.form.ink.value) == ("dark", "screen")  # as the window
    qtbot.mouseClick(again.what.button("map"), Qt.MouseButton.LeftButton)
    assert again.form.suffix == ".png"
    assert again.form.boxes["labels"].isChecked()


def test_colour_images_have_no_ink(qtbot: QtBot, begin, tmp_path: Path):
    colourful = ExplorerState()
    colourful.open(write_bundle(tmp_path / "bundle", bundles.contents(kind="conv", labels=None)))
    dialog = begin("image", colourful)
    assert not dialog.form.ink.isVisible()
    expected = np.rint(255 * colourful.decode(colourful.point)[0])
    times = shown(dialog).shape[0] // 16
    np.testing.assert_array_equal(shown(dialog)[::times, ::times], expected)


def test_another_model_closes_it(begin, state: ExplorerState, demo: Bundle):
    dialog = begin()
    state.open(demo)
    assert not dialog.isVisible()


def test_every_control_says_what_it_does_and_is_reached_by_keyboard(begin):
    dialog = begin()
    for what in ("morph", "animation", "map", "image"):
        dialog.what.button(what).click()
        controls = [
            control
            for control in dialog.findChildren(QWidget)
            if isinstance(control, QAbstractButton | QAbstractSpinBox | QLineEdit)
            and control.isVisible()
            and not control.objectName().startswith("qt_")
        ]
        assert len(controls) > 8
        for control in controls:
            assert control.toolTip()
            assert control.accessibleName() or control.text()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_small_screen_has_room_for_it(begin):
    dialog = begin("animation")
    assert dialog.minimumSizeHint().width() <= 900
    assert dialog.minimumSizeHint().height() <= 600


def test_a_contact_sheet_shows_the_images_themselves_once_they_are_at_hand(
    qtbot: QtBot, begin: Callable[..., ExportDialog], state: ExplorerState, demo: Bundle
):
    state.select([3, 4])
    dialog = begin("contact")
    box = dialog.form.boxes["originals"]
    assert not box.isEnabled()
    assert any("not at hand" in label.text() for label in dialog.findChildren(QLabel))
    decoded = shown(dialog)
    pixels = np.zeros((*demo.latents.shape[:1], 28, 28, 1), np.uint8)
    pixels[3] = 255
    state.set_originals(Originals(pixels))
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert "--originals" in shlex.split(dialog.command.text())
    sheet = shown(dialog)
    assert sheet.shape == decoded.shape
    ink, paper = (sheet[sheet.shape[0] // 2, x].mean() for x in (60, sheet.shape[1] - 60))
    assert ink < 80 < 200 < paper
