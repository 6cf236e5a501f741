"""`Forming`: how a latent space forms, preview by preview, and a slider to see it again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt, QTimer, QVariantAnimation
from qtpy.QtGui import QAction, QResizeEvent
from qtpy.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from bvae_core.errors import DataError
from bvae_core.figures.ink import mosaic, to_rgb8
from bvae_core.figures.theme import Theme
from bvae_core.latent import spread_out
from bvae_core.training.previews import (
    Preview,
    Sample,
    preview_files,
    read_preview,
    read_sample,
)
from bvae_gui.canvas import BlitCanvas
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named

_GLIDE_MS = 240
_REPLAY_MS = 120
#: The map shows at least so much around the origin: most of what the prior expects.
_REACH = 3.0


class Forming(QWidget):
    """Shows previews of a training: where its sample lies, and what a few characters become.

    It follows the newest preview until the user looks at an earlier one.

    Attributes
    ----------
    slider
        Which preview is shown.
    play_action
        Replays them from the first to the last.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._folder: Path | None = None
        self._paths: list[Path] = []
        self._sample: Sample | None = None
        self._shown: Preview | None = None
        self._steps = QTimer(self, interval=_REPLAY_MS)
        self._steps.timeout.connect(self._step)
        self._lay_out()
        state.look_changed.connect(self._dress)

    def _lay_out(self) -> None:
        self.map = _SampleMap(self._state.theme, self)
        self.characters = ImageView(self, side=10 * GRID)
        named(
            self.characters,
            "Characters and their reconstructions",
            "Above, characters as they are; below, as the model draws them",
        )
        self.characters.setFixedHeight(9 * GRID)
        self.slider = named(
            QSlider(Qt.Orientation.Horizontal),
            "Preview",
            "See how the space formed: drag, or use the arrow keys",
        )
        self.slider.valueChanged.connect(self._show_index)
        self.slider.sliderPressed.connect(self._steps.stop)
        self.play_action = QAction(icon("play"), "Replay", self)
        self.play_action.setToolTip("Replay how the space formed")
        self.play_action.triggered.connect(self.replay)
        button = named(QToolButton(), "Replay", "Replay how the space formed")
        button.setDefaultAction(self.play_action)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._caption = named(QLabel(), "Epoch shown")
        self._caption.setProperty("role", "quiet")
        self._caption.setMinimumWidth(10 * GRID)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(button)
        row.addWidget(self.slider, 1)
        row.addWidget(self._caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.map, 1)
        column.addWidget(self.characters)
        column.addLayout(row)

    def follow(self, folder: Path) -> None:
        """Show the previews in a folder, the newest first."""
        self._steps.stop()
        self._folder = folder
        self._paths, self._sample, self._shown = [], None, None
        self.map.clear_dots()
        self.characters.set_image(None)
        self.update_previews()

    def update_previews(self) -> None:
        """Look for new previews, and show the newest if the last one was shown."""
        if self._folder is None:
            return
        was_newest = self.slider.value() >= len(self._paths) - 1
        before, self._paths = self._paths, preview_files(self._folder)
        if self._sample is None and self._paths:
            try:
                self._sample = read_sample(self._folder)
            except DataError:  # not there yet
                self._paths = before
                return
            self.map.begin(self._sample)
        self.slider.setEnabled(len(self._paths) > 1)
        self.play_action.setEnabled(len(self._paths) > 1)
        newest = max(0, len(self._paths) - 1)
        index = newest if was_newest else min(self.slider.value(), newest)
        self.slider.blockSignals(True)
        self.slider.setRange(0, newest)
        self.slider.setValue(index)
        self.slider.blockSignals(False)
        self._show_index(index)

    def replay(self) -> None:
        """Show all previews, one after the other, from the first; or stop doing so."""
        if self._steps.isActive():
            self._steps.stop()
            return
        self.slider.setValue(0)
        self._steps.start()

    @property
    def epoch(self) -> float | None:
        """After how many epochs the preview was made that is shown."""
        return None if self._shown is None else self._shown.epoch

    def _step(self) -> None:
        if self.slider.value() >= self.slider.maximum():
            self._steps.stop()
        else:
            self.slider.setValue(self.slider.value() + 1)

    def _show_index(self, index: int) -> None:
        if not self._paths:
            self._caption.setText("")
            return
        path = self._paths[min(index, len(self._paths) - 1)]
        try:
            self._shown = read_preview(path)
        except DataError as error:
            self._state.say(str(error))
            return
        self.map.show_codes(self._shown.codes)
        self._show_characters()
        epoch = self._shown.epoch
        self._caption.setText(_when(epoch))

    def _show_characters(self) -> None:
        if self._sample is None or self._shown is None:
            return
        theme, ink = self._state.theme, self._state.ink
        originals, drawn = self._sample.characters, self._shown.reconstructions
        tiles = to_rgb8(np.concatenate([originals, drawn]), theme, ink)
        self.characters.set_image(mosaic(tiles, len(originals), (2, 2), theme.ground))

    def _dress(self) -> None:
        self.map.set_theme(self._state.theme)
        self._show_characters()


class _SampleMap(BlitCanvas):
    """Where the sample's codes are; they glide from one preview to the next."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "Forming map", "Where a thousand of the images lie, coloured by class")
        self._theme = theme
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._class_count = 0
        self._axes_of_plane: NDArray[np.float64] | None = None
        self._from = self._to = self._now = np.empty((0, 2))
        self._reach = _REACH
        self._glide = QVariantAnimation(self, duration=_GLIDE_MS, startValue=0.0, endValue=1.0)
        self._glide.valueChanged.connect(self._move)
        self._build()

    def begin(self, sample: Sample) -> None:
        """Show another sample."""
        self._labels, self._class_count = sample.labels, len(sample.class_names)
        self._axes_of_plane = None
        self._from = self._to = self._now = np.empty((0, 2))
        self._reach = _REACH
        self._build()

    def clear_dots(self) -> None:
        """Show nothing."""
        self.begin(Sample(np.empty(0, np.int64), (), np.empty((0, 8, 8, 1), np.uint8)))

    def show_codes(self, codes: NDArray[np.float32]) -> None:
        """Let the dots glide to where these codes, (n, d), are seen."""
        target = self._seen(codes)
        reach = max(_REACH, 1.08 * float(np.abs(target).max(initial=0)))
        if reach > self._reach or reach < 0.6 * self._reach:
            self._reach = reach
            self._fit()
        glides = self._now.shape == target.shape and self.isVisible()
        self._from, self._to = (self._now if glides else target), target
        self._glide.stop()
        if glides:
            self._glide.start()
        else:
            self._move(1.0)

    def _seen(self, codes: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return where codes are on the map, (n, 2)."""
        if codes.shape[1] == 2:
            return codes.astype(float)
        if codes.shape[1] == 1:
            return spread_out(codes).astype(float)
        self._axes_of_plane = _plane(codes, self._axes_of_plane)
        return codes.astype(float) @ self._axes_of_plane.T

    @property
    def dots(self) -> NDArray[np.float64]:
        """Where the dots are going, (n, 2)."""
        return self._to

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self._theme = theme
        self._build()
        self._move(1.0)

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(280, 280)

    def minimumSizeHint(self) -> QSize:
        """Return a smaller one."""
        return QSize(200, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep units equal across and down."""
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        self._fit()

    def _build(self) -> None:
        theme = self._theme
        self.figure.set_facecolor(theme.ground)
        self._axes = self.cleared_plane()
        for line in (self._axes.axhline, self._axes.axvline):
            line(0, color=theme.line, linewidth=0.8)
        known = bool(len(self._labels) and self._class_count)
        colours = theme.class_colours(self._class_count) if known else (theme.text,)
        self._groups = (
            [np.flatnonzero(self._labels == label) for label in range(self._class_count)]
            if known
            else [None]
        )
        self._lines: list[Line2D] = [
            self._axes.plot([], [], "o", color=colour, ms=3, mew=0, alpha=0.8)[0]
            for colour in colours
        ]
        self.add_moving(*self._lines)
        self._fit()

    def _fit(self) -> None:
        width, height = max(1, self.width()), max(1, self.height())
        unit = min(width, height)
        self._axes.set_xlim(-self._reach * width / unit, self._reach * width / unit)
        self._axes.set_ylim(-self._reach * height / unit, self._reach * height / unit)
        self.redraw()

    def _move(self, share: float) -> None:
        eased = share * share * (3 - 2 * share)
        self._now = self._from + eased * (self._to - self._from)
        for line, members in zip(self._lines, self._groups, strict=True):
            line.set_data(*(self._now if members is None else self._now[members]).T)
        self.refresh()


def _plane(codes: NDArray[np.float32], before: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return the two directions of largest variance, (2, d), turned as near as can be to `before`.

    Without that the picture would spin from preview to preview (orthogonal Procrustes).
    """
    centred = codes.astype(float) - codes.mean(axis=0)
    axes: NDArray[np.float64] = np.linalg.eigh(centred.T @ centred)[1][:, :-3:-1].T
    if before is None or before.shape != axes.shape:
        return axes
    u, _, v = np.linalg.svd(before @ axes.T)
    turned: NDArray[np.float64] = (u @ v) @ axes
    return turned


def _when(epoch: float) -> str:
    """Say after how many epochs something was, or in which epoch."""
    if not epoch:
        return "before training"
    return f"after epoch {epoch:,.0f}" if epoch == int(epoch) else f"in epoch {int(epoch) + 1:,}"
