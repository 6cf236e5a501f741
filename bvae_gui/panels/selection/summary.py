"""`Summary`: some images counted by class, their mean, and how far they are from it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QCoreApplication, Qt
from qtpy.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bvae_core.figures.ink import to_rgb8
from bvae_core.kana import with_reading
from bvae_core.selections import Average, average, counts_by_class
from bvae_gui.background import Background
from bvae_gui.endings import when_destroyed
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.class_bars import Bar, ClassBars
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named

Take = Callable[[NDArray[np.int64]], NDArray[Any]]


class Summary(QWidget):
    """Counts at once, and averages beside the window.

    Parameters
    ----------
    state
        Whose images they are.

    Attributes
    ----------
    bars, mean, variance
        What it is made of, from left to right.
    average
        What is averaged; None until that is done.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.average: Average | None = None
        self._unwanted = [threading.Event()]  # the last one, for what may outlive this widget
        self._background = Background(self)
        self.bars = ClassBars()
        self.mean = named(ImageView(side=14 * GRID), "Mean", "The mean of these images")
        self.variance = named(
            ImageView(side=14 * GRID),
            "Variance",
            "How much each pixel varies among these images: full ink is the most that there can be",
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self.bars)
        row.addLayout(_captioned(self.mean, "Mean"))
        row.addLayout(_captioned(self.variance, "Variance"))
        state.look_changed.connect(self._show_average)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._give_up)
        when_destroyed(self, partial(_end, self._unwanted, self._background))

    def show_images(self, indices: NDArray[np.int64], take: Take) -> None:
        """Sum up these images; whatever was being averaged is wanted no longer.

        Parameters
        ----------
        indices
            (k,).
        take
            As `bvae_core.selections.average` has it; called in another thread.
        """
        self._give_up()
        self._show_counts(indices)
        if not len(indices):
            self._take_average(None)
            return
        self._unwanted[0] = threading.Event()
        work = partial(average, take, indices, self._unwanted[0].is_set)
        self._background.run(work, self._take_average)

    def _give_up(self) -> None:
        self._unwanted[0].set()

    def _show_counts(self, indices: NDArray[np.int64]) -> None:
        model = self._state.model
        self.bars.setVisible(model.labels is not None)
        if model.labels is None:
            return
        counts = counts_by_class(model, indices)
        totals = np.bincount(model.labels, minlength=len(counts))
        colours = self._state.theme.class_colours(len(counts))
        self.bars.set_bars([
            Bar(with_reading(name), count, total, colour)
            for name, count, total, colour in zip(
                model.class_names, counts.tolist(), totals.tolist(), colours, strict=True
            )
        ])  # fmt: skip

    def _take_average(self, found: Average | None) -> None:
        self.average = found
        self._show_average()

    def _show_average(self) -> None:
        found, state = self.average, self._state
        for view, image in (
            (self.mean, None if found is None else found.mean),
            (self.variance, None if found is None else found.spread),
        ):
            if image is None:
                view.set_image(None)
                continue
            is_grey = image.ndim == 2
            ground = state.theme.sheet if state.ink == "paper" else "#000000"
            view.set_sheet(ground if is_grey else None)
            view.set_image(to_rgb8(np.clip(image, 0, 1)[None], state.theme, state.ink)[0])


def _end(unwanted: list[threading.Event], background: Background) -> None:
    unwanted[0].set()
    background.stop()


def _captioned(view: ImageView, words: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(GRID // 2)
    column.addWidget(view, 1)
    caption = QLabel(words)
    caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    caption.setProperty("role", "quiet")
    column.addWidget(caption)
    return column
