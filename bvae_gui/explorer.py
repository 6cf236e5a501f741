"""`ExplorerWidget`: the panels put together; the same in the window and in a dock elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtGui import QAction, QKeySequence, QResizeEvent
from qtpy.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bvae_gui.panels.decoded import DecodedPanel
from bvae_gui.panels.dimensions import DimensionsPanel
from bvae_gui.panels.latent_map import HELP, LatentMapPanel
from bvae_gui.panels.morph import MorphPanel
from bvae_gui.settler import Settler
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.lazy_tabs import LazyTabs

if TYPE_CHECKING:
    from bvae_gui.panels.own_image import OwnImagePanel
    from bvae_gui.panels.selection import SelectionPanel

#: Names of the tools.
MORPH, ARITHMETIC, OWN, SELECTION = "Morph", "Arithmetic", "Own image", "Selection"
#: Images near the point that are shown at once, if more than a few are wanted.
_NEAREST = 50
#: Narrower than this, in pixels, the decoded image goes below the map if that is high enough.
NARROW = 90 * GRID
# How room is shared: map and decoded image, side by side or one below the other; these and morph.
_WIDE, _NARROW = (3, 1), (1, 1)
_HIGH = (3, 1)


class ExplorerWidget(QWidget):
    """The map, the decoded image beside it, and below them the tools, the morph before all.

    Parameters
    ----------
    state
        What all panels show and change.
    parent
        The widget that it lies in.

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

    #: What the mouse and single keys do, and how; for people to read.
    gestures = tuple((what, how) for how, what in HELP)

    train_requested = Signal(object)

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Explorer")
        self._state = state
        self.map = LatentMapPanel(state)
        self.decoded = DecodedPanel(state)
        self.dimensions = DimensionsPanel(state)
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
        self._lay_out()
        self.decoded.nearest_requested.connect(self.show_nearest)
        state.history_changed.connect(self._enable_history)
        self._enable_history()

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

    def _lay_out(self) -> None:
        self._column = QWidget()
        parts = QVBoxLayout(self._column)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        parts.addWidget(self.decoded, 1)
        parts.addWidget(self.dimensions)
        self._top = _splitter(Qt.Orientation.Horizontal, self.map, self._column, shares=_WIDE)
        rows = _splitter(Qt.Orientation.Vertical, self._top, self.tools, shares=_HIGH)
        self.splitters = {"rows": rows, "top": self._top}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the decoded image where there is room for it."""
        super().resizeEvent(event)
        size = event.size()
        self._turn(is_narrow=size.width() < NARROW and size.height() >= self._narrow_height())

    def minimumSizeHint(self) -> QSize:
        """Ask for what the lower arrangement needs, in either: where there is less, it is taken."""
        seen, column, tools = (_least(part) for part in (self.map, self._column, self.tools))
        return QSize(
            max(seen.width() + GRID + column.width(), tools.width()),
            max(seen.height(), column.height()) + GRID + tools.height(),
        )

    def _narrow_height(self) -> int:
        parts = (self.map, self._column, self.tools)
        return sum(_least(part).height() for part in parts) + (len(parts) - 1) * GRID

    def _turn(self, *, is_narrow: bool) -> None:
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self._top.orientation() != wanted:
            self._top.setOrientation(wanted)
            self._top.setSizes(_shares(_NARROW if is_narrow else _WIDE))

    def _enable_history(self) -> None:
        self.undo_action.setEnabled(self._state.can_undo)
        self.redo_action.setEnabled(self._state.can_redo)


def _least(part: QWidget) -> QSize:
    return part.minimumSizeHint().expandedTo(part.minimumSize())


def _splitter(orientation: Qt.Orientation, *widgets: QWidget, shares: tuple[int, ...]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(GRID)
    for index, (widget, share) in enumerate(zip(widgets, shares, strict=True)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(index, share)
    splitter.setSizes(_shares(shares))
    return splitter


def _shares(shares: tuple[int, ...]) -> list[int]:
    """Return sizes in this proportion: Qt makes them smaller, but not larger, as they fit."""
    return [1000 * share for share in shares]
