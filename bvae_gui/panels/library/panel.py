"""`LibraryPanel`: all models, found, opened, named, sent, deleted and compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from qtpy.QtCore import QEvent, QPoint, QSize, Qt, Signal
from qtpy.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.bundle import Bundle
from bvae_core.comparison import FEWEST, MOST, check_comparable
from bvae_core.errors import BvaeError
from bvae_core.resources import DEMO, resource
from bvae_core.store import Store
from bvae_gui.panels.library.card_model import CardModel
from bvae_gui.panels.library.cards import SORTS, Card, found, in_order
from bvae_gui.panels.library.changes import Changes, in_words, show_folder
from bvae_gui.panels.library.delegate import PREVIEW, CardDelegate
from bvae_gui.panels.library.previews import Previews
from bvae_gui.panels.library.view import CardView
from bvae_gui.panels.library.worker import StoreWorker
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.notice import Notice

_SUFFIX = ".zip"
_UNSAFE_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\s]+')
_FILTER = f"Models (*{_SUFFIX})"
_HINT = "Models that you train or import appear here."


class LibraryPanel(QWidget):
    """Lists the demo and the models of the store.

    What takes time happens beside the window. The list follows the store, whoever changes it.

    Parameters
    ----------
    state
        Whose theme it has, and whose open model it marks.
    store
        The store; None is the user's own.
    parent
        The widget that it lies on.

    Attributes
    ----------
    changes
        What renames, exports, imports, deletes and brings back.
    open_action, compare_action, rename_action, duplicate_action, export_action, reveal_action, \
delete_action
        What can be done with the selected models.
    import_action, refresh_action, undo_action, find_action
        What can be done without.

    Signals
    -------
    open_requested(str)
        A model shall be opened: what `bvae_core.store.load_bundle` finds it by.
    compare_requested(list of str)
        So many models shall be compared, by the same.
    duplicate_requested(TrainConfig, Origin or None)
        A training with these settings is wanted, on the images from there where that is known.
    """

    open_requested = Signal(str)
    compare_requested = Signal(list)
    duplicate_requested = Signal(object, object)

    def __init__(
        self, state: ExplorerState, store: Store | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Library")
        self._state = state
        self._all: list[Card] = []
        self._waiting: list[Card] | None = None
        self._select_next: str | None = None
        self._worker = StoreWorker(Store() if store is None else store, self)
        self._previews = Previews(state, self._worker, PREVIEW, self)
        self._cards = CardModel(self)
        self._delegate = CardDelegate(self._previews, self)
        self.view = CardView(self._cards, CardDelegate.height(self.font()))
        self.view.setItemDelegate(self._delegate)
        self.notice = Notice()
        self.changes = Changes(self._worker, self.notice, self)
        self._make_controls()
        self._make_actions()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._mark_open()
        self._enable()

    # -- what it is made of ------------------------------------------------------------------

    def _make_controls(self) -> None:
        self.search = named(
            QLineEdit(placeholderText="Search", clearButtonEnabled=True),
            "Search", "Show the models that have these words in name, data or settings",
        )  # fmt: skip
        self.sort = named(QComboBox(), "Sort by", "What the models are sorted by")
        self.sort.addItems(list(SORTS))
        self.open_button = named(QPushButton("Open"), "Open", "Explore the selected model")
        self.open_button.setProperty("primary", True)
        self.compare_button = named(
            QPushButton("Compare"), "Compare", f"Compare {FEWEST} to {MOST} selected models"
        )
        self.more_button = named(QToolButton(), "More", "What else can be done")
        self.more_button.setIcon(icon("dots-three"))
        self.import_button = QToolButton()

    def _make_actions(self) -> None:
        self.open_action = self._action("Open", "Explore the selected model", self._open)
        self.compare_action = self._action(
            "Compare", "Compare the selected models side by side", self._compare
        )
        self.rename_action = self._action("Rename", "Give the model another name", self._rename)
        self.rename_action.setShortcut("F2")  # the list's own key for it: see `CardView`
        self.rename_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.duplicate_action = self._action(
            "Train with these settings…", "Begin another training from this model's settings",
            self._duplicate,
        )  # fmt: skip
        self.export_action = self._action(
            "Export as .zip…", "Write the model into one file, to send it", self._choose_export
        )
        self.reveal_action = self._action(
            "Show in file manager", "Open the model's folder", self._reveal
        )
        self.delete_action = self._action(
            "Delete…", "Delete the selected models", self._ask_to_delete, "Del"
        )
        self.import_action = self._action(
            "Import a .zip…", "Add a model that somebody exported", self._choose_import
        )
        self.import_action.setIcon(icon("download-simple"))
        self.refresh_action = self._action(
            "Refresh", "Look what is in the store", self._worker.refresh, "F5"
        )
        self.undo_action = self._action(
            "Undo delete", "Bring back what was deleted last", self.changes.undo
        )
        self.undo_action.setShortcut(QKeySequence.StandardKey.Undo)  # see `event`
        self.undo_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.find_action = self._action(
            "Find a model", "Go to the search field", self._find, "Ctrl+F"
        )

    def _action(
        self, text: str, tip: str, act: Callable[[], object], keys: str | None = None
    ) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: act())
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self.import_button.setDefaultAction(self.import_action)
        self.import_button.setAccessibleName(self.import_action.text())
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.sort)
        top.addWidget(self.import_button)
        bottom.addWidget(self.open_button)
        bottom.addWidget(self.compare_button)
        bottom.addStretch(1)
        bottom.addWidget(self.more_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, GRID)
        column.setSpacing(GRID)
        for row in (top, bottom):
            row.setContentsMargins(GRID, 0, GRID, 0)
            row.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(self.notice)
        column.addLayout(bottom)

    def _connect(self) -> None:
        worker, view, state = self._worker, self.view, self._state
        worker.scanned.connect(self._take_cards)
        worker.failed.connect(self.notice.say)
        self.changes.undo_changed.connect(self._enable)
        self.changes.renamed.connect(self._follow_name)
        self.changes.imported.connect(self._show_imported)
        self.changes.open_requested.connect(self.open_requested)
        self._previews.came.connect(view.viewport().update)
        self._cards.rename_requested.connect(self.changes.rename)
        self._delegate.remove_clicked.connect(lambda card: self._confirm([card]))
        self._delegate.closeEditor.connect(lambda *_: self._take_waiting())
        self.search.textChanged.connect(self._show)
        self.sort.currentTextChanged.connect(self._show)
        view.opened.connect(self._open_card)
        view.chosen.connect(self._enable)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        self.open_button.clicked.connect(self.open_action.trigger)
        self.compare_button.clicked.connect(self.compare_action.trigger)
        self.more_button.clicked.connect(self._open_more)
        state.bundle_changed.connect(self._mark_open)
        state.look_changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """Return the size of a dock with some cards."""
        return QSize(42 * GRID, 80 * GRID)

    def event(self, event: QEvent) -> bool:
        """Have the key that undoes, before the window has it, while there is something to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and self._undoes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo."""
        if self._undoes(event):
            self.changes.undo()
        else:
            super().keyPressEvent(event)

    def _undoes(self, event: QEvent) -> bool:
        is_undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        return bool(is_undo and self.changes.can_undo)

    # -- what is shown -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look what is there."""
        super().showEvent(event)
        self._worker.scan()

    def _take_cards(self, cards: list[Card]) -> None:
        if self.view.is_editing:  # what is being typed would be lost
            self._waiting = cards
            return
        self._waiting, self._all = None, cards
        self._show()

    def _take_waiting(self) -> None:
        if self._waiting is not None:
            self._worker.scan()

    def _show(self) -> None:
        search = self.search.text()
        cards = in_order(found(self._all, search), self.sort.currentText())
        self.view.set_cards(cards)
        if self._select_next is not None and self._cards.row_of(self._select_next) is not None:
            self.view.clearSelection()
            self.view.select({self._select_next}, self._select_next)
            self.view.scrollTo(self.view.currentIndex())
            self._select_next = None
        if not self._all:
            self.view.set_hint("")
        elif not cards:
            self.view.set_hint(f"No model has “{search.strip()}” in name, data or settings.")
        else:
            self.view.set_hint(_HINT if len(self._all) == 1 else "")

    def _show_imported(self, key: str) -> None:
        self.search.clear()
        self._select_next = key

    def _mark_open(self) -> None:
        bundle = self._state.bundle
        self._delegate.open_key = None if bundle is None else _key(bundle)
        self.view.viewport().update()

    def _restyle(self) -> None:
        self.view.viewport().update()

    def _enable(self) -> None:
        selected = self.view.selected
        models = [card for card in selected if card.model is not None]
        is_one = len(selected) == 1
        is_model = is_one and bool(models)
        for action in (self.open_action, self.duplicate_action, self.export_action):
            action.setEnabled(is_model)
        self.reveal_action.setEnabled(is_one)
        self.rename_action.setEnabled(is_one and selected[0].is_own)
        self.delete_action.setEnabled(any(not card.is_demo for card in selected))
        self.compare_action.setEnabled(
            FEWEST <= len(models) <= MOST and len(models) == len(selected)
        )
        self.undo_action.setEnabled(self.changes.can_undo)
        self.open_button.setEnabled(self.open_action.isEnabled())
        self.compare_button.setEnabled(self.compare_action.isEnabled())
        self.compare_button.setText(f"Compare {len(models)}" if len(models) > 1 else "Compare")

    # -- menus -------------------------------------------------------------------------------

    def _open_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if not index.isValid() and self.view.currentIndex().isValid():
            at = self.view.visualRect(self.view.currentIndex()).center()  # by key
        self._menu().popup(self.view.viewport().mapToGlobal(at))

    def _open_more(self) -> None:
        self._menu().popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        groups: Sequence[Sequence[QAction]] = (
            (self.open_action, self.compare_action),
            (self.rename_action, self.duplicate_action, self.export_action, self.reveal_action),
            (self.delete_action, self.undo_action),
            (self.import_action, self.refresh_action),
        )
        for group in groups:
            menu.addActions(list(group))
            menu.addSeparator()
        return menu

    # -- opening, comparing, training --------------------------------------------------------

    def _open(self) -> None:
        for card in self.view.selected[:1]:
            self._open_card(card)

    def _open_card(self, card: Card) -> None:
        if card.model is None:
            self.notice.say(f"{card.name} is broken: {card.lines[0]}")
        else:
            self.open_requested.emit(card.key)

    def _compare(self) -> None:
        cards = self.view.selected
        try:
            check_comparable([card.model for card in cards if card.model is not None])
        except BvaeError as error:
            self.notice.say(str(error))
        else:
            self.compare_requested.emit([card.key for card in cards])

    def _duplicate(self) -> None:
        from bvae_core.originals import recall_origin  # slow to import, and seldom needed

        for card in self.view.selected:
            if card.model is not None:
                self.duplicate_requested.emit(card.model.config, recall_origin(card.model))

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    # -- names -------------------------------------------------------------------------------

    def _rename(self) -> None:
        self.view.setFocus()
        self.view.edit(self.view.selectedIndexes()[0])

    # -- files -------------------------------------------------------------------------------

    def _choose_export(self) -> None:
        (card,) = self.view.selected
        dialog = self._dialog(f"Export {card.name}", QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(_UNSAFE_IN_FILE_NAMES.sub("-", card.name) + _SUFFIX)
        dialog.fileSelected.connect(lambda chosen: self.changes.export(card, Path(chosen)))
        dialog.open()

    def _choose_import(self) -> None:
        dialog = self._dialog("Import models", QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: self.changes.import_files([*map(Path, chosen)]))
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(mode)
        dialog.setNameFilter(_FILTER)
        dialog.setDefaultSuffix(_SUFFIX)
        return dialog

    def _reveal(self) -> None:
        for card in self.view.selected[:1]:
            show_folder(card.path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let archives in."""
        if _archives(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        event.acceptProposedAction()
        self.changes.import_files(_archives(event))

    # -- deleting ----------------------------------------------------------------------------

    def _ask_to_delete(self) -> None:
        self._confirm([card for card in self.view.selected if not card.is_demo])

    def _follow_name(self, key: str, name: str) -> None:
        if key == self._delegate.open_key:
            self._state.rename(name)

    def _confirm(self, cards: list[Card]) -> None:
        if not cards:
            return
        question = QMessageBox(self)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setWindowTitle("Delete")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(f"Delete {in_words(cards)}?")
        undone = "Until the window closes, this can be undone."
        if self._delegate.open_key in {card.key for card in cards}:
            undone += " What is open stays open until then, too."
        question.setInformativeText(undone)
        delete = question.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        cancel = question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(delete)
        question.setEscapeButton(cancel)
        delete.clicked.connect(lambda: self.changes.delete(cards))
        question.open()


def _key(bundle: Bundle) -> str:
    return DEMO if bundle.path == resource(DEMO) else bundle.fingerprint


def _archives(event: QDropEvent) -> list[Path]:
    """Return what is dropped, if that is archives of this machine and nothing else."""
    urls = event.mimeData().urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    fits = len(paths) == len(urls) and all(path.suffix.lower() == _SUFFIX for path in paths)
    return paths if fits else []
