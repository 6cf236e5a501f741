"""`CardModel`: cards as Qt's item views have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from bvae_gui.panels.library.cards import Card

Index = QModelIndex | QPersistentModelIndex

#: The role of an item's card.
CARD = Qt.ItemDataRole.UserRole.value
_NOWHERE = QModelIndex()


class CardModel(QAbstractListModel):
    """The cards to show, in their order.

    Signals
    -------
    rename_requested(Card, name)
        Another name was typed.
    """

    rename_requested = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show others."""
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def row_of(self, key: str) -> int | None:
        """Return where the card with a key is."""
        return next((row for row, card in enumerate(self._cards) if card.key == key), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many cards there are."""
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a card says."""
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return card.name
            case Qt.ItemDataRole.ToolTipRole:
                return card.details
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join((card.name, *card.lines))
        return card if role == CARD else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name."""
        name = str(value).strip()
        if role == Qt.ItemDataRole.EditRole and name not in ("", self._cards[index.row()].name):
            self.rename_requested.emit(self._cards[index.row()], name)
        return False  # the store has the last word

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a card."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self._cards[index.row()].is_own:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags
