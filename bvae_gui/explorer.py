"""`ExplorerWidget`: the panels put together; the same in the window and in a dock elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QAction, QKeySequence
from qtpy.QtWidgets import QVBoxLayout, QWidget

from bvae_gui.arrangement import Arrangement
from bvae_gui.panels.latent_map import LatentMapPanel
from bvae_gui.panels.morph import MorphPanel
from bvae_gui.settler import Settler
from bvae_gui.state import ExplorerState
from bvae_gui.widgets.lazy_tabs import LazyTabs

if TYPE_CHECKING:
    from bvae_gui.panels.own_image import OwnImagePanel
    from bvae_gui.panels.selection import SelectionPanel

#: Names of the tools.
MORPH, ARITHMETIC, OWN, SELECTION = "Morph", "Arithmetic", "Own image", "Selection"
#: Images near the point that are shown at once, if more than a few are wanted.
_NEAREST = 50


class ExplorerWidget(QWidget):
    """The map, the decoded image beside it, and below them the tools, the morph before all.

    Parameters
    ----------
    state
        What all panels show and change.
    parent
        The widget that it lies in.
    arrangement
        Of the same state, if it is there already: its decoded image has been seen meanwhile.

    Attributes
    ----------
    map, decoded, dimensions, morph
        The panels that are always there.
    tools
        The pages below: the morph, and what is made when it is first asked for.
    settler
        Finds of the morph what takes longer than a frame.
    splitters
        What the user may move, by name.
    undo_action, redo_action, open_image_action, paste_action
        For menus.

    The widget's actions are those whose shortcuts work wherever one is in it.

    Signals
    -------
    export_requested(what)
        A tool's user wants a file, see `bvae_gui.recipes.What`.
    train_requested(Source)
        A model shall be trained on some of the open model's images.
    """

    export_requested = Signal(str)
    train_requested = Signal(object)

    def __init__(
        self,
        state: ExplorerState,
        parent: QWidget | None = None,
        *,
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Explorer")
        self._state = state
        arrangement = arrangement or Arrangement(state)
        self.splitters = arrangement.splitters
        self.decoded, self.dimensions = arrangement.decoded, arrangement.dimensions
        self.map = LatentMapPanel(state)
        self.morph = MorphPanel(state)
        self.tools = LazyTabs()
        self.tools.add(MORPH, "path", "Morph one image into another", lambda: self.morph)
        self.tools.add(
            ARITHMETIC, "math-operations", "Add and subtract images, go along directions",
            self._make_arithmetic,
        )  # fmt: skip
        self.tools.add(
            OWN, "pen-nib", "Draw, open or paste an image, and see it read", self._make_own_image
        )
        self.open_image_action = self._action(
            "Open image…", "Read an image of your own with the model",
            lambda: self.show_own_image().choose_file(), "Ctrl+I",
        )  # fmt: skip
        self.paste_action = self._action(
            "Paste image", "Read the image on the clipboard with the model",
            lambda: self.show_own_image().paste(), "Ctrl+V",
        )  # fmt: skip
        self.tools.add(
            SELECTION, "selection", "Look through selected images, a class, or all",
            self._make_selection,
        )  # fmt: skip
        self.undo_action = self._action("Undo", "Take back the last step", state.undo, "Ctrl+Z")
        self.redo_action = self._action(
            "Redo", "Do again what was taken back", state.redo, "Ctrl+Shift+Z", "Ctrl+Y"
        )
        self.addActions([
            self.decoded.copy_image_action, self.decoded.copy_coordinates_action,
            self.decoded.keep_action,
            self.morph.copy_command_action, self.morph.export_action,
        ])  # fmt: skip
        self.settler = Settler(state, self)
        arrangement.fill(self.map, self.tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(arrangement)
        self.decoded.nearest_requested.connect(self.show_nearest)
        state.history_changed.connect(self._enable_history)
        self._enable_history()

    @property
    def gestures(self) -> list[tuple[str, str]]:
        """What the mouse and single keys do, and how; for people to read."""
        from bvae_gui.panels import latent_map
        from bvae_gui.widgets import (
            class_legend,
            contact_sheet,
            drawing_pad,
            film_strip,
            value_slider,
        )

        elsewhere = {
            "Classes": class_legend,
            "Strip": film_strip,
            "Selected images": contact_sheet,
            "Drawing pad": drawing_pad,
            "Sliders": value_slider,
        }
        rows = [(what, how) for how, what in latent_map.HELP]
        for place, module in elsewhere.items():
            rows += [(f"{place}: {what[0].lower()}{what[1:]}", how) for how, what in module.HELP]
        return rows

    def _make_arithmetic(self) -> QWidget:
        from bvae_gui.panels.arithmetic import ArithmeticPanel

        panel = ArithmeticPanel(self._state)
        panel.export_requested.connect(self.export_requested)
        return panel

    def show_equation(self) -> None:
        """Show the tool that reckons with images, at its equation."""
        from bvae_gui.panels.arithmetic import ArithmeticPanel

        page = self.tools.show_page(ARITHMETIC)
        if not isinstance(page, ArithmeticPanel):
            raise TypeError(f"The page {ARITHMETIC} is a {type(page).__name__}.")
        page.show_equation()

    def show_own_image(self) -> OwnImagePanel:
        """Show the tool for images of the user's own, and return it."""
        from bvae_gui.panels.own_image import OwnImagePanel

        page = self.tools.show_page(OWN)
        if not isinstance(page, OwnImagePanel):
            raise TypeError(f"The page {OWN} is a {type(page).__name__}.")
        return page

    def _make_own_image(self) -> OwnImagePanel:
        from bvae_gui.panels.own_image import OwnImagePanel

        return OwnImagePanel(self._state)

    def _make_selection(self) -> SelectionPanel:
        from bvae_gui.panels.selection import SelectionPanel

        panel = SelectionPanel(self._state, self.decoded.originals)
        panel.bring_requested.connect(self.map.chart.bring_into_view)
        panel.train_requested.connect(self.train_requested)
        panel.export_requested.connect(self.export_requested)
        return panel

    def show_nearest(self) -> None:
        """Show more of the images near the pinned point, in the tool for looking through them."""
        from bvae_gui.panels.selection import SelectionPanel

        page = self.tools.show_page(SELECTION)
        if not isinstance(page, SelectionPanel):
            raise TypeError(f"The page {SELECTION} is a {type(page).__name__}.")
        page.show_nearest(_NEAREST)

    def _action(self, text: str, tip: str, act: Callable[[], None], *keys: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: act())
        self.addAction(action)
        return action

    def _enable_history(self) -> None:
        self.undo_action.setEnabled(self._state.can_undo)
        self.redo_action.setEnabled(self._state.can_redo)
