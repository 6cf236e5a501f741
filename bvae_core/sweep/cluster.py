"""A sweep on Dask: on processes of this machine, or on a cluster.

Each worker trains one model at a time, keeps its checkpoints in its own cache, and sends the
finished bundle back as the bytes of a ``.zip``. A training whose worker is lost is done again by
another; where both share a cache, it goes on from the last epoch.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bvae_core import __version__
from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet, Origin, load
from bvae_core.errors import BvaeError, DataError
from bvae_core.resources import CACHE_VARIABLE
from bvae_core.store import Store
from bvae_core.sweep import OnSweepEvent
from bvae_core.training.events import (
    AlreadyTrained,
    EpochEnd,
    Event,
    Finished,
    ShouldStop,
    TrainingStopped,
)

if TYPE_CHECKING:
    from distributed import Client, Future

    from bvae_core.bundle import Bundle

__all__ = ["local_cluster", "sweep_on_cluster"]

_POLL_SECONDS = 0.2  # at the caller
_CONNECT_SECONDS = 10
_ASK_SECONDS = 1.0  # between a worker's questions whether to stop
_STOP_SECONDS = 60.0
# A terminal tells all its processes: the workers are to stop when they are asked to, in order.
_LEAVE_CTRL_C_TO_THE_CALLER = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
_CLAIM_PROCESS = "from bvae_core import _tensorflow; _tensorflow.claim_process()"
#: Held by the training of this worker process, whatever number of threads it has.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class _Job:
    """A training as it is sent to a worker."""

    number: int
    config: TrainConfig
    origin: Origin
    data_fingerprint: str
    version: str
    topic: str


@contextlib.contextmanager
def local_cluster(workers: int, *, store: Store | None = None) -> Iterator[str]:
    """Start so many worker processes on this machine; they end with the block.

    A script that calls this needs ``if __name__ == "__main__":``, as every program that starts
    processes with `multiprocessing`.

    Parameters
    ----------
    workers
        At least 1. The processors are shared out among them.
    store
        Whose checkpoints the workers use; None is the user's.

    Yields
    ------
    The address of the scheduler, for `sweep_on_cluster`.

    Raises
    ------
    BvaeError
        If Dask is not installed.
    """
    _need_dask()
    import dask
    from distributed import LocalCluster

    share = str(max(1, (os.cpu_count() or 1) // workers))
    with (
        # A hundred times a second, for a dashboard that isn't there.
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
            preload=[_LEAVE_CTRL_C_TO_THE_CALLER, _CLAIM_PROCESS],
            memory_limit=0,  # Dask would stop and kill what it can't move to the disk
            env={
                CACHE_VARIABLE: str((store or Store()).root),
                "TF_NUM_INTRAOP_THREADS": share,
                "TF_NUM_INTEROP_THREADS": share,
            },
        ) as cluster,
    ):
        yield cluster.scheduler_address


def sweep_on_cluster(
    configs: Sequence[TrainConfig],
    images: ImageSet,
    scheduler: str,
    *,
    on_event: OnSweepEvent | None = None,
    should_stop: ShouldStop | None = None,
    store: Store | None = None,
) -> list[Bundle]:
    """Train the models on a Dask cluster, as many at a time as it has workers.

    The workers load the images themselves, from the place that they were loaded from here: a folder
    has to be there for them as well. They need the same version of bvae-explorer.

    Parameters
    ----------
    configs
        See `bvae_core.sweep.sweep_configs`.
    images
        From `bvae_core.datasets.load`.
    scheduler
        The address of Dask's scheduler, such as ``tcp://10.0.0.5:8786``.
    on_event
        Called in this thread at the end of each epoch and with each model that has come.
    should_stop
        Asked several times a second; True ends all trainings in order.
    store
        Where models are kept; None is the user's.

    Returns
    -------
    The models, in the order of `configs`.

    Raises
    ------
    TrainingStopped
        If `should_stop` said so. The workers' caches keep all finished epochs.
    BvaeError
        If Dask is not installed, the scheduler is not there, a worker can't load the same images,
        a training fails, or its worker is lost again and again.
    """
    _need_dask()
    if images.origin is None:
        raise DataError(
            f"{images.name}: Expected images that a worker can load as well, from `load`. "
            "Received: others."
        )
    kept = store or Store()
    run = _Run(kept, on_event or _ignore, should_stop or _never)
    waiting: list[_Job] = []
    count = len(images.train_indices)
    for number, config in enumerate(configs):
        all_of_them = config.train_split == "all"
        resolved = config.resolved(images.image_shape, len(images) if all_of_them else count)
        fingerprint = resolved.fingerprint(images.fingerprint)
        if (present := kept.find(fingerprint)) is not None:
            run.have(
                number,
                present,
                AlreadyTrained(present.name, present.fingerprint, str(present.path)),
            )
        else:
            waiting.append(
                _Job(number, resolved, images.origin, images.fingerprint, __version__, run.topic)
            )
    if waiting:
        with _connected(scheduler) as client:
            run.train(client, waiting)
    return [run.models[number] for number in range(len(configs))]


class _Run:
    """What the caller knows of a sweep while it is under way."""

    def __init__(self, store: Store, on_event: OnSweepEvent, should_stop: ShouldStop) -> None:
        self.topic = f"bvae-sweep-{os.urandom(8).hex()}"
        self.models: dict[int, Bundle] = {}
        self._store, self._on_event, self._should_stop = store, on_event, should_stop
        self._heard: queue.SimpleQueue[tuple[int, EpochEnd]] = queue.SimpleQueue()
        self._reached: dict[int, EpochEnd] = {}

    def have(self, number: int, model: Bundle, event: Event) -> None:
        """Note that a model is in the store, and tell it."""
        self.models[number] = model
        self._on_event(number, event)

    def train(self, client: Client, waiting: list[_Job]) -> None:
        """Give each idle worker a job until all are done."""
        from distributed import Event as Flag

        stop = Flag(self.topic, client=client)
        client.subscribe_topic(self.topic, self._hear)
        running: dict[Future[bytes | None], tuple[_Job, str]] = {}
        waiting = list(reversed(waiting))
        try:
            while waiting or running:
                if self._should_stop():
                    self._stop(stop, list(running))
                busy = {address for _, address in running.values()}
                for address in sorted(set(client.nthreads()) - busy):
                    if waiting:
                        job = waiting.pop()
                        running[_submit(client, job, address)] = (job, address)
                for future in _some_done(list(running)):
                    job, _ = running.pop(future)
                    self._receive(job, future)
                self._tell()
        finally:
            stop.set()  # what is still running has nobody to come back to
            client.cancel(list(running))
            client.unsubscribe_topic(self.topic)

    def _receive(self, job: _Job, future: Future[bytes | None]) -> None:
        packed = _result(future, job)
        if packed is None:
            raise self._stopped()
        self._tell()
        fingerprint = job.config.fingerprint(job.data_fingerprint)
        with self._store.lock(fingerprint):  # a worker of this machine may have put it there
            model = self._store.find(fingerprint) or self._store.unpack(io.BytesIO(packed))
        told = Finished(model.name, model.fingerprint, str(model.path), model.metrics)
        self.have(job.number, model, told)

    def _stop(self, stop: Any, running: list[Future[bytes | None]]) -> None:
        """Ask all workers to stop, and wait until they have."""
        stop.set()
        until = time.monotonic() + _STOP_SECONDS
        while running and time.monotonic() < until:
            for future in _some_done(running):
                running.remove(future)
            self._tell()
        raise self._stopped()

    def _stopped(self) -> TrainingStopped:
        last = max(self._reached.values(), key=lambda event: event.epoch, default=None)
        return TrainingStopped(last.epoch if last else 0, last.epochs if last else 0, "")

    def _hear(self, message: tuple[float, Any]) -> None:
        """Take a worker's message, in the client's own thread."""
        _, told = message
        values = told["epoch_end"]
        event = EpochEnd(**values | {"kl_per_dim": tuple(values["kl_per_dim"])})
        self._heard.put((told["number"], event))

    def _tell(self) -> None:
        while not self._heard.empty():
            number, event = self._heard.get()
            self._reached[number] = event
            if number not in self.models:
                self._on_event(number, event)


def _train_at_worker(job: _Job) -> bytes | None:
    """Train in this worker process and return the bundle as a ``.zip``; None if it was stopped."""
    if job.version != __version__:
        raise BvaeError(
            f"Expected workers with bvae-explorer {job.version}. Received: {__version__}."
        )
    with _one_at_a_time:
        from bvae_core.training import train
        from bvae_core.transfer import pack_bundle

        try:
            bundle = train(
                job.config,
                _images_at_worker(job.origin, job.data_fingerprint),
                on_event=lambda event: _report(job, event),
                should_stop=_stop_flag(job.topic),
                resume=True,
            )
        except TrainingStopped:
            return None
        file = io.BytesIO()
        pack_bundle(bundle, file)
        return file.getvalue()


def _images_at_worker(origin: Origin, fingerprint: str) -> ImageSet:
    try:
        images = load(
            origin.source,
            data_dir=origin.data_dir,
            image_size=origin.image_size,
            grey=origin.grey,
            seed=origin.seed,
            only=origin.only,
        )
    except DataError as error:
        raise DataError(f"A worker can't load the images: {error}") from error
    if images.fingerprint != fingerprint:
        raise DataError(
            f"Expected the same images of {origin} at every worker. Received: others at one."
        )
    return images


def _report(job: _Job, event: Event) -> None:
    """Send an epoch's figures to whoever asked for the training."""
    from distributed import get_worker

    if isinstance(event, EpochEnd):
        values = event.to_json()
        del values["event"]
        get_worker().log_event(job.topic, {"number": job.number, "epoch_end": values})


def _stop_flag(name: str) -> ShouldStop:
    """Return a function that asks the scheduler now and then whether to stop."""
    from distributed import Event as Flag

    flag = Flag(name)
    asked_at, answer = time.monotonic(), False

    def should_stop() -> bool:
        nonlocal asked_at, answer
        if not answer and time.monotonic() - asked_at > _ASK_SECONDS:
            asked_at, answer = time.monotonic(), bool(flag.is_set())
        return answer

    return should_stop


def _submit(client: Client, job: _Job, address: str) -> Future[bytes | None]:
    # Any other worker may have it if this one is lost. Not pure: a stopped job is asked again.
    return client.submit(
        _train_at_worker, job, workers=[address], allow_other_workers=True, pure=False
    )


def _some_done(futures: list[Future[bytes | None]]) -> list[Future[bytes | None]]:
    """Return those that are done, after a moment if there are none."""
    done = [future for future in futures if future.done()]
    if not done:
        time.sleep(_POLL_SECONDS)
    return done


def _result(future: Future[bytes | None], job: _Job) -> bytes | None:
    from distributed import KilledWorker

    try:
        packed: bytes | None = future.result()
    except KilledWorker as error:
        raise BvaeError(
            f"The training with β = {job.config.beta:g} and seed {job.config.seed} has lost its "
            "worker again and again, for want of memory, perhaps. The other models are kept."
        ) from error
    except ModuleNotFoundError as error:
        raise BvaeError(
            f"Expected workers with bvae-explorer {__version__}. Received: one without ({error})."
        ) from error
    return packed


@contextlib.contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(scheduler, set_as_default=False, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise BvaeError(
            f"{scheduler}: Expected the address of a running Dask scheduler, such as "
            f"tcp://10.0.0.5:8786. Received: {error}."
        ) from error
    with client:
        yield client


def _need_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise BvaeError(
            "Sweeping on several processes or machines needs Dask: "
            "pip install 'bvae-explorer[cluster]' brings it."
        ) from error


def _ignore(number: int, event: Event) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False
