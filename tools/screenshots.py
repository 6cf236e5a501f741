"""Take pictures of the window: `python tools/screenshots.py FOLDER [MODEL …]`.

Every panel, light and dark, at two sizes or those that `--size` says, of each model; by default of
the demo. Two to four models of the same images are shown side by side, too. The README's pictures
are window-light-1280x800.png and window-dark-1280x800.png of the demo.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PIL import Image, ImageDraw
from qtpy.QtWidgets import QAbstractButton, QApplication, QWidget

from bvae_core.figures.layers import Layers
from bvae_gui.explorer import ARITHMETIC, MORPH, SELECTION
from bvae_gui.panels.compare import ComparePanel
from bvae_gui.panels.diagnostics import DiagnosticsPanel
from bvae_gui.panels.training import TrainingPanel
from bvae_gui.settings import Settings
from bvae_gui.state.own_image import Picture
from bvae_gui.window.failures import Failures
from bvae_gui.window.main_window import DIAGNOSTICS, LIBRARY, TRAINING, MainWindow

SIZES = ((1280, 800), (1920, 1080))
_PATIENCE = 180  # seconds, on a machine that may have other things to do


def main() -> None:
    """Open a window for each model, theme and size, and save what it shows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to")
    parser.add_argument("models", nargs="*", default=["demo"], help="names or folders of models")
    parser.add_argument(
        "--size", dest="sizes", action="append", type=size, metavar="WIDTHxHEIGHT",
        help="of the window, may be given several times",
    )  # fmt: skip
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(["bvae-gui"])
    with tempfile.TemporaryDirectory() as folder:
        for model in options.models:
            for theme in ("light", "dark"):
                for width, height in options.sizes or SIZES:
                    look = f"{theme}-{width}x{height}"
                    settings = Settings(Path(folder) / f"{look}.ini")
                    settings.theme = theme
                    window = MainWindow(settings, Failures(["bvae-gui"], application))
                    window.resize(width, height)
                    window.show()
                    window.open(model)
                    wait(lambda window=window: window.explorer is not None)
                    for name, widget in views(window):
                        settle()
                        file = f"{name}-{look}.png"
                        if model != "demo":
                            file = f"{Path(model).name}-{file}"
                        widget.grab().save(str(options.folder / file))
                    if len(options.models) > 1 and model == options.models[-1]:
                        file = f"comparison-{look}.png"
                        comparison(window, options.models).grab().save(str(options.folder / file))
                    window.end()


def size(text: str) -> tuple[int, int]:
    """Read a width and a height in pixels, as in ``1280x800``."""
    width, height = text.split("x")
    return int(width), int(height)


def views(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Bring up one thing after the other, with its name."""
    explorer, state, exporter = window.explorer, window.state, window.exporter
    if explorer is None or state is None or exporter is None:
        raise RuntimeError("the window has no panels")
    yield "window", window
    yield "map", explorer.map
    yield "decoded", explorer.decoded
    yield "dimensions", explorer.dimensions
    state.map.show_layers(Layers(manifold=True))
    yield "map-manifold", explorer.map
    state.map.show_layers(Layers(magnification=True))
    yield "map-magnification", explorer.map
    state.map.show_layers(Layers())
    for mode in ("path", "grid", "traversal"):
        state.set_mode(mode)
        yield f"morph-{mode}", explorer.morph
    state.set_traversal(None, "sigmas")
    yield "morph-every-dimension", explorer.morph
    for _ in range(3):
        state.undo()
    for kind in ("geodesic", "dense"):
        state.set_interpolation(kind)
        wait(lambda: state.morph.settled is not None)
        yield f"morph-{kind}", window
    state.set_interpolation("straight")
    arithmetic = explorer.tools.show_page(ARITHMETIC)
    yield "arithmetic-equation", arithmetic
    for button in arithmetic.findChildren(QAbstractButton):
        if button.accessibleName() == "Direction":
            button.click()
    yield "arithmetic-direction", arithmetic
    own = explorer.show_own_image()
    yield "own-image-empty", own
    drawn = Picture(drawing(own.source.pad.pixels.shape), "a drawing", is_drawing=True)
    state.set_own(state.read_own(drawn))
    yield "own-image", window
    own.clear_action.trigger()
    explorer.tools.show_page(MORPH)
    state.select_class(1)
    yield "map-selected", explorer.map
    yield "selection", explorer.tools.show_page(SELECTION)
    explorer.show_nearest()
    yield "selection-nearest", explorer.tools.show_page(SELECTION)
    state.undo()
    exporter.open("morph")
    yield "export", dialog()
    dialog().close()
    window.docks.show(LIBRARY)
    yield "library", window
    training = window.docks.show(TRAINING)
    if isinstance(training, TrainingPanel):
        wait(lambda: training.form.data.survey is not None)
    yield "training", window
    diagnostics = window.docks.show(DIAGNOSTICS)
    if isinstance(diagnostics, DiagnosticsPanel):
        wait(lambda: diagnostics.findings is not None)
    yield "diagnostics", window


def comparison(window: MainWindow, models: list[str]) -> QWidget:
    """Show models side by side, in a window as large."""
    if window.state is None:
        raise RuntimeError("the window has no model")
    window.library.compare(window.state, models)
    panel = window.findChild(ComparePanel)
    panel.resize(window.size())
    wait(lambda: panel.page is not None)
    settle(3)
    return panel


def drawing(size: tuple[int, int]) -> np.ndarray:
    """Return a ki as one might draw it on a canvas of this size, (height, width)."""
    image = Image.new("L", (4 * size[1], 4 * size[0]))
    pen = ImageDraw.Draw(image)
    strokes = (
        [(0.3, 0.25), (0.72, 0.2)],
        [(0.28, 0.42), (0.75, 0.38)],
        [(0.42, 0.1), (0.7, 0.6), (0.4, 0.6)],
        [(0.27, 0.66), (0.22, 0.78), (0.45, 0.88), (0.78, 0.86)],
    )
    for stroke in strokes:
        way = [(x * image.width, y * image.height) for x, y in stroke]
        pen.line(way, fill=255, width=image.width // 14, joint="curve")
        for x, y in way:
            pen.circle((x, y), image.width / 22, fill=255)
    return np.asarray(image.resize((size[1], size[0])))


def dialog() -> QWidget:
    """Return the dialog that is open."""
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() and not isinstance(widget, MainWindow)
    )


def wait(is_there: Callable[[], bool]) -> None:
    """Let the window work until something is there."""
    end = time.monotonic() + _PATIENCE
    while not is_there():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get ready")
        QApplication.processEvents()
        time.sleep(0.005)


def settle(seconds: float = 1.0) -> None:
    """Let everything that was asked for happen."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


if __name__ == "__main__":
    main()
