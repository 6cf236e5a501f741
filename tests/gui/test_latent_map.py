"""The latent map under a real mouse and real keys."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from children import run_python
from latent_models import write_model
from mouse import CTRL, LEFT, MIDDLE, NONE, SHIFT, Mouse
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt
from qtpy.QtGui import QColor, QGuiApplication
from qtpy.QtWidgets import QApplication, QMenu

from bvae_core import load_bundle
from bvae_core.bundle import Bundle
from bvae_core.figures.theme import DARK
from bvae_core.kana import KUZUSHIJI_49
from bvae_gui.panels.latent_map import HELP, LatentMapPanel
from bvae_gui.state import ExplorerState

Key = Qt.Key


@functools.cache
def load_demo() -> Bundle:
    return load_bundle("demo")


class Map:
    """A panel in a window, and a user at it."""

    def __init__(self, qtbot: QtBot, bundle: Bundle | None) -> None:
        self.qtbot = qtbot
        self.state = ExplorerState()
        if bundle is not None:
            self.state.open(bundle)
        self.panel = LatentMapPanel(self.state)
        qtbot.addWidget(self.panel)
        self.panel.resize(800, 560)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        self.chart = self.panel.chart
        self.chart.setFocus()
        self.mouse = Mouse(self.chart)
        self.paint()

    def paint(self) -> None:
        QApplication.processEvents()

    def pixels(self) -> NDArray[np.uint8]:
        """What the chart shows, (H, W, 3)."""
        self.paint()
        return to_array(self.chart.grab().toImage())

    def colour_at(self, position: QPointF) -> str:
        pixel = self.pixels()[round(position.y()), round(position.x())]
        return QColor(*pixel.tolist()).name()

    def at(self, x: float, y: float) -> QPointF:
        """Where a point of the plane is on the chart."""
        column, row = self.chart.viewport.to_pixels([(x, y)])[0]
        return QPointF(column, row) + self.chart.room.topLeft()

    def anchor(self, index: int) -> QPointF:
        return self.chart.position_of(self.state.anchors[index])

    def press_key(self, key: Qt.Key, keys: Qt.KeyboardModifier | None = None) -> None:
        self.qtbot.keyPress(self.chart, key, keys or Qt.KeyboardModifier.NoModifier)

    def click_key(self, key: Qt.Key, keys: Qt.KeyboardModifier | None = None) -> None:
        self.qtbot.keyClick(self.chart, key, keys or Qt.KeyboardModifier.NoModifier)
        self.paint()

    def steps(self) -> int:
        """How many steps can be undone; leaves all of them undone."""
        count = 0
        while self.state.can_undo:
            self.state.undo()
            count += 1
        return count


@pytest.fixture
def plane(qtbot: QtBot) -> Map:
    """The demo: two dimensions."""
    return Map(qtbot, load_demo())


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Ten dimensions, the last of which vary most."""
    return write_model(tmp_path_factory.mktemp("many"), 10)


FREE = (-3.0, 3.0)  # a place of the demo without handles


def near(place: NDArray[np.float32], x: float, y: float) -> bool:
    return bool(np.allclose(place, (x, y), atol=0.02))


# -- pinning and dragging -----------------------------------------------------------------------


def test_a_click_pins_the_place_under_the_pointer(plane: Map) -> None:
    anchors = plane.state.anchors
    plane.mouse.click(plane.at(*FREE))
    assert near(plane.state.point, *FREE)
    assert np.array_equal(plane.state.anchors, anchors)
    assert plane.steps() == 1


def test_a_drag_takes_the_point_along_and_is_one_step(plane: Map) -> None:
    before = plane.state.point
    heard: list[list[float]] = []
    plane.state.point_changed.connect(lambda: heard.append(plane.state.point.tolist()))
    plane.mouse.drag(plane.at(*FREE), plane.at(-2, 2), plane.at(0, 3), plane.at(2, 3))
    assert len(heard) == 4
    assert near(plane.state.point, 2, 3)
    assert plane.steps() == 1
    assert np.array_equal(plane.state.point, before)


def test_the_mark_is_painted_where_the_point_is(plane: Map) -> None:
    plane.mouse.click(plane.at(*FREE))
    right_of_ring = plane.at(*FREE) + QPointF(15, 0)
    assert plane.colour_at(right_of_ring) == plane.state.theme.accent  # the keys move it
    plane.mouse.click(plane.at(3, 3))
    assert plane.colour_at(right_of_ring) != plane.state.theme.accent


def test_a_drag_beyond_the_edge_stays_on_the_map(plane: Map) -> None:
    plane.mouse.drag(plane.at(*FREE), QPointF(-4000, 200), QPointF(9000, 9000))
    (_, right), (bottom, _) = plane.chart.viewport.limits
    assert near(plane.state.point, right, bottom)


def test_a_click_beside_the_axes_pins_nothing(plane: Map) -> None:
    before = plane.state.scene
    plane.mouse.click(QPointF(10, 200))
    assert plane.state.scene == before


def test_escape_takes_a_drag_back(plane: Map) -> None:
    before = plane.state.scene
    plane.mouse.press(plane.at(*FREE))
    plane.mouse.move(plane.at(2, 3))
    assert near(plane.state.point, 2, 3)
    plane.click_key(Key.Key_Escape)
    assert plane.state.scene == before
    plane.mouse.move(plane.at(1, 3))
    plane.mouse.release()
    assert plane.state.scene == before
    assert plane.steps() == 0


@pytest.mark.parametrize("is_redone", [False, True])
def test_undo_under_a_held_button_makes_two_steps_of_a_drag(plane: Map, is_redone: bool) -> None:
    before = plane.state.scene
    start = plane.anchor(0)
    plane.mouse.press(start)
    plane.mouse.move(start + QPointF(20, 20))
    dragged = plane.state.scene
    plane.state.undo()
    assert plane.state.scene == before
    assert plane.state.can_redo
    if is_redone:
        plane.state.redo()
        assert plane.state.scene == dragged
    for step in range(10):
        plane.mouse.move(start + QPointF(30 + step, 20))
    plane.mouse.release()
    assert plane.steps() == 1 + is_redone
    assert plane.state.scene == before


def test_what_was_undone_under_a_held_button_can_be_done_again(plane: Map) -> None:
    start = plane.anchor(0)
    plane.mouse.press(start)
    plane.mouse.move(start + QPointF(20, 20))
    dragged = plane.state.scene
    plane.state.undo()
    plane.mouse.release()
    plane.state.redo()
    assert plane.state.scene == dragged


def test_an_arrow_that_is_let_go_of_does_not_end_a_drag(plane: Map) -> None:
    start = plane.anchor(0)
    plane.press_key(Key.Key_Right)
    plane.mouse.press(start)
    plane.mouse.move(start + QPointF(10, 0))
    plane.qtbot.keyRelease(plane.chart, Key.Key_Right)
    for step in range(10):
        plane.mouse.move(start + QPointF(20 + step, 0))
    plane.mouse.release()
    assert plane.steps() == 2


def test_the_point_can_be_taken_hold_of_without_a_jump(plane: Map) -> None:
    plane.mouse.click(plane.at(*FREE))
    grip = plane.at(*FREE) + QPointF(6, 4)
    plane.mouse.click(grip)
    assert near(plane.state.point, *FREE)
    plane.mouse.drag(grip, plane.at(-2, 2) + QPointF(6, 4))
    assert near(plane.state.point, -2, 2)


def test_ctrl_snaps_to_the_nearest_image_that_is_shown(plane: Map) -> None:
    state = plane.state
    where = plane.at(*FREE)
    away = np.linalg.norm(state.map.shown - FREE, axis=1)
    nearest = int(away.argmin())
    plane.mouse.click(where, CTRL)
    assert state.scene.point.text == f"#{nearest}"
    labels = state.model.labels
    assert labels is not None
    state.map.hide({int(labels[nearest])})
    away[labels == labels[nearest]] = np.inf
    plane.mouse.click(where, CTRL)
    assert state.scene.point.text == f"#{int(away.argmin())}"


# -- anchors ------------------------------------------------------------------------------------


def test_a_seal_is_dragged_by_where_it_was_taken(plane: Map) -> None:
    state = plane.state
    other, point = state.anchors[0], state.point
    grip = QPointF(5, -3)
    images: list[NDArray[np.float32]] = []
    state.morph.changed.connect(lambda: images.append(state.morph.images))
    plane.mouse.drag(plane.anchor(1) + grip, plane.at(-2, 2) + grip, plane.at(*FREE) + grip)
    assert near(state.anchors[1], *FREE)
    assert np.array_equal(state.anchors[0], other)
    assert np.array_equal(state.point, point)
    assert len(images) == 2
    assert not np.array_equal(images[0], images[1])
    assert plane.steps() == 1


def test_a_seal_lies_above_the_point_and_keeps_its_name_on_a_click(plane: Map) -> None:
    before = plane.state.scene
    assert before.point == before.anchors[0]
    plane.mouse.click(plane.anchor(0) + QPointF(2, 1))
    assert plane.state.scene == before
    plane.mouse.drag(plane.anchor(0), plane.at(*FREE))
    assert near(plane.state.anchors[0], *FREE)
    assert plane.state.scene.point == before.point


def test_seals_are_painted_where_the_anchors_are(plane: Map) -> None:
    inside = QPointF(-6, 0)
    for index in (0, 1):
        assert plane.colour_at(plane.anchor(index) + inside) == plane.state.theme.accent
    plane.mouse.drag(plane.anchor(1), plane.at(*FREE))
    assert plane.colour_at(plane.at(*FREE) + inside) == plane.state.theme.accent


def test_the_shown_frame_is_marked_on_the_way(plane: Map) -> None:
    state = plane.state
    for frame in (4, 7):
        state.morph.show_frame(frame)
        place = plane.chart.position_of(state.morph.places[frame])
        assert plane.colour_at(place) == state.theme.accent
    place = plane.chart.position_of(state.morph.places[4])
    assert plane.colour_at(place) == state.theme.text


def test_a_grid_has_four_handles_and_a_traversal_none(plane: Map) -> None:
    state, chart = plane.state, plane.chart
    state.set_mode("grid")
    state.add_anchor(state.place("3,3"))
    assert [chart.handle_at(plane.anchor(i)) for i in range(4)] == [0, 1, 2, 3]
    assert chart.handle_at(plane.at(3, 3)) is None
    corner = chart.position_of(state.morph.places[-1])
    assert chart.handle_at(corner) == 3
    state.set_mode("traversal")
    assert all(not isinstance(chart.handle_at(plane.anchor(i)), int) for i in range(4))


def test_the_cursor_says_what_can_be_taken_hold_of(plane: Map) -> None:
    shape = Qt.CursorShape
    plane.mouse.move(plane.at(*FREE))
    assert plane.chart.cursor().shape() == shape.CrossCursor
    plane.mouse.move(plane.anchor(1))
    assert plane.chart.cursor().shape() == shape.OpenHandCursor
    plane.mouse.press(plane.anchor(1))
    assert plane.chart.cursor().shape() == shape.ClosedHandCursor
    plane.mouse.release()
    assert plane.chart.cursor().shape() == shape.OpenHandCursor
    plane.mouse.move(QPointF(5, 5))
    assert plane.chart.cursor().shape() == shape.ArrowCursor


# -- hovering -----------------------------------------------------------------------------------


def test_hovering_shows_the_decode_beside_the_pointer(plane: Map) -> None:
    ground = plane.pixels()
    plane.mouse.move(plane.at(*FREE))
    assert plane.state.hover is not None
    assert near(plane.state.hover, *FREE)
    first = plane.pixels()
    assert not np.array_equal(first, ground)
    plane.mouse.move(plane.at(1, -1))
    second = plane.pixels()
    assert not np.array_equal(first, second)
    plane.mouse.leave()
    assert plane.state.hover is None
    assert np.array_equal(plane.pixels(), ground)


@pytest.mark.parametrize("corner", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_the_lens_stays_on_the_map_and_off_the_pointer(plane: Map, corner) -> None:
    room = plane.chart.room
    position = QPointF(
        room.left() + corner[0] * (room.width() - 1), room.top() + corner[1] * (room.height() - 1)
    )
    plane.mouse.move(position)
    lens = plane.panel._lens
    assert lens.isVisible()
    assert plane.chart.rect().contains(lens.geometry())
    assert not lens.geometry().contains(position.toPoint())


def test_there_is_no_lens_while_something_is_dragged(plane: Map) -> None:
    plane.mouse.move(plane.at(*FREE))
    plane.mouse.press(plane.at(*FREE))
    plane.mouse.move(plane.at(-2, 2))
    assert not plane.panel._lens.isVisible()
    assert plane.state.hover is None
    plane.mouse.release()
    assert plane.panel._lens.isVisible()


# -- looking around -----------------------------------------------------------------------------


def test_the_wheel_zooms_about_the_pointer(plane: Map) -> None:
    where = plane.at(1, 0.5)
    plane.mouse.turn_wheel(where, 3)
    x, y = plane.chart.plane_at(where)
    assert (x, y) == pytest.approx((1, 0.5))
    (left, right), _ = plane.chart.viewport.limits
    assert right - left < 8
    plane.mouse.click(where)
    assert near(plane.state.point, 1, 0.5)
    plane.mouse.turn_wheel(where, -3)
    assert plane.chart.viewport.scale == pytest.approx(plane.chart._home.scale)


@pytest.mark.parametrize(("button", "keys"), [(MIDDLE, None), (None, SHIFT)])
def test_the_map_is_moved_like_a_sheet_of_paper(plane: Map, button, keys) -> None:
    before = plane.state.scene
    options = {"button": button} if button is not None else {"keys": keys}
    x, y = plane.chart.plane_at(QPointF(300, 200))
    plane.mouse.drag(QPointF(300, 200), QPointF(350, 220), QPointF(380, 240), **options)
    assert plane.chart.plane_at(QPointF(380, 240)) == pytest.approx((x, y))
    assert plane.state.scene == before


def test_the_wheel_zooms_a_map_that_is_being_moved(plane: Map) -> None:
    plane.mouse.press(QPointF(300, 200), MIDDLE)
    plane.mouse.move(QPointF(320, 220))
    plane.mouse.turn_wheel(QPointF(320, 220), 5)
    place, scale = plane.chart.plane_at(QPointF(320, 220)), plane.chart.viewport.scale
    plane.mouse.move(QPointF(330, 225))
    plane.mouse.release()
    assert plane.chart.viewport.scale == scale
    assert plane.chart.plane_at(QPointF(330, 225)) == pytest.approx(place)


def test_a_map_that_gets_another_size_while_it_is_moved_keeps_its_shape(plane: Map) -> None:
    plane.mouse.press(QPointF(300, 200), MIDDLE)
    plane.mouse.move(QPointF(320, 220))
    plane.panel.resize(640, 480)
    plane.paint()
    plane.mouse.move(QPointF(330, 225))
    plane.mouse.release()
    room = plane.chart.room
    assert plane.chart.viewport.size == (room.width(), room.height())


def test_the_space_bar_held_moves_the_map(plane: Map) -> None:
    before = plane.state.scene
    x, y = plane.chart.plane_at(QPointF(300, 200))
    plane.press_key(Key.Key_Space)
    assert plane.chart.cursor().shape() == Qt.CursorShape.OpenHandCursor
    plane.mouse.drag(QPointF(300, 200), QPointF(330, 260))
    plane.qtbot.keyRelease(plane.chart, Key.Key_Space)
    assert plane.chart.plane_at(QPointF(330, 260)) == pytest.approx((x, y))
    assert plane.state.scene == before
    plane.mouse.click(plane.at(*FREE))
    assert near(plane.state.point, *FREE)


def test_a_double_click_sees_all_and_pins_nothing(plane: Map) -> None:
    plane.mouse.click(plane.at(*FREE))
    plane.mouse.turn_wheel(QPointF(300, 200), 5)
    assert not plane.chart.is_home
    plane.mouse.double_click(QPointF(420, 300))
    assert plane.chart.is_home
    assert near(plane.state.point, *FREE)


def test_keys_and_actions_zoom_too(plane: Map) -> None:
    scale = plane.chart.viewport.scale[0]
    plane.click_key(Key.Key_Plus)
    assert plane.chart.viewport.scale[0] < scale
    plane.click_key(Key.Key_Minus)
    assert plane.chart.viewport.scale[0] == pytest.approx(scale)
    plane.panel.zoom_out_action.trigger()
    assert plane.chart.viewport.scale[0] > scale
    plane.click_key(Key.Key_Home)
    assert plane.chart.is_home


def test_one_cannot_zoom_beyond_reason(plane: Map) -> None:
    for notches in (200, -400):
        plane.mouse.turn_wheel(plane.at(0, 0), notches)
        (left, right), _ = plane.chart.viewport.limits
        assert 1e-4 < right - left < 1e3
        plane.mouse.click(QPointF(300, 200))
        assert np.isfinite(plane.state.point).all()


def test_what_shall_be_seen_is_seen_however_large_the_map_becomes(plane: Map) -> None:
    limits = (-1.0, 1.0), (0.0, 1.5)
    plane.chart.see(limits)
    at_first = plane.chart.viewport
    plane.panel.resize(500, 760)
    plane.paint()
    assert plane.chart.viewport.scale != at_first.scale
    assert plane.chart.viewport.contains((-0.99, 0.01))
    assert plane.chart.viewport.contains((0.99, 1.49))
    assert plane.chart.limits == limits
    plane.panel.resize(800, 560)
    plane.paint()
    assert plane.chart.viewport == at_first
    plane.mouse.turn_wheel(QPointF(300, 200), 2)
    assert plane.chart.limits == plane.chart.viewport.limits
    plane.chart.see(None)
    assert plane.chart.is_home


def test_dots_move_with_the_view(plane: Map) -> None:
    before = plane.pixels()
    plane.mouse.turn_wheel(QPointF(300, 200), 2)
    assert not np.array_equal(plane.pixels(), before)
    plane.chart.go_home()
    assert np.array_equal(plane.pixels(), before)


def test_another_size_shows_all_again(plane: Map) -> None:
    plane.panel.resize(1000, 700)
    plane.paint()
    assert plane.chart.is_home
    first = plane.pixels()
    assert first.shape[:2] == (plane.chart.height(), plane.chart.width())
    plane.mouse.click(plane.at(*FREE))
    assert near(plane.state.point, *FREE)
    plane.panel.resize(400, 300)
    plane.paint()
    shown = plane.chart.viewport.to_pixels(plane.state.map.shown)
    assert (shown >= 0).all()
    assert (shown <= plane.chart.viewport.size).all()


def test_at_night_the_map_is_dark(plane: Map) -> None:
    corner = QPointF(3, 3)
    assert plane.colour_at(corner) == plane.state.theme.ground
    plane.state.set_look(theme=DARK)
    assert plane.colour_at(corner) == DARK.ground
    plane.mouse.drag(plane.anchor(1), plane.at(*FREE))
    assert plane.colour_at(plane.at(*FREE) + QPointF(-6, 0)) == DARK.accent
    assert plane.colour_at(corner) == DARK.ground


# -- keys ---------------------------------------------------------------------------------------


def test_arrows_nudge_the_point_and_a_held_key_is_one_step(plane: Map) -> None:
    plane.mouse.click(plane.at(0, 3))
    x, y = plane.state.point
    plane.click_key(Key.Key_Right)
    step = plane.state.point[0] - x
    assert 0 < step < 0.2
    assert plane.state.point[1] == pytest.approx(y, abs=1e-5)
    plane.click_key(Key.Key_Up, SHIFT)
    assert plane.state.point[1] - y == pytest.approx(10 * step, rel=1e-3)
    for _ in range(3):
        plane.press_key(Key.Key_Left)
    plane.qtbot.keyRelease(plane.chart, Key.Key_Left)
    assert plane.state.point[0] == pytest.approx(x - 2 * step, abs=1e-4)
    assert plane.steps() == 4  # the click, right, up, and left held


def test_losing_the_keyboard_ends_a_step(plane: Map) -> None:
    plane.press_key(Key.Key_Left)
    plane.panel.legend.setFocus()
    plane.chart.setFocus()
    plane.press_key(Key.Key_Left)
    plane.qtbot.keyRelease(plane.chart, Key.Key_Left)
    assert plane.steps() == 2


def test_a_letter_chooses_an_anchor_for_the_arrows(plane: Map) -> None:
    point, anchors = plane.state.point, plane.state.anchors
    plane.click_key(Key.Key_B)
    assert plane.chart.chosen == 1
    plane.click_key(Key.Key_Down)
    assert np.array_equal(plane.state.point, point)
    assert np.array_equal(plane.state.anchors[0], anchors[0])
    assert plane.state.anchors[1][1] < anchors[1][1]
    plane.click_key(Key.Key_Escape)
    assert plane.chart.chosen is None
    plane.click_key(Key.Key_Down)
    assert plane.state.point[1] < point[1]
    plane.click_key(Key.Key_H)  # there is none
    assert plane.chart.chosen is None


def test_delete_removes_the_chosen_anchor_but_leaves_two(plane: Map) -> None:
    said: list[str] = []
    plane.state.said.connect(said.append)
    plane.state.add_anchor(plane.state.place("3,3"))
    plane.mouse.click(plane.anchor(2))
    plane.click_key(Key.Key_Delete)
    assert len(plane.state.anchors) == 2
    plane.click_key(Key.Key_A)
    plane.click_key(Key.Key_Delete)
    assert len(plane.state.anchors) == 2
    assert said == ["A path needs at least 2 anchors."]


def test_a_point_nudged_out_of_sight_is_followed(plane: Map) -> None:
    plane.mouse.click(plane.at(*FREE))
    plane.mouse.turn_wheel(plane.at(*FREE), 10)
    for _ in range(15):
        plane.click_key(Key.Key_Right, SHIFT)
    assert plane.chart.viewport.contains(plane.state.point)


def test_the_marks_say_where_the_keys_go(plane: Map) -> None:
    plane.mouse.click(plane.at(*FREE))
    ring, theme = plane.at(*FREE) + QPointF(15, 0), plane.state.theme
    assert plane.colour_at(ring) == theme.accent
    plane.click_key(Key.Key_B)
    assert plane.colour_at(ring) == theme.text
    plane.click_key(Key.Key_B)
    assert plane.colour_at(ring) == theme.accent
    plane.chart.clearFocus()
    assert plane.colour_at(ring) == theme.text


# -- the context menu ---------------------------------------------------------------------------


def titles(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(menu: QMenu, title: str) -> None:
    next(action for action in menu.actions() if action.text().startswith(title)).trigger()


def open_menu(plane: Map, position: QPointF, *, by_key: bool = False) -> QMenu:
    plane.mouse.ask_for_menu(position, by_key=by_key)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    plane.qtbot.addWidget(menu)
    return menu


def test_a_right_click_offers_what_can_be_done_there(plane: Map) -> None:
    menu = open_menu(plane, plane.at(*FREE))
    offered = titles(menu)
    assert offered[0] == "Pin here"
    assert offered[1].startswith("Pin nearest image, #")
    assert offered[2] == "Keep this point"
    assert offered[3:6] == ["Set anchor A here", "Set anchor B here", "Add anchor C here"]
    assert offered[6].startswith("Go to the centroid of ")
    assert offered[7].startswith("Go to the most typical ")
    assert offered[8].startswith("Select ")
    assert offered[9:12] == ["Select all shown", "Invert the selection", "Select nothing"]
    assert offered[12:] == ["Copy coordinates", "Reset view"]
    choose(menu, "Set anchor B")
    assert near(plane.state.anchors[1], *FREE)
    choose(menu, "Add anchor C")
    assert near(plane.state.anchors[2], *FREE)
    choose(menu, "Pin here")
    assert near(plane.state.point, *FREE)
    menu.close()


def test_on_a_seal_it_offers_to_remove_the_anchor(plane: Map) -> None:
    plane.state.add_anchor(plane.state.place("3,3"))
    menu = open_menu(plane, plane.anchor(1))
    assert "Set anchor B here" not in titles(menu)
    choose(menu, "Remove anchor B")
    assert len(plane.state.anchors) == 2
    menu.close()


def test_with_eight_anchors_none_can_be_added(plane: Map) -> None:
    for _ in range(6):
        plane.state.add_anchor(plane.state.place("3,3"))
    menu = open_menu(plane, plane.at(*FREE))
    assert not any(title.startswith("Add") for title in titles(menu))
    menu.close()


def test_the_menu_goes_to_the_class_of_the_nearest_dot(plane: Map) -> None:
    state = plane.state
    labels = state.model.labels
    assert labels is not None
    label = int(labels[plane.chart.nearest_image(plane.at(*FREE))])
    menu = open_menu(plane, plane.at(*FREE))
    choose(menu, "Go to the centroid")
    assert state.scene.point == state.class_place(label, mean=True)
    choose(menu, "Go to the most typical")
    assert state.scene.point == state.class_place(label, mean=False)
    menu.close()


def test_the_menu_key_opens_it_at_the_point(plane: Map) -> None:
    plane.state.pin(np.array([0.5, 2.25], np.float32))
    menu = open_menu(plane, QPointF(1, 1), by_key=True)
    choose(menu, "Copy coordinates")
    assert QGuiApplication.clipboard().text() == "0.5,2.25"
    menu.close()


# -- classes ------------------------------------------------------------------------------------


def test_hidden_classes_leave_the_map_and_its_density(plane: Map) -> None:
    state, labels = plane.state, plane.state.model.labels
    assert labels is not None
    everything = plane.pixels()
    state.map.toggle_class(5)
    without = plane.pixels()
    assert not np.array_equal(everything, without)
    assert np.array_equal(plane.chart._ground.is_seen, labels != 5)
    state.map.hide(range(10))
    nothing = plane.pixels()
    far = plane.at(-2.5, 0.5)
    assert plane.colour_at(far) == state.theme.ground
    assert plane.chart.nearest_image(far) is None
    plane.mouse.click(far, CTRL)  # nothing to snap to
    assert near(state.point, -2.5, 0.5)
    state.undo()
    state.map.hide(())
    plane.mouse.leave()
    assert not np.array_equal(nothing, everything)
    assert np.array_equal(plane.pixels(), everything)


def test_the_legend_hides_isolates_and_goes_to_classes(plane: Map) -> None:
    state, legend = plane.state, plane.panel.legend
    row = Mouse(legend.viewport())

    def middle(index: int) -> QPointF:
        return QPointF(legend.visualItemRect(legend.item(index)).center())

    row.click(middle(2))
    assert state.map.hidden == {2}
    assert plane.panel._show_all.isVisible()
    row.click(middle(2))
    assert state.map.hidden == set()
    row.click(middle(3), CTRL)
    assert state.map.hidden == set(range(10)) - {3}
    plane.panel._show_all.click()
    assert state.map.hidden == set()
    row.double_click(middle(4))
    assert state.map.hidden == set()
    assert state.scene.point == state.class_place(4, mean=True)


def test_the_legend_has_counts_and_readings(plane: Map) -> None:
    legend = plane.panel.legend
    assert legend.count() == 10
    assert legend.item(3).text() == "つ tsu"
    spoken = legend.item(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "つ tsu, 1,401 images, shown"


def test_hiding_a_class_does_not_move_the_map(plane: Map) -> None:
    size = plane.chart.size()
    plane.state.map.toggle_class(1)
    plane.paint()
    assert plane.chart.size() == size


# -- other models -------------------------------------------------------------------------------


def test_before_a_model_is_open_it_says_what_to_do(qtbot: QtBot) -> None:
    empty = Map(qtbot, None)
    assert not empty.chart.isVisible()
    empty.state.open(load_demo())
    empty.paint()
    assert empty.chart.isVisible()
    empty.mouse.click(empty.at(*FREE))
    assert near(empty.state.point, *FREE)


def test_ten_dimensions_move_in_the_shown_plane_and_keep_the_rest(
    qtbot: QtBot, many: Bundle
) -> None:
    wide = Map(qtbot, many)
    state = wide.state
    state.map.look_along((9, 8))
    state.pin(np.arange(10, dtype=np.float32) / 10)
    wide.mouse.drag(wide.at(2, 2), wide.at(1.5, -1.5))
    assert state.point[[9, 8]].tolist() == pytest.approx([1.5, -1.5], abs=0.05)
    assert state.point[:8].tolist() == pytest.approx((np.arange(8) / 10).tolist())
    anchor = state.anchors[1]
    wide.mouse.drag(wide.anchor(1), wide.at(2, 2))
    assert state.anchors[1][[9, 8]].tolist() == pytest.approx([2, 2], abs=0.05)
    assert np.array_equal(state.anchors[1][:8], anchor[:8])


def test_principal_axes_take_a_click_into_their_plane(qtbot: QtBot, many: Bundle) -> None:
    wide = Map(qtbot, many)
    assert wide.state.map.view == "principal"
    wide.mouse.click(wide.at(1.5, -1))
    assert near(wide.state.map.to_plane(wide.state.point[None])[0], 1.5, -1)


def test_axes_are_chosen_by_their_kl(qtbot: QtBot, many: Bundle) -> None:
    wide = Map(qtbot, many)
    state = wide.state
    across, up = wide.panel._axes
    assert across.isVisible()
    assert across.currentText().startswith("PC 1")
    assert up.currentText().startswith("PC 2")
    offered = [across.itemData(i) for i in range(3, across.count())]
    assert offered == np.argsort(-state.kl_per_dim).tolist()
    first, second = offered[:2]

    def pick(choice, dimension: int) -> None:
        choice.setFocus()
        choice.showPopup()
        choice.setCurrentIndex(choice.findData(dimension))
        choice.activated.emit(choice.currentIndex())
        choice.hidePopup()

    before = wide.pixels()
    pick(across, second)
    assert state.map.view == (second, first)
    assert not np.array_equal(wide.pixels(), before)
    pick(up, second)  # they change places
    assert state.map.view == (first, second)
    assert up.currentText().startswith("z")
    pick(up, -1)
    assert state.map.view == "principal"
    assert across.currentText().startswith("PC 1")


def test_one_dimension_is_spread_out_and_clicks_go_to_the_line(
    qtbot: QtBot, tmp_path: Path
) -> None:
    line = Map(qtbot, write_model(tmp_path, 1))
    line.mouse.click(line.at(0.5, 0.8))
    assert line.state.point.tolist() == pytest.approx([0.5], abs=0.02)
    line.mouse.turn_wheel(line.at(0.5, 0), 4)
    line.mouse.drag(line.at(0.5, 0), line.at(0.4, 0.9))
    assert line.state.point.tolist() == pytest.approx([0.4], abs=0.02)
    line.click_key(Key.Key_Right)
    line.click_key(Key.Key_Up)
    assert line.state.point[0] > 0.4
    assert not line.panel._axes[0].isVisible()


def test_without_classes_there_is_no_legend(qtbot: QtBot, tmp_path: Path) -> None:
    plain = Map(qtbot, write_model(tmp_path, 3, has_labels=False))
    assert not plain.panel.legend.isVisible()
    menu = open_menu(plain, plain.at(0, 0))
    assert not any("centroid" in title for title in titles(menu))
    menu.close()
    plain.mouse.click(plain.at(0.4, 0.3))
    assert near(plain.state.map.to_plane(plain.state.point[None])[0], 0.4, 0.3)


def test_forty_nine_classes_scroll(qtbot: QtBot, tmp_path: Path) -> None:
    crowd = Map(qtbot, write_model(tmp_path, 2, images=490, class_names=KUZUSHIJI_49))
    legend = crowd.panel.legend
    assert legend.count() == 49
    assert legend.verticalScrollBar().maximum() > 0
    legend.setFocus()
    qtbot.keyClick(legend, Key.Key_End)
    qtbot.keyClick(legend, Key.Key_Space)
    assert crowd.state.map.hidden == {48}
    qtbot.keyClick(legend, Key.Key_Return)
    assert crowd.state.scene.point == crowd.state.class_place(48, mean=True)


def test_another_model_replaces_the_map(plane: Map, many: Bundle) -> None:
    plane.mouse.turn_wheel(QPointF(300, 200), 5)
    plane.state.map.hide({1})
    plane.state.open(many)
    plane.paint()
    assert plane.chart.is_home
    assert plane.panel.legend.count() == 3
    assert plane.panel._axes[0].isVisible()
    plane.state.open(load_demo())
    plane.paint()
    assert plane.panel.legend.count() == 10
    assert not plane.panel._axes[0].isVisible()
    plane.mouse.click(plane.at(*FREE))
    assert near(plane.state.point, *FREE)


@pytest.mark.parametrize(
    ("button", "keys"),
    [
        (LEFT, NONE),
        (MIDDLE, NONE),
        (LEFT, Qt.KeyboardModifier.AltModifier),
    ],
)
def test_a_drag_ends_where_another_model_is_opened(plane: Map, many: Bundle, button, keys) -> None:
    plane.state.add_anchor(plane.state.class_place(3, mean=True))
    start = plane.anchor(2)
    plane.mouse.press(start, button, keys)
    plane.mouse.move(start + QPointF(10, 10), keys)
    plane.mouse.move(start + QPointF(10, 60), keys)
    plane.state.open(many)
    plane.paint()
    before, picture = plane.state.scene, plane.pixels()
    plane.mouse.move(start + QPointF(90, 90), keys)
    plane.mouse.move(start + QPointF(-90, 90), keys)
    assert np.array_equal(plane.pixels(), picture)
    plane.mouse.release(keys)
    assert plane.state.scene == before
    assert plane.chart.is_home
    assert not plane.state.can_undo


def test_a_drag_ends_where_the_map_is_seen_from_another_side(qtbot: QtBot, many: Bundle) -> None:
    ten = Map(qtbot, many)
    start = ten.anchor(0)
    ten.mouse.press(start)
    ten.mouse.move(start + QPointF(20, 20))
    ten.state.map.look_along((9, 8))
    ten.paint()
    before = ten.state.scene
    ten.mouse.move(start + QPointF(40, 40))
    ten.mouse.release()
    assert ten.state.scene == before
    assert ten.steps() == 1


def test_a_map_that_was_hidden_is_right_when_it_is_shown(plane: Map) -> None:
    plane.panel.hide()
    plane.state.pin(np.array(FREE, np.float32))
    plane.state.set_look(theme=DARK)
    plane.state.map.toggle_class(1)
    plane.panel.show()
    plane.paint()
    assert plane.colour_at(QPointF(3, 3)) == DARK.ground
    labels = plane.state.model.labels
    assert np.array_equal(plane.chart._ground.is_seen, labels != 1)
    assert plane.colour_at(plane.at(*FREE) + QPointF(15, 0)) in (DARK.text, DARK.accent)


# -- everybody ----------------------------------------------------------------------------------


def test_every_control_has_a_name_and_says_what_it_does(plane: Map) -> None:
    panel = plane.panel
    for action in (
        panel.zoom_in_action,
        panel.zoom_out_action,
        panel.reset_view_action,
        panel.remove_anchor_action,
    ):
        assert action.text()
        assert action.toolTip() != action.text()
        assert not action.shortcut().isEmpty()
    for widget in (plane.chart, panel.legend, *panel._axes):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert all(gesture and effect for gesture, effect in HELP)


@pytest.mark.parametrize("scale", ["2", "1.5"])
def test_on_screens_of_high_resolution_clicks_land_where_they_should(
    scale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = run_python(
        """
import numpy as np
from qtpy.QtCore import QPointF
from qtpy.QtWidgets import QApplication
from bvae_core import load_bundle
from bvae_gui.panels.latent_map import LatentMapPanel
from bvae_gui.state import ExplorerState
from gui.mouse import Mouse
from pictures import to_array

application = QApplication([])
state = ExplorerState()
state.open(load_bundle("demo"))
panel = LatentMapPanel(state)
panel.resize(800, 560)
panel.show()
application.processEvents()
chart, mouse = panel.chart, Mouse(panel.chart)
x, y = chart.plane_at(QPointF(200, 150))
mouse.drag(QPointF(300, 300), QPointF(200, 150))
assert np.allclose(state.point, (x, y), atol=1e-4), (state.point, x, y)
mouse.drag(chart.position_of(state.anchors[1]), QPointF(500, 100))
picture = to_array(chart.grab().toImage())
ratio = chart.devicePixelRatioF()
pixel = picture[round(100 * ratio), round((500 - 6) * ratio)]
print(ratio, *picture.shape[:2], "#" + bytes(pixel).hex() == state.theme.accent)
print(chart.height(), chart.width())
"""
    )
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    ratio, *size, is_seal = first.split()
    assert float(ratio) == float(scale)
    assert is_seal == "True"
    logical = [float(side) * float(scale) for side in second.split()]
    assert [float(side) for side in size] == pytest.approx(logical, abs=1)
