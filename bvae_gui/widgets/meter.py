"""`Meter`: a share as a thin bar."""

from __future__ import annotations

from qtpy.QtCore import QRectF, QSize, Qt
from qtpy.QtGui import QPainter, QPaintEvent, QPalette
from qtpy.QtWidgets import QSizePolicy, QWidget

_THICKNESS = 4


class Meter(QWidget):
    """Paints how much of a whole there is, in quiet colours of the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Show a share, 0 to 1."""
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that does not depend on the share."""
        return QSize(64, 2 * _THICKNESS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole, and the share over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(0, (self.height() - _THICKNESS) / 2, self.width(), _THICKNESS)
        filled = QRectF(whole)
        filled.setWidth(self._share * whole.width())
        for bar, role in (
            (whole, QPalette.ColorRole.Mid),
            (filled, QPalette.ColorRole.PlaceholderText),
        ):
            painter.setBrush(self.palette().brush(role))
            painter.drawRoundedRect(bar, _THICKNESS / 2, _THICKNESS / 2)
        painter.end()
