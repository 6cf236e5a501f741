"""The way back from other threads into the window's."""

from __future__ import annotations

import subprocess
import sys
import threading

from pytestqt.qtbot import QtBot
from qtpy.QtCore import QCoreApplication, QEvent, QObject

from bvae_gui.returning import returning

# A thread tells for as long as it can, while what hears it is destroyed, again and again.
DESTROYED_WHILE_TOLD = """
import sys, threading
from qtpy.QtCore import QCoreApplication, QEvent, QObject
from qtpy.QtWidgets import QApplication, QPushButton, QWidget
from bvae_gui.returning import returning

class Listener(QObject):
    def hear(self, news):
        assert news == "news"

application = QApplication([])
sys.setswitchinterval(1e-5)
for _ in range(100):
    window = QWidget()
    for _ in range(30):
        QPushButton(window)
    tellers = [returning(Listener(window).hear) for _ in range(20)]
    told, is_over = threading.Event(), threading.Event()

    def tell_all():
        while not is_over.is_set():
            for tell in tellers:
                tell("news")
            told.set()

    thread = threading.Thread(target=tell_all)
    thread.start()
    told.wait()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    is_over.set()
    thread.join()
    application.processEvents()
print("alive")
"""


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[int] = []
        self.threads: set[threading.Thread] = set()

    def hear(self, number: int) -> None:
        self.heard.append(number)
        self.threads.add(threading.current_thread())


def test_what_a_thread_tells_is_heard_in_the_window_s_in_order(qtbot: QtBot) -> None:
    listener = Listener()
    tell = returning(listener.hear)
    thread = threading.Thread(target=lambda: [tell(number) for number in range(5)])
    thread.start()
    thread.join()
    assert listener.heard == []  # the window's thread has not come to it
    qtbot.waitUntil(lambda: listener.heard == [0, 1, 2, 3, 4])
    assert listener.threads == {threading.main_thread()}


def test_what_the_window_s_own_thread_tells_is_heard_later_too(qtbot: QtBot) -> None:
    listener = Listener()
    returning(listener.hear)(1)
    assert listener.heard == []
    qtbot.waitUntil(lambda: listener.heard == [1])


def test_nobody_hears_what_comes_when_they_are_gone(qtbot: QtBot) -> None:
    gone, there = Listener(), Listener()
    tell_gone, tell_there = returning(gone.hear), returning(there.hear)
    tell_gone(1)
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    tell_gone(2)
    tell_there(3)
    qtbot.waitUntil(lambda: there.heard == [3])
    assert gone.heard == []


def test_it_is_safe_to_be_destroyed_while_a_thread_tells() -> None:
    child = subprocess.run(
        [sys.executable, "-c", DESTROYED_WHILE_TOLD], capture_output=True, text=True, check=False
    )
    assert (child.returncode, child.stdout) == (0, "alive\n"), child.stderr
