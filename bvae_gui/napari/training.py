"""`TrainingView`: trainings on what the viewer shows, with their progress in its activity dock."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.utils import progress
from qtpy.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bvae_core.bundle import open_bundle
from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError
from bvae_core.files import replacing_file
from bvae_core.resources import cache_folder
from bvae_gui.jobs import Job, JobManager, Source
from bvae_gui.napari.choice import Chosen, LayerChoice
from bvae_gui.napari.colouring import Classes, colouring
from bvae_gui.napari.encoding import Stopped, gather
from bvae_gui.napari.notifications import report, show_info
from bvae_gui.napari.pixels import fitting_size, to_model
from bvae_gui.napari.progress import IsStopped, Task, Tell
from bvae_gui.napari.settings import preferences
from bvae_gui.panels.training.panel import TrainingPanel
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari.components import ViewerModel
    from napari.layers import Layer
    from numpy.typing import NDArray

    from bvae_core.figures.theme import Theme
    from bvae_gui.napari.items import Items

_LONGEST_NAME = 60


class TrainingView(QWidget):
    """The panel of trainings, and above it which of the viewer's images to train on.

    Parameters
    ----------
    viewer
        That it is docked in.
    show_model
        Is told a model's fingerprint, and what it was trained on where that is known, when it is
        done and shall be opened.
    parent
        The widget that it lies in.

    Attributes
    ----------
    choice, use_button
        Which images.
    panel, jobs
        The trainings. These end with the viewer.
    task
        What is being done beside the viewer.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        show_model: Callable[[str, Chosen | None], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._viewer, self._show_model = viewer, show_model
        self._chosen: dict[str, Chosen] = {}  # by the source that was written of it
        self.state = ExplorerState()
        self.state.set_look(ink=preferences().ink)
        self.state.said.connect(show_info)
        self.jobs = JobManager()  # of its own: it has to outlive the widget, to end its trainings
        self.panel = TrainingPanel(self.state, self.jobs)
        self.choice = LayerChoice(viewer, side=preferences().crop_size)
        self.task = Task(self)
        self._bars: dict[str, progress] = {}
        self.use_button = named(
            QPushButton("Use these images"),
            "Use these images",
            "Take the chosen images of the viewer as what to train on",
        )
        self.use_button.clicked.connect(self.use_chosen)
        self.choice.changed.connect(self._offer)
        self.task.busy_changed.connect(lambda _: self._offer())
        self.jobs.job_changed.connect(self._show_progress)
        self.jobs.finished.connect(self._finish)
        self._lay_out()
        self._offer()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.use_button)
        top = QVBoxLayout()
        top.setContentsMargins(GRID, GRID, GRID, 0)
        top.setSpacing(GRID)
        top.addWidget(self.choice)
        top.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.panel, 1)

    # -- the images ----------------------------------------------------------------------------

    def take(self, layer: Layer) -> None:
        """Choose a layer, and use it."""
        self.choice.choose(layer)
        self.use_chosen()

    def use_chosen(self) -> None:
        """Write the chosen images where a training can read them, and fill in the form."""
        chosen = self.choice.chosen
        if chosen is None:
            return
        try:
            find = chosen.finder(self._viewer)
        except BvaeError as error:
            report(error)
            return
        longest = preferences().longest_side

        def work(is_stopped: IsStopped, tell: Tell) -> Path:
            items = find(is_stopped)
            return write_images(items, longest, lambda n: tell(n, len(items)), is_stopped)

        def use(path: Path) -> None:
            self._chosen[str(path)] = chosen
            self.panel.form.choose(Source(str(path)), TrainConfig())
            self.panel.show_form()

        self.task.run("Reading the layer", work, use)

    def _offer(self) -> None:
        self.use_button.setEnabled(self.choice.chosen is not None and not self.task.is_busy)

    # -- trainings -----------------------------------------------------------------------------

    def _show_progress(self, job: Job) -> None:
        """Say in the activity dock how far a training is."""
        if job.state != "running":
            self._close_bar(job)
            return
        bar = self._bars.get(job.id)
        if bar is None:
            bar = self._bars[job.id] = progress(total=0, desc=f"Training {job.title}")
        of = (job.started.config.epochs or 0) if job.started is not None else 0
        if bar.total != of:
            bar.total = of
        bar.update(job.epoch - bar.n)

    def _close_bar(self, job: Job) -> None:
        bar = self._bars.pop(job.id, None)
        if bar is not None:
            bar.close()

    def _finish(self, job: Job, model: Path) -> None:
        if not job.open_when_done:
            return
        try:
            fingerprint = open_bundle(model).fingerprint
        except BvaeError as error:
            report(error)
            return
        self._show_model(fingerprint, self._chosen.get(job.source.text))

    # -- how it looks, and the end -------------------------------------------------------------

    def wear(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.state.set_look(theme=theme)

    def end(self) -> None:
        """Stop what goes on, and follow the viewer no longer."""
        self.task.stop()
        self.choice.forget()
        self.jobs.close()
        for bar in self._bars.values():
            bar.close()
        self._bars.clear()


def write_images(
    items: Items,
    longest: int,
    tell: Callable[[int], None],
    is_stopped: Callable[[], bool],
) -> Path:
    """Write items as an ``.npz`` in the cache folder, as `bvae_core.datasets.load` reads it.

    The same images are written once.

    Parameters
    ----------
    items
        What to train on; the first of their features that tells kinds apart gives the classes.
    longest
        Larger images are scaled down to so many pixels a side.
    tell
        Told how many are done.
    is_stopped
        Asked before each chunk.

    Raises
    ------
    Stopped
        If `is_stopped` said so.
    BvaeError
        If the pixels can't be read, or the file not be written.
    """
    shape = (*fitting_size(items.shape, longest), 3 if items.picture.is_rgb else 1)

    def chunks() -> Iterator[NDArray[np.uint8]]:
        for which in items.batches():
            if is_stopped():
                raise Stopped
            yield to_model(items.read(which), shape)
            tell(which.stop)

    arrays: dict[str, Any] = {"images": gather(items, shape, chunks)}
    for name, column in items.features.items():
        known = colouring(name, column)
        if isinstance(known, Classes) and name != "split":
            arrays |= {"labels": known.labels, "class_names": np.array(known.names)}
            break
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    slug = re.sub(r"[^\w.-]+", "_", items.name).strip("_.")[:_LONGEST_NAME] or "layer"
    path = cache_folder() / "layers" / digest.hexdigest()[:16] / f"{slug}.npz"
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BvaeError(f"{path.parent} could not be made: {error.strerror}.") from error
        with replacing_file(path) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
    return path
