"""`Measurer`: measures a model in a child process that others go before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qtpy.QtCore import QObject, QProcess, QTemporaryDir, Signal

from bvae_core.diagnostics import Measurement
from bvae_core.errors import DataError
from bvae_gui.jobs.command import NICE, Source
from bvae_gui.jobs.process import prepare

# What the images and the steps after them take of the whole.
_IMAGES = 0.3
# How what `bvae` itself says on standard error begins.
_OURS = "bvae: "


class Measurer(QObject):
    """Measures one model at a time in full; the figures are kept in the cache, too.

    Signals
    -------
    began()
    progressed(share)
        So much is done, 0 to 1.
    found(Measurement)
    warned(sentence)
        What is wrong, though something was measured, such as a cache that can't be written.
    failed(sentence)
        What is wrong, and nothing was measured.
    ended()
        After all of these, or when it was stopped.
    """

    began = Signal()
    progressed = Signal(float)
    found = Signal(object)
    warned = Signal(str)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = QTemporaryDir()  # a place to run in
        self._process: QProcess | None = None
        self._rest = b""
        self._found: Measurement | None = None
        self._problem = ""

    @property
    def is_measuring(self) -> bool:
        """Whether an answer is to come."""
        return self._process is not None

    def measure(self, model: Path, source: Source) -> None:
        """Measure the model in a folder on images; what is being measured is stopped.

        Parameters
        ----------
        model
            The bundle's folder.
        source
            Where the images are. They are brought to the model's size and colours.
        """
        self.stop()
        self._rest, self._found, self._problem = b"", None, ""
        process = QProcess(self)
        prepare(
            process, self._folder.path(), "evaluate", *measuring_options(source), *_watched(),
            "--", str(model.absolute()), source.text,
        )  # fmt: skip
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        self._process = process
        self.began.emit()
        process.start()

    def stop(self) -> None:
        """Measure no longer; there is nothing to lose but the work."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.waitForFinished()
        process.deleteLater()
        self.ended.emit()

    def _read(self) -> None:
        if self._process is None:
            return
        said = bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest = (self._rest + said).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:  # a library's own words
                continue
            if isinstance(event, dict):
                self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        match event:
            case {"event": "progress", "what": what, "done": int(done), "total": int(total)}:
                share = done / max(1, total)
                is_first = what == "images"
                self.progressed.emit(
                    _IMAGES * share if is_first else _IMAGES + (1 - _IMAGES) * share
                )
            case {"event": "measured", "measurement": values}:
                try:
                    self._found = Measurement.from_json(values)
                except DataError as error:
                    self._problem = str(error)

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:  # it was stopped
            return
        self._read()
        complaint = bytes(process.readAllStandardError().data()).decode(errors="replace")
        self._process = None
        process.deleteLater()
        if status or how != QProcess.ExitStatus.NormalExit or self._found is None:
            *_, last = ["The measurement was broken off.", *complaint.strip().splitlines()]
            self.failed.emit(self._problem or last.removeprefix(_OURS))
        else:
            self.found.emit(self._found)
            for line in complaint.splitlines():
                if line.startswith(_OURS):
                    self.warned.emit(line.removeprefix(_OURS))
        self.ended.emit()

    def _fail(self, error: QProcess.ProcessError) -> None:
        process = self._process
        if process is not None and error == QProcess.ProcessError.FailedToStart:
            self._process = None
            self.failed.emit(f"{process.program()} could not be started.")
            self.ended.emit()


def measuring_options(source: Source) -> list[str]:
    """Return the options of `bvae evaluate` that measure all there is of these images."""
    where = [] if source.data_dir is None else ["--data-dir", source.data_dir]
    part = [] if source.only is None else ["--only", source.only]
    return ["--full", *where, *part]


def _watched() -> list[str]:
    return ["--json-events", "--stop-with-parent", "--nice", str(NICE)]
