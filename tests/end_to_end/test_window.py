"""The installed program on a real X server, under a real mouse."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("Xlib", reason="python-xlib moves the mouse")

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

WIDTH, HEIGHT = 1280, 800


@pytest.fixture
def screen() -> Iterator[str]:
    """The name of a display of our own."""
    if shutil.which("Xvfb") is None:
        if os.environ.get("CI"):
            pytest.fail("Xvfb is missing: Debian's package xvfb brings it.")
        pytest.skip("there is no Xvfb on this machine")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten",
         "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()  # written when the server is ready
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture
def mouse(screen: str) -> Iterator[Mouse]:
    display = Display(screen)
    yield Mouse(display)
    display.close()


class Mouse:
    """Moves and presses as a hand does, and sees what is on the screen."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root = display.screen().root

    def move(self, x: int, y: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()

    def press(self) -> None:
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()

    def release(self) -> None:
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def click(self, x: int, y: int) -> None:
        self.move(x, y)
        self.press()
        self.release()

    def see(self) -> NDArray[np.uint8]:
        """Return the pixels of the screen, (height, width, 4) uint8."""
        image = self._root.get_image(0, 0, WIDTH, HEIGHT, X.ZPixmap, 0xFFFFFFFF)
        return np.frombuffer(image.data, np.uint8).reshape(HEIGHT, WIDTH, 4)

    def titles(self) -> list[str]:
        """Return the names of the windows."""
        name = self._display.intern_atom("_NET_WM_NAME")
        properties = (
            window.get_full_property(name, X.AnyPropertyType)
            for window in self._root.query_tree().children
        )
        return [found.value.decode() for found in properties if found is not None]


@contextlib.contextmanager
def program(screen: str, home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the installed `bvae-gui` with nothing remembered, until its map is painted."""
    command = Path(sys.executable).with_name("bvae-gui")
    assert command.exists(), "pip install -e . puts it there"
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "QT_PLUGIN_PATH")
    }
    child = subprocess.Popen(
        [command, "--report-times", *arguments],
        env={
            **inherited, "DISPLAY": screen, "XDG_CONFIG_HOME": str(home / "config"),
            "BVAE_CACHE_DIR": str(home / "cache"), "QT_SCALE_FACTOR": "1",
        },
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        events = [json.loads(child.stdout.readline())["event"] for _ in range(3)]
        assert events == ["shown", "first image", "map"]
        yield child
    finally:
        child.kill()
        child.wait(timeout=30)


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def settled(mouse: Mouse) -> NDArray[np.uint8]:
    """Wait until the screen rests, and return it."""
    last = mouse.see()

    def rests() -> bool:
        nonlocal last
        time.sleep(0.2)
        before, last = last, mouse.see()
        return np.array_equal(before, last)

    wait_until(rests)
    return last


# In a window of 1152×720 in the middle of the screen: the map is left, the decoded image right.
MAP = (330, 420)  # far from the anchors
IMAGE = (slice(40, 500), slice(1000, 1216))


def test_a_click_on_the_map_changes_the_image_and_a_drag_keeps_changing_it(
    screen: str, mouse: Mouse, tmp_path: Path
):
    with program(screen, tmp_path) as child:
        before = settled(mouse)
        mouse.click(*MAP)
        wait_until(lambda: not np.array_equal(mouse.see()[IMAGE], before[IMAGE]))
        seen = [settled(mouse)]
        mouse.move(MAP[0], MAP[1] - 40)  # elsewhere, or it could be a double click
        mouse.press()
        for step in range(1, 5):
            mouse.move(MAP[0] + 30 * step, MAP[1] - 40 + 10 * step)
            wait_until(lambda: not np.array_equal(mouse.see()[IMAGE], seen[-1][IMAGE]))
            seen.append(settled(mouse))
        mouse.release()
        child.send_signal(signal.SIGTERM)
        _, said = child.communicate(timeout=60)
    assert child.returncode == 0
    assert said == ""


@pytest.mark.slow
def test_it_comes_back_as_it_was_left(screen: str, mouse: Mouse, tmp_path: Path):
    with program(screen, tmp_path, "--theme", "dark") as child:
        settled(mouse)
        child.send_signal(signal.SIGINT)
        child.wait(timeout=60)
    with program(screen, tmp_path) as child:
        ground = settled(mouse)[52, 640]
        assert any("demo" in title for title in mouse.titles())
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=60)
    assert child.returncode == 0
    assert ground[:3].max() < 64  # the same room at night


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--version"], 0, "bvae-gui 0."),
        (["--theme", "plaid"], 2, "invalid choice: 'plaid'"),
    ],
)
def test_what_needs_no_window_opens_none(arguments: list[str], status: int, sentence: str):
    command = Path(sys.executable).with_name("bvae-gui")
    ended = subprocess.run(
        [command, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == status
    assert sentence in ended.stdout + ended.stderr


@pytest.mark.slow
def test_the_open_window_has_no_tensorflow_in_it(screen: str, tmp_path: Path):
    with program(screen, tmp_path) as child:
        maps = Path(f"/proc/{child.pid}/maps")
        if not maps.exists():
            pytest.skip("this system doesn't say what a process has loaded")
        loaded = maps.read_text()
    assert "QtWidgets" in loaded
    assert "tensorflow" not in loaded
