"""Training in a dock of the window, and closing the window meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from children import standing_by, trainings
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPoint, Qt, QTimer
from qtpy.QtWidgets import QApplication, QMessageBox, QPushButton

from bvae_core import TrainConfig
from bvae_gui.jobs import Job, Source
from bvae_gui.panels.training.panel import TrainingPanel
from bvae_gui.window.main_window import TRAINING, MainWindow

ENDLESS = TrainConfig(width=8, depth=1, epochs=100_000)
PATIENCE = 300_000  # a child starts TensorFlow


def answer(qtbot: QtBot, words: str) -> None:
    """Press the button with these words as soon as the question is asked."""

    def press() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, QMessageBox)
        (button,) = [b for b in question.findChildren(QPushButton) if words in b.text()]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(200, press)


@pytest.fixture
def training(window: MainWindow) -> Iterator[Job]:
    """A training that doesn't end by itself."""
    jobs = window.trainings.jobs()
    job = jobs.add(Source("strokes:60"), ENDLESS)
    yield job
    for process in trainings():
        process.kill()


def test_the_dock_is_made_when_it_is_first_shown(qtbot: QtBot, window: MainWindow):
    assert window.findChild(TrainingPanel) is None
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    panel = window.findChild(TrainingPanel)
    assert panel.isVisible()
    assert len(standing_by()) == 1  # for the training that may be wanted now
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert not panel.isVisible()


def test_a_dock_that_was_open_comes_back(qtbot: QtBot, window: MainWindow, open_window):
    window.docks.show(TRAINING)
    qtbot.mouseMove(window, QPoint(1, 1))  # away from the form: a mouse there asks for it
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.findChild(TrainingPanel) is not None)
    assert again.findChild(TrainingPanel).isVisible()
    assert standing_by() == []  # nobody has asked for it


@pytest.mark.slow
def test_closing_asks_and_may_be_thought_better_of_or_stop_the_training(
    qtbot: QtBot, window: MainWindow, training: Job, open_window
):
    answer(qtbot, "Cancel")
    assert not window.close()
    assert window.isVisible()
    assert training.state == "running"

    answer(qtbot, "Stop")
    assert window.close()
    qtbot.waitUntil(lambda: not trainings())

    again = open_window()  # which shows what can be gone on with
    qtbot.waitUntil(lambda: again.findChild(TrainingPanel) is not None)
    assert [job.state for job in again.trainings.jobs().jobs] == ["stopped"]


@pytest.mark.slow
def test_a_training_may_go_on_without_the_window_and_is_found_by_the_next(
    qtbot: QtBot, window: MainWindow, training: Job, open_window
):
    qtbot.waitUntil(lambda: training.epoch >= 1 or training.is_over, timeout=PATIENCE)
    assert training.state == "running", training.reason
    answer(qtbot, "Keep")
    assert window.close()
    (child,) = trainings()
    assert child.pid == training.pid

    again = open_window()
    qtbot.waitUntil(lambda: again.findChild(TrainingPanel) is not None)
    jobs = again.trainings.jobs()
    (job,) = jobs.jobs
    assert (job.id, job.state, job.background) == (training.id, "running", True)
    assert not jobs.is_training, "it does not end with this window"
    epoch = job.epoch
    qtbot.waitUntil(lambda: job.epoch >= epoch + 2, timeout=PATIENCE)
    jobs.stop(job)
    qtbot.waitUntil(lambda: job.state == "stopped", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not trainings())
    again.end()
