"""The catalogue: what every source has in common, and what is said of one that isn't there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bvae_core import datasets
from bvae_core.datasets import ImageSet, _splits
from bvae_core.datasets.idx import write_idx
from bvae_core.errors import DataError

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("source", ["", "nowhere", "tfds:", "./kmnist", "http://example.org/x.png"])
def test_an_unknown_source_is_answered_with_the_possible_ones(source: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"kmnist, tfds:NAME .* strokes:COUNT .* IDX .*Received: "):
        datasets.load(source)


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not images")
    with pytest.raises(DataError, match=r"notes\.txt, a file of another kind"):
        datasets.load(str(notes))


def test_the_home_folder_may_be_written_with_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    np.save(tmp_path / "images.npy", np.zeros((3, 8, 8), np.uint8))
    assert len(datasets.load("~/images.npy")) == 3


def test_data_dir_belongs_to_tensorflow_datasets_alone(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="data_dir: Expected only with kmnist and tfds:NAME"):
        datasets.load("strokes", data_dir=tmp_path)


@pytest.mark.parametrize("size", [(7, 28), (28, 257), (0, 0), (-28, 28)])
def test_a_size_out_of_range_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(DataError, match="image_size: Expected height and width from 8 to 256"):
        datasets.load("strokes", image_size=size)


@pytest.mark.parametrize("shape", [(8, 8, 1), (8, 8, 3), (256, 256, 1), (256, 256, 3), (9, 31, 3)])
def test_grey_and_colour_of_every_size(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    images = RNG.integers(0, 256, (4, *shape), np.uint8)
    np.save(tmp_path / "images.npy", images)
    loaded = datasets.load(str(tmp_path / "images.npy"))
    assert loaded.image_shape == shape
    assert np.array_equal(loaded.images, images)


@pytest.mark.parametrize("shape", [(7, 8, 1), (8, 257, 1)])
def test_smaller_and_larger_images_need_a_size_to_be_brought_to(
    tmp_path: Path, shape: tuple[int, int, int]
) -> None:
    np.save(tmp_path / "images.npy", np.zeros((4, *shape), np.uint8))
    with pytest.raises(DataError, match=r"images\.npy: Expected images from 8×8 to 256×256"):
        datasets.load(str(tmp_path / "images.npy"))
    loaded = datasets.load(str(tmp_path / "images.npy"), image_size=(16, 16))
    assert loaded.images.shape == (4, 16, 16, 1)


def test_colour_can_be_taken_away_and_greys_given_three_channels(tmp_path: Path) -> None:
    red = np.zeros((2, 8, 8, 3), np.uint8)
    red[..., 0] = 255
    np.save(tmp_path / "red.npy", red)
    np.save(tmp_path / "grey.npy", np.full((2, 8, 8), 90, np.uint8))
    as_grey = datasets.load(str(tmp_path / "red.npy"), grey=True)
    assert as_grey.image_shape == (8, 8, 1)
    assert np.unique(as_grey.images) == [76]  # 299 thousandths of red: ITU-R 601 luma
    as_colour = datasets.load(str(tmp_path / "grey.npy"), grey=False)
    assert as_colour.image_shape == (8, 8, 3)
    assert np.unique(as_colour.images) == [90]


def test_the_same_characters_have_one_fingerprint_whatever_the_format(tmp_path: Path) -> None:
    images = RNG.integers(0, 256, (50, 12, 12), np.uint8)
    labels = np.arange(50, dtype=np.uint8) % 5
    packed, unpacked = tmp_path / "packed", tmp_path / "unpacked"
    for folder, suffix in ((packed, ".gz"), (unpacked, "")):
        folder.mkdir()
        for split, part in (("train", slice(0, 40)), ("t10k", slice(40, 50))):
            write_idx(folder / f"{split}-images-idx3-ubyte{suffix}", images[part])
            write_idx(folder / f"{split}-labels-idx1-ubyte{suffix}", labels[part])
    archive = tmp_path / "all.npz"
    np.savez(
        archive, x_train=images[:40], y_train=labels[:40], x_test=images[40:], y_test=labels[40:]
    )
    loaded = [datasets.load(str(path)) for path in (packed, unpacked, archive)]
    assert len({images.fingerprint for images in loaded}) == 1
    assert len({images.name for images in loaded}) == 3


def test_images_in_memory_are_read_only(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        datasets.load("strokes:10").images[0] = 0


def test_a_tenth_of_every_class_is_kept_for_testing() -> None:
    labels = np.repeat(np.arange(4), [1000, 300, 100, 20])
    is_test = _splits.draw_test_split(len(labels), labels, seed=3)
    assert np.array_equal(np.bincount(labels[is_test]), [100, 30, 10, 2])
    again = _splits.draw_test_split(len(labels), labels, seed=3)
    other = _splits.draw_test_split(len(labels), labels, seed=4)
    assert np.array_equal(is_test, again)
    assert not np.array_equal(is_test, other)


@pytest.mark.parametrize(("count", "kept"), [(1, 0), (2, 1), (9, 1), (10, 1), (25, 2), (1000, 100)])
def test_a_tenth_of_unlabelled_images_is_kept_for_testing(count: int, kept: int) -> None:
    assert _splits.draw_test_split(count, None, seed=0).sum() == kept


def test_importing_and_generating_loads_no_tensorflow() -> None:
    program = (
        "import sys; from bvae_core import datasets; datasets.load('strokes:10');"
        "assert not {'tensorflow', 'tensorflow_datasets', 'keras', 'qtpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_set_says_what_it_holds_in_a_line():
    said = repr(datasets.load("strokes:50"))
    assert said == "<ImageSet 'strokes': 50×28×28×1, 10 classes, 5 for testing>"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"images": np.zeros((3, 8, 8), np.uint8)}, "Expected images of shape"),
        ({"labels": np.zeros(3)}, "Expected labels of shape .N,., integers. Received: .*float64"),
        ({"labels": np.zeros((3, 2), np.int64)}, "Expected labels of shape"),
        ({"labels": np.full(3, 2)}, "Expected labels from 0 to 1"),
        ({"is_test": np.zeros(3, np.int64)}, "Expected split marks of shape"),
        ({"is_test": np.zeros(2, bool)}, "Expected as many split marks as images .3."),
        ({"factor_names": ("size", "slant")}, "Expected a name for each of 1 factors. Received: 2"),
    ],
)
def test_an_image_set_s_arrays_are_checked(wrong, message):
    right = {
        "images": np.zeros((3, 8, 8, 1), np.uint8),
        "labels": np.array([0, 1, 1]),
        "class_names": ("one", "other"),
        "is_test": np.array([False, False, True]),
        "factors": np.ones((3, 1), np.float32),
        "factor_names": ("size",),
    }
    ImageSet("set", **right)
    with pytest.raises(DataError, match=message):
        ImageSet("set", **right | wrong)
