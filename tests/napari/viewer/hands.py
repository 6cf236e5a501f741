"""What a user does with the mouse, and what is pinned then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtTest import QTest

from bvae_gui.napari.host import unwrapped

if TYPE_CHECKING:
    from napari import Viewer

    from bvae_gui.napari.explorer import ExplorerView


def lasso(view: ExplorerView, *items: int) -> None:
    """Draw a lasso with the mouse around the dots of some items, close by each other or not."""
    chart = view.explorer.map.chart
    shown = view.state.map.shown[list(items)]
    to_position = [chart.viewport.to_pixels(place[None])[0] for place in shown]
    corner = chart.room.topLeft()
    left = min(x for x, _ in to_position) - 6 + corner.x()
    right = max(x for x, _ in to_position) + 6 + corner.x()
    top = min(y for _, y in to_position) - 6 + corner.y()
    bottom = max(y for _, y in to_position) + 6 + corner.y()
    view.explorer.map.selecting.lasso.trigger()
    way = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top + 2)]
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(chart, button, pos=QPointF(*way[0]).toPoint())
    for here in way:
        QTest.mouseMove(chart, QPointF(*here).toPoint())
    QTest.mouseRelease(chart, button, pos=QPointF(*way[-1]).toPoint())


def pinned(view: ExplorerView) -> str:
    return view.state.scene.point.text


def click(viewer: Viewer, row: float, column: float) -> None:
    """Click on a place of the world, in the viewer's canvas."""
    canvas = unwrapped(viewer).window._qt_viewer.canvas.native
    middle_row, middle_column = viewer.camera.center[-2:]
    zoom = viewer.camera.zoom / canvas.devicePixelRatioF()
    x = canvas.width() / 2 + (column - middle_column) * zoom
    y = canvas.height() / 2 + (row - middle_row) * zoom
    here = QPoint(round(x), round(y))
    QTest.mouseMove(canvas, here)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=here)
