"""What the window's tests share: no screen, settings of their own, and an open demo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from patience import PatientQtBot  # after the platform is chosen
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QCoreApplication, QEvent, qInstallMessageHandler
from qtpy.QtWidgets import QApplication

from bvae_core import load_bundle
from bvae_core.bundle import Bundle
from bvae_gui.settings import Settings
from bvae_gui.window.failures import Failures
from bvae_gui.window.main_window import MainWindow


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """See to it that a test's widgets are gone when it ends: no event loop runs that deletes them.

    Those that stay are dressed, laid out and painted together with the next test's.
    """
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """What acts in Qt's name, patiently."""
    return PatientQtBot(request)


@pytest.fixture(scope="session")
def demo() -> Bundle:
    """The model that comes with the program."""
    return load_bundle("demo")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Remembered choices: none yet."""
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def new_window(qtbot: QtBot, cache_folder: Path, settings: Settings) -> Callable[[], MainWindow]:
    """Make a window that is not shown yet, with no model."""

    def make_it() -> MainWindow:
        failures = Failures(["bvae-gui"])
        window = MainWindow(settings, failures)
        failures.setParent(window)
        qtbot.addWidget(window)
        return window

    return make_it


@pytest.fixture
def starting(new_window: Callable[[], MainWindow]) -> MainWindow:
    """A window on the screen with no model yet, as at the program's start."""
    window = new_window()
    window.show()
    return window


@pytest.fixture
def open_window(qtbot: QtBot, new_window: Callable[[], MainWindow]) -> Callable[..., MainWindow]:
    """Open a window as the program does, and wait until its model is there."""

    def open_it(model: str = "demo", otherwise: str | None = None) -> MainWindow:
        window = new_window()
        with qtbot.waitSignal(window.filled):
            window.show()
            window.open(model, otherwise=otherwise)
        return window

    return open_it


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with the demo open."""
    return open_window()


@pytest.fixture
def failures(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Report failures as the program does; afterwards they are the tests' again."""
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    window.findChild(Failures).install()
    yield
    qInstallMessageHandler(None)
