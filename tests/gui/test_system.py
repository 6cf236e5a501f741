"""What is said where there is no display, or a system library is missing."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from bvae_core.errors import BvaeError
from bvae_gui.system import check_system


def loader_without(*missing: str):
    def load(library: str) -> ctypes.CDLL:
        if library in missing:
            raise OSError(f"{library}: cannot open shared object file: No such file or directory")
        return ctypes.CDLL(None)

    return load


def test_without_a_display_it_says_so():
    with pytest.raises(BvaeError, match="neither DISPLAY nor WAYLAND_DISPLAY"):
        check_system({}, platform="linux")


def test_a_missing_library_names_its_packages():
    load = loader_without("libxcb-cursor.so.0", "libxkbcommon-x11.so.0")
    with pytest.raises(BvaeError) as caught:
        check_system({"DISPLAY": ":0"}, platform="linux", load=load)
    assert "apt install libxcb-cursor0 libxkbcommon-x11-0`" in str(caught.value)
    assert "dnf install libxkbcommon-x11 xcb-util-cursor`" in str(caught.value)


def test_a_library_that_every_window_needs_is_missed_off_screen_too():
    load = loader_without("libEGL.so.1")
    with pytest.raises(BvaeError, match="libegl1"):
        check_system({"QT_QPA_PLATFORM": "offscreen"}, platform="linux", load=load)


def test_what_only_another_platform_needs_is_not_missed():
    load = loader_without("libxcb-cursor.so.0")
    check_system({"QT_QPA_PLATFORM": "offscreen"}, platform="linux", load=load)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_bring_all_that_qt_needs(platform):
    check_system({}, platform=platform, load=loader_without("libGL.so.1"))


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named so on Linux")
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":9876"}, "none that answers at DISPLAY=:9876"),
    ],
)
def test_the_program_ends_with_one_sentence_and_no_abort(variables, sentence):
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    inherited = {name: value for name, value in os.environ.items() if name not in screens}
    ended = subprocess.run(
        [sys.executable, "-m", "bvae_gui"],
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1
