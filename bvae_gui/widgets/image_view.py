"""`ImageView`: one image, its pixels sharp, as large as there is room for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QRect, QSize, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QPaintEvent
from qtpy.QtWidgets import QSizePolicy, QWidget

from bvae_gui.widgets.pixels import to_qimage


class ImageView(QWidget):
    """Paints an image as large as fits, each of its pixels the same whole number of screen pixels.

    Only an image that is larger than the widget is scaled by a fraction. What is left over around
    the image belongs to the sheet that it lies on.

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
        self._small = QImage()  # the same reduced to fit, once it was painted
        self._sheet: QColor | None = None
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_image(self, rgb8: NDArray[np.uint8] | None) -> None:
        """Show (H, W, 3) uint8, or nothing."""
        self._image = QImage() if rgb8 is None else to_qimage(rgb8)
        self._small = QImage()
        self.update()

    def set_sheet(self, colour: str | None) -> None:
        """Lay the image on a sheet of its proportions and of a colour, or on nothing."""
        self._sheet = None if colour is None else QColor(colour)
        self.update()

    @property
    def image(self) -> QImage:
        """What is shown, unscaled; null if nothing is."""
        return self._image

    def image_rect(self) -> QRect:
        """Return where the image is, in this widget's coordinates."""
        ratio = self.devicePixelRatioF()
        drawn = self._centred(self._enlarged(self._room()))
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
        """Paint the sheet and the image."""
        if self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = self._room()
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)  # from here on in pixels of the screen
        if self._sheet is not None:
            painter.fillRect(self._centred(self._as_large_as(room)), self._sheet)
        drawn = self._centred(self._enlarged(room))
        if drawn.width() < self._image.width():
            painter.drawImage(drawn, self._reduced(drawn.size()))
        else:
            painter.drawImage(drawn, self._image)
        painter.end()

    # What follows is in pixels of the screen.

    def _room(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(int(self.width() * ratio), int(self.height() * ratio))

    def _as_large_as(self, room: QSize) -> QSize:
        return self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)

    def _enlarged(self, room: QSize) -> QSize:
        size = self._image.size()
        if size.isEmpty():
            return size
        times = min(room.width() // size.width(), room.height() // size.height())
        return size * times if times else self._as_large_as(room)

    def _reduced(self, size: QSize) -> QImage:
        """Return the image smaller, every pixel the mean of those that it stands for."""
        if self._small.size() != size:
            self._small = self._image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return self._small

    def _centred(self, size: QSize) -> QRect:
        room = self._room()
        left, top = (room.width() - size.width()) // 2, (room.height() - size.height()) // 2
        return QRect(left, top, size.width(), size.height())
