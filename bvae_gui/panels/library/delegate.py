"""`CardDelegate`: paints cards, and lets names be typed where they stand."""

from __future__ import annotations

from qtpy.QtCore import QAbstractItemModel, QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPalette, QPen, QTextOption
from qtpy.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bvae_core.manifest import MAX_NAME_LENGTH
from bvae_gui.panels.library.card_model import CARD, Index
from bvae_gui.panels.library.cards import Card
from bvae_gui.panels.library.previews import Previews
from bvae_gui.style import GRID, font, icon

#: The side of the square that a preview fits in.
PREVIEW = 10 * GRID
_GAP, _PAD, _RADIUS = GRID // 2, GRID, 6
_LINES = 4  # below the name
_LOUD = 1  # which line below the name is as dark as the name: the objective
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_OPEN, _REMOVE, _BROKEN = "open", "Remove", "Broken"


class CardDelegate(QStyledItemDelegate):
    """Paints a preview, the name and what stands below it.

    Attributes
    ----------
    open_key
        The key of the model that is open; its card says so.

    Signals
    -------
    remove_clicked(Card)
        The button on a broken entry's card was clicked.
    """

    remove_clicked = Signal(object)

    def __init__(self, previews: Previews, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._previews = previews
        self.open_key: str | None = None

    @staticmethod
    def height(name: QFont) -> int:
        """Return how high a card is whose name is in a font."""
        lines = QFontMetrics(_bold(name)).height() + _LINES * QFontMetrics(font("quiet")).height()
        return max(PREVIEW, lines + _GAP) + 2 * (_GAP + _PAD)

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of the view's grid: a card fills it."""
        view = option.widget
        return view.gridSize() if isinstance(view, QListView) else QSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a card."""
        card: Card = index.data(CARD)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        self._paint_picture(painter, option, card)
        if card.model is None:
            self._paint_broken(painter, option, card)
        else:
            self._paint_words(painter, option, card)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state, colours = option.state, option.palette
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        rect = option.rect.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        shade = colours.color(QPalette.ColorRole.WindowText)
        shade.setAlphaF(0.10 if is_selected else 0.05)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(shade)
            painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        if is_selected or state & QStyle.StateFlag.State_HasFocus:
            has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
            role = QPalette.ColorRole.Accent if has_focus else QPalette.ColorRole.PlaceholderText
            painter.setPen(QPen(colours.color(role), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)

    def _paint_picture(self, painter: QPainter, option: QStyleOptionViewItem, card: Card) -> None:
        square = _picture_rect(option.rect)
        if card.model is None:
            self._paint_remove(painter, option, square)
            return
        ratio = painter.device().devicePixelRatioF()
        picture = self._previews.picture(card, ratio)
        if picture is None:
            shade = option.palette.color(QPalette.ColorRole.AlternateBase)
            painter.fillRect(square, shade)
            return
        spot = QRect(square.topLeft(), picture.deviceIndependentSize().toSize())
        spot.moveCenter(square.center())
        painter.drawPixmap(spot.topLeft(), picture)

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, card: Card) -> None:
        colours = option.palette
        text = colours.color(QPalette.ColorRole.WindowText)
        muted = colours.color(QPalette.ColorRole.PlaceholderText)
        line = _name_rect(option)
        if card.key == self.open_key:
            painter.setFont(option.font)
            painter.setPen(colours.color(QPalette.ColorRole.Accent))
            painter.drawText(line, _LEFT | Qt.AlignmentFlag.AlignRight, _OPEN)
            line.setRight(line.right() - option.fontMetrics.horizontalAdvance(_OPEN) - GRID)
        painter.setFont(_bold(option.font))
        painter.setPen(text)
        _write(painter, line, card.name)
        painter.setFont(font("quiet"))
        for number, words in enumerate(card.lines):
            painter.setPen(text if number == _LOUD else muted)
            _write(painter, _line_rect(option, number), words)

    def _paint_broken(self, painter: QPainter, option: QStyleOptionViewItem, card: Card) -> None:
        colours = option.palette
        painter.setFont(_bold(option.font))
        painter.setPen(colours.color(QPalette.ColorRole.Accent))
        _write(painter, _name_rect(option), f"{_BROKEN}: {card.name}")
        painter.setFont(font("quiet"))
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        line = _line_rect(option, 0)
        room = line.adjusted(0, 0, 0, (_LINES - 1) * line.height())
        reason = " ".join(card.lines)
        # As much as there is room for, lines being broken early; the tooltip has all of it.
        most = round(0.9 * _LINES * room.width())
        shown = painter.fontMetrics().elidedText(reason, Qt.TextElideMode.ElideRight, most)
        wrapped = QTextOption()
        wrapped.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.drawText(QRectF(room), shown, wrapped)

    def _paint_remove(self, painter: QPainter, option: QStyleOptionViewItem, square: QRect) -> None:
        button = remove_rect(option.rect, option.fontMetrics)
        spot = QRect(0, 0, 4 * GRID, 4 * GRID)
        spot.moveCenter(square.center())
        spot.moveTop(square.top())
        icon("warning").paint(painter, spot)
        painter.setFont(option.font)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.PlaceholderText), 1))
        painter.drawRoundedRect(button, 4, 4)
        painter.setPen(option.palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, _REMOVE)

    # -- what mouse and keys do --------------------------------------------------------------

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Tell when a broken entry's button is clicked."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            card: Card = index.data(CARD)
            at = event.position().toPoint()
            is_hit = remove_rect(option.rect, option.fontMetrics).contains(at)
            if card.model is None and is_hit and event.button() == Qt.MouseButton.LeftButton:
                self.remove_clicked.emit(card)
                return True
        return super().editorEvent(event, model, option, index)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """Return a field for the name."""
        editor = QLineEdit(parent)
        editor.setMaxLength(MAX_NAME_LENGTH)
        editor.setAccessibleName("Name")
        editor.setToolTip("Enter keeps the name, Escape leaves it as it was")
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Lay it over the name."""
        name = _name_rect(option)
        field = QRect(0, 0, name.width() + _PAD, editor.sizeHint().height())
        field.moveCenter(name.center())
        editor.setGeometry(field)


def remove_rect(card: QRect, metrics: QFontMetrics) -> QRect:
    """Return where the button of a broken entry's card is."""
    button = QRect(0, 0, metrics.horizontalAdvance(_REMOVE) + 2 * GRID, metrics.height() + GRID)
    square = _picture_rect(card)
    button.moveCenter(square.center())
    button.moveBottom(square.bottom())
    return button


def _picture_rect(card: QRect) -> QRect:
    square = QRect(0, 0, PREVIEW, PREVIEW)
    square.moveCenter(card.center())
    square.moveLeft(card.left() + _GAP + _PAD)
    return square


def _words_rect(card: QRect) -> QRect:
    return card.adjusted(_GAP + 2 * _PAD + PREVIEW + _GAP, _GAP + _PAD, -_GAP - _PAD, -_GAP - _PAD)


def _name_rect(option: QStyleOptionViewItem) -> QRect:
    rect = _words_rect(option.rect)
    height = QFontMetrics(_bold(option.font)).height()
    spare = rect.height() - height - _LINES * _line_height() - _GAP
    return QRect(rect.left(), rect.top() + max(0, spare) // 2, rect.width(), height)


def _line_rect(option: QStyleOptionViewItem, number: int) -> QRect:
    name, height = _name_rect(option), _line_height()
    return QRect(name.left(), name.bottom() + 1 + _GAP + number * height, name.width(), height)


def _line_height() -> int:
    return QFontMetrics(font("quiet")).height()


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _write(painter: QPainter, room: QRect, words: str) -> None:
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, _LEFT, shown)
