"""Ways that follow the data, as one sees them: chosen, waited for, dragged, and measured."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pytest
from mouse import Mouse
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt
from qtpy.QtGui import QGuiApplication

from bvae_core import load_bundle
from bvae_core.cli import main
from bvae_core.latent import Ways, straight
from bvae_gui.explorer import ExplorerWidget
from bvae_gui.state import ExplorerState
from bvae_gui.style import apply_style

#: A straight line between these crosses empty space in the demo, and the dense way doesn't.
ACROSS = ([2.6, -1.4], [1.6, -2.0])


@pytest.fixture(scope="module")
def demo():
    return load_bundle("demo")


@pytest.fixture
def state(demo) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def explorer(qtbot: QtBot, state: ExplorerState) -> Iterator[ExplorerWidget]:
    explorer = ExplorerWidget(state)
    qtbot.addWidget(explorer)
    apply_style(explorer, state.theme)
    explorer.resize(1280, 800)
    explorer.show()
    qtbot.waitExposed(explorer)
    yield explorer
    explorer.settler.stop()
    explorer.close()


def wait_until_settled(qtbot: QtBot, state: ExplorerState) -> None:
    qtbot.waitUntil(lambda: state.morph.settled is not None)


def put_across(state: ExplorerState) -> None:
    for index, place in enumerate(ACROSS):
        state.set_anchor(index, place)


def test_another_way_is_found_beside_the_window(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState
):
    morph = explorer.morph
    qtbot.mouseClick(morph.settings.way.button("geodesic"), Qt.MouseButton.LeftButton)
    assert morph.way_line.label.accessibleName() == "Finding the geodesic way…"
    assert np.array_equal(state.morph.places, straight(state.anchors, 12))
    wait_until_settled(qtbot, state)
    expected = Ways(state.model.decode, state.model.latents).path(state.anchors, 12, "geodesic")
    assert np.array_equal(state.morph.places, expected)
    assert "pixels long" in morph.way_line.label.accessibleName()
    assert "largest step 1." in morph.way_line.label.accessibleName()


def test_a_dragged_anchor_takes_the_way_with_it(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState
):
    state.set_interpolation("dense")
    wait_until_settled(qtbot, state)
    chart, mouse = explorer.map.chart, Mouse(explorer.map.chart)
    start = chart.position_of(state.anchors[1])
    mouse.press(start)
    for step in (20, 60, 100):
        mouse.move(start + QPointF(step, step))
        assert state.morph.has_its_way
        assert np.array_equal(state.morph.places[-1], state.anchors[1])
        assert explorer.morph.way_line.label.accessibleName() == ""  # measures wait until it rests
    wait_until_settled(qtbot, state)  # the button is still held
    expected = Ways(state.model.decode, state.model.latents).path(state.anchors, 12, "dense")
    assert np.array_equal(state.morph.places, expected)
    mouse.release()


def test_a_line_through_empty_space_says_so_and_offers_a_better_way(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState
):
    line = explorer.morph.way_line
    put_across(state)
    assert not line.dense_button.isVisible()
    assert not len(explorer.map.chart.empty_stretches)
    wait_until_settled(qtbot, state)
    assert line.label.accessibleName().startswith("Crosses empty space: ")
    assert "has hardly any character near it" in line.label.accessibleName()
    stretch = explorer.map.chart.empty_stretches
    assert len(stretch)
    assert (np.nanmin(stretch, axis=0) >= np.min(ACROSS, axis=0)).all()
    assert (np.nanmax(stretch, axis=0) <= np.max(ACROSS, axis=0)).all()

    qtbot.mouseClick(line.dense_button, Qt.MouseButton.LeftButton)
    assert state.scene.interpolation == "dense"
    assert explorer.morph.settings.way.value == "dense"
    wait_until_settled(qtbot, state)
    assert "Crosses" not in line.label.accessibleName()
    assert not line.dense_button.isVisible()
    assert not len(explorer.map.chart.empty_stretches)
    state.undo()
    assert state.scene.interpolation == "straight"


def test_the_copied_command_measures_the_way_that_is_shown(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState, capsys: pytest.CaptureFixture[str]
):
    put_across(state)
    state.set_interpolation("spherical")
    state.set_frames(9)
    line = explorer.morph.way_line
    assert not line.copy_button.isEnabled()
    wait_until_settled(qtbot, state)
    qtbot.mouseClick(line.copy_button, Qt.MouseButton.LeftButton)
    command = shlex.split(QGuiApplication.clipboard().text())
    with pytest.raises(SystemExit) as ended:
        main([*command[1:], "--json"])
    assert not ended.value.code
    (measured,) = json.loads(capsys.readouterr().out)["ways"]
    assert measured == {"path": "spherical", **asdict(state.morph.settled.measures)}


def test_a_large_grid_is_shown_at_once_and_whole_at_rest(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState
):
    state.set_mode("grid")
    state.set_grid(20, 20)
    assert explorer.morph.strip.count == 400
    assert state.morph.decoded[1] is not None
    wait_until_settled(qtbot, state)
    assert np.array_equal(state.morph.images, state.decode(state.morph.places))


def test_nothing_is_found_any_more_once_it_has_stopped(
    qtbot: QtBot, explorer: ExplorerWidget, state: ExplorerState
):
    wait_until_settled(qtbot, state)
    explorer.settler.stop()
    state.set_interpolation("dense")
    qtbot.wait(300)
    assert state.morph.settled is None
