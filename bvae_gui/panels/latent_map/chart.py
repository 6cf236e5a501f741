"""`MapChart`: the latent map as it is drawn; it follows the state, and knows what is where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPointF, QRect, QRectF
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import QWidget

from bvae_core.latent import posterior_ellipse, within_outline
from bvae_gui.canvas import BlitCanvas
from bvae_gui.panels.latent_map.underlays import Underlays
from bvae_gui.plots.ground import Ground, whole
from bvae_gui.plots.marks import (
    KEPT,
    OWN_REACH,
    POINT_REACH,
    RING,
    SEAL,
    Marks,
    OwnMark,
    PointMark,
)
from bvae_gui.plots.outline import Outline
from bvae_gui.plots.scale import Scale, write_axis_names
from bvae_gui.plots.viewport import Pair, Viewport
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import CORNERS

#: What can be taken hold of: an anchor by its index, or the pinned point.
Handle: TypeAlias = int | Literal["point"]

#: Around the axes: room for numbers and the axes' names.
LEFT, TOP, RIGHT, BOTTOM = 40, 32, 16, 48
# How far around an image's mean its outlines are, in standard deviations.
_SIGMAS = (1.0, 2.0)
_REACH = 2.0  # pixels around a handle that still count as it


class MapChart(BlitCanvas):
    """Draws the open model's map.

    Parameters
    ----------
    state
        What it follows.
    parent
        The widget that it lies on.

    Attributes
    ----------
    viewport : Viewport
        What part of the plane is seen.
    underlays
        What lies under the dots, and is made beside the window.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._needs_build = True
        self._chosen: int | None = None
        self._home = self.viewport = Viewport((0, 0), (1, 1), (1, 1))
        self._to_see: tuple[Pair, Pair] | None = None
        self.underlays = Underlays(state, self)
        self.underlays.changed.connect(self._show_underlays)
        self.mpl_connect("resize_event", lambda _event: self._fit_size())
        for signal, slot in (
            (state.bundle_changed, self._begin),
            (state.map.view_changed, self._begin),
            (state.map.layers_changed, self._show_layers),
            (state.map.classes_changed, self._show_classes),
            (state.selection_changed, self._show_selection),
            (state.map.quantity_changed, self._show_classes),
            (state.look_changed, self._rebuild),
            (state.point_changed, self._show_point),
            (state.anchors_changed, self._show_anchors),
            (state.kept_changed, self._show_kept),
            (state.own_changed, self._show_own),
            (state.mode_changed, self._show_anchors),
            (state.morph.changed, self._show_morph),
            (state.morph.settled_changed, self._show_empty),
            (state.morph.frame_changed, self._show_frame),
            (state.history_changed, self._settle),
        ):
            signal.connect(slot)
        self._begin()

    # -- where things are --------------------------------------------------------------------

    @property
    def room(self) -> QRectF:
        """The pixels that the axes lie on."""
        width = max(1, self.width() - LEFT - RIGHT)
        height = max(1, self.height() - TOP - BOTTOM)
        return QRectF(LEFT, TOP, width, height)

    def plane_at(self, position: QPointF) -> Pair:
        """Return the point of the plane at a position on this widget."""
        return self.viewport.to_plane(position.x() - LEFT, position.y() - TOP)

    def position_of(self, place: NDArray[np.float32]) -> QPointF:
        """Return where a place of latent space, (d,), is on this widget."""
        x, y = self.viewport.to_pixels(self._state.map.to_plane(place[None]))[0]
        return QPointF(x + LEFT, y + TOP)

    def handle_at(self, position: QPointF) -> Handle | None:
        """Return what can be taken hold of at a position; anchors come before the point."""
        for index in self.anchors:
            away = position - self.position_of(self._state.anchors[index])
            if max(abs(away.x()), abs(away.y())) <= SEAL + _REACH:
                return index
        away = position - self.position_of(self._state.point)
        return "point" if away.x() ** 2 + away.y() ** 2 <= RING**2 else None

    def kept_at(self, position: QPointF) -> int | None:
        """Return the index of the kept point whose mark is at a position, the nearest if many."""
        kept = self._state.kept
        if not len(kept):
            return None
        marks = self.viewport.to_pixels(self._state.map.to_plane(kept))
        away = np.hypot(*(marks - (position.x() - LEFT, position.y() - TOP)).T)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= KEPT + _REACH else None

    def nearest_image(self, position: QPointF) -> int | None:
        """Return which image's dot, of those that are drawn, is nearest to a position."""
        seen = np.flatnonzero(self._ground.is_seen)
        if not len(seen):
            return None
        away = (self._state.map.shown[seen] - self.plane_at(position)) / self.viewport.scale
        return int(seen[(away**2).sum(axis=1).argmin()])

    def images_within(self, outline: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return which images' dots, of those that are drawn, lie within an outline of the plane.

        Parameters
        ----------
        outline
            (m, 2), its corners in order.
        """
        seen = np.flatnonzero(self._ground.is_seen)
        return seen[within_outline(self._state.map.shown[seen], outline)]

    @property
    def anchors(self) -> range:
        """Indices of the anchors that the morph is made of, and that are drawn."""
        scene = self._state.scene
        used = {"path": len(scene.anchors), "grid": CORNERS, "traversal": 0}
        return range(used[scene.mode])

    @property
    def empty_stretches(self) -> NDArray[np.float32]:
        """What is marked of the way as leading through empty space, (m, 2), broken by NaN."""
        return self._marks.empty

    # -- what is looked at -------------------------------------------------------------------

    @property
    def is_home(self) -> bool:
        """Whether all is seen, as at first."""
        return self.viewport == self._home

    def look(self, viewport: Viewport) -> None:
        """See another part of the plane, as far as it is within reach."""
        self._to_see = None
        self.viewport = viewport.kept_near(self._home)
        self._apply_viewport()

    @property
    def limits(self) -> tuple[Pair, Pair] | None:
        """((left, right), (bottom, top)) of what is seen of the plane; None where all is."""
        return None if self.is_home else (self._to_see or self.viewport.limits)

    def see(self, limits: tuple[Pair, Pair] | None) -> None:
        """See what is within these limits, as far as it is within reach; or all.

        However large the map becomes: until one looks elsewhere.
        """
        self.look(self._home if limits is None else self._within(limits))
        self._to_see = limits

    def _within(self, limits: tuple[Pair, Pair]) -> Viewport:
        (left, right), (bottom, top) = limits
        size, is_line = self._home.size, self._home.is_line
        return Viewport.fitting((left, bottom), (right, top), size, is_line=is_line)

    def go_home(self) -> None:
        """See all."""
        self.look(self._home)

    def zoom(self, times: float, about: QPointF | None = None) -> None:
        """See everything so many times as large, about a position or the middle."""
        centre = self.room.center() if about is None else about
        self.look(self.viewport.zoomed(times, centre.x() - LEFT, centre.y() - TOP))

    def bring_into_view(self, place: NDArray[np.float32]) -> None:
        """Have a place of latent space, (d,), in the middle, unless it is seen already."""
        x, y = self._state.map.to_plane(place[None])[0].tolist()
        if not self.viewport.contains((x, y)):
            self.look(self.viewport.centred((x, y)))

    # -- what the keys move ------------------------------------------------------------------

    @property
    def chosen(self) -> int | None:
        """The anchor that the keys move; None where they move the pinned point."""
        return self._chosen if self._chosen in self.anchors else None

    @chosen.setter
    def chosen(self, index: int | None) -> None:
        self._chosen = index
        self.show_focus()

    def show_focus(self) -> None:
        """Draw anew what shows where the keys go."""
        if self._state.bundle is not None:
            self._show_point()
            self._show_anchors()

    # -- drawing -----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was not drawn while it was hidden."""
        super().showEvent(event)  # type: ignore[no-untyped-call]
        if self._needs_build:
            self._build()

    def _begin(self) -> None:
        """Look at another model, or at the same one from another side."""
        self._chosen = self._to_see = None
        if self._state.bundle is not None:
            self._home = self.viewport = self._fitting()
        self._rebuild()

    def _rebuild(self) -> None:
        self._needs_build = True
        if self.isVisible():
            self._build()

    def _build(self) -> None:
        state, theme = self._state, self._state.theme
        self._needs_build = False
        self.underlays.begin()
        self.figure.set_facecolor(theme.ground)
        if state.bundle is None:
            self.clear()
            return
        names = state.map.projection.names
        self._axes = self.cleared_plane()
        self._axes.add_artist(Scale(theme, len(names)))
        if state.latent_dim <= 2:
            write_axis_names(self._axes, theme, names)
        self._add_ground()
        self._marks, self._outline = Marks(theme), Outline(theme)
        self._own, self._point = OwnMark(theme), PointMark(theme)
        for artist in (self._marks, self._outline, self._own, self._point):
            self._axes.add_artist(artist)
        self.add_moving(self._marks, self._outline)
        self.add_above(self._own, self._point)
        self._fit_size()
        self._show_kept()
        self._show_own()
        self._show_morph()
        self.show_focus()

    def _add_ground(self) -> None:
        state, bundle = self._state, self._state.model
        shares = None if state.map.quantity is None else state.map.quantity.shares
        self._ground = Ground(
            state.theme,
            state.map.shown,
            bundle.labels,
            bundle.class_names,
            state.map.hidden,
            shares,
        )
        if state.scene.selection:
            self._ground.select(state.selection)
        self._ground.layers = state.map.layers
        self._ground.underlays = self.underlays.pictures
        self._axes.add_artist(self._ground)

    def set_outline(self, corners: Sequence[Pair]) -> None:
        """Draw a closed line through points of the plane, or none."""
        self._outline.corners = np.array(corners, np.float64).reshape(-1, 2)
        self.refresh()

    def _show_selection(self) -> None:
        if not self._needs_build:
            self._ground.select(self._state.selection)
            self.redraw()

    def _show_layers(self) -> None:
        if not self._needs_build:
            self._ground.layers = self._state.map.layers
            self.underlays.update()
            self.redraw()

    def _show_underlays(self) -> None:
        if not self._needs_build and self._state.bundle is not None:
            self._ground.underlays = self.underlays.pictures
            self.redraw()

    def _show_classes(self) -> None:
        if not self._needs_build:
            self._ground.remove()
            self._add_ground()
            self._fit_names()
            self.redraw()

    def _fitting(self) -> Viewport:
        size = self.room.width(), self.room.height()
        is_line = len(self._state.map.projection.names) == 1
        return whole(self._state.map.shown, size, is_line=is_line)

    def _fit_size(self) -> None:
        if self._state.bundle is None:
            return
        was_home, self._home = self.is_home, self._fitting()
        if was_home:
            self.viewport = self._home
        elif self._to_see is not None:
            self.viewport = self._within(self._to_see).kept_near(self._home)
        else:
            resized = self.viewport.resized((self.room.width(), self.room.height()))
            self.viewport = resized.kept_near(self._home)
        self._apply_viewport()

    def _apply_viewport(self) -> None:
        if self._needs_build:
            return
        room, width, height = self.room, max(1, self.width()), max(1, self.height())
        self._axes.set_position(
            (LEFT / width, BOTTOM / height, room.width() / width, room.height() / height)
        )
        across, up = self.viewport.limits
        self._axes.set(xlim=across, ylim=up)
        self.underlays.look(self.viewport, self.device_pixel_ratio)
        self._fit_names()
        self.redraw()

    def _fit_names(self) -> bool:
        places = self._state.map.to_plane(self._state.anchors)[self.anchors]
        return self._ground.fit_names(self.viewport, self.viewport.to_pixels(places))

    def _settle(self) -> None:
        """Let names make room for anchors, now that no drag has to be quick."""
        if not self._needs_build and self._fit_names():
            self.redraw()

    def _show_point(self) -> None:
        if not self._needs_build:
            before = self._covered()
            self._point.point = self._state.map.to_plane(self._state.point[None])
            self._point.has_keys = self.hasFocus() and self.chosen is None
            self.underlays.update()
            self.refresh_above(*before, *self._covered())

    def _covered(self) -> list[QRect]:
        """Return where the marks are that lie above, all of them: all are drawn if one moves."""
        areas = [self._around(self._point.point, POINT_REACH)]
        if len(self._own.own):
            own = np.concatenate([self._own.own, self._own.outlines])
            areas.append(self._around(own[np.isfinite(own).all(axis=1)], OWN_REACH))
        return areas

    def _around(self, points: NDArray[np.float32], reach: int) -> QRect:
        """Return the pixels so near to points of the map, (m, 2), or to what is between them."""
        if not len(points):
            return QRect()
        pixels = self.viewport.to_pixels(points)
        first, last = QPointF(*pixels.min(axis=0).tolist()), QPointF(*pixels.max(axis=0).tolist())
        area = QRectF(first, last).translated(LEFT, TOP).adjusted(-reach, -reach, reach, reach)
        return area.intersected(QRectF(self.rect())).toAlignedRect()

    def _show_anchors(self) -> None:
        if not self._needs_build:
            self._marks.anchors = self._state.map.to_plane(self._state.anchors)[self.anchors]
            self._marks.chosen = self.chosen if self.hasFocus() else None
            self.refresh()

    def _show_kept(self) -> None:
        if not self._needs_build:
            self._marks.kept = self._state.map.to_plane(self._state.kept)
            self.refresh()

    def _show_own(self) -> None:
        """Draw where the user's own image lies, and one and two deviations around it."""
        if self._needs_build:
            return
        own, mark, nowhere = self._state.own, self._own, np.empty((0, 2), np.float32)
        before = self._covered()
        mark.own = mark.outlines = nowhere
        if own is not None:
            mean, log_var = own.codes.mean[0], own.codes.log_var[0]
            centre = self._state.map.to_plane(mean[None])
            around = posterior_ellipse(self._state.map.projection, mean, log_var) - centre
            mark.own = centre
            mark.outlines = _broken([centre + sigmas * around for sigmas in _SIGMAS])
        self.refresh_above(*before, *self._covered())

    def _show_morph(self) -> None:
        if not self._needs_build:
            self._marks.frames = self._state.map.to_plane(self._state.morph.places)
            self._marks.way = self._way(self._marks.frames)
            self._show_empty()
            self._show_frame()

    def _show_empty(self) -> None:
        """Mark what of the way leads through empty space, if that is known."""
        if not self._needs_build:
            settled = self._state.morph.settled
            stretches = () if settled is None else settled.empty
            self._marks.is_empty = None if settled is None else settled.is_empty
            self._marks.empty = _broken([self._state.map.to_plane(places) for places in stretches])
            self.refresh()

    def _show_frame(self) -> None:
        if not self._needs_build:
            self._marks.frame = self._state.morph.frame
            self.refresh()

    def _way(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the line to draw: through the frames, row by row, or along a grid's edges."""
        scene, state = self._state.scene, self._state
        if scene.mode == "grid":
            grid = frames.reshape(scene.rows, scene.columns, 2)
            lines = [grid[0], grid[-1], grid[:, 0], grid[:, -1]]
        elif state.morph.row_dimensions is not None:
            lines = list(frames.reshape(state.latent_dim, scene.frames, 2))
        else:
            return frames
        return _broken(lines)


def _broken(lines: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return lines (n, 2) as one that is broken by NaN."""
    gap = np.full((1, 2), np.nan, np.float32)
    return np.concatenate([part for line in lines for part in (line, gap)] or [gap[:0]])
