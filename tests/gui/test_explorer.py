"""The panels together, without the window around them: as another program would dock them."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QApplication, QScrollArea, QWidget

from bvae_core.bundle import Bundle
from bvae_gui.arrangement import NARROW
from bvae_gui.explorer import MORPH, SELECTION, ExplorerWidget
from bvae_gui.state import ExplorerState

CTRL = Qt.KeyboardModifier.ControlModifier
UNDO = Qt.Key.Key_Z, CTRL
REDO = Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def explorer(qtbot: QtBot, demo: Bundle) -> ExplorerWidget:
    state = ExplorerState()
    state.open(demo)
    explorer = ExplorerWidget(state)
    qtbot.addWidget(explorer)
    explorer.resize(1200, 750)
    explorer.show()
    explorer.activateWindow()
    explorer.map.chart.setFocus()
    return explorer


def test_it_may_be_there_before_a_model_is(qtbot: QtBot, demo: Bundle):
    state = ExplorerState()
    explorer = ExplorerWidget(state)
    qtbot.addWidget(explorer)
    explorer.show()
    empty = explorer.grab().toImage()
    assert not explorer.morph.export_action.isEnabled()
    state.open(demo)
    qtbot.waitUntil(lambda: explorer.grab().toImage() != empty)
    assert explorer.morph.export_action.isEnabled()


def test_a_drag_on_the_map_moves_point_image_and_place_and_is_one_step(
    qtbot: QtBot, explorer: ExplorerWidget
):
    chart, state = explorer.map.chart, explorer.decoded._state
    before, image = state.scene, explorer.decoded.grab().toImage()
    start = QPoint(80, chart.height() - 80)
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 20):
        qtbot.mouseMove(chart, start + QPoint(8 * step, -4 * step))
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=start + QPoint(152, -76))
    assert state.scene.point != before.point
    assert explorer.decoded.grab().toImage() != image
    qtbot.keyClick(chart, Qt.Key.Key_Z, CTRL)
    assert state.scene == before
    qtbot.keyClick(chart, Qt.Key.Key_Y, CTRL)
    assert state.scene.point != before.point


def test_shortcuts_of_one_panel_work_from_another(qtbot: QtBot, explorer: ExplorerWidget):
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(explorer.map.chart, Qt.Key.Key_C, CTRL)
    assert not QGuiApplication.clipboard().image().isNull()


def test_where_it_is_narrow_the_image_goes_below_the_map(explorer: ExplorerWidget):
    top = explorer.splitters["top"]
    assert top.orientation() == Qt.Orientation.Horizontal
    explorer.resize(NARROW - 40, 1000)
    QApplication.processEvents()
    assert top.orientation() == Qt.Orientation.Vertical
    assert explorer.decoded.mapTo(explorer, QPoint(0, 0)).y() >= explorer.map.height()
    explorer.resize(1200, 750)
    QApplication.processEvents()
    assert top.orientation() == Qt.Orientation.Horizontal


def test_where_it_is_narrow_and_low_it_stays_beside_the_map(explorer: ExplorerWidget):
    explorer.resize(NARROW - 40, 600)
    QApplication.processEvents()
    assert explorer.splitters["top"].orientation() == Qt.Orientation.Horizontal


def test_where_it_gets_low_the_image_comes_back_from_below_the_map(
    qtbot: QtBot, explorer: ExplorerWidget
):
    area = QScrollArea(widgetResizable=True)  # which lets nothing be smaller than it asks for
    qtbot.addWidget(area)
    area.setWidget(explorer)
    area.show()
    area.resize(NARROW - 40, 1000)
    QApplication.processEvents()
    assert explorer.splitters["top"].orientation() == Qt.Orientation.Vertical
    area.resize(NARROW - 40, 650)
    QApplication.processEvents()
    assert explorer.splitters["top"].orientation() == Qt.Orientation.Horizontal
    assert explorer.size() == area.viewport().size()
    area.takeWidget()  # the fixture's, and not to be deleted with the area


def test_two_of_them_keep_out_of_each_others_way(
    qtbot: QtBot, explorer: ExplorerWidget, demo: Bundle
):
    other_state = ExplorerState()
    other_state.open(demo)
    other = ExplorerWidget(other_state)
    qtbot.addWidget(other)
    other.show()
    before = other_state.scene
    chart = explorer.map.chart
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(80, chart.height() - 80))
    assert other_state.scene == before


def test_a_step_is_undone_by_key_whichever_tool_was_opened_since(
    qtbot: QtBot, explorer: ExplorerWidget
):
    state, tabs = explorer.decoded._state, explorer.tools.tabBar()
    for index in range(1, tabs.count()):
        qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
        way = explorer.morph.settings.way.button("spherical")
        qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
        assert state.scene.interpolation == "spherical"
        qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(index).center())
        qtbot.wait(20)  # for the screen to say which window is active: no other was shown
        qtbot.keyClick(explorer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert state.scene.interpolation == "straight"


def test_a_typed_place_is_undone_and_redone_by_key(qtbot: QtBot, explorer: ExplorerWidget):
    state, field = explorer.decoded._state, explorer.decoded.place
    before = state.scene.point
    activate(qtbot, explorer, field)
    field.selectAll()
    qtbot.keyClicks(field, "0.5, 0.25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert state.point.tolist() == [0.5, 0.25]
    qtbot.keyClick(field, *UNDO)
    assert state.scene.point == before
    qtbot.keyClick(field, *REDO)
    assert state.point.tolist() == [0.5, 0.25]
    assert field.text() == "0.5, 0.25"


def test_what_is_being_typed_is_undone_first(qtbot: QtBot, explorer: ExplorerWidget):
    state, field = explorer.decoded._state, explorer.decoded.place
    state.pin([1.0, 1.0])
    activate(qtbot, explorer, field)
    exact = field.text()
    field.selectAll()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, *UNDO)
    assert (field.text(), state.point.tolist()) == (exact, [1.0, 1.0])
    qtbot.keyClick(field, *REDO)
    assert (field.text(), state.point.tolist()) == ("7", [1.0, 1.0])
    qtbot.keyClick(field, *UNDO)
    qtbot.keyClick(field, *UNDO)
    assert state.point.tolist() != [1.0, 1.0]


def test_numbers_of_spin_boxes_are_undone_and_redone_by_key(qtbot: QtBot, explorer: ExplorerWidget):
    state, frames = explorer.decoded._state, explorer.morph.settings.frames
    activate(qtbot, explorer, frames)
    qtbot.keyClick(frames, Qt.Key.Key_Up)
    frames.selectAll()
    qtbot.keyClicks(frames, "37")
    qtbot.keyClick(frames, Qt.Key.Key_Return)
    seen = [state.scene.frames]
    for keys in (UNDO, UNDO, REDO, REDO):
        qtbot.keyClick(frames, *keys)
        seen.append(frames.value())
        assert state.scene.frames == frames.value()
    assert seen == [37, 13, 12, 13, 37]


def test_a_step_is_undone_by_key_where_the_focus_is_in_a_box_that_is_not_of_the_scene(
    qtbot: QtBot, explorer: ExplorerWidget
):
    state = explorer.decoded._state
    for tool, box in (
        (MORPH, explorer.morph.player.speed),
        (SELECTION, explorer.tools.show_page(SELECTION).shown.count),
    ):
        explorer.tools.show_page(tool)
        state.set_frames(20)
        box.setEnabled(True)
        box.show()
        activate(qtbot, explorer, box)
        qtbot.keyClick(box, Qt.Key.Key_Down)
        qtbot.keyClick(box, *UNDO)
        assert state.scene.frames == 12


def activate(qtbot: QtBot, explorer: ExplorerWidget, field: QWidget) -> None:
    """Have the keys go to a field."""
    with qtbot.waitActive(explorer):
        explorer.activateWindow()
    field.setFocus()
    assert field.hasFocus()
