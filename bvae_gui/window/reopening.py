"""`Reopener`: explores what a PNG shows that was exported before."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Qt
from qtpy.QtWidgets import QMessageBox

from bvae_core.errors import DataError
from bvae_core.resources import DEMO

if TYPE_CHECKING:
    from bvae_gui.opening import Known
    from bvae_gui.recipes import What
    from bvae_gui.window.main_window import MainWindow


class Reopener(QObject):
    """Opens figures in the window; if it was made from another model, that one first.

    Parameters
    ----------
    window
        Where they are opened.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def open(self, path: Path) -> None:
        """Explore what a PNG shows.

        Where no model is open yet, its own is opened, or else the demo.

        Raises
        ------
        BvaeError
            If this program didn't make it, it is damaged, it shows what the window can't, or
            its model is not among those that there are. Nothing changes then.
        """
        from bvae_gui.opening import find_known

        state, wanted = self._window.state, _fingerprint(path)
        if state is not None and state.model.fingerprint == wanted:
            self._restore(path)
            return
        known = None if wanted is None else find_known(wanted)
        if state is None:
            self._open_model(DEMO if known is None else known.remembered_as, path)
        elif known is None:
            self._restore(path)  # which says why it can't
        else:
            self._offer(known, path)

    def _offer(self, known: Known, path: Path) -> None:
        """Ask whether to open the model that the figure was made from."""
        question = QMessageBox(self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle("Open another model?")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(f"{path.name} was made from the model {known.name}, which isn't open.")
        question.setInformativeText(f"Open {known.name} and what the figure shows?")
        question.setStandardButtons(
            QMessageBox.StandardButton.Open | QMessageBox.StandardButton.Cancel
        )
        question.setDefaultButton(QMessageBox.StandardButton.Open)
        button = question.button(QMessageBox.StandardButton.Open)
        button.clicked.connect(partial(self._open_model, known.remembered_as, path))
        question.open()

    def _open_model(self, name: str, path: Path, *_: bool) -> None:
        self._window.open(name, then=partial(self._restore, path))

    def _restore(self, path: Path) -> None:
        from bvae_core.figures import read_recipe
        from bvae_gui.recipes import choices_of, restore

        state = self._window.state
        if state is None:
            return
        recipe = read_recipe(path, state.model)
        restore(state, recipe)
        # So that exporting it makes the same file again; ink is the window's.
        what, choices = choices_of(recipe)
        self._window.settings.remember_choices(f"export/{what}", asdict(replace(choices, ink=None)))
        self._bring_forward(what)
        state.say(f"Opened {path.name}")

    def _bring_forward(self, what: What) -> None:
        """Show the tool that has what the figure shows, where it is none of the map's column."""
        from bvae_gui.explorer import MORPH, SELECTION

        explorer = self._window.explorer
        if explorer is None:
            return
        match what:
            case "morph":
                explorer.tools.show_page(MORPH)
            case "contact":
                explorer.tools.show_page(SELECTION)
            case "equation":
                explorer.show_equation()


def _fingerprint(path: Path) -> str | None:
    """Return the fingerprint of the model that a figure was made from, if it says so."""
    from bvae_core.figures import read_metadata

    try:
        said = read_metadata(path).get("fingerprint")
    except DataError:
        return None
    return said if isinstance(said, str) else None
