"""Selecting on the map, with a real mouse and real keys."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from mouse import CTRL, MIDDLE, NONE, SHIFT, Mouse
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt
from qtpy.QtWidgets import QApplication, QMenu, QToolButton

from bvae_core import load_bundle
from bvae_core.bundle import Bundle
from bvae_gui.panels.latent_map import LatentMapPanel
from bvae_gui.state import ExplorerState

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


@functools.cache
def demo() -> Bundle:
    return load_bundle("demo")


class Map:
    """The map of the demo, and a user who selects."""

    def __init__(self, qtbot: QtBot, bundle: Bundle) -> None:
        self.qtbot = qtbot
        self.state = ExplorerState()
        self.state.open(bundle)
        self.said: list[str] = []
        self.state.said.connect(self.said.append)
        self.panel = LatentMapPanel(self.state)
        qtbot.addWidget(self.panel)
        self.panel.resize(800, 560)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        self.chart = self.panel.chart
        self.chart.setFocus()
        self.mouse = Mouse(self.chart)
        QApplication.processEvents()

    def at(self, x: float, y: float) -> QPointF:
        column, row = self.chart.viewport.to_pixels([(x, y)])[0]
        return QPointF(column, row) + self.chart.room.topLeft()

    def draw(
        self,
        *corners: tuple[float, float],
        keys: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        start, *way = (self.at(*corner) for corner in corners)
        self.mouse.drag(start, *way, keys=keys, button=button)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self.chart, key, keys)

    @property
    def selected(self) -> set[int]:
        return set(self.state.selection.tolist())

    def inside(self, left: float, bottom: float, right: float, top: float) -> set[int]:
        """The images in a box, by their codes."""
        x, y = self.state.map.shown.T
        is_in = (x > left) & (x < right) & (y > bottom) & (y < top)
        return set(np.flatnonzero(is_in).tolist())


@pytest.fixture
def plane(qtbot: QtBot) -> Map:
    return Map(qtbot, demo())


SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def about(selected: set[int], expected: set[int]) -> bool:
    """Whether they differ in dots on the edge alone: a pixel is as wide as some dots are apart."""
    return len(selected ^ expected) < 0.05 * len(expected)


def test_alt_and_a_drag_select_what_is_drawn_around(plane: Map) -> None:
    point, anchors = plane.state.scene.point, plane.state.scene.anchors

    plane.draw(*SQUARE, keys=ALT)

    assert about(plane.selected, plane.inside(0, 0, 1, 1))
    assert plane.said[-1] == f"{len(plane.selected):,} images selected."
    assert (plane.state.scene.point, plane.state.scene.anchors) == (point, anchors)


def test_a_selection_is_one_step_to_undo(plane: Map) -> None:
    plane.draw(*SQUARE, keys=ALT)
    selected = plane.selected

    plane.state.undo()
    assert plane.selected == set()
    assert not plane.state.can_undo
    plane.state.redo()
    assert plane.selected == selected


def test_a_lasso_is_a_shape_and_no_box(plane: Map) -> None:
    plane.key(Key.Key_L)

    plane.draw((-1, -1), (1, -1), (-1, 1))

    x, y = plane.state.map.shown[plane.state.selection].T
    assert len(x) > 100
    assert (x + y < 0.05).all()


def test_r_chooses_the_box_that_goes_from_corner_to_corner(plane: Map) -> None:
    plane.key(Key.Key_R)

    plane.draw((1, 1), (2, 3), (0, 0))

    assert about(plane.selected, plane.inside(0, 0, 1, 1))


def test_shift_adds_and_ctrl_takes_out(plane: Map) -> None:
    plane.key(Key.Key_R)
    plane.draw((0, 0), (1, 1))
    first = plane.selected

    plane.draw((-1, -1), (0, 0), keys=SHIFT)
    both = plane.selected
    assert first < both
    assert about(both, plane.inside(0, 0, 1, 1) | plane.inside(-1, -1, 0, 0))

    plane.draw((0, 0), (1, 1), keys=CTRL)
    assert plane.selected == both - first


def test_escape_takes_a_lasso_back_and_then_puts_the_tool_away(plane: Map) -> None:
    plane.key(Key.Key_L)
    assert plane.panel.selecting.lasso.isChecked()
    plane.mouse.press(plane.at(0, 0))
    for corner in SQUARE[1:]:
        plane.mouse.move(plane.at(*corner))

    plane.key(Key.Key_Escape)
    plane.mouse.release()
    assert plane.selected == set()
    assert plane.panel.selecting.lasso.isChecked()

    plane.key(Key.Key_Escape)
    assert not plane.panel.selecting.lasso.isChecked()
    plane.mouse.click(plane.at(-3, 3))
    assert np.allclose(plane.state.point, (-3, 3), atol=0.02)


def test_a_click_with_a_tool_selects_and_pins_nothing(plane: Map) -> None:
    plane.draw(*SQUARE, keys=ALT)
    scene = plane.state.scene
    plane.key(Key.Key_L)

    plane.mouse.click(plane.at(-1, -1))

    assert plane.state.scene == scene
    assert plane.said[-1] == "Drag around dots to select them."


def test_with_a_tool_in_hand_the_middle_button_and_space_still_move_the_map(plane: Map) -> None:
    plane.key(Key.Key_L)
    before = plane.chart.viewport

    plane.draw((0, 0), (0.5, 0.5), button=MIDDLE)
    moved = plane.chart.viewport
    plane.qtbot.keyPress(plane.chart, Key.Key_Space)
    plane.draw((0, 0), (0.5, 0.5))
    plane.qtbot.keyRelease(plane.chart, Key.Key_Space)

    assert before != moved != plane.chart.viewport
    assert plane.selected == set()


def test_the_buttons_beside_the_map_are_the_tools(plane: Map) -> None:
    buttons = {button.accessibleName(): button for button in plane.panel.findChildren(QToolButton)}
    lasso, box = buttons["Select with a lasso"], buttons["Select with a box"]

    lasso.click()
    box.click()
    assert (lasso.isChecked(), box.isChecked()) == (False, True)
    box.click()
    assert (lasso.isChecked(), box.isChecked()) == (False, False)
    assert "(L)" in lasso.toolTip()


def test_hidden_classes_are_not_selected(plane: Map) -> None:
    plane.state.map.hide({3})

    plane.draw(*SQUARE, keys=ALT)
    by_lasso = plane.state.selection
    plane.key(Key.Key_A, CTRL)

    labels = demo().labels
    assert labels is not None
    assert len(by_lasso)
    assert 3 not in labels[by_lasso]
    assert np.array_equal(plane.state.selection, np.flatnonzero(labels != 3))


def test_keys_select_all_and_the_rest_and_nothing(plane: Map) -> None:
    plane.draw(*SQUARE, keys=ALT)
    some = plane.selected
    everything = set(range(len(demo().latents)))

    plane.key(Key.Key_I, CTRL | SHIFT)
    assert plane.selected == everything - some
    plane.key(Key.Key_A, CTRL)
    assert plane.selected == everything
    plane.key(Key.Key_A, CTRL | SHIFT)
    assert plane.selected == set()
    assert not plane.panel.selecting.clear.isEnabled()


def choose(menu: QMenu, words: str) -> None:
    (action,) = [each for each in menu.actions() if each.text() == words]
    action.trigger()
    menu.close()


def test_the_legends_menu_selects_a_class_and_adds_another(plane: Map) -> None:
    legend, labels = plane.panel.legend, demo().labels
    assert labels is not None

    choose(legend.menu_of(plane.panel._entries()[2]), "Select its images")
    assert plane.selected == set(np.flatnonzero(labels == 2).tolist())
    choose(legend.menu_of(plane.panel._entries()[5]), "Add its images to the selection")
    assert plane.selected == set(np.flatnonzero(np.isin(labels, (2, 5))).tolist())


def test_the_maps_menu_selects_and_takes_out_the_class_of_the_nearest_image(plane: Map) -> None:
    labels = demo().labels
    assert labels is not None
    place = plane.at(0.5, 0.5)
    label = int(labels[plane.chart.nearest_image(place)])
    title = plane.panel._title(label)

    choose(plane.panel.menu_at(place), f"Select {title}")
    assert plane.selected == set(np.flatnonzero(labels == label).tolist())
    choose(plane.panel.menu_at(place), f"Take {title} out of the selection")
    assert plane.selected == set()


def test_what_is_not_selected_is_grey_and_still_there(plane: Map) -> None:
    def saturation() -> np.ndarray:
        QApplication.processEvents()
        room = plane.chart.room.toRect()
        pixels = to_array(plane.chart.grab(room).toImage()).astype(int)
        return pixels.max(axis=2) - pixels.min(axis=2)

    before = saturation()
    plane.draw(*SQUARE, keys=ALT)
    after = saturation()

    inside = plane.at(0.2, 0.8) - plane.chart.room.topLeft()
    size = plane.at(0.8, 0.2) - plane.at(0.2, 0.8)
    here = np.s_[
        round(inside.y()) : round(inside.y() + size.y()),
        round(inside.x()) : round(inside.x() + size.x()),
    ]
    colourful = 60
    assert (after[here] > colourful).mean() > 0.5 * (before[here] > colourful).mean()
    away = np.ones(before.shape, bool)
    away[here] = False
    assert (after[away] > colourful).sum() < 0.3 * (before[away] > colourful).sum()


class Unlabelled(Bundle):
    """The demo as if nobody had told its characters apart."""

    labels = None
    class_names = ()

    def __init__(self, bundle: Bundle) -> None:
        self.__dict__ = bundle.__dict__


def test_images_without_classes_can_be_selected(qtbot: QtBot) -> None:
    plain = Map(qtbot, Unlabelled(demo()))
    plain.key(Key.Key_R)
    (left, right), (bottom, top) = plain.chart.viewport.limits

    plain.draw((left, bottom), (right, top))
    assert len(plain.selected) == len(demo().latents)
    choose(plain.panel.menu_at(plain.at(0, 0)), "Select nothing")
    assert plain.selected == set()
