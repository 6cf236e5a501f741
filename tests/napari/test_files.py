"""Readers, writers and samples, as napari calls them: without a viewer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bvae_core.datasets import load
from bvae_core.datasets.idx import read_idx, write_idx
from bvae_core.errors import DataError
from bvae_core.resources import resource
from bvae_gui.napari import samples, writers
from bvae_gui.napari.readers import get_reader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small set under the official names."""
    images = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", images)
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", (np.arange(30) % 3).astype(np.uint8))
    return tmp_path


def test_a_folder_of_idx_files_is_a_stack_with_what_is_known_of_each(folder: Path):
    read = get_reader(str(folder))
    assert read is not None
    [(data, shown, kind)] = read(str(folder))
    assert (data.shape, data.dtype, kind) == ((30, 28, 28), np.uint8, "image")
    assert shown["metadata"]["labels"].tolist() == [0, 1, 2] * 10
    assert shown["metadata"]["class_names"] == ("0", "1", "2")
    assert list(shown["metadata"]) == ["labels", "class_names", "split"]


def test_a_single_file_and_an_archive_are_stacks(folder: Path, tmp_path: Path):
    path = str(folder / "train-images-idx3-ubyte.gz")
    [(data, _, _)] = get_reader(path)([path])
    assert len(data) == 30
    archive = str(tmp_path / "kmnist-train-imgs.npz")
    np.savez(archive, data)
    [(again, _, _)] = get_reader(archive)(archive)
    assert np.array_equal(again, data)


def test_a_models_folder_is_what_it_decodes_of_a_grid():
    path = str(resource("demo"))
    [(data, shown, kind)] = get_reader(path)(path)
    assert (data.shape, kind) == ((560, 560), "image")
    assert shown["metadata"]["model"]
    assert shown["metadata"]["places"].shape == (20, 20, 2)


def test_what_is_not_ours_is_left_to_others(tmp_path: Path):
    (tmp_path / "picture.png").touch()
    assert get_reader(str(tmp_path / "picture.png")) is None
    assert get_reader(str(tmp_path)) is None


def test_a_broken_file_is_a_sentence(tmp_path: Path):
    path = tmp_path / "broken-idx3-ubyte"
    path.write_bytes(b"no such thing")
    with pytest.raises(DataError, match=r"broken-idx3-ubyte: Expected an IDX file"):
        get_reader(str(path))(str(path))


def test_a_stack_is_written_as_idx_as_it_is_shown(tmp_path: Path):
    stack = np.zeros((5, 12, 10), np.float32)
    stack[1], stack[2] = 0.5, 2.0
    path = str(tmp_path / "stack.idx")
    assert writers.write_idx(path, stack, {"name": "s", "contrast_limits": [0, 1]}) == [path]
    written = read_idx(Path(path))
    assert written[:, 0, 0].tolist() == [0, 128, 255, 0, 0]
    bytes_ = np.arange(240, dtype=np.uint8).reshape(2, 12, 10)
    writers.write_idx(path, bytes_, {"name": "s", "contrast_limits": [10, 20]})
    assert np.array_equal(read_idx(Path(path)), bytes_)


def test_the_official_name_gets_its_labels_beside_it(tmp_path: Path, folder: Path):
    [(data, shown, _)] = get_reader(str(folder))(str(folder))
    target = tmp_path / "again" / "train-images-idx3-ubyte.gz"
    target.parent.mkdir()
    paths = writers.write_idx(str(target), data, shown)
    assert [Path(path).name for path in paths] == [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
    ]  # fmt: skip
    assert load(str(target.parent)).fingerprint == load(str(folder)).fingerprint


def test_an_archive_keeps_labels_and_names(tmp_path: Path, folder: Path):
    [(data, shown, _)] = get_reader(str(folder))(str(folder))
    shown["metadata"]["class_names"] = ("お", "き", "れ")
    path = str(tmp_path / "letters.npz")
    assert writers.write_npz(path, data, shown) == [path]
    again = load(path)
    assert np.array_equal(again.images[..., 0], data)
    assert again.class_names == ("お", "き", "れ")
    assert again.labels.tolist() == shown["metadata"]["labels"].tolist()


def test_a_lazy_stack_in_colour_is_written_too(tmp_path: Path):
    import dask.array as da

    stack = da.random.default_rng(1).integers(0, 256, (6, 9, 9, 3), np.uint8, chunks=(2, 9, 9, 3))
    path = str(tmp_path / "colour.npz")
    writers.write_npz(path, stack, {"name": "colour", "rgb": True})
    assert np.array_equal(load(path).images, stack.compute())


def test_a_single_image_is_refused_and_nothing_is_written(tmp_path: Path):
    path = tmp_path / "one.idx"
    with pytest.raises(DataError, match=r"one: Expected a stack of images.*Received: \(9, 9\)"):
        writers.write_idx(str(path), np.zeros((9, 9)), {"name": "one"})
    assert not path.exists()


def test_samples_are_there_without_a_network(cache_folder: Path):
    [(grid, _, _)] = samples.demo_grid()
    assert grid.shape == (560, 560)
    [(strokes, shown, _)] = samples.strokes()
    assert strokes.shape == (2000, 28, 28)
    assert "slant" in shown["metadata"]
    with pytest.raises(DataError, match="Kuzushiji-MNIST: Expected its images to be at hand"):
        samples.kmnist()


def test_the_real_characters_are_a_sample_where_bvae_knows_them(
    cache_folder: Path, kmnist_folder: Path
):
    from bvae_core import load_bundle
    from bvae_core.originals import locate_originals

    demo = load_bundle("demo")
    locate_originals(demo, str(kmnist_folder))
    [(images, shown, _)] = samples.kmnist()
    assert images.shape == (14_011, 28, 28)
    assert shown["metadata"]["class_names"] == demo.class_names
