"""Which changes of a spin box are one gesture."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QKeyEvent, QWheelEvent
from qtpy.QtWidgets import QApplication, QSpinBox, QStyle, QStyleOptionSpinBox

from bvae_gui.widgets.gestures import Gestures


@pytest.fixture
def spin(qtbot: QtBot) -> QSpinBox:
    spin = QSpinBox()
    qtbot.addWidget(spin)
    spin.show()
    return spin


@pytest.fixture
def heard(spin: QSpinBox) -> list[str]:
    """What happens, in order: each gesture's beginning and end, and each value."""
    heard: list[str] = []
    gestures = Gestures(spin)
    gestures.began.connect(lambda: heard.append("began"))
    gestures.ended.connect(lambda: heard.append("ended"))
    spin.valueChanged.connect(lambda value: heard.append(str(value)))
    return heard


def key(kind: QEvent.Type, *, repeated: bool) -> QKeyEvent:
    modifiers = Qt.KeyboardModifier.NoModifier
    return QKeyEvent(kind, Qt.Key.Key_Up, modifiers, "", repeated)


def test_a_key_that_is_held_is_one(spin: QSpinBox, heard: list[str]):
    QApplication.sendEvent(spin, key(QEvent.Type.KeyPress, repeated=False))
    for _ in range(2):
        QApplication.sendEvent(spin, key(QEvent.Type.KeyRelease, repeated=True))
        QApplication.sendEvent(spin, key(QEvent.Type.KeyPress, repeated=True))
    QApplication.sendEvent(spin, key(QEvent.Type.KeyRelease, repeated=False))
    assert (heard[0], heard[-1]) == ("began", "ended")
    values = [int(value) for value in heard[1:-1]]
    assert len(values) >= 3
    assert values == sorted(values)


def test_two_keys_are_two(qtbot: QtBot, spin: QSpinBox, heard: list[str]):
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    assert heard == ["began", "1", "ended", "began", "2", "ended"]


def test_a_button_that_is_pressed_is_one(qtbot: QtBot, spin: QSpinBox, heard: list[str]):
    option = QStyleOptionSpinBox()
    spin.initStyleOption(option)
    arrow = spin.style().subControlRect(
        QStyle.ComplexControl.CC_SpinBox, option, QStyle.SubControl.SC_SpinBoxUp, spin
    )
    qtbot.mouseClick(spin, Qt.MouseButton.LeftButton, pos=arrow.center())
    assert heard == ["began", "1", "ended"]


def test_a_turn_of_the_wheel_is_one_until_it_rests(qtbot: QtBot, spin: QSpinBox, heard: list[str]):
    spot = QPointF(spin.rect().center())
    for _ in range(3):
        event = QWheelEvent(
            spot,
            QPointF(spin.mapToGlobal(spot.toPoint())),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(spin, event)
    assert heard == ["began", "1", "2", "3"]
    qtbot.waitUntil(lambda: heard[-1] == "ended")


def test_to_vanish_ends_it(qtbot: QtBot, spin: QSpinBox, heard: list[str]):
    qtbot.keyPress(spin, Qt.Key.Key_Up)
    spin.hide()
    assert heard == ["began", "1", "ended"]
