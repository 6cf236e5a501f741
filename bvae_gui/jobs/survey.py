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
        self._process: QProcess | None = None
        self.destroyed.connect(self._folder.remove)

    @property
    def is_looking(self) -> bool:
        """Whether an answer is to come."""
        return self._process is not None

    def look(self, source: Source) -> None:
        """Look at a source; the answer comes as a signal."""
        self.cancel()
        process = QProcess(self)
        sheet = Path(self._folder.filePath("samples.png"))
        prepare(
            process,
            self._folder.path(),
            "data", "--json", "--output", str(sheet), *source.arguments(),
        )  # fmt: skip
        process.finished.connect(lambda: self._finish(process, source, sheet))
        process.errorOccurred.connect(lambda error: self._fail(process, source, error))
        self._process = process
        process.start()

    def cancel(self) -> None:
        """Look no longer."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished()
            process.deleteLater()

    def _finish(self, process: QProcess, source: Source, sheet: Path) -> None:
        if process is not self._process:
            return
        self._process = None
        process.deleteLater()
        said = bytes(process.readAllStandardOutput().data())
        complaint = bytes(process.readAllStandardError().data()).decode(errors="replace")
        if process.exitCode() or process.exitStatus() != QProcess.ExitStatus.NormalExit:
            *_, last = ["The look at the images was broken off.", *complaint.strip().splitlines()]
            self.failed.emit(source, last.removeprefix("bvae: "))
            return
        self.found.emit(_read(source, said, sheet))

    def _fail(self, process: QProcess, source: Source, error: QProcess.ProcessError) -> None:
        if process is self._process and error == QProcess.ProcessError.FailedToStart:
            self._process = None
            self.failed.emit(source, f"{process.program()} could not be started.")


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
