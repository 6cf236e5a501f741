"""`ScaleLegend`: from which colour to which a wash goes, and what that means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QRectF, QSize
from qtpy.QtGui import QImage, QPainter, QPaintEvent
from qtpy.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bvae_gui.style import GRID

_BAR_HEIGHT = GRID


class ScaleLegend(QWidget):
    """A title, a bar of colours, and words at its ends; hidden until there is a scale.

    Parameters
    ----------
    title
        What the wash shows.
    tip
        What that means, in a sentence or two.
    parent
        The widget that it lies on.
    """

    def __init__(self, title: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tip)
        self._title = title
        self.bar = _Bar()
        self.least, self.most = _quiet(), _quiet()
        ends = QHBoxLayout()
        ends.addWidget(self.least)
        ends.addStretch()
        ends.addWidget(self.most)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(_quiet(title))
        column.addWidget(self.bar)
        column.addLayout(ends)
        self.hide()

    def show_scale(
        self, colours: NDArray[np.uint8] | None, least: str = "", most: str = ""
    ) -> None:
        """Show (n, 4) uint8 colours with opacity, and words for both ends; or hide."""
        if colours is not None:
            self.bar.set_colours(colours)
            self.least.setText(least)
            self.most.setText(most)
            self.setAccessibleName(f"{self._title}: from {least} to {most}")
        self.setVisible(colours is not None)


class _Bar(QWidget):
    """A strip of colours."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(10 * GRID, _BAR_HEIGHT)

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        row = np.ascontiguousarray(colours[None])
        form = QImage.Format.Format_RGBA8888
        self._image = QImage(row.data, len(colours), 1, row.nbytes, form).copy()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(QRectF(self.rect()), self._image)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


def _quiet(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "quiet")
    return label
