"""The training panel, as somebody uses it who trains."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from bundles import contents
from children import standing_by
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QEnterEvent, QGuiApplication
from qtpy.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QSlider,
    QWidget,
)

from bvae_core import TrainConfig
from bvae_core.figures.theme import DARK
from bvae_core.files import replacing_file
from bvae_core.store import Store
from bvae_core.training.events import EpochEnd, Started
from bvae_gui.jobs import Job, JobManager, Source
from bvae_gui.panels.training import TrainingPanel
from bvae_gui.panels.training.curves import Curves
from bvae_gui.panels.training.words import brief
from bvae_gui.state import ExplorerState

PATIENCE = 300_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def jobs(cache_folder: Path, qapp: object) -> Iterator[JobManager]:
    manager = JobManager()
    yield manager
    manager.close()


@pytest.fixture
def panel(qtbot: QtBot, jobs: JobManager) -> TrainingPanel:
    made = TrainingPanel(ExplorerState(), jobs)
    qtbot.addWidget(made)
    made.resize(420, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def state_of(panel: TrainingPanel) -> ExplorerState:
    return panel._state


def with_the_mouse(panel: TrainingPanel) -> None:
    at = QPointF(40, 40)
    QApplication.sendEvent(panel.form, QEnterEvent(at, at, at))


def with_the_keyboard(panel: TrainingPanel) -> None:
    panel.list.setFocus()
    panel.form.name.setFocus(Qt.FocusReason.TabFocusReason)


@pytest.mark.parametrize("come", [with_the_mouse, with_the_keyboard])
def test_a_child_stands_by_as_soon_as_somebody_comes_to_the_form(qtbot, panel, come) -> None:
    with qtbot.waitSignal(panel.form.approached):
        come(panel)
    assert len(standing_by()) == 1


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE)


def choose(qtbot: QtBot, box: QComboBox, words: str) -> None:
    """Choose from a list with the keyboard."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    while not box.currentText().startswith(words):
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"{words} is not in the list"


def type_into(qtbot: QtBot, field: QWidget, text: str) -> None:
    """Replace what stands in a field."""
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


def fill_in_a_small_training(qtbot: QtBot, panel: TrainingPanel, epochs: int) -> None:
    form = panel.form
    type_into(qtbot, form.data.count, "60")
    choose(qtbot, form.settings.length, "A number")
    type_into(qtbot, form.settings.epochs, str(epochs))
    form.settings.more.click()
    type_into(qtbot, form.settings.field("width").editor, "8")
    type_into(qtbot, form.settings.field("depth").editor, "1")


def test_images_are_shown_and_counted_before_anything_starts(qtbot, panel) -> None:
    type_into(qtbot, panel.form.data.count, "400")
    data = panel.form.data
    wait_for(qtbot, lambda: data.survey is not None and data.survey.count == 400)
    summary = data._summary.text()
    assert "400 images of 28 × 28, grey; 40 kept for testing" in summary
    assert "10 classes" in summary
    assert not data._samples.image.isNull()
    assert "500 epochs for these images" in panel.form.settings.field("length")._hint.text()
    assert panel.form.train_button.isEnabled()


def test_the_copied_command_says_what_is_not_usual(qtbot, panel) -> None:
    form = panel.form
    fill_in_a_small_training(qtbot, panel, epochs=3)
    type_into(qtbot, form.name, "-mine")
    qtbot.mouseClick(form.copy_button, LEFT)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:3] == ["bvae", "train", "strokes:60"]
    assert words[3:] == ["--width", "8", "--depth", "1", "--epochs", "3", "--name=-mine"]


def test_what_cannot_work_is_refused_beside_its_field(qtbot, panel, tmp_path) -> None:
    form = panel.form
    settings = form.settings
    settings.more.click()
    type_into(qtbot, settings.field("width").editor, "13")
    assert settings.field("width").problem == "Expected a multiple of 8. Received: 13."
    assert not form.train_button.isEnabled()
    type_into(qtbot, settings.field("width").editor, "16")
    assert settings.field("width").problem == ""
    assert form.train_button.isEnabled()

    choose(qtbot, settings.field("train_split").editor, "All")
    choose(qtbot, settings.length, "Until")
    assert "held-out images" in settings.field("patience").problem
    assert not form.train_button.isEnabled()
    choose(qtbot, settings.field("train_split").editor, "The training")
    assert form.train_button.isEnabled()

    choose(qtbot, form.data.kind, "Folder")
    assert "Which images?" in form.data._fields["path"].problem
    assert not form.train_button.isEnabled()
    type_into(qtbot, form.data.path, str(tmp_path / "nowhere"))
    wait_for(qtbot, lambda: "nowhere" in form.data._fields["path"].problem)
    assert not form.train_button.isEnabled()
    choose(qtbot, form.data.kind, "Generated")
    assert form.train_button.isEnabled()


def test_a_name_that_is_taken_is_refused(qtbot, panel) -> None:
    Store().add(contents("taken"))
    type_into(qtbot, panel.form.name, "taken")
    assert "'taken'" in panel.form._name_field.problem
    assert not panel.form.train_button.isEnabled()
    type_into(qtbot, panel.form.name, "free")
    assert panel.form.train_button.isEnabled()


def test_nothing_is_downloaded_unless_somebody_asks(qtbot, panel) -> None:
    data = panel.form.data
    choose(qtbot, data.kind, "Kuzushiji")
    qtbot.wait(600)
    assert not data._surveyor.is_looking
    assert data.look_button.isVisible()
    assert data.source == Source("kmnist")


def test_settings_show_what_belongs_to_them(qtbot, panel) -> None:
    settings = panel.form.settings
    assert not settings.field("capacity").isVisible()
    choose(qtbot, settings.schedule, "Capacity")
    assert settings.field("capacity").isVisible()
    assert settings.field("warmup").isVisible()
    choose(qtbot, settings.schedule, "Rises again")
    assert settings.field("cycles").isVisible()
    assert not settings.field("warmup").isVisible()


def test_settings_are_those_of_the_core(panel) -> None:
    assert panel.form.settings.config == TrainConfig()
    for config in (
        TrainConfig(latent_dim=10, beta=0.25, schedule="cyclical", cycles=3, epochs=7, seed=4),
        TrainConfig(patience=9, epochs=40, learning_rate=0.002, family="conv", width=64),
    ):
        panel.form.choose(Source("strokes:50"), config)
        assert panel.form.settings.config == config
        assert panel.form.data.source == Source("strokes:50")


def test_the_wheel_scrolls_the_form_and_changes_no_number(qtbot, panel) -> None:
    from qtpy.QtCore import QPoint, QPointF
    from qtpy.QtGui import QWheelEvent
    from qtpy.QtWidgets import QApplication

    box = panel.form.settings.field("beta").editor
    panel.form.name.setFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(box.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)
    assert box.value() == 4


def test_where_it_is_narrow_the_form_is_scrolled_to_the_side(qtbot, panel) -> None:
    panel.resize(240, 600)
    area, field = panel.form._scroll, panel.form.data.count
    bar = area.horizontalScrollBar()
    qtbot.waitUntil(bar.isVisible)
    assert right_end(field, area) > area.viewport().width()
    qtbot.mouseClick(bar, LEFT, pos=bar.rect().center() + QPoint(bar.width() // 2 - 2, 0))
    assert right_end(field, area) <= area.viewport().width()


def right_end(field: QWidget, area: QScrollArea) -> int:
    """Return where a field ends in what is seen."""
    return field.mapTo(area.viewport(), field.rect().topRight()).x() + 1


def test_every_control_has_a_name_and_an_explanation(panel) -> None:
    kinds = (QAbstractSpinBox, QCheckBox, QComboBox, QSlider)
    controls = [each for kind in kinds for each in panel.findChildren(kind)]
    edits = [
        edit
        for edit in panel.findChildren(QLineEdit)
        if not isinstance(edit.parent(), (QAbstractSpinBox, QComboBox))
    ]
    assert len(controls) > 15
    for control in [
        *controls,
        panel.form.name,
        panel.form.train_button,
        panel.form.copy_button,
        panel.list,
    ]:
        assert control.accessibleName(), control
        assert control.toolTip(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
    assert all(edit.focusPolicy() & Qt.FocusPolicy.TabFocus for edit in edits)


@pytest.mark.slow
def test_a_training_is_watched_replayed_and_opened(qtbot, panel, jobs) -> None:
    fill_in_a_small_training(qtbot, panel, epochs=3)
    type_into(qtbot, panel.form.name, "mine")
    qtbot.mouseClick(panel.form.copy_button, LEFT)
    command = shlex.split(QGuiApplication.clipboard().text())
    with qtbot.waitSignal(panel.trained, timeout=PATIENCE):
        qtbot.mouseClick(panel.form.train_button, LEFT)
        (job,) = jobs.jobs
        assert panel.run.isVisible()
        assert "Starting" in panel.run._state_line.text()
        assert panel.run.pause_action.isEnabled()
    assert state_of(panel).bundle.name == "mine"
    assert panel.list.item(1).text() == "mine · done"
    wait_for(qtbot, lambda: "Done after 3 epochs" in panel.run._state_line.text())
    assert panel.run.open_action.isEnabled()
    again = subprocess.run(
        [sys.executable, "-m", "bvae_core.cli", *command[1:]], capture_output=True, text=True
    )
    assert again.returncode == 0, again.stderr
    assert "This was trained before: mine" in again.stdout, "the same settings on the same images"

    forming = panel.run.forming
    assert forming.epoch == 3
    last = forming.map.dots.copy()
    assert last.shape == (60, 2)
    assert not forming.characters.image.isNull()
    forming.slider.setFocus()
    qtbot.keyClick(forming.slider, Qt.Key.Key_Home)
    assert forming.epoch == 0
    assert not np.allclose(forming.map.dots, last)
    forming.play_action.trigger()
    wait_for(qtbot, lambda: forming.epoch == 3)
    assert np.array_equal(forming.map.dots, last)

    panel.run.again_action.trigger()
    assert panel.form.isVisible()
    assert panel.form.settings.config == job.config
    panel.show_job(job)
    panel.run.remove_action.trigger()
    assert panel.list.count() == 1
    assert panel.form.isVisible()
    assert Store().open("mine").name == "mine"


@pytest.mark.slow
def test_a_paused_training_goes_on_where_it_was_until_it_is_stopped(qtbot, panel, jobs) -> None:
    fill_in_a_small_training(qtbot, panel, epochs=100_000)
    qtbot.mouseClick(panel.form.train_button, LEFT)
    (job,) = jobs.jobs
    run = panel.run
    wait_for(qtbot, lambda: job.epoch >= 2)
    first = psutil.Process(job.pid)
    assert first.nice() >= 10
    run.pause_action.trigger()
    assert jobs.is_stopping(job)
    wait_for(qtbot, lambda: "Stopping" in run._state_line.text() or job.state == "paused")
    wait_for(qtbot, lambda: run._state_line.text().startswith("Paused after epoch"))
    assert not run.pause_action.isEnabled()
    assert not first.is_running()
    assert jobs.running is None
    kept = job.epoch

    run.resume_action.trigger()
    assert job.state == "running"
    wait_for(qtbot, run.pause_action.isEnabled)
    wait_for(qtbot, lambda: job.epoch > kept)
    assert job.started.resumed_from_epoch == kept
    assert [row.epoch for row in job.epochs] == list(range(1, job.epoch + 1))
    second = psutil.Process(job.pid)
    run.stop_action.trigger()
    wait_for(qtbot, lambda: run._state_line.text().startswith("Stopped after epoch"))
    assert run.resume_action.isEnabled()
    assert state_of(panel).bundle is None
    assert not second.is_running()


def epoch(number: int, *, dimensions: int = 2, objective: float = 300.0) -> EpochEnd:
    return EpochEnd(
        epoch=number, epochs=1000, beta=4.0, objective=objective, reconstruction=objective - 20,
        kl=5.0, kl_per_dim=(5.0 / dimensions,) * dimensions, held_out_objective=None,
        held_out_reconstruction=None, held_out_kl=None, images_per_second=1.0, seconds=1.0,
        seconds_left=1.0,
    )  # fmt: skip


def test_the_list_says_how_far_a_training_is(tmp_path) -> None:
    config = TrainConfig(epochs=1000)
    job = Job.new(tmp_path, Source("strokes:60"), config, name=None, open_when_done=False)
    assert brief(job) == "waits"
    job.state = "running"
    assert brief(job) == "starting"
    job.started = Started(
        config=config, data_name="strokes", train_count=54, held_out_count=6, device="CPU",
        parameters=1, resumed_from_epoch=0, fingerprint="0" * 64,
    )  # fmt: skip
    assert brief(job) == "0 %"  # and the map forms already
    job.epochs = [epoch(number) for number in range(1, 31)]
    assert brief(job) == "3 %"


def test_curves_hold_still_while_they_can(qtbot) -> None:
    curves = Curves(DARK)
    qtbot.addWidget(curves)
    rows = [epoch(i, objective=300 + 100 / i) for i in range(1, 400)]
    curves.show_epochs(rows[:200], 1000)
    curves.show()
    qtbot.waitExposed(curves)
    limits = [axes.axis() for axes in curves.figure.axes]
    curves.show_epochs(rows[:201], 1000)
    assert [axes.axis() for axes in curves.figure.axes] == limits
    low, high = curves.figure.axes[0].get_ylim()
    assert low <= 300.5
    assert 310 <= high < 400, "the heights of the first epochs are cut off"
    curves.show_epochs([epoch(1, dimensions=5)], 10)
    lines = curves.figure.axes[3].get_lines()
    assert sum(bool(len(line.get_xdata())) for line in lines) == 5
    curves.show_epochs([], 10)
    assert not any(len(line.get_xdata()) for line in lines)


def test_a_preview_that_is_damaged_is_said_and_passed_over(qtbot, panel, jobs, tmp_path) -> None:
    forming = panel.run.forming
    said: list[str] = []
    state_of(panel).said.connect(said.append)
    np.savez(
        tmp_path / "sample.npz",
        labels=np.array([0, 1, 1]),
        class_names=np.array(["a", "b"]),
        characters=np.zeros((2, 8, 8, 1), np.uint8),
    )
    with replacing_file(tmp_path / "epoch-000001.000.npz") as path:
        np.savez(path, codes=np.eye(3, 2), reconstructions=np.zeros((2, 8, 8, 1), np.uint8))
    forming.follow(tmp_path)
    assert forming.epoch == 1
    assert np.array_equal(forming.map.dots, np.eye(3, 2))
    assert forming._caption.text() == "after epoch 1"
    (tmp_path / "epoch-000002.000.npz").write_bytes(b"PK and nothing more")
    forming.update_previews()
    assert any("epoch-000002" in each for each in said)
    assert forming.epoch == 1
    with replacing_file(tmp_path / "epoch-000002.250.npz") as path:
        np.savez(path, codes=np.eye(3, 2), reconstructions=np.zeros((2, 8, 8, 1), np.uint8))
    forming.update_previews()
    assert forming.epoch == 2.25
    assert forming._caption.text() == "in epoch 3"


@pytest.mark.slow
def test_a_part_of_the_images_is_looked_at_and_trained_on(qtbot: QtBot, panel: TrainingPanel):
    part = Source("strokes:40", only="0-9")
    panel.begin(part)

    wait_for(qtbot, lambda: panel.form.data.survey is not None)

    survey = panel.form.data.survey
    assert survey is not None
    assert survey.source == part
    assert survey.count == 10
    assert panel.form.train_button.isEnabled()
    panel.form.train_button.click()
    job = panel._jobs.jobs[-1]
    assert job.source == part
    assert Job.load(job.folder).source == part
