"""`Projector`: the UMAP of a model's codes, computed in a child process."""

from __future__ import annotations

import json
from pathlib import Path

from qtpy.QtCore import QObject, QProcess, QTemporaryDir, Signal

from bvae_gui.jobs.command import NICE
from bvae_gui.jobs.process import prepare


class Projector(QObject):
    """Has one projection at a time computed; another one ends the one before.

    The child ends with this program. What it has found is in the cache when it says so.

    Signals
    -------
    progressed(done, total)
        So many steps of so many are done; total is 0 as long as it isn't known.
    found(Path)
        The projection of the model in this folder is there.
    failed(str)
        Why not, in a sentence.
    ended()
        Nothing is computed any more, whatever the reason.
    """

    progressed = Signal(int, int)
    found = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = QTemporaryDir()
        self._model: Path | None = None
        self._heard = b""
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def is_working(self) -> bool:
        """Whether a projection is being computed."""
        return self._model is not None

    def compute(self, model: Path) -> None:
        """Compute the UMAP of the model in a folder; the answer comes as a signal."""
        self.cancel()
        self._model, self._heard = model, b""
        prepare(
            self._process,
            self._folder.path(),
            "project", "--json-events", "--stop-with-parent", "--nice", str(NICE), "--", str(model),
        )  # fmt: skip
        self.progressed.emit(0, 0)
        self._process.start()

    def cancel(self) -> None:
        """Compute nothing any more."""
        was_working, self._model = self.is_working, None
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()  # what it writes, it writes whole or not at all
            self._process.waitForFinished()
        if was_working:
            self.ended.emit()

    def _read(self) -> None:
        *lines, self._heard = (
            self._heard + bytes(self._process.readAllStandardOutput().data())
        ).split(b"\n")
        for line in lines:
            event = json.loads(line)
            if self.is_working and event["event"] == "progress":
                self.progressed.emit(event["done"], event["total"])

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        self._read()
        complaint = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        model, self._model = self._model, None
        if model is None:  # it was cancelled
            return
        self.ended.emit()
        if status or how != QProcess.ExitStatus.NormalExit:
            *_, last = ["The projection was broken off.", *complaint.strip().splitlines()]
            self.failed.emit(last.removeprefix("bvae: "))
        else:
            self.found.emit(model)

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self.is_working:
            self._model = None
            self.ended.emit()
            self.failed.emit(f"{self._process.program()} could not be started.")
