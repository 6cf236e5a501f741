"""What runs a job: a child process of this window, or one that an earlier window left behind."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from filelock import FileLock, Timeout
from qtpy.QtCore import QObject, QProcess, QTimer, Signal

from bvae_core.cli.parent import GRACE, KEEP
from bvae_core.cli.standby import Order
from bvae_gui.jobs.command import NICE
from bvae_gui.jobs.job import Job
from bvae_gui.jobs.log import EventLines, EventLog
from bvae_gui.jobs.process import prepare

_POLL_MS = 200
_STARTED_MS = 10_000
#: A child ends by itself when it can't stop in order for so long; after some more it is made to.
_PATIENCE_MS = int(1000 * GRACE) + 3000


class Child(QProcess):
    """A training as a child process; it stops when this window is gone, however that comes.

    Parameters
    ----------
    parent
        Whose end is also this one's.

    Signals
    -------
    happened(Event)
    ended(int or None)
        The exit status; negative the signal that killed it.
    """

    happened = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = EventLines()
        self._has_ended = False
        self._deadline = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._deadline.timeout.connect(self.kill)
        self.readyReadStandardOutput.connect(self._read)
        self.finished.connect(self._finish)
        self.errorOccurred.connect(self._fail)

    def stand_by(self) -> None:
        """Start the process, and let it load TensorFlow until there is something to do.

        It is as much a child as one that trains: it ends with this window.
        """
        prepare(self, str(Path.home()), str(NICE), module="bvae_core.cli.standby")
        self.setStandardErrorFile(QProcess.nullDevice())
        self.start()

    def train(self, job: Job) -> None:
        """Train this: at once if it has stood by, or else as soon as TensorFlow is loaded."""
        if self.state() != QProcess.ProcessState.NotRunning:
            order = Order(job.arguments(), str(job.folder), str(job.errors))
            self.write(order.to_line())
            return
        self._has_ended = False
        prepare(self, str(job.folder), *job.arguments())
        self.setStandardErrorFile(str(job.errors), QProcess.OpenModeFlag.Append)
        self.start()

    def stop(self) -> None:
        """Ask the training to stop in order, and see to it that it does."""
        self.closeWriteChannel()
        self._deadline.start()

    def wait(self) -> None:
        """Wait until it has ended, however long that takes within `stop`'s patience."""
        if not self.waitForFinished(_PATIENCE_MS):
            self.kill()
            self.waitForFinished(-1)

    def let_go(self) -> None:
        """Let the training go on without this window."""
        self.waitForStarted(_STARTED_MS)
        self.write(KEEP + b"\n")
        self.waitForBytesWritten(_STARTED_MS)
        self.blockSignals(True)
        # Qt kills what it believes to be running when this object goes.
        self.setProcessState(QProcess.ProcessState.NotRunning)
        self.deleteLater()  # which would else wake the window all the time once the child has ended

    def _read(self) -> None:
        for event in self._lines.feed(bytes(self.readAllStandardOutput().data())):
            self.happened.emit(event)

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._read()
            self.ended.emit(-status if how == QProcess.ExitStatus.CrashExit else status)

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._has_ended:
            self._has_ended = True
            self.ended.emit(None)


class Adopted(QObject):
    """A training that an earlier window let go, followed through its event log.

    Signals
    -------
    happened(Event)
    ended(None)
        How it ended is not known, but by its events.
    """

    happened = Signal(object)
    ended = Signal(object)

    def __init__(self, job: Job, log: EventLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job, self._log = job, log
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._look)
        self._deadline = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._deadline.timeout.connect(self._kill)

    def start(self) -> None:
        """Begin to follow it."""
        self._timer.start()

    def stop(self) -> None:
        """Ask the training to stop in order, and see to it that it does."""
        self._send(signal.SIGTERM)
        self._deadline.start()

    def wait(self) -> None:
        """Return at once: nobody has to wait for what runs in the background."""

    def let_go(self) -> None:
        """Follow it no longer."""
        self._timer.stop()

    def processId(self) -> int:
        """Return the process's number."""
        return self._job.pid or 0

    def _look(self) -> None:
        is_running = is_locked(self._job.event_log)
        for event in self._log.news():
            self.happened.emit(event)
        if not is_running:
            self._timer.stop()
            self.ended.emit(None)

    def _kill(self) -> None:
        self._send(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _send(self, what: signal.Signals) -> None:
        # Whoever holds the lock is the process that was started, and no other of its number.
        if self._job.pid is not None and is_locked(self._job.event_log):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self._job.pid, what)


def is_locked(event_log: Path) -> bool:
    """Return whether a training that writes this log is running."""
    path = Path(f"{event_log}.lock")
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False
