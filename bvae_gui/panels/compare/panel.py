"""`ComparePanel`: two to four models side by side, and as a figure in a file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QCoreApplication, Qt, QUrl
from qtpy.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_core.errors import BvaeError
from bvae_core.figures.limits import FIGURE_SUFFIXES
from bvae_core.originals import Originals, find_originals
from bvae_core.store import Store
from bvae_gui.background import Background
from bvae_gui.clipboard import copy_command
from bvae_gui.endings import when_destroyed
from bvae_gui.opening import called_in_shell
from bvae_gui.panels.compare.comparison import Comparison, Morph
from bvae_gui.panels.compare.figures import as_text
from bvae_gui.panels.compare.page import ComparePage
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.notice import Notice

T = TypeVar("T")

_EMPTY = "Select two to four models in the library, and compare them."
_FILE_NAME = f"comparison{FIGURE_SUFFIXES[0]}"


class ComparePanel(QWidget):
    """Opens models beside the window, shows them side by side, and exports what it shows.

    Parameters
    ----------
    state
        Whose theme and ink it has.
    store
        Where models are looked for; None is the user's own.
    parent
        The widget that it lies on.

    Attributes
    ----------
    comparison
        What is compared, or None.
    page
        What shows it, or None.
    export_action, copy_table_action, copy_command_action
        For menus.
    """

    def __init__(
        self, state: ExplorerState, store: Store | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Comparison")
        self._state, self._store = state, store
        self.comparison: Comparison | None = None
        self.page: ComparePage | None = None
        self._originals: dict[str, Originals] = {}  # by the fingerprint of their data
        self._end = threading.Event()
        self._wanted: Morph | None = None  # to be found, or shown already
        self._outdated = threading.Event()  # set once another morph is wanted
        self._loader, self._ways, self._finder, self._exporter = (
            Background(self) for _ in range(4)
        )
        self._ways.busy_changed.connect(self._show_finding)
        self._make_actions()
        self._lay_out()
        when_destroyed(self, self._end.set)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._end.set)

    # -- what it is made of ------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.export_action = self._action(
            "Export…", "Save the comparison as one page: PNG, SVG or PDF", self._choose_export,
            "Ctrl+Shift+E",
        )  # fmt: skip
        self.copy_table_action = self._action(
            "Copy table", "Copy the figures, for a spreadsheet", self._copy_table
        )
        self.copy_command_action = self._action(
            "Copy as command", "Copy the command that makes the page in a shell", self._copy_command
        )
        self._actions = (self.copy_table_action, self.copy_command_action, self.export_action)

    def _action(
        self, text: str, tip: str, act: Callable[[], object], keys: str | None = None
    ) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        action.setEnabled(False)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: act())
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self._title = QElidingLabel()
        self._title.setProperty("role", "title")
        top = QHBoxLayout()
        top.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        top.setSpacing(2 * GRID)
        top.addWidget(self._title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for action in self._actions:
            buttons.addWidget(_button(action))
        top.addLayout(buttons)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self.words = QLabel(_EMPTY)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.words.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.notice = Notice()
        column.addLayout(top)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.notice)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.words)
        self._pages.addWidget(shown)

    # -- what is compared --------------------------------------------------------------------

    def compare(self, models: Sequence[str | Path]) -> None:
        """Open models, and show them side by side, or why they can't be compared.

        Parameters
        ----------
        models
            Two to four, see `bvae_core.store.load_bundle`.
        """
        self._say("Opening…")
        load = partial(Comparison.load, tuple(models), self._store)
        self._loader.run(partial(_attempt, load), self._take)

    def _take(self, loaded: Comparison | BvaeError) -> None:
        if isinstance(loaded, BvaeError):
            self._say(str(loaded))
            return
        self._forget()
        self.comparison, first = loaded, loaded.models[0]
        self._wanted = loaded.morph
        count = len(first.latents)
        self._title.setText(f"{len(loaded.models)} models of {first.data.name}, {count:,} images")
        self.page = ComparePage(self._state, loaded)
        self.page.end_chosen.connect(self._set_end)
        self.page.way_chosen.connect(lambda path: self._want(path=path))
        self._scroll.setWidget(self.page)
        for action in self._actions:
            action.setEnabled(True)
        self._pages.setCurrentIndex(1)
        self._find_originals(loaded)

    def _say(self, words: str) -> None:
        """Show words instead of a comparison."""
        self._forget()
        self.words.setText(words)
        self._pages.setCurrentIndex(0)

    def _forget(self) -> None:
        self.comparison = self.page = self._wanted = None
        self._outdated.set()
        self.notice.hide()
        for action in self._actions:
            action.setEnabled(False)
        if self._scroll.widget() is not None:
            self._scroll.takeWidget().deleteLater()

    def _find_originals(self, comparison: Comparison) -> None:
        """Bring the images themselves to hand, if they are where they were."""
        model, opened = comparison.models[0], self._state.bundle
        data = model.data.fingerprint
        if opened is not None and self._state.originals is not None:
            self._originals[opened.data.fingerprint] = self._state.originals
        if data in self._originals:
            comparison.set_originals(self._originals[data])
            return

        def take(found: Originals | None) -> None:
            if found is not None:
                self._originals[data] = found
            if self.comparison is comparison:
                comparison.set_originals(found)

        self._finder.run(partial(find_originals, model, should_stop=self._end.is_set), take)

    # -- the morph ---------------------------------------------------------------------------

    def _set_end(self, end: int, anchor: str) -> None:
        self._want(**{"start" if end == 0 else "end": anchor})

    def _want(self, **change: Any) -> None:
        """Have another morph found beside the window, and shown when it is."""
        comparison, before = self.comparison, self._wanted
        if comparison is None or before is None:
            return
        self._outdated.set()
        self._wanted, self._outdated = replace(before, **change), threading.Event()
        morph, outdated = self._wanted, self._outdated

        def is_wanted() -> bool:
            return not (outdated.is_set() or self._end.is_set())

        def show(ways: list[NDArray[np.float32]]) -> None:
            if is_wanted():
                comparison.set_morph(morph, ways)

        self._ways.run(partial(comparison.find, morph, is_wanted), show)

    def _show_finding(self, is_finding: bool) -> None:
        if self.page is not None:
            self.page.show_finding(is_finding)

    # -- files -------------------------------------------------------------------------------

    def _choose_export(self) -> None:
        dialog = QFileDialog(self, "Export the comparison")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        kinds = [suffix.removeprefix(".").upper() for suffix in FIGURE_SUFFIXES]
        dialog.setNameFilters(
            [f"{kind} (*{suffix})" for kind, suffix in zip(kinds, FIGURE_SUFFIXES, strict=True)]
        )
        dialog.setDefaultSuffix(FIGURE_SUFFIXES[0])
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kind.split(" ")[0]))
        dialog.selectFile(_FILE_NAME)
        dialog.fileSelected.connect(lambda chosen: self.export(Path(chosen)))
        dialog.open()

    def export(self, target: Path) -> None:
        """Write the comparison as one page: a ``.png``, ``.svg`` or ``.pdf`` file."""
        comparison = self.comparison
        if comparison is None:
            return
        state, morph = self._state, comparison.morph

        def draw() -> None:
            from bvae_core.figures.comparison import export_comparison

            originals = comparison.originals
            if not comparison.is_searched:  # a page has all that the panel will have in a moment
                originals = find_originals(comparison.models[0], should_stop=self._end.is_set)
            export_comparison(
                comparison.models,
                target,
                start=morph.start,
                end=morph.end,
                path=morph.path,
                originals=originals,
                theme=state.theme.name,
                ink=state.ink,
            )

        def say(problem: BvaeError | None) -> None:
            if isinstance(problem, BvaeError):
                self.notice.say(str(problem))
                return
            show = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(target.parent)))
            self.notice.say(f"Exported as {target.name}.", "Show", show, tip="Open its folder")

        self.notice.say(f"Drawing {target.name}…")
        self._exporter.run(partial(_attempt, draw), say)

    def _copy_table(self) -> None:
        if self.comparison is not None:
            names = [model.name for model in self.comparison.models]
            QGuiApplication.clipboard().setText(as_text(self.comparison.rows, names))
            self.notice.say("Copied the table.")

    def _copy_command(self) -> None:
        if self.comparison is not None:
            names = [called_in_shell(model) for model in self.comparison.models]
            words = self.comparison.command(
                names, _FILE_NAME, self._state.theme.name, self._state.ink
            )
            copy_command(words)
            self.notice.say("Copied the command that makes the page.")


def _attempt(do: Callable[[], T]) -> T | BvaeError:
    """Return what comes of it, or why it can't be done."""
    try:
        return do()
    except BvaeError as error:
        return error


def _button(action: QAction) -> QPushButton:
    button = QPushButton(action.text())
    button.setToolTip(action.toolTip())
    button.setAccessibleName(action.text())
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
