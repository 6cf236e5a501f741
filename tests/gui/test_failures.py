"""What happens when something goes wrong: a dialog, a log, and a window that lives on."""

from __future__ import annotations

import threading
from pathlib import Path

import psygnal
import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtCore import Qt, QtMsgType, qCritical, qInstallMessageHandler
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QPushButton

from bvae_core.errors import BvaeError
from bvae_gui.window.failures import Failures

pytestmark = pytest.mark.qt_no_exception_capture


@pytest.fixture
def failures(qtbot: QtBot, cache_folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Failures as the program installs them; afterwards everything is as it was."""
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    failures = Failures(["bvae-gui", "demo"])
    failures.install()
    yield failures
    qInstallMessageHandler(None)
    if failures.shown is not None:
        failures.shown.close()


@pytest.fixture
def button(qtbot: QtBot) -> QPushButton:
    button = QPushButton("Act")
    qtbot.addWidget(button)
    button.show()
    return button


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_a_user_can_cause_is_shown_as_its_sentence(qtbot, failures, button, cache_folder):
    def act():
        raise BvaeError("z: Expected a number. Received: a cat.")

    button.clicked.connect(act)
    press(qtbot, button)
    assert failures.shown.sentence == "z: Expected a number. Received: a cat."
    assert failures.shown.details == ""
    log = cache_folder / "bvae.log"
    assert not log.exists() or "BvaeError" not in log.read_text(encoding="utf-8")


def test_what_nobody_expected_is_shown_with_its_details_and_logged(
    qtbot, failures, button, cache_folder
):
    button.clicked.connect(lambda: 1 / 0)
    press(qtbot, button)
    log = cache_folder / "bvae.log"
    assert "ZeroDivisionError" in failures.shown.sentence
    assert str(log) in failures.shown.sentence
    assert "bvae-gui demo" in log.read_text(encoding="utf-8")
    (copy,) = [b for b in failures.shown.findChildren(QPushButton) if "Copy" in b.text()]
    press(qtbot, copy)
    assert "Traceback (most recent call last)" in QGuiApplication.clipboard().text()


def test_the_same_again_opens_no_second_dialog(qtbot, failures, button):
    button.clicked.connect(lambda: 1 / 0)
    press(qtbot, button)
    failures.shown.close()
    with qtbot.waitSignal(failures.repeated):
        press(qtbot, button)
    assert failures.shown is None


def test_one_dialog_at_a_time_and_the_next_one_after_it(qtbot, failures):
    for sentence in ("One.", "Two.", "One.", "Two."):
        failures.report(BvaeError(sentence))
    said = []
    while failures.shown is not None:
        said.append(failures.shown.sentence)
        failures.shown.close()
    assert said == ["One.", "Two."]


def test_a_handler_of_the_state_that_fails_is_named_not_the_signal(qtbot, failures, button):
    class Emitter:
        changed = psygnal.Signal()

    emitter = Emitter()

    def handler():
        raise BvaeError("frames: Expected 2 to 50. Received: 51.")

    emitter.changed.connect(handler)
    button.clicked.connect(lambda: emitter.changed.emit())
    press(qtbot, button)
    assert failures.shown.sentence == "frames: Expected 2 to 50. Received: 51."


def test_a_thread_that_fails_is_heard_in_the_window(qtbot, failures):
    thread = threading.Thread(target=lambda: {}["missing"])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: failures.shown is not None)
    assert "KeyError" in failures.shown.sentence


def test_what_qt_warns_of_is_logged_once(qtbot, failures, cache_folder):
    for _ in range(3):
        qCritical("the plumbing leaks")
    assert (cache_folder / "bvae.log").read_text(encoding="utf-8").count("the plumbing leaks") == 1
    assert failures.shown is None
    assert QtMsgType.QtCriticalMsg  # the kind that qCritical sends
