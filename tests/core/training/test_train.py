"""Training as its callers see it: events, the store, stopping, resuming, killing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import pytest
from children import AS_OURS, run_python

from bvae_core.bundle import Bundle
from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet, load
from bvae_core.errors import BvaeError, DataError, StoreError
from bvae_core.store import Store
from bvae_core.training import train, trainer
from bvae_core.training.events import (
    AlreadyTrained,
    EpochEnd,
    Event,
    Finished,
    Started,
    StartingOver,
    Stopped,
    TrainingStopped,
)
from bvae_core.training.export import load_keras_file, to_litert
from bvae_core.training.pipeline import to_unit_range

#: 360 images make 23 steps an epoch, which run as two calls of 12.
QUICK = TrainConfig(epochs=3, width=32, depth=1, batch_size=16)


@pytest.fixture(scope="module")
def images() -> ImageSet:
    return load("strokes:400")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


class Log(list[Event]):
    """Keeps events; `of` picks a kind."""

    def of(self, kind: type) -> list:
        return [event for event in self if isinstance(event, kind)]


class StopAfter:
    """Asks to stop once `epochs` are over."""

    def __init__(self, log: Log, epochs: int) -> None:
        self.log, self.epochs = log, epochs

    def __call__(self) -> bool:
        return len(self.log.of(EpochEnd)) >= self.epochs


def changed(**settings: object) -> TrainConfig:
    return replace(QUICK, **settings)


@dataclass
class Done:
    """An uninterrupted training, what it told and where it is kept."""

    bundle: Bundle
    log: Log
    store: Store


@pytest.fixture(scope="module")
def whole(images: ImageSet, tmp_path_factory: pytest.TempPathFactory) -> Done:
    log, store = Log(), Store(tmp_path_factory.mktemp("whole"))
    return Done(train(QUICK, images, name="whole", on_event=log.append, store=store), log, store)


def test_a_training_reports_every_epoch_and_ends_in_a_bundle(whole) -> None:
    assert [type(event) for event in whole.log] == [Started, EpochEnd, EpochEnd, EpochEnd, Finished]
    started, *epochs, finished = whole.log
    assert (started.train_count, started.held_out_count) == (360, 40)
    assert [event.epoch for event in epochs] == [1, 2, 3]
    for event in epochs:
        assert event.objective == pytest.approx(event.reconstruction + 4 * event.kl)
        assert event.kl == pytest.approx(sum(event.kl_per_dim))
        assert event.held_out_objective == pytest.approx(
            event.held_out_reconstruction + 4 * event.held_out_kl
        )
        assert event.images_per_second > 0
    assert epochs[-1].seconds_left == 0
    assert epochs[-1].held_out_objective < epochs[0].held_out_objective
    assert finished.name == "whole"


def test_held_out_images_are_judged_as_keras_judges_them(images, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(trainer, "_EVALUATION_BATCH", 16)  # 40 images: two batches and a half
    run = trainer.Run(changed(family="dense"), images, "", tmp_path, print, lambda: False)
    judged = run.judge()
    run.model.sampling.reseed(trainer._JUDGING_NOISE)
    held_out = to_unit_range(images.images[images.test_indices])
    run.model.evaluate(held_out, batch_size=16, verbose=0)
    expected = [np.sum(tracker.result()) for tracker in run.model.metrics]
    assert judged == pytest.approx(expected, rel=1e-5)


def test_a_bundle_has_the_codes_and_figures_of_its_model(whole) -> None:
    bundle = whole.bundle
    assert bundle.name == "whole"
    assert bundle.latents.shape == (400, 2)
    assert bundle.metrics["count"] == 40
    assert bundle.metrics["held_out"] is True
    assert [row["epoch"] for row in bundle.history] == [1, 2, 3]
    # what the training saw with Keras is what the bundle measures with LiteRT, but for the draws
    seen = whole.log.of(EpochEnd)[-1]
    assert bundle.metrics["kl"] == pytest.approx(seen.held_out_kl, rel=1e-3)
    assert bundle.metrics["objective"] == pytest.approx(seen.held_out_objective, rel=0.06)


def test_an_epoch_has_the_steps_that_the_schedules_count_on(whole) -> None:
    model = load_keras_file(whole.bundle.keras_model_path)
    assert model.total_steps == model.optimizer.iterations == 3 * 24


def test_events_are_json(whole) -> None:
    kinds = [json.loads(json.dumps(event.to_json()))["event"] for event in whole.log]
    assert kinds == ["started", "epoch_end", "epoch_end", "epoch_end", "finished"]


def test_the_same_training_is_opened_the_second_time(images, whole) -> None:
    log = Log()
    second = train(QUICK, images, store=whole.store, on_event=log.append)
    assert [type(event) for event in log] == [AlreadyTrained]
    assert second.path == whole.bundle.path


@pytest.fixture(scope="module")
def stopped(images: ImageSet, tmp_path_factory: pytest.TempPathFactory) -> tuple[Log, Path]:
    """What a training from another seed told until it was stopped after an epoch, and its store."""
    log, root = Log(), tmp_path_factory.mktemp("stopped")
    config, stop = changed(seed=1), StopAfter(log, 1)
    with pytest.raises(TrainingStopped):
        train(config, images, on_event=log.append, should_stop=stop, store=Store(root))
    return log, root


@pytest.fixture
def damaged(stopped: tuple[Log, Path], tmp_path: Path) -> Store:
    """A store of the test's own with the checkpoint of that training, whose end is missing."""
    store = Store(shutil.copytree(stopped[1], tmp_path / "damaged"))
    (checkpoint,) = store.root.rglob("checkpoint.npz")
    checkpoint.write_bytes(checkpoint.read_bytes()[:-1000])
    return store


def test_another_seed_makes_another_model(whole, stopped) -> None:
    (first,) = stopped[0].of(EpochEnd)
    same, *_ = whole.log.of(EpochEnd)
    assert first.objective != pytest.approx(same.objective, abs=1e-3)


def test_a_stopped_training_goes_on_to_the_same_weights(images, whole, store) -> None:
    log = Log()
    with pytest.raises(TrainingStopped, match="after epoch 1 of 3"):
        train(QUICK, images, on_event=log.append, should_stop=StopAfter(log, 1), store=store)
    assert log.of(Stopped)[0].epoch == 1
    assert store.models() == []

    resumed = train(QUICK, images, on_event=log.append, resume=True, store=store)
    assert log.of(Started)[-1].resumed_from_epoch == 1
    assert [event.epoch for event in log.of(EpochEnd)] == [1, 2, 3]
    assert np.array_equal(resumed.latents, whole.bundle.latents)
    assert [row["objective"] for row in resumed.history] == [
        row["objective"] for row in whole.bundle.history
    ]


def test_a_model_that_was_converted_wrongly_is_not_kept_but_what_was_learned_is(
    images, store, monkeypatch
) -> None:
    config = changed(epochs=1)

    def converted_with_other_weights(network: keras.Model) -> bytes:
        other = keras.models.clone_model(network)
        other.set_weights([weights + 0.1 for weights in network.get_weights()])
        return to_litert(other)

    with monkeypatch.context() as wrong:
        wrong.setattr("bvae_core.training.packing.to_litert", converted_with_other_weights)
        with pytest.raises(BvaeError, match="Expected a difference of at most"):
            train(config, images, store=store)
    assert store.models() == []

    log = Log()
    train(config, images, on_event=log.append, resume=True, store=store)
    assert log.of(Started)[0].resumed_from_epoch == 1
    assert log.of(EpochEnd) == []
    assert len(store.models()) == 1


@pytest.mark.parametrize("size", [None, 0])
def test_a_damaged_checkpoint_is_named(images, damaged, size) -> None:
    if size is not None:
        (checkpoint,) = damaged.root.rglob("checkpoint.npz")
        os.truncate(checkpoint, size)
    with pytest.raises(BvaeError, match=r"checkpoint\.npz: Expected the checkpoint"):
        train(changed(seed=1), images, resume=True, store=damaged)


def test_a_stop_before_the_first_epoch_is_over_says_that_nothing_is_kept(images, damaged) -> None:
    log = Log()
    (checkpoint,) = damaged.root.rglob("checkpoint.npz")
    before = checkpoint.read_bytes()
    with pytest.raises(TrainingStopped, match="nothing is kept"):
        train(
            changed(seed=1),
            images,
            on_event=log.append,
            should_stop=lambda: True,
            store=damaged,
        )
    assert type(log[0]) is StartingOver  # the checkpoint is of no use without resuming
    assert list(damaged.root.rglob("checkpoint.npz")) == [checkpoint]
    assert checkpoint.read_bytes() == before


def test_patience_ends_a_training_that_no_longer_improves(images, store) -> None:
    config = changed(epochs=200, patience=2, learning_rate=0.03, batch_size=64)
    bundle = train(config, images, store=store)
    objectives = [row["held_out_objective"] for row in bundle.history]
    assert len(objectives) < 200
    assert len(objectives) - 1 - int(np.argmin(objectives)) == 2
    assert bundle.metrics["count"] == 40, "the test split judges, and did not decide the end"


def test_patience_waits_until_the_capacity_has_reached_its_value(images, store) -> None:
    config = changed(epochs=6, patience=1, schedule="capacity", beta=100.0, warmup=1.0)
    bundle = train(config, images, store=store)
    assert len(bundle.history) == 6


def test_all_images_leave_nothing_to_judge_by_in_one_dimension_too(images, store) -> None:
    log = Log()
    config = changed(train_split="all", epochs=2, latent_dim=1)
    bundle = train(config, images, on_event=log.append, store=store)
    assert log.of(Started)[0].train_count == 400
    assert [epoch.held_out_objective for epoch in log.of(EpochEnd)] == [None, None]
    assert bundle.metrics["held_out"] is False
    assert bundle.latents.shape == (400, 1)
    assert bundle.decode(bundle.latents[:3]).shape == (3, 28, 28)


def test_a_training_that_diverges_says_so(images, store) -> None:
    config = changed(epochs=50, learning_rate=1.0)
    with pytest.raises(BvaeError, match=r"diverged in epoch .* Received: 1\."):
        train(config, images, store=store)


def test_a_taken_name_is_refused_before_anything_is_trained(images, whole) -> None:
    log = Log()
    with pytest.raises(StoreError, match="whole"):
        train(changed(seed=9), images, name="whole", on_event=log.append, store=whole.store)
    assert log == []


def test_one_image_is_too_few(images, store) -> None:
    with pytest.raises(DataError, match="at least 2 images"):
        train(QUICK, images.select(images.train_indices[:1]), store=store)


def test_the_convolutional_family_trains_in_many_dimensions(images, store) -> None:
    config = changed(epochs=1, family="conv", latent_dim=5)
    bundle = train(config, images.select(np.arange(40)), store=store)
    assert bundle.latents.shape == (40, 5)
    assert bundle.decode(bundle.latents[:3]).shape == (3, 28, 28)


def test_a_process_ends_though_batches_are_still_being_read_when_it_is_stopped(tmp_path) -> None:
    done = run_python(
        AS_OURS
        + textwrap.dedent("""
            import sys, time
            from dataclasses import replace
            from pathlib import Path

            import numpy as np
            from bvae_core.config import TrainConfig
            from bvae_core.datasets import load
            from bvae_core.store import Store
            from bvae_core.training import train, trainer

            class OnASlowDisk(np.ndarray):
                def __getitem__(self, key):
                    time.sleep(0.05)
                    return np.asarray(self)[key]

            strokes = load("strokes:200")
            images = replace(strokes, images=strokes.images.view(OnASlowDisk))
            config = TrainConfig(epochs=1000, width=8, depth=1, batch_size=20)
            store, calls = Store(Path(sys.argv[1])), iter(range(1000))
            train(config, images, store=store, should_stop=lambda: next(calls) > 2)
            """),
        tmp_path,
    )
    assert done.returncode == 1
    assert "TrainingStopped" in done.stderr


def test_a_killed_training_goes_on_from_its_last_epoch(images, whole, tmp_path) -> None:
    arguments = "train strokes:400 --epochs 3 --width 32 --depth 1 --batch-size 16 --json-events"
    line = [sys.executable, "-m", "bvae_core.cli", *arguments.split()]
    environment = {**os.environ, "BVAE_CACHE_DIR": str(tmp_path)}
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(120, process.kill)
        watchdog.start()
        for report in process.stdout:
            if json.loads(report).get("epoch") == 1:
                process.send_signal(signal.SIGKILL)
                break
        watchdog.cancel()
    assert Store(tmp_path).models() == []

    log = Log()
    resumed = train(QUICK, images, on_event=log.append, resume=True, store=Store(tmp_path))
    assert log.of(Started)[0].resumed_from_epoch >= 1
    assert np.array_equal(resumed.latents, whole.bundle.latents)
