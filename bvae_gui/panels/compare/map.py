"""`CompareMap`: one model's map, on which the same image is marked as on the others."""

from __future__ import annotations

import numpy as np
from qtpy.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from qtpy.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from qtpy.QtWidgets import QWidget

from bvae_core.figures.theme import Theme
from bvae_gui.canvas import BlitCanvas
from bvae_gui.panels.compare.comparison import Comparison
from bvae_gui.plots.ground import Ground, whole
from bvae_gui.plots.marks import Marks, PointMark
from bvae_gui.plots.scale import Scale
from bvae_gui.plots.viewport import Viewport

_LEFT, _TOP, _RIGHT, _BOTTOM = 32, 8, 8, 24
_ZOOM_STEP, _NOTCH = 1.2, 120
_SMALLEST, _USUAL = QSize(128, 160), QSize(320, 192)


class CompareMap(BlitCanvas):
    """Draws a map; the wheel zooms, a double click shows all.

    Parameters
    ----------
    comparison
        What is compared.
    index
        Which model's map it is.
    theme
        The colours.
    parent
        The widget that it lies on.

    Signals
    -------
    pointed(image)
        The pointer is nearest to this image; None where it has left.
    chosen(image)
        It was clicked.
    menu_requested(image, position)
        It was right-clicked, at a global position.
    """

    pointed = Signal(object)
    chosen = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(
        self, comparison: Comparison, index: int, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._comparison, self._index, self._theme = comparison, index, theme
        self._dots = comparison.shown[index]
        self._home = self._viewport = self._fitting()
        # Each of several maps has its turn, so that the window doesn't wait for all of them.
        self._build_soon = QTimer(self, interval=0, singleShot=True)
        self._build_soon.timeout.connect(self._build)
        self._ground: Ground | None = None
        self._marks, self._point = Marks(theme), PointMark(theme)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.mpl_connect("resize_event", lambda _event: self._fit_size())
        self._build_soon.start()

    def set_theme(self, theme: Theme) -> None:
        """Draw it in other colours."""
        if theme != self._theme:
            self._theme = theme
            self._build_soon.start()

    def show_mark(self) -> None:
        """Mark the image that is marked."""
        self._point.point = self._dots[[self._comparison.marked]]
        self._point.has_keys = self._comparison.is_pointed
        self.refresh()

    def show_morph(self) -> None:
        """Draw the morph's way, and its ends as seals."""
        way = self._comparison.way_on_map(self._index)
        self._marks.way = self._marks.frames = way
        self._marks.anchors = way[[0, -1]]
        self._fit_names()
        self.redraw()

    def show_frame(self, frame: int) -> None:
        """Mark a frame of the morph."""
        self._marks.frame = frame
        self.refresh()

    def show_classes(self) -> None:
        """Leave out the classes that are hidden."""
        self._build_soon.start()

    def position_of(self, image: int) -> QPointF:
        """Return where an image's dot is, in this widget's coordinates."""
        x, y = self._viewport.to_pixels(self._dots[[image]])[0]
        return QPointF(x + _LEFT, y + _TOP)

    def image_at(self, position: QPointF) -> int | None:
        """Return the image, of those that are drawn, whose dot is nearest to a position."""
        if self._ground is None or not self._room.contains(position):
            return None
        seen = np.flatnonzero(self._ground.is_seen)
        if not len(seen):
            return None
        place = self._viewport.to_plane(position.x() - _LEFT, position.y() - _TOP)
        away = self._dots[seen] - np.asarray(place, np.float32)
        away /= np.asarray(self._viewport.scale, np.float32)
        return int(seen[np.einsum("ij,ij->i", away, away).argmin()])

    def sizeHint(self) -> QSize:
        """Return a small size: it takes the room that is left."""
        return _USUAL

    def minimumSizeHint(self) -> QSize:
        """Return a smaller one."""
        return _SMALLEST

    # -- the mouse ---------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest image."""
        self.pointed.emit(self.image_at(event.position()))

    def leaveEvent(self, _event: QEvent) -> None:
        """Point at nothing."""
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the nearest image."""
        image = self.image_at(event.position())
        if image is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(image)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Leave it at that."""

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """See all."""
        self._look(self._home)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        at = event.position()
        times = _ZOOM_STEP ** (event.angleDelta().y() / _NOTCH)
        self._look(self._viewport.zoomed(times, at.x() - _LEFT, at.y() - _TOP))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu."""
        image = self.image_at(QPointF(event.pos()))
        if image is not None:
            self.menu_requested.emit(image, event.globalPos())

    # -- drawing -----------------------------------------------------------------------------

    @property
    def _room(self) -> QRectF:
        width, height = self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM
        return QRectF(_LEFT, _TOP, max(1, width), max(1, height))

    def _build(self) -> None:
        self.figure.set_facecolor(self._theme.ground)
        self._axes = self.cleared_plane()
        self._axes.add_artist(Scale(self._theme, len(self._comparison.axis_names[self._index])))
        model = self._comparison.models[self._index]
        self._ground = Ground(
            self._theme, self._dots, model.labels, model.class_names, self._comparison.hidden
        )
        self._marks, self._point = Marks(self._theme), PointMark(self._theme)
        for artist in (self._ground, self._marks, self._point):
            self._axes.add_artist(artist)
        self.add_moving(self._marks, self._point)
        self.show_mark()
        self.show_morph()
        self._apply_viewport()

    def _fitting(self) -> Viewport:
        size = self._room.width(), self._room.height()
        is_line = len(self._comparison.axis_names[self._index]) == 1
        return whole(self._dots, size, is_line=is_line)

    def _fit_size(self) -> None:
        was_home, self._home = self._viewport == self._home, self._fitting()
        resized = self._viewport.resized((self._room.width(), self._room.height()))
        self._look(self._home if was_home else resized)

    def _look(self, viewport: Viewport) -> None:
        self._viewport = viewport.kept_near(self._home)
        self._apply_viewport()

    def _apply_viewport(self) -> None:
        if self._ground is None:
            return
        room, width, height = self._room, max(1, self.width()), max(1, self.height())
        self._axes.set_position(
            (_LEFT / width, _BOTTOM / height, room.width() / width, room.height() / height)
        )
        across, up = self._viewport.limits
        self._axes.set(xlim=across, ylim=up)
        self._fit_names()
        self.redraw()

    def _fit_names(self) -> None:
        if self._ground is not None:
            self._ground.fit_names(self._viewport, self._viewport.to_pixels(self._marks.anchors))
