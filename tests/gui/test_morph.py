"""The morph panel, as one uses it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import bundles
import numpy as np
import pytest
from latent_models import with_codes, write_model
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QContextMenuEvent
from qtpy.QtWidgets import QApplication, QMenu, QToolButton, QWidget

from bvae_core import load_bundle
from bvae_core.bundle import Bundle, write_bundle
from bvae_core.figures.ink import to_rgb8
from bvae_core.figures.theme import DARK
from bvae_core.latent import axis_name, path
from bvae_gui.panels.morph import MorphPanel
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Scene
from bvae_gui.style import apply_style
from bvae_gui.widgets.film_strip import FilmStrip
from bvae_gui.widgets.place_dialog import PlaceDialog

LEFT = Qt.MouseButton.LeftButton


@functools.cache
def load_demo() -> Bundle:
    return load_bundle("demo")


@pytest.fixture
def state() -> ExplorerState:
    state = ExplorerState()
    state.open(load_demo())
    return state


@pytest.fixture
def panel(qtbot: QtBot, state: ExplorerState) -> Iterator[MorphPanel]:
    """The panel, as large as it is in a small window."""
    panel = MorphPanel(state)
    qtbot.addWidget(panel)
    apply_style(panel, state.theme)
    panel.resize(1280, 220)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def inked(state: ExplorerState) -> NDArray[np.uint8]:
    """Return the frames as they should look, decoded anew."""
    return to_rgb8(state.decode(state.morph.places), state.theme, state.ink)


def shown_frame(panel: MorphPanel) -> NDArray[np.uint8]:
    return to_array(panel.player.picture.image)


def strip_shows(panel: MorphPanel, images: NDArray[np.uint8]) -> bool:
    """Compare what is painted with a strip of its own that has just these images."""
    strip, expected = panel.strip, FilmStrip()
    expected.resize(strip.size())
    scene = panel._state.scene
    columns = scene.columns if scene.mode == "grid" else None
    # The words take room, so there have to be some.
    expected.set_frames(images, columns=columns, anchors={0: "?"})
    assert strip.count == len(images)
    return all(
        np.array_equal(
            to_array(strip.grab(strip.frame_rect(index)).toImage()),
            to_array(expected.grab(expected.frame_rect(index)).toImage()),
        )
        for index in range(len(images))
    )


def press(qtbot: QtBot, button: QToolButton) -> None:
    qtbot.mouseClick(button, LEFT)


def choose(qtbot: QtBot, *words: str) -> None:
    """Choose from the menu that is open, and from its submenus, with the mouse."""
    menu = QApplication.activePopupWidget()
    for index, word in enumerate(words):
        assert isinstance(menu, QMenu)
        action = next(action for action in menu.actions() if action.text() == word)
        if index == len(words) - 1:
            qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
        else:
            menu.setActiveAction(action)
            qtbot.keyClick(menu, Qt.Key.Key_Right)
            menu = action.menu()
            qtbot.waitUntil(menu.isVisible)


def texts(panel: MorphPanel) -> list[str]:
    """Return what the anchors are called, as the chips say it."""
    return [chip.accessibleName() for chip in panel.anchors.chips if chip.isVisible()]


# -- what is shown -----------------------------------------------------------------------------


@pytest.mark.parametrize("width", [380, 520, 700, 1280])
def test_nothing_is_cut_off_where_the_controls_need_more_lines(
    qtbot: QtBot, panel: MorphPanel, width: int
) -> None:
    settings, strip = panel.settings, panel.scrolled

    def has_strip_when_as_low_as_may_be() -> bool:
        panel.resize(width, panel.minimumSizeHint().height())
        return strip.height() >= strip.minimumSizeHint().height()

    panel.resize(width, 100)
    qtbot.waitUntil(has_strip_when_as_low_as_may_be)
    for control in (settings.mode, settings.way, settings.frames):
        corner = control.mapTo(settings, control.rect().bottomRight())
        assert settings.rect().contains(corner)
    assert settings.geometry().bottom() < strip.geometry().top()


def test_before_a_model_is_open_it_says_so(qtbot: QtBot):
    state = ExplorerState()
    panel = MorphPanel(state)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.strip.isVisible()
    assert not panel.play_action.isEnabled()
    assert not panel.export_action.isEnabled()
    state.set_look(theme=DARK)
    state.open(load_demo())
    assert panel.strip.isVisible()
    assert panel.play_action.isEnabled()
    assert strip_shows(panel, inked(state))


def test_the_strip_shows_the_decoded_frames(panel: MorphPanel, state: ExplorerState):
    assert panel.strip.count == 12
    assert strip_shows(panel, inked(state))
    assert np.array_equal(shown_frame(panel), inked(state)[0])


def test_the_frames_follow_an_anchor(panel: MorphPanel, state: ExplorerState):
    before = inked(state)
    state.begin_gesture()
    for x in np.linspace(0, 2, 5):
        state.set_anchor(1, [x, -1.0])
        assert strip_shows(panel, inked(state))
    state.end_gesture()
    assert not strip_shows(panel, before)
    state.undo()
    assert strip_shows(panel, before)


def test_theme_and_ink_change_every_picture(panel: MorphPanel, state: ExplorerState):
    state.set_look(theme=DARK, ink="screen")
    assert strip_shows(panel, inked(state))
    assert np.array_equal(shown_frame(panel), inked(state)[0])


def test_a_hidden_panel_decodes_nothing_and_catches_up(panel: MorphPanel, state: ExplorerState):
    panel.hide()
    state.set_anchor(0, [1.0, 1.0])
    assert "decoded" not in vars(state._now)  # which is where they are kept once they are decoded
    panel.show()
    assert "decoded" in vars(state._now)
    assert strip_shows(panel, inked(state))
    assert texts(panel)[0] == "Anchor A: (1, 1)"


def test_another_model_takes_the_place_of_the_first(
    panel: MorphPanel, state: ExplorerState, tmp_path: Path
):
    contents = bundles.contents(kind="conv", labels=None)
    state.open(write_bundle(tmp_path / "bundle", contents))
    assert strip_shows(panel, inked(state))
    assert shown_frame(panel).shape == (16, 24, 3)
    assert panel.settings.dimension.count() == 1 + 3
    assert all(text.startswith("Anchor") and "#" in text for text in texts(panel))


# -- frames ------------------------------------------------------------------------------------


def test_a_drag_on_the_strip_goes_through_the_frames(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    images = inked(state)
    strip = panel.strip
    qtbot.mousePress(strip, LEFT, pos=strip.frame_rect(2).center())
    for index in (3, 4, 5):
        qtbot.mouseMove(strip, strip.frame_rect(index).center())
        assert state.morph.frame == index
        assert np.array_equal(shown_frame(panel), images[index])
        assert panel.player.scrubber.value() == index
    qtbot.mouseRelease(strip, LEFT)
    assert not state.can_undo  # to look is not to change


def test_keys_go_through_the_frames(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    qtbot.keyClick(panel.strip, Qt.Key.Key_Right)
    qtbot.keyClick(panel.strip, Qt.Key.Key_Right)
    assert state.morph.frame == 2
    qtbot.keyClick(panel.player.scrubber, Qt.Key.Key_End)
    assert state.morph.frame == 11
    assert panel.strip.current == 11


def test_a_double_click_pins_a_frame(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    qtbot.mouseDClick(panel.strip, LEFT, pos=panel.strip.frame_rect(4).center())
    assert np.array_equal(state.point, state.morph.places[4])
    state.undo()
    assert not state.can_undo


def test_a_tooltip_says_where_a_frame_is_and_what_is_near(panel: MorphPanel, state: ExplorerState):
    words = panel._describe(0)  # the exemplar of お itself
    x, y = (f"{number:.3f}".replace("-", "−") for number in state.morph.places[0])
    assert "Frame 1 of 12" in words
    assert f"({x}, {y})" in words
    assert "Nearest: お, #" in words
    assert "0.000 away" in words


def test_a_frame_becomes_an_anchor_where_it_lies_on_the_way(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    place = state.morph.places[6]
    open_frame_menu(panel, 6)
    choose(qtbot, "Add an anchor here")
    assert len(state.anchors) == 3
    assert np.array_equal(state.anchors[1], place)
    assert panel.strip.count == 12


def test_an_anchor_is_put_where_a_frame_is(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    place = state.morph.places[6]
    open_frame_menu(panel, 6)
    choose(qtbot, "Put anchor here", "B")
    assert np.array_equal(state.anchors[1], place)
    open_frame_menu(panel, 3)
    place = state.morph.places[3]
    choose(qtbot, "Pin this frame")
    assert np.array_equal(state.point, place)


def open_frame_menu(panel: MorphPanel, index: int) -> None:
    spot = panel.strip.frame_rect(index).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, panel.strip.mapToGlobal(spot))
    QApplication.sendEvent(panel.strip, event)


# -- settings ----------------------------------------------------------------------------------


def test_a_grid_fills_the_space_between_four_anchors(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    press(qtbot, panel.settings.mode.button("grid"))
    assert state.scene.mode == "grid"
    assert panel.strip.count == 60
    assert panel.strip.rows == 5
    assert strip_shows(panel, inked(state))
    assert len(texts(panel)) == 4
    panel.settings.rows.setFocus()
    qtbot.keyClick(panel.settings.rows, Qt.Key.Key_Up)
    panel.settings.columns.setFocus()
    qtbot.keyClick(panel.settings.columns, Qt.Key.Key_Down)
    assert (state.scene.rows, state.scene.columns) == (6, 11)
    assert panel.strip.rows == 6
    assert strip_shows(panel, inked(state))


def test_a_traversal_varies_a_dimension_of_the_pinned_point(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    press(qtbot, panel.settings.mode.button("traversal"))
    assert not panel.anchors.isVisible()
    assert panel.around.text().endswith("お o")
    assert strip_shows(panel, inked(state))
    state.pin([0.5, -0.25])
    assert panel.around.text().endswith("(0.5, −0.25)")
    assert strip_shows(panel, inked(state))

    settings = panel.settings
    settings.dimension.setFocus()
    qtbot.keyClick(settings.dimension, Qt.Key.Key_Down)
    assert state.scene.dimension == settings.dimension.currentData()
    assert np.ptp(state.morph.places[:, state.scene.dimension]) == 6
    assert strip_shows(panel, inked(state))


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A model of twelve dimensions, of which one says nothing."""
    folder = tmp_path_factory.mktemp("twelve")
    bundle = write_model(folder, 12)
    mean, log_var = bundle.latents.copy(), bundle.log_var.copy()
    mean[:, 4] = log_var[:, 4] = 0
    return write_bundle(folder / "dead", with_codes(bundle, mean, log_var))


def test_every_dimension_has_a_row_by_what_it_says(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState, twelve: Bundle
):
    state.open(twelve)
    press(qtbot, panel.settings.mode.button("traversal"))
    panel.settings.dimension.setFocus()
    qtbot.keyClick(panel.settings.dimension, Qt.Key.Key_Home)
    assert state.scene.dimension is None
    strip, kl = panel.strip, state.kl_per_dim
    assert (strip.count, strip.rows) == (12 * 12, 12)
    order = np.argsort(-kl, kind="stable")
    assert order[-1] == 4  # which says nothing
    assert strip.row_names == tuple(f"{axis_name(j)} · {kl[j]:.2f} nats" for j in order)
    assert strip.faint_rows == {11}
    assert panel.around.text().endswith("from −3 to 3")
    rows = state.morph.places.reshape(12, 12, 12)
    for row, dimension in zip(rows, order, strict=True):
        assert np.ptp(row, axis=0).nonzero()[0].tolist() == [dimension]
    state.set_traversal(None, "data")
    assert panel.around.text().endswith("from its smallest code to its largest")
    state.undo()
    state.undo()
    assert panel.strip.rows == 1


def test_rows_that_find_no_room_scroll_to_the_frame_that_is_shown(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState, twelve: Bundle
):
    state.open(twelve)
    state.set_mode("traversal")
    state.set_traversal(None, "sigmas")
    strip, scroll = panel.strip, panel.scrolled
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    assert strip.frame_rect(0).height() >= 32
    strip.setFocus()
    for _ in range(11):
        qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert state.morph.frame == 11 * 12
    assert not strip.visibleRegion().intersected(strip.frame_rect(11 * 12)).isEmpty()
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    state.set_mode("path")
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() == 0)


def test_a_grid_of_more_rows_than_there_are_pixels_scrolls_to_its_end(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    state.set_mode("grid")
    state.set_grid(100, 3)
    strip, scroll = panel.strip, panel.scrolled
    panel.resize(1280, panel.minimumSizeHint().height())
    qtbot.waitUntil(lambda: scroll.viewport().height() < 100)
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert state.morph.frame == 299
    last = strip.frame_rect(299)
    assert strip.visibleRegion().intersected(last).boundingRect() == last


def test_a_double_click_on_a_row_pins_a_frame_and_the_rows_go_around_it(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    state.set_mode("traversal")
    state.set_traversal(None, "sigmas")
    place = state.morph.places[15]
    qtbot.mouseDClick(panel.strip, LEFT, pos=panel.strip.frame_rect(15).center())
    assert np.array_equal(state.point, place)
    first = state.morph.row_dimensions[0]
    assert (np.delete(state.morph.places[:12], first, axis=1) == np.delete(place, first)).all()


def test_a_traversal_goes_around_what_the_menu_says(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    state.set_mode("traversal")
    press(qtbot, panel.around_button)
    choose(qtbot, "At the centroid of", "れ re")
    assert state.scene.point == state.class_place(8, mean=True)
    assert "around the pinned point, mean of れ re" in panel.around.text()


def test_dimensions_are_listed_by_what_they_say(panel: MorphPanel, state: ExplorerState):
    box = panel.settings.dimension
    assert box.itemText(0) == "Every dimension"
    listed = [box.itemData(index) for index in range(1, box.count())]
    assert sorted(listed) == [0, 1]
    assert state.kl_per_dim[listed[0]] >= state.kl_per_dim[listed[1]]
    assert f"{state.kl_per_dim[listed[0]]:.2f} nats" in box.itemText(1)


def test_the_range_of_a_traversal_has_an_extent_where_it_can_have_one(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    state.set_mode("traversal")
    settings = panel.settings
    settings.extent.setFocus()
    qtbot.keyClick(settings.extent, Qt.Key.Key_Up)
    assert state.scene.extent == 3.5
    settings.range.setFocus()
    qtbot.keyClick(settings.range, Qt.Key.Key_Down)
    assert (state.scene.over, state.scene.extent) == ("prior", None)
    assert settings.extent.text() == "5 %"
    settings.extent.setFocus()
    settings.extent.selectAll()
    qtbot.keyClicks(settings.extent, "12.5")
    qtbot.keyClick(settings.extent, Qt.Key.Key_Return)
    assert state.scene.extent == 0.125
    settings.range.setFocus()
    qtbot.keyClick(settings.range, Qt.Key.Key_Down)
    assert state.scene.over == "data"
    assert not settings.extent.isVisible()
    codes = state.model.latents[:, state.scene.dimension]
    column = state.morph.places[:, state.scene.dimension]
    assert (column[0], column[-1]) == (codes.min(), codes.max())


def test_where_there_is_little_room_the_kinds_of_morph_are_icons(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    button, frames = panel.settings.mode.button("grid"), panel.settings.frames
    wide = button.width()
    panel.resize(900, 220)
    qtbot.waitUntil(lambda: button.width() < wide)
    qtbot.waitUntil(lambda: line_of(panel, frames) == line_of(panel, button))
    assert (button.accessibleName(), button.toolTip()[:4]) == ("Grid", "Fill")
    panel.resize(1280, 220)
    qtbot.waitUntil(lambda: button.width() == wide)


def line_of(panel: MorphPanel, control: QWidget) -> int:
    """Return how far down the middle of a control is."""
    return control.mapTo(panel, control.rect().center()).y()


def test_great_circles_are_another_way(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    press(qtbot, panel.settings.way.button("spherical"))
    assert np.array_equal(state.morph.places, path(state.anchors, 12, "spherical"))
    assert strip_shows(panel, inked(state))
    qtbot.keyClick(panel.settings.way.button("spherical"), Qt.Key.Key_Left)
    assert state.scene.interpolation == "straight"


def test_the_number_of_frames_is_typed_and_undone_at_once(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    frames = panel.settings.frames
    frames.setFocus()
    frames.selectAll()
    qtbot.keyClicks(frames, "37")
    qtbot.keyClick(frames, Qt.Key.Key_Return)
    assert panel.strip.count == 37
    assert strip_shows(panel, inked(state))
    state.undo()
    assert (state.scene.frames, frames.value()) == (12, 12)
    assert not state.can_undo


def test_a_key_held_on_the_number_of_frames_is_one_step_back(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    frames = panel.settings.frames
    frames.setFocus()
    qtbot.keyPress(frames, Qt.Key.Key_Up)
    for _ in range(3):
        frames.stepUp()  # what an automatic repeat of the key does
    qtbot.keyRelease(frames, Qt.Key.Key_Up)
    assert state.scene.frames == 16
    state.undo()
    assert (state.scene.frames, frames.value()) == (12, 12)


def test_a_model_has_its_frames_when_it_opens(panel: MorphPanel, state: ExplorerState):
    """The controls show the scene; they don't change it."""
    assert state.scene.frames == panel.settings.frames.value() == 12
    assert not state.can_undo
    state.set_frames(2)
    assert panel.settings.frames.value() == 2
    state.set_frames(20)
    assert panel.settings.frames.minimum() == 3


def test_undo_and_restored_scenes_reach_every_control(panel: MorphPanel, state: ExplorerState):
    before = state.scene
    state.restore(
        Scene(before.point, before.anchors, "traversal", "spherical", 7, 3, 4, 1, "quantiles", 0.1)
    )
    settings = panel.settings
    seen = (
        settings.mode.value, settings.way.value, settings.frames.value(), settings.rows.value(),
        settings.columns.value(), settings.dimension.currentData(), settings.range.currentData(),
        settings.extent.text(),
    )  # fmt: skip
    assert seen == ("traversal", "spherical", 7, 3, 4, 1, "quantiles", "10 %")
    assert panel.strip.count == 7
    state.undo()
    assert state.scene == before
    assert (settings.mode.value, settings.frames.value()) == ("path", 12)
    assert not state.can_undo


# -- anchors -----------------------------------------------------------------------------------


def test_chips_name_the_anchors(panel: MorphPanel, state: ExplorerState):
    assert texts(panel) == ["Anchor A: お o", "Anchor B: き ki"]
    state.set_anchor(1, [0.5, -1.25])
    assert texts(panel) == ["Anchor A: お o", "Anchor B: (0.5, −1.25)"]


def test_an_anchor_goes_where_the_menu_says(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    first = panel.anchors.chips[0]
    press(qtbot, first)
    choose(qtbot, "At the centroid of", "れ re")
    assert state.scene.anchors[0] == state.class_place(8, mean=True)
    assert texts(panel)[0] == "Anchor A: mean of れ re"
    press(qtbot, first)
    choose(qtbot, "At the most typical image of", "は ha")
    assert state.scene.anchors[0] == state.class_place(5, mean=False)
    state.pin([0.5, 0.5])
    press(qtbot, first)
    choose(qtbot, "At the pinned point")
    assert state.scene.anchors[0] == state.scene.point
    press(qtbot, panel.anchors.chips[1])
    choose(qtbot, "Pin this place")
    assert state.scene.point == state.scene.anchors[1]
    assert strip_shows(panel, inked(state))


def test_a_menu_works_by_keys_alone(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    state.pin([0.5, 0.5])
    qtbot.keyClick(panel.anchors.chips[1], Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert state.scene.anchors[1] == state.scene.point
    assert not panel.player.is_playing


def test_a_place_can_be_typed_and_a_wrong_one_is_refused(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    before = state.scene
    press(qtbot, panel.anchors.chips[1])
    choose(qtbot, "Type a place…")
    dialog = panel.findChild(PlaceDialog)
    qtbot.keyClicks(dialog.field, "#99999999")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "Expected an image from #0 to #14010" in dialog.refusal.text()
    assert dialog.refusal.height() >= dialog.refusal.heightForWidth(dialog.refusal.width())
    assert state.scene == before
    dialog.field.insert("0.5,−1.25")  # pasted
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.findChild(PlaceDialog) is None)
    assert state.anchors[1].tolist() == [0.5, -1.25]


def test_anchors_swap(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    a, b = state.scene.anchors
    press(qtbot, panel.anchors.swap_button)
    assert state.scene.anchors == (b, a)
    press(qtbot, panel.anchors.chips[0])
    choose(qtbot, "Swap with", "B")
    assert state.scene.anchors == (a, b)
    state.set_mode("grid")
    corners = state.scene.anchors
    state.add_anchor([0.0, 0.0])
    press(qtbot, panel.anchors.swap_button)
    assert state.scene.anchors[:4] == (corners[3], *corners[1:3], corners[0])


def test_anchors_are_added_until_there_are_eight_and_removed_until_two_are_left(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    while panel.anchors.add_button.isEnabled():
        press(qtbot, panel.anchors.add_button)
    assert len(state.anchors) == len({tuple(z) for z in state.anchors.tolist()}) == 8
    assert len(texts(panel)) == 8
    assert strip_shows(panel, inked(state))
    third = state.scene.anchors[2]
    panel.anchors.chips[2].setFocus()
    qtbot.keyClick(panel.anchors.chips[2], Qt.Key.Key_Delete)
    assert third not in state.scene.anchors
    for _ in range(6):
        press(qtbot, panel.anchors.chips[0])
        choose(qtbot, "Remove A")
    assert len(state.anchors) == 2
    QApplication.activePopupWidget().close()  # "Remove" was grey the last time
    qtbot.keyClick(panel.anchors.chips[0], Qt.Key.Key_Delete)
    assert len(state.anchors) == 2


def test_a_new_anchor_can_be_put_somewhere_at_once(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    button = panel.anchors.add_button
    button.customContextMenuRequested.emit(QPoint(5, 5))
    choose(qtbot, "At the centroid of", "き ki")
    assert state.scene.anchors[2] == state.class_place(1, mean=True)


@pytest.mark.parametrize("mode", ["path", "grid", "traversal"])
def test_with_eight_anchors_nothing_is_cut_off(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState, mode
):
    while len(state.anchors) < 8:
        state.add_anchor(state.spare_place())
    state.set_mode(mode)
    QApplication.processEvents()
    parts = [panel.strip, panel.player.picture, panel.player.speed, panel.settings.mode]
    if mode != "traversal":
        parts += [*panel.anchors.chips, panel.anchors.swap_button]
    assert panel.size().height() == 220
    for part in parts:
        assert part.isVisible()
        corner = part.mapTo(panel, QPoint(0, 0))
        assert panel.rect().contains(corner)
        assert panel.rect().contains(corner + part.rect().bottomRight())
        assert part.width() >= part.minimumSizeHint().width()
    assert panel.anchors.swap_button.mapTo(panel, QPoint(0, 0)).x() < 1040


# -- playing -----------------------------------------------------------------------------------


def test_playing_goes_through_the_frames_and_once_stops_at_the_end(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    seen: list[int] = []
    state.morph.frame_changed.connect(lambda: seen.append(state.morph.frame))
    images = inked(state)
    panel.player.set_repeat("once")
    panel.player.speed.setValue(30)
    panel.play_action.trigger()
    qtbot.waitUntil(lambda: seen != [] and not panel.player.is_playing)
    assert seen == list(range(1, 12))
    assert np.array_equal(shown_frame(panel), images[11])


def test_playing_goes_on_while_the_morph_changes(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    panel.player.speed.setValue(30)
    panel.play_action.trigger()
    qtbot.waitUntil(lambda: state.morph.frame == 8)
    state.set_frames(5)
    assert panel.player.is_playing
    qtbot.waitUntil(lambda: state.morph.frame == 2)
    state.set_anchor(0, [1.0, 1.0])
    assert np.array_equal(shown_frame(panel), inked(state)[2])
    assert panel.player.is_playing


def test_playing_waits_while_a_frame_is_held(qtbot: QtBot, panel: MorphPanel, state: ExplorerState):
    panel.player.speed.setValue(30)
    panel.play_action.trigger()
    qtbot.mousePress(panel.strip, LEFT, pos=panel.strip.frame_rect(3).center())
    qtbot.wait(200)
    assert state.morph.frame == 3
    qtbot.mouseRelease(panel.strip, LEFT, pos=panel.strip.frame_rect(3).center())
    qtbot.waitUntil(lambda: state.morph.frame == 5)


def test_a_strip_that_is_hidden_while_a_frame_is_held_holds_nothing_up(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    qtbot.mousePress(panel.strip, LEFT, pos=panel.strip.frame_rect(3).center())
    panel.hide()
    panel.show()
    panel.play_action.trigger()
    qtbot.waitUntil(lambda: state.morph.frame == 5)


def test_space_plays_where_the_panel_has_the_focus(
    qtbot: QtBot, panel: MorphPanel, state: ExplorerState
):
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.strip.setFocus()
    qtbot.keyClick(panel.strip, Qt.Key.Key_Space)
    assert panel.player.is_playing
    qtbot.keyClick(panel.strip, Qt.Key.Key_Space)
    assert not panel.player.is_playing


def test_a_closed_panel_plays_no_more(panel: MorphPanel, state: ExplorerState):
    panel.play_action.trigger()
    assert panel.player.is_playing
    panel.close()
    assert not panel.player.is_playing


def test_another_model_does_not_begin_to_play(panel: MorphPanel, state: ExplorerState):
    panel.play_action.trigger()
    state.open(load_demo())
    assert not panel.player.is_playing


# -- for everybody -----------------------------------------------------------------------------


def test_every_control_has_a_name_and_a_tooltip_and_is_reached_by_key(
    panel: MorphPanel, state: ExplorerState
):
    for mode in ("path", "grid", "traversal"):
        state.set_mode(mode)
        seen, widget = set(), panel.strip
        while widget not in seen:
            seen.add(widget)
            widget = widget.nextInFocusChain()
        controls = [
            widget
            for widget in seen
            if widget.isVisible()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None  # as the field in a spin box has one
        ]
        assert panel.player.scrubber in controls
        assert len(controls) >= 12
        for control in controls:
            words = control.accessibleName() or getattr(control, "text", str)()
            assert words, control
            assert control.toolTip() or control is panel.strip, words
