"""`ImageView`: one image, its pixels sharp, as large as there is room for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QRect, QSize, Qt
from qtpy.QtGui import QImage, QPainter, QPaintEvent
from qtpy.QtWidgets import QSizePolicy, QWidget

from bvae_gui.widgets.pixels import to_qimage


class ImageView(QWidget):
    """Paints an image as large as fits, each of its pixels the same whole number of screen pixels.

    Only an image that is larger than the widget is scaled by a fraction. Around the image the
    widget is transparent.

    Parameters
    ----------
    parent
        The widget that it lies on.
    side
        How many pixels wide and high it would like to be; it shrinks to a quarter of that.
    """

    def __init__(self, parent: QWidget | None = None, *, side: int = 224) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_image(self, rgb8: NDArray[np.uint8] | None) -> None:
        """Show (H, W, 3) uint8, or nothing."""
        self._image = QImage() if rgb8 is None else to_qimage(rgb8)
        self.update()

    @property
    def image(self) -> QImage:
        """What is shown, unscaled; null if nothing is."""
        return self._image

    def image_rect(self) -> QRect:
        """Return where the image is, in this widget's coordinates."""
        ratio = self.devicePixelRatioF()
        drawn = self._drawn_rect(ratio)
        return QRect(
            round(drawn.x() / ratio),
            round(drawn.y() / ratio),
            round(drawn.width() / ratio),
            round(drawn.height() / ratio),
        )

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        """Return a quarter of the size hint."""
        return self.sizeHint() / 4

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the image."""
        if self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        drawn = self._drawn_rect(ratio)
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)  # from here on in pixels of the screen
        smooth = drawn.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(drawn, self._image)
        painter.end()

    def _drawn_rect(self, ratio: float) -> QRect:
        """Return where the image is, in pixels of the screen."""
        room = QSize(int(self.width() * ratio), int(self.height() * ratio))
        size = self._image.size()
        if size.isEmpty():
            return QRect()
        if times := min(room.width() // size.width(), room.height() // size.height()):
            size *= times
        else:
            size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(
            (room.width() - size.width()) // 2,
            (room.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )
