"""`PlaceTile`: a place as a button, with its picture and what it is called beneath."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QIcon, QPixmap
from qtpy.QtWidgets import QSizePolicy, QToolButton, QWidget

from bvae_gui.style import GRID
from bvae_gui.widgets.pixels import to_qimage

_SIDE = 84  # three pixels of the screen for one of an image of 28
_WIDTH = 13 * GRID


class PlaceTile(QToolButton):
    """Shows a place; what a click does, its owner says.

    Parameters
    ----------
    role
        What the place is for, for those who can't see where the tile stands.
    tip
        What a click does.
    parent
        The widget that it lies on.
    """

    def __init__(self, role: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._tip = role, tip
        self.name = ""
        self.setAccessibleName(role)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_place(self, name: str, picture: NDArray[np.uint8], *, caption: str = "") -> None:
        """Show a place.

        Parameters
        ----------
        name
            Words for it.
        picture
            (H, W, 3) uint8, its decoded image.
        caption
            What stands beneath, instead of its name.
        """
        self.setIcon(QIcon(self._pixmap(picture)))
        if name == self.name:
            return
        self.name = name
        room = _WIDTH - GRID
        self.setText(
            self.fontMetrics().elidedText(
                (caption or name).replace("&", "&&"), Qt.TextElideMode.ElideRight, room
            )
        )
        self.setAccessibleName(f"{self._role}: {name}")
        self.setToolTip(f"{self._role}: {name}\n{self._tip}")

    def _pixmap(self, picture: NDArray[np.uint8]) -> QPixmap:
        """Return the picture, each of its pixels a whole number of the screen's, if it is small."""
        image, ratio = to_qimage(picture), self.devicePixelRatioF()
        times = int(_SIDE * ratio) // max(image.width(), image.height())
        if times:
            image = image.scaled(image.size() * times)
        else:
            room = QSize(_SIDE, _SIDE) * ratio
            image = image.scaled(
                room,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        image.setDevicePixelRatio(ratio)
        return QPixmap.fromImage(image)
