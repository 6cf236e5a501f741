"""Layers of the map: chosen from the menu, made beside the window, following what is seen."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from latent_models import write_model
from mouse import CTRL, SHIFT, Mouse
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt
from qtpy.QtGui import QRegion

from bvae_core import load_bundle
from bvae_core.bundle import Bundle
from bvae_core.embeddings import keep_embedding
from bvae_core.errors import BvaeError
from bvae_core.figures import read_recipe
from bvae_core.figures.layers import Layers
from bvae_core.figures.theme import DARK
from bvae_gui.jobs import Projector
from bvae_gui.latest import Latest
from bvae_gui.panels.decoded import DecodedPanel
from bvae_gui.panels.latent_map import LatentMapPanel
from bvae_gui.recipes import map_recipe, restore
from bvae_gui.state import ExplorerState
from bvae_gui.widgets.axis_choice import AxisChoice
from bvae_gui.window.main_window import MainWindow
from bvae_gui.window.status import StatusBar

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
        self.state.map.show_layers(layers)
        count = layers.manifold + layers.magnification
        self.wait(lambda: len(self.chart.underlays.pictures) == count)

    def wait(self, is_so) -> None:
        self.qtbot.waitUntil(is_so)

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
    assert plane.state.map.layers == Layers(density=False, dots=False, names=False)
    plane.choose("Manifold")
    plane.wait(lambda: len(plane.chart.underlays.pictures) == 1)
    assert (plane.pixels() != seen[-1]).any()
    for words in ("Manifold", "Class names", "Dots", "Density"):
        plane.choose(words)
    assert plane.state.map.layers == Layers()
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
    plane.state.map.show_layers(Layers())
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
    wide.state.map.look_along((0, 1))
    wide.state.map.show_layers(MANIFOLD)
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
    line.state.map.show_layers(Layers(magnification=True))
    assert line.chart.underlays.pictures == []


def test_layers_are_remembered(window: MainWindow, open_window):
    layers = Layers(density=False, manifold=True, spacing="prior")
    window.state.map.show_layers(layers)
    window.close()
    assert open_window().state.map.layers == layers


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


# -- UMAP -----------------------------------------------------------------------------------------


@pytest.fixture
def points(many: Bundle, cache_folder: Path) -> NDArray[np.float32]:
    """Where a UMAP has put the codes, in the cache."""
    random = np.random.default_rng(2)
    made = (random.normal(size=(len(many.latents), 2)) * 3).astype(np.float32)
    keep_embedding(many, made)
    return made


@pytest.fixture
def wide(qtbot: QtBot, many: Bundle, points: NDArray[np.float32]) -> Map:
    """A map of four dimensions whose UMAP is in the cache."""
    return Map(qtbot, many)


def pick_umap(a_map: Map) -> None:
    """Choose the UMAP from the list of the horizontal axis, with the keyboard."""
    choice = a_map.panel.findChildren(AxisChoice)[0]
    (index,) = [i for i in range(choice.count()) if choice.itemText(i).startswith("UMAP")]
    choice.setCurrentIndex(index)
    choice.activated.emit(index)


def at_dot(a_map: Map, index: int) -> QPointF:
    column, row = a_map.chart.viewport.to_pixels(a_map.state.map.shown[[index]])[0]
    return QPointF(column, row) + a_map.chart.room.topLeft()


def test_a_umap_shows_the_codes_where_it_has_put_them(wide: Map, points, many: Bundle):
    pick_umap(wide)
    assert wide.state.map.view == "umap"
    np.testing.assert_array_equal(wide.state.map.shown, points)
    shown = [choice.currentText() for choice in wide.panel.findChildren(AxisChoice)]
    assert shown == ["UMAP 1, approximate", "UMAP 2, approximate"]
    wide.mouse.click(at_dot(wide, 7), CTRL)
    np.testing.assert_array_equal(wide.state.point, many.latents[7])
    np.testing.assert_array_equal(wide.state.map.to_plane(wide.state.point[None])[0], points[7])
    assert not wide.panel.layers.actions_of["magnification"].isEnabled()


def test_a_click_between_dots_pins_a_mean_of_the_nearest(wide: Map, points, many: Bundle):
    wide.state.map.look_along("umap")
    position = wide.chart.room.center() + QPointF(31, -17)
    wide.mouse.click(position)
    where = np.float32(wide.chart.plane_at(position))
    distances = np.linalg.norm(points - where, axis=1)
    nearest = distances.argsort()[:8]
    weights = 1 / distances[nearest]
    expected = weights @ many.latents[nearest] / weights.sum()
    np.testing.assert_allclose(wide.state.point, expected, atol=1e-4)


def test_arrow_keys_get_away_from_a_dot_of_a_umap(wide: Map):
    wide.state.map.look_along("umap")
    wide.state.pin(wide.state.image_place(7))
    wide.chart.setFocus()
    seen = [wide.state.point]
    for _ in range(12):
        wide.qtbot.keyClick(wide.chart, Qt.Key.Key_Right, SHIFT)
        seen.append(wide.state.point)
    assert len({place.tobytes() for place in seen}) == len(seen)


def test_what_is_approximate_is_said(wide: Map, qtbot: QtBot):
    status, decoded = StatusBar(), DecodedPanel(wide.state)
    for widget in (status, decoded):
        qtbot.addWidget(widget)
        widget.show()
    status.follow(wide.state)
    position = wide.chart.room.center() + QPointF(31, -17)
    wide.mouse.move(position)
    wide.wait(lambda: status.pointer.text().startswith("("))
    assert not decoded.approximate.isVisible()
    wide.state.map.look_along("umap")
    assert decoded.approximate.isVisible()
    wide.mouse.move(position + QPointF(1, 0))
    wide.wait(lambda: status.pointer.text().startswith("≈ ("))
    wide.mouse.move(at_dot(wide, 7), CTRL)
    wide.wait(lambda: status.pointer.text().startswith("("))


def test_without_the_package_the_choice_says_how_to_have_it(
    qtbot: QtBot, many: Bundle, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bvae_gui.panels.latent_map.umap_choice.umap_is_installed", lambda: False)
    choice = Map(qtbot, many).panel.findChildren(AxisChoice)[0]
    (index,) = [i for i in range(choice.count()) if choice.itemText(i).startswith("UMAP")]
    assert choice.itemText(index) == "UMAP: pip install umap-learn"
    assert not choice.model().item(index).isEnabled()


FAKE_UMAP = """
import time
from pathlib import Path
import numpy as np

class UMAP:
    def __init__(self, *, tqdm_kwds, **settings):
        self._file = tqdm_kwds["file"]

    def fit_transform(self, codes):
        for step in range(1, 4):
            self._file.write(f"{step}/3")
        while Path(__file__).with_name("wait").exists():
            time.sleep(0.01)
        return codes[:, :2] * 2
"""


@pytest.fixture
def fake_umap(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In child processes, a UMAP that is quick, or waits as long as the file `wait` is there."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "umap.py").write_text(FAKE_UMAP)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder / "wait"


def test_a_umap_is_computed_beside_the_window_and_shown(qtbot: QtBot, many: Bundle, fake_umap):
    wide = Map(qtbot, many)
    fake_umap.touch()
    pick_umap(wide)
    row = wide.panel.projecting
    wide.wait(lambda: row.bar.value() == row.bar.maximum() == 3)
    assert wide.state.map.view == "principal"  # which is shown meanwhile
    assert wide.panel.findChildren(AxisChoice)[0].currentText().startswith("PC 1")
    fake_umap.unlink()
    wide.wait(lambda: wide.state.map.view == "umap")
    assert not row.isVisible()
    codes = many.latents[:, :2] * 2
    np.testing.assert_allclose(wide.state.map.shown, codes - codes.mean(axis=0), atol=1e-5)


def test_a_umap_can_be_stopped(qtbot: QtBot, many: Bundle, fake_umap, cache_folder: Path):
    wide = Map(qtbot, many)
    fake_umap.touch()
    pick_umap(wide)
    row = wide.panel.projecting
    wide.wait(row.isVisible)
    qtbot.mouseClick(row.stop_button, Qt.MouseButton.LeftButton)
    assert not row.isVisible()
    assert wide.state.map.view == "principal"
    assert not list(cache_folder.rglob("*.npz"))


def test_what_goes_wrong_beside_the_window_is_said(qtbot: QtBot, cache_folder: Path):
    projector = Projector()
    with qtbot.waitSignal(projector.failed) as said:
        projector.compute(load_bundle("demo").path)
    assert "in 3 dimensions or more" in said.args[0]
    assert not projector.is_working


def test_a_umap_that_is_not_there_changes_nothing(qtbot: QtBot, many: Bundle, cache_folder: Path):
    state = ExplorerState()
    state.open(many)
    with pytest.raises(BvaeError, match="run bvae project"):
        state.map.look_along("umap")
    assert state.map.view == "principal"


def test_a_umap_goes_into_a_recipe_and_back(wide: Map, points, tmp_path: Path):
    wide.state.map.look_along("umap")
    wide.state.map.show_layers(Layers(manifold=True, magnification=True))
    recipe = map_recipe(wide.state)
    assert (recipe.projection, recipe.magnification, recipe.at) == ("umap", False, None)
    recipe.export(wide.state.model, tmp_path / "umap.png")
    elsewhere = ExplorerState()
    elsewhere.open(wide.state.model)
    restore(elsewhere, read_recipe(tmp_path / "umap.png", elsewhere.model))
    assert elsewhere.map.view == "umap"
    assert elsewhere.map.layers.manifold


def test_a_drag_hands_only_the_mark_s_surroundings_to_the_screen(plane: Map):
    class Painted(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.regions: list[QRegion] = []

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                self.regions.append(event.region())
            return False

    chart, painted = plane.chart, Painted()
    start = chart.position_of(plane.state.point)
    away = QPointF(60, 40)
    plane.mouse.press(start + away)
    chart.installEventFilter(painted)
    plane.mouse.move(start + 2 * away)
    (region,) = painted.regions
    for position in (start + away, start + 2 * away):
        assert region.contains(QRect(position.toPoint() - QPoint(20, 20), QSize(40, 40)))
    around = region.boundingRect()
    assert around.width() * around.height() < 0.05 * chart.width() * chart.height()
    plane.mouse.release()
