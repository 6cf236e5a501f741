"""`JobManager`: the window's trainings, one after the other."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

from filelock import FileLock, Timeout
from qtpy.QtCore import QCoreApplication, QObject, QTimer, Signal

from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError
from bvae_core.resources import cache_folder
from bvae_core.training.events import EpochEnd, Event, Previewed
from bvae_gui.jobs.command import Source
from bvae_gui.jobs.job import Job, State
from bvae_gui.jobs.log import EventLog
from bvae_gui.jobs.runners import Adopted, Child, is_locked

_OWNER = "owner.lock"
#: How long a child stands by that nobody needs.
_STANDBY_MS = 5 * 60_000


class JobManager(QObject):
    """Runs trainings in child processes, one at a time, and remembers them.

    A job belongs to one window as long as that lives. What an earlier window left is taken over:
    trainings in the background are followed, others can be gone on with. Nothing starts by itself
    when a window opens.

    Signals
    -------
    job_added(Job), job_removed(Job)
    job_changed(Job)
        Its state, its note, or how far it is.
    epoch(Job, EpochEnd)
    preview(Job, Path)
    finished(Job, Path)
        The model of a job is there.

    Parameters
    ----------
    folder
        Where jobs are remembered; None is ``jobs`` in the cache folder.
    """

    job_added = Signal(object)
    job_changed = Signal(object)
    job_removed = Signal(object)
    epoch = Signal(object, object)
    preview = Signal(object, object)
    finished = Signal(object, object)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = cache_folder() / "jobs" if folder is None else folder
        self._jobs: list[Job] = []
        self._owned: dict[str, FileLock] = {}
        self._runners: dict[str, Child | Adopted] = {}
        self._asked: dict[str, State] = {}
        self._standby: Child | None = None
        self._unneeded = QTimer(self, singleShot=True, interval=_STANDBY_MS)
        self._unneeded.timeout.connect(self._stand_down)
        self._is_closed = False
        self._take_over()
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs, from the first that was asked for to the last."""
        return tuple(self._jobs)

    @property
    def running(self) -> Job | None:
        """The job that is being trained."""
        return next((job for job in self._jobs if job.state == "running"), None)

    @property
    def is_training(self) -> bool:
        """Whether a training would end with the window."""
        return any(isinstance(runner, Child) for runner in self._runners.values())

    def is_stopping(self, job: Job) -> bool:
        """Whether a job was asked to stop or pause and has not yet."""
        return job.id in self._asked

    # -- what one can ask for ------------------------------------------------------------------

    def add(
        self,
        source: Source,
        config: TrainConfig,
        *,
        name: str | None = None,
        open_when_done: bool = True,
    ) -> Job:
        """Train this, at once or when what came before is over.

        Raises
        ------
        BvaeError
            If the job can't be written down.
        """
        job = Job.new(self.folder, source, config, name=name, open_when_done=open_when_done)
        self._own(job.folder)
        self._jobs.append(job)
        self.job_added.emit(job)
        self._start_next()
        return job

    def stand_by(self) -> None:
        """Somebody may want to train: let a child load TensorFlow, which takes seconds, meanwhile.

        It is gone in five minutes if nothing comes of it.
        """
        if self._is_closed or self.running is not None:
            return
        if self._standby is None:
            self._standby = Child(self)
            self._standby.stand_by()
        self._unneeded.start()

    def pause(self, job: Job) -> None:
        """Stop a running job in order; it keeps its turn, and nothing else begins meanwhile."""
        self._ask(job, "paused")

    def stop(self, job: Job) -> None:
        """Stop a job in order, or take it out of the queue; the next one begins."""
        if job.state == "running":
            self._ask(job, "stopped")
        elif job.state in ("queued", "paused"):
            self._set(job, "stopped")
            self._start_next()

    def resume(self, job: Job) -> None:
        """Go on with a job from its last finished epoch, as soon as it is its turn."""
        if job.state in ("paused", "stopped", "failed"):
            job.reason = job.failure = job.note = ""
            self._set(job, "queued")
            self._start_next()

    def remove(self, job: Job) -> None:
        """Forget a job that is not running. Its checkpoint stays, and so does its model."""
        if job.state == "running":
            raise BvaeError(f"{job.title} is being trained. Stop it first.")
        self._jobs.remove(job)
        self._disown(job)
        shutil.rmtree(job.folder, ignore_errors=True)
        self.job_removed.emit(job)
        self._start_next()

    def set_open_when_done(self, job: Job, is_wanted: bool) -> None:
        """Say whether the model of a job shall open by itself."""
        if job.open_when_done != is_wanted:
            job.open_when_done = is_wanted
            self._save(job)

    def close(self, *, keep_training: bool = False) -> None:
        """End with the window: let the running job go on in the background, or stop it and wait.

        Afterwards the manager is of no more use.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._stand_down()
        for job in list(self._jobs):
            runner = self._runners.get(job.id)
            if runner is None:
                continue
            if keep_training and job.id not in self._asked:
                job.background = True
                self._save(job)
            if job.background:
                runner.let_go()
                del self._runners[job.id]
            else:
                self._asked.setdefault(job.id, "stopped")
                runner.stop()
                runner.wait()
        for job in self._jobs:
            self._disown(job)

    # -- running -------------------------------------------------------------------------------

    def _start_next(self) -> None:
        held = any(job.state in ("running", "paused") for job in self._jobs)
        waiting = next((job for job in self._jobs if job.state == "queued"), None)
        if not self._is_closed and not held and waiting is not None:
            self._start(waiting)

    def _start(self, job: Job) -> None:
        child, self._standby = self._standby or Child(self), None
        self._unneeded.stop()
        self._follow(job, child)
        child.train(job)
        job.pid = child.processId() or None
        job.background = False
        if job.id in self._runners:  # else it has failed to start already
            self._set(job, "running")

    def _stand_down(self) -> None:
        self._unneeded.stop()
        if self._standby is not None:
            self._standby.kill()
            self._standby.waitForFinished()
            self._standby.deleteLater()
            self._standby = None

    def _follow(self, job: Job, runner: Child | Adopted) -> None:
        self._runners[job.id] = runner
        runner.happened.connect(lambda event: self._take(job, event))
        runner.ended.connect(lambda status: self._end(job, status))

    def _ask(self, job: Job, then: State) -> None:
        runner = self._runners.get(job.id)
        if runner is not None and job.id not in self._asked:
            self._asked[job.id] = then
            runner.stop()
            self.job_changed.emit(job)

    def _take(self, job: Job, event: Event) -> None:
        job.take(event)
        match event:
            case EpochEnd():
                self.epoch.emit(job, event)
            case Previewed():
                self.preview.emit(job, Path(event.path))
        self.job_changed.emit(job)

    def _end(self, job: Job, status: int | None) -> None:
        """Say how a job ended, and begin the next."""
        # As an object it stays until this one goes: Qt is amid its signal.
        del self._runners[job.id]
        asked = self._asked.pop(job.id, None)
        job.pid = None
        job.background = False
        if job.model is not None:
            job.reason = ""
            self._set(job, "done")
            self.finished.emit(job, Path(job.model))
        elif asked is not None and not job.failure:
            self._set(job, asked)
        else:
            job.reason = f"{job.failure or _how_it_ended(job, status)}{_what_is_kept(job)}"
            self._set(job, "failed")
        self._start_next()

    # -- remembering ---------------------------------------------------------------------------

    def _take_over(self) -> None:
        """Take over what earlier windows left, unless one of them is still there."""
        for folder in sorted(self.folder.glob("*/")):
            if not self._own(folder):
                continue
            try:
                job = Job.load(folder)
            except BvaeError:  # cut off while it was made; there is nothing to go on from
                self._owned.pop(folder.name).release()
                continue
            log = EventLog(job.event_log)
            is_running = is_locked(job.event_log)
            for event in log.news():
                job.take(event)
            self._jobs.append(job)
            if is_running:
                adopted = Adopted(job, log, self)
                self._follow(job, adopted)
                adopted.start()
            elif job.state in ("running", "queued", "paused"):
                self._find_out(job)

    def _find_out(self, job: Job) -> None:
        """Say what became of a job while no window looked."""
        was_running = job.state == "running"
        job.pid, job.background = None, False
        if job.model is not None:
            job.state = "done"
        elif job.failure:
            job.state, job.reason = "failed", f"{job.failure}{_what_is_kept(job)}"
        else:
            why = "It was broken off with the window or the machine." if was_running else ""
            job.state, job.reason = "stopped", f"{why}{_what_is_kept(job)}".strip()
        self._save(job)

    def _own(self, folder: Path) -> bool:
        lock = FileLock(folder / _OWNER)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        self._owned[folder.name] = lock
        return True

    def _disown(self, job: Job) -> None:
        lock = self._owned.pop(job.id, None)
        if lock is not None:
            lock.release()

    def _set(self, job: Job, state: State) -> None:
        job.state = state
        self._save(job)
        self.job_changed.emit(job)

    def _save(self, job: Job) -> None:
        """Write a job down; where the disk is full, say so with it and go on."""
        try:
            job.save()
        except BvaeError as error:
            job.note = str(error)


def _how_it_ended(job: Job, status: int | None) -> str:
    """Say why a training ended that didn't say so itself."""
    if status is None:
        return "The training's process is gone without a word."
    if status < 0:
        if -status == getattr(signal, "SIGKILL", None):
            return (
                "The training was killed from outside. The system does so when memory runs out: "
                "smaller batches or images need less."
            )
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return f"The training crashed ({name}). Details are in {job.errors}."
    sentence = _last_sentence(job.errors)
    return sentence or f"The training ended with exit status {status}. See {job.errors}."


def _last_sentence(errors: Path) -> str:
    try:
        lines = errors.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line[6:] for line in reversed(lines) if line.startswith("bvae: ")), "")


def _what_is_kept(job: Job) -> str:
    if not job.epoch:
        return ""
    return f" What it learned up to epoch {job.epoch} is kept: Resume goes on from there."
