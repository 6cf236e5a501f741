"""`Sweep`: dots are selected by drawing around them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from qtpy.QtCore import QPointF, Qt

from bvae_gui.panels.latent_map.chart import MapChart
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Selecting

#: A line drawn by hand, or a box from corner to corner.
Tool: TypeAlias = Literal["lasso", "box"]

_STEP = 2.0  # pixels between the corners of a lasso
_LEAST = 4.0  # pixels that a drag is long at least: less is a click


class Sweep:
    """A lasso or a box that is being drawn; its end selects the dots in it.

    Parameters
    ----------
    chart
        The map.
    state
        What is selected in.
    tool
        What is drawn.
    how
        What becomes of the images that are selected already.
    start
        Where the button was pressed.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, chart: MapChart, state: ExplorerState, tool: Tool, how: Selecting, start: QPointF
    ) -> None:
        self._chart, self._state, self._tool, self._how = chart, state, tool, how
        self._start = self._last = start
        self._corners = [chart.plane_at(start)]
        self._is_drawn = False

    def move(self, position: QPointF, _snaps: bool) -> None:
        """Draw on to a position of the chart."""
        if _apart(position, self._start) >= _LEAST:
            self._is_drawn = True
        if self._tool == "lasso":
            if _apart(position, self._last) < _STEP:
                return
            self._corners.append(self._chart.plane_at(position))
        else:
            (left, bottom), (right, top) = self._corners[0], self._chart.plane_at(position)
            self._corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        self._last = position
        self._chart.set_outline(self._corners)

    def end(self) -> None:
        """Select what is inside."""
        self.cancel()
        if not self._is_drawn:
            self._state.say("Drag around dots to select them.")
            return
        self._state.select(self._chart.images_within(np.array(self._corners)), self._how)
        count = len(self._state.selection)
        self._state.say(f"{count:,} image{'' if count == 1 else 's'} selected.")

    def cancel(self) -> None:
        """Take the outline away."""
        self._chart.set_outline([])


def _apart(position: QPointF, other: QPointF) -> float:
    away = position - other
    return max(abs(away.x()), abs(away.y()))
