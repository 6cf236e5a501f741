"""Points that are kept: marked on the map, gone back to, let go of, offered as places."""

from __future__ import annotations

import numpy as np
import pytest
from mouse import Mouse
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt
from qtpy.QtWidgets import QApplication, QMenu

from bvae_core.bundle import Bundle
from bvae_core.errors import AnchorError
from bvae_gui.explorer import ExplorerWidget
from bvae_gui.places_menu import offer_places
from bvae_gui.plots.marks import KEPT
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import KEPT as MOST
from bvae_gui.state.scene import Place

CTRL = Qt.KeyboardModifier.ControlModifier
FREE, ELSEWHERE = np.float32([-3, 3]), np.float32([2, 3])  # places without handles


@pytest.fixture
def state(demo: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def explorer(qtbot: QtBot, state: ExplorerState) -> ExplorerWidget:
    explorer = ExplorerWidget(state)
    qtbot.addWidget(explorer)
    explorer.resize(1200, 750)
    explorer.show()
    qtbot.waitExposed(explorer)
    explorer.activateWindow()
    explorer.map.chart.setFocus()
    QApplication.processEvents()
    return explorer


def choose(menu: QMenu, *words: str) -> None:
    """Choose an entry by the words in a menu and its submenus."""
    for word in words[:-1]:
        menu = next(action for action in menu.actions() if action.text() == word).menu()
    next(action for action in menu.actions() if action.text() == words[-1]).trigger()


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_the_key_keeps_the_point_once_and_undo_lets_it_go(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState
) -> None:
    said: list[str] = []
    state.said.connect(said.append)
    state.pin(FREE)
    qtbot.keyClick(explorer.map.chart, Qt.Key.Key_B, CTRL)
    qtbot.keyClick(explorer.map.chart, Qt.Key.Key_B, CTRL)
    assert state.scene.kept == (Place.at(FREE),)
    assert said == ["Kept (−3, 3)", "(−3, 3) is kept already"]
    state.undo()
    assert state.scene.kept == ()
    assert state.scene.point == Place.at(FREE)


def test_a_click_anywhere_on_its_mark_goes_back_to_the_very_place(
    explorer: ExplorerWidget, state: ExplorerState
) -> None:
    chart = explorer.map.chart
    mouse = Mouse(chart)
    image = state.image_place(17)
    state.keep(image)
    state.pin(ELSEWHERE)
    mark = chart.position_of(image.point)
    mouse.click(mark + QPointF(3, 2))
    assert state.scene.point == image
    state.undo()
    assert state.scene.point == Place.at(ELSEWHERE)


def test_its_mark_is_painted_and_leaves_with_it(
    explorer: ExplorerWidget, state: ExplorerState
) -> None:
    chart = explorer.map.chart

    def painted() -> bytes:
        QApplication.processEvents()
        rect = chart.room.toRect()
        rect.setSize(rect.size() * 0)
        rect.moveCenter(chart.position_of(FREE).toPoint())
        around = rect.adjusted(-6, -6, 6, 6)
        image = chart.grab(around).toImage()
        return to_array(image).tobytes()

    without = painted()
    state.keep(FREE)
    assert painted() != without
    state.let_go(0)
    assert painted() == without


def test_the_maps_menu_keeps_a_place_and_lets_it_go(
    explorer: ExplorerWidget, state: ExplorerState
) -> None:
    chart, panel = explorer.map.chart, explorer.map
    menu = panel.menu_at(chart.position_of(FREE))
    choose(menu, "Keep this point")
    assert len(state.kept) == 1
    assert np.allclose(state.kept[0], FREE, atol=0.02)
    menu = panel.menu_at(chart.position_of(state.kept[0]) + QPointF(KEPT, 0))
    assert "Keep this point" not in entries(menu)
    choose(menu, "Go back to the kept point")
    assert state.scene.point == state.scene.kept[0]
    choose(menu, "Let the kept point go")
    assert state.scene.kept == ()


def test_the_decoded_panel_lists_them_with_pictures(
    explorer: ExplorerWidget, state: ExplorerState
) -> None:
    button = explorer.decoded.kept_button
    menu = button.menu()
    menu.aboutToShow.emit()
    assert "Ctrl+B" in entries(menu)[0]
    state.keep(state.place("ki"))
    state.keep(FREE)
    state.pin(ELSEWHERE)
    menu.aboutToShow.emit()
    assert entries(menu) == ["き ki", "(−3, 3)", "Let go of"]
    assert not menu.actions()[0].icon().isNull()
    choose(menu, "き ki")
    assert state.scene.point == state.place("ki")
    choose(menu, "Let go of", "き ki")
    assert [state.label(place) for place in state.scene.kept] == ["(−3, 3)"]


def test_an_anchor_can_be_put_at_one(state: ExplorerState, qtbot: QtBot) -> None:
    owner = QMenu()
    qtbot.addWidget(owner)
    offer_places(owner, state, "Put A", lambda place: state.set_anchor(0, place), owner)
    assert "At the kept point" not in entries(owner)
    state.keep(FREE)
    owner.clear()
    offer_places(owner, state, "Put A", lambda place: state.set_anchor(0, place), owner)
    choose(owner, "At the kept point", "(−3, 3)")
    assert state.scene.anchors[0] == Place.at(FREE)


def test_so_many_can_be_kept_and_no_more(state: ExplorerState) -> None:
    for index in range(MOST):
        state.keep(np.float32([index, 0]))
    before = state.scene
    with pytest.raises(AnchorError, match=f"at most {MOST} points"):
        state.keep(FREE)
    assert state.scene == before
