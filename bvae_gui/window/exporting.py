"""`Exporter`: what the explorer's panels offer to save, and the clipboard's command."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Signal
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QWidget

from bvae_gui.settings import Settings
from bvae_gui.state import ExplorerState

if TYPE_CHECKING:
    from bvae_gui.dialogs.export import ExportDialog
    from bvae_gui.explorer import ExplorerWidget
    from bvae_gui.recipes import What


class Exporter(QObject):
    """Does what the panels' export actions ask for.

    Parameters
    ----------
    state
        What is explored.
    explorer
        Whose actions these are.
    settings
        What is remembered of the last time.

    Attributes
    ----------
    dialog
        The dialog, once it was asked for.

    Signals
    -------
    saved(path)
        A file has been written.
    """

    saved = Signal(object)

    def __init__(self, state: ExplorerState, explorer: ExplorerWidget, settings: Settings) -> None:
        super().__init__(explorer)
        self.dialog: ExportDialog | None = None
        self._state, self._explorer, self._settings = state, explorer, settings
        explorer.morph.export_action.triggered.connect(lambda: self.open("morph"))
        explorer.morph.copy_command_action.triggered.connect(self.copy_command)
        explorer.decoded.save_requested.connect(lambda: self.open("image"))
        explorer.export_requested.connect(self.open)

    def open(self, what: What) -> None:
        """Open the dialog for a kind of file; an animation is as fast as the player."""
        if self.dialog is None:
            from bvae_gui.dialogs.export import ExportDialog

            self.dialog = ExportDialog(self._state, self._settings, self._window())
            self.dialog.saved.connect(self.saved)
        self.dialog.begin(what, fps=self._explorer.morph.player.speed.value())

    def copy_command(self) -> None:
        """Put the command that exports the morph on the clipboard."""
        from bvae_gui.opening import called_in_shell
        from bvae_gui.recipes import Choices, chosen_suffix, current_recipe, file_name

        state = self._state
        choices = Choices.of(self._settings.choices("export/morph"))
        name = file_name(state, "morph", chosen_suffix("morph", choices))
        recipe = current_recipe(state, choices)
        line = shlex.join(recipe.command(called_in_shell(state.model), name))
        QGuiApplication.clipboard().setText(line)
        state.say(f"Copied the command that makes {name}")

    def stop(self) -> None:
        """Close the dialog, and wait for what is being drawn or written."""
        if self.dialog is not None:
            self.dialog.stop()

    def _window(self) -> QWidget:
        return self._explorer.window()
