"""`CardView`: the cards side by side, as many in a row as there is room for."""

from __future__ import annotations

from qtpy.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from qtpy.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from qtpy.QtWidgets import QAbstractItemView, QListView, QStyle, QWidget

from bvae_gui.panels.library.card_model import CARD, CardModel
from bvae_gui.panels.library.cards import Card
from bvae_gui.style import GRID

_LEAST_WIDTH = 36 * GRID


class CardView(QListView):
    """Shows cards; what is selected stays so when they change.

    Signals
    -------
    opened(Card)
        Double-clicked, or Enter was pressed on it.
    chosen()
        Other cards are selected.
    """

    opened = Signal(object)
    chosen = Signal()

    def __init__(self, cards: CardModel, card_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards, self._card_height = cards, card_height
        self._hint = ""
        self.setModel(cards)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Models")
        self.setAccessibleDescription("Enter opens a model, F2 renames it, Delete deletes it.")
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(CARD)))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    @property
    def selected(self) -> list[Card]:
        """The selected cards, in the order that they are shown in."""
        rows = sorted(self.selectedIndexes(), key=QModelIndex.row)
        return [index.data(CARD) for index in rows]

    @property
    def is_editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def set_cards(self, cards: list[Card]) -> None:
        """Show other cards, or the same ones with other words."""
        selected = {card.key for card in self.selected}
        current = self.currentIndex()
        current_key = current.data(CARD).key if current.isValid() else None
        place = self.verticalScrollBar().value()
        self._cards.set_cards(cards)
        self.select(selected, current_key)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(place)
        self.chosen.emit()

    def select(self, keys: set[str], current: str | None) -> None:
        """Select the cards with these keys, those of them that are there."""
        selection = self.selectionModel()
        if current is not None and (row := self._cards.row_of(current)) is not None:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            selection.setCurrentIndex(self._cards.index(row), flag)
        for key in keys:
            if (row := self._cards.row_of(key)) is not None:
                flag = QItemSelectionModel.SelectionFlag.Select
                selection.select(self._cards.index(row), flag)

    def set_hint(self, hint: str) -> None:
        """Say something below the cards, where there is room."""
        self._hint = hint
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter what a double click opens."""
        index = self.currentIndex()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and index.isValid() and not self.is_editing:
            self.opened.emit(index.data(CARD))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the width among as many cards as fit."""
        # Qt leaves room for a scroll bar whether it is shown or not, and a row blank whose cards
        # take all the width.
        extent = QStyle.PixelMetric.PM_ScrollBarExtent
        bar = self.style().pixelMetric(extent, None, self.verticalScrollBar())
        width = self.maximumViewportSize().width() - bar - 1
        columns = max(1, width // _LEAST_WIDTH)
        self.setGridSize(QSize(width // columns, self._card_height))
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cards, and the hint below them."""
        super().paintEvent(event)
        if not self._hint:
            return
        count = self._cards.rowCount()
        last = self.visualRect(self._cards.index(count - 1)) if count else None
        top = last.bottom() + 2 * GRID if last is not None else 4 * GRID
        room = self.viewport().rect().adjusted(2 * GRID, top, -2 * GRID, 0)
        if room.height() <= 0:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(room, flags | Qt.TextFlag.TextWordWrap, self._hint)
        painter.end()
