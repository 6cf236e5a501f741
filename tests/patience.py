"""A `qtbot` that waits as long as a busy machine needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtWidgets import QWidget

#: What a test waits for in milliseconds, at most. A test fails by what it finds, not by how long
#: that took.
PATIENCE = 60_000


class PatientQtBot(QtBot):
    """The `qtbot` of pytest-qt, with more patience than its 5 s.

    It holds the widgets that it is given until it has closed them: PyQt deletes one that nobody
    holds, even while it is painted.
    """

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._held: dict[int, QWidget] = {}

    def addWidget(self, widget: QWidget, **how: Any) -> None:
        super().addWidget(widget, **how)
        key = id(widget)
        self._held[key] = widget
        # One that goes by itself, as a menu does, is not to be closed.
        widget.destroyed.connect(lambda *_: self._held.pop(key, None))

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitActive(widget, timeout=timeout)
