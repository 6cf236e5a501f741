"""TensorFlow Datasets: folders prepared earlier, and what is said where the network is missing."""

from __future__ import annotations

import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tfds_folders import prepare, tfds_features

from bvae_core import datasets
from bvae_core.datasets import _scratch, tfds
from bvae_core.errors import DataError

pytestmark = pytest.mark.slow  # they load TensorFlow

RNG = np.random.default_rng(6)


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, kmnist_folder: Path
) -> tuple[Path, datasets.ImageSet]:
    """A folder with `kmnist` prepared from 300 of the real characters, and those characters."""
    features = tfds_features()

    folder = tmp_path_factory.mktemp("prepared")
    all_real = datasets.load(str(kmnist_folder))
    real = all_real.select(np.r_[all_real.train_indices[:200], all_real.test_indices[:100]])
    assert real.labels is not None
    prepare(
        folder,
        "kmnist",
        {"image": features.Image(shape=(28, 28, 1)), "label": features.ClassLabel(num_classes=10)},
        {
            split: {"image": [*real.images[part]], "label": real.labels[part].tolist()}
            for split, part in (("train", real.train_indices), ("test", real.test_indices))
        },
    )
    return folder, real


def test_the_real_characters_from_a_prepared_folder(
    prepared: tuple[Path, datasets.ImageSet],
) -> None:
    folder, real = prepared
    loaded = datasets.load("kmnist", data_dir=folder)
    assert loaded.fingerprint == real.fingerprint
    assert loaded.class_names == tuple("おきすつなはまやれを")
    assert loaded.is_test.sum() == 100
    assert datasets.load("tfds:kmnist:3.0.1", data_dir=folder).fingerprint == real.fingerprint


def test_they_are_what_tfds_load_gives(prepared: tuple[Path, datasets.ImageSet]) -> None:
    import tensorflow_datasets

    folder, _ = prepared
    loaded = datasets.load("kmnist", data_dir=folder)
    assert loaded.labels is not None
    for split, part in (("train", loaded.train_indices), ("test", loaded.test_indices)):
        examples = tensorflow_datasets.load("kmnist", split=split, data_dir=folder, download=False)
        rows = [*tensorflow_datasets.as_numpy(examples)]
        assert np.array_equal([row["image"] for row in rows], loaded.images[part])
        assert np.array_equal([row["label"] for row in rows], loaded.labels[part])


def test_size_and_colour_can_be_asked_for(prepared: tuple[Path, datasets.ImageSet]) -> None:
    folder, _ = prepared
    loaded = datasets.load("kmnist", data_dir=folder, image_size=(14, 20), grey=False)
    assert loaded.image_shape == (14, 20, 3)


def test_a_large_set_is_mapped_from_disk(
    prepared: tuple[Path, datasets.ImageSet], cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = prepared
    monkeypatch.setattr(_scratch, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(_scratch, "CHUNK_BYTES", 20_000)
    for _ in range(2):
        loaded = datasets.load("kmnist", data_dir=folder)
        assert isinstance(loaded.images, np.memmap)
        assert loaded.fingerprint == real.fingerprint
    assert len([*(cache_folder / "data").glob("*.npy")]) == 1


def test_images_of_many_sizes_in_colour_without_labels(tmp_path: Path) -> None:
    features = tfds_features()

    sizes = [(20, 30), (20, 30), (20, 30), (50, 40), (12, 12)] * 4
    images = [RNG.integers(0, 256, (*size, 3), np.uint8) for size in sizes]
    prepare(
        tmp_path,
        "photos",
        {"picture": features.Image(shape=(None, None, 3))},
        {"train": {"picture": images}},
    )
    loaded = datasets.load("tfds:photos", data_dir=tmp_path)
    assert loaded.images.shape == (20, 20, 30, 3)
    assert np.array_equal(loaded.images[0], images[0])
    assert loaded.labels is None
    assert loaded.is_test.sum() == 2


def test_deep_greys_a_validation_split_and_names_of_classes(tmp_path: Path) -> None:
    features = tfds_features()

    greys = [np.full((9, 9, 1), 257 * value, np.uint16) for value in range(12)]
    columns = {
        "image": features.Image(shape=(9, 9, 1), dtype=np.uint16, encoding_format="png"),
        "label": features.ClassLabel(names=["dark", "bright"]),
    }
    halves = {"train": slice(0, 9), "validation": slice(9, 12)}
    splits = {
        split: {"image": greys[part], "label": [int(v > 5) for v in range(12)][part]}
        for split, part in halves.items()
    }
    prepare(tmp_path, "cells", columns, splits)
    loaded = datasets.load("tfds:cells", data_dir=tmp_path)
    assert loaded.images[:, 0, 0, 0].tolist() == [*range(12)]
    assert loaded.class_names == ("dark", "bright")
    assert loaded.is_test.tolist() == [False] * 9 + [True] * 3


def test_a_set_without_images_is_refused(tmp_path: Path) -> None:
    features = tfds_features()

    prepare(tmp_path, "poems", {"text": features.Text()}, {"train": {"text": ["furuike ya"]}})
    with pytest.raises(DataError, match=r"tfds:poems: Expected a set of images\. Received: text"):
        datasets.load("tfds:poems", data_dir=tmp_path)


def test_damaged_files_are_an_error_that_names_their_folder(
    prepared: tuple[Path, datasets.ImageSet], tmp_path: Path
) -> None:
    for file in prepared[0].rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(prepared[0])
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    records = next(tmp_path.rglob("*train*tfrecord*"))
    records.write_bytes(records.read_bytes()[:-1000])
    with pytest.raises(
        DataError, match=r"tfds:kmnist: the files prepared in .*kmnist.*can't be read"
    ):
        datasets.load("kmnist", data_dir=tmp_path)
    next(tmp_path.rglob("dataset_info.json")).write_text("{")
    with pytest.raises(DataError, match=r"tfds:kmnist can't be opened in .*JSON"):
        datasets.load("kmnist", data_dir=tmp_path)


def test_a_name_that_no_set_has_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tfds, "reachable", lambda _: True)
    with pytest.raises(DataError, match=r"such as kmnist, mnist or cifar10\. Received: nonesuch"):
        datasets.load("tfds:nonesuch", data_dir=tmp_path)


def test_a_download_that_fails_all_the_same_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow_datasets

    def fail(_: object) -> None:
        raise tensorflow_datasets.download.DownloadError("Failed to get url. HTTP code: 404.")

    monkeypatch.setattr(tfds, "reachable", lambda _: True)
    monkeypatch.setattr(tensorflow_datasets.core.DatasetBuilder, "download_and_prepare", fail)
    with pytest.raises(DataError, match=r"kmnist could not be downloaded .* HTTP code: 404"):
        datasets.load("kmnist", data_dir=tmp_path)


@pytest.mark.parametrize("name", ["a b", "../etc", "kmnist/", "x;y"])
def test_what_is_no_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Expected a name such as"):
        datasets.load(f"tfds:{name}", data_dir=tmp_path)


def test_without_the_network_it_says_so_at_once_with_the_ways_out(tmp_path: Path) -> None:
    program = (
        "import sys; from bvae_core import datasets\n"
        "try: datasets.load(sys.argv[1])\n"
        "except datasets.DataError as error: print(error)\n"
        "assert 'tensorflow' not in sys.modules"
    )
    nothing_listens = "http://127.0.0.1:9"
    environment = {
        **os.environ, "HOME": str(tmp_path), "TFDS_DATA_DIR": str(tmp_path),
        "http_proxy": nothing_listens, "https_proxy": nothing_listens, "no_proxy": "",
    }  # fmt: skip
    for source in ("kmnist", "tfds:cifar10"):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", program, source],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        assert time.perf_counter() - start < 10
        assert done.stdout.count("\n") == 1
        for words in (
            "can't be downloaded",
            "official files",
            "--data-dir",
            "strokes",
            str(tmp_path),
        ):
            assert words in done.stdout


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server of the files in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(http.server.SimpleHTTPRequestHandler, "log_message", lambda *_: None)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def test_the_network_reaches_what_answers(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tfds._PROBES, "kmnist", f"{server}labels.gz")
    assert not tfds.reachable("kmnist")
    (tmp_path / "labels.gz").write_bytes(b"x")
    assert tfds.reachable("kmnist")


def test_a_server_that_never_answers_is_out_of_reach_soon(
    silent_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tfds._PROBES, "kmnist", silent_server)
    start = time.perf_counter()
    assert not tfds.reachable("kmnist", timeout=0.3)
    assert time.perf_counter() - start < 1


def test_so_is_a_name_that_takes_long_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: object) -> None:
        time.sleep(1)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    start = time.perf_counter()
    assert not tfds.reachable("kmnist", timeout=0.3)
    assert time.perf_counter() - start < 1
