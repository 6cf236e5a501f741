"""Work beside the window: one thing after another, and only the last one's result counts."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from bvae_gui.background import Background


def test_of_many_things_only_the_last_one_s_result_is_wanted(qtbot: QtBot):
    background, may_go_on = Background(), threading.Event()
    done: list[str] = []
    results: list[str] = []
    busy: list[bool] = []
    background.busy_changed.connect(busy.append)

    def work(name: str) -> str:
        may_go_on.wait()
        done.append(name)
        return name

    for name in ("under way", "cancelled", "wanted"):
        background.run(lambda name=name: work(name), results.append)
    may_go_on.set()
    qtbot.waitUntil(lambda: bool(results))
    background.stop()
    assert done == ["under way", "wanted"]
    assert results == ["wanted"]
    assert busy == [True, True, True, False]
