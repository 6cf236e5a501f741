"""A look at images before anything is trained on them, in a child process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from qtpy.QtCore import QObject, QProcess, QTemporaryDir, Signal

from bvae_gui.jobs.command import Source
from bvae_gui.jobs.process import prepare


@dataclass(frozen=True, eq=False)
class Survey:
    """What a source holds.

    Parameters
    ----------
    source
        That was looked at.
    name
        What the images are called.
    image_shape
        (H, W, C).
    train_count, test_count
        Images of each split.
    classes
        Each class's name and number of images, in the order of the labels.
    samples
        (k, H, W, C) uint8, up to 30 images of all classes.
    """

    source: Source
    name: str
    image_shape: tuple[int, int, int]
    train_count: int
    test_count: int
    classes: tuple[tuple[str, int], ...]
    samples: NDArray[np.uint8]

    @property
    def count(self) -> int:
        """All images."""
        return self.train_count + self.test_count


class Surveyor(QObject):
    """Looks at one source at a time; a new look ends the one before.

    Signals
    -------
    found(Survey)
    failed(Source, str)
        What is wrong with it, in a sentence.
    """

    found = Signal(object)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = QTemporaryDir()
        self._sheet = Path(self._folder.filePath("samples.png"))
        self._source: Source | None = None
        self._process = QProcess(self)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def is_looking(self) -> bool:
        """Whether an answer is to come."""
        return self._source is not None

    def look(self, source: Source) -> None:
        """Look at a source; the answer comes as a signal."""
        self.cancel()
        self._source = source
        prepare(
            self._process,
            self._folder.path(),
            "data", "--json", "--output", str(self._sheet), *source.arguments(),
        )  # fmt: skip
        self._process.start()

    def cancel(self) -> None:
        """Look no longer."""
        self._source = None
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished()

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        source, self._source = self._source, None
        said = bytes(self._process.readAllStandardOutput().data())
        complaint = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        if source is None:  # it was cancelled
            return
        if status or how != QProcess.ExitStatus.NormalExit:
            *_, last = ["The look at the images was broken off.", *complaint.strip().splitlines()]
            self.failed.emit(source, last.removeprefix("bvae: "))
            return
        self.found.emit(_read(source, said, self._sheet))

    def _fail(self, error: QProcess.ProcessError) -> None:
        source = self._source
        if source is not None and error == QProcess.ProcessError.FailedToStart:
            self._source = None
            self.failed.emit(source, f"{self._process.program()} could not be started.")


def _read(source: Source, said: bytes, sheet: Path) -> Survey:
    values = json.loads(said)
    height, width, channels = values["image_shape"]
    columns, count = values["sheet"]["columns"], values["sheet"]["images"]
    with Image.open(sheet) as picture:
        pixels = np.asarray(picture).reshape(-1, height, columns, width, channels)
    tiles = pixels.swapaxes(1, 2).reshape(-1, height, width, channels)[:count]
    return Survey(
        source=source,
        name=values["name"],
        image_shape=(height, width, channels),
        train_count=values["train_count"],
        test_count=values["test_count"],
        classes=tuple((each["name"], each["count"]) for each in values["classes"]),
        samples=tiles,
    )
