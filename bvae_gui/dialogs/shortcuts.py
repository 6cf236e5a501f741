"""`ShortcutSheet`: every shortcut of the window, found by typing."""

from __future__ import annotations

from collections.abc import Iterable

from qtpy.QtCore import QSortFilterProxyModel, Qt
from qtpy.QtGui import QAction, QKeySequence, QStandardItem, QStandardItemModel
from qtpy.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bvae_gui.style import GRID


class ShortcutSheet(QDialog):
    """Lists the actions that have a shortcut, and gestures that have none but are worth knowing.

    Parameters
    ----------
    actions
        Those without a shortcut, or of what isn't seen now, are passed over.
    gestures
        What is done, and how, such as ``("Zoom", "Wheel")``.
    parent
        The window.
    """

    def __init__(
        self,
        actions: Iterable[QAction],
        gestures: Iterable[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard and mouse")
        rows = dict.fromkeys([*_described(actions), *gestures])
        self._rows = QSortFilterProxyModel(self)
        self._rows.setSourceModel(_model(rows))
        self._rows.setFilterKeyColumn(-1)
        self._rows.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search the shortcuts")
        self.search.setToolTip("Type a part of what is done, or of its keys")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._rows.setFilterFixedString)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.search)
        layout.addWidget(_table(self._rows))
        self.resize(96 * GRID, 72 * GRID)  # so wide that nothing is cut off

    def rows(self) -> list[tuple[str, str]]:
        """Return what is listed now: what is done, and how."""
        return [
            (str(self._rows.index(row, 0).data()), str(self._rows.index(row, 1).data()))
            for row in range(self._rows.rowCount())
        ]


def _described(actions: Iterable[QAction]) -> Iterable[tuple[str, str]]:
    form = QKeySequence.SequenceFormat.NativeText
    for action in actions:
        if (keys := action.shortcuts()) and _is_at_hand(action):
            words = action.text().replace("&", "").removesuffix("…")
            yield words, " or ".join(key.toString(form) for key in keys)


def _is_at_hand(action: QAction) -> bool:
    """Return whether it is in a menu, or belongs to something that is seen."""
    return any(
        isinstance(place, QMenu) or (isinstance(place, QWidget) and place.isVisible())
        for place in action.associatedObjects()
    )


def _model(rows: Iterable[tuple[str, str]]) -> QStandardItemModel:
    model = QStandardItemModel()
    for words, keys in rows:
        items = QStandardItem(words), QStandardItem(keys)
        items[0].setToolTip(words)  # for who makes the window narrower
        items[1].setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        model.appendRow(items)
    return model


def _table(model: QSortFilterProxyModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Shortcuts")
    table.setToolTip("What is done, and the keys or the mouse that do it")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(3 * GRID)
    table.horizontalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return table
