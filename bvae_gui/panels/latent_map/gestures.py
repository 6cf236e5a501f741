"""What mouse and keys do on the latent map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QObject, QPointF, Qt, Signal
from qtpy.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from bvae_core.latent import Projection
from bvae_gui.panels.latent_map.chart import Handle, MapChart
from bvae_gui.panels.latent_map.sweep import Sweep, Tool
from bvae_gui.plots.viewport import Pair
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import ANCHORS, Place, Scene, Selecting

#: What the map answers to, for people to read.
HELP = (
    ("Click or drag", "Pin the place, move the pinned point"),
    ("Drag a seal", "Move the anchor"),
    ("Click a diamond", "Go back to the kept point"),
    ("Ctrl while clicking or dragging", "Snap to the nearest image"),
    ("Shift+drag, Space+drag, middle button", "Move the map"),
    ("Wheel or pinch", "Zoom about the pointer"),
    ("Double click", "See all of the map"),
    ("Right click", "What else can be done at a place"),
    ("Arrow keys", "Nudge the pinned point or the chosen anchor; with Shift ten times as far"),
    ("A to H", "Choose an anchor, or let go of it"),
    ("Alt+drag", "Select the dots that you draw around"),
    ("L or R, then drag", "Select with a lasso or a box; with Shift add, with Ctrl take out"),
    ("Escape", "Take a drag back, put a tool away, let go of an anchor"),
)

_NUDGE, _FAR = 1 / 200, 10  # of the shorter side of what is seen; with Shift
_JITTER = 3  # pixels that a hand moves without meaning to
_ZOOM_STEP = 1.2  # for a notch of the wheel
_NOTCH = 120

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_LETTERS = [Qt.Key(Qt.Key.Key_A.value + i) for i in range(ANCHORS[1])]

_Shape = Qt.CursorShape
_Modifier = Qt.KeyboardModifier


class _Drag(Protocol):
    """What a held button does."""

    cursor: Qt.CursorShape

    def move(self, position: QPointF, snaps: bool) -> None: ...
    def end(self) -> None: ...
    def cancel(self) -> None: ...


class MapGestures(QObject):
    """Turns the events of a map's chart into calls of the state.

    Parameters
    ----------
    chart
        The map.
    state
        What is acted on.

    Signals
    -------
    tool_changed()
        Another tool to select with is in hand, or none.
    """

    tool_changed = Signal()

    def __init__(self, chart: MapChart, state: ExplorerState) -> None:
        super().__init__(chart)
        self._chart, self._state = chart, state
        self._tool: Tool | None = None
        self._drag: _Drag | None = None
        self._pointer: QPointF | None = None
        self._nudging: set[int] = set()
        self._aim: tuple[Projection, bytes, Pair] | None = None
        self._has_space = False
        self._click: tuple[Scene, Scene] | None = None
        self._handlers: dict[QEvent.Type, Callable[[Any], bool]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonDblClick: self._double_click,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.Leave: self._leave,
            QEvent.Type.Wheel: self._wheel,
            QEvent.Type.NativeGesture: self._pinch,
            QEvent.Type.ShortcutOverride: self._claim_key,
            QEvent.Type.KeyPress: self._press_key,
            QEvent.Type.KeyRelease: self._release_key,
            QEvent.Type.FocusIn: self._change_focus,
            QEvent.Type.FocusOut: self._change_focus,
        }
        chart.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chart.installEventFilter(self)
        state.bundle_changed.connect(self._let_go)
        state.map.view_changed.connect(self._let_go)

    @property
    def is_dragging(self) -> bool:
        """Whether a button holds something."""
        return self._drag is not None

    @property
    def tool(self) -> Tool | None:
        """What the left button draws, to select; None where it pins and drags."""
        return self._tool

    @tool.setter
    def tool(self, tool: Tool | None) -> None:
        if tool != self._tool:
            self._tool = tool
            self._show_cursor(_Shape.CrossCursor)
            self.tool_changed.emit()

    @property
    def pointer(self) -> QPointF | None:
        """Where on the chart the mouse hovers over the map; None if it does not."""
        return self._pointer

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Handle an event of the chart's."""
        handle = self._handlers.get(event.type())
        if handle is None or self._state.bundle is None:
            return False
        return handle(event)

    def place_at(self, position: QPointF, *, snaps: bool = False) -> Place:
        """Return the place at a position, or that of the image whose dot is nearest."""
        if snaps and (image := self._chart.nearest_image(position)) is not None:
            return self._state.image_place(image)
        return Place.at(self._state.map.from_plane(*self._chart.plane_at(position)))

    # -- the mouse ---------------------------------------------------------------------------

    def _press(self, event: QMouseEvent) -> bool:
        position, snaps = event.position(), _has(event, _Modifier.ControlModifier)
        is_left = event.button() == Qt.MouseButton.LeftButton
        pans = self._has_space or _has(event, _Modifier.ShiftModifier)
        if self._drag is not None:
            return True
        self._click = None
        self._end_nudging()  # or else the key that is let go of would end what the button holds
        tool = self._tool_of(event)
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and pans and tool is None):
            self._take(_Pan(self._chart, position))
        elif is_left and tool is not None:
            if self._chart.room.contains(position):
                self._take(Sweep(self._chart, self._state, tool, _how(event), position))
        elif is_left:
            handle = self._chart.handle_at(position)
            if isinstance(handle, int):
                self._chart.chosen = handle
            kept = None if snaps else self._chart.kept_at(position)
            if kept is not None and not isinstance(handle, int):
                self._go_back(kept, position)
            elif handle is None or (handle == "point" and snaps):
                self._pin(position, snaps=snaps)
            else:
                self._take(_Hold(self._chart, self._state, handle, position))
        return True

    def _tool_of(self, event: QMouseEvent) -> Tool | None:
        """Return what a press begins to draw, if it does."""
        if self._has_space:
            return None
        if self._tool is None and _has(event, _Modifier.AltModifier):
            return "lasso"
        return self._tool

    def _pin(self, position: QPointF, *, snaps: bool) -> None:
        if not self._chart.room.contains(position):
            return
        self._chart.chosen = None
        before = self._state.scene
        drag = _Hold(self._chart, self._state, "point", None)
        drag.move(position, snaps)
        self._click = before, self._state.scene
        self._take(drag)

    def _go_back(self, kept: int, position: QPointF) -> None:
        """Pin a kept point where it was kept, whichever pixel of its mark is pressed."""
        self._chart.chosen = None
        before = self._state.scene
        self._state.pin(before.kept[kept])
        self._click = before, self._state.scene
        self._take(_Hold(self._chart, self._state, "point", position))

    def _take(self, drag: _Drag) -> None:
        self._drag = drag
        self.stop_hovering()
        self._show_cursor(drag.cursor)

    def _move(self, event: QMouseEvent) -> bool:
        position, snaps = event.position(), _has(event, _Modifier.ControlModifier)
        if self._drag is not None:
            self._drag.move(self._kept_inside(position), snaps)
        elif event.buttons() == Qt.MouseButton.NoButton:
            self._hover(position, snaps=snaps)
        return True

    def _hover(self, position: QPointF, *, snaps: bool) -> None:
        inside = self._chart.room.contains(position)
        self._pointer = position if inside else None
        self._state.hover_at(self.place_at(position, snaps=snaps).z if inside else None)
        holds = self._tool is None and self._chart.handle_at(position) is not None
        if self._has_space or holds:
            self._show_cursor(_Shape.OpenHandCursor)
        else:
            self._show_cursor(_Shape.CrossCursor if inside else _Shape.ArrowCursor)

    def _kept_inside(self, position: QPointF) -> QPointF:
        room = self._chart.room
        return QPointF(
            min(max(position.x(), room.left()), room.right()),
            min(max(position.y(), room.top()), room.bottom()),
        )

    def _release(self, event: QMouseEvent) -> bool:
        if self._drag is not None and not event.buttons():
            self._drag.end()
            self._drag = None
            self._hover(event.position(), snaps=_has(event, _Modifier.ControlModifier))
        return True

    def _double_click(self, event: QMouseEvent) -> bool:
        is_left = event.button() == Qt.MouseButton.LeftButton
        selects = self._tool_of(event) is not None
        holds = self._chart.handle_at(event.position()) not in (None, "point")
        if selects or holds or not is_left:
            return self._press(event)
        # The first click has pinned what was not meant.
        if self._click is not None:
            before, after = self._click
            if before != after == self._state.scene:
                self._state.undo()
        self._click = None
        self._chart.go_home()
        return True

    def _leave(self, _event: QEvent) -> bool:
        self.stop_hovering()
        return True

    def stop_hovering(self) -> None:
        """Forget the pointer until it moves again."""
        self._pointer = None
        self._state.hover_at(None)

    def _wheel(self, event: QWheelEvent) -> bool:
        notches = event.angleDelta().y() / _NOTCH
        if notches:
            self._chart.zoom(_ZOOM_STEP**notches, event.position())
        event.accept()
        return True

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._chart.zoom(max(0.1, 1 + event.value()), event.position())
        return True

    def _let_go(self) -> None:
        """Hold nothing any longer: what was held is not on the map that is shown now."""
        self._click = None
        self._end_nudging()
        if self._drag is not None:
            self._drag = None
            self._state.end_gesture()
            self._chart.unsetCursor()

    # -- the keys ----------------------------------------------------------------------------

    def _claim_key(self, event: QKeyEvent) -> bool:
        """Have keys that the map answers to, before any shortcut of the window's."""
        key, modifiers = event.key(), event.modifiers()
        plain = modifiers in (_Modifier.NoModifier, _Modifier.KeypadModifier)
        wants = (
            (key in _ARROWS and not modifiers & _Modifier.ControlModifier)
            or (plain and (key == Qt.Key.Key_Space or key in _LETTERS))
            or (key == Qt.Key.Key_Escape and self._has_what_escape_ends)
        )
        if wants:
            event.accept()
        return bool(wants)

    @property
    def _has_what_escape_ends(self) -> bool:
        return self.is_dragging or self._tool is not None or self._chart.chosen is not None

    def _press_key(self, event: QKeyEvent) -> bool:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in _ARROWS and not modifiers & _Modifier.ControlModifier:
            self._nudge(event)
        elif key == Qt.Key.Key_Space and not modifiers:
            self._hold_space(is_held=True)
        elif key in _LETTERS and not modifiers:
            index = _LETTERS.index(key)
            if index not in self._chart.anchors:
                return False
            self._chart.chosen = None if self._chart.chosen == index else index
        elif key == Qt.Key.Key_Escape and self._drag is not None:
            self._drag.cancel()
            self._drag = None
            self._chart.unsetCursor()
        elif key == Qt.Key.Key_Escape and self._tool is not None:
            self.tool = None
        elif key == Qt.Key.Key_Escape and self._chart.chosen is not None:
            self._chart.chosen = None
        else:
            return False
        return True

    def _release_key(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return True
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(is_held=False)
        elif event.key() in self._nudging:
            self._nudging.discard(event.key())
            if not self._nudging:
                self._state.end_gesture()
        return True

    def _nudge(self, event: QKeyEvent) -> None:
        """Move what the keys move; all that happens while an arrow is held is one step to undo."""
        if self._drag is not None:
            return
        if not self._nudging:
            self._state.begin_gesture()
        self._nudging.add(event.key())
        (left, right), (bottom, top) = self._chart.viewport.limits
        step = _NUDGE * min(right - left, top - bottom)
        if _has(event, _Modifier.ShiftModifier):
            step *= _FAR
        handle: Handle = "point" if self._chart.chosen is None else self._chart.chosen
        place = place_of(self._state, handle)
        x, y = self._aimed_at(place)
        right_by, up_by = _ARROWS[Qt.Key(event.key())]
        aim = x + step * right_by, y + step * up_by
        moved = self._state.map.from_plane(*aim, place)
        put(self._state, handle, moved)
        self._aim = self._state.map.projection, moved.tobytes(), aim
        self._chart.bring_into_view(moved)

    def _end_nudging(self) -> None:
        if self._nudging:
            self._nudging.clear()
            self._state.end_gesture()

    def _aimed_at(self, place: NDArray[np.float32]) -> Pair:
        """Return where a place is on the map, or where the arrows wanted it to be.

        An approximate map may show it where it was before, and it would never get away.
        """
        if self._aim is not None:
            projection, aimed, aim = self._aim
            if projection is self._state.map.projection and aimed == place.tobytes():
                return aim
        x, y = self._state.map.to_plane(place[None])[0].tolist()
        return x, y

    def _hold_space(self, *, is_held: bool) -> None:
        self._has_space = is_held
        if self._drag is None:
            self._show_cursor(_Shape.OpenHandCursor if is_held else _Shape.CrossCursor)

    def _change_focus(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._has_space = False
            self._end_nudging()
        self._chart.show_focus()
        return False

    def _show_cursor(self, shape: Qt.CursorShape) -> None:
        if self._chart.cursor().shape() != shape:
            self._chart.setCursor(shape)


class _Hold:
    """An anchor or the pinned point that follows the pointer.

    Parameters
    ----------
    start
        Where it was taken hold of: it keeps this distance to the pointer, and doesn't follow before
        the pointer has moved on purpose. None lets it jump to the pointer.
    """

    def __init__(
        self, chart: MapChart, state: ExplorerState, handle: Handle, start: QPointF | None
    ) -> None:
        self._chart, self._state, self._handle = chart, state, handle
        self._start = start
        self._offset = QPointF(0, 0)
        self._follows = start is None
        self.cursor = _Shape.CrossCursor
        if start is not None:
            self._offset = chart.position_of(place_of(state, handle)) - start
            self.cursor = _Shape.ClosedHandCursor
        state.begin_gesture()

    def move(self, position: QPointF, snaps: bool) -> None:
        if not self._follows:
            away = position - (self._start or position)
            if max(abs(away.x()), abs(away.y())) < _JITTER:
                return
            self._follows = True
        image = self._chart.nearest_image(position) if snaps else None
        if image is not None:
            put(self._state, self._handle, self._state.image_place(image))
        else:
            x, y = self._chart.plane_at(position + self._offset)
            place = self._state.map.from_plane(x, y, place_of(self._state, self._handle))
            put(self._state, self._handle, place)

    def end(self) -> None:
        self._state.end_gesture()

    def cancel(self) -> None:
        self._state.cancel_gesture()


class _Pan:
    """The map under the pointer, moved like a sheet of paper."""

    cursor = _Shape.ClosedHandCursor

    def __init__(self, chart: MapChart, start: QPointF) -> None:
        self._chart, self._last, self._viewport = chart, start, chart.viewport

    def move(self, position: QPointF, _snaps: bool) -> None:
        # From what is seen now: the wheel or another size may have changed it since the press.
        by, self._last = position - self._last, position
        self._chart.look(self._chart.viewport.moved(by.x(), by.y()))

    def end(self) -> None:
        """Leave it there."""

    def cancel(self) -> None:
        self._chart.look(self._viewport)


def place_of(state: ExplorerState, handle: Handle) -> NDArray[np.float32]:
    """Return where an anchor or the pinned point is, (d,) float32."""
    return state.point if handle == "point" else state.scene.anchors[handle].point


def put(state: ExplorerState, handle: Handle, place: Place | NDArray[np.float32]) -> None:
    """Put an anchor or the pinned point elsewhere."""
    if handle == "point":
        state.pin(place)
    else:
        state.set_anchor(handle, place)


def _has(event: QMouseEvent | QKeyEvent, modifier: Qt.KeyboardModifier) -> bool:
    return bool(event.modifiers() & modifier)


def _how(event: QMouseEvent) -> Selecting:
    """Return what becomes of what is selected already."""
    if _has(event, _Modifier.ShiftModifier):
        return "add"
    return "subtract" if _has(event, _Modifier.ControlModifier) else "replace"
