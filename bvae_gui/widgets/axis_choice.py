"""`AxisChoice`: which dimension an axis of the map shows."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import QSignalBlocker, Signal
from qtpy.QtWidgets import QComboBox, QWidget

_PRINCIPAL = -1


class AxisChoice(QComboBox):
    """Lists the dimensions, the one that carries most first, and the principal axes.

    Signals
    -------
    dimension_chosen(dimension)
        The user wants this one, counted from 0.
    principal_chosen()
        The user wants the principal axes.
    """

    dimension_chosen = Signal(int)
    principal_chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}: a dimension, or the plane in which the images differ most")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(16)
        self.activated.connect(self._choose)

    def set_choices(self, names: Sequence[str], kl: Sequence[float], principal: str) -> None:
        """Offer dimensions by these names, with their KL divergences in nats.

        Parameters
        ----------
        names
            In the dimensions' order.
        kl
            As long.
        principal
            What this axis is called where the principal ones are shown.
        """
        self.clear()
        self.addItem(principal, _PRINCIPAL)
        for dimension in sorted(range(len(names)), key=lambda i: -kl[i]):
            self.addItem(f"{names[dimension]}   {kl[dimension]:.2f} nats", dimension)
        self.insertSeparator(1)

    def show_dimension(self, dimension: int | None) -> None:
        """Show what is chosen; None are the principal axes."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(_PRINCIPAL if dimension is None else dimension))
        self.adjustSize()

    def _choose(self, index: int) -> None:
        dimension = self.itemData(index)
        if dimension == _PRINCIPAL:
            self.principal_chosen.emit()
        else:
            self.dimension_chosen.emit(dimension)
