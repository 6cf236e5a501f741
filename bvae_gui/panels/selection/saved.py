"""`SavedSelections`: the model's selections by name."""

from __future__ import annotations

from functools import partial

from qtpy.QtWidgets import QMenu, QToolButton, QWidget

from bvae_core.annotations import Annotations
from bvae_core.errors import BvaeError
from bvae_gui.state import ExplorerState
from bvae_gui.style import icon
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.place_dialog import PlaceDialog


class SavedSelections(QToolButton):
    """A menu to save what is selected, and to select, rename and delete what was saved.

    Parameters
    ----------
    state
        What is selected in.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        named(self, "Saved selections", "Save the selection by a name, and choose a saved one")
        self.setText("Saved")
        self.setIcon(icon("bookmarks-simple"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)

    def name(self) -> str | None:
        """Return what the selection is saved as, if it is."""
        selection = self._state.scene.selection
        if not selection:
            return None
        names = self._load().selections.items()
        return next((name for name, indices in names if indices == selection), None)

    def fill(self) -> None:
        """List what can be done now."""
        menu, state, saved = self.menu(), self._state, self._load().selections
        menu.clear()
        save = menu.addAction("Save the selection…", self._ask_name)
        save.setEnabled(bool(state.scene.selection))
        if saved:
            menu.addSeparator()
        for name, indices in saved.items():
            words = name.replace("&", "&&")
            action = menu.addAction(f"{words}\t{len(indices):,}", partial(state.select, indices))
            action.setCheckable(True)
            action.setChecked(indices == state.scene.selection)
            action.setToolTip(f"Select the {len(indices):,} images of {name}")
        if (chosen := self.name()) is not None:
            words = chosen.replace("&", "&&")
            menu.addSeparator()
            menu.addAction(f"Rename {words}…", partial(self._ask_new_name, chosen))
            menu.addAction(f"Delete {words}", partial(self._delete, chosen))

    def _ask_name(self) -> None:
        count = len(self._state.scene.selection)
        hint = f"A name for the {count:,} selected images. One that is there is replaced."
        PlaceDialog("Save the selection", hint, self.save, self).open()

    def save(self, name: str) -> None:
        """Save what is selected; a BvaeError if it can't be, or the name is none."""
        selection = self._state.scene.selection
        self._state.annotate(lambda now: now.with_selection(name, selection))
        self._state.say(f"Saved the selection as {name}.")

    def _ask_new_name(self, name: str) -> None:
        def rename(new: str) -> None:
            self._state.annotate(lambda now: now.rename_selection(name, new))
            self._state.say(f"Renamed {name} to {new}.")

        PlaceDialog("Rename the selection", f"A new name for {name}.", rename, self).open()

    def _delete(self, name: str) -> None:
        try:
            self._state.annotate(lambda now: now.without_selection(name))
        except BvaeError as error:
            self._state.say(str(error))
        else:
            self._state.say(f"Deleted {name}. Its images are selected still, to be saved again.")

    def _load(self) -> Annotations:
        """Return what is saved by now, here or by the shell."""
        try:
            self._state.annotate(lambda now: now)
            return self._state.annotations
        except BvaeError as error:
            self._state.say(str(error))
            return Annotations()
