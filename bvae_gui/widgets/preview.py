"""`Preview`: a picture, or a moving one, before it is a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QHideEvent, QPalette, QShowEvent
from qtpy.QtWidgets import QVBoxLayout, QWidget

from bvae_gui.style import GRID
from bvae_gui.widgets.image_view import ImageView


class Preview(QWidget):
    """Shows pictures one after the other, as an animation of them would.

    Parameters
    ----------
    parent
        The widget that it lies on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: NDArray[np.uint8] | None = None
        self._index = 0
        self._is_looping = True
        self._clock = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._advance)
        # Another colour than a file's ground has, so that one sees where the file ends.
        self.setBackgroundRole(QPalette.ColorRole.Mid)
        self.setAutoFillBackground(True)
        self.view = ImageView(self, side=320)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.addWidget(self.view)

    @property
    def index(self) -> int:
        """Which picture is shown, counted from 0."""
        return self._index

    @property
    def count(self) -> int:
        """How many there are."""
        return 0 if self._pictures is None else len(self._pictures)

    def set_pictures(self, pictures: NDArray[np.uint8] | None) -> None:
        """Show other pictures, (n, H, W, 3) uint8, from the first on; or none."""
        self._pictures = pictures
        self.replay()

    def set_pace(self, fps: float, *, loop: bool) -> None:
        """Show so many pictures a second, again and again or once, from the first on."""
        self._clock.setInterval(round(1000 / fps))
        self._is_looping = loop
        self.replay()

    def replay(self) -> None:
        """Begin with the first picture."""
        self._show(0)
        if self.count > 1 and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to play."""
        super().showEvent(event)
        self.replay()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop: nobody is watching."""
        self._clock.stop()
        super().hideEvent(event)

    def _advance(self) -> None:
        onward = self._index + 1
        if onward < self.count or self._is_looping:
            self._show(onward % self.count)
        else:
            self._clock.stop()

    def _show(self, index: int) -> None:
        self._index = index
        self.view.set_image(None if self._pictures is None else self._pictures[index])
