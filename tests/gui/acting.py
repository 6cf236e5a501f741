"""What one does to the window: drop, choose in menus, read why something was refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QMimeData, QPointF, Qt, QUrl
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QApplication, QMenu

from bvae_gui.window.failures import FailureDialog, Failures
from bvae_gui.window.main_window import MainWindow


def reports_failures(test):
    """Let failures be reported as in the program, not to the tests."""
    return pytest.mark.qt_no_exception_capture(pytest.mark.usefixtures("failures")(test))


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drop files on the middle of the window; return whether it would have them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle, copy = QPointF(window.rect().center()), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(middle.toPoint(), copy, data, buttons, keys)
    enters.ignore()
    QApplication.sendEvent(window, enters)
    if enters.isAccepted():
        # Posted, as the system does: what a handler raises is not for who sent it.
        QApplication.postEvent(window, QDropEvent(middle, copy, data, buttons, keys))
        QApplication.processEvents()
    return enters.isAccepted()


def trigger(menu: QMenu, *words: str) -> None:
    """Choose an entry by the words in the menus, as one does with the mouse."""
    for depth, word in enumerate(words):
        menu.aboutToShow.emit()
        (action,) = [a for a in menu.actions() if word in a.text().replace("&", "")]
        if depth + 1 < len(words):
            menu = action.menu()
        else:
            action.trigger()


def refusal(qtbot: QtBot, window: MainWindow) -> str:
    """Wait for the dialog that says why not, close it, and return what it said."""
    failures = window.findChild(Failures)
    qtbot.waitUntil(lambda: failures.shown is not None)
    dialog = failures.shown
    assert isinstance(dialog, FailureDialog)
    assert not dialog.details
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: failures.shown is None)
    return dialog.sentence
