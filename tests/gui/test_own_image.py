from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import drop, trigger
from latent_models import write_model
from mouse import Mouse
from PIL import Image, ImageDraw
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QMimeData, QPointF, Qt, QUrl
from qtpy.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from qtpy.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QLineEdit

from bvae_core.bundle import Bundle
from bvae_core.cli import main
from bvae_core.errors import DataError
from bvae_core.figures import MorphRecipe
from bvae_core.fitting import fit, image_format, read_picture
from bvae_core.latent import NeighbourProjection, posterior_ellipse
from bvae_gui.explorer import OWN
from bvae_gui.panels.latent_map.chart import MapChart
from bvae_gui.panels.own_image import OwnImagePanel
from bvae_gui.recipes import Choices, make_recipe
from bvae_gui.state import ExplorerState
from bvae_gui.state.own_image import Picture
from bvae_gui.style import apply_style
from bvae_gui.widgets.pixels import to_array
from bvae_gui.window.main_window import MainWindow


@pytest.fixture
def state(demo: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


@pytest.fixture
def panel(qtbot: QtBot, state: ExplorerState) -> Iterator[OwnImagePanel]:
    panel = OwnImagePanel(state)
    qtbot.addWidget(panel)
    apply_style(panel, state.theme)
    panel.resize(1200, 210)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A cross in dark ink on grey paper."""
    paper = Image.new("RGB", (300, 200), (214, 205, 190))
    pen = ImageDraw.Draw(paper)
    pen.line([(150, 40), (150, 170)], fill=(40, 30, 30), width=14)
    pen.line([(100, 80), (210, 80)], fill=(40, 30, 30), width=14)
    paper.save(tmp_path / "photo.jpg")
    return tmp_path / "photo.jpg"


def draw(panel: OwnImagePanel, *way: tuple[float, float]) -> None:
    """Draw a stroke through places given in shares of the canvas."""
    pad = panel.source.pad
    Mouse(pad).drag(*[pad.on_widget(*place) for place in way])


def opened(qtbot: QtBot, panel: OwnImagePanel, path: Path) -> None:
    panel.open(path)
    qtbot.waitUntil(lambda: panel.source.picture.isVisible() or bool(panel.notice.text))


def shown_rgb(view) -> np.ndarray:
    image = view.image
    return np.array(
        [
            [image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())]
            for y in range(image.height())
        ]
    )


# -- drawing ---------------------------------------------------------------------------------------


def test_a_stroke_is_read_while_it_is_drawn(qtbot, panel, state, demo):
    pad, mouse = panel.source.pad, Mouse(panel.source.pad)
    mouse.press(pad.on_widget(0.5, 0.2))
    qtbot.waitUntil(lambda: state.own is not None)
    first = state.own
    mouse.move(pad.on_widget(0.5, 0.8))
    qtbot.waitUntil(lambda: state.own is not first)
    mouse.release()
    own = state.own
    form = image_format(demo.decode, demo.latents, demo.image_shape)
    expected = fit(pad.pixels, form, ground=0)
    assert np.array_equal(own.fitted.image, expected.image)
    mean, log_var = demo.encode(expected.image)
    assert np.array_equal(own.codes.mean, mean)
    assert np.array_equal(own.codes.log_var, log_var)


def test_a_stroke_is_one_step_to_undo_and_the_drawing_comes_back(panel, state):
    draw(panel, (0.5, 0.2), (0.5, 0.5), (0.5, 0.8))
    one = panel.source.pad.pixels
    draw(panel, (0.2, 0.5), (0.8, 0.5))
    two = panel.source.pad.pixels
    assert not np.array_equal(one, two)
    state.undo()
    assert np.array_equal(panel.source.pad.pixels, one)
    state.undo()
    assert panel.source.pad.is_empty
    assert state.own is None
    assert not state.can_undo
    state.redo()
    state.redo()
    assert np.array_equal(panel.source.pad.pixels, two)


def test_a_drawing_that_was_brought_back_is_drawn_on(panel, state):
    draw(panel, (0.5, 0.2), (0.5, 0.8))
    draw(panel, (0.2, 0.5), (0.8, 0.5))
    state.undo()
    draw(panel, (0.2, 0.3), (0.8, 0.3))
    pixels = state.own.picture.pixels
    middle = pixels.shape[0] // 2
    assert pixels[middle, middle] == 255
    assert pixels[middle, middle + 60] == 0


def test_erasing_all_of_it_leaves_nothing_to_read(qtbot, panel, state):
    draw(panel, (0.5, 0.5))
    assert state.own is not None
    qtbot.mouseClick(panel.source.eraser_button, Qt.MouseButton.LeftButton)
    panel.source.brush_slider.setValue(30)
    draw(panel, (0.5, 0.5))
    assert state.own is None


def test_clear_is_undone(qtbot, panel, state):
    draw(panel, (0.5, 0.2), (0.5, 0.8))
    own = state.own
    panel.clear_action.trigger()
    assert state.own is None
    assert panel.source.pad.is_empty
    assert not panel.clear_action.isEnabled()
    state.undo()
    assert state.own is own
    assert not panel.source.pad.is_empty


def test_the_pads_keys_and_the_tools_beside_it_agree(qtbot, panel):
    pad, source = panel.source.pad, panel.source
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_E)
    assert source.eraser_button.isChecked()
    qtbot.keyClick(pad, Qt.Key.Key_BracketLeft)
    assert source.brush_slider.value() == round(100 * pad.brush)


def test_a_drawing_has_no_colours():
    with pytest.raises(DataError, match="drawing of greys"):
        Picture(np.zeros((9, 9, 3), np.uint8), "a drawing", is_drawing=True)


def test_says_what_to_do_while_there_is_nothing(panel, state):
    assert not panel.reading.isVisible()
    draw(panel, (0.5, 0.5))
    assert panel.reading.isVisible()


# -- what is shown ---------------------------------------------------------------------------------


def test_shows_what_the_model_sees_and_makes_of_it_with_the_error(panel, state):
    state.set_look(ink="screen")
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    own, reading = state.own, panel.reading
    assert np.array_equal(shown_rgb(reading.seen)[..., 0], own.fitted.image)
    made = np.rint(255 * own.decoded)
    assert np.array_equal(shown_rgb(reading.decoded)[..., 1], made)
    assert f"{own.error:,.0f} nats" in reading.error.text()
    usual = state.model.metrics["reconstruction"]
    assert f"usual {usual:,.0f}" in reading.error.text()


def test_shows_the_nearest_known_images_which_a_click_pins(qtbot, panel, state):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    tiles = [tile for tile in panel.reading.tiles.children() if isinstance(tile, QAbstractButton)]
    qtbot.waitUntil(lambda: tiles[0].isEnabled())
    indices, _ = state.neighbours.nearest(state.own.codes.mean[0], 6)
    assert f"#{indices[0]}" in tiles[0].accessibleName()
    assert panel.reading.words.text().startswith("Lies ")
    qtbot.mouseClick(tiles[0], Qt.MouseButton.LeftButton)
    assert state.scene.point.text == f"#{indices[0]}"


def test_where_it_is_narrow_words_end_in_an_ellipsis(qtbot, panel):
    panel.resize(780, 210)
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    qtbot.waitUntil(lambda: panel.reading.words.text().startswith("Lies "))
    assert QLabel.text(panel.reading.words).endswith("…")


def test_each_step_says_what_it_did_and_can_be_left_out(qtbot, panel, state, photo):
    opened(qtbot, panel, photo)
    boxes = panel.reading.steps.boxes
    assert all(box.isChecked() for box in boxes.values())
    assert boxes["invert"].text() == "Inverted: bright background"
    before = state.own
    for step, off in (("crop", "Not cropped"), ("invert", "Not inverted")):
        boxes[step].click()
        assert step not in state.own.fitted.steps
        assert boxes[step].text() == off
    assert not np.array_equal(state.own.fitted.image, before.fitted.image)
    state.undo()
    state.undo()
    assert state.own is before
    assert boxes["crop"].isChecked()


def test_the_command_that_reads_the_same_is_copied(qtbot, panel, state, photo):
    opened(qtbot, panel, photo)
    panel.reading.steps.boxes["crop"].click()
    qtbot.mouseClick(panel.reading.copy_button, Qt.MouseButton.LeftButton)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words == ["bvae", "encode", "demo", str(photo), "--no-crop"]


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a copied command, and return what it says."""
    assert words[0] == "bvae"
    with pytest.raises(SystemExit) as ended:
        main(words[1:])
    assert not ended.value.code
    return capsys.readouterr().out


def test_the_command_of_a_drawing_reads_what_the_model_saw(
    qtbot, panel, state, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    draw(panel, (0.2, 0.3), (0.7, 0.35), (0.4, 0.9))
    qtbot.mouseClick(panel.reading.copy_button, Qt.MouseButton.LeftButton)
    (picker,) = [each for each in panel.findChildren(QFileDialog) if each.isVisible()]
    field = picker.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(tmp_path / "ki.png"))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:4] == ["bvae", "encode", "demo", str(tmp_path / "ki.png")]
    (read,) = json.loads(run([*words, "--json"], capsys))["images"]
    assert read["mean"] == state.own.codes.mean[0].tolist()
    assert read["log_var"] == state.own.codes.log_var[0].tolist()
    assert read["steps"] == []


def test_a_pad_full_of_ink_is_read_in_the_window_and_by_its_command_alike(
    panel, state, tmp_path, capsys
):
    pad = panel.source.pad
    pad.set_brush(0.3)
    draw(panel, *[(x, y) for y in np.linspace(0, 1, 9) for x in (-0.2, 1.2)])
    assert (pad.pixels == 255).all()
    panel.reading.save_for_command(state.own, tmp_path / "ink.png")
    words = shlex.split(QGuiApplication.clipboard().text())
    (read,) = json.loads(run([*words, "--json"], capsys))["images"]
    assert read["mean"] == state.own.codes.mean[0].tolist()


def test_where_ink_is_looked_for_window_and_shell_refuse_a_picture_of_one_colour_alike(
    qtbot, panel, state, tmp_path, capsys
):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    before = state.own
    ink = tmp_path / "ink.png"
    Image.new("L", (28, 28), 255).save(ink)
    panel.open(ink)
    why = "Expected something to be seen on its background. Received: a picture of one colour."
    qtbot.waitUntil(lambda: why in panel.notice.text)
    assert state.own is before
    with pytest.raises(SystemExit):
        main(["encode", "demo", str(ink)])
    assert capsys.readouterr().err.strip() == f"bvae: {ink}: {panel.notice.text}"


@pytest.mark.parametrize("what", ["image", "morph", "animation", "map", "equation"])
def test_what_is_exported_of_a_drawing_s_place_has_a_command_that_makes_it_too(
    panel, state, tmp_path, monkeypatch, capsys, what
):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    place = state.own.place
    state.pin(place)
    state.set_anchor(0, place)
    state.set_equation(a=place)
    name = "drawn.gif" if what == "animation" else "drawn.png"
    recipe = make_recipe(state, what, Choices(scale=1))
    recipe.export(state.model, tmp_path / name)
    (tmp_path / "shell").mkdir()
    monkeypatch.chdir(tmp_path / "shell")
    run(recipe.command("demo", name), capsys)
    assert (tmp_path / "shell" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_a_picture_is_saved_without_loss_or_not_at_all(panel, state, tmp_path):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    with pytest.raises(DataError, match=r"ends in \.png. Received: '\.jpg'"):
        panel.reading.save_for_command(state.own, tmp_path / "ki.jpg")
    assert not list(tmp_path.iterdir())


def test_a_step_that_is_left_out_stays_so_for_the_next_stroke(panel, state):
    draw(panel, (0.2, 0.2), (0.3, 0.3))
    panel.reading.steps.boxes["crop"].click()
    draw(panel, (0.2, 0.2), (0.2, 0.4))
    assert "crop" not in state.own.fitted.steps


def test_it_is_pinned_kept_and_made_an_anchor(panel, state):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    place, reading = state.own.place, panel.reading
    reading.pin_button.click()
    assert state.scene.point == place
    reading.keep_button.click()
    assert state.scene.kept == (place,)
    trigger(reading.anchor_button.menu(), "Set anchor B")
    assert state.scene.anchors[1] == place
    trigger(reading.anchor_button.menu(), "Add anchor C")
    assert state.scene.anchors[2] == place
    assert len(state.morph.places) == state.scene.frames


def test_another_model_begins_with_an_empty_pad_of_its_own_format(panel, state, tmp_path):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    state.open(write_model(tmp_path, 10))
    assert state.own is None
    assert panel.source.pad.is_empty
    assert panel.source.pad.pixels.shape == (252, 252)  # of 12×12
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    assert state.own.fitted.image.shape == (12, 12)
    assert state.own.codes.mean.shape == (1, 10)


def test_changes_while_the_panel_is_hidden_are_seen_when_it_is_shown(panel, state):
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    panel.hide()
    state.undo()
    panel.show()
    assert panel.source.pad.is_empty
    assert not panel.reading.isVisible()


# -- files, clipboard, drops -----------------------------------------------------------------------


def test_a_file_is_read_beside_the_window(qtbot, panel, state, photo):
    opened(qtbot, panel, photo)
    assert state.own.picture.name == "photo.jpg"
    assert np.array_equal(state.own.picture.pixels, read_picture(photo))
    assert "contrast stretched" in state.own.fitted.words
    assert not panel.source.pad.isVisible()
    assert not panel.source.pen_button.isEnabled()
    panel.clear_action.trigger()
    assert panel.source.pad.isVisible()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("text.png", "Expected an image as PNG"),
        ("gone.png", "could not be read"),
        ("blank.png", "Expected something to be seen"),
    ],
)
def test_what_is_no_picture_is_said_and_nothing_is_lost(qtbot, panel, state, tmp_path, name, why):
    (tmp_path / "text.png").write_text("no picture")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    draw(panel, (0.4, 0.2), (0.6, 0.8))
    own = state.own
    opened(qtbot, panel, tmp_path / name)
    qtbot.waitUntil(lambda: bool(panel.notice.text))
    assert why in panel.notice.text
    assert state.own is own
    assert panel.source.pad.isVisible()


def test_a_picture_on_the_clipboard_is_pasted(panel, state, photo):
    QGuiApplication.clipboard().setImage(QImage(str(photo)))
    panel.paste_action.trigger()
    form = image_format(state.model.decode, state.model.latents, state.model.image_shape)
    assert np.array_equal(state.own.fitted.image, fit(read_picture(photo), form).image)


def test_a_transparent_picture_is_pasted_as_if_on_paper(panel, state):
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    for y in range(10, 30):
        image.setPixelColor(20, y, Qt.GlobalColor.black)
    QGuiApplication.clipboard().setImage(image)
    panel.paste_action.trigger()
    assert "inverted: bright background" in state.own.fitted.words.lower()


def test_a_copied_file_is_pasted_too_and_an_empty_clipboard_is_said(qtbot, panel, state, photo):
    QGuiApplication.clipboard().setText("words")
    panel.paste_action.trigger()
    assert "no picture on the clipboard" in panel.notice.text
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(data)
    panel.paste_action.trigger()
    qtbot.waitUntil(lambda: state.own is not None)
    assert state.own.picture.name == "photo.jpg"
    assert panel.notice.text == ""


def drop_on(widget, data: QMimeData) -> bool:
    at, keys = QPointF(widget.rect().center()), Qt.KeyboardModifier.NoModifier
    copy, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enters = QDragEnterEvent(at.toPoint(), copy, data, buttons, keys)
    enters.ignore()
    QApplication.sendEvent(widget, enters)
    if enters.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(at, copy, data, buttons, keys))
    return enters.isAccepted()


def test_pictures_are_dropped_on_the_tool_and_the_rest_is_left_to_the_window(
    qtbot, panel, state, photo, demo, tmp_path
):
    MorphRecipe(anchors=("き", "れ"), frames=3, scale=1).export(demo, tmp_path / "morph.png")
    for path, is_taken in ((tmp_path, False), (tmp_path / "morph.png", False), (photo, True)):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        assert drop_on(panel, data) == is_taken
    qtbot.waitUntil(lambda: state.own is not None)
    data = QMimeData()
    data.setImageData(QImage(str(photo)))
    assert drop_on(panel, data)
    assert state.own.picture.path is None


def test_without_a_model_it_is_not_to_be_used(qtbot, photo):
    panel = OwnImagePanel(ExplorerState())
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.isEnabled()
    opened(qtbot, panel, photo)
    assert "Open a model first" in panel.notice.text


# -- in the window ---------------------------------------------------------------------------------


def test_a_picture_that_is_dropped_on_the_window_is_read(qtbot, window: MainWindow, photo):
    assert drop(window, photo)
    qtbot.waitUntil(lambda: window.state.own is not None)
    tools = window.explorer.tools
    assert tools.tabText(tools.currentIndex()) == OWN


def test_keys_paste_and_the_menu_has_both_ways(qtbot, window: MainWindow, photo):
    QGuiApplication.clipboard().setImage(QImage(str(photo)))
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.state.own is not None)
    trigger(window.menus.edit, "Paste image")
    assert [each for each in window.menus.file.actions() if "Open image" in each.text()]


# -- on the map ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dimensions", [2, 10])
def test_the_map_has_the_mean_and_its_outlines(qtbot, tmp_path, demo, dimensions):
    state = ExplorerState()
    state.open(demo if dimensions == 2 else write_model(tmp_path, dimensions))
    chart = MapChart(state)
    qtbot.addWidget(chart)
    chart.resize(400, 300)
    chart.show()
    qtbot.waitExposed(chart)
    pixels = np.zeros((60, 60), np.uint8)
    pixels[10:50, 25:35] = 255
    empty = chart.grab().toImage()
    state.set_own(state.read_own(Picture(pixels, "ink", is_drawing=True)))
    marks, codes = chart._own, state.own.codes
    assert np.array_equal(marks.own, state.map.to_plane(codes.mean))
    inner, gap, outer = marks.outlines[:65], marks.outlines[65], marks.outlines[66:131]
    assert np.isnan(gap).all()
    for outline, sigmas in ((inner, 1), (outer, 2)):
        expected = posterior_ellipse(
            state.map.projection, codes.mean[0], codes.log_var[0], sigmas=sigmas
        )
        assert np.allclose(outline, expected, atol=1e-5)
    assert chart.grab().toImage() != empty
    moved = np.roll(pixels, 8, axis=1)
    state.set_own(state.read_own(Picture(moved, "ink", is_drawing=True)))
    shown = to_array(chart.grab().toImage())
    chart.redraw()
    assert np.array_equal(shown, to_array(chart.grab().toImage())), "nothing is left where it was"
    state._opened.projection = NeighbourProjection(state.model.latents, state.map.shown, ("1", "2"))
    state.map.view_changed.emit()
    assert len(chart._own.own) == 1
    assert np.isnan(chart._own.outlines).all()  # none would be true there
    state.map.look_along((1, 0))
    marks = chart._own
    assert np.isfinite(marks.outlines[0]).all()
    state.undo()
    state.undo()
    assert not len(marks.own)
    assert not len(marks.outlines)
