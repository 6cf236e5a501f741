"""`PartsLabel`: a line of remarks, the most important first, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import QEvent
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import QLabel, QSizePolicy, QWidget

_BETWEEN = " · "


class PartsLabel(QLabel):
    """Shows whole remarks only: half a number says something else.

    It takes what room it is given, and asks for none. All remarks are its accessible name.

    Parameters
    ----------
    parent
        The widget that it lies on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_parts(self, parts: Sequence[str]) -> None:
        """Say these, the first ones first; empty ones are left out."""
        self._parts = [part for part in parts if part]
        self.setAccessibleName(_BETWEEN.join(self._parts))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more, or less."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Show as much as there is room for in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        shown, metrics, room = self._parts, self.fontMetrics(), self.contentsRect().width()
        while shown and metrics.horizontalAdvance(_BETWEEN.join(shown)) > room:
            shown = shown[:-1]
        self.setText(_BETWEEN.join(shown))
