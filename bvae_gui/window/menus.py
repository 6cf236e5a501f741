"""`Menus`: the window's menus, and the dialogs that they open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Qt, QUrl
from qtpy.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from qtpy.QtWidgets import QDialog, QFileDialog, QMenu

from bvae_core.log import log_path
from bvae_gui.settings import ThemeChoice

if TYPE_CHECKING:
    from bvae_gui.explorer import ExplorerWidget
    from bvae_gui.window.main_window import MainWindow

TITLE = "β-VAE Explorer"
_MODELS = "models"  # folders that models were opened from
_THEMES: dict[ThemeChoice, str] = {
    "system": "As the &system",
    "light": "&Light",
    "dark": "&Dark",
}


class Menus(QObject):
    """What the window can do, in menus.

    Parameters
    ----------
    window
        Whose menus they are.

    Attributes
    ----------
    file, edit, view, help
        The menus.
    models
        The menu of models to open.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        bar = window.menuBar()
        self.file, self.edit = bar.addMenu("&File"), bar.addMenu("&Edit")
        self.view, self.help = bar.addMenu("&View"), bar.addMenu("&Help")
        for menu in (self.file, self.edit, self.view, self.help):
            menu.setToolTipsVisible(True)
        self.models = self.file.addMenu("Open &model")
        self._end_of_file = self._make_file_menu()
        self._end_of_view = self._make_view_menu()
        self._make_help_menu()

    def fill(self, explorer: ExplorerWidget, docks: Iterable[QAction]) -> None:
        """Add what the panels offer, and the docks."""
        self.save_session_action.setEnabled(True)
        decoded, chart, morph = explorer.decoded, explorer.map, explorer.morph
        _insert(
            self.file, self._end_of_file,
            explorer.open_image_action, None, morph.export_action, decoded.save_action,
        )  # fmt: skip
        _insert(
            self.edit, None,
            explorer.undo_action, explorer.redo_action, None,
            decoded.keep_action, explorer.paste_action, None,
            decoded.copy_image_action, decoded.copy_coordinates_action, morph.copy_command_action,
            None, chart.selecting.all, chart.selecting.invert, chart.selecting.clear,
        )  # fmt: skip
        _insert(
            self.view, self._end_of_view,
            decoded.ink_action, None,
            chart.zoom_in_action, chart.zoom_out_action, chart.reset_view_action, None, *docks,
        )  # fmt: skip
        for action in explorer.actions():
            # There is one explorer in this window: its shortcuts work wherever one is in it.
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)

    # -- what they are made of ---------------------------------------------------------------

    def _make_file_menu(self) -> QAction:
        self.models.aboutToShow.connect(self._list_models)
        _add(
            self.file, "Open &folder…", "Open a model from its folder", self._choose_folder,
            QKeySequence.StandardKey.Open,
        )  # fmt: skip
        _add(
            self.file, "Open m&orph…", "Explore what a PNG shows that was exported before",
            self._choose_figure, "Ctrl+Shift+O",
        )  # fmt: skip
        self.file.addSeparator()
        _add(
            self.file, "Open sess&ion…", "Explore what was saved as a session",
            self._window.sessions.ask_for_one,
        )  # fmt: skip
        self.save_session_action = _add(
            self.file, "&Save session…", "Save all that is explored, to go on with it later",
            self._window.sessions.ask_where_to, "Ctrl+S",
        )  # fmt: skip
        self.save_session_action.setEnabled(False)
        self.file.addSeparator()
        end = self.file.addSeparator()
        leave = _add(self.file, "&Quit", "Close the window", self._window.close, "Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        return end

    def _make_view_menu(self) -> QAction:
        end = self.view.addSeparator()
        themes = self.view.addMenu("&Theme")
        group = QActionGroup(self)
        for choice, words in _THEMES.items():
            action = _add(
                themes, words, "Choose the window's colours",
                partial(self._window.choose_theme, choice),
            )  # fmt: skip
            action.setCheckable(True)
            action.setData(choice)
            group.addAction(action)
        themes.aboutToShow.connect(partial(self._check_theme, group))
        _add(
            self.view, "&Full screen", "Fill the screen, or go back", self._toggle_full_screen,
            "F11",
        )  # fmt: skip
        return end

    def _check_theme(self, group: QActionGroup) -> None:
        """Check the colours that are chosen, whoever chose them."""
        for action in group.actions():
            action.setChecked(action.data() == self._window.settings.theme)

    def _make_help_menu(self) -> None:
        _add(
            self.help, "&Keyboard and mouse", "List what keys and mouse do", self.show_shortcuts,
            "F1",
        )  # fmt: skip
        _add(
            self.help, "Open &log folder", "Show the folder that errors are logged in",
            self._open_log_folder,
        )  # fmt: skip
        about = _add(self.help, f"&About {TITLE}", "Version, licence and data", self.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    # -- what they do ------------------------------------------------------------------------

    def _list_models(self) -> None:
        from bvae_gui.opening import known_models, remembered_as

        self.models.clear()
        state = self._window.state
        open_now = None if state is None else remembered_as(state.model)
        for known in known_models():
            action = _add(
                self.models, f"{_plain(known.name)}\t{known.summary}",
                f"Explore {known.name}", partial(self._window.open, known.remembered_as),
            )  # fmt: skip
            action.setCheckable(True)
            action.setChecked(known.remembered_as == open_now)

    def _choose_folder(self) -> None:
        settings = self._window.settings
        chosen = QFileDialog.getExistingDirectory(
            self._window, "Open a model's folder", settings.folder(_MODELS)
        )
        if chosen:
            settings.remember_folder(_MODELS, Path(chosen).parent)
            self._window.open(Path(chosen))

    def _choose_figure(self) -> None:
        settings = self._window.settings
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, "Open a morph", settings.folder("export"), "PNG (*.png)"
        )
        if chosen:
            settings.remember_folder("export", Path(chosen).parent)
            self._window.open_path(Path(chosen))

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_shortcuts(self) -> None:
        """List all shortcuts of the moment."""
        from bvae_gui.dialogs.shortcuts import ShortcutSheet

        gestures = [] if self._window.explorer is None else self._window.explorer.gestures
        actions = self._window.findChildren(QAction)
        _open(ShortcutSheet(actions, gestures, self._window))

    def show_about(self) -> None:
        """Say what this is."""
        from bvae_gui.dialogs.about import AboutDialog

        _open(AboutDialog(self._window))

    def _open_log_folder(self) -> None:
        folder = log_path().parent
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _add(
    menu: QMenu,
    text: str,
    tip: str,
    act: Callable[[], object],
    keys: str | QKeySequence.StandardKey | None = None,
) -> QAction:
    action = menu.addAction(text)
    action.setToolTip(tip)
    if keys is not None:
        action.setShortcut(QKeySequence(keys))
    action.triggered.connect(lambda: act())
    return action


def _insert(menu: QMenu, before: QAction | None, *actions: QAction | None) -> None:
    """Insert actions, and separators for None."""
    for action in actions:
        if action is None:
            menu.insertSeparator(before)  # type: ignore[arg-type]
        else:
            menu.insertAction(before, action)  # type: ignore[arg-type]


def _plain(name: str) -> str:
    """Return a name as a menu writes it: & would underline, a tab would begin the second column."""
    return name.replace("&", "&&").replace("\t", " ")


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
