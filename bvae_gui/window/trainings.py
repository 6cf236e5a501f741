"""`Trainings`: the window's trainings, taken up when it opens and asked about when it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QObject
from qtpy.QtWidgets import QMessageBox, QWidget

from bvae_core.resources import cache_folder

if TYPE_CHECKING:
    from bvae_gui.jobs import JobManager
    from bvae_gui.state import ExplorerState


class Trainings(QObject):
    """Makes the manager of trainings when there is something to manage.

    Parameters
    ----------
    window
        Which they belong to.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._jobs: JobManager | None = None

    def jobs(self) -> JobManager:
        """Return the manager, which takes over what earlier windows left."""
        if self._jobs is None:
            from bvae_gui.jobs import JobManager

            self._jobs = JobManager(parent=self)
        return self._jobs

    def make_panel(self, state: ExplorerState) -> QWidget:
        """Return a panel to train in."""
        from bvae_gui.panels.training.panel import TrainingPanel

        return TrainingPanel(state, self.jobs())

    def are_unfinished(self) -> bool:
        """Return whether an earlier window left one that goes on, or can be gone on with."""
        folder = cache_folder() / "jobs"
        if self._jobs is None and not (folder.is_dir() and any(folder.iterdir())):
            return False
        return any(job.state not in ("done", "failed") for job in self.jobs().jobs)

    def may_close(self) -> bool:
        """End with the window, or go on without it: ask, if one is being trained.

        Returns
        -------
        bool
            False if the window shall stay.
        """
        if self._jobs is None or not self._jobs.is_training:
            self.stop()  # a child may stand by for the next
            return True
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText("A model is being trained.")
        question.setInformativeText(
            "Stopped, it keeps what it has learnt and can be gone on with. In the background it "
            "goes on, and the next window shows it again."
        )
        stop = question.addButton("Stop training", QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton("Keep training", QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(question.addButton(QMessageBox.StandardButton.Cancel))
        question.exec()
        if question.clickedButton() not in (stop, keep):
            return False
        self._jobs.close(keep_training=question.clickedButton() is keep)
        return True

    def stop(self) -> None:
        """Stop what is being trained, and wait for it."""
        if self._jobs is not None:
            self._jobs.close()
