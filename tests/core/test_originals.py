"""Finding the images that a model was trained on, wherever they are."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bundles import Kind, contents
from children import run_python
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tfds_folders import prepare, tfds_features

import bvae_core
from bvae_core.bundle import Bundle, DataCard, write_bundle
from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet, Origin, _apart, _scratch, load, origin_of, tfds
from bvae_core.datasets.idx import write_idx
from bvae_core.errors import BvaeError, DataError
from bvae_core.originals import (
    find_originals,
    is_at_hand,
    locate_originals,
    recall_origin,
    remember_origin,
)
from bvae_core.store import Store
from bvae_core.training import TrainingStopped, train

RNG = np.random.default_rng(4)


def bundle_of(images: ImageSet, folder: Path, kind: Kind = "dense") -> Bundle:
    """A bundle as a training on these images leaves it, but for its networks."""
    data = DataCard(
        name=images.name,
        fingerprint=images.fingerprint,
        image_shape=images.image_shape,
        class_names=images.class_names,
        train_count=len(images.train_indices),
        test_count=len(images.test_indices),
    )
    filled = contents("small", kind=kind, images=len(images))
    return write_bundle(
        folder, replace(filled, data=data, labels=images.labels, is_test=images.is_test)
    )


@pytest.fixture
def characters(tmp_path: Path) -> Path:
    """A folder with 50 grey images in IDX files, ten of them for testing."""
    folder = tmp_path / "characters"
    folder.mkdir()
    for split, count in (("train", 40), ("t10k", 10)):
        pixels = RNG.integers(0, 256, (count, 28, 28), np.uint8)
        write_idx(folder / f"{split}-images-idx3-ubyte.gz", pixels)
        write_idx(folder / f"{split}-labels-idx1-ubyte.gz", np.arange(count, dtype=np.uint8) % 5)
    return folder


@pytest.fixture
def bundle(characters: Path, tmp_path: Path) -> Bundle:
    """A model of those."""
    return bundle_of(load(str(characters)), tmp_path / "bundle")


def test_of_a_model_that_came_from_elsewhere_nothing_is_known(bundle, cache_folder):
    assert recall_origin(bundle) is None
    assert find_originals(bundle) is None
    assert not cache_folder.exists()


def test_once_located_the_images_are_found_again(bundle, characters, cache_folder):
    located = locate_originals(bundle, str(characters))
    found = find_originals(bundle)
    assert found is not None
    expected = load(str(characters)).images[..., 0]
    for originals in (located, found):
        assert len(originals) == len(bundle.latents)
        np.testing.assert_array_equal(originals[7], expected[7])
        np.testing.assert_array_equal(originals.take([49, 0, 49]), expected[[49, 0, 49]])
        assert originals.origin.source == str(characters)


def test_they_can_be_looked_at_but_not_changed(bundle, characters, cache_folder):
    originals = locate_originals(bundle, str(characters))
    with pytest.raises(ValueError, match="read-only"):
        originals[0][:] = 0
    originals.take([0])[:] = 0  # a copy
    assert originals[0].any()
    with pytest.raises(IndexError):
        originals[50]


def test_a_relative_place_is_found_from_any_folder(
    bundle, characters, cache_folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(characters.parent)
    locate_originals(bundle, "characters")
    monkeypatch.chdir("/")
    assert find_originals(bundle) is not None


def test_a_folder_that_has_gone_is_no_error_and_may_come_back(bundle, characters, cache_folder):
    origin = locate_originals(bundle, str(characters)).origin
    away = characters.rename(characters.with_name("away"))
    assert find_originals(bundle) is None
    assert not is_at_hand(origin)
    away.rename(characters)
    assert find_originals(bundle) is not None


def test_images_that_have_changed_are_not_shown(bundle, characters, cache_folder):
    locate_originals(bundle, str(characters))
    pixels = load(str(characters)).images[:40, ..., 0].copy()
    pixels[3, 5, 5] ^= 1
    write_idx(characters / "train-images-idx3-ubyte.gz", pixels)
    assert find_originals(bundle) is None


def test_other_images_are_refused_and_what_was_known_stays(
    bundle, characters, cache_folder, tmp_path
):
    locate_originals(bundle, str(characters))
    with pytest.raises(
        DataError,
        match=r"Expected the images that the model was trained on: 50 of characters, 28×28\. "
        r"Received: other images, those of strokes:50\.",
    ):
        locate_originals(bundle, "strokes:50")
    with pytest.raises(DataError, match="nowhere"):
        locate_originals(bundle, str(tmp_path / "nowhere"))
    assert find_originals(bundle) is not None


def test_the_same_images_in_another_order_are_others(bundle, characters, cache_folder, tmp_path):
    images = load(str(characters)).images
    np.save(tmp_path / "reversed.npy", images[::-1])
    with pytest.raises(DataError, match="other images"):
        locate_originals(bundle, str(tmp_path / "reversed.npy"))


def test_the_format_and_names_of_classes_do_not_matter(bundle, characters, cache_folder, tmp_path):
    images = load(str(characters)).images
    np.save(tmp_path / "pixels.npy", images)  # without labels, classes and splits
    assert len(locate_originals(bundle, str(tmp_path / "pixels.npy"))) == 50


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "null", '{"source": 3}', "[" * 100_000, "\udcff", "{}", "no JSON"]
)
def test_a_damaged_note_is_as_good_as_none(bundle, characters, cache_folder, note):
    locate_originals(bundle, str(characters))
    (path,) = (cache_folder / "originals").iterdir()
    path.write_bytes(note.encode("utf-8", "surrogateescape"))
    assert find_originals(bundle) is None
    locate_originals(bundle, str(characters))
    assert find_originals(bundle) is not None


@given(
    source=st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))),
    data_dir=st.none() | st.just(Path("/data/prepared")),
    image_size=st.none() | st.tuples(st.integers(8, 256), st.integers(8, 256)),
    grey=st.none() | st.booleans(),
    seed=st.integers(0, 2**63),
)
def test_an_origin_reads_back_as_it_was_written(source, data_dir, image_size, grey, seed):
    origin = Origin(source, data_dir, image_size, grey, seed)
    assert Origin.from_text(origin.to_text()) == origin


@pytest.mark.parametrize(
    "change",
    [
        {"source": "a\0b"},
        {"source": 3},
        {"seed": -1},
        {"seed": True},
        {"image_size": ("8", "8")},
        {"image_size": (28, -1)},
        {"grey": "no"},
    ],
    ids=str,
)
def test_an_origin_with_a_value_of_another_type_is_refused(change):
    text = replace(Origin("kmnist"), **change).to_text()
    with pytest.raises(DataError, match="Expected where images are"):
        Origin.from_text(text)


def test_where_nothing_can_be_written_the_finder_is_told(bundle, characters, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BVAE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(BvaeError, match="could not be made"):
        locate_originals(bundle, str(characters))
    assert find_originals(bundle) is None


@pytest.mark.slow
def test_a_training_notes_where_its_images_are(cache_folder, tmp_path):
    images = load("strokes:60", seed=3)
    config = TrainConfig(epochs=1, width=8, depth=1)
    with pytest.raises(TrainingStopped):
        train(config, images, store=Store(tmp_path / "elsewhere"), should_stop=lambda: True)
    model = bundle_of(images, tmp_path / "model")
    assert find_originals(model) is None
    found = find_originals(model, cache=tmp_path / "elsewhere")
    assert found is not None
    np.testing.assert_array_equal(found.take(range(60)), images.images[..., 0])


def test_images_that_were_chosen_from_others_have_no_origin():
    images = load("strokes:60")
    assert images.origin == Origin("strokes:60")
    assert images.select(range(10)).origin is None


def test_strokes_without_a_count_keep_today_s():
    assert origin_of("strokes", seed=2) == Origin("strokes:6000", seed=2)


def test_pictures_are_brought_to_the_models_size_and_colours(cache_folder, tmp_path):
    folder = tmp_path / "pictures"
    for name in ("き", "れ"):
        (folder / name).mkdir(parents=True)
        for index in range(6):
            pixels = RNG.integers(0, 256, (30 + index, 40, 3), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{index}.png")
    images = load(str(folder), image_size=(16, 24))
    model = bundle_of(images, tmp_path / "bundle", "conv")
    originals = locate_originals(model, str(folder))
    assert originals[11].shape == (16, 24, 3)
    np.testing.assert_array_equal(originals.take(np.arange(12)), images.images)


def test_the_demo_is_the_first_of_the_official_characters(kmnist_folder, cache_folder, tmp_path):
    demo = bvae_core.load_bundle("demo")
    assert len(locate_originals(demo, str(kmnist_folder))) == len(demo.latents)
    few = load(str(kmnist_folder))
    few = few.select(np.r_[few.train_indices[:30], few.test_indices[:20]])
    model = bundle_of(few, tmp_path / "bundle")
    originals = locate_originals(model, str(kmnist_folder))
    np.testing.assert_array_equal(originals.take(range(50)), few.images[..., 0])
    found = find_originals(model)
    assert found is not None
    assert len(found) == 50


# Sets that only TensorFlow Datasets can read, in a child process.


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 40 images prepared as `kmnist`."""
    features = tfds_features()
    folder = tmp_path_factory.mktemp("prepared")
    images = RNG.integers(0, 256, (40, 28, 28, 1), np.uint8)
    columns = {"image": [*images], "label": [index % 10 for index in range(40)]}
    prepare(
        folder,
        "kmnist",
        {
            "image": features.Image(shape=(28, 28, 1)),
            "label": features.ClassLabel(num_classes=10),
        },
        {
            split: {key: column[part] for key, column in columns.items()}
            for split, part in (("train", slice(0, 30)), ("test", slice(30, 40)))
        },
    )
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may take away."""
    return shutil.copytree(prepared, tmp_path / "tfds")


@pytest.fixture
def model(folder: Path, tmp_path: Path) -> Bundle:
    return bundle_of(load("kmnist", data_dir=folder), tmp_path / "bundle")


@pytest.mark.slow
def test_they_are_found_without_tensorflow_mended_and_once_read_outlive_the_folder(
    model, folder, cache_folder
):
    pixels = load("kmnist", data_dir=folder).images[..., 0]
    done = run_python(
        "import sys\n"
        "from pathlib import Path\n"
        "from bvae_core.bundle import open_bundle\n"
        "from bvae_core.originals import find_originals, locate_originals\n"
        "model = open_bundle(Path(sys.argv[1]))\n"
        "locate_originals(model, 'kmnist', Path(sys.argv[2]))\n"
        "print(find_originals(model).take([39]).sum())\n"
        "print({'tensorflow', 'tensorflow_datasets', 'keras'} & set(sys.modules))",
        model.path,
        folder,
    )
    assert done.stdout.split("\n")[:2] == [str(pixels[39].sum()), "set()"], done.stderr
    origin = find_originals(model).origin

    (kept,) = (cache_folder / "data").glob("*.npy")
    whole = kept.read_bytes()
    for damaged in (b"", whole[:100], whole[:-1]):
        kept.write_bytes(damaged)
        assert _apart.find(origin) is None
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert find_originals(model) is not None
    assert kept.read_bytes() == whole

    shutil.rmtree(folder)
    found = find_originals(model)
    assert is_at_hand(found.origin)
    np.testing.assert_array_equal(found.take(np.arange(40)), pixels)


@pytest.mark.slow
def test_a_folder_that_has_gone_is_no_error_and_asks_no_network(
    model, folder, cache_folder, monkeypatch
):
    origin = origin_of("kmnist", data_dir=folder)
    remember_origin(model.data.fingerprint, origin)
    shutil.rmtree(folder)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        for variable in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert find_originals(model) is None
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            proxy.accept()
    assert not is_at_hand(origin)


@pytest.mark.slow
def test_without_download_the_network_is_not_asked(tmp_path, monkeypatch):
    def fail(_: str) -> bool:
        pytest.fail("asked the network")

    monkeypatch.setattr(tfds, "reachable", fail)
    with pytest.raises(DataError, match="kmnist is not prepared in"):
        tfds.load("kmnist", data_dir=tmp_path, download=False)
    (tmp_path / "kmnist" / "1.0.0").mkdir(parents=True)
    (tmp_path / "kmnist" / "1.0.0" / "dataset_info.json").write_text("{}")
    with pytest.raises(DataError, match="kmnist"):
        tfds.load("kmnist", data_dir=tmp_path, download=False)


@pytest.mark.slow
def test_other_images_are_refused_and_bad_sources_explained(bundle, folder, cache_folder):
    with pytest.raises(DataError, match=r"Received: other images, those of kmnist in .*tfds"):
        locate_originals(bundle, "kmnist", folder)
    with pytest.raises(DataError, match="Expected a name such as"):
        locate_originals(bundle, "tfds:a b", folder)


@pytest.mark.slow
def test_the_reading_can_be_stopped(model, folder, cache_folder):
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return True

    with pytest.raises(DataError, match="the reading was stopped"):
        locate_originals(model, "kmnist", folder, should_stop=stop)
    assert asked == [True]
    assert recall_origin(model) is None
    remember_origin(model.data.fingerprint, origin_of("kmnist", data_dir=folder))
    assert find_originals(model, should_stop=stop) is None


def test_kept_pixels_replace_what_was_kept_before(cache_folder, monkeypatch):
    monkeypatch.setattr(_scratch, "CHUNK_BYTES", 2000)
    for seed in (1, 2):
        images = load("strokes:20", seed=seed).images
        _scratch.keep("key", images, source="strokes")
        np.testing.assert_array_equal(_scratch.find("key"), images)
