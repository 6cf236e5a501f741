"""`Sessions`: saves all that is explored to a file, and opens it again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qtpy.QtCore import QByteArray, QObject, Qt
from qtpy.QtWidgets import QFileDialog, QMessageBox

from bvae_core.errors import BvaeError
from bvae_core.resources import DEMO

if TYPE_CHECKING:
    from bvae_gui.sessions import Layout, Session
    from bvae_gui.window.main_window import MainWindow

_FOLDER = "session"
_FILTER = "Sessions (*.bvae-session.json)"
_DOCKS = "docks"


class Sessions(QObject):
    """What the File menu does with sessions.

    Parameters
    ----------
    window
        Whose sessions they are.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    # -- saving ------------------------------------------------------------------------------

    def ask_where_to(self) -> None:
        """Ask for a file, and save what is explored to it."""
        from bvae_gui.sessions import SUFFIX

        window = self._window
        if window.state is None:
            return
        picker = QFileDialog(window, "Save session", window.settings.folder(_FOLDER))
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        picker.setNameFilter(_FILTER)
        picker.setDefaultSuffix(SUFFIX[1:])
        picker.selectFile(f"{Path(window.state.model.name).name}{SUFFIX}")
        picker.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        picker.open()

    def save(self, path: Path) -> None:
        """Save what is explored to a file; a BvaeError if it can't be written."""
        from bvae_gui.sessions import Session

        window = self._window
        if window.state is None:
            return
        Session.of(window.state, window.settings.theme, self._layout()).write(path)
        window.settings.remember_folder(_FOLDER, path.parent)
        window.state.say(f"Saved {path.name}")

    def _layout(self) -> Layout:
        from bvae_gui.sessions import Layout

        window, explorer = self._window, self._window.explorer
        if explorer is None:
            return Layout()
        parts = {name: _bytes(each.saveState()) for name, each in explorer.splitters.items()}
        tools = explorer.tools
        return Layout(
            {**parts, _DOCKS: _bytes(window.saveState())},
            tools.tabText(tools.currentIndex()),
            explorer.map.chart.limits,
        )

    # -- opening -----------------------------------------------------------------------------

    def ask_for_one(self) -> None:
        """Ask for a file, and explore what was saved to it."""
        window = self._window
        picker = QFileDialog(window, "Open session", window.settings.folder(_FOLDER))
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.setNameFilter(_FILTER)
        picker.fileSelected.connect(lambda chosen: self.open(Path(chosen)))
        picker.open()

    def open(self, path: Path) -> None:
        """Explore what was saved to a file, with its model, which is opened if another one is.

        Raises
        ------
        BvaeError
            If it is no session, or its model has no such things. Nothing changes then; only where
            no model is open yet, the demo is opened before that is said.
        """
        try:
            self._open(path)
        except BvaeError as error:
            if self._window.state is not None:
                raise
            self._window.open(DEMO, then=partial(_raise, error))

    def _open(self, path: Path) -> None:
        from bvae_gui.opening import find_known
        from bvae_gui.sessions import read_session

        session, state = read_session(path), self._window.state
        if state is not None and state.model.fingerprint == session.fingerprint:
            self._restore(session, path)
        elif (known := find_known(session.fingerprint)) is not None:
            self._open_model(known.remembered_as, session, path)
        elif state is None:
            self._window.open(DEMO, then=partial(self._ask_for_model, session, path))
        else:
            self._ask_for_model(session, path)

    def _ask_for_model(self, session: Session, path: Path) -> None:
        """Ask where the model is, if it is none of those that there are."""
        question = QMessageBox(self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle("Where is the model?")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(
            f"{path.name} is a session of the model {session.name}, which isn't among your models."
        )
        question.setInformativeText("Locate its folder to open both.")
        locate = question.addButton("Locate…", QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(locate)
        locate.clicked.connect(lambda: self._locate_model(session, path))
        question.open()

    def _locate_model(self, session: Session, path: Path) -> None:
        picker = QFileDialog(self._window, f"Folder of the model {session.name}")
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setOption(QFileDialog.Option.ShowDirsOnly)
        picker.fileSelected.connect(lambda chosen: self._open_model(chosen, session, path))
        picker.open()

    def _open_model(self, name: str, session: Session, path: Path) -> None:
        otherwise = DEMO if self._window.state is None else None
        self._window.open(
            name, otherwise, then=partial(self._restore, session, path), check=session.check
        )

    def _restore(self, session: Session, path: Path) -> None:
        window = self._window
        if window.state is None:
            return
        remark = session.restore(window.state)
        window.choose_theme(session.theme)
        self._lay_out(session.layout)
        if window.explorer is not None and not remark:  # else the map shows something else
            window.explorer.map.chart.see(session.layout.seen)
        window.settings.remember_folder(_FOLDER, path.parent)
        window.state.say(f"Opened {path.name}. {remark}" if remark else f"Opened {path.name}")

    def _lay_out(self, layout: Layout) -> None:
        """Lay the window out as it was, as far as it has such parts."""
        window, explorer = self._window, self._window.explorer
        if explorer is None:
            return
        for name, splitter in explorer.splitters.items():
            if name in layout.parts:
                splitter.restoreState(QByteArray(layout.parts[name]))
        if _DOCKS in layout.parts:
            window.restoreState(QByteArray(layout.parts[_DOCKS]))
        tools = explorer.tools
        if layout.tool in [tools.tabText(index) for index in range(tools.count())]:
            tools.show_page(layout.tool)


def _bytes(state: QByteArray) -> bytes:
    return bytes(state.data())


def _raise(error: BvaeError) -> None:
    raise error
