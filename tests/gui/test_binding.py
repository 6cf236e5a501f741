"""What the window relies on in Qt's binding."""

from __future__ import annotations

import sys

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtWidgets import QWidget


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_into_qt_return_a_none_of_their_own(qtbot: QtBot) -> None:
    """PySide6 6.12.0 gives away one that it doesn't own, and Python aborts when none is left."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1000):
        widget.update()
    assert sys.getrefcount(None) > before - 500
