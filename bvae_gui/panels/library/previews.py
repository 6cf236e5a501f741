"""`Previews`: the models' preview pictures, read when they are first seen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from qtpy.QtCore import QObject, Qt, QTimer, Signal
from qtpy.QtGui import QPixmap

from bvae_core.figures.ink import to_rgb8
from bvae_gui.panels.library.cards import Card
from bvae_gui.panels.library.worker import StoreWorker
from bvae_gui.state import ExplorerState
from bvae_gui.widgets.pixels import to_qimage

_PREVIEW = "preview.png"
_LARGEST_SIDE = 4096

Pixels = NDArray[np.uint8]


class Previews(QObject):
    """Reads pictures beside the window, inks them, and keeps them.

    Parameters
    ----------
    state
        Whose theme and ink they are in.
    worker
        Where they are read.
    side
        Of the square that they have to fit in, in logical pixels.
    parent
        Owns it.

    Signals
    -------
    came()
        There are more of them.
    """

    came = Signal()

    def __init__(
        self, state: ExplorerState, worker: StoreWorker, side: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._worker, self._side = state, worker, side
        self._wanted: dict[str, Path] = {}
        self._pixels: dict[str, Pixels | None] = {}
        self._pictures: dict[tuple[str, float], QPixmap] = {}
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._read)
        state.look_changed.connect(self._forget_ink)

    def picture(self, card: Card, ratio: float) -> QPixmap | None:
        """Return a model's picture for a screen's pixel ratio; None if there is none yet."""
        if card.key not in self._pixels:
            if card.key not in self._wanted and card.model is not None:
                self._wanted[card.key] = card.path / _PREVIEW
                self._soon.start()
            return None
        pixels = self._pixels[card.key]
        if pixels is None:
            return None
        if (card.key, ratio) not in self._pictures:
            self._pictures[card.key, ratio] = self._inked(pixels, ratio)
        return self._pictures[card.key, ratio]

    def _inked(self, pixels: Pixels, ratio: float) -> QPixmap:
        image = to_qimage(to_rgb8(pixels, self._state.theme, self._state.ink, leading=0))
        side = round(self._side * ratio)
        fitted = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, _SMOOTH)
        fitted.setDevicePixelRatio(ratio)
        return QPixmap.fromImage(fitted)

    def _read(self) -> None:
        self._worker.do(partial(_read_all, dict(self._wanted)), self._take)

    def _take(self, pixels: dict[str, Pixels | None]) -> None:
        for key in pixels:
            self._wanted.pop(key, None)
        self._pixels.update(pixels)
        self.came.emit()

    def _forget_ink(self) -> None:
        self._pictures.clear()
        self.came.emit()


_SMOOTH = Qt.TransformationMode.SmoothTransformation


def _read_all(paths: dict[str, Path]) -> dict[str, Pixels | None]:
    return {key: read_picture(path) for key, path in paths.items()}


def read_picture(path: Path) -> Pixels | None:
    """Return a PNG's pixels, (H, W) or (H, W, 3) uint8; None for anything else."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            if max(image.size) > _LARGEST_SIDE:
                return None
            return np.asarray(image if image.mode == "L" else image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
