"""Take the picture of docs/napari.md: a plate of strokes in napari, and a lasso on their map.

xvfb-run -s "-screen 0 1600x1000x24" python tools/napari_picture.py docs/pictures/napari.png
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "xcb"
os.environ.setdefault("NAPARI_CONFIG", str(Path(tempfile.mkdtemp()) / "napari.yaml"))

import napari
import numpy as np
from npe2 import PluginManager, PluginManifest
from PIL import Image
from qtpy.QtWidgets import QApplication
from scipy.ndimage import label

import bvae_gui
from bvae_core.datasets import load
from bvae_gui.napari.commands import explore_layer
from bvae_gui.napari.host import docked
from bvae_gui.napari.widgets import LatentExplorer

SIZE = (1500, 950)
_ROWS, _COLUMNS, _CELL = 14, 11, 44
_COLOURS = 128


def main() -> None:
    """Take it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    arguments = parser.parse_args()
    manager = PluginManager.instance()
    manager.discover()
    if "bvae-explorer" not in manager:  # this checkout is not installed
        manifest = Path(bvae_gui.__file__).parent / "napari.yaml"
        manager.register(PluginManifest.from_file(manifest))
    viewer = napari.Viewer(title="napari")
    window = viewer.window._qt_window
    window.resize(*SIZE)
    viewer.theme = arguments.theme
    image, labels, slant = plate()
    viewer.add_image(image, name="plate")
    features = {"index": np.arange(1, len(slant) + 1), "slant": slant}
    viewer.layers.selection.active = viewer.add_labels(
        labels, name="strokes", features=features, opacity=0.25
    )
    explore_layer(viewer)
    state = docked(viewer, LatentExplorer).view.state
    wait_until(lambda: state.bundle is not None and state.model.codes_of is not None)
    away = np.linalg.norm(
        state.model.latents - np.quantile(state.model.latents, 0.7, axis=0), axis=1
    )
    state.select(np.argsort(away)[:18].tolist())
    viewer.reset_view()
    end = time.monotonic() + 3  # what is painted after the image is seen
    wait_until(lambda: time.monotonic() > end)
    grabbed = Path(tempfile.mkdtemp()) / "grabbed.png"
    window.grab().save(str(grabbed))
    Image.open(grabbed).convert("RGB").quantize(_COLOURS).save(arguments.picture, optimize=True)
    viewer.close()


def plate() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return an image of strokes side by side, their labels, and how each is slanted."""
    strokes = load(f"strokes:{_ROWS * _COLUMNS}", seed=3)
    random = np.random.default_rng(0)
    shape = (_ROWS * _CELL, _COLUMNS * _CELL)
    image, labels = np.zeros(shape, np.uint8), np.zeros(shape, np.int32)
    for index, stroke in enumerate(strokes.images[..., 0]):
        row, column = divmod(index, _COLUMNS)
        y, x = np.array([row, column]) * _CELL + random.integers(2, _CELL - 30, 2)
        image[y : y + 28, x : x + 28] = stroke
        labels[y : y + 28, x : x + 28][label(stroke > 60, np.ones((3, 3)))[0] > 0] = index + 1
    factors = np.asarray(strokes.factors)
    return image, labels, factors[:, strokes.factor_names.index("slant")]


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Let the program run until something is so; give up after so long."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            sys.exit("It took too long.")
        QApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main()
