from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import pytest
from children import is_gone

from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet, load
from bvae_core.errors import BvaeError, ConfigError, DataError
from bvae_core.store import Store
from bvae_core.sweep import sweep, sweep_configs, sweep_table
from bvae_core.sweep.cluster import sweep_on_cluster
from bvae_core.training.events import (
    AlreadyTrained,
    EpochEnd,
    Event,
    Finished,
    Started,
    TrainingStopped,
)

if TYPE_CHECKING:
    from distributed import Client

TINY = TrainConfig(epochs=1, width=16, depth=1, augmentation=0.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "mine")


@pytest.fixture(scope="module")
def strokes() -> ImageSet:
    return load("strokes:200")


# Settings and table


def test_a_sweep_has_each_beta_with_each_seed() -> None:
    configs = sweep_configs(TrainConfig(latent_dim=3, seed=5), [1, 4.5], 2)
    assert [(config.beta, config.seed) for config in configs] == [
        (1.0, 5),
        (4.5, 5),
        (1.0, 6),
        (4.5, 6),
    ]
    assert {config.latent_dim for config in configs} == {3}


@pytest.mark.parametrize(
    ("betas", "seeds", "message"),
    [
        ([], 1, "betas: Expected one or more, each once. Received: none"),
        ([1, 4, 1], 1, r"betas: .* Received: 1, 4, 1\."),
        ([1], 0, "seeds: Expected 1 or more. Received: 0"),
        ([-1], 1, "beta: Expected"),
        ([float("nan")], 1, "beta: Expected"),
    ],
)
def test_what_can_not_be_swept(betas: list[float], seeds: int, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        sweep_configs(TrainConfig(), betas, seeds)


@dataclass
class Model:
    config: TrainConfig
    metrics: dict[str, Any]


def test_a_table_has_the_median_over_seeds_of_held_out_figures() -> None:
    def model(beta: float, objective: float, *, held_out: bool = True) -> Model:
        figures = {"held_out": held_out, "objective_beta_1": objective, "active_units": 2}
        return Model(TrainConfig(beta=beta), figures)

    models = [
        model(4, 300),
        model(1, 280),
        model(1, 290),
        model(1, 281),
        model(4, 9, held_out=False),
    ]
    first, second = sweep_table(models)
    assert (first.beta, first.count, first.medians["objective_beta_1"]) == (1.0, 3, 281.0)
    assert (second.beta, second.count, second.medians["objective_beta_1"]) == (4.0, 2, 300.0)
    assert second.medians["neighbour_accuracy"] is None


# One after another


@pytest.mark.slow
def test_a_sweep_trains_what_the_store_lacks_and_goes_on_where_it_was_stopped(
    store: Store, strokes: ImageSet
) -> None:
    configs = sweep_configs(replace(TINY, epochs=2), [1, 4], 1)
    told: list[tuple[int, Event]] = []

    def second_has_an_epoch() -> bool:
        return any(number == 1 and isinstance(event, EpochEnd) for number, event in told)

    with pytest.raises(TrainingStopped):
        sweep(
            configs,
            strokes,
            store=store,
            on_event=lambda *event: told.append(event),
            should_stop=second_has_an_epoch,
        )
    assert [model.name for model in store.models()] == ["strokes-b1-d2"]

    told.clear()
    models = sweep(configs, strokes, store=store, on_event=lambda *event: told.append(event))
    assert [model.config.beta for model in models] == [1.0, 4.0]
    assert isinstance(told[0][1], AlreadyTrained)
    (started,) = [event for _, event in told if isinstance(event, Started)]
    assert started.resumed_from_epoch == 1


# On Dask


@dataclass
class Cluster:
    """Two worker processes with a cache of their own, as on another machine."""

    address: str
    client: Client
    cache: Path

    def kill_who_trains(self) -> psutil.Process:
        """Kill the worker process that has something to do, and return it."""
        workers = self.client.run(os.getpid)
        (address, *_) = [each for each, keys in self.client.processing().items() if keys]
        worker = psutil.Process(workers[address])
        worker.kill()
        return worker


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    import dask
    from distributed import Client, LocalCluster

    cache = tmp_path / "theirs"
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),  # as `local_cluster` has it
        LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=True,
            dashboard_address=None,
            memory_limit=0,
            silence_logs=50,
            env={"BVAE_CACHE_DIR": str(cache)},
        ) as made,
        Client(made, set_as_default=False) as client,
    ):
        yield Cluster(made.scheduler_address, client, cache)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_lost_workers_training_is_done_again_and_all_models_come_back(
    cluster: Cluster, store: Store, strokes: ImageSet
) -> None:
    configs = sweep_configs(replace(TINY, epochs=20), [1, 2, 4], 1)
    store_has = sweep(configs[:1], strokes, store=store)
    told: list[tuple[int, Event]] = []
    killed: list[psutil.Process] = []

    def on_event(number: int, event: Event) -> None:
        told.append((number, event))
        if isinstance(event, EpochEnd) and not killed:
            killed.append(cluster.kill_who_trains())

    models = sweep_on_cluster(configs, strokes, cluster.address, on_event=on_event, store=store)

    assert is_gone(killed[0])
    assert [model.config.beta for model in models] == [1.0, 2.0, 4.0]
    assert all(model.path.is_relative_to(store.root) for model in models)
    assert models[0].path == store_has[0].path
    assert len(Store(cluster.cache).models()) == 2  # not the one that the caller had
    assert isinstance(told[0][1], AlreadyTrained)
    assert [number for number, event in told if isinstance(event, Finished)]
    assert {number for number, event in told if isinstance(event, Finished)} == {1, 2}
    assert models[1].decode([[0.0, 0.0]]).shape == (1, 28, 28)


@pytest.mark.slow
def test_what_a_worker_can_not_load_is_said(
    cluster: Cluster, store: Store, strokes: ImageSet, tmp_path: Path
) -> None:
    np.save(tmp_path / "images.npy", strokes.images)
    images = load(str(tmp_path / "images.npy"))
    (tmp_path / "images.npy").unlink()
    with pytest.raises(DataError, match=r"A worker can't load the images: .*no such file"):
        sweep_on_cluster([TINY], images, cluster.address, store=store)
    np.save(tmp_path / "images.npy", strokes.images[::-1])
    with pytest.raises(DataError, match=r"Expected the same images of .* at every worker"):
        sweep_on_cluster([TINY], images, cluster.address, store=store)


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_named(
    store: Store, strokes: ImageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bvae_core.sweep.cluster._CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(BvaeError, match=f"{address}: Expected the address of a running Dask"):
            sweep_on_cluster([TINY], strokes, address, store=store)


def test_images_from_nowhere_can_not_be_sent(store: Store, strokes: ImageSet) -> None:
    some = strokes.select(strokes.train_indices)
    with pytest.raises(DataError, match="Expected images that a worker can load as well"):
        sweep_on_cluster([TINY], some, "tcp://127.0.0.1:1", store=store)
