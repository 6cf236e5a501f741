"""The arithmetic tool, as one uses it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mouse import Mouse
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, QSize, Qt
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget

from bvae_core.annotations import load_annotations
from bvae_core.bundle import Bundle
from bvae_core.cli import main
from bvae_core.errors import BvaeError
from bvae_core.figures import read_metadata
from bvae_core.figures.ink import to_rgb8
from bvae_core.latent import analogy, typicality_words
from bvae_gui.panels.arithmetic import ArithmeticPanel
from bvae_gui.panels.arithmetic.new_direction import NewDirection
from bvae_gui.state import ExplorerState
from bvae_gui.state.walk import STEPS
from bvae_gui.style import apply_style
from bvae_gui.widgets.place_dialog import PlaceDialog
from bvae_gui.widgets.place_tile import PlaceTile

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def state(demo: Bundle, cache_folder: Path) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def panel(qtbot: QtBot, state: ExplorerState) -> Iterator[ArithmeticPanel]:
    panel = ArithmeticPanel(state)
    qtbot.addWidget(panel)
    apply_style(panel, state.theme)
    panel.resize(1280, 220)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


@pytest.fixture
def along(qtbot: QtBot, state: ExplorerState, panel: ArithmeticPanel) -> ArithmeticPanel:
    """The panel, with a direction to go along."""
    state.annotate(lambda before: before.with_direction("slanted", [0.5, 0.25]))
    qtbot.mouseClick(panel.page.button("direction"), LEFT)
    return panel


def shown(tile: PlaceTile) -> NDArray[np.uint8]:
    """Return what is on a tile, a pixel for each of the image's."""
    pixmap = tile.icon().pixmap(QSize(84, 84))
    return to_array(pixmap.toImage())[1::3, 1::3]


def inked(state: ExplorerState, z: NDArray[np.float32]) -> NDArray[np.uint8]:
    return to_rgb8(state.decode(z), state.theme, state.ink)[0]


def entry(menu: QMenu, *words: str) -> None:
    """Choose from a menu and its submenus."""
    for word in words[:-1]:
        menu = next(action for action in menu.actions() if action.text() == word).menu()
    next(action for action in menu.actions() if action.text() == words[-1]).trigger()


def open_menu(qtbot: QtBot, tile: QWidget) -> QMenu:
    qtbot.mouseClick(tile, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def dialog(kind: type[QWidget]) -> QWidget:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())


# -- the equation ------------------------------------------------------------------------------


def test_before_a_model_is_open_it_says_what_to_do(qtbot: QtBot, demo: Bundle) -> None:
    state = ExplorerState()
    panel = ArithmeticPanel(state)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.equation.isVisible()
    state.open(demo)
    assert panel.equation.isVisible()


def test_it_shows_three_places_and_where_they_lead(
    panel: ArithmeticPanel, state: ExplorerState
) -> None:
    a, b, c = (place.point for place in state.equation.places)
    tiles = [*panel.equation.terms, panel.equation.result]
    for tile, z in zip(tiles, (a, b, c, analogy(a, b, c)), strict=True):
        np.testing.assert_array_equal(shown(tile), inked(state, z))
    assert tiles[0].name == state.label(state.equation.a)
    assert tiles[3].accessibleName() == f"Result: {state.label(state.equation.result)}"


def test_a_place_is_put_in_from_the_menu(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState
) -> None:
    kept, anchor = state.place("#42"), state.scene.anchors[1]
    state.keep(kept)
    first, second, third = panel.equation.terms
    entry(open_menu(qtbot, first), "At the kept point", "#42")
    entry(open_menu(qtbot, second), "At the anchor", f"B: {state.label(anchor)}")
    entry(open_menu(qtbot, third), "At the centroid of", "れ re")
    expected = (kept, anchor, state.place("centroid:れ"))
    assert state.equation.places == expected
    np.testing.assert_array_equal(shown(first), inked(state, kept.point))
    state.undo()
    assert state.equation.places[:2] == expected[:2]


def test_a_place_is_typed_and_refused_in_place(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState
) -> None:
    before = state.equation
    entry(open_menu(qtbot, panel.equation.terms[0]), "Type a place…")
    asked = dialog(PlaceDialog)
    asked.field.setText("nowhere")
    asked.accept()
    assert "Expected" in asked.refusal.text()
    assert state.equation == before
    asked.field.setText("sum:ki + #3")
    asked.accept()
    assert state.equation.a == state.place("sum:ki + #3")


def test_a_drag_of_the_strength_is_live_and_one_step(
    panel: ArithmeticPanel, state: ExplorerState
) -> None:
    slider, before = panel.equation.strength, state.scene
    seen: list[bytes] = []
    state.equation_changed.connect(lambda: seen.append(shown(panel.equation.result).tobytes()))
    mouse = Mouse(slider)
    middle = slider.height() / 2
    start = QPointF(slider._x_of(1.0), middle)
    mouse.drag(start, *(start + QPointF(12 * i, 0) for i in range(1, 6)))
    assert len(set(seen)) == 5
    assert state.equation.strength > 1
    np.testing.assert_array_equal(
        shown(panel.equation.result), inked(state, state.equation.result.point)
    )
    state.undo()
    assert state.scene == before
    assert slider.number == 1


def test_the_result_is_a_place_like_any_other(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState
) -> None:
    view, result = panel.equation, state.equation.result
    qtbot.mouseClick(view.keep_button, LEFT)
    assert state.scene.kept == (result,)
    qtbot.mouseClick(view.result, LEFT)
    assert state.scene.point == result
    menu = view.anchor_button.menu()
    menu.aboutToShow.emit()
    entry(menu, "Put anchor B there")
    assert state.scene.anchors[1] == result
    menu.aboutToShow.emit()
    entry(menu, "Add anchor C there")
    assert state.scene.anchors[2] == result
    rank = state.typicality.rank(result.point)
    qtbot.waitUntil(lambda: view.meter.share == rank)
    assert view.words.text() == typicality_words(rank, thing="character")


def test_where_it_is_narrow_words_end_in_an_ellipsis(qtbot: QtBot, panel: ArithmeticPanel):
    panel.resize(780, 220)
    view = panel.equation
    qtbot.waitUntil(lambda: bool(view.words.text()) and bool(view.title.text()))
    for label in (view.words, view.title):
        assert QLabel.text(label) != label.text()
        assert QLabel.text(label).endswith("…")


def test_a_nearest_character_is_pinned(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState
) -> None:
    view = panel.equation
    tile = view.tiles.findChildren(QAbstractButton)[0]
    qtbot.waitUntil(tile.isEnabled)
    (nearest,), _ = state.neighbours.nearest(state.equation.result.point, 1)
    qtbot.mouseClick(tile, LEFT)
    assert state.scene.point == state.image_place(int(nearest))


def run(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a copied command in a folder."""
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ending:
        main(shlex.split(line)[1:])
    assert ending.value.code == 0


def test_the_copied_command_draws_the_equation(
    qtbot: QtBot,
    panel: ArithmeticPanel,
    state: ExplorerState,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state.set_equation(strength=1.5)
    qtbot.mouseClick(panel.equation.copy_button, LEFT)
    run(QGuiApplication.clipboard().text(), tmp_path, monkeypatch)
    (file,) = tmp_path.glob("*.png")
    drawn = read_metadata(file)
    places = tuple(state.place(drawn[name]) for name in "abc")
    assert (places, drawn["strength"]) == (state.equation.places, 1.5)


def test_the_equation_is_offered_as_a_file(qtbot: QtBot, panel: ArithmeticPanel) -> None:
    with qtbot.waitSignal(panel.export_requested) as asked:
        qtbot.mouseClick(panel.equation.export_button, LEFT)
    assert asked.args == ["equation"]


def test_swapping_turns_the_difference_round(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState
) -> None:
    a, b, c = state.equation.places
    qtbot.mouseClick(panel.equation.swap_button, LEFT)
    assert state.equation.places == (b, a, c)


# -- directions --------------------------------------------------------------------------------


def test_without_directions_one_is_made_of_two_classes(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState, demo: Bundle
) -> None:
    qtbot.mouseClick(panel.page.button("direction"), LEFT)
    assert panel.direction.begin_button.isVisible()
    assert not panel.direction.strip.isVisible()
    qtbot.mouseClick(panel.direction.begin_button, LEFT)
    asked = dialog(NewDirection)
    for box, words in ((asked.having, "Class き ki"), (asked.lacking, "Class れ re")):
        box.setCurrentText(words)
        box.activated.emit(box.currentIndex())
    assert asked.name.text() == "き ki not れ re"
    qtbot.mouseClick(asked.save_button, LEFT)
    (name, vector), *_ = load_annotations(demo).directions.items()
    means = [state.place(f"centroid:{each}").point for each in "きれ"]
    np.testing.assert_allclose(vector, means[0] - means[1], atol=1e-5)
    assert panel.direction.choice.currentText() == name
    assert panel.direction.strip.isVisible()


def test_one_is_made_of_what_is_selected_and_the_rest(
    qtbot: QtBot, along: ArithmeticPanel, state: ExplorerState
) -> None:
    state.annotate(lambda before: before.with_selection("few", [1, 2]))
    state.select([5, 6, 7])
    qtbot.mouseClick(along.direction.new_button, LEFT)
    asked = dialog(NewDirection)
    assert asked.having.itemText(0) == "The selected images"
    assert asked.having.itemText(1) == "Selection few"
    asked.name.clear()
    qtbot.keyClicks(asked.name, "slanted")
    qtbot.mouseClick(asked.save_button, LEFT)
    assert "already" in asked.refusal.text()
    asked.name.clear()
    qtbot.keyClicks(asked.name, "other")
    qtbot.mouseClick(asked.save_button, LEFT)
    codes = state.model.latents
    expected = codes[5:8].mean(axis=0) - np.delete(codes, [5, 6, 7], axis=0).mean(axis=0)
    np.testing.assert_allclose(state.annotations.direction("other"), expected, atol=1e-5)
    assert along.direction.choice.currentText() == "other"


@pytest.mark.parametrize(
    ("having", "lacking"),
    [
        ("Class き ki", "Class れ re"),
        ("Selection -few", "All others"),
        ("The selected images", "Selection -few"),
    ],
)
def test_the_copied_command_saves_the_same_direction(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState, demo: Bundle, having, lacking
) -> None:
    state.annotate(lambda before: before.with_selection("-few", [1, 2, 40]))
    state.select([5, 6, 7])
    panel.direction.ask_for_new()
    asked = dialog(NewDirection)
    for box, words in ((asked.having, having), (asked.lacking, lacking)):
        box.setCurrentText(words)
        box.activated.emit(box.currentIndex())
    asked.name.setText("slanted")
    qtbot.mouseClick(asked.copy_button, LEFT)
    qtbot.mouseClick(asked.save_button, LEFT)
    saved = load_annotations(demo).directions["slanted"]
    state.annotate(lambda before: before.without_direction("slanted"))
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(QGuiApplication.clipboard().text())[1:])
    assert not ended.value.code
    assert load_annotations(demo).directions["slanted"] == saved


def test_the_slider_takes_the_pinned_point_along_in_one_step(
    along: ArithmeticPanel, state: ExplorerState
) -> None:
    view, before = along.direction, state.scene
    moved: list[tuple[float, ...]] = []
    state.point_changed.connect(lambda: moved.append(state.scene.point.z))
    mouse, middle = Mouse(view.slider), view.slider.height() / 2
    way = [QPointF(view.slider._x_of(amount), middle) for amount in (0, 0.5, 1, 1.5, 2)]
    mouse.drag(*way)
    assert len(moved) == 4
    amount = view.slider.number
    assert amount == pytest.approx(2, abs=0.02)
    np.testing.assert_allclose(
        state.point, before.point.point + amount * np.float32([0.5, 0.25]), atol=1e-5
    )
    assert state.scene.point.text.startswith("sum:class:お + ")
    assert view.strip.current == STEPS.index(2)
    state.undo()
    assert state.scene == before
    assert view.slider.number == 0


def test_a_point_that_leaves_the_line_begins_another(
    qtbot: QtBot, along: ArithmeticPanel, state: ExplorerState
) -> None:
    view = along.direction
    view.slider.setValue(100)
    assert view.base.text() == f"Steps from {state.label(state.place('お'))}"
    state.pin([3, 3])
    assert view.slider.number == 0
    qtbot.waitUntil(lambda: view.base.text() == "Steps from (3, 3)")
    view.slider.setValue(-100)
    np.testing.assert_allclose(state.point, [2.5, 2.75], atol=1e-6)


def test_a_step_of_the_strip_is_pinned_by_a_click(
    qtbot: QtBot, along: ArithmeticPanel, state: ExplorerState
) -> None:
    strip, base = along.direction.strip, state.point
    assert strip.count == len(STEPS)
    qtbot.mouseClick(strip, LEFT, pos=strip.frame_rect(0).center())
    np.testing.assert_allclose(state.point, base - 3 * np.float32([0.5, 0.25]), atol=1e-5)
    assert along.direction.slider.number == pytest.approx(-3, abs=1e-4)


def test_a_direction_is_renamed_removed_and_brought_back(
    qtbot: QtBot, along: ArithmeticPanel, state: ExplorerState
) -> None:
    view = along.direction
    qtbot.mouseClick(view.rename_button, LEFT)
    asked = dialog(PlaceDialog)
    asked.field.setText("a - b")
    asked.accept()
    assert "space before" in asked.refusal.text()
    asked.field.setText("bold")
    asked.accept()
    assert list(state.annotations.directions) == ["bold"]
    assert view.choice.currentText() == "bold"
    qtbot.mouseClick(view.remove_button, LEFT)
    assert not state.annotations.directions
    assert view.begin_button.isVisible()
    qtbot.mouseClick(view.notice.offer, LEFT)
    assert state.annotations.direction("bold") == (0.5, 0.25)
    assert view.strip.isVisible()


def test_the_morph_goes_along_and_the_command_draws_the_strip(
    qtbot: QtBot,
    along: ArithmeticPanel,
    state: ExplorerState,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = state.point
    qtbot.mouseClick(along.direction.morph_button, LEFT)
    steps = np.float32(STEPS)[:, None] * np.float32([0.5, 0.25])
    np.testing.assert_allclose(state.morph.places, base + steps, atol=1e-5)
    qtbot.mouseClick(along.direction.copy_button, LEFT)
    state.annotate(lambda before: before.without_direction("slanted"))
    run(QGuiApplication.clipboard().text(), tmp_path, monkeypatch)
    found = read_metadata(tmp_path / "direction.png")["anchors"]
    np.testing.assert_allclose(state.place(found[0]).point, state.morph.places[0], atol=1e-5)


def test_directions_that_can_not_be_read_are_said_and_tried_again(
    qtbot: QtBot, panel: ArithmeticPanel, state: ExplorerState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_bundle: Bundle) -> None:
        raise BvaeError("slanted.json: Expected something better. Received: this.")

    monkeypatch.setattr("bvae_gui.state.opened.load_annotations", fail)
    qtbot.mouseClick(panel.page.button("direction"), LEFT)
    assert "something better" in panel.direction.notice.text
    monkeypatch.undo()
    qtbot.mouseClick(panel.direction.notice.offer, LEFT)
    assert panel.direction.begin_button.isVisible()


def test_every_control_says_what_it_does(along: ArithmeticPanel) -> None:
    controls = [
        *along.equation.terms, along.equation.result, along.equation.strength,
        *along.equation.tools.findChildren(QAbstractButton),
        *along.direction.tools.findChildren(QAbstractButton),
        along.direction.choice, along.direction.slider,
    ]  # fmt: skip
    for control in controls:
        assert control.toolTip()
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
