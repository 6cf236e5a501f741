"""What follows in turn: every part once, however often something moves meanwhile."""

from __future__ import annotations

from pytestqt.qtbot import QtBot
from qtpy.QtCore import QObject

from bvae_gui.following import Following


def test_parts_take_turns_and_each_shows_what_was_last_there(qtbot: QtBot):
    place, shown, owner = [0], [], QObject()

    def show_words() -> None:
        shown.append(("words", *place))
        if place == [5]:  # it moves on before the other one's turn
            place[0] = 6
            following.ask()

    following = Following(show_words, lambda: shown.append(("tiles", *place)), parent=owner)
    for place[0] in range(1, 6):
        following.ask()
    assert shown == []
    qtbot.waitUntil(lambda: len(shown) >= 3)
    qtbot.wait(100)
    assert shown == [("words", 5), ("tiles", 6), ("words", 6)]


def test_they_may_wait_until_something_else_is_seen(qtbot: QtBot):
    shown, owner = [], QObject()
    following = Following(lambda: shown.append("words"), parent=owner)
    following.ask_later(60_000)
    following.ask()
    qtbot.wait(100)
    assert shown == []
    following.ask_later(1)
    qtbot.waitUntil(lambda: shown == ["words"])
