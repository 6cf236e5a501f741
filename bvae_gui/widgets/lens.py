"""`Lens`: a small picture beside the pointer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QWidget

from bvae_gui.widgets.image_view import ImageView

_SIDE, _BORDER, _AWAY = 96, 6, 20
_CORNER = 6


class Lens(QWidget):
    """A tile that floats over its parent and lets the mouse through.

    Parameters
    ----------
    parent
        The widget that it floats over; it stays within it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.resize(_SIDE, _SIDE)
        self._view = ImageView(self)
        self._view.setGeometry(self.rect().adjusted(_BORDER, _BORDER, -_BORDER, -_BORDER))
        self._ground, self._line = QColor("white"), QColor("grey")
        self.hide()

    def set_colours(self, ground: str, line: str) -> None:
        """Set the colours of the tile and of its edge, ``#rrggbb``."""
        self._ground, self._line = QColor(ground), QColor(line)
        self.update()

    def show_at(self, position: QPointF, rgb8: NDArray[np.uint8]) -> None:
        """Show (H, W, 3) uint8 at the right above a position of the parent, if it can."""
        self._view.set_image(rgb8)
        self.move(self._beside(position))
        self.show()

    def _beside(self, position: QPointF) -> QPoint:
        room = self._parent.rect()
        x, y = position.x() + _AWAY, position.y() - _AWAY - self.height()
        if x + self.width() > room.right():
            x = position.x() - _AWAY - self.width()
        if y < room.top():
            y = position.y() + _AWAY
        return QPoint(round(x), round(y))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._line, 1))
        painter.setBrush(self._ground)
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, _CORNER, _CORNER)
        painter.end()
