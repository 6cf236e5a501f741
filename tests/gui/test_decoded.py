"""The decoded image, its place and its neighbours, as one uses them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bundles import contents
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
)

from bvae_core.bundle import Bundle, write_bundle
from bvae_core.datasets.idx import write_idx
from bvae_core.errors import BvaeError
from bvae_core.figures.ink import enlarged, to_rgb8
from bvae_core.figures.theme import DARK
from bvae_core.latent import typicality_words
from bvae_core.originals import locate_originals
from bvae_gui.panels.decoded import DecodedPanel
from bvae_gui.state import ExplorerState
from bvae_gui.style import apply_style

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _no_originals(cache_folder: Path) -> None:
    """Nobody has said yet where any images are."""


@pytest.fixture
def state(demo: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def colour_state(tmp_path: Path) -> ExplorerState:
    """Three dimensions, 16×24 colour images, and no classes."""
    filled = contents(kind="conv", labels=None)
    unnamed = replace(filled, data=replace(filled.data, class_names=()))
    state = ExplorerState()
    state.open(write_bundle(tmp_path / "bundle", unnamed))
    return state


@pytest.fixture
def panel(qtbot: QtBot, state: ExplorerState) -> Iterator[DecodedPanel]:
    yield from shown(qtbot, state)


def shown(qtbot: QtBot, state: ExplorerState) -> Iterator[DecodedPanel]:
    panel = DecodedPanel(state)
    qtbot.addWidget(panel)
    apply_style(panel, state.theme)
    panel.resize(420, 560)
    panel.show()
    qtbot.waitExposed(panel)
    if state.bundle is not None:
        qtbot.waitUntil(lambda: tiles(panel)[0].isEnabled())  # they are filled after the image
    yield panel
    panel.originals.stop()
    panel.close()


def decoded(state: ExplorerState) -> NDArray[np.uint8]:
    """Return the image as it should look, decoded anew."""
    pixels: NDArray[np.uint8] = to_rgb8(state.decode(state.point), state.theme, state.ink)[0]
    return pixels


def painted(panel: DecodedPanel) -> NDArray[np.uint8]:
    """Return the image as it is on the screen, one pixel of the screen for each of its own."""
    rect = panel.picture.image_rect()
    grabbed = to_array(panel.picture.grab(rect).toImage())
    times = rect.width() // panel.picture.image.width()
    smaller = grabbed[::times, ::times]
    assert np.array_equal(grabbed, enlarged(smaller, times, axis=0))
    return smaller


def type_place(qtbot: QtBot, panel: DecodedPanel, text: str) -> None:
    """Click the field, type over what is in it, or paste what keys can't say, and press Enter."""
    qtbot.mouseClick(panel.place, LEFT)
    qtbot.waitUntil(lambda: panel.place.selectedText() == panel.place.text())
    if text.isascii():
        qtbot.keyClicks(panel.place, text)
    else:
        QGuiApplication.clipboard().setText(text)
        qtbot.keyClick(panel.place, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.place, Qt.Key.Key_Return)


def locate(qtbot: QtBot, panel: DecodedPanel, folder: Path) -> None:
    """Press the button, give the folder in the dialog, and wait until it was searched."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        name = dialog.findChild(QLineEdit)
        name.setText(str(folder))
        qtbot.keyClick(name, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)
    qtbot.mouseClick(panel.locate_button, LEFT)
    qtbot.waitUntil(lambda: not panel.originals.busy)


def tiles(panel: DecodedPanel) -> list[QAbstractButton]:
    return [tile for tile in panel.tiles.findChildren(QAbstractButton) if tile.isVisible()]


def indices(panel: DecodedPanel) -> list[int]:
    """Return which images the tiles say they are."""
    return [int(tile.toolTip().partition("#")[2].partition(",")[0]) for tile in tiles(panel)]


# -- the image ---------------------------------------------------------------------------------


def test_before_a_model_is_open_it_says_so(qtbot: QtBot):
    panel = next(shown(qtbot, ExplorerState()))
    assert any("No model is open" in label.text() for label in panel.findChildren(QLabel))
    assert not panel.picture.isVisible()
    assert not any(action.isEnabled() for action in panel.actions())


def test_it_is_right_once_a_model_is_opened(qtbot: QtBot, demo: Bundle):
    state = ExplorerState()
    panel = next(shown(qtbot, state))
    state.open(demo)
    assert panel.picture.isVisible()
    assert np.array_equal(painted(panel), decoded(state))
    qtbot.waitUntil(lambda: len(tiles(panel)) == 6)


def test_the_image_follows_the_point_at_once(panel: DecodedPanel, state: ExplorerState):
    seen = []
    for x in np.linspace(-1, 1, 5):
        state.pin([x, 0.5])
        seen.append(painted(panel))
        assert np.array_equal(seen[-1], decoded(state))
    assert not np.array_equal(seen[0], seen[-1])


def test_a_pointer_over_the_map_changes_nothing(panel: DecodedPanel, state: ExplorerState):
    before = painted(panel)
    state.hover_at([2, 2])
    assert np.array_equal(painted(panel), before)


def test_what_happened_while_it_was_hidden_is_shown_after(
    panel: DecodedPanel, state: ExplorerState
):
    panel.hide()
    state.pin([1, -1])
    panel.show()
    assert np.array_equal(painted(panel), decoded(state))
    assert panel.place.text() == "1.000, −1.000"


def test_the_ink_is_changed_beside_the_image(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState
):
    on_paper = painted(panel)
    button = next(
        button
        for button in panel.findChildren(QToolButton)
        if button.defaultAction() is panel.ink_action
    )
    qtbot.mouseClick(button, LEFT)
    assert state.ink == "screen"
    assert np.array_equal(painted(panel), decoded(state))
    assert not np.array_equal(painted(panel), on_paper)
    qtbot.mouseClick(button, LEFT)
    assert np.array_equal(painted(panel), on_paper)


def test_by_night_it_is_drawn_on_the_paper_of_the_night(panel: DecodedPanel, state: ExplorerState):
    state.set_look(theme=DARK)
    assert np.array_equal(painted(panel), decoded(state))
    sheet = to_array(panel.picture.grab().toImage())
    edge = panel.picture.image_rect().topLeft() - QPoint(1, 1)
    assert sheet[edge.y(), edge.x()].tolist() == list(bytes.fromhex(DARK.sheet[1:]))


def test_colour_images_have_no_ink(qtbot: QtBot, colour_state: ExplorerState):
    panel = next(shown(qtbot, colour_state))
    assert not panel.ink_action.isEnabled()
    assert np.array_equal(painted(panel), decoded(colour_state))
    assert panel.title.text() == "Nearest · decoded"
    assert [tile.accessibleName()[0] for tile in tiles(panel)] == ["#"] * len(tiles(panel))


# -- the place ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0.5,-1.25", "0.5, −1.25", " z:0.5,-1.25 "])
def test_typed_coordinates_are_gone_to(qtbot: QtBot, panel: DecodedPanel, state, text):
    type_place(qtbot, panel, text)
    assert state.point.tolist() == [0.5, -1.25]
    assert np.array_equal(painted(panel), decoded(state))


@pytest.mark.parametrize("text", ["き", "ki", "class:1", "#12", "centroid:tsu"])
def test_typed_classes_and_images_are_gone_to(qtbot: QtBot, panel: DecodedPanel, state, text):
    type_place(qtbot, panel, text)
    assert state.scene.point == state.place(text)
    assert panel.place.text() == text
    state.undo()
    assert state.scene.point != state.place(text)


@pytest.mark.parametrize("text", ["nothing", "1,2,3", "#99999", "nan,0", "1e9,0", ","])
def test_what_is_no_place_is_refused_beside_the_field(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState, text: str
):
    before = state.scene
    with pytest.raises(BvaeError) as refused:
        state.place(text)
    type_place(qtbot, panel, text)
    assert panel.refusal.isVisible()
    assert panel.refusal.text() == str(refused.value)
    assert panel.place.text() == text
    assert state.scene == before
    assert not state.can_undo

    qtbot.keyClick(panel.place, Qt.Key.Key_Escape)
    assert not panel.refusal.isVisible()
    assert panel.place.text() == before.point.text


def test_the_field_shows_a_place_in_short_and_exactly_when_it_is_edited(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState
):
    state.pin(np.array([1 / 3, -1e-5], np.float32))
    assert panel.place.text() == "0.333, 0.000"
    before = state.scene
    qtbot.mouseClick(panel.place, LEFT)
    assert state.place(panel.place.text()) == before.point
    qtbot.keyClick(panel.place, Qt.Key.Key_Return)
    assert state.scene == before
    panel.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    panel.picture.setFocus()
    assert panel.place.text() == "0.333, 0.000"


def test_what_is_being_typed_stays_while_the_point_moves(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState
):
    qtbot.mouseClick(panel.place, LEFT)
    qtbot.waitUntil(lambda: bool(panel.place.selectedText()))
    qtbot.keyClicks(panel.place, "0.2,")
    state.pin([1, 1])
    assert panel.place.text() == "0.2,"
    qtbot.keyClicks(panel.place, "0.4")
    qtbot.keyClick(panel.place, Qt.Key.Key_Return)
    assert state.point.tolist() == np.array([0.2, 0.4], np.float32).tolist()


def test_more_dimensions_than_fit_are_told_in_the_tooltip(qtbot: QtBot, tmp_path: Path):
    state = ExplorerState()
    state.open(write_bundle(tmp_path / "bundle", contents(dimensions=10)))
    panel = next(shown(qtbot, state))
    state.pin(np.arange(10) / 8)
    assert panel.place.text() == "0.000, 0.125, 0.250, 0.375, …"
    assert "1.000, 1.125" in panel.place.toolTip()


def test_how_likely_the_place_is_is_said(panel: DecodedPanel, state: ExplorerState, demo: Bundle):
    state.pin(state.class_place(3, mean=False))
    rank = state.typicality.rank(state.point)
    assert panel.words.text() == typicality_words(rank, thing="character")
    assert panel.meter.share == pytest.approx(rank)
    state.pin([40, 40])
    assert panel.words.text() == "far from any character"
    assert panel.meter.share == 0


def test_words_follow_a_drag_behind_the_image(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState
):
    state.begin_gesture()
    before, image = panel.place.text(), panel.picture.image
    state.pin([40, 40])
    assert panel.picture.image != image
    assert panel.place.text() == before
    qtbot.waitUntil(lambda: panel.place.text() == "40.000, 40.000")
    assert panel.words.text() == "far from any character"
    state.end_gesture()


# -- the neighbours ----------------------------------------------------------------------------


def test_the_nearest_characters_are_shown_as_they_decode(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState, demo: Bundle
):
    state.pin([0.3, 0.4])
    nearest, distances = state.neighbours.nearest(state.point, 6)
    qtbot.waitUntil(lambda: indices(panel) == nearest.tolist())
    assert panel.title.text() == "Nearest · decoded"
    expected = to_rgb8(state.decode(demo.latents[nearest]), state.theme, state.ink)
    for tile, image, index, distance in zip(
        tiles(panel), expected, nearest, distances, strict=True
    ):
        assert np.array_equal(tile_image(tile), image)
        assert demo.class_names[demo.labels[index]] in tile.toolTip()
        assert f"distance {distance:.3f}" in tile.toolTip()
        assert ("test" if demo.is_test[index] else "training") in tile.toolTip()


def tile_image(tile: QAbstractButton) -> NDArray[np.uint8]:
    """Return the image that is painted in a tile of the demo, where 2×2 pixels are one."""
    return to_array(tile.grab().toImage())[:56:2, :56:2]


def test_a_click_on_a_neighbour_pins_it(qtbot: QtBot, panel: DecodedPanel, state, demo: Bundle):
    state.pin([0.3, 0.4])
    nearest, _ = state.neighbours.nearest(state.point, 6)
    qtbot.waitUntil(lambda: indices(panel) == nearest.tolist())
    qtbot.mouseClick(tiles(panel)[2], LEFT)
    assert state.scene.point.text == f"#{nearest[2]}"
    assert state.point.tolist() == demo.latents[nearest[2]].tolist()
    assert np.array_equal(painted(panel), decoded(state))


def test_a_neighbour_is_pinned_by_key(qtbot: QtBot, panel: DecodedPanel, state: ExplorerState):
    qtbot.waitUntil(lambda: len(tiles(panel)) == 6)
    wanted = indices(panel)[1]
    tiles(panel)[0].setFocus()
    qtbot.keyClick(tiles(panel)[0], Qt.Key.Key_Tab)
    assert tiles(panel)[1].hasFocus()
    qtbot.keyClick(tiles(panel)[1], Qt.Key.Key_Space)
    assert state.scene.point.text == f"#{wanted}"


def test_a_narrow_panel_shows_as_many_neighbours_as_fit(qtbot: QtBot, panel: DecodedPanel):
    qtbot.waitUntil(lambda: len(tiles(panel)) == 6)
    panel.resize(280, 560)
    qtbot.waitUntil(lambda: len(tiles(panel)) == 4)
    assert all(panel.tiles.rect().contains(tile.geometry()) for tile in tiles(panel))
    panel.resize(800, 560)
    qtbot.waitUntil(lambda: len(tiles(panel)) == 6)


# -- the originals -----------------------------------------------------------------------------


def test_once_located_neighbours_are_shown_as_they_were_written(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState, kmnist_folder: Path
):
    locate(qtbot, panel, kmnist_folder)
    assert panel.title.text() == "Nearest · original"
    assert not panel.locate_button.isVisible()
    assert state.originals is not None
    expected = to_rgb8(state.originals.take(indices(panel)), state.theme, state.ink)
    for tile, image in zip(tiles(panel), expected, strict=True):
        assert np.array_equal(tile_image(tile), image)


def test_where_they_were_last_they_are_found_without_asking(
    qtbot: QtBot, demo: Bundle, kmnist_folder: Path
):
    locate_originals(demo, str(kmnist_folder))
    state = ExplorerState()
    state.open(demo)
    panel = next(shown(qtbot, state))
    qtbot.waitUntil(lambda: panel.title.text() == "Nearest · original")


def test_other_images_are_refused_in_a_sentence(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState, tmp_path: Path
):
    folder = tmp_path / "others"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
    write_idx(folder / "train-images-idx3-ubyte.gz", pixels)
    locate(qtbot, panel, folder)
    assert panel.not_located.isVisible()
    assert "Expected the images that the model was trained on" in panel.not_located.text()
    assert state.originals is None
    assert panel.title.text() == "Nearest · decoded"
    assert panel.locate_button.isEnabled()


def test_what_comes_for_a_model_that_was_left_is_dropped(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState, kmnist_folder: Path, tmp_path: Path
):
    panel.originals.locate(str(kmnist_folder))
    state.open(write_bundle(tmp_path / "bundle", contents()))
    assert not panel.originals.busy
    qtbot.waitUntil(lambda: "originals" not in [thread.name for thread in threading.enumerate()])
    QApplication.processEvents()
    assert state.originals is None


# -- actions -----------------------------------------------------------------------------------


def test_the_image_is_copied_large_and_sharp(panel: DecodedPanel, state: ExplorerState):
    panel.copy_image_action.trigger()
    copied = to_array(QGuiApplication.clipboard().image())
    assert np.array_equal(copied, enlarged(decoded(state), 18, axis=0))


def test_copied_coordinates_can_be_typed_again(panel: DecodedPanel, state: ExplorerState):
    state.pin(np.array([1 / 3, -2.5], np.float32))
    panel.copy_coordinates_action.trigger()
    assert state.place(QGuiApplication.clipboard().text()).z == state.scene.point.z


def test_the_keys_copy_where_nothing_is_being_edited(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState
):
    QGuiApplication.clipboard().clear()
    panel.activateWindow()
    tile = tiles(panel)[0]
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not QGuiApplication.clipboard().image().isNull()
    panel.place.setFocus()
    panel.place.selectAll()
    qtbot.keyClick(panel.place, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == panel.place.text()


def test_the_picture_offers_what_one_can_do_with_it(
    qtbot: QtBot, panel: DecodedPanel, state: ExplorerState
):
    state.pin([1, 2])
    menu = QMenu(panel)
    menu.addActions(panel.picture.actions())
    words = [action.text() for action in menu.actions()]
    assert words == [
        "Copy image", "Copy coordinates", "Save image…", "Go to the origin", "Keep this point",
        "Show the 50 nearest", "Ink on paper",
    ]  # fmt: skip
    with qtbot.waitSignal(panel.save_requested):
        panel.save_action.trigger()
    panel.origin_action.trigger()
    assert state.point.tolist() == [0, 0]


def test_every_control_says_what_it_does(panel: DecodedPanel):
    controls = [
        panel.place, panel.locate_button, *tiles(panel),
        *(b for b in panel.findChildren(QToolButton) if b.parent() is not panel.place),
    ]  # fmt: skip
    for control in controls:
        assert control.toolTip()
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert QApplication.focusWidget() is None or panel.isAncestorOf(QApplication.focusWidget())
