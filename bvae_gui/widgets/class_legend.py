"""`ClassLegend`: a list of classes that can be hidden and shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from qtpy.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from qtpy.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from qtpy.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

_ROW, _PAD, _DOT = 24, 8, 5.0
_WIDEST = 216
_ENTRY = Qt.ItemDataRole.UserRole.value
#: What single keys do, for people to read.
HELP = (
    ("Space", "Hide or show the class; with Ctrl or Alt show it alone"),
    ("Enter", "Go to the class's centroid"),
)
_ALONE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class ClassEntry:
    """A line of the legend.

    Parameters
    ----------
    label
        The class.
    name, reading
        As it is written, and how that is read; the reading may be empty.
    count
        Its images.
    colour
        Its dots', ``#rrggbb``.
    """

    label: int
    name: str
    reading: str
    count: int
    colour: str

    @property
    def title(self) -> str:
        """Name and reading."""
        return f"{self.name} {self.reading}".strip()


class ClassLegend(QListWidget):
    """Lists classes with the colour of their dots.

    A click or the space bar hides and shows; with Ctrl or Alt, shows the class alone. A double
    click or Enter goes to the class's centroid. The context menu has it all in words.

    Signals
    -------
    toggled(label)
        The class shall be hidden, or shown.
    isolated(label)
        It shall be shown alone, or all if it is alone already.
    all_asked()
        All shall be shown.
    centroid_asked(label), typical_asked(label)
        The user wants to see the class's mean, or its most typical image.
    selected(label, adds)
        Its images shall be selected, or added to what is selected.
    """

    toggled = Signal(int)
    isolated = Signal(int)
    all_asked = Signal()
    centroid_asked = Signal(int)
    typical_asked = Signal(int)
    selected = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden: frozenset[int] = frozenset()
        self._row = _Row(self)
        self._was_double = False
        self.setItemDelegate(self._row)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Classes")
        self.setAccessibleDescription(
            "Space hides or shows a class, Ctrl+Space shows it alone, Enter goes to its centroid."
        )

    def set_entries(self, entries: Sequence[ClassEntry], hidden: Collection[int]) -> None:
        """List these classes, some of them hidden."""
        row = self.currentRow()
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title, self)
            item.setData(_ENTRY, entry)
        self.setCurrentRow(min(max(row, 0), self.count() - 1))
        self.set_hidden(hidden)
        self.updateGeometry()

    def set_hidden(self, hidden: Collection[int]) -> None:
        """Show which classes are hidden."""
        self._hidden = frozenset(hidden)
        for item in (self.item(row) for row in range(self.count())):
            entry = entry_of(item)
            is_hidden = entry.label in self._hidden
            state = "hidden" if is_hidden else "shown"
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{entry.title}, {entry.count:,} images, {state}",
            )
            item.setToolTip(
                f"{entry.title}: {entry.count:,} images\n"
                f"Click to {'show' if is_hidden else 'hide'}, Ctrl+click to show alone, "
                "double click to go to the centroid"
            )
        self.viewport().update()

    def is_class_hidden(self, label: int) -> bool:
        """Return whether a class is shown as hidden."""
        return label in self._hidden

    def sizeHint(self) -> QSize:
        """Be as wide as the widest line, and as high as all of them."""
        widths = [self._row.width_of(entry_of(self.item(i))) for i in range(self.count())]
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(min(max(widths, default=0), _WIDEST) + bar, _ROW * self.count())

    def minimumSizeHint(self) -> QSize:
        """Be three lines high at least."""
        return QSize(self.sizeHint().width(), _ROW * min(3, self.count()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Hide or show the class that was clicked."""
        pressed = self.currentItem()
        is_click = pressed is not None and self.itemAt(event.position().toPoint()) is pressed
        was_double = self._was_double
        self._was_double = False
        super().mouseReleaseEvent(event)
        if is_click and not was_double and event.button() == Qt.MouseButton.LeftButton:
            self._act(entry_of(pressed), alone=bool(event.modifiers() & _ALONE))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the class's centroid; what the first click did to it is undone."""
        item = self.itemAt(event.position().toPoint())
        if item is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._was_double = True
        label = entry_of(item).label
        if event.modifiers() & _ALONE:
            self.isolated.emit(label)
        else:
            self.toggled.emit(label)
        self.centroid_asked.emit(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do with a key what the mouse does."""
        item = self.currentItem()
        if item is not None and event.key() == Qt.Key.Key_Space:
            self._act(entry_of(item), alone=bool(event.modifiers() & _ALONE))
        elif item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.centroid_asked.emit(entry_of(item).label)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a class."""
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if is_by_key else self.itemAt(event.pos())
        if item is None:
            return
        at = self.visualItemRect(item).center() if is_by_key else event.pos()
        self.menu_of(entry_of(item)).popup(self.viewport().mapToGlobal(at))

    def menu_of(self, entry: ClassEntry) -> QMenu:
        """Return what the context menu offers for a class."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label, title = entry.label, entry.title.replace("&", "&&")
        verb = "Show" if label in self._hidden else "Hide"
        menu.addAction(f"{verb} {title}", lambda: self.toggled.emit(label))
        menu.addAction(f"Show {title} alone", lambda: self.isolated.emit(label))
        menu.addAction("Show all classes", self.all_asked.emit).setEnabled(bool(self._hidden))
        menu.addSeparator()
        menu.addAction("Go to its centroid", lambda: self.centroid_asked.emit(label))
        menu.addAction("Go to its most typical image", lambda: self.typical_asked.emit(label))
        menu.addSeparator()
        menu.addAction("Select its images", lambda: self.selected.emit(label, False))
        menu.addAction("Add its images to the selection", lambda: self.selected.emit(label, True))
        return menu

    def _act(self, entry: ClassEntry, *, alone: bool) -> None:
        (self.isolated if alone else self.toggled).emit(entry.label)


def entry_of(item: QListWidgetItem | QModelIndex | QPersistentModelIndex) -> ClassEntry:
    """Return what a line of the legend is about."""
    entry: ClassEntry = item.data(_ENTRY)
    return entry


class _Row(QStyledItemDelegate):
    """Paints a dot, the name, how it is read, and the count; a hidden class's dot is hollow."""

    def __init__(self, legend: ClassLegend) -> None:
        super().__init__(legend)
        self._legend = legend

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW)

    def width_of(self, entry: ClassEntry) -> int:
        width = self._legend.fontMetrics().horizontalAdvance
        return 4 * _PAD + round(2 * _DOT) + width(entry.title) + width(f"{entry.count:,}")

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry, legend, rect = entry_of(index), self._legend, option.rect
        is_hidden = legend.is_class_hidden(entry.label)
        palette = legend.palette()
        text, muted = palette.color(QPalette.ColorRole.Text), quiet(palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, text)
        colour = QColor(entry.colour)
        painter.setPen(QPen(muted if is_hidden else colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_hidden else colour)
        centre = QPointF(rect.left() + _PAD + _DOT, rect.center().y() + 0.5)
        painter.drawEllipse(centre, _DOT - 0.75, _DOT - 0.75)
        words = rect.adjusted(2 * _PAD + round(2 * _DOT), 0, -_PAD, 0)
        painter.setPen(muted)
        painter.drawText(words, _RIGHT, f"{entry.count:,}")
        self._paint_title(painter, entry, words, muted if is_hidden else text, muted)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, text: QColor) -> None:
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if under:
            shade = QColor(text)
            shade.setAlphaF(0.07)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawRoundedRect(option.rect, 4, 4)
        if focused:
            accent = self._legend.palette().color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(option.rect.adjusted(0, 0, -1, -1), 4, 4)

    def _paint_title(
        self, painter: QPainter, entry: ClassEntry, room: QRect, text: QColor, muted: QColor
    ) -> None:
        metrics = painter.fontMetrics()
        room = room.adjusted(0, 0, -metrics.horizontalAdvance(f"{entry.count:,}") - _PAD, 0)
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(text)
        painter.drawText(room, _LEFT, name)
        room.setLeft(room.left() + metrics.horizontalAdvance(f"{name} "))
        painter.setPen(muted)
        painter.drawText(room, _LEFT, entry.reading)


def quiet(palette: QPalette) -> QColor:
    """Return the colour of quiet words."""
    return palette.color(QPalette.ColorRole.PlaceholderText)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
