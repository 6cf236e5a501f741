"""`DimensionsPanel`: a slider for each dimension of the pinned point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtGui import QResizeEvent, QShowEvent
from qtpy.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.latent import axis_name, data_quantile_range
from bvae_core.latent.units import DEAD_NATS
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.gestures import Gestures
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.value_slider import ValueSlider

_LEAST_REACH = 3.0
_ROWS_SHOWN = 5
_ROW = 3 * GRID  # the height of a slider


class DimensionsPanel(QWidget):
    """Sliders that move the pinned point, those of the dimensions that say most first.

    It is folded away for a model of one or two dimensions, where the map says it all.

    Parameters
    ----------
    state
        What is open and pinned.
    parent
        The widget that it lies in.

    Attributes
    ----------
    fold_button, reset_button
        Its title.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._rows: _Rows | None = None
        self._is_folded = True
        self._dimensions_before = 0
        self._lay_out()
        state.bundle_changed.connect(self._renew)
        state.point_changed.connect(self._show_point)
        state.mode_changed.connect(self._show_traversal)
        self._renew()

    @property
    def is_folded(self) -> bool:
        """Whether only the title is shown."""
        return self._is_folded

    def set_folded(self, is_folded: bool) -> None:
        """Show the title only, or the sliders too."""
        self._is_folded = is_folded
        self.fold_button.setIcon(icon("caret-right" if is_folded else "caret-down"))
        self.fold_button.setAccessibleDescription("folded" if is_folded else "unfolded")
        self._area.setHidden(is_folded)
        self.reset_button.setHidden(is_folded)
        policy = QSizePolicy.Policy.Fixed if is_folded else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody saw it."""
        super().showEvent(event)
        self._refresh()

    def _lay_out(self) -> None:
        self.fold_button = named(
            QToolButton(self), "Dimensions", "Show or hide a slider a dimension"
        )
        self.fold_button.setText("Dimensions")
        self.fold_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fold_button.clicked.connect(lambda: self.set_folded(not self._is_folded))
        self.reset_button = named(
            QToolButton(self), "Set all coordinates to 0", "Set all coordinates to 0"
        )
        self.reset_button.setIcon(icon("arrow-counter-clockwise"))
        self.reset_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reset_button.clicked.connect(self._go_to_origin)
        title = QHBoxLayout()
        title.addWidget(self.fold_button)
        title.addStretch()
        title.addWidget(self.reset_button)
        self._area = _RowArea(self)
        self._area.uncovered.connect(self._show_point)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, 0, GRID, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addLayout(title)
        column.addWidget(self._area, 1)

    # -- what the user does ----------------------------------------------------------------------

    def _move(self, dimension: int, value: float) -> None:
        point = self._state.point
        point[dimension] = value
        self._state.pin(point)

    def _go_to_origin(self) -> None:
        self._state.pin(np.zeros(self._state.latent_dim, np.float32))

    def _vary(self, dimension: int) -> None:
        scene = self._state.scene
        self._state.set_traversal(dimension, scene.over, scene.extent)

    # -- what is shown -----------------------------------------------------------------------------

    def _renew(self) -> None:
        """Show another model."""
        self._rows = None
        is_open = self._state.bundle is not None
        self.setEnabled(is_open)
        dimensions = self._state.latent_dim if is_open else 0
        if dimensions != self._dimensions_before or not is_open:
            self._dimensions_before = dimensions
            self.set_folded(dimensions <= 2)
        self._refresh()

    def _refresh(self) -> None:
        """Make the rows if they are seen for the first time, and have them right."""
        if self._state.bundle is None or self.is_folded or not self.isVisible():
            return
        if self._rows is None:
            self._rows = _Rows(self._state, self._area)
            self._rows.moved.connect(self._move)
            self._rows.picked.connect(self._vary)
            self._area.setWidget(self._rows)
        self._show_point()
        self._show_traversal()

    def _show_point(self) -> None:
        if self._rows is not None and self._rows.isVisible():
            self._rows.show_point(self._state.point.tolist())

    def _show_traversal(self) -> None:
        if self._rows is not None:
            self._rows.show_traversal(self._state.scene.dimension)


class _RowArea(QScrollArea):
    """Scrolls rows up and down; would like to show the first few.

    Signals
    -------
    uncovered()
        Rows may be seen that were not before.
    """

    uncovered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        rows, shown = self.widget(), _ROWS_SHOWN * _ROW
        if rows is None:
            return QSize(0, shown)
        return QSize(rows.sizeHint().width(), min(shown, rows.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 2 * _ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.uncovered.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.uncovered.emit()


class _Rows(QWidget):
    """A slider for each dimension of the open model.

    Signals
    -------
    moved(dimension, value)
        A slider was moved.
    picked(dimension)
        A name was clicked.
    """

    moved = Signal(int, float)
    picked = Signal(int)

    def __init__(self, state: ExplorerState, parent: QWidget) -> None:
        super().__init__(parent)
        codes = state.model.latents
        self._reach = max(_LEAST_REACH, float(np.abs(codes).max()))
        self._usual = data_quantile_range(codes).tolist()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(0)
        order = np.argsort(-state.kl_per_dim, kind="stable").tolist()
        self._sliders = [(dimension, self._slider(dimension, state)) for dimension in order]
        self._column.addStretch()

    def show_point(self, point: Sequence[float]) -> None:
        """Show where the point is, in the rows that are seen."""
        seen = self.visibleRegion().boundingRect()
        rows = slice(max(0, seen.top() // _ROW), seen.bottom() // _ROW + 1)
        for dimension, slider in self._sliders[rows]:
            slider.show_number(point[dimension])

    def show_traversal(self, varied: int | None) -> None:
        """Mark the dimension that traversals vary; None marks none, since every one varies."""
        for dimension, slider in self._sliders:
            slider.mark(dimension == varied)

    def _slider(self, dimension: int, state: ExplorerState) -> ValueSlider:
        nats = float(state.kl_per_dim[dimension])
        is_dead = nats < DEAD_NATS
        low, high = self._usual[dimension]
        slider = ValueSlider(
            axis_name(dimension),
            f"{nats:.2f} nats",
            self._reach,
            (low, high),
            is_faint=is_dead,
            parent=self,
        )
        hint = (
            f"Dimension {dimension + 1} says {nats:.3g} nats about an image"
            f"{': next to nothing, it is dead' if is_dead else ''}. The band holds nine codes in "
            "ten. Double click or the key 0: 0; arrow keys: small steps; a click on the name, or "
            "Enter: traversals vary it."
        )
        named(slider, f"Dimension {dimension + 1}, {nats:.2f} nats", hint)
        slider.chosen.connect(partial(self.moved.emit, dimension))
        slider.picked.connect(partial(self.picked.emit, dimension))
        gestures = Gestures(slider)
        gestures.began.connect(state.begin_gesture)
        gestures.ended.connect(state.end_gesture)
        gestures.cancelled.connect(slider.end_drag)
        gestures.cancelled.connect(state.cancel_gesture)
        self._column.addWidget(slider)
        return slider
