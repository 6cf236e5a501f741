"""IDX files: official folders, single files, and every way in which they can be wrong."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bvae_core import datasets
from bvae_core.datasets.idx import read_idx, write_idx
from bvae_core.errors import DataError

IMAGES = "train-images-idx3-ubyte"
LABELS = "train-labels-idx1-ubyte"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty training and ten test images of five classes, as official files."""
    rng = np.random.default_rng(1)
    for split, count in (("train", 40), ("t10k", 10)):
        images = rng.integers(0, 256, (count, 10, 12), np.uint8)
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", np.arange(count, dtype=np.uint8) % 5)
    return tmp_path


def test_the_real_characters(kmnist_folder: Path) -> None:
    characters = datasets.load(str(kmnist_folder))
    assert characters.images.shape == (14_011, 28, 28, 1)
    assert characters.class_names == tuple("おきすつなはまやれを")
    assert characters.labels is not None
    assert characters.labels[:5].tolist() == [8, 7, 0, 1, 4]
    assert len(characters.train_indices) == 7_011
    assert len(characters.test_indices) == 7_000
    assert 40 < characters.images.mean() < 60
    assert "CODH" in characters.credits.attribution


def test_official_files_have_official_splits(folder: Path) -> None:
    loaded = datasets.load(str(folder))
    assert loaded.images.shape == (50, 10, 12, 1)
    assert loaded.is_test.tolist() == [False] * 40 + [True] * 10
    assert np.array_equal(loaded.images[40:, ..., 0], read_idx(folder / "t10k-images-idx3-ubyte"))
    assert loaded.class_names == ("0", "1", "2", "3", "4")


def test_folders_beside_the_files_are_no_files(folder: Path) -> None:
    as_it_was = datasets.load(str(folder))
    for file in list(folder.iterdir()):  # as one download of MNIST has them
        file.rename(folder / file.name.replace("-idx", ".idx"))
        (folder / file.name).mkdir()
    assert datasets.load(str(folder)).fingerprint == as_it_was.fingerprint


def test_one_split_alone_is_split_here(folder: Path) -> None:
    for file in folder.glob("t10k*"):
        file.unlink()
    loaded = datasets.load(str(folder))
    assert loaded.is_test.sum() == 4
    assert loaded.labels is not None
    assert not np.array_equal(loaded.is_test, datasets.load(str(folder), seed=1).is_test)


def test_labels_that_start_at_one_get_names_of_their_own(folder: Path) -> None:
    for split, count in (("train", 40), ("t10k", 10)):
        write_idx(folder / f"{split}-labels-idx1-ubyte", np.arange(count, dtype=np.uint8) % 3 + 1)
    loaded = datasets.load(str(folder))
    assert loaded.class_names == ("1", "2", "3")
    assert loaded.labels is not None
    assert loaded.labels[:3].tolist() == [0, 1, 2]


def test_a_class_map_names_the_classes(folder: Path) -> None:
    rows = "".join(f"{index},U+0,{name}\n" for index, name in enumerate("おきすつな"))
    (folder / "kmnist_classmap.csv").write_text("index,codepoint,char\n" + rows, encoding="utf-8")
    assert datasets.load(str(folder)).class_names == tuple("おきすつな")


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", "index,char\nx,お\n", "index,char\n1,お\n", "index,char\n0,お\n", "\0\n"],
)
def test_a_class_map_that_maps_no_such_classes_is_named(folder: Path, text: str) -> None:
    (folder / "kmnist_classmap.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"kmnist_classmap|labels from 0 to 0"):
        datasets.load(str(folder))


def test_a_class_map_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "kmnist_classmap.csv").write_bytes("index,char\n0,お\n".encode("euc-jp"))
    with pytest.raises(DataError, match=r"kmnist_classmap\.csv.*UTF-8"):
        datasets.load(str(folder))


def test_one_file_gives_images_without_labels(folder: Path) -> None:
    loaded = datasets.load(str(folder / IMAGES))
    assert loaded.labels is None
    assert loaded.class_names == ()
    assert len(loaded) == 40
    assert loaded.is_test.sum() == 4


def test_a_folder_without_labels_is_a_set_without_labels(folder: Path) -> None:
    for file in folder.glob("*labels*"):
        file.unlink()
    assert datasets.load(str(folder)).labels is None


def test_images_are_brought_to_the_size_asked_for(folder: Path) -> None:
    assert datasets.load(str(folder), image_size=(16, 16)).image_shape == (16, 16, 1)


@given(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=9)),
    st.sampled_from(["", ".gz"]),
)
def test_what_is_written_is_read_again(array: np.ndarray, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, f"x-idx{array.ndim}-ubyte{suffix}")
        write_idx(path, array)
        again = read_idx(path)
    assert again.shape == array.shape
    assert np.array_equal(again, array)


@pytest.mark.parametrize("array", [np.zeros((2, 8, 8)), np.uint8(1), np.zeros((1,) * 5, np.uint8)])
def test_only_bytes_of_one_to_four_dimensions_are_written(tmp_path: Path, array: object) -> None:
    with pytest.raises(DataError, match="Expected uint8 of 1 to 4 dimensions"):
        write_idx(tmp_path / "x", np.asarray(array))
    assert not [*tmp_path.iterdir()]


def whole_file() -> bytes:
    return struct.pack(">4B3I", 0, 0, 8, 3, 5, 8, 8) + bytes(range(64)) * 5


def load_bytes(data: bytes, name: str = IMAGES) -> datasets.ImageSet:
    with tempfile.TemporaryDirectory() as place:
        Path(place, name).write_bytes(data)
        return datasets.load(place)


@given(st.integers(0, len(whole_file()) - 1), st.booleans())
def test_a_truncated_file_is_an_error_that_names_it(length: int, packed: bool) -> None:
    data = whole_file()[:length]
    with pytest.raises(DataError, match=IMAGES):
        load_bytes(gzip.compress(data) if packed else data)


@given(st.data())
def test_a_truncated_archive_is_an_error_that_names_it(data: st.DataObject) -> None:
    archive = gzip.compress(whole_file())
    length = data.draw(st.integers(0, len(archive) - 1))
    with pytest.raises(DataError, match=IMAGES):
        load_bytes(archive[:length], f"{IMAGES}.gz")


@given(st.binary(max_size=400), st.booleans())
def test_arbitrary_bytes_never_give_anything_but_that_error(data: bytes, packed: bool) -> None:
    with pytest.raises(DataError, match=IMAGES):
        load_bytes((b"\x1f\x8b" if packed else b"") + data)


@given(st.integers(0, len(whole_file()) - 1), st.integers(0, 255), st.booleans())
def test_one_changed_byte_gives_images_or_that_error(at: int, value: int, packed: bool) -> None:
    data = bytearray(gzip.compress(whole_file(), mtime=0) if packed else whole_file())
    data[at % len(data)] = value
    try:
        assert load_bytes(bytes(data)).images.dtype == np.uint8
    except DataError as error:
        assert IMAGES in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "an empty file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "Expected an IDX file"),
        (struct.pack(">4B3I", 0, 0, 13, 3, 1, 8, 8) + bytes(256), "Expected unsigned bytes"),
        (struct.pack(">4B2I", 0, 0, 8, 2, 8, 8) + bytes(64), r"Expected images of shape"),
        (struct.pack(">4B3I", 0, 0, 8, 3, 0, 8, 8), "at least one image"),
        (struct.pack(">4B3I", 0, 0, 8, 3, 5, 0, 8), "Expected images of shape"),
        (whole_file() + b"!", "Expected 320 bytes of values.* Received: 321"),
        (gzip.compress(whole_file() + b"!", mtime=0), "Received: more"),
        (gzip.compress(whole_file(), mtime=0) + b"trailing", "can't be read"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, says: str) -> None:
    with pytest.raises(DataError, match=f"{IMAGES}.*{says}"):
        load_bytes(data)


def test_labels_of_another_number_are_named(folder: Path) -> None:
    write_idx(folder / LABELS, np.zeros(39, np.uint8))
    with pytest.raises(DataError, match=rf"{LABELS}: Expected 40 labels.*{IMAGES}.*\(39,\)"):
        datasets.load(str(folder))


def test_images_in_the_place_of_labels_are_named(folder: Path) -> None:
    write_idx(folder / LABELS, np.zeros((40, 2), np.uint8))
    with pytest.raises(DataError, match=rf"{LABELS}: Expected 40 labels.*\(40, 2\)"):
        datasets.load(str(folder))


def test_splits_of_different_shapes_are_named(folder: Path) -> None:
    write_idx(folder / "t10k-images-idx3-ubyte", np.zeros((10, 28, 28), np.uint8))
    with pytest.raises(DataError, match=r"images of one shape.*\(10, 12\) in .*\(28, 28\) in"):
        datasets.load(str(folder))


def test_labels_for_one_split_only_are_refused(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="labels for all splits or none"):
        datasets.load(str(folder))


def test_labels_without_images_are_named(folder: Path) -> None:
    (folder / IMAGES).unlink()
    with pytest.raises(DataError, match=f"images that belong to the labels in {LABELS}"):
        datasets.load(str(folder))


def test_the_files_of_two_sets_in_one_folder_are_refused(folder: Path) -> None:
    (folder / f"emnist-letters-{IMAGES}").write_bytes((folder / IMAGES).read_bytes())
    with pytest.raises(DataError, match="IDX files of one data set"):
        datasets.load(str(folder))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "shape", [(2**30, 32, 32), (2**32 - 1, 256, 256), (1, 2**32 - 1, 2**32 - 1)]
)
def test_an_absurd_header_takes_no_memory(tmp_path: Path, packed: bool, shape: tuple) -> None:
    data = struct.pack(">4B3I", 0, 0, 8, 3, *shape) + bytes(5000)
    path = tmp_path / (IMAGES + (".gz" if packed else ""))
    path.write_bytes(gzip.compress(data) if packed else data)
    fails_in_little_memory(tmp_path, IMAGES)


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    # A gigabyte behind a header that promises five images.
    zeros = gzip.compress(bytes(1 << 26), compresslevel=1)
    (tmp_path / f"{IMAGES}.gz").write_bytes(gzip.compress(whole_file()) + 16 * zeros)
    fails_in_little_memory(tmp_path, "Received: more")


def fails_in_little_memory(folder: Path, says: str) -> None:
    """Load `folder` in a process that may take a few hundred MB and a few seconds."""
    resource = pytest.importorskip("resource")
    program = (
        "import sys, time; from bvae_core import datasets; start = time.perf_counter()\n"
        "try: datasets.load(sys.argv[1])\n"
        "except datasets.DataError as error: print(error)\n"
        "assert time.perf_counter() - start < 2"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(datasets.__file__).parents[2])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)),
    )
    assert says in done.stdout
    assert "memory" not in done.stdout.lower()
