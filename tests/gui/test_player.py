"""The moving picture's controls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QStyle, QStyleOptionSlider

from bvae_gui.widgets.player import Player, following

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def player(qtbot: QtBot) -> Player:
    """One with five frames that are shown as it asks for them, as fast as can be."""
    player = Player()
    qtbot.addWidget(player)
    player.set_count(5)
    player.speed.setValue(30)
    player.frame_chosen.connect(player.set_frame)
    player.show()
    return player


def played(qtbot: QtBot, player: Player, count: int) -> list[int]:
    """Play, and return the first frames that are asked for."""
    frames: list[int] = []
    player.frame_chosen.connect(frames.append)
    player.play()
    qtbot.waitUntil(lambda: len(frames) >= count)
    player.frame_chosen.disconnect(frames.append)
    return frames[:count]


def test_it_loops(qtbot: QtBot, player: Player):
    assert played(qtbot, player, 7) == [1, 2, 3, 4, 0, 1, 2]
    assert player.is_playing


def test_it_goes_there_and_back(qtbot: QtBot, player: Player):
    player.set_repeat("bounce")
    assert played(qtbot, player, 10) == [1, 2, 3, 4, 3, 2, 1, 0, 1, 2]


def test_it_stops_at_the_end_and_begins_again(qtbot: QtBot, player: Player):
    player.set_repeat("once")
    assert played(qtbot, player, 4) == [1, 2, 3, 4]
    qtbot.waitUntil(lambda: not player.is_playing)
    assert player.scrubber.value() == 4
    assert played(qtbot, player, 3) == [0, 1, 2]


def test_a_drag_of_the_scrubber_asks_for_frames(qtbot: QtBot, player: Player):
    asked: list[int] = []
    player.frame_chosen.connect(asked.append)
    player.scrubber.setFocus()
    qtbot.keyClick(player.scrubber, Qt.Key.Key_End)
    qtbot.keyClick(player.scrubber, Qt.Key.Key_Left)
    assert asked == [4, 3]


def test_it_waits_while_the_scrubber_is_held(qtbot: QtBot, player: Player):
    option = QStyleOptionSlider()
    player.scrubber.initStyleOption(option)
    handle = player.scrubber.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, player.scrubber
    )
    asked: list[int] = []
    player.frame_chosen.connect(asked.append)
    player.play()
    qtbot.mousePress(player.scrubber, LEFT, pos=handle.center())
    qtbot.wait(200)
    assert asked == []
    assert player.is_playing
    qtbot.mouseRelease(player.scrubber, LEFT, pos=handle.center())
    qtbot.waitUntil(lambda: len(asked) > 2)
    assert asked[:2] == [1, 2]


def test_saying_what_is_shown_asks_for_nothing(player: Player):
    asked: list[int] = []
    player.frame_chosen.connect(asked.append)
    player.set_frame(3)
    player.set_count(2)
    assert asked == []
    assert player.scrubber.value() == 1


def test_the_action_says_what_it_would_do(qtbot: QtBot, player: Player):
    assert player.play_action.text() == "Play"
    player.play_action.trigger()
    assert (player.is_playing, player.play_action.text()) == (True, "Pause")
    player.play_action.trigger()
    assert (player.is_playing, player.play_action.text()) == (False, "Play")


def test_space_plays_and_pauses_at_the_scrubber(qtbot: QtBot, player: Player):
    with qtbot.waitActive(player):
        player.activateWindow()
    player.scrubber.setFocus()
    qtbot.keyClick(player.scrubber, Qt.Key.Key_Space)
    assert player.is_playing
    qtbot.keyClick(player.scrubber, Qt.Key.Key_Space)
    assert not player.is_playing


def test_hidden_it_pauses(player: Player):
    player.play()
    player.hide()
    assert not player.is_playing


def test_the_picture_is_what_it_is_given(player: Player):
    picture = np.random.default_rng(1).integers(0, 256, (28, 28, 3), np.uint8)
    player.set_picture(picture)
    assert np.array_equal(to_array(player.picture.image), picture)


@given(st.data(), st.integers(1, 50), st.sampled_from(["loop", "bounce", "once"]))
def test_whatever_is_shown_a_frame_that_exists_follows_or_none(data, count, repeat):
    frame, step = data.draw(st.integers(0, count - 1)), data.draw(st.sampled_from([-1, 1]))
    onward = following(frame, count, step, repeat)
    if onward is None:
        assert repeat == "once"
    else:
        assert 0 <= onward[0] < count


@given(st.integers(2, 50), st.sampled_from(["loop", "bounce"]))
def test_every_frame_is_seen(count, repeat):
    frame, step, seen = 0, 1, set()
    for _ in range(2 * count):
        frame, step = following(frame, count, step, repeat)
        seen.add(frame)
    assert seen == set(range(count))
