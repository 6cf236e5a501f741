"""Actions of the map: for buttons beside it, for menus, and for keys while it has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qtpy.QtCore import QObject, Qt
from qtpy.QtGui import QAction, QKeySequence
from qtpy.QtWidgets import QMenu, QWidget

from bvae_gui.panels.latent_map.gestures import MapGestures
from bvae_gui.panels.latent_map.sweep import Tool
from bvae_gui.state import ExplorerState
from bvae_gui.style import icon


def make_action(
    chart: QWidget,
    text: str,
    tip: str,
    do: Callable[[], None],
    icon_name: str | None,
    *keys: Qt.Key | str,
) -> QAction:
    """Return an action whose shortcuts work while a map's chart has the keyboard."""
    action = QAction(text, chart)
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip} ({shortcut})")
    action.setStatusTip(tip)
    if icon_name is not None:
        action.setIcon(icon(icon_name))
    action.triggered.connect(lambda _checked=False: do())
    chart.addAction(action)
    return action


class SelectActions(QObject):
    """What selects images on a map.

    Parameters
    ----------
    chart
        The map's chart, which has the shortcuts.
    gestures
        What draws lassos and boxes.
    state
        What is selected in.

    Attributes
    ----------
    lasso, box
        Toggles of the tools.
    all, invert, clear
        For menus.
    """

    def __init__(self, chart: QWidget, gestures: MapGestures, state: ExplorerState) -> None:
        super().__init__(chart)
        self._gestures, self._state = gestures, state
        make = partial(make_action, chart)
        self.lasso = make(
            "Select with a lasso",
            "Draw around dots to select them; Shift adds, Ctrl takes out. Alt+drag does it at once",
            partial(self._toggle, "lasso"), "scribble-loop", Qt.Key.Key_L,
        )  # fmt: skip
        self.box = make(
            "Select with a box", "Draw a box over dots to select them; Shift adds, Ctrl takes out",
            partial(self._toggle, "box"), "selection", Qt.Key.Key_R,
        )  # fmt: skip
        self.all = make(
            "Select all shown", "Select all images whose dots are shown", state.select_all,
            None, "Ctrl+A",
        )  # fmt: skip
        self.invert = make(
            "Invert the selection", "Select what isn't selected, of what is shown",
            state.invert_selection, None, "Ctrl+Shift+I",
        )  # fmt: skip
        self.clear = make(
            "Select nothing", "Show all dots in their colours again", partial(state.select, ()),
            None, "Ctrl+Shift+A",
        )  # fmt: skip
        for tool in (self.lasso, self.box):
            tool.setCheckable(True)
        gestures.tool_changed.connect(self._show_tool)
        state.bundle_changed.connect(self._enable)
        state.selection_changed.connect(self._enable)
        self._enable()

    def offer(self, menu: QMenu, label: int | None, title: str) -> None:
        """Add what selects to a context menu.

        Parameters
        ----------
        menu
            Where to.
        label, title
            The class of the nearest image, and what it is called; None where there are no classes.
        """
        if label is not None:
            self.offer_class(menu, label, title)
        menu.addActions([self.all, self.invert, self.clear])

    def offer_class(self, menu: QMenu, label: int, title: str) -> None:
        """Add what selects a class to a menu."""
        select = partial(self._state.select_class, label)
        menu.addAction(f"Select {title}", select)
        if len(self._state.scene.selection):
            menu.addAction(f"Add {title} to the selection", partial(select, "add"))
            menu.addAction(f"Take {title} out of the selection", partial(select, "subtract"))

    def _toggle(self, tool: Tool) -> None:
        self._gestures.tool = None if self._gestures.tool == tool else tool
        self._show_tool()

    def _show_tool(self) -> None:
        self.lasso.setChecked(self._gestures.tool == "lasso")
        self.box.setChecked(self._gestures.tool == "box")

    def _enable(self) -> None:
        is_open = self._state.bundle is not None
        for action in (self.lasso, self.box, self.all, self.invert):
            action.setEnabled(is_open)
        self.clear.setEnabled(is_open and len(self._state.scene.selection) > 0)
