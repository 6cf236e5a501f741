"""Record the window as a moving picture: `python tools/record.py FILE.webp`.

The README's docs/pictures/window.webp is one of the demo: the pointer wanders over the map, pins a
point and moves it, then moves an anchor of the morph and puts it back.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen, QPolygonF
from qtpy.QtWidgets import QApplication, QWidget
from screenshots import settle, wait  # which chooses Qt's platform, too

from bvae_gui.settings import Settings
from bvae_gui.window.failures import Failures
from bvae_gui.window.main_window import MainWindow

#: What the window has, and what the picture is brought to.
SIZE, SHOWN = (1280, 800), (960, 600)
FRAMES_A_SECOND = 12
#: Where the pointer goes, as shares of the map's width and height.
_WANDER = ((0.6, 0.8), (0.36, 0.7), (0.3, 0.42), (0.47, 0.25), (0.6, 0.4))
_POINT_GOES = ((0.52, 0.7), (0.36, 0.4))
_ANCHOR_GOES = ((0.62, 0.36), (0.56, 0.72))
_ARROW = ((0, 0), (0, 17), (4, 13.5), (7, 20), (9.6, 19), (6.8, 12.6), (12, 12))


def main() -> None:
    """Open the window, act in it, and save what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="where to, with .webp or .gif")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--quality", type=int, default=60, help="of WebP, 0 to 100")
    options = parser.parse_args()
    application = QApplication(["bvae-gui"])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.theme = options.theme
        window = MainWindow(settings, Failures(["bvae-gui"], application))
        window.resize(*SIZE)
        window.show()
        window.open("demo")
        wait(lambda: window.explorer is not None)
        settle()
        frames = list(act(window))
        window.end()
    first, *others = frames
    first.save(
        options.file,
        save_all=True,
        append_images=others,
        duration=round(1000 / FRAMES_A_SECOND),
        loop=0,
        quality=options.quality,
        method=4,
    )
    print(f"{options.file}: {len(frames)} frames, {options.file.stat().st_size / 1e6:.2f} MB")


def act(window: MainWindow) -> Iterator[Image.Image]:
    """Move the mouse over the map, and see the window after each step."""
    if window.explorer is None:
        raise RuntimeError("the window has no panels")
    state, chart = window.state, window.explorer.map.chart
    hand = Hand(window, chart)

    def on_map(*shares: tuple[float, float]) -> list[QPointF]:
        room = chart.room
        return [
            QPointF(room.x() + x * room.width(), room.y() + y * room.height()) for x, y in shares
        ]

    begin, *way = on_map(*_WANDER)
    hand.move(begin)
    yield from hand.go(*way, frames=30)
    anchor = chart.position_of(state.anchors[0])
    for held, goals in ((way[-1], _POINT_GOES), (anchor, _ANCHOR_GOES)):
        yield from hand.go(held, frames=8)
        hand.press()
        yield from hand.go(*on_map(*goals), held, frames=36)
        hand.release()
        yield from hand.rest(4)
    yield from hand.go(begin, frames=8)


class Hand:
    """A mouse over one widget, seen as an arrow over the whole window."""

    def __init__(self, window: QWidget, widget: QWidget) -> None:
        self._window, self._widget = window, widget
        self._at = QPointF()
        self._held = Qt.MouseButton.NoButton

    def go(self, *goals: QPointF, frames: int) -> Iterator[Image.Image]:
        """Move to each of the goals along a smooth curve, slower at its ends."""
        corners = np.array([(place.x(), place.y()) for place in (self._at, *goals)])
        knots = np.linspace(0, 1, len(corners))
        for step in range(1, frames + 1):
            share = (1 - np.cos(np.pi * step / frames)) / 2
            self.move(QPointF(*_smooth(knots, corners, share)))
            yield self._see()

    def rest(self, frames: int) -> Iterator[Image.Image]:
        """Hold still."""
        for _ in range(frames):
            yield self._see()

    def move(self, to: QPointF) -> None:
        """Go there at once."""
        self._at = to
        self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton)

    def press(self) -> None:
        """Press the left button."""
        self._held = Qt.MouseButton.LeftButton
        self._send(QEvent.Type.MouseButtonPress, self._held)

    def release(self) -> None:
        """Let it go."""
        button, self._held = self._held, Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseButtonRelease, button)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton) -> None:
        glob = QPointF(self._widget.mapToGlobal(self._at.toPoint()))
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, self._at, glob, button, self._held, keys)
        QApplication.sendEvent(self._widget, event)

    def _see(self) -> Image.Image:
        settle(1 / FRAMES_A_SECOND)
        picture = self._window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(self._widget.mapTo(self._window, QPoint())) + self._at)
        painter.setPen(QPen(QColor("white"), 1.2))
        painter.setBrush(QColor("black"))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in _ARROW]))
        painter.end()
        pixels = np.frombuffer(bytes(picture.constBits()), np.uint8)
        rows = pixels.reshape(picture.height(), picture.bytesPerLine())[:, : 3 * picture.width()]
        seen = Image.fromarray(rows.reshape(picture.height(), picture.width(), 3))
        return seen.resize(SHOWN, Image.Resampling.LANCZOS)


def _smooth(knots: np.ndarray, corners: np.ndarray, share: float) -> tuple[float, float]:
    """Return a place on a curve without corners through `corners`."""
    from scipy.interpolate import PchipInterpolator

    x, y = PchipInterpolator(knots, corners)(share)
    return float(x), float(y)


if __name__ == "__main__":
    main()
