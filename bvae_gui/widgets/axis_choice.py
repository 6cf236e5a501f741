"""`AxisChoice`: which dimension an axis of the map shows."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import QSignalBlocker, Qt, Signal
from qtpy.QtGui import QStandardItemModel
from qtpy.QtWidgets import QComboBox, QWidget

_PRINCIPAL, _UMAP = -1, -2


class AxisChoice(QComboBox):
    """Lists the principal axes, UMAP, and the dimensions, the one that carries most first.

    Signals
    -------
    dimension_chosen(dimension)
        The user wants this one, counted from 0.
    principal_chosen()
        The user wants the principal axes.
    umap_chosen()
        The user wants the UMAP.
    """

    umap_chosen = Signal()
    dimension_chosen = Signal(int)
    principal_chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(
            f"{name}: a dimension, the plane in which the images differ most, or a UMAP"
        )
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(16)
        self.activated.connect(self._choose)

    def set_choices(
        self, names: Sequence[str], kl: Sequence[float], principal: str, umap: str
    ) -> None:
        """Offer dimensions by these names, with their KL divergences in nats.

        Parameters
        ----------
        names
            In the dimensions' order.
        kl
            As long.
        principal, umap
            What this axis is called where the principal ones, or the UMAP, are shown.
        """
        self.clear()
        self.addItem(principal, _PRINCIPAL)
        self.addItem(umap, _UMAP)
        for dimension in sorted(range(len(names)), key=lambda i: -kl[i]):
            self.addItem(f"{names[dimension]}   {kl[dimension]:.2f} nats", dimension)
        self.insertSeparator(2)

    def offer_umap(self, words: str, tip: str, *, is_offered: bool) -> None:
        """Call the UMAP so in the list, and offer it or not; `tip` says what it is, or why not."""
        index = self.findData(_UMAP)
        self.setItemText(index, words)
        self.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        model = self.model()
        if isinstance(model, QStandardItemModel):
            model.item(index).setEnabled(is_offered)

    def show_dimension(self, dimension: int) -> None:
        """Show which dimension is chosen, counted from 0."""
        self._show(dimension)

    def show_principal(self) -> None:
        """Show that the principal axes are chosen."""
        self._show(_PRINCIPAL)

    def show_umap(self) -> None:
        """Show that the UMAP is chosen."""
        self._show(_UMAP)

    def _show(self, data: int) -> None:
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(data))
        self.adjustSize()

    def _choose(self, index: int) -> None:
        dimension = self.itemData(index)
        if dimension == _PRINCIPAL:
            self.principal_chosen.emit()
        elif dimension == _UMAP:
            self.umap_chosen.emit()
        else:
            self.dimension_chosen.emit(dimension)
