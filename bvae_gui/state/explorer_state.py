"""`ExplorerState`: the one place where panels meet; knows no Qt.

Panels call its methods when the user acts and listen to its signals to draw. All of it belongs to
one thread, the window's.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from bvae_core.annotations import Annotations, edit_annotations
from bvae_core.bundle import Bundle
from bvae_core.codec import MAX_COORDINATE
from bvae_core.errors import AnchorError
from bvae_core.figures.theme import LIGHT, Ink, Theme
from bvae_core.latent import (
    Neighbours,
    PathKind,
    RangeKind,
    Typicality,
    anchor_label,
    parse_anchor,
    traversal_bounds,
)
from bvae_gui.state.equation import Equation
from bvae_gui.state.history import History
from bvae_gui.state.map_view import MapView
from bvae_gui.state.morph import made_of
from bvae_gui.state.morph_view import MorphView
from bvae_gui.state.opened import Opened, needed
from bvae_gui.state.own_image import OwnImage, Picture
from bvae_gui.state.scene import CORNERS, Mode, Place, Scene, Selecting

if TYPE_CHECKING:
    from bvae_core.originals import Originals


class ExplorerState:
    """An open model, what is pinned in it, the anchors, and how it is looked at.

    Everything but `theme`, `ink` and some of `map` needs an open model: before `open`, `bundle` is
    None and the rest raises a BvaeError. Coordinates that are not finite or not within
    ±`MAX_COORDINATE` never get in: the method raises an AnchorError and nothing changes.

    Attributes
    ----------
    map : MapView
        What the map shows of the model.
    morph : MorphView
        What is made of the anchors, found and decoded.

    Signals
    -------
    bundle_changed()
        Another model is open; all else may have changed with it. The other signals don't follow.
    point_changed()
        The pinned point moved.
    hover_changed()
        The pointer is over another place of the map, or left it.
    anchors_changed()
        An anchor moved, came or went.
    kept_changed()
        A point was kept, or one of them let go.
    selection_changed()
        Other images are selected.
    equation_changed()
        Other places are reckoned with, or with another strength.
    annotations_changed()
        Selections or directions were saved with the model, renamed or removed.
    own_changed()
        Another picture of the user's is read, or none any more.
    mode_changed()
        A setting of the morph changed: mode, interpolation, numbers, dimension, range.
    look_changed()
        `theme` or `ink` is another.
    originals_changed()
        `originals` came to hand, or went.
    history_changed()
        What can be undone or redone is different.
    said(text)
        Something for the status bar.
    """

    bundle_changed = Signal()
    renamed = Signal()
    point_changed = Signal()
    hover_changed = Signal()
    anchors_changed = Signal()
    kept_changed = Signal()
    selection_changed = Signal()
    equation_changed = Signal()
    annotations_changed = Signal()
    own_changed = Signal()
    mode_changed = Signal()
    look_changed = Signal()
    originals_changed = Signal()
    history_changed = Signal()
    said = Signal(str)

    def __init__(self) -> None:
        self.map = MapView()
        self.morph = MorphView()
        self._opened: Opened | None = None
        self._history: History[Scene] = History()
        self._hover: NDArray[np.float32] | None = None
        self._theme: Theme = LIGHT
        self._ink: Ink = "paper"

    # -- the model ---------------------------------------------------------------------------

    def open(self, bundle: Bundle) -> None:
        """Explore another model, from its first view and with nothing to undo.

        Raises
        ------
        BvaeError
            If the model's decoder doesn't work; the model that was open stays open.
        """
        opened = Opened(bundle)
        bundle.decode(opened.scene.point.point)  # a decoder that fails shall fail here
        self._opened = opened
        self.map.show(opened)
        self.morph.show(opened)
        self._history.clear()
        self._hover = None
        self.bundle_changed.emit()
        self.history_changed.emit()

    def rename(self, name: str) -> None:
        """Call the model by the name that its user has given it."""
        self.model.take_name(name)
        self.renamed.emit()

    @property
    def bundle(self) -> Bundle | None:
        """The open model."""
        return None if self._opened is None else self._opened.bundle

    @property
    def model(self) -> Bundle:
        """The open model; a BvaeError if there is none."""
        return self._now.bundle

    @property
    def latent_dim(self) -> int:
        """Dimensions of the latent space."""
        return int(self.model.latents.shape[1])

    @property
    def neighbours(self) -> Neighbours:
        """The index over all codes."""
        return self._now.neighbours

    @property
    def typicality(self) -> Typicality:
        """What ranks places by how likely they are under all codes."""
        return self._now.typicality

    @property
    def kl_per_dim(self) -> NDArray[np.float64]:
        """(d,) nats: mean KL(q(z_j|x) ‖ N(0, 1)) over all images (Kingma & Welling 2014)."""
        return self._now.kl_per_dim

    @property
    def originals(self) -> Originals | None:
        """The images behind the open model's codes, once they are at hand."""
        return None if self._opened is None else self._opened.originals

    def set_originals(self, originals: Originals | None) -> None:
        """Have the images behind the open model's codes at hand, or no longer."""
        self._now.originals = originals
        self.originals_changed.emit()

    def decode(self, z: ArrayLike) -> NDArray[np.float32]:
        """Decode codes: see `bvae_core.bundle.Bundle.decode`."""
        return self.model.decode(z)

    @property
    def _now(self) -> Opened:
        return needed(self._opened)

    # -- the scene ---------------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """All that undo takes back."""
        return self._now.scene

    def restore(self, scene: Scene) -> None:
        """Set all of the scene at once, as one step to undo."""
        self._check(*(place.point for place in scene.places))
        self._check_images(scene.selection)
        self._set(scene)

    def check(self, *places: Place) -> None:
        """Raise an AnchorError if a place can't be one of the open model's."""
        self._check(*(place.point for place in places))

    @property
    def is_in_gesture(self) -> bool:
        """Whether something is being dragged: see `begin_gesture`."""
        return self._history.is_in_gesture

    def begin_gesture(self) -> None:
        """Count what follows, until `end_gesture`, as one step to undo, as a drag."""
        self.end_gesture()
        self._history.begin_gesture(self.scene)

    def end_gesture(self) -> None:
        """End what `begin_gesture` began; without it, do nothing."""
        if self.is_in_gesture and self._history.end_gesture(self.scene):
            self.history_changed.emit()

    def cancel_gesture(self) -> None:
        """Take back what was done since `begin_gesture`; without it, do nothing."""
        before = self._history.cancel_gesture()
        if before is not None:
            self._show(before)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._history.can_redo

    def undo(self) -> None:
        """Take back the last step, if there is one."""
        with self._between_gestures():
            if self._history.can_undo:
                self._show(self._history.undo(self.scene))
                self.history_changed.emit()

    def redo(self) -> None:
        """Do again what was undone last, if there is something."""
        with self._between_gestures():
            if self._history.can_redo:
                self._show(self._history.redo(self.scene))
                self.history_changed.emit()

    @contextlib.contextmanager
    def _between_gestures(self) -> Iterator[None]:
        """End the gesture, and begin another: a button that is held makes one step again."""
        was_in_gesture = self.is_in_gesture
        self.end_gesture()
        yield
        if was_in_gesture:
            self.begin_gesture()

    def _set(self, scene: Scene) -> None:
        """Change the scene as something that can be undone."""
        before = self.scene
        if scene == before:
            return
        is_step = self._history.record(before)
        self._show(scene)
        if is_step:
            self.history_changed.emit()

    def _change(self, **changes: Any) -> None:
        self._set(replace(self.scene, **changes))

    def _show(self, scene: Scene) -> None:
        """Change the scene and tell who draws what is different."""
        before = self.scene
        made_before = made_of(before)
        self._now.scene = scene
        made_of_another = made_of(scene) != made_before
        if made_of_another:
            self.morph.forget()
        if scene.point != before.point:
            self.point_changed.emit()
        if scene.anchors != before.anchors:
            self.anchors_changed.emit()
        if scene.kept != before.kept:
            self.kept_changed.emit()
        if scene.selection != before.selection:
            self.selection_changed.emit()
        if scene.equation != before.equation:
            self.equation_changed.emit()
        if scene.own is not before.own:
            self.own_changed.emit()
        if _settings(scene) != _settings(before):
            self.mode_changed.emit()
        if made_of_another:
            self.morph.changed.emit()

    def _check(self, *points: NDArray[np.float32]) -> None:
        for point in points:
            if point.shape != (self.latent_dim,):
                raise AnchorError(
                    f"z: Expected {self.latent_dim} coordinates. Received: {len(point)}."
                )
            outside = ~(np.abs(point) <= MAX_COORDINATE)  # true of NaN, too
            if outside.any():
                raise AnchorError(
                    f"z: Expected finite coordinates within ±{MAX_COORDINATE:,.0f}. "
                    f"Received: {point[outside][0]:g}."
                )

    # -- places ------------------------------------------------------------------------------

    def place(self, text: str) -> Place:
        """Find the place that people call so, see `bvae_core.latent.anchors`.

        Raises
        ------
        AnchorError
            If there is none.
        """
        place = self._now.place(text)
        self._check(place.point)
        return place

    def class_place(self, label: int, *, mean: bool) -> Place:
        """Return a class's centroid, or else its most typical image."""
        return self._now.class_place(label, mean=mean)

    def image_place(self, index: int) -> Place:
        """Return where the image of that index, counted from 0, was encoded."""
        return self.place(f"#{index}")

    def label(self, place: Place) -> str:
        """Return what to call a place beside it: ``き ki``, ``#1234``, ``(0.5, −1.2)``."""
        return anchor_label(parse_anchor(place.text), self.model.class_names)

    # -- the pinned point and the pointer -----------------------------------------------------

    @property
    def point(self) -> NDArray[np.float32]:
        """Where the pinned point is, (d,) float32."""
        return self.scene.point.point

    def pin(self, place: Place | ArrayLike) -> None:
        """Pin a place, or coordinates (d,)."""
        self._change(point=self._placed(place))

    def set_coordinate(self, dimension: int, value: float) -> None:
        """Move the pinned point along one dimension, counted from 0."""
        point = self.point
        point[dimension] = value
        self.pin(point)

    @property
    def hover(self) -> NDArray[np.float32] | None:
        """The place under the pointer, (d,) float32, or None."""
        return self._hover

    def hover_at(self, z: ArrayLike | None) -> None:
        """Say where the pointer is, or that it left."""
        if z is None:
            if self._hover is not None:
                self._hover = None
                self.hover_changed.emit()
            return
        with np.errstate(over="ignore"):  # too large becomes infinite, which is refused
            point = np.asarray(z, np.float32)
        self._check(point)
        self._hover = point
        self.hover_changed.emit()

    def _placed(self, place: Place | ArrayLike) -> Place:
        if not isinstance(place, Place):
            with np.errstate(over="ignore"):
                place = Place.at(np.asarray(place, np.float32))
        self._check(place.point)
        return place

    @property
    def kept(self) -> NDArray[np.float32]:
        """Where the kept points are, (k, d) float32."""
        kept = [place.z for place in self.scene.kept]
        return np.array(kept, np.float32).reshape(-1, self.latent_dim)

    def keep(self, place: Place | ArrayLike | None = None) -> None:
        """Keep a place, by default the pinned point; an AnchorError beyond `KEPT`."""
        kept = self.scene.point if place is None else self._placed(place)
        if kept not in self.scene.kept:
            self._change(kept=(*self.scene.kept, kept))

    def let_go(self, index: int) -> None:
        """Keep one of the kept points no longer."""
        kept = list(self.scene.kept)
        del kept[index]
        self._change(kept=tuple(kept))

    # -- the selection -----------------------------------------------------------------------

    @property
    def selection(self) -> NDArray[np.int64]:
        """Indices of the selected images, (k,) int64, rising; empty if nothing is selected."""
        return np.array(self.scene.selection, np.int64)

    def select(self, indices: Iterable[int], how: Selecting = "replace") -> None:
        """Select these images and no others, or these as well, or all but these.

        An AnchorError if one of them is none.
        """
        chosen = np.unique(np.fromiter(indices, np.int64))
        self._check_images(tuple(chosen[[0, -1]].tolist()) if len(chosen) else ())
        if how == "add":
            chosen = np.union1d(self.selection, chosen)
        elif how == "subtract":
            chosen = np.setdiff1d(self.selection, chosen, assume_unique=True)
        self._change(selection=tuple(chosen.tolist()))

    def select_class(self, label: int, how: Selecting = "replace") -> None:
        """Select a class's images, or these as well, or all but these."""
        labels = self.model.labels
        self.select(() if labels is None else np.flatnonzero(labels == label), how)

    def select_all(self) -> None:
        """Select all images whose class is not hidden."""
        self.select(np.flatnonzero(self.map.is_shown))

    def invert_selection(self) -> None:
        """Select what isn't selected, of the images whose class is not hidden."""
        chosen = self.map.is_shown
        chosen[self.selection] = False
        self.select(np.flatnonzero(chosen))

    def _check_images(self, indices: tuple[int, ...]) -> None:
        count = len(self.model.latents)
        for index in (indices[0], indices[-1]) if indices else ():
            if not 0 <= index < count:
                raise AnchorError(
                    f"selection: Expected images from 0 to {count - 1}. Received: {index}."
                )

    # -- what is reckoned and noted ------------------------------------------------------------

    @property
    def equation(self) -> Equation:
        """What is reckoned with places; before anybody does, something to begin with."""
        return self.scene.equation or self._now.usual_equation

    def set_equation(self, **changes: Any) -> None:
        """Reckon with other places, or with another strength, by the names in `Equation`.

        Raises
        ------
        AnchorError
            If the result would be out of bounds.
        BvaeError
            If the strength is out of its range.
        """
        equation = replace(self.equation, **changes)
        self._check(*(place.point for place in (*equation.places, equation.result)))
        self._change(equation=equation)

    @property
    def annotations(self) -> Annotations:
        """Selections and directions that are saved with the open model.

        Raises
        ------
        BvaeError
            If they can't be read, see `bvae_core.annotations.load_annotations`.
        """
        return self._now.annotations

    def annotate(self, change: Callable[[Annotations], Annotations]) -> None:
        """Change what is saved with the open model, see `bvae_core.annotations.edit_annotations`.

        It is not undone with the scene: what is saved, others may use meanwhile.
        """
        before = self._now.annotations
        self._now.annotations = edit_annotations(self.model, change)
        if self._now.annotations != before:
            self.annotations_changed.emit()

    # -- a picture of the user's -------------------------------------------------------------

    @property
    def own(self) -> OwnImage | None:
        """The picture of the user's that is read."""
        return self.scene.own

    def read_own(self, picture: Picture) -> OwnImage:
        """Read a picture with the open model, and change nothing.

        Raises
        ------
        DataError
            If there is nothing on it.
        AnchorError
            If the model encodes it to no place.
        """
        own = OwnImage.read(picture, self.model, self._now.image_format)
        self._check(own.codes.mean[0])
        return own

    def set_own(self, own: OwnImage | None) -> None:
        """Have a picture that this model read, or none."""
        self._change(own=own)

    # -- anchors -----------------------------------------------------------------------------

    @property
    def anchors(self) -> NDArray[np.float32]:
        """Where the anchors are, (k, d) float32."""
        return np.array([anchor.z for anchor in self.scene.anchors], np.float32)

    def set_anchor(self, index: int, place: Place | ArrayLike) -> None:
        """Put an anchor elsewhere."""
        anchors = list(self.scene.anchors)
        anchors[index] = self._placed(place)
        self._change(anchors=tuple(anchors))

    def add_anchor(self, place: Place | ArrayLike, index: int | None = None) -> None:
        """Add an anchor, by default behind all others; an AnchorError beyond 8."""
        anchors = list(self.scene.anchors)
        anchors.insert(len(anchors) if index is None else index, self._placed(place))
        self._change(anchors=tuple(anchors))

    def remove_anchor(self, index: int) -> None:
        """Take an anchor away; an AnchorError if too few would be left."""
        anchors = list(self.scene.anchors)
        del anchors[index]
        self._change(anchors=tuple(anchors))

    def swap_anchors(self, first: int, second: int) -> None:
        """Let two anchors change places."""
        anchors = list(self.scene.anchors)
        anchors[first], anchors[second] = anchors[second], anchors[first]
        self._change(anchors=tuple(anchors))

    def spare_place(self) -> Place:
        """Return where one might add an anchor: at the pinned point, if none is there yet."""
        scene = self.scene
        if all(anchor.z != scene.point.z for anchor in scene.anchors):
            return scene.point
        return next(self._now.spare_places(scene.anchors))

    # -- what the morph is made of ------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """Make a path, a grid or a traversal; a grid gets the corners that it lacks."""
        anchors = self.scene.anchors
        if mode == "grid" and len(anchors) < CORNERS:
            missing = CORNERS - len(anchors)
            anchors += tuple(itertools.islice(self._now.spare_places(anchors), missing))
        self._change(mode=mode, anchors=anchors)

    def make_path(self, anchors: Iterable[Place], frames: int) -> None:
        """Make a straight path of so many images through these anchors."""
        self._change(
            mode="path",
            interpolation="straight",
            frames=frames,
            anchors=tuple(self._placed(anchor) for anchor in anchors),
        )

    def set_interpolation(self, kind: PathKind) -> None:
        """Go another kind of way between anchors."""
        self._change(interpolation=kind)

    def set_frames(self, count: int) -> None:
        """Make a path or a traversal of so many images."""
        self._change(frames=count)

    def set_grid(self, rows: int, columns: int) -> None:
        """Make a grid of so many rows and columns."""
        self._change(rows=rows, columns=columns)

    def set_traversal(
        self, dimension: int | None, over: RangeKind, extent: float | None = None
    ) -> None:
        """Vary one dimension, counted from 0, or each, over a range, see `Scene`."""
        traversal_bounds(self.model.latents, over, extent)
        self._change(dimension=dimension, over=over, extent=extent)

    # -- how it looks ------------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        """The colours by day or by night."""
        return self._theme

    @property
    def ink(self) -> Ink:
        """Whether grey images are ink on paper, or grey on black (``screen``)."""
        return self._ink

    def set_look(self, *, theme: Theme | None = None, ink: Ink | None = None) -> None:
        """Change the colours, the ink, or both."""
        before = self._theme, self._ink
        self._theme, self._ink = theme or self._theme, ink or self._ink
        if before != (self._theme, self._ink):
            self.look_changed.emit()

    def say(self, text: str) -> None:
        """Tell the user something in passing."""
        self.said.emit(text)


def _settings(scene: Scene) -> tuple[Any, ...]:
    """Return what the morph's controls show."""
    return (
        scene.mode, scene.interpolation, scene.frames, scene.rows, scene.columns,
        scene.dimension, scene.over, scene.extent,
    )  # fmt: skip
