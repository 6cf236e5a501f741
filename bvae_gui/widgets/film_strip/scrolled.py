"""`ScrolledStrip`: a film strip that scrolls where it is higher than its room."""

from __future__ import annotations

from qtpy.QtCore import QRect, QSize, Qt
from qtpy.QtWidgets import QFrame, QScrollArea

from bvae_gui.widgets.film_strip.strip import FilmStrip
from bvae_gui.widgets.film_strip.words import LINE

_MARGIN = LINE + 1  # for the line around the current frame


class ScrolledStrip(QScrollArea):
    """A strip as large as the room there is, which scrolls up and down where that is too low.

    Parameters
    ----------
    strip
        What it shows.
    """

    def __init__(self, strip: FilmStrip) -> None:
        super().__init__()
        self._strip = strip
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(strip)
        strip.setAutoFillBackground(False)

    def show_rect(self, rect: QRect) -> None:
        """Scroll until a part of the strip is seen, if it isn't."""
        bar = self.verticalScrollBar()
        top, bottom = rect.top() - _MARGIN, rect.bottom() + _MARGIN
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    def sizeHint(self) -> QSize:
        """Return the strip's."""
        return self._strip.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return that of a strip without rows."""
        return self._strip.minimumSizeHint()
