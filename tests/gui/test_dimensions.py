"""A slider a dimension, as one uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bundles import contents
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QKeyEvent, QMouseEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from bvae_core.bundle import Bundle, write_bundle
from bvae_gui.panels.dimensions import DimensionsPanel
from bvae_gui.state import ExplorerState
from bvae_gui.style import apply_style
from bvae_gui.widgets.value_slider import ValueSlider

LEFT = Qt.MouseButton.LeftButton
#: How much each of ten dimensions says; two say nothing.
SPREADS = np.array([0.3, 0, 1.5, 0.5, 0.9, 0, 2, 1.1, 0.7, 0.2], np.float32)
BY_KL = [6, 2, 7, 4, 8, 3, 0, 9, 1, 5]


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A model of ten dimensions."""
    random = np.random.default_rng(0)
    filled = contents(
        dimensions=10,
        mean=(random.normal(size=(60, 10)) * SPREADS).astype(np.float32),
        log_var=np.zeros((60, 10), np.float32),
    )
    return write_bundle(tmp_path_factory.mktemp("models") / "ten", filled)


@pytest.fixture
def state(ten: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(ten)
    return state


@pytest.fixture
def panel(qtbot: QtBot, state: ExplorerState) -> Iterator[DimensionsPanel]:
    panel = DimensionsPanel(state)
    qtbot.addWidget(panel)
    apply_style(panel, state.theme)
    panel.resize(360, 300)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def rows(panel: DimensionsPanel) -> list[ValueSlider]:
    """Return the sliders from top to bottom."""
    return sorted(panel.findChildren(ValueSlider), key=lambda slider: slider.y())


def slider_of(panel: DimensionsPanel, dimension: int) -> ValueSlider:
    return rows(panel)[BY_KL.index(dimension)]


def spot(slider: ValueSlider, value: float) -> QPoint:
    """Return where on a slider a value is."""
    return QPoint(round(slider._x_of(value)), slider.height() // 2)


def move(slider: ValueSlider, to: QPoint) -> None:
    """Move the mouse with its left button down."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        QPointF(slider.mapToGlobal(to)),
        Qt.MouseButton.NoButton,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(slider, event)


def test_the_dimensions_that_say_most_come_first(panel: DimensionsPanel, state: ExplorerState):
    assert np.argsort(-state.kl_per_dim, kind="stable").tolist() == BY_KL
    said = [slider.accessibleName() for slider in rows(panel)]
    assert said[0] == f"Dimension 7, {state.kl_per_dim[6]:.2f} nats"
    assert said[-1] == "Dimension 6, 0.00 nats"
    assert "dead" in rows(panel)[-1].toolTip()
    assert "dead" not in rows(panel)[0].toolTip()


def test_each_slider_shows_where_the_point_is(panel: DimensionsPanel, state: ExplorerState):
    point = np.linspace(-2, 2, 10, dtype=np.float32)
    state.pin(point)
    assert [slider.number for slider in rows(panel)] == [float(point[i]) for i in BY_KL]


def test_a_drag_moves_the_point_in_that_dimension_and_is_one_step_to_undo(
    qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState
):
    before = state.point
    slider = slider_of(panel, 2)
    places = []
    qtbot.mousePress(slider, LEFT, pos=spot(slider, before[2]))
    for value in (0.5, 1, -2):
        move(slider, spot(slider, value))
        places.append(state.point)
    qtbot.mouseRelease(slider, LEFT, pos=spot(slider, -2))
    assert [place[2] for place in places] == pytest.approx([0.5, 1, -2], abs=0.05)
    assert all(np.array_equal(np.delete(place, 2), np.delete(before, 2)) for place in places)
    state.undo()
    assert np.array_equal(state.point, before)
    assert not state.can_undo


def test_what_follows_an_undo_under_a_held_button_is_one_step(
    qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState
):
    before = state.point
    slider = slider_of(panel, 2)
    qtbot.mousePress(slider, LEFT, pos=spot(slider, before[2]))
    move(slider, spot(slider, 1))
    state.undo()
    assert np.array_equal(state.point, before)
    for value in (0.5, 1, -2):
        move(slider, spot(slider, value))
    qtbot.mouseRelease(slider, LEFT, pos=spot(slider, -2))
    assert state.point[2] == pytest.approx(-2, abs=0.05)
    state.undo()
    assert np.array_equal(state.point, before)
    assert not state.can_undo


def test_escape_takes_a_drag_back(qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState):
    before = state.scene
    slider = slider_of(panel, 6)
    qtbot.mousePress(slider, LEFT, pos=spot(slider, 0))
    move(slider, spot(slider, 2))
    assert state.scene != before
    qtbot.keyClick(slider, Qt.Key.Key_Escape)
    move(slider, spot(slider, -2))
    qtbot.mouseRelease(slider, LEFT, pos=spot(slider, -2))
    assert state.scene == before
    assert slider.number == before.point.z[6]
    assert not state.can_undo


@pytest.mark.parametrize("how", ["double click", "key"])
def test_one_dimension_is_set_to_0(qtbot: QtBot, panel: DimensionsPanel, state, how: str):
    state.pin(np.ones(10))
    slider = slider_of(panel, 4)
    if how == "key":
        qtbot.keyClick(slider, Qt.Key.Key_0)
    else:
        qtbot.mouseDClick(slider, LEFT, pos=spot(slider, 1))
    assert state.point.tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 1, 1]


def test_all_dimensions_are_set_to_0(qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState):
    qtbot.mouseClick(panel.reset_button, LEFT)
    assert not state.point.any()


def test_a_held_key_moves_in_steps_and_is_one_step_to_undo(
    qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState
):
    state.pin(np.zeros(10))
    slider = slider_of(panel, 7)
    slider.setFocus()
    modifiers = Qt.KeyboardModifier.NoModifier
    for kind, is_repeated in (
        (QEvent.Type.KeyPress, False),
        (QEvent.Type.KeyPress, True),
        (QEvent.Type.KeyPress, True),
        (QEvent.Type.KeyRelease, False),
    ):
        event = QKeyEvent(kind, Qt.Key.Key_Right, modifiers, "", is_repeated)
        QApplication.sendEvent(slider, event)
    assert state.point[7] == pytest.approx(0.3)
    state.undo()
    assert state.point[7] == 0


def test_a_dead_dimension_can_be_used(qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState):
    slider = slider_of(panel, 1)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert state.point[1] >= 3


def test_the_sliders_reach_as_far_as_the_data_and_at_least_3(
    panel: DimensionsPanel, state: ExplorerState
):
    farthest = np.abs(state.model.latents).max()
    assert farthest > 3
    for slider in rows(panel):
        assert slider.maximum() / 100 == pytest.approx(farthest, abs=0.01)


def test_a_point_beyond_the_ends_stays_there_until_it_is_moved(
    panel: DimensionsPanel, state: ExplorerState
):
    state.pin(np.full(10, 50.0))
    slider = rows(panel)[0]
    assert slider.number == 50
    assert slider.value() == slider.maximum()
    assert state.point.tolist() == [50] * 10


@pytest.mark.parametrize("how", ["click", "key"])
def test_a_name_chooses_what_traversals_vary(qtbot: QtBot, panel: DimensionsPanel, state, how: str):
    before = state.scene
    slider = slider_of(panel, 8)
    if how == "click":
        qtbot.mouseClick(slider, LEFT, pos=QPoint(6, slider.height() // 2))
    else:
        qtbot.keyClick(slider, Qt.Key.Key_Return)
    assert state.scene == replace(before, dimension=8)
    assert [slider.is_marked for slider in rows(panel)] == [i == 8 for i in BY_KL]
    state.undo()
    assert [slider.is_marked for slider in rows(panel)] == [i == 0 for i in BY_KL]


@pytest.mark.skipif(not hasattr(QTest, "wheelEvent"), reason="PyQt turns no wheel as a user does")
def test_the_wheel_scrolls_and_moves_no_slider(
    qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState
):
    panel.resize(360, 140)
    state.pin(np.full(10, 0.5))
    last = rows(panel)[-1]
    assert last.visibleRegion().isEmpty()
    over = rows(panel)[1].mapTo(panel, rows(panel)[1].rect().center())
    for _ in range(20):
        QTest.wheelEvent(panel.windowHandle(), QPointF(over), QPoint(0, -120))
    assert state.point.tolist() == [0.5] * 10
    assert not last.visibleRegion().isEmpty()
    assert last.number == 0.5  # rows are right when they come into view


def test_it_is_folded_away_in_the_plane_and_unfolded_by_a_click(qtbot: QtBot, demo: Bundle):
    state = ExplorerState()
    state.open(demo)
    panel = DimensionsPanel(state)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.is_folded
    assert rows(panel) == []
    qtbot.mouseClick(panel.fold_button, LEFT)
    assert not panel.is_folded
    assert [slider.number for slider in rows(panel)] == [
        state.scene.point.z[i] for i in np.argsort(-state.kl_per_dim)
    ]
    qtbot.mouseClick(panel.fold_button, LEFT)
    assert not any(slider.isVisible() for slider in rows(panel))


def test_another_model_brings_its_own_dimensions(
    qtbot: QtBot, panel: DimensionsPanel, state: ExplorerState, demo: Bundle, ten: Bundle
):
    state.open(demo)
    assert panel.is_folded
    state.pin([1, 1])
    state.open(ten)
    assert not panel.is_folded
    qtbot.waitUntil(lambda: len(rows(panel)) == 10)
    assert [slider.number for slider in rows(panel)] == [state.scene.point.z[i] for i in BY_KL]


def test_before_a_model_is_open_it_is_folded_and_off(qtbot: QtBot):
    panel = DimensionsPanel(ExplorerState())
    qtbot.addWidget(panel)
    panel.show()
    assert panel.is_folded
    assert not panel.isEnabled()


def test_a_hundred_and_twenty_eight_dimensions_work(qtbot: QtBot, tmp_path: Path):
    state = ExplorerState()
    state.open(write_bundle(tmp_path / "bundle", contents(dimensions=128)))
    panel = DimensionsPanel(state)
    qtbot.addWidget(panel)
    panel.resize(360, 200)
    panel.show()
    sliders = rows(panel)
    assert len(sliders) == 128
    order = np.argsort(-state.kl_per_dim, kind="stable")
    sliders[-1].setFocus()
    qtbot.keyClick(sliders[-1], Qt.Key.Key_Home)
    assert state.point[order[-1]] <= -3


def test_every_control_says_what_it_does(panel: DimensionsPanel):
    for control in (panel.fold_button, panel.reset_button, *rows(panel)):
        assert control.toolTip()
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
