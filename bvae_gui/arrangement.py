"""`Arrangement`: where the explorer's parts are; the decoded image is there before the others."""

from __future__ import annotations

import itertools

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bvae_gui.panels.decoded import DecodedPanel
from bvae_gui.panels.dimensions import DimensionsPanel
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID

#: Narrower than this, in pixels, the decoded image goes below the map if that is high enough.
NARROW = 90 * GRID
# How room is shared: map and decoded image, side by side or one below the other; these and tools.
_WIDE, _NARROW = (3, 1), (1, 1)
_HIGH = (3, 1)


class Arrangement(QWidget):
    """The decoded image, beside or below it room for the map, and below both for the tools.

    Map and tools need libraries that take as long to import as all else does. So a window shows
    the image of the first model as soon as it can, and fills the room afterwards.

    Parameters
    ----------
    state
        What the panels show and change.
    parent
        The widget that it lies in.

    Attributes
    ----------
    decoded, dimensions
        The panels that are there at once.
    splitters
        What the user may move, by name.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decoded, self.dimensions = DecodedPanel(state), DimensionsPanel(state)
        self._map, self._tools = QWidget(), QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = QWidget()
        parts = QVBoxLayout(self._column)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        parts.addWidget(self.decoded, 1)
        parts.addWidget(self.dimensions)
        self._top = _splitter(Qt.Orientation.Horizontal, self._map, self._column, shares=_WIDE)
        self._rows = _splitter(Qt.Orientation.Vertical, self._top, self._tools, shares=_HIGH)
        self.splitters = {"rows": self._rows, "top": self._top}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._rows)

    def fill(self, seen: QWidget, tools: QWidget) -> None:
        """Put the map and the tools into the room that was kept for them."""
        for splitter, room, part, share in (
            (self._top, self._map, seen, _WIDE[0]),
            (self._rows, self._tools, tools, _HIGH[1]),
        ):
            index = splitter.indexOf(room)
            splitter.replaceWidget(index, part)
            splitter.setStretchFactor(index, share)
            room.deleteLater()
        self._map, self._tools = seen, tools
        # The tools came last, and stay there.
        stops = [stop for part in (seen, self._column) for stop in _tab_stops(part)]
        for before, after in itertools.pairwise(stops):  # not the order that they came in
            self.setTabOrder(before, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the decoded image where there is room for it."""
        super().resizeEvent(event)
        size = event.size()
        self._turn(is_narrow=size.width() < NARROW and size.height() >= self._narrow_height())

    def minimumSizeHint(self) -> QSize:
        """Ask for what the lower arrangement needs, in either: where there is less, it is taken."""
        seen, column, tools = (_least(part) for part in (self._map, self._column, self._tools))
        return QSize(
            max(seen.width() + GRID + column.width(), tools.width()),
            max(seen.height(), column.height()) + GRID + tools.height(),
        )

    def _narrow_height(self) -> int:
        parts = (self._map, self._column, self._tools)
        return sum(_least(part).height() for part in parts) + (len(parts) - 1) * GRID

    def _turn(self, *, is_narrow: bool) -> None:
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self._top.orientation() != wanted:
            self._top.setOrientation(wanted)
            self._top.setSizes(_shares(_NARROW if is_narrow else _WIDE))


def _tab_stops(part: QWidget) -> list[QWidget]:
    """Return what the Tab key goes to in a part, itself and within it, in the order of making."""
    # Not by Qt's chain of focus: PySide lets go of what it got from a widget there, and of all that
    # came after it, once that widget is deleted.
    inside = [part, *part.findChildren(QWidget)]
    own = [each for each in inside if each.window() is part.window()]
    return [each for each in own if each.focusPolicy() & Qt.FocusPolicy.TabFocus]


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
