"""The tool that shows what is selected."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, QPointF, QSize, Qt
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu

from bvae_core.annotations import Annotations, load_annotations, save_annotations
from bvae_core.bundle import Bundle
from bvae_core.cli import main
from bvae_core.datasets import origin_of
from bvae_core.figures.theme import DARK
from bvae_core.latent_files import read_indices
from bvae_core.originals import Originals, remember_origin
from bvae_gui.explorer import SELECTION, ExplorerWidget
from bvae_gui.jobs.command import Source
from bvae_gui.originals import OriginalsLoader
from bvae_gui.panels.selection import SelectionPanel
from bvae_gui.state import ExplorerState
from bvae_gui.widgets.contact_sheet import ContactSheet
from bvae_gui.widgets.place_dialog import PlaceDialog
from bvae_gui.window.main_window import TRAINING, MainWindow

Key = Qt.Key


class Tool:
    """The panel with the demo open, and a user at it."""

    def __init__(self, qtbot: QtBot, bundle: Bundle) -> None:
        self.qtbot = qtbot
        self.state = ExplorerState()
        self.state.open(bundle)
        self.said: list[str] = []
        self.state.said.connect(self.said.append)
        self.loader = OriginalsLoader(self.state)
        self.loader.stop()
        self.panel = SelectionPanel(self.state, self.loader)
        qtbot.addWidget(self.panel)
        self.panel.resize(1000, 240)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        self.sheet = self.panel.sheet

    def choose(self, words: str) -> None:
        combo = self.panel.shown.what
        combo.setCurrentIndex(combo.findText(words))

    def click(self, position: int, *, twice: bool = False) -> None:
        act = self.qtbot.mouseDClick if twice else self.qtbot.mouseClick
        act(
            self.sheet.viewport(),
            Qt.MouseButton.LeftButton,
            pos=self.sheet.rect_of(position).center(),
        )

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.sheet, key)

    def menu(self) -> dict[str, object]:
        self.panel.saved.fill()
        menu = self.panel.saved.menu()
        assert isinstance(menu, QMenu)
        return {action.text().split("\t")[0]: action for action in menu.actions()}

    def answer(self, words: str) -> None:
        """Type into the dialog that is open, and press Enter."""
        dialog = next(d for d in self.panel.saved.findChildren(PlaceDialog) if d.isVisible())
        self.qtbot.keyClicks(dialog.findChild(QLineEdit), words)
        self.qtbot.keyClick(dialog.findChild(QLineEdit), Key.Key_Return)

    def wait_for_average(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: self.panel.summary.average is not None)
        self.qtbot.waitUntil(lambda: self.panel.summary.average.count == count)


@pytest.fixture
def tool(qtbot: QtBot, demo: Bundle, cache_folder: Path) -> Tool:
    return Tool(qtbot, demo)


SOME = [5, 70, 71, 900, 2000]


# -- what is shown ------------------------------------------------------------------------------


def test_what_is_selected_is_shown_at_once(tool: Tool) -> None:
    tool.state.select(SOME)

    assert tool.sheet.indices.tolist() == SOME
    assert tool.panel.title.text() == "5 of 14,011 images"
    assert tool.panel.shown.value == "selected"


def test_with_nothing_selected_all_images_or_those_of_a_class_are_looked_through(
    tool: Tool, demo: Bundle
) -> None:
    assert len(tool.sheet.indices) == 14_011
    tool.choose("き ki")
    assert demo.labels is not None
    assert np.array_equal(tool.sheet.indices, np.flatnonzero(demo.labels == 1))

    tool.state.select(SOME)
    tool.state.select(())
    assert len(tool.sheet.indices) == 14_011


def test_counts_are_those_of_what_is_shown(tool: Tool, demo: Bundle) -> None:
    tool.state.select(SOME)

    assert demo.labels is not None
    counts = {bar.name.split()[0]: bar.count for bar in tool.panel.summary.bars.bars}
    names = [demo.class_names[label] for label in demo.labels[SOME]]
    assert counts == {name: names.count(name) for name in names}


def test_mean_and_variance_are_those_of_the_decoded_images(tool: Tool, demo: Bundle) -> None:
    tool.state.select(SOME)
    tool.wait_for_average(len(SOME))

    found, decoded = tool.panel.summary.average, demo.decode(demo.latents[SOME])
    assert found is not None
    np.testing.assert_allclose(found.mean, decoded.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(found.variance, decoded.var(axis=0), atol=1e-5)
    assert not tool.panel.summary.mean.image.isNull()


def test_only_the_last_of_many_selections_is_averaged(tool: Tool) -> None:
    for count in (3000, 2000, 30):
        tool.state.select(range(count))

    tool.wait_for_average(30)


def test_as_many_images_as_there_are_cost_only_those_in_view(tool: Tool) -> None:
    decoded: list[int] = []

    def draw(indices: np.ndarray) -> np.ndarray:
        decoded.append(len(indices))
        return np.zeros((len(indices), 28, 28, 3), np.uint8)

    sheet = ContactSheet()
    tool.qtbot.addWidget(sheet)
    sheet.resize(600, 180)
    sheet.set_pictures(
        draw,
        QSize(28, 28),
        colour_of=lambda _: None,
        describe=str,
    )
    sheet.set_images(np.arange(1_000_000))
    sheet.show()
    QApplication.processEvents()
    sheet.verticalScrollBar().setValue(sheet.verticalScrollBar().maximum())
    QApplication.processEvents()

    last = sheet.rect_of(999_999)
    assert sheet.viewport().rect().contains(last)
    assert sum(decoded) < 200


def test_the_nearest_images_have_their_distances_and_follow_the_point(tool: Tool) -> None:
    tool.panel.show_nearest(50)
    tool.qtbot.waitUntil(lambda: len(tool.sheet.indices) == 50)

    tool.state.pin([1.0, 1.0])
    expected, distances = tool.state.neighbours.nearest([1.0, 1.0], 50)
    tool.qtbot.waitUntil(lambda: np.array_equal(tool.sheet.indices, expected))
    assert tool.sheet._captions[49] == f"{distances[49]:.2f}"

    tool.panel.shown.count.setValue(7)
    tool.qtbot.waitUntil(lambda: np.array_equal(tool.sheet.indices, expected[:7]))


# -- from an image to its point -----------------------------------------------------------------


def test_a_click_and_arrow_keys_pin_the_point_of_an_image(tool: Tool, demo: Bundle) -> None:
    tool.state.select(SOME)

    tool.click(1)
    assert np.array_equal(tool.state.point, demo.latents[70])
    assert tool.state.scene.point.text == "#70"
    tool.key(Key.Key_Right)
    assert tool.state.scene.point.text == "#71"
    tool.key(Key.Key_End)
    assert tool.state.scene.point.text == "#2000"
    tool.key(Key.Key_Home)
    assert tool.state.scene.point.text == "#5"
    tool.key(Key.Key_Left)
    assert tool.state.scene.point.text == "#5"
    assert "#5" in tool.sheet.accessibleDescription()


def test_a_double_click_and_enter_bring_the_map_there(tool: Tool, demo: Bundle) -> None:
    tool.state.select(SOME)
    places: list[np.ndarray] = []
    tool.panel.bring_requested.connect(places.append)

    tool.click(3, twice=True)
    tool.key(Key.Key_Home)
    tool.key(Key.Key_Return)

    assert np.array_equal(places, demo.latents[[900, 5]])
    assert tool.state.scene.point.text == "#5"


def test_images_near_the_point_stay_while_one_of_them_is_pinned(tool: Tool) -> None:
    tool.panel.show_nearest(20)
    tool.qtbot.waitUntil(lambda: len(tool.sheet.indices) == 20)
    before = tool.sheet.indices

    tool.click(9)
    tool.qtbot.wait(100)

    assert tool.state.scene.point.text == f"#{before[9]}"
    assert np.array_equal(tool.sheet.indices, before)


def test_the_keys_scroll_to_what_they_choose(tool: Tool) -> None:
    tool.key(Key.Key_End)
    assert tool.sheet.current == 14_010
    assert tool.sheet.viewport().rect().contains(tool.sheet.rect_of(14_010))
    tool.key(Key.Key_PageUp)
    assert tool.sheet.current is not None
    assert tool.sheet.current < 14_010
    tool.key(Key.Key_Up)
    position = tool.sheet.current
    assert tool.sheet.position_at(tool.sheet.rect_of(position).center()) == position
    assert tool.sheet.position_at(QPoint(-5, 5)) is None


def test_by_night_one_looks_on_where_one_was(tool: Tool) -> None:
    tool.key(Key.Key_End)
    tool.key(Key.Key_PageUp)
    before = tool.sheet.current, tool.sheet.verticalScrollBar().value()

    tool.state.set_look(theme=DARK)

    assert (tool.sheet.current, tool.sheet.verticalScrollBar().value()) == before


# -- originals ----------------------------------------------------------------------------------


def test_originals_are_shown_once_they_are_at_hand(tool: Tool) -> None:
    tool.state.select(SOME)
    assert tool.panel.locate_button.isVisible()
    pixels = np.zeros((14_011, 28, 28, 1), np.uint8)
    pixels[SOME[:4]] = 255
    tool.state.set_originals(Originals(pixels, origin_of("strokes:14011")))

    tool.wait_for_average(5)
    tool.qtbot.waitUntil(lambda: tool.panel.summary.average.mean.max() == np.float32(0.8))
    assert not tool.panel.locate_button.isVisible()

    shown = to_array(tool.sheet.viewport().grab(tool.sheet.rect_of(0)).toImage())
    assert shown.max() < 80  # all ink
    tool.panel.pictures.button("decoded").click()
    shown = to_array(tool.sheet.viewport().grab(tool.sheet.rect_of(0)).toImage())
    assert shown.max() > 150


def test_it_offers_to_locate_the_originals(
    tool: Tool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "nothing"))

    with tool.qtbot.waitSignal(tool.loader.failed):
        tool.panel.locate_button.click()

    assert "nothing" in tool.said[-1]
    assert tool.panel.locate_button.isEnabled()


# -- by name ------------------------------------------------------------------------------------


def test_a_selection_is_saved_chosen_renamed_and_deleted(tool: Tool, demo: Bundle) -> None:
    tool.state.select(SOME)
    tool.menu()["Save the selection…"].trigger()
    tool.answer("a few")
    assert load_annotations(demo).selections == {"a few": tuple(SOME)}

    tool.state.select([1])
    tool.menu()["a few"].trigger()
    assert tool.state.selection.tolist() == SOME

    tool.menu()["Rename a few…"].trigger()
    tool.answer("five")
    assert list(load_annotations(demo).selections) == ["five"]

    tool.menu()["Delete five"].trigger()
    assert load_annotations(demo) == Annotations()
    assert tool.state.selection.tolist() == SOME


def test_a_name_that_is_none_is_refused_where_it_was_typed(tool: Tool, demo: Bundle) -> None:
    tool.state.select(SOME)
    tool.menu()["Save the selection…"].trigger()
    tool.answer("1-5")

    dialog = tool.panel.saved.findChild(PlaceDialog)
    assert dialog is not None
    assert dialog.refusal.text().startswith("name: Expected")
    assert load_annotations(demo) == Annotations()
    dialog.reject()


def test_with_nothing_selected_there_is_nothing_to_save_export_or_train_on(tool: Tool) -> None:
    assert not tool.menu()["Save the selection…"].isEnabled()
    assert not tool.panel.export_button.isEnabled()
    assert not tool.panel.train_button.isEnabled()

    tool.state.select(SOME)
    assert tool.menu()["Save the selection…"].isEnabled()
    tool.qtbot.waitUntil(tool.panel.export_button.isEnabled)
    assert tool.panel.train_button.isEnabled()


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_a_selection_is_exported(
    tool: Tool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str
) -> None:
    tool.state.select(SOME)
    answer = (str(tmp_path / "some"), f"{suffix.upper()} (*.{suffix})")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)

    tool.panel.table_action.trigger()

    assert read_indices(tmp_path / f"some.{suffix}").tolist() == SOME


@pytest.mark.parametrize("name", [None, "-my corner"])
def test_the_copied_command_writes_the_same_file(
    tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    tool.state.select(SOME)
    if name is not None:
        tool.panel.saved.save(name)
    tool.panel.export(tmp_path / "window.csv")
    tool.panel.command_action.trigger()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(QGuiApplication.clipboard().text())[1:])
    assert not ended.value.code
    assert (tmp_path / "selection.csv").read_bytes() == (tmp_path / "window.csv").read_bytes()


def test_the_command_of_what_is_near_lists_the_same_images(
    tool: Tool, capsys: pytest.CaptureFixture[str]
) -> None:
    tool.state.pin([-1.0, 0.5])
    tool.panel.show_nearest(7)
    tool.qtbot.waitUntil(tool.panel.export_button.isEnabled)
    assert not tool.panel.table_action.isEnabled()  # nothing is selected
    tool.panel.nearest_action.trigger()
    _, *words = shlex.split(QGuiApplication.clipboard().text())
    with pytest.raises(SystemExit) as ended:
        main([words[0], "--json", *words[1:]])
    assert not ended.value.code
    listed = json.loads(capsys.readouterr().out)["nearest"]
    assert [each["index"] for each in listed] == tool.panel.shown.images()[0].tolist()


# -- trained on ---------------------------------------------------------------------------------


def test_a_training_on_the_selection_says_the_same_as_the_shell(tool: Tool, demo: Bundle) -> None:
    wishes: list[Source] = []
    tool.panel.train_requested.connect(wishes.append)
    tool.state.select(SOME)

    tool.panel.train_button.click()
    assert wishes == []
    assert tool.said[-1] == "A training needs the images themselves: locate them first."

    remember_origin(demo.data.fingerprint, origin_of("strokes:300", image_size=(28, 28)))
    tool.panel.train_button.click()
    save_annotations(demo, Annotations({"five": tuple(SOME)}))
    tool.panel.train_button.click()

    assert [wish.arguments() for wish in wishes] == [
        ["--image-size", "28x28", "--selection", f"demo:{which}", "--", "strokes:300"]
        for which in ("5,70-71,900,2000", "five")
    ]


def test_before_a_model_is_open_it_says_what_to_do(qtbot: QtBot) -> None:
    state = ExplorerState()
    panel = SelectionPanel(state, OriginalsLoader(state))
    qtbot.addWidget(panel)
    panel.show()

    assert panel._pages.currentIndex() == 0
    assert not panel.train_button.isVisible()


# -- with the other panels ----------------------------------------------------------------------


def test_more_of_the_nearest_are_a_click_away_and_lead_back_to_the_map(
    qtbot: QtBot, demo: Bundle, cache_folder: Path
) -> None:
    state = ExplorerState()
    state.open(demo)
    explorer = ExplorerWidget(state)
    qtbot.addWidget(explorer)
    explorer.resize(1200, 750)
    explorer.show()
    explorer.decoded.nearest_action.trigger()
    panel = explorer.tools.currentWidget().findChild(SelectionPanel)
    assert panel is not None
    qtbot.waitUntil(lambda: len(panel.sheet.indices) == 50)

    chart = explorer.map.chart
    chart.zoom(20, QPointF(60, 60))
    assert not chart.room.contains(chart.position_of(state.point))
    panel.sheet.setFocus()
    qtbot.keyClick(panel.sheet, Key.Key_Return)

    assert state.scene.point.text == f"#{panel.sheet.indices[0]}"
    assert chart.room.contains(chart.position_of(state.point))


def test_the_training_form_takes_the_selection_as_its_images(window: MainWindow) -> None:
    explorer, state = window.explorer, window.state
    assert explorer is not None
    assert state is not None
    remember_origin(state.model.data.fingerprint, origin_of("strokes:300"))
    state.select(range(1, 10))

    panel = explorer.tools.show_page(SELECTION)
    assert isinstance(panel, SelectionPanel)
    panel.train_button.click()

    form = window.docks.show(TRAINING).form.data
    assert form.source == Source("strokes:300", selection="demo:1-9")
    assert form.whole_button.isVisible()
    form.whole_button.click()
    assert form.source == Source("strokes:300")
    assert not form.whole_button.isVisible()
