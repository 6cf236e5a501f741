"""The strip of frames, by mouse and by keys."""

from __future__ import annotations

import numpy as np
import pytest
from children import run_python
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtGui import QContextMenuEvent, QHelpEvent
from qtpy.QtWidgets import QApplication, QToolTip

from bvae_gui.widgets.film_strip import FilmStrip


def noise(count: int, height: int = 28, width: int = 28) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 256, (count, height, width, 3), np.uint8)


@pytest.fixture
def strip(qtbot: QtBot) -> FilmStrip:
    """Twelve frames of 28×28 pixels, each three screen pixels wide."""
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.resize(12 * 84 + 11 * 4 + 4, 110)
    strip.set_frames(noise(12), anchors={0: "A", 11: "B"})
    strip.frame_chosen.connect(strip.set_current)  # as a panel does
    strip.show()
    return strip


def middle(strip: FilmStrip, index: int) -> QPoint:
    return strip.frame_rect(index).center()


def collect(signal) -> list[int]:
    heard: list[int] = []
    signal.connect(heard.append)
    return heard


def test_frames_are_painted_pixel_for_pixel(strip: FilmStrip):
    painted = to_array(strip.grab().toImage())
    for index, image in enumerate(noise(12)):
        rect = strip.frame_rect(index)
        shown = painted[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        assert np.array_equal(shown, image.repeat(3, axis=0).repeat(3, axis=1))


def test_other_frames_replace_them(strip: FilmStrip):
    other = 255 - noise(12)
    strip.grab()
    strip.set_frames(other, anchors={0: "A", 11: "B"})
    rect = strip.frame_rect(4)
    shown = to_array(strip.grab(rect).toImage())
    assert np.array_equal(shown, other[4].repeat(3, axis=0).repeat(3, axis=1))


def test_frames_of_a_grid_lie_in_rows(qtbot: QtBot):
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.resize(400, 2 * 56 + 4 + 4)
    images = noise(6)
    strip.set_frames(images, columns=3, anchors={0: "A", 2: "B", 3: "C", 5: "D"})
    for index, image in enumerate(images):
        shown = to_array(strip.grab(strip.frame_rect(index)).toImage())
        assert np.array_equal(shown, image.repeat(2, axis=0).repeat(2, axis=1))
    assert strip.frame_rect(3).left() == strip.frame_rect(0).left()


@pytest.mark.parametrize("size", [(90, 28), (16, 24), (200, 200), (1, 1)])
def test_images_of_any_size_fit(qtbot: QtBot, size: tuple[int, int]):
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.resize(700, 100)
    strip.set_frames(noise(20, *size), captions={0: "−3", 19: "3"})
    strip.grab()
    assert strip.rect().contains(strip.frame_rect(19))


def test_the_anchors_frames_are_underlined(strip: FilmStrip):
    accent = strip.palette().highlight().color()
    painted = strip.grab().toImage()
    below = QPoint(0, strip.frame_rect(0).height() // 2 + 2)
    has_line = [painted.pixelColor(middle(strip, i) + below) == accent for i in range(12)]
    assert has_line == [i in (0, 11) for i in range(12)]


def test_a_click_chooses_the_frame_and_marks_it(qtbot: QtBot, strip: FilmStrip):
    chosen = collect(strip.frame_chosen)
    before = strip.grab(strip.frame_rect(7).adjusted(-2, -2, 2, 2)).toImage()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 7))
    assert chosen == [7]
    assert strip.grab(strip.frame_rect(7).adjusted(-2, -2, 2, 2)).toImage() != before


def test_a_drag_goes_through_the_frames_and_stays_at_the_ends(qtbot: QtBot, strip: FilmStrip):
    chosen = collect(strip.frame_chosen)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 9))
    for index in (10, 10, 11):
        qtbot.mouseMove(strip, middle(strip, index))
    qtbot.mouseMove(strip, QPoint(strip.width() + 300, -50))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(strip, middle(strip, 3))
    assert chosen == [9, 10, 11]


def test_where_no_frame_is_a_click_does_nothing(qtbot: QtBot, strip: FilmStrip):
    strip.resize(1400, 110)
    chosen = collect(strip.frame_chosen)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(1390, 50))
    qtbot.mouseClick(strip, Qt.MouseButton.MiddleButton, pos=middle(strip, 3))
    assert chosen == []


def test_a_double_click_and_return_pin(qtbot: QtBot, strip: FilmStrip):
    pinned = collect(strip.frame_pinned)
    qtbot.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 5))
    strip.set_current(8)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert pinned == [5, 8]


def test_keys_go_from_frame_to_frame(qtbot: QtBot, strip: FilmStrip):
    strip.set_frames(noise(12), columns=4)
    for key, index in (
        (Qt.Key.Key_Left, 0),  # the first already
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Down, 9),
        (Qt.Key.Key_Down, 9),
        (Qt.Key.Key_Up, 5),
        (Qt.Key.Key_End, 11),
        (Qt.Key.Key_Right, 11),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(strip, key)
        assert strip.current == index


def test_a_tooltip_tells_of_the_frame_under_the_pointer(qtbot: QtBot, strip: FilmStrip):
    strip.set_describe(lambda index: f"frame number {index}")
    spot = middle(strip, 6)
    event = QHelpEvent(QEvent.Type.ToolTip, spot, strip.mapToGlobal(spot))
    QApplication.sendEvent(strip, event)
    assert QToolTip.text() == "frame number 6"


def test_a_menu_is_asked_for_by_mouse_and_by_key(strip: FilmStrip):
    asked = []
    strip.menu_requested.connect(lambda index, position: asked.append((index, position)))
    strip.set_current(2)
    spot = middle(strip, 6)
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        QApplication.sendEvent(strip, QContextMenuEvent(reason, spot, strip.mapToGlobal(spot)))
    assert asked == [(6, strip.mapToGlobal(spot)), (2, strip.mapToGlobal(middle(strip, 2)))]


def test_without_frames_there_is_nothing_to_choose(qtbot: QtBot):
    strip = FilmStrip()
    qtbot.addWidget(strip)
    chosen = collect(strip.frame_chosen)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    strip.grab()
    strip.set_frames(noise(2))
    strip.set_frames(None)
    assert (chosen, strip.count, strip.rows) == ([], 0, 0)


def test_fewer_frames_keep_a_frame_marked(strip: FilmStrip):
    strip.set_current(11)
    strip.set_frames(noise(3))
    assert strip.current == 2
    strip.grab()


def test_on_a_fine_screen_frames_have_twice_the_pixels():
    program = """
import os
os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="2")
import numpy as np
from pictures import to_array
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication
from bvae_gui.widgets.film_strip import FilmStrip

app = QApplication([])
strip = FilmStrip()
strip.resize(4 * 42 + 3 * 2 + 4, 80)
images = np.random.default_rng(5).integers(0, 256, (4, 28, 28, 3), np.uint8)
strip.set_frames(images)
strip.show()
grabbed = strip.grab()
assert grabbed.devicePixelRatio() == 2
painted = to_array(grabbed.toImage())
for index, image in enumerate(images):
    left = 4 + index * (84 + 4)
    shown = painted[4 : 4 + 84, left : left + 84]
    assert np.array_equal(shown, image.repeat(3, axis=0).repeat(3, axis=1)), index
chosen = []
strip.frame_chosen.connect(chosen.append)
QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.frame_rect(2).center())
assert chosen == [2]
"""
    child = run_python(program)
    assert child.returncode == 0, child.stderr
