"""`Link`: what is selected on the map is selected in the viewer, and the other way round.

Nothing goes round in circles: while one side is being told, it is not listened to. That the layers
still have what the items were read from is for a `LayerWatch` to say.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Labels, Points, Shapes
from numpy.typing import NDArray
from qtpy.QtCore import QObject, QTimer

from bvae_core.latent import ImageAnchor, parse_anchor
from bvae_gui.napari.items import Items
from bvae_gui.napari.layers import Marking, from_world, to_world
from bvae_gui.napari.marks import Marks
from bvae_gui.state import ExplorerState

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

# A slider that has stood still for so long was moved in one step, to undo.
_GESTURE_MS = 400


class Link(QObject):
    """Holds a map of a layer's items and the viewer together.

    Parameters
    ----------
    viewer, image, objects
        The layers that the items are from; objects are None where they are whole planes.
    items
        What the codes that are open in the state are of.
    state
        What is explored.
    parent
        Whose end is also this one's.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        image: Image,
        objects: Marking | None,
        items: Items,
        state: ExplorerState,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._viewer, self._image, self._objects = viewer, image, objects
        self._items, self._state = items, state
        self._is_telling = False
        # What is selected in the viewer by itself is marked there already.
        self._marks = (
            Marks(viewer, objects, max(items.shape), state.theme.accent)
            if isinstance(objects, Labels)
            else None
        )
        self._still = QTimer(self, singleShot=True, interval=_GESTURE_MS)
        self._still.timeout.connect(state.end_gesture)
        state.selection_changed.connect(self._show_selection)
        state.point_changed.connect(self._show_point)
        self._listen(True)
        self._follow_viewer()

    def cut(self) -> None:
        """Hold them together no longer."""
        self._listen(False)
        for signal, slot in (
            (self._state.selection_changed, self._show_selection),
            (self._state.point_changed, self._show_point),
        ):
            signal.disconnect(slot)
        if self._still.isActive():
            self._still.stop()
            self._state.end_gesture()
        if self._marks is not None:
            self._marks.remove()

    def _listen(self, on: bool) -> None:
        signals: list[tuple[Any, Any]] = []
        match self._objects:
            case None:
                signals.append((self._viewer.dims.events.current_step, self._follow_viewer))
            case Labels():
                signals.append((self._objects.events.selected_label, self._follow_viewer))
                signals.append((self._viewer.dims.events.current_step, self._mark_anew))
                signals.append((self._viewer.dims.events.ndisplay, self._mark_anew))
                callbacks = self._objects.mouse_drag_callbacks
                (callbacks.append if on else callbacks.remove)(self._follow_pick)
            case Points() | Shapes():
                # Where a selection has no events of its own, shapes tell of its highlight.
                events = getattr(self._objects.selected_data, "events", None)
                changed = self._objects.events.highlight if events is None else events.items_changed
                signals.append((changed, self._follow_viewer))
        for signal, slot in signals:
            (signal.connect if on else signal.disconnect)(slot)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        self._is_telling = True
        try:
            yield
        finally:
            self._is_telling = False

    # -- from the viewer to the map ------------------------------------------------------------

    def _follow_viewer(self, _event: Any = None) -> None:
        """Pin, and select, what the viewer shows or has selected."""
        if self._is_telling:
            return
        found = self._in_viewer()
        if not len(found):
            return
        with self._telling():
            if not self._still.isActive():
                self._state.begin_gesture()
            self._still.start()
            if self._objects is not None:
                self._state.select(found.tolist())
            if len(found) == 1:
                self._state.pin(self._state.image_place(int(found[0])))
            self._mark(self._state.selection)

    def _follow_pick(self, objects: Labels, _event: Any) -> Iterator[None]:
        """Follow the picker also to the label that was selected already, which has no event."""
        yield  # the picker's own answer to the press
        if objects.mode == "pick":
            self._follow_viewer()

    def _in_viewer(self) -> NDArray[np.int64]:
        """Return which items the viewer shows or has selected."""
        objects, ids = self._objects, self._items.ids
        if objects is None:
            step = self._step_of_image()
            plane = np.array([step[axis] for axis in self._lead], np.int64)
            return np.flatnonzero((self._items.planes == plane).all(axis=1))
        if isinstance(objects, Labels):
            same = np.flatnonzero(ids == int(objects.selected_label))
            if len(same) > 1 and self._lead:  # an object that is followed through time
                step = self._step_of_image()
                plane = np.array([step[axis] for axis in self._lead], np.int64)
                away = np.abs(self._items.planes[same] - plane).sum(axis=1)
                same = same[[away.argmin()]]
            return same
        chosen = np.array(sorted(int(index) for index in objects.selected_data), np.int64)
        return np.flatnonzero(np.isin(ids, chosen))

    @property
    def _lead(self) -> list[int]:
        """Axes of the image's layer along which its planes lie."""
        return [axis for axis in self._items.picture.axes[:-2] if axis < self._image.ndim]

    def _step_of_image(self) -> list[int]:
        """Return what the viewer's sliders show, in the image's data coordinates."""
        return [round(float(place)) for place in self._place_of_image()]

    def _place_of_image(self) -> NDArray[np.float64]:
        return from_world(self._viewer, self._image, np.array(self._viewer.dims.point, np.float64))

    # -- from the map to the viewer ------------------------------------------------------------

    def _show_selection(self) -> None:
        if self._is_telling:
            return
        selection = self._state.selection
        with self._telling():
            objects = self._objects
            if isinstance(objects, Points | Shapes):
                objects.selected_data = set(self._items.ids[selection].tolist())
                objects.refresh()
            elif isinstance(objects, Labels) and len(selection):
                objects.selected_label = int(self._items.ids[self._nearest(selection)])
            self._mark(selection)
            if len(selection):
                self._go_to(self._nearest(selection))

    def _show_point(self) -> None:
        """Show the item that was pinned as one, as by a click on one of the nearest."""
        if self._is_telling:
            return
        anchor = parse_anchor(self._state.scene.point.text)
        if not isinstance(anchor, ImageAnchor):
            return
        with self._telling():
            self._go_to(anchor.index)
            if isinstance(self._objects, Labels):
                self._objects.selected_label = int(self._items.ids[anchor.index])

    def go_through_selection(self, step: int) -> None:
        """Show the next of the selected items, or with −1 the one before."""
        selection = self._state.selection
        if not len(selection):
            return
        at = int(np.searchsorted(selection, self._shown()))
        is_one = at < len(selection) and selection[at] == self._shown()
        to = at + step if is_one or step < 0 else at
        self._state.pin(self._state.image_place(int(selection[to % len(selection)])))

    def _shown(self) -> int:
        anchor = parse_anchor(self._state.scene.point.text)
        return anchor.index if isinstance(anchor, ImageAnchor) else -1

    def _nearest(self, selection: NDArray[np.int64]) -> int:
        """Return the selected item whose code is nearest to the pinned point."""
        away = self._state.model.latents[selection] - self._state.point
        return int(selection[(away**2).sum(axis=1).argmin()])

    def _mark(self, selection: NDArray[np.int64]) -> None:
        if self._marks is None:
            return
        if len(selection):
            self._marks.show(self._items.ids[selection[self._is_seen(selection)]])
        else:
            self._marks.remove()

    def _mark_anew(self, _event: Any = None) -> None:
        """Mark what is selected in the planes that are seen now; another's may have its label."""
        if self._lead and len(self._state.selection):
            self._mark(self._state.selection)

    def _is_seen(self, selection: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of these items are on planes that the viewer shows."""
        step, dims = self._step_of_image(), self._viewer.dims
        offset = dims.ndim - self._image.ndim
        is_seen = np.ones(len(selection), bool)
        for axis, planes in zip(self._lead, self._items.planes[selection].T, strict=False):
            if axis + offset not in dims.displayed:
                is_seen &= planes == step[axis]
        return is_seen

    def _go_to(self, index: int) -> None:
        """Bring an item into view: its plane, and its place if that is out of sight."""
        viewer, image = self._viewer, self._image
        place = self._place_of_image()  # whose channel stays as it is
        axes = [axis for axis in self._items.picture.axes if axis < image.ndim]
        place[axes] = self._items.centres[index]
        world = to_world(viewer, image, place)
        offset = viewer.dims.ndim - len(world)
        for axis in viewer.dims.not_displayed:
            if axis >= offset:
                viewer.dims.set_point(axis, float(world[axis - offset]))
        if self._items.kind != "frames" and viewer.dims.ndisplay == 2:
            seen = [world[axis - offset] for axis in viewer.dims.displayed if axis >= offset]
            if len(seen) == 2 and not self._is_in_sight(np.array(seen)):
                viewer.camera.center = (0, *seen)

    def _is_in_sight(self, place: NDArray[np.float64]) -> bool:
        viewer = self._viewer
        # Before napari 0.9 the viewer had no canvas, but its size.
        canvas = getattr(viewer, "canvas", None)
        size = viewer._canvas_size if canvas is None else canvas.size
        half = np.array(size, np.float64) / (2 * viewer.camera.zoom)
        centre = np.array(viewer.camera.center[-2:])
        return bool((np.abs(place - centre) <= half).all())
