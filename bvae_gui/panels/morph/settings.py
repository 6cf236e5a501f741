"""What kind of morph is made, and of how many images: the controls of its recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from qtpy.QtCore import QLocale, QSignalBlocker, Qt
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)
from superqt import QFlowLayout

from bvae_core.latent import RangeKind, axis_name, by_information
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import FRAMES, SIDE, Mode
from bvae_gui.style import GRID
from bvae_gui.widgets.gestures import Gestures
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.segmented import Segmented
from bvae_gui.widgets.undo_keys import UndoKeys
from bvae_gui.widgets.way_choice import WayChoice

_MODES: Sequence[tuple[Mode, str, str, str]] = (
    ("path", "Path", "path", "Go from anchor to anchor"),
    ("grid", "Grid", "grid-four", "Fill the space between four anchors"),
    ("traversal", "Traversal", "sliders-horizontal", "Vary one dimension around the pinned point"),
)
_RANGES: dict[RangeKind, tuple[str, str]] = {
    "sigmas": ("Prior, in sigmas", "So many standard deviations of the prior each way"),
    "prior": ("Prior's quantiles", "The prior without its tails"),
    "data": ("Data's range", "From the smallest code to the largest"),
    "quantiles": ("Data's quantiles", "The codes without their tails"),
}
_EVERY = -1  # what stands for every dimension in the list of them
_USUAL_FEWEST = 3  # two frames are the anchors alone; a morph from elsewhere may have them
_USUAL_EXTENT: dict[RangeKind, float] = {"sigmas": 3.0, "prior": 0.05, "quantiles": 0.05}


class MorphSettings(QWidget):
    """Mode, way, numbers, dimension and range; those that the mode has.

    Parameters
    ----------
    state
        What they set.
    parent
        The widget that it lies on.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.mode = Segmented(_MODES, "Kind of morph")
        self.mode.chosen.connect(state.set_mode)
        self.way = WayChoice("Way between anchors")
        self.way.chosen.connect(state.set_interpolation)
        self.frames = self._spin("Frames", "Images from end to end", FRAMES)
        self.frames.valueChanged.connect(state.set_frames)
        self.rows = self._spin("Rows", "Images from top to bottom", SIDE)
        self.columns = self._spin("Columns", "Images from left to right", SIDE)
        for side in (self.rows, self.columns):
            side.valueChanged.connect(self._set_grid)
        self.dimension = named(
            QComboBox(), "Dimension", "What varies: the most informative dimension comes first"
        )
        self.range = named(QComboBox(), "Range", "The range that the dimension goes through")
        for kind, (words, tip) in _RANGES.items():
            self.range.addItem(words, kind)
            self.range.setItemData(self.range.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.dimension.activated.connect(self._set_dimension)
        self.range.activated.connect(self._set_range)
        self.extent = _Extent()
        self._watch(self.extent)
        self.extent.valueChanged.connect(self._set_extent)

        self._groups: dict[QWidget, set[Mode]] = {
            _group(self.mode): set(get_args(Mode)),
            _group(self.way): {"path", "grid"},
            _group(self.dimension, self.range, self.extent): {"traversal"},
            _group(QLabel("Frames"), self.frames): {"path", "traversal"},
            _group(QLabel("Rows × columns"), self.rows, QLabel("×"), self.columns): {"grid"},
        }
        self._row = QFlowLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setHorizontalSpacing(0)
        self._row.setVerticalSpacing(GRID // 2)
        height = max(group.sizeHint().height() for group in self._groups)
        for group in self._groups:
            group.setFixedHeight(height)  # so that all stand on one line
            self._row.addWidget(group)
        self._is_compact = False
        self._full_width = 0
        state.bundle_changed.connect(self._fill)
        state.mode_changed.connect(self._show)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out words where all of it wouldn't be on one line."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        if not self._is_compact:
            self._full_width = self.mode.sizeHint().width()
        groups = (group for group in self._groups if not group.isHidden())
        needed = sum(group.sizeHint().width() for group in groups)
        needed += self._full_width - self.mode.sizeHint().width()
        self._is_compact = needed > self.width()
        self.mode.set_compact(self._is_compact)
        # Qt's splitters and stacks don't ask how high it is for its width.
        for part in (self.mode, *self._groups):
            part.updateGeometry()  # at once, not with the next event
        self.setMinimumHeight(self._row.heightForWidth(self.width()))

    def _fill(self) -> None:
        """Offer the open model's dimensions."""
        self.setEnabled(self._state.bundle is not None)
        if self._state.bundle is None:
            return
        kl = self._state.kl_per_dim
        self.dimension.clear()
        self.dimension.addItem("Every dimension", _EVERY)
        for index in by_information(kl):
            self.dimension.addItem(f"{axis_name(index)} · {kl[index]:.2f} nats", int(index))
        self._show()

    def _show(self) -> None:
        """Show what the state has, without setting it."""
        scene = self._state.scene
        self.mode.choose(scene.mode)
        self.way.choose(scene.interpolation)
        for control, value in (
            (self.frames, scene.frames), (self.rows, scene.rows), (self.columns, scene.columns),
        ):  # fmt: skip
            with QSignalBlocker(control):
                if control is self.frames:
                    control.setMinimum(min(_USUAL_FEWEST, value))
                control.setValue(value)
        self.dimension.setCurrentIndex(
            self.dimension.findData(_EVERY if scene.dimension is None else scene.dimension)
        )
        self.range.setCurrentIndex(self.range.findData(scene.over))
        with QSignalBlocker(self.extent):
            self.extent.show_extent(scene.over, scene.extent)
        for group, modes in self._groups.items():
            group.setVisible(scene.mode in modes)
        self._fit()

    def _set_grid(self) -> None:
        self._state.set_grid(self.rows.value(), self.columns.value())

    def _set_dimension(self) -> None:
        scene, chosen = self._state.scene, self.dimension.currentData()
        self._state.set_traversal(None if chosen == _EVERY else chosen, scene.over, scene.extent)

    def _set_range(self) -> None:
        self._state.set_traversal(self._state.scene.dimension, self.range.currentData())

    def _set_extent(self) -> None:
        scene = self._state.scene
        self._state.set_traversal(scene.dimension, scene.over, self.extent.extent)

    def _spin(self, name: str, tip: str, ends: tuple[int, int]) -> QSpinBox:
        spin = named(QSpinBox(), name, tip)
        spin.setRange(*ends)
        self._watch(spin)
        return spin

    def _watch(self, spin: QAbstractSpinBox) -> None:
        spin.setKeyboardTracking(False)  # of "12", the 1 is not meant
        UndoKeys(spin)
        gestures = Gestures(spin)
        gestures.began.connect(self._state.begin_gesture)
        gestures.ended.connect(self._state.end_gesture)


class _Extent(QDoubleSpinBox):
    """How far a range goes: a number of sigmas, or the percentage left out at each end."""

    def __init__(self) -> None:
        super().__init__()
        self._kind: RangeKind = "sigmas"

    def show_extent(self, kind: RangeKind, extent: float | None) -> None:
        """Show an extent as its kind has it; None is the usual."""
        self._kind = kind
        self.setVisible(kind in _USUAL_EXTENT)
        if kind not in _USUAL_EXTENT:
            return
        self.setDecimals(6)
        is_share = kind != "sigmas"
        self.setRange(*((1e-6, 49.999999) if is_share else (1e-6, 1e6)))
        self.setSingleStep(1 if is_share else 0.5)
        self.setPrefix("" if is_share else "± ")
        self.setSuffix(" %" if is_share else " σ")
        tip = "Left out at each end" if is_share else "Standard deviations each way"
        named(self, "Extent of the range", tip)
        value = _USUAL_EXTENT[kind] if extent is None else extent
        self.setValue(100 * value if is_share else value)

    @property
    def extent(self) -> float:
        """What it shows: sigmas, or a share."""
        value = self.value()
        return value if self._kind == "sigmas" else round(value / 100, 8)

    def textFromValue(self, value: float) -> str:
        """Leave out zeros that say nothing."""
        return QLocale().toString(value, "g", 8)


def _group(*parts: QWidget) -> QWidget:
    """Keep controls together where a row wraps."""
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 2 * GRID, 0)
    row.setSpacing(GRID // 2)
    for part in parts:
        row.addWidget(part)
    return group
