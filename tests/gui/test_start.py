"""The start of `bvae-gui`: a window is shown before anything heavy is loaded, then filled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

#: Runs `bvae-gui` until its window has been filled, and tells what it had loaded when.
_START = """
import gc, json, sys
from qtpy.QtCore import QTimer
from bvae_gui import app
from bvae_gui.window import first_paint, main_window

HEAVY = ("numpy", "matplotlib", "ai_edge_litert", "scipy", "tensorflow", "keras")

def loaded():
    return [name for name in HEAVY if name in sys.modules]

def begun(decoded):
    print(json.dumps({"begun": loaded()}), flush=True)

def filled():
    print(json.dumps({"filled": loaded(), "collects": gc.isenabled()}), flush=True)
    QTimer.singleShot(0, window.close)

class Window(main_window.MainWindow):
    def __init__(self, *arguments):
        global window
        window = self
        super().__init__(*arguments)
        first_paint.when_painted(self.ground, self.begin)
        first_paint.when_painted(self.ground, lambda: self.filled.connect(filled))
        self.begun.connect(begun)

    def begin(self):
        print(json.dumps({"shown": loaded(), "collects": gc.isenabled()}), flush=True)

main_window.MainWindow = Window
app.main([])
"""


def test_the_window_and_its_first_image_wait_for_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _START],
        env=os.environ | {"BVAE_CACHE_DIR": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown, begun, filled = (json.loads(line) for line in done.stdout.splitlines())
    assert shown == {"shown": [], "collects": False}
    assert {"numpy", "ai_edge_litert"} == set(begun["begun"])
    assert {"numpy", "matplotlib", "ai_edge_litert"} <= set(filled["filled"])
    assert not {"tensorflow", "keras"} & set(filled["filled"])
    assert filled["collects"]
