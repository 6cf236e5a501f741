"""Models side by side: one image marked in all, the same images, the same morph, a table."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundles import contents
from latent_models import write_model
from mouse import Mouse
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, QSize, Qt
from qtpy.QtGui import QGuiApplication, QImage
from qtpy.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton, QWidget
from variants import FIGURES, keep_variant

from bvae_core.bundle import Bundle
from bvae_core.cli import main
from bvae_core.comparison import shared_morph
from bvae_core.datasets import Origin
from bvae_core.figures import read_metadata
from bvae_core.figures.ink import to_rgb8
from bvae_core.figures.theme import DARK
from bvae_core.latent import PathKind
from bvae_core.originals import find_originals, remember_origin
from bvae_core.store import Store
from bvae_gui.panels.compare import ComparePanel
from bvae_gui.panels.compare.comparison import Morph
from bvae_gui.panels.compare.figures import Figure
from bvae_gui.panels.compare.page import NARROW, ComparePage
from bvae_gui.state import ExplorerState
from bvae_gui.widgets.class_legend import entry_of
from bvae_gui.widgets.pixels import to_qimage

BETTER = FIGURES | {"objective_beta_1": 260.0, "neighbour_accuracy": 0.7}


@pytest.fixture
def store(cache_folder: Path) -> Store:
    return Store()


@pytest.fixture
def panel(qtbot: QtBot, store: Store, demo: Bundle) -> ComparePanel:
    state = ExplorerState()
    state.open(demo)
    panel = ComparePanel(state)
    qtbot.addWidget(panel)
    panel.resize(1280, 800)
    panel.show()
    return panel


@pytest.fixture
def compare(qtbot: QtBot, panel: ComparePanel) -> Callable[..., ComparePage]:
    """Compare models, and wait until they are drawn."""

    def compare_them(*models: str | Path) -> ComparePage:
        panel.compare(models)
        qtbot.waitUntil(lambda: panel.page is not None or panel.words.text() != "Opening…")
        page = panel.page
        assert page is not None, panel.words.text()
        qtbot.waitUntil(lambda: all(drawn(each) for each in page.maps))
        sizes: list[list[QSize]] = []

        def is_at_rest() -> bool:
            sizes.append([each.size() for each in page.maps])
            return len(sizes) > 5 and sizes[-1] == sizes[-6]

        qtbot.waitUntil(is_at_rest)
        return page

    return compare_them


def drawn(widget: QWidget) -> bool:
    """Whether a map has its dots."""
    centre = QPointF(widget.rect().center())
    return widget.isVisible() and widget.image_at(centre) is not None


@pytest.fixture
def page(store: Store, compare: Callable[..., ComparePage]) -> ComparePage:
    """Two models of the demo's images, one of them turned by a right angle."""
    keep_variant(store, "upright")
    keep_variant(store, "turned", turn=np.pi / 2, metrics=BETTER)
    return compare("upright", "turned")


def shown_by(page: ComparePage) -> list[QImage]:
    return [view.image for view in page.images]


def painted(page: ComparePage, panel: ComparePanel, image: int) -> list[QImage]:
    """What the models make of an image, as it shall be seen."""
    state = panel._state
    models = panel.comparison.models
    return [
        to_qimage(to_rgb8(m.decode(m.latents[image]), state.theme, state.ink)[0]) for m in models
    ]


# One image in all models


def test_pointing_at_an_image_marks_it_in_every_model(page: ComparePage, panel: ComparePanel):
    image = int(panel.comparison.characters[5])
    first, second = page.maps
    mouse = Mouse(first)
    mouse.move(first.position_of(image))
    assert panel.comparison.marked == image
    for index, each in enumerate(page.maps):
        place = panel.comparison.shown[index][image]
        assert np.allclose(each._point.point, place)
    assert first.position_of(image) != second.position_of(image)
    assert shown_by(page) == painted(page, panel, image)
    assert f"#{image}" in page.caption.text()


def test_leaving_the_map_returns_to_the_image_that_was_clicked(
    page: ComparePage, panel: ComparePanel
):
    kept, other = (int(panel.comparison.characters[i]) for i in (3, 8))
    mouse = Mouse(page.maps[1])
    mouse.click(page.maps[1].position_of(kept))
    Mouse(page.maps[0]).move(page.maps[0].position_of(other))
    assert panel.comparison.marked == other
    Mouse(page.maps[0]).leave()
    assert panel.comparison.marked == kept
    assert shown_by(page) == painted(page, panel, kept)


def test_the_mark_is_painted_where_the_image_is_on_each_map(page: ComparePage, panel: ComparePanel):
    image = int(panel.comparison.characters[4])
    before = [each.grab().toImage() for each in page.maps]
    Mouse(page.maps[0]).move(page.maps[0].position_of(image))
    for each, old in zip(page.maps, before, strict=True):
        new = each.grab().toImage()
        at = each.position_of(image)
        ring = [(round(at.x() + 15 * c), round(at.y() + 15 * s)) for c, s in ((1, 0), (0, 1))]
        assert any(new.pixelColor(x, y) != old.pixelColor(x, y) for x, y in ring)


def test_the_wheel_zooms_one_map_and_a_double_click_shows_all(page: ComparePage):
    each, other = page.maps
    image = each.image_at(QPointF(each.rect().center()))
    away = each.position_of(0) - each.position_of(image)
    elsewhere = other.position_of(0)
    mouse = Mouse(each)
    mouse.turn_wheel(each.position_of(image), 2)
    closer = each.position_of(0) - each.position_of(image)
    assert abs(closer.x()) > 1.3 * abs(away.x())
    assert other.position_of(0) == elsewhere
    mouse.double_click(QPointF(each.rect().center()))
    assert each.position_of(0) - each.position_of(image) == away


def test_the_same_images_are_chosen_by_mouse_and_keys(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel
):
    grid, characters = page.characters, panel.comparison.characters
    assert grid.tiles.shape[:2] == (2, 12)
    at = grid.tile_rect(1, 7).center()
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=at)
    assert panel.comparison.pinned == characters[7]
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert panel.comparison.pinned == characters[8]
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert panel.comparison.pinned == characters[0]
    Mouse(grid).move(QPointF(grid.tile_rect(0, 3).center()))
    assert panel.comparison.marked == characters[3]
    Mouse(grid).leave()
    assert panel.comparison.marked == characters[0]


def test_reconstructions_are_those_of_each_model(page: ComparePage, panel: ComparePanel):
    images, state = panel.comparison.characters, panel._state
    for row, model in enumerate(panel.comparison.models):
        made = to_rgb8(model.decode(model.latents[images]), state.theme, state.ink)
        assert np.array_equal(page.characters.tiles[row], made)


# The table


def figures(page: ComparePage) -> dict[str, bool]:
    return {f.accessibleName(): f.is_best for f in page.findChildren(Figure)}


def test_the_better_figure_is_marked_also_for_those_who_cannot_see_it(page: ComparePage):
    found = figures(page)
    assert found["turned, objective at β = 1: 260.0, the better one"]
    assert found["turned, 15-NN accuracy: 0.700, the better one"]
    assert not found["upright, 15-NN accuracy: 0.500"]
    assert not found["upright, KL: 5.00"]


def test_a_model_trained_on_all_images_has_no_figures_to_compare(
    store: Store, compare: Callable[..., ComparePage], panel: ComparePanel
):
    keep_variant(store, "mine", turn=1)
    page = compare("demo", "mine")
    assert not figures(page)["demo, objective at β = 1: –"]
    assert not any(figures(page).values())
    assert "demo was trained on all images" in " ".join(panel.comparison.notes)


def test_the_table_is_copied_for_spreadsheets(page: ComparePage, panel: ComparePanel):
    panel.copy_table_action.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "\tupright\tturned"
    assert "objective at β = 1\t280.0\t260.0" in lines


# The morph


def test_the_morph_goes_between_the_same_images_in_each_model(
    page: ComparePage, panel: ComparePanel
):
    first, second = panel.comparison.ways
    turned = first @ np.array([[0, -1], [1, 0]], np.float32)
    assert np.allclose(second, turned, atol=1e-5)
    assert page.morph.tiles.shape[:2] == (2, 12)


def test_its_ends_are_chosen_with_the_keyboard(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel
):
    before = page.morph.tiles.copy()
    page.ends[1].setFocus()
    qtbot.keyClick(page.ends[1], Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: panel.comparison.morph.ends == ("class:0", "class:8"))
    assert not np.array_equal(page.morph.tiles[:, -1], before[:, -1])
    assert np.array_equal(page.morph.tiles[:, 0], before[:, 0])
    for index, each in enumerate(page.maps):
        assert np.allclose(each._marks.anchors[1], panel.comparison.way_on_map(index)[-1])


@pytest.mark.slow
@pytest.mark.parametrize("path", ["spherical", "geodesic", "dense"])
def test_it_goes_any_kind_of_way_and_is_exported_so(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel, tmp_path: Path, path: PathKind
):
    before = page.morph.tiles.copy()
    qtbot.mouseClick(page.way.button(path), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.comparison.morph.path == path, timeout=20_000)
    assert not np.array_equal(page.morph.tiles, before)
    models = panel.comparison.models
    expected = shared_morph(models, *panel.comparison.morph.ends, before.shape[1], path)
    for way, model, there in zip(panel.comparison.ways, models, expected, strict=True):
        np.testing.assert_array_equal(model.decode(way), model.decode(there))
    panel.export(tmp_path / "page.png")
    qtbot.waitUntil(lambda: panel.notice.text.startswith("Exported"), timeout=20_000)
    assert read_metadata(tmp_path / "page.png")["path"] == path


def test_what_is_chosen_while_a_way_is_being_found_is_not_forgotten(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel
):
    qtbot.mouseClick(page.way.button("geodesic"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(page.ends[1], Qt.Key.Key_Up)
    qtbot.keyClick(page.ends[0], Qt.Key.Key_Down)
    asked = Morph("class:1", "class:8", "geodesic")
    qtbot.waitUntil(lambda: panel.comparison.morph == asked, timeout=20_000)
    assert page.way.value == "geodesic"
    assert page.finding.isHidden()


def test_an_image_of_the_map_becomes_an_end_by_its_menu(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel
):
    each = page.maps[0]
    # The mouse is at whole pixels, where among so many dots another one may be the nearest.
    spot = QPointF(each.position_of(int(panel.comparison.characters[6])).toPoint())
    image = each.image_at(spot)
    Mouse(each).ask_for_menu(spot)
    menu = page.findChild(QMenu)
    (action,) = [a for a in menu.actions() if a.text() == f"Morph from image #{image}"]
    action.trigger()
    qtbot.waitUntil(lambda: panel.comparison.morph.ends[0] == f"#{image}")
    assert page.ends[0].currentText() == f"#{image}"
    for model, way in zip(panel.comparison.models, panel.comparison.ways, strict=True):
        assert np.allclose(way[0], model.latents[image])


def test_the_image_that_was_clicked_becomes_an_end(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel
):
    image = int(panel.comparison.characters[2])
    Mouse(page.maps[0]).click(page.maps[0].position_of(image))
    choice = page.ends[1]
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Down)  # after the last class
    qtbot.waitUntil(lambda: panel.comparison.morph.ends[1] == f"#{image}")


def test_pointing_at_a_frame_marks_it_on_the_maps(page: ComparePage):
    before = [each.grab().toImage() for each in page.maps]
    Mouse(page.morph).move(QPointF(page.morph.tile_rect(0, 6).center()))
    assert all(each.grab().toImage() != old for each, old in zip(page.maps, before, strict=True))


# Classes


def test_a_class_is_hidden_on_all_maps(qtbot: QtBot, page: ComparePage, panel: ComparePanel):
    labels = panel.comparison.models[0].labels
    image = int(np.flatnonzero(labels == 3)[0])
    legend = page.legend
    rows = [entry_of(legend.item(row)).label for row in range(legend.count())]
    legend.setCurrentRow(rows.index(3))
    qtbot.keyClick(legend, Qt.Key.Key_Space)
    qtbot.waitUntil(
        lambda: all(labels[each.image_at(each.position_of(image))] != 3 for each in page.maps)
    )
    qtbot.keyClick(legend, Qt.Key.Key_Return)  # its most typical image
    assert labels[panel.comparison.pinned] == 3


# What is refused


@pytest.mark.parametrize(
    ("models", "why"),
    [
        (("mine", "other"), "Expected models of the same images"),
        (("mine",), "Expected 2 to 4 models"),
        (("mine", "mine"), "twice"),
        (("mine", "nobody"), "There is no model named 'nobody'"),
    ],
)
def test_what_does_not_compare_is_refused_with_the_reason(
    qtbot: QtBot, store: Store, panel: ComparePanel, models: tuple[str, ...], why: str
):
    keep_variant(store, "mine")
    keep_variant(store, "other", data={"name": "strokes", "fingerprint": "ab" * 32})
    panel.compare(models)
    qtbot.waitUntil(lambda: why in panel.words.text())
    assert panel.words.isVisible()
    assert not panel.export_action.isEnabled()
    assert not panel.copy_command_action.isEnabled()


def test_it_says_what_to_do_before_anything_is_compared(panel: ComparePanel):
    assert "library" in panel.words.text()
    assert panel.words.isVisible()


def test_only_what_was_asked_for_last_is_shown(qtbot: QtBot, store: Store, panel: ComparePanel):
    for number in range(3):
        keep_variant(store, f"model {number}", turn=number)
    panel.compare(["model 0", "model 1"])
    panel.compare(["model 1", "model 2"])
    qtbot.waitUntil(lambda: panel.comparison is not None)
    qtbot.wait(100)
    assert [model.name for model in panel.comparison.models] == ["model 1", "model 2"]


# Files


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_it_is_exported_as_one_page(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel, tmp_path: Path, suffix: str
):
    target = tmp_path / f"page{suffix}"
    qtbot.keyClick(page.ends[1], Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: panel.comparison.morph.ends[1] == "class:8")
    panel.export_action.trigger()
    field = panel.findChild(QFileDialog).findChild(QLineEdit)
    field.setText(str(target))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.notice.text == f"Exported as {target.name}.")
    if suffix == ".png":
        made_from = read_metadata(target)
        assert made_from["anchors"] == ["class:0", "class:8"]
        assert [model["name"] for model in made_from["models"]] == ["upright", "turned"]
    else:
        assert target.read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.slow
@pytest.mark.parametrize("names", [("upright", "turned"), ("-upright", "its twin")])
def test_the_copied_command_draws_the_same_page(
    qtbot: QtBot,
    store: Store,
    compare: Callable[..., ComparePage],
    panel: ComparePanel,
    tmp_path: Path,
    names: tuple[str, str],
):
    for turn, name in enumerate(names):
        keep_variant(store, name, turn=turn)
    page = compare(*names)
    panel._state.set_look(theme=DARK, ink="screen")
    qtbot.mouseClick(page.way.button("spherical"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(page.ends[1], Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: panel.comparison.morph == Morph("class:0", "class:8", "spherical"))
    panel.export(tmp_path / "window.png")
    qtbot.waitUntil(lambda: panel.notice.text.startswith("Exported"), timeout=20_000)

    (copy,) = (
        button for button in panel.findChildren(QPushButton) if button.text() == "Copy as command"
    )
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "Copied the command" in panel.notice.text
    command = shlex.split(QGuiApplication.clipboard().text())
    command[command.index("comparison.png")] = str(tmp_path / "shell.png")
    with pytest.raises(SystemExit) as ended:
        main(command[1:])
    assert ended.value.code in (0, None)
    assert (tmp_path / "shell.png").read_bytes() == (tmp_path / "window.png").read_bytes()


def test_what_is_as_usual_is_left_out_of_the_command(page: ComparePage, panel: ComparePanel):
    panel.copy_command_action.trigger()
    command = "bvae compare upright turned -o comparison.png"
    assert QGuiApplication.clipboard().text() == command


def test_a_place_that_cannot_be_written_is_told(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel, tmp_path: Path
):
    panel.export(tmp_path / "nowhere" / "page.png")
    qtbot.waitUntil(lambda: "nowhere" in panel.notice.text)
    assert "Exported" not in panel.notice.text


# Other models, other looks


def test_the_images_themselves_are_shown_where_they_are_at_hand(
    qtbot: QtBot,
    kmnist_folder: Path,
    demo: Bundle,
    store: Store,
    compare: Callable[..., ComparePage],
    panel: ComparePanel,
):
    keep_variant(store, "mine", turn=1)
    remember_origin(demo.data.fingerprint, Origin(str(kmnist_folder)))
    page = compare("demo", "mine")
    assert not page.original.isVisible() or panel.comparison.originals is not None
    qtbot.waitUntil(lambda: panel.comparison.originals is not None)
    assert page.original.isVisible()
    assert page.characters.tiles.shape[0] == 3
    images, state = panel.comparison.characters, panel._state
    originals = to_rgb8(panel.comparison.originals.take(images), state.theme, state.ink)
    assert np.array_equal(page.characters.tiles[0], originals)


@pytest.mark.slow
def test_a_page_has_them_even_if_they_are_still_looked_for(
    qtbot: QtBot,
    kmnist_folder: Path,
    demo: Bundle,
    store: Store,
    compare: Callable[..., ComparePage],
    panel: ComparePanel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    keep_variant(store, "mine", turn=1)
    remember_origin(demo.data.fingerprint, Origin(str(kmnist_folder)))
    is_exported, searches = threading.Event(), []

    def find(*arguments: Any, **options: Any) -> Any:
        searches.append(arguments)
        if len(searches) == 1:  # the panel's own
            is_exported.wait(60)
        return find_originals(*arguments, **options)

    monkeypatch.setattr("bvae_gui.panels.compare.panel.find_originals", find)
    compare("demo", "mine")
    assert panel.comparison.originals is None
    early, late = tmp_path / "early.png", tmp_path / "late.png"
    panel.export(early)
    qtbot.waitUntil(lambda: panel.notice.text == "Exported as early.png.")
    is_exported.set()
    qtbot.waitUntil(lambda: panel.comparison.originals is not None)
    panel.export(late)
    qtbot.waitUntil(lambda: panel.notice.text == "Exported as late.png.")
    assert early.read_bytes() == late.read_bytes()
    assert len(searches) == 2


def test_four_models_of_colour_images_in_three_dimensions(
    store: Store, compare: Callable[..., ComparePage], panel: ComparePanel
):
    made = [store.add(contents(f"colour {n}", kind="conv", seed=n)) for n in range(4)]
    page = compare(*(model.fingerprint for model in made))
    assert len(page.maps) == 4
    assert page.characters.tiles.shape == (4, 12, 16, 24, 3)
    image = int(panel.comparison.characters[1])
    Mouse(page.maps[3]).move(page.maps[3].position_of(image))
    assert panel.comparison.marked == image
    assert shown_by(page) == painted(page, panel, image)


def test_models_without_labels_and_of_one_dimension(
    tmp_path: Path, compare: Callable[..., ComparePage], panel: ComparePanel
):
    made = [write_model(tmp_path, dimensions, has_labels=False) for dimensions in (1, 10)]
    page = compare(*(model.path for model in made))
    assert not page.legend.isVisible()
    assert panel.comparison.morph.ends[0].startswith("#")
    assert page.ends[0].currentText() == panel.comparison.morph.ends[0]
    image = int(panel.comparison.characters[2])
    Mouse(page.maps[0]).move(page.maps[0].position_of(image))
    assert panel.comparison.marked == image
    assert f"#{image}" in page.caption.text()


def test_the_theme_is_followed(page: ComparePage, panel: ComparePanel, qtbot: QtBot):
    by_day = page.characters.tiles.copy()
    panel._state.set_look(theme=DARK)
    assert not np.array_equal(page.characters.tiles, by_day)
    corner = page.maps[0].rect().topLeft()
    qtbot.waitUntil(lambda: page.maps[0].grab().toImage().pixelColor(corner).name() == DARK.ground)


def test_the_morph_goes_below_where_it_is_narrow(
    qtbot: QtBot, page: ComparePage, panel: ComparePanel
):
    assert page.morph.x() > NARROW // 2
    panel.resize(480, 800)
    qtbot.waitUntil(lambda: page.morph.x() == page.characters.x())
    assert page.morph.y() > page.characters.geometry().bottom()


def test_comparing_others_replaces_what_was_compared(
    qtbot: QtBot, store: Store, page: ComparePage, compare: Callable[..., ComparePage]
):
    keep_variant(store, "third", turn=2)
    with qtbot.waitSignal(page.destroyed):
        again = compare("third", "demo")
    assert len(again.maps) == 2
