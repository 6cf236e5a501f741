"""`BlitCanvas`: a matplotlib figure in the window, most of which is drawn only once.

What stands still is drawn into a background; what moves is drawn over a copy of it. A drag then
costs as much as what moves, not as much as 70,000 dots. What moves most may lie above all the rest,
which then is drawn once, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from qtpy import PYQT6
from qtpy.QtCore import QPointF, QRect, Qt
from qtpy.QtGui import QImage, QPainter, QPaintEvent
from qtpy.QtWidgets import QWidget


class BlitCanvas(FigureCanvasQTAgg):
    """A canvas with a figure of artists that stand still and others that move.

    `redraw`, `refresh` and `refresh_above` only ask for it: drawing happens when Qt paints next,
    once however often it was asked for, and not at all while the canvas is hidden. The background
    is taken anew with whatever stands still: after `redraw`, and on another size or pixel ratio.

    A point of the figure (a seventy-second of an inch) is one logical pixel.

    Parameters
    ----------
    parent
        The widget that it lies on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Figure(dpi=72))  # type: ignore[no-untyped-call]
        self.setParent(parent)
        # Where the ratio of pixels is no whole number, the last ones may be left to what is below.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self._moving: list[Artist] = []
        self._above: list[Artist] = []
        self._plane: Axes | None = None
        self._background = self._beneath = np.empty((0, 0, 4), np.uint8)
        self._is_stale = True
        self._has_moved = self._has_beneath = False
        self._uncovered: list[QRect] = []

    def add_moving(self, *artists: Artist) -> None:
        """Draw these over what stands still, in this order."""
        for artist in artists:
            artist.set_animated(True)
        self._moving.extend(artists)
        self.refresh()

    def add_above(self, *artists: Artist) -> None:
        """Draw these over all that moves; `refresh_above` moves them alone."""
        for artist in artists:
            artist.set_animated(True)
            self._above.append(artist)
        self.refresh()

    def clear(self) -> None:
        """Take everything out of the figure."""
        self.figure.clear()
        self._plane = None
        self._forget_artists()

    def cleared_plane(self) -> Axes:
        """Return bare axes that fill the figure, with nothing on them any more.

        They are the same ones as before, since matplotlib takes as long to make axes as to draw
        some thousand dots.
        """
        if self._plane is None:
            self.figure.clear()
            self._plane = self.figure.add_axes((0, 0, 1, 1))
            self._plane.set_axis_off()
        plane = self._plane
        for artist in (*plane.artists, *plane.lines, *plane.texts):
            artist.remove()
        self._forget_artists()
        return plane

    def _forget_artists(self) -> None:
        self._moving.clear()
        self._above.clear()
        self.redraw()

    def redraw(self) -> None:
        """Draw everything anew at the next paint: something that stands still has changed."""
        self._is_stale = True
        self.update()

    def refresh(self) -> None:
        """Draw what moves anew at the next paint."""
        self._has_moved = True
        for axes in self.figure.axes:
            self.update(self.rect_of(axes))

    def refresh_above(self, *areas: QRect) -> None:
        """Draw what lies above anew at the next paint; nothing else has moved.

        Parameters
        ----------
        areas
            Where everything that lies above was and where it will be, in logical pixels: what is
            drawn twice in one place has other edges. To hand all to the screen takes as long as to
            draw it.
        """
        for area in areas:
            seen = area & self.rect()
            if not seen.isEmpty():
                self._uncovered.append(seen)
                self.update(seen)

    def rect_of(self, axes: Axes) -> QRect:
        """Return the logical pixels that axes lie on."""
        ratio = self.device_pixel_ratio
        box, height = axes.bbox, self.figure.bbox.height
        left, top = math.floor(box.x0 / ratio), math.floor((height - box.y1) / ratio)
        right, bottom = math.ceil(box.x1 / ratio), math.ceil((height - box.y0) / ratio)
        return QRect(left, top, right - left, bottom - top)

    def draw(self) -> None:
        """Draw everything now, and show it at the next paint."""
        self._draw_all()
        self.update()

    def draw_idle(self) -> None:
        """Do what `redraw` does; matplotlib calls it so, on another size for one."""
        self.redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what has changed, and show it."""
        if self._is_stale:
            self._draw_all()
        elif self._has_moved:
            self._draw_moving()
            self._draw_above()
        elif self._uncovered:
            self._uncover()
            self._draw_above()
        self._show()

    def _draw_all(self) -> None:
        FigureCanvasAgg.draw(self)  # type: ignore[no-untyped-call]
        self._background = self._canvas().copy()
        self._is_stale = False
        self._draw_moving()
        self._draw_above()

    def _draw_moving(self) -> None:
        self._canvas()[:] = self._background
        self._draw(self._moving)
        # What is beneath isn't kept yet, which takes as long again: see `_uncover`.
        self._has_moved = self._has_beneath = False

    def _uncover(self) -> None:
        """Bring back what is beneath; it is kept once only what lies above it moves."""
        canvas = self._canvas()
        if not self._has_beneath:
            self._draw_moving()
            self._beneath, self._has_beneath = canvas.copy(), True
            return
        for area in self._uncovered:
            rows, columns = self._pixels_of(area)
            canvas[rows, columns] = self._beneath[rows, columns]

    def _draw_above(self) -> None:
        self._draw(self._above)
        self._uncovered.clear()

    def _draw(self, artists: Sequence[Artist]) -> None:
        renderer = self.get_renderer()  # type: ignore[no-untyped-call]
        for artist in artists:
            artist.draw(renderer)

    def _canvas(self) -> NDArray[np.uint8]:
        """Return what is drawn on, (height, width, 4)."""
        return np.asarray(self.buffer_rgba())  # type: ignore[no-untyped-call]

    def _pixels_of(self, area: QRect) -> tuple[slice, slice]:
        """Return the rows and columns of an area of logical pixels, all that it touches."""
        ratio = self.device_pixel_ratio
        top, bottom = (int(ratio * y) for y in (area.top(), area.bottom() + 2))
        left, right = (int(ratio * x) for x in (area.left(), area.right() + 2))
        return slice(top, bottom), slice(left, right)

    @property
    def is_drawn(self) -> bool:
        """Whether anything was drawn yet: a canvas that was never seen has nothing to show."""
        return bool(self._background.size)

    def drawn(self) -> QImage:
        """Return what was drawn last, a copy."""
        return self._pixels().copy()

    def _show(self) -> None:
        """Paint what was drawn, pixel for pixel."""
        painter = QPainter(self)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QPointF(0, 0), self._pixels())
        painter.end()

    def _pixels(self) -> QImage:
        """Return what was drawn last, where matplotlib has it."""
        pixels = self.buffer_rgba()  # type: ignore[no-untyped-call]
        height, width, _ = pixels.shape
        image = QImage(_pointer(pixels), width, height, 4 * width, QImage.Format.Format_RGBX8888)
        image.setDevicePixelRatio(self.device_pixel_ratio)
        return image


def _pointer(pixels: Any) -> Any:
    """Return a buffer as the binding takes it without copying."""
    return import_module("PyQt6.sip").voidptr(pixels) if PYQT6 else pixels
