"""`AnchorChip`: an anchor as a button, with its letter, its picture and its name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QRect, QSize, Qt
from qtpy.QtGui import QImage, QPainter, QPaintEvent, QPalette
from qtpy.QtWidgets import (
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from bvae_gui.style import GRID
from bvae_gui.widgets.pixels import to_qimage

_TILE = 28
_SEAL = 18
_PAD = GRID // 2


class AnchorChip(QToolButton):
    """A button that takes as much of its name as there is room for.

    Parameters
    ----------
    letter
        What the anchor is called on the map.
    parent
        The widget that it lies on.
    """

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter = letter
        self.name = ""
        self._image = QImage()
        self._is_used = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_anchor(self, name: str, picture: NDArray[np.uint8], *, is_used: bool) -> None:
        """Show what the anchor is.

        Parameters
        ----------
        name
            Words for the place.
        picture
            (H, W, 3) uint8, its decoded image.
        is_used
            Whether the morph goes through it.
        """
        self.name, self._image, self._is_used = name, to_qimage(picture), is_used
        self.setAccessibleName(f"Anchor {self.letter}: {name}")
        unused = "" if is_used else "\nNot used: a grid has four corners"
        self.setToolTip(f"Anchor {self.letter}: {name}{unused}\nClick to put it elsewhere")
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a name such as ``(−0.51, 1.23)``."""
        return QSize(19 * GRID, _TILE + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        """Return room for the picture and the letter."""
        return QSize(_TILE + _SEAL + 4 * _PAD, _TILE + 2 * _PAD)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the button, and on it picture, letter and name."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.setOpacity(1 if self._is_used else 0.4)
        middle = self.height() // 2
        tile = QRect(_PAD, middle - _TILE // 2, _TILE, _TILE)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._image.isNull():
            fitted = self._image.size().scaled(tile.size(), Qt.AspectRatioMode.KeepAspectRatio)
            spot = QRect(tile.topLeft(), fitted)
            spot.moveCenter(tile.center())
            painter.drawImage(spot, self._image)
        seal = QRect(tile.right() + 1 + _PAD, middle - _SEAL // 2, _SEAL, _SEAL)
        self._paint_seal(painter, seal)
        left = seal.right() + 1 + _PAD
        room = QRect(left, 0, self.width() - left - _PAD, self.height())
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        name = self.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)

    def _paint_seal(self, painter: QPainter, seal: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(seal, 3, 3)
        letter = self.font()
        letter.setBold(True)
        letter.setPixelSize(12)
        painter.setFont(letter)
        painter.setPen(self.palette().color(QPalette.ColorRole.HighlightedText))
        painter.drawText(seal, Qt.AlignmentFlag.AlignCenter, self.letter)
