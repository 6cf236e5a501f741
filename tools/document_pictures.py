"""Take the documents' pictures of the window anew: `python tools/document_pictures.py`.

The README's moving picture is recorded by `tools/record.py`, napari's taken by
`tools/napari_picture.py`; the others are figures, which `bvae export` draws.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from qtpy.QtWidgets import QApplication, QWidget
from screenshots import drawing, settle, wait  # which chooses Qt's platform, too

from bvae_gui.explorer import ARITHMETIC, SELECTION
from bvae_gui.settings import Settings
from bvae_gui.state.own_image import Picture
from bvae_gui.window.failures import Failures
from bvae_gui.window.main_window import MainWindow

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
#: A straight way between these crosses empty space.
_OVER_THE_EDGE = ((2.6, -1.4), (1.6, -2.0))
#: Middle and radius of what is selected.
_AMONG_MANY_CLASSES, _SO_FAR = (1.1, 0.4), 0.9
#: re − tsu + ha, as the documents have it.
_EQUATION = {"a": 8, "b": 3, "c": 5}


def main() -> None:
    """Open a window for each picture, and save what it shows."""
    application = QApplication(["bvae-gui"])
    with tempfile.TemporaryDirectory() as folder:
        for theme in ("light", "dark"):
            settings = Settings(Path(folder) / f"{theme}.ini")
            settings.theme = theme
            window = MainWindow(settings, Failures(["bvae-gui"], application))
            window.show()
            window.open("demo")
            wait(lambda window=window: window.explorer is not None)
            window.resize(1280, 800)
            settle()
            save(window, f"window-{theme}")
            if theme == "light":
                for name, widget in views(window):
                    settle()
                    save(widget, name)
            window.end()


def views(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Bring up what the documents explain, with the picture's name."""
    explorer, state = window.explorer, window.state
    if explorer is None or state is None:
        raise RuntimeError("the window has no panels")
    for index, place in enumerate(_OVER_THE_EDGE):
        state.set_anchor(index, place)
    window.resize(1280, 760)
    yield "ways", explorer
    for _ in _OVER_THE_EDGE:
        state.undo()
    distances = np.linalg.norm(state.model.latents - np.array(_AMONG_MANY_CLASSES), axis=1)
    state.select(np.flatnonzero(distances < _SO_FAR))
    explorer.tools.show_page(SELECTION)
    yield "selection", explorer
    state.undo()
    own = explorer.show_own_image()
    drawn = Picture(drawing(own.source.pad.pixels.shape), "a drawing", is_drawing=True)
    state.set_own(state.read_own(drawn))
    yield "own-image", own
    state.undo()
    places = {name: state.class_place(label, mean=False) for name, label in _EQUATION.items()}
    state.set_equation(**places, strength=0.8)
    window.resize(1000, 800)
    yield "arithmetic", explorer.tools.show_page(ARITHMETIC)


def save(widget: QWidget, name: str) -> None:
    """Save a picture of a widget, as small as PNG gets."""
    file = FOLDER / f"{name}.png"
    widget.grab().save(str(file))
    with Image.open(file) as image:
        smaller = image.convert("RGB")
    smaller.save(file, optimize=True)


if __name__ == "__main__":
    main()
