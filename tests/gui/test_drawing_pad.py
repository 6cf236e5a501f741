from __future__ import annotations

import numpy as np
import pytest
from mouse import LEFT, SHIFT, Mouse
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QEvent, QPointF, Qt
from qtpy.QtGui import QPointingDevice, QTabletEvent
from qtpy.QtWidgets import QApplication

from bvae_gui.widgets.drawing_pad import BRUSH, DrawingPad

KEY = Qt.Key
RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def pad(qtbot: QtBot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(180, 180)
    pad.show()
    qtbot.waitExposed(pad)
    return pad


@pytest.fixture
def heard(pad: DrawingPad) -> list[str]:
    heard: list[str] = []
    pad.stroke_began.connect(lambda: heard.append("began"))
    pad.drawn.connect(lambda: heard.append("drawn"))
    pad.stroke_ended.connect(lambda: heard.append("ended"))
    return heard


def ink_at(pad: DrawingPad, x: float, y: float) -> int:
    """Return the ink at a place of the canvas, given in shares of its width and height."""
    pixels = pad.pixels
    return int(pixels[int(y * (len(pixels) - 1)), int(x * (pixels.shape[1] - 1))])


def test_a_drag_draws_a_line_with_soft_edges_as_broad_as_the_brush(pad, heard):
    Mouse(pad).drag(pad.on_widget(0.2, 0.5), pad.on_widget(0.5, 0.5), pad.on_widget(0.8, 0.5))
    assert heard == ["began", "drawn", "drawn", "drawn", "ended"]
    assert pad.pixels.shape == (252, 252)
    column = pad.pixels[:, 126] / 255
    assert column.sum() == pytest.approx(252 * BRUSH[1], abs=1)
    assert 0 < np.count_nonzero((column > 0) & (column < 1)) <= 4
    assert ink_at(pad, 0.2, 0.5) == ink_at(pad, 0.8, 0.5) == 255
    assert ink_at(pad, 0.1, 0.5) == ink_at(pad, 0.5, 0.4) == 0


def test_a_click_is_a_dot(pad):
    Mouse(pad).click(pad.on_widget(0.5, 0.5))
    assert ink_at(pad, 0.5, 0.5) == 255
    assert pad.pixels.sum() / 255 == pytest.approx(np.pi * (252 * BRUSH[1] / 2) ** 2, rel=0.02)


def test_the_mouse_beyond_the_canvas_draws_what_is_within(pad):
    Mouse(pad).drag(pad.on_widget(0.5, 0.5), pad.on_widget(3, 0.5))
    assert ink_at(pad, 1, 0.5) == 255


def test_the_eraser_and_the_right_button_take_ink_away(pad):
    mouse = Mouse(pad)
    across = pad.on_widget(0.1, 0.5), pad.on_widget(0.9, 0.5)
    mouse.drag(*across)
    mouse.drag(pad.on_widget(0.3, 0.3), pad.on_widget(0.3, 0.7), button=RIGHT)
    assert ink_at(pad, 0.3, 0.5) == 0
    assert ink_at(pad, 0.6, 0.5) == 255
    pad.is_erasing = True
    pad.set_brush(1)
    assert pad.brush == BRUSH[2]
    mouse.drag(*across)
    assert pad.is_empty


def tablet(
    pad: DrawingPad, kind: QEvent.Type, at: QPointF, pressure: float, *, turned: bool = False
) -> bool:
    types = QPointingDevice.PointerType
    device = QPointingDevice(
        "pen", 1, QPointingDevice.DeviceType.Stylus, types.Eraser if turned else types.Pen,
        QPointingDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip
    none = Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind, device, at, pad.mapToGlobal(at), pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, LEFT, none if kind == QEvent.Type.TabletRelease else LEFT,
    )  # fmt: skip
    QApplication.sendEvent(pad, event)
    return event.isAccepted()


def test_a_pen_draws_the_broader_the_harder_it_is_pressed_and_erases_turned_round(pad, heard):
    kinds = QEvent.Type
    for y, pressure in ((0.25, 0.1), (0.75, 1.0)):
        assert tablet(pad, kinds.TabletPress, pad.on_widget(0.2, y), pressure)
        assert tablet(pad, kinds.TabletMove, pad.on_widget(0.8, y), pressure)
        assert tablet(pad, kinds.TabletRelease, pad.on_widget(0.8, y), 0)
    assert heard == ["began", "drawn", "drawn", "ended"] * 2
    middle = pad.pixels[:, 126] / 255
    assert 2 < middle[126:].sum() / middle[:126].sum() < 4
    tablet(pad, kinds.TabletPress, pad.on_widget(0.5, 0.25), 1, turned=True)
    tablet(pad, kinds.TabletRelease, pad.on_widget(0.5, 0.25), 0, turned=True)
    assert ink_at(pad, 0.5, 0.25) == 0


def test_one_draws_with_the_keys(qtbot, pad, heard):
    pad.setFocus()
    qtbot.keyClick(pad, KEY.Key_Left)
    assert pad.is_empty
    qtbot.keyClick(pad, KEY.Key_Space)  # down
    for _ in range(4):
        qtbot.keyClick(pad, KEY.Key_Up)
    qtbot.keyClick(pad, KEY.Key_Up, SHIFT)
    qtbot.keyClick(pad, KEY.Key_Space)  # up
    qtbot.keyClick(pad, KEY.Key_Right)
    assert heard == ["began", *["drawn"] * 6, "ended"]
    assert ink_at(pad, 0.5 - 1 / 16, 0.3) == 255
    assert ink_at(pad, 0.5, 0.25) == 0
    down = np.flatnonzero(pad.pixels.max(axis=1) > 127)
    brush = 252 * BRUSH[1]
    assert down[-1] - down[0] == pytest.approx((4 + 1 / 8) * 252 / 16 + brush, abs=2)


def test_keys_choose_the_tools_and_clear(qtbot, pad, heard):
    pad.setFocus()
    with qtbot.waitSignal(pad.tool_changed):
        qtbot.keyClick(pad, KEY.Key_BracketRight)
    assert pad.brush > BRUSH[1]
    with qtbot.waitSignal(pad.tool_changed):
        qtbot.keyClick(pad, KEY.Key_E)
    assert pad.is_erasing
    qtbot.keyClick(pad, KEY.Key_Delete)
    assert heard == []  # there was nothing to clear
    pad.is_erasing = False
    Mouse(pad).click(pad.on_widget(0.5, 0.5))
    heard.clear()
    qtbot.keyClick(pad, KEY.Key_Delete)
    assert pad.is_empty
    assert heard == ["began", "drawn", "ended"]


def test_leaving_the_pad_lifts_the_pen_of_the_keys(qtbot, pad, heard):
    pad.setFocus()
    qtbot.keyClick(pad, KEY.Key_Space)
    pad.clearFocus()
    assert heard[-1] == "ended"


def test_the_canvas_has_the_images_proportions(pad):
    pad.set_format((16, 24))
    assert pad.pixels.shape == (160, 240)
    room = pad.canvas_rect()
    assert (room.width(), room.height()) == (180, 120)
    Mouse(pad).click(QPointF(90, 90))
    assert ink_at(pad, 0.5, 0.5) == 255


def test_what_was_drawn_comes_back(pad):
    Mouse(pad).drag(pad.on_widget(0.2, 0.5), pad.on_widget(0.8, 0.6))
    before = pad.pixels
    pad.wipe()
    assert pad.is_empty
    pad.set_pixels(before)
    assert np.array_equal(pad.pixels, before)


def test_a_drawing_of_another_size_is_shown_until_it_is_wiped(pad):
    pad.set_pixels(np.full((30, 60), 255, np.uint8))
    assert (pad.canvas_rect().width(), pad.canvas_rect().height()) == (180, 90)
    assert (pad.pixels == 255).all()
    pad.wipe()
    assert pad.pixels.shape == (252, 252)


def test_ink_has_the_colours_that_it_is_given(pad):
    ramp = np.linspace((255, 250, 240), (20, 10, 0), 256).astype(np.uint8)
    pad.set_ink(ramp)
    Mouse(pad).click(pad.on_widget(0.5, 0.5))
    image = pad.grab().toImage()
    assert image.pixelColor(90, 90).getRgb()[:3] == (20, 10, 0)
    assert image.pixelColor(30, 30).getRgb()[:3] == (255, 250, 240)
