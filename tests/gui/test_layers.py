"""Layers of the map: chosen from the menu, made beside the window, following what is seen."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from latent_models import write_model
from mouse import SHIFT, Mouse
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt

from bvae_core import load_bundle
from bvae_core.bundle import Bundle
from bvae_core.figures.layers import Layers
from bvae_core.figures.theme import DARK
from bvae_gui.latest import Latest
from bvae_gui.panels.latent_map import LatentMapPanel
from bvae_gui.state import ExplorerState
from bvae_gui.window.main_window import MainWindow

MANIFOLD = Layers(density=False, dots=False, names=False, manifold=True)


class Map:
    """A panel in a window, and a user at it."""

    def __init__(self, qtbot: QtBot, bundle: Bundle) -> None:
        self.qtbot = qtbot
        self.state = ExplorerState()
        self.state.open(bundle)
        self.panel = LatentMapPanel(self.state)
        qtbot.addWidget(self.panel)
        self.panel.resize(640, 440)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        self.chart = self.panel.chart
        self.mouse = Mouse(self.chart)

    def choose(self, words: str) -> None:
        """Open the menu with the keyboard's key and choose an entry."""
        (action,) = [
            each for each in self.panel.layers.menu().actions()
            if each.text().replace("&", "") == words
        ]  # fmt: skip
        assert action.isEnabled()
        action.trigger()

    def show(self, layers: Layers) -> None:
        """Show layers, and wait until they are all there."""
        self.state.show_layers(layers)
        count = layers.manifold + layers.magnification
        self.wait(lambda: len(self.chart.underlays.pictures) == count)

    def wait(self, is_so) -> None:
        self.qtbot.waitUntil(is_so, timeout=20_000)

    def pixels(self) -> NDArray[np.int16]:
        """What lies within the axes, but for the marks."""
        room = self.chart.room.toRect().adjusted(4, 4, -4, -4)
        return to_array(self.chart.grab(room).toImage()).astype(np.int16)

    def darkness(self) -> float:
        """How much ink there is."""
        return float((255 - self.pixels()).mean())


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return write_model(tmp_path_factory.mktemp("many"), 4)


@pytest.fixture
def plane(qtbot: QtBot) -> Map:
    return Map(qtbot, load_bundle("demo"))


def test_each_entry_of_the_menu_shows_or_hides_its_layer(plane: Map):
    seen = [plane.pixels()]
    for words in ("Density", "Dots", "Class names"):
        plane.choose(words)
        seen.append(plane.pixels())
        assert (seen[-1] != seen[-2]).any()
    assert plane.state.layers == Layers(density=False, dots=False, names=False)
    plane.choose("Manifold")
    plane.wait(lambda: len(plane.chart.underlays.pictures) == 1)
    assert (plane.pixels() != seen[-1]).any()
    for words in ("Manifold", "Class names", "Dots", "Density"):
        plane.choose(words)
    assert plane.state.layers == Layers()
    np.testing.assert_array_equal(plane.pixels(), seen[0])


def test_the_menu_opens_by_keyboard_and_says_what_is_shown(plane: Map):
    button = plane.panel.layers
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.hasFocus()
    shown = {each.text().replace("&", "") for each in button.menu().actions() if each.isChecked()}
    assert shown == {"Density", "Dots", "Class names", "Evenly spaced"}
    assert all(each.toolTip() for each in button.menu().actions() if not each.isSeparator())


def test_tiles_show_what_the_decoder_makes_of_their_places(plane: Map):
    plane.show(MANIFOLD)
    state, chart = plane.state, plane.chart
    tile = chart.underlays.tiles
    assert tile is not None
    point = tile.points[np.abs(tile.points - [1.0, -2.0]).sum(axis=1).argmin()]
    side = tile.cell[0] / chart.viewport.scale[0]
    column, row = chart.viewport.to_pixels(point[None])[0] + [chart.room.left(), chart.room.top()]
    seen = to_array(chart.grab().toImage()).astype(float)
    top, left = round(row - side / 2), round(column - side / 2)
    part = 255 - seen[top : top + round(side), left : left + round(side)].mean(axis=-1)
    image = state.decode(point.astype(np.float32))[0]
    rows = np.linspace(0, 27, len(part)).astype(int)
    columns = np.linspace(0, 27, part.shape[1]).astype(int)
    agreement = np.corrcoef(part.ravel(), image[np.ix_(rows, columns)].ravel())[0, 1]
    assert agreement > 0.8


def test_zooming_in_brings_more_tiles_of_a_smaller_part(plane: Map):
    plane.show(MANIFOLD)
    before = plane.chart.underlays.tiles
    plane.mouse.turn_wheel(plane.chart.room.center(), 6)
    plane.wait(lambda: plane.chart.underlays.tiles != before)
    after = plane.chart.underlays.tiles
    assert after.cell[0] < before.cell[0] / 2
    pixels = after.cell[0] / plane.chart.viewport.scale[0]
    assert 28 <= pixels + 1e-6 < 40


def test_tiles_move_along_while_the_map_is_moved_and_new_ones_come(plane: Map):
    plane.show(MANIFOLD)
    plane.wait(lambda: not plane.chart.underlays.is_busy)
    before, right = plane.pixels(), 64
    start = plane.chart.room.center() + QPointF(-40, 60)
    plane.mouse.press(start, keys=SHIFT)
    plane.mouse.move(start + QPointF(right, 0), SHIFT)
    moved = plane.pixels()  # at once, before anything was decoded
    same = before[:, 50:-right] == moved[:, 50 + right :]
    assert same[:100].mean() > 0.9
    plane.mouse.release(SHIFT)
    plane.wait(lambda: not plane.chart.underlays.is_busy)
    left_edge = plane.pixels()[:, :right]
    assert left_edge.std() > 5


def test_the_prior_spaces_tiles_where_it_is_dense(plane: Map):
    plane.show(MANIFOLD)
    even = plane.chart.underlays.tiles
    plane.choose("Spaced by the prior")
    plane.wait(lambda: plane.chart.underlays.tiles != even)
    tiles = plane.chart.underlays.tiles
    assert tiles.spacing == "prior"
    assert np.abs(tiles.points).max() < np.abs(even.points).max()
    plane.choose("Evenly spaced")
    plane.wait(lambda: plane.chart.underlays.tiles == even)


def test_dots_over_a_manifold_are_paler(plane: Map):
    def colourfulness() -> float:
        pixels = plane.pixels()
        return float((pixels.max(axis=-1) - pixels.min(axis=-1)).mean())

    plane.show(Layers(density=False, names=False))
    before = colourfulness()
    plane.show(Layers(density=False, names=False, manifold=True))
    ground = Layers(density=False, names=False, dots=False, manifold=True)
    with_dots = colourfulness()
    plane.show(ground)
    assert colourfulness() < with_dots < before


def test_the_magnification_has_a_legend_and_follows_the_zoom(plane: Map):
    legend = plane.panel.magnification
    assert not legend.isVisible()
    plane.show(Layers(dots=False, names=False, density=False, magnification=True))
    assert legend.isVisible()
    assert (legend.least.text(), legend.most.text()[0]) == ("×1", "×")
    assert "√det(JᵀJ)" in legend.toolTip()
    red = plane.pixels()
    assert (red[..., 0] - red[..., 2]).max() > (red[0, 0, 0] - red[0, 0, 2]) + 20
    before = plane.chart.underlays.relief
    plane.mouse.turn_wheel(plane.chart.room.center(), 8)
    plane.wait(lambda: plane.chart.underlays.relief is not before)
    after = plane.chart.underlays.relief
    assert (after.high - after.low < before.high - before.low).all()
    plane.state.show_layers(Layers())
    assert not legend.isVisible()


def test_another_theme_makes_them_anew_and_another_model_drops_them(plane: Map, many: Bundle):
    plane.show(MANIFOLD)
    by_day = plane.pixels()
    plane.state.set_look(theme=DARK)
    assert plane.chart.underlays.pictures == []  # nothing of the day at night
    plane.wait(lambda: len(plane.chart.underlays.pictures) == 1)
    by_night = plane.pixels()
    assert by_night.max() > 150 > by_day.min()
    assert np.median(by_night) < 60 < np.median(by_day)
    plane.state.open(many)
    assert plane.chart.underlays.pictures == []
    plane.wait(lambda: len(plane.chart.underlays.pictures) == 1)


def test_the_plane_goes_through_the_pinned_point(qtbot: QtBot, many: Bundle):
    wide = Map(qtbot, many)
    wide.state.look_along((0, 1))
    wide.state.show_layers(MANIFOLD)
    origin = np.zeros(4, np.float32)
    wide.state.pin(origin)
    wide.wait(lambda: not wide.chart.underlays.is_busy)
    before = wide.pixels()
    wide.state.pin(origin + np.float32([0.5, 0.5, 0, 0]))  # within the plane
    assert not wide.chart.underlays.is_busy
    wide.state.pin(origin + np.float32([0.5, 0.5, 3, -3]))
    assert wide.chart.underlays.is_busy
    wide.wait(lambda: not wide.chart.underlays.is_busy)
    assert np.abs(wide.pixels() - before).mean() > 1
    assert not wide.panel.layers.actions_of["prior"].isEnabled()


def test_a_line_has_a_row_of_tiles_and_no_magnification(qtbot: QtBot, tmp_path: Path):
    line = Map(qtbot, write_model(tmp_path, 1))
    line.show(MANIFOLD)
    assert (line.chart.underlays.tiles.points[:, 1] == 0).all()
    assert not line.panel.layers.actions_of["magnification"].isEnabled()
    line.state.show_layers(Layers(magnification=True))
    assert line.chart.underlays.pictures == []


def test_layers_are_remembered(window: MainWindow, open_window):
    layers = Layers(density=False, manifold=True, spacing="prior")
    window.state.show_layers(layers)
    window.close()
    assert open_window().state.layers == layers


def test_of_many_requests_the_first_and_the_last_are_done(qtbot: QtBot):
    latest, gate, done = Latest(0), threading.Event(), []
    latest.done.connect(lambda key, result: done.append((key, result)))
    latest.ask(0, lambda: gate.wait(10))
    for key in range(1, 6):
        latest.ask(key, lambda key=key: 10 * key)
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [(0, True), (5, 50)]
    latest.ask(5, lambda: pytest.fail("it is there already"))
    latest.forget()
    latest.ask(5, lambda: "again")
    qtbot.waitUntil(lambda: len(done) == 3)
    latest.stop()


def test_a_failure_beside_the_window_is_raised_in_it_and_ends_nothing(qtbot: QtBot):
    latest, done = Latest(0), []
    latest.done.connect(lambda key, _result: done.append(key))
    with qtbot.captureExceptions() as raised:
        latest.ask("bad", lambda: 1 / 0)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ZeroDivisionError
    latest.ask("good", lambda: None)
    qtbot.waitUntil(lambda: done == ["good"])
    latest.stop()
