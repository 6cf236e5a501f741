"""One training from its first to its last step: Keras' `fit`, watched, saved and stopped."""

from __future__ import annotations

import contextlib
import gc
import math
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bvae_core.config import TrainConfig, auto_learning_rate
from bvae_core.datasets import ImageSet
from bvae_core.errors import BvaeError
from bvae_core.training.checkpoint import Checkpoint
from bvae_core.training.devices import precision, prepare_devices
from bvae_core.training.events import EpochEnd, OnEvent, ShouldStop, Started, TrainingStopped
from bvae_core.training.model import BetaVAE
from bvae_core.training.networks import build_networks
from bvae_core.training.optimizer import build_optimizer
from bvae_core.training.pipeline import plan_epoch, to_unit_range, training_batches
from bvae_core.training.previews import PreviewWriter

#: Steps inside one compiled call: enough to hide Python, few enough to stop soon when asked to.
_STEPS_PER_CALL = 16
_MOST_WATCHED = 1024
_EVALUATION_BATCH = 256
#: Epoch number of the noise that held-out images are judged with: the same after every epoch.
_JUDGING_NOISE = -1


@dataclass
class Run:
    """A training with everything it needs; `fit` runs it.

    Parameters
    ----------
    config
        Resolved for these images.
    images
        All of them; `config.train_split` and `config.patience` decide which are trained on.
    fingerprint
        Of config and data, told in events.
    folder
        Where the checkpoint is kept.
    on_event, should_stop
        Called in this thread: at every epoch's end, and between calls of some steps.
    previews
        Folder for previews, or None.
    """

    config: TrainConfig
    images: ImageSet
    fingerprint: str
    folder: Path
    on_event: OnEvent
    should_stop: ShouldStop
    history: list[dict[str, Any]] = field(default_factory=list)
    previews: Path | None = None

    def __post_init__(self) -> None:
        self.train_indices, self.watched_indices = split_indices(self.config, self.images)
        self.batch_size = min(self.config.batch_size, len(self.train_indices))
        self.epochs = self.config.epochs or 1
        self.devices = prepare_devices()
        # Keras 3.15 can't hand the batches of several devices to a loop inside a compiled call.
        several = self.devices.strategy.num_replicas_in_sync > 1
        self.steps, self.steps_per_call = plan_epoch(
            len(self.train_indices), self.batch_size, 1 if several else _STEPS_PER_CALL
        )
        self.model = self._build()
        # Keras' `evaluate` would make an iterator each time, and trace more the first time.
        self.judge_batch = tf.function(
            lambda pixels: self.model.elbo_terms(to_unit_range(pixels), training=False),
            input_signature=[tf.TensorSpec((None, *self.images.images.shape[1:]), tf.uint8)],
            autograph=False,
            jit_compile=self.devices.jit_compile,
        )
        self.checkpoint = Checkpoint(self.folder, self.model)

    def _build(self) -> BetaVAE:
        keras.utils.set_random_seed(self.config.seed)
        total_steps = self.steps * self.epochs
        with (
            self.devices.strategy.scope(),
            precision(self.devices, mixed=self.config.mixed_precision),
        ):
            networks = build_networks(self.config, self.images.image_shape)
            model = BetaVAE(*networks, self.config, total_steps)
            model.compile(
                optimizer=build_optimizer(self.config, total_steps, self.images.image_shape),
                steps_per_execution=self.steps_per_call,
                jit_compile=self.devices.jit_compile,
            )
            model.optimizer.build(model.trainable_variables)
        return model

    def fit(self, *, resume: bool) -> BetaVAE:
        """Train to the end, or to what `patience` makes the end, and return the model.

        Raises
        ------
        TrainingStopped
            If `should_stop` said so; the checkpoint has the epochs before.
        BvaeError
            If a checkpoint can't be read or written.
        """
        progress = self.checkpoint.restore() if resume else None
        watch = _Watch(self)
        if progress is not None:
            self.history[:] = progress["history"]
            watch.seconds_before = progress["seconds"]
        self.on_event(
            Started(
                config=self.config,
                data_name=self.images.name,
                train_count=len(self.train_indices),
                held_out_count=len(self.watched_indices),
                device=", ".join(self.devices.names),
                parameters=self.model.count_params(),
                resumed_from_epoch=len(self.history),
                fingerprint=self.fingerprint,
            )
        )
        if not self._is_over():
            watch.begin_previews()
            try:
                self._fit(watch)
            except BaseException as error:
                _forget_locals(error)
                raise
            finally:
                # Nothing may keep the iterator: batches that nobody wants any more are being read
                # ahead by Python, and an interpreter that ends would wait for them for ever.
                gc.collect()
        return self.model

    def _fit(self, watch: _Watch) -> None:
        self.model.fit(
            training_batches(
                self.images.images,
                self.train_indices,
                batch_size=self.batch_size,
                steps_per_epoch=self.steps,
                augmentation=self.config.augmentation,
                seed=self.config.seed,
                first_step=len(self.history) * self.steps,
                last_step=self.epochs * self.steps,
            ),
            steps_per_epoch=self.steps,
            initial_epoch=len(self.history),
            epochs=self.epochs,
            shuffle=False,
            verbose=0,
            callbacks=[watch],
        )

    def _is_over(self) -> bool:
        """Whether all epochs are done, or `patience` has run out."""
        if len(self.history) >= self.epochs:
            return True
        if self.config.patience is None:
            return False
        judged = self._judged()
        if not judged:
            return False
        return len(judged) - 1 - int(np.argmin(judged)) >= self.config.patience

    def _judged(self) -> list[float]:
        """Return what `patience` goes by: the held-out objective, or what takes its place.

        With a capacity that is reconstruction + β·|KL − C|, from when C has reached its value on:
        until then it may well rise with C.
        """
        config, rows = self.config, self.history
        if config.schedule != "capacity":
            return [row["held_out_objective"] for row in rows]
        return [
            row["held_out_reconstruction"] + config.beta * abs(row["held_out_kl"] - config.capacity)
            for row in rows[math.ceil(config.warmup * self.epochs) :]
        ]

    def judge(self) -> tuple[float | None, float | None]:
        """Return reconstruction and KL of the watched images (nats), or None without them."""
        if not len(self.watched_indices):
            return None, None
        self.model.sampling.reseed(_JUDGING_NOISE)
        count = len(self.watched_indices)
        reconstruction = kl = 0.0
        for batch in np.split(
            self.watched_indices, range(_EVALUATION_BATCH, count, _EVALUATION_BATCH)
        ):
            terms = self.judge_batch(self.images.images[batch])
            reconstruction += float(terms[0]) * len(batch) / count
            kl += float(np.sum(terms[1])) * len(batch) / count
        return reconstruction, kl


class _Watch(keras.callbacks.Callback):
    """Reports and saves at the end of an epoch; stops between steps."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self.seconds_before = 0.0
        self.started = time.perf_counter()
        self.preview_writer: PreviewWriter | None = None

    def begin_previews(self) -> None:
        run = self.run
        if run.previews is None:
            return

        model = run.model
        # Not compiled, which would take longer than many previews do.
        self.preview_writer = PreviewWriter(
            run.previews,
            run.images,
            lambda pixels: model.encoder(to_unit_range(pixels), training=False)["mean"].numpy(),
            lambda pixels: model(to_unit_range(pixels), training=False).numpy(),
            run.on_event,
        )
        self.preview_writer.begin(len(run.history))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch_started = time.perf_counter()
        self.run.model.sampling.reseed(epoch)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        run = self.run
        if run.should_stop():
            raise TrainingStopped(len(run.history), run.epochs, run.fingerprint)
        if self.preview_writer is not None and batch + 1 < run.steps:
            self.preview_writer.offer(len(run.history) + (batch + 1) / run.steps)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        run, model = self.run, self.run.model
        reconstruction, kl, kl_per_dim = _tracked(model)
        if not math.isfinite(reconstruction + kl):
            rate = run.config.learning_rate or auto_learning_rate(
                run.steps * run.epochs, run.config.family
            )
            raise BvaeError(
                f"The training diverged in epoch {epoch + 1}: the objective is no longer a number. "
                "Train again with a lower learning rate: Expected "
                f"{rate / 3:.1g} or so. Received: {rate:g}."
            )
        trained = time.perf_counter() - self.epoch_started
        beta = float(model.beta_at(model.optimizer.iterations))
        if self.preview_writer is not None:  # before judging, which takes a while the first time
            self.preview_writer.offer(epoch + 1)
        held_out_reconstruction, held_out_kl = run.judge()
        seconds = self.seconds_before + time.perf_counter() - self.started
        event = EpochEnd(
            epoch=epoch + 1,
            epochs=run.epochs,
            beta=beta,
            objective=reconstruction + run.config.beta * kl,
            reconstruction=reconstruction,
            kl=kl,
            kl_per_dim=kl_per_dim,
            held_out_objective=(
                None
                if held_out_reconstruction is None or held_out_kl is None
                else held_out_reconstruction + run.config.beta * held_out_kl
            ),
            held_out_reconstruction=held_out_reconstruction,
            held_out_kl=held_out_kl,
            images_per_second=run.steps * run.batch_size / trained,
            seconds=seconds,
            seconds_left=seconds / (epoch + 1) * (run.epochs - epoch - 1),
        )
        run.history.append(_history_row(event))
        run.checkpoint.save({"history": run.history, "seconds": seconds})
        run.on_event(event)
        if run._is_over():
            if self.preview_writer is not None:
                self.preview_writer.end(epoch + 1)
            model.stop_training = True


def _forget_locals(error: BaseException) -> None:
    """Let go of what functions that an error has ended had, Keras' too, which it leaves out."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        ended: FrameType | None = frame
        while ended is not None:
            with contextlib.suppress(RuntimeError):  # one that still runs
                ended.clear()
            ended = ended.f_back


def split_indices(
    config: TrainConfig, images: ImageSet
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose the images to train on and those to watch after each epoch, at most 1,024.

    The watched images come from the test split. Where `patience` makes them decide when the
    training ends they are taken from the train split instead, and not trained on, so that the test
    split goes on judging what it had no part in.

    Returns
    -------
    train, watched
        (n,) and (m,) int64, ascending, disjoint; m = 0 where nothing is held out.
    """
    everything = config.train_split == "all"
    train = np.arange(len(images)) if everything else images.train_indices
    rng = np.random.default_rng(0)  # the same images whatever the seed, so that runs compare
    if config.patience is not None:
        count = min(_MOST_WATCHED, max(1, len(train) // 10))
        watched = np.sort(rng.choice(train, count, replace=False))
        return np.setdiff1d(train, watched), watched
    test = images.test_indices[:0] if everything else images.test_indices
    return train, np.sort(rng.choice(test, min(_MOST_WATCHED, len(test)), replace=False))


def _tracked(model: BetaVAE) -> tuple[float, float, tuple[float, ...]]:
    """Read reconstruction, KL and KL of each dimension off the model's metrics."""
    kl_per_dim = tuple(np.asarray(model.kl_tracker.result()).tolist())
    return float(model.reconstruction_tracker.result()), sum(kl_per_dim), kl_per_dim


def _history_row(event: EpochEnd) -> dict[str, Any]:
    """Keep of an epoch what `history.csv` shows: one number a column, none where there is none."""
    row = event.to_json()
    for key in ("event", "epochs", "seconds_left"):
        del row[key]
    kl_per_dim = row.pop("kl_per_dim")
    row |= {f"kl_{i + 1}": value for i, value in enumerate(kl_per_dim)}
    return {column: value for column, value in row.items() if value is not None}
