"""NumPy's files: the official archives of the Kuzushiji sets, and any others."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core import datasets
from bvae_core.errors import DataError

RNG = np.random.default_rng(2)
IMAGES = RNG.integers(0, 256, (30, 9, 8), np.uint8)
LABELS = np.arange(30) % 3


def load_npz(folder: Path, **arrays: np.ndarray) -> datasets.ImageSet:
    np.savez_compressed(folder / "set.npz", **arrays)
    return datasets.load(str(folder / "set.npz"))


def load_npy(folder: Path, array: np.ndarray) -> datasets.ImageSet:
    np.save(folder / "images.npy", array)
    return datasets.load(str(folder / "images.npy"))


@pytest.mark.parametrize(("name", "classes"), [("kmnist", 10), ("k49", 49), ("other", 3)])
def test_the_official_archives(tmp_path: Path, name: str, classes: int) -> None:
    for split, part in (("train", slice(0, 24)), ("test", slice(24, 30))):
        np.savez_compressed(tmp_path / f"{name}-{split}-imgs.npz", IMAGES[part])
        np.savez_compressed(tmp_path / f"{name}-{split}-labels.npz", LABELS[part].astype(np.uint8))
    loaded = datasets.load(str(tmp_path))
    assert np.array_equal(loaded.images[..., 0], IMAGES)
    assert loaded.is_test.tolist() == [False] * 24 + [True] * 6
    assert len(loaded.class_names) == classes
    assert loaded.class_names[1] == {"kmnist": "き", "k49": "い", "other": "1"}[name]


def test_the_real_characters_as_archives_are_those_of_the_idx_files(
    tmp_path: Path, kmnist_folder: Path
) -> None:
    real = datasets.load(str(kmnist_folder))
    assert real.labels is not None
    for split, part in (("train", real.train_indices), ("test", real.test_indices)):
        np.savez(tmp_path / f"kmnist-{split}-imgs.npz", real.images[part, ..., 0])
        np.savez(tmp_path / f"kmnist-{split}-labels.npz", real.labels[part].astype(np.uint8))
    assert datasets.load(str(tmp_path)).fingerprint == real.fingerprint


@pytest.mark.parametrize(
    "keys",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
    ],
)
def test_an_archive_with_splits(tmp_path: Path, keys: tuple[str, ...]) -> None:
    arrays = (IMAGES[:20], LABELS[:20], IMAGES[20:], LABELS[20:, None])
    loaded = load_npz(tmp_path, **dict(zip(keys, arrays, strict=True)))
    assert loaded.is_test.tolist() == [False] * 20 + [True] * 10
    assert loaded.labels is not None
    assert np.array_equal(loaded.labels, LABELS)


@pytest.mark.parametrize("keys", [("images", "labels"), ("arr_0", "arr_1"), ("X", "y")])
def test_an_archive_without_splits(tmp_path: Path, keys: tuple[str, str]) -> None:
    loaded = load_npz(tmp_path, **{keys[0]: IMAGES, keys[1]: LABELS})
    assert loaded.is_test.sum() == 3
    assert loaded.class_names == ("0", "1", "2")


def test_the_only_array_may_have_any_name(tmp_path: Path) -> None:
    assert load_npz(tmp_path, scans=IMAGES).labels is None


def test_labels_may_be_strings_or_have_names_beside_them(tmp_path: Path) -> None:
    words = np.array(["き", "れ", "つ"])
    by_words = load_npz(tmp_path, images=IMAGES, labels=words[LABELS])
    assert by_words.class_names == ("き", "つ", "れ")
    assert [by_words.class_names[label] for label in by_words.labels[:3]] == ["き", "れ", "つ"]
    by_names = load_npz(tmp_path, images=IMAGES, labels=LABELS, class_names=words)
    assert by_names.class_names == ("き", "れ", "つ")


@pytest.mark.parametrize(
    ("values", "bytes_"),
    [
        (np.array([0.0, 0.5, 1.0], np.float32), [0, 128, 255]),
        (np.array([0.0, 0.5, 1.0], np.float64), [0, 128, 255]),
        (np.array([0.0, 100.4, 255.0], ">f4"), [0, 100, 255]),
        (np.array([0, 7, 255], np.int64), [0, 7, 255]),
        (np.array([0, 0, 1], np.int32), [0, 0, 255]),
        (np.array([0, 0, 1], np.uint8), [0, 0, 255]),
        (np.array([0, 7, 255], np.uint16), [0, 7, 255]),
        (np.array([False, True, True]), [0, 255, 255]),
    ],
)
def test_numbers_from_0_to_1_or_0_to_255_become_bytes(
    tmp_path: Path, values: np.ndarray, bytes_: list[int]
) -> None:
    loaded = load_npy(tmp_path, np.broadcast_to(values[:, None, None], (3, 8, 8)))
    assert loaded.images[:, 0, 0, 0].tolist() == bytes_


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.full((2, 8, 8), -0.5), "pixels from 0 to 1 or from 0 to 255. Received: -0.5"),
        (np.full((2, 8, 8), np.nan), "Received: nan"),
        (np.full((2, 8, 8), 256, np.uint16), "Received: 256"),
        (np.zeros((2, 8, 8), complex), "pixels that are numbers"),
        (np.zeros((2, 8, 8), "U3"), "pixels that are numbers"),
        (np.zeros((2, 8, 8), "M8[s]"), "pixels that are numbers"),
        (np.zeros((2, 784), np.uint8), r"save it as \.reshape\(-1, 28, 28\)"),
        (np.zeros((2, 785), np.uint8), r"Received: \(2, 785\)\.$"),
        (np.zeros((2, 8, 8, 2), np.uint8), r"\(N, H, W, 1, 3 or 4\)"),
        (np.zeros((0, 8, 8), np.uint8), "at least one image"),
        (np.zeros((2, 5000, 8), np.uint8), "at most 2048 pixels a side"),
        (np.uint8(3), "Received: one number"),
        (np.asfortranarray(np.zeros((2, 8, 9), np.uint8)), "Fortran order"),
        (np.array([{"a": 1}] * 3, object), "a pickle"),
    ],
)
def test_what_is_wrong_with_an_array_is_said(tmp_path: Path, array: np.ndarray, says: str) -> None:
    with pytest.raises(DataError, match=rf"images\.npy: .*{says}"):
        load_npy(tmp_path, array)
    with pytest.raises(DataError, match=rf"set\.npz \(images\.npy\): .*{says}"):
        load_npz(tmp_path, images=array)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"images": IMAGES, "labels": LABELS[:-1]}, r"\(labels\.npy\): Expected 30 labels"),
        ({"images": IMAGES, "labels": LABELS / 2}, r"\(labels\.npy\): .*whole numbers"),
        ({"images": IMAGES, "labels": np.eye(30)}, r"\(labels\.npy\): Expected 30 labels"),
        ({"images": IMAGES, "labels": LABELS.astype(object)}, r"\(labels\.npy\): .*pickle"),
        ({"a": IMAGES, "b": LABELS}, "Expected arrays named images and labels.*Received: a, b"),
        ({}, "Received: none"),
        ({"images": IMAGES, "labels": LABELS, "class_names": np.array(["a"])}, "from 0 to 0"),
        ({"images": IMAGES, "labels": LABELS, "class_names": np.arange(3)}, "Expected class names"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_archive_is_said(tmp_path: Path, arrays: dict, says: str) -> None:
    with pytest.raises(DataError, match=rf"set\.npz.*{says}"):
        load_npz(tmp_path, **arrays)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return Path(tmp_path / "sprung").touch, ()

    np.save(tmp_path / "images.npy", np.array([Trap()], object), allow_pickle=True)
    with pytest.raises(DataError, match="never opened"):
        datasets.load(str(tmp_path / "images.npy"))
    assert not (tmp_path / "sprung").exists()


def header(shape: str, descr: str = "|u1") -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize("shape", ["(1099511627776, 8, 8)", "(1, 1099511627776, 8)"])
def test_an_absurd_header_is_refused_unread(tmp_path: Path, shape: str) -> None:
    data = header(shape) + bytes(1000)
    (tmp_path / "images.npy").write_bytes(data)
    with pytest.raises(DataError, match=r"images\.npy: Expected .* Received: 1,000"):
        datasets.load(str(tmp_path / "images.npy"))
    with zipfile.ZipFile(tmp_path / "set.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", data)
    with pytest.raises(DataError, match=r"set\.npz \(images\.npy\): .* Received: 1,000"):
        datasets.load(str(tmp_path / "set.npz"))


def test_an_archive_that_lies_about_its_sizes_is_found_out(tmp_path: Path) -> None:
    data = bytearray(npz_bytes(images=IMAGES))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (128 + 20 * 9 * 8).to_bytes(4, "little")
    (tmp_path / "set.npz").write_bytes(data)
    with pytest.raises(DataError, match=r"set\.npz"):
        datasets.load(str(tmp_path / "set.npz"))


@pytest.mark.parametrize(
    "text",
    [b"", b"\x93NUMPY", b"\x93NUMPY\x03\x00\x02\x00{}", b"\x93NUMPY\x01\x00\x02\x00{}",
     header("(-1, 8, 8)"), header("(True, 8)"), header("8"), header("(8,8,8)", "V0"),
     header("(8,8,8)", "nonsense"), header("(" * 200), header("()"), header("(1,8,8)", "|O"),
     header("[i for i in ()]"), b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(20)],
)  # fmt: skip
def test_a_damaged_header_is_an_error_that_names_the_file(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "images.npy").write_bytes(text)
    with pytest.raises(DataError, match=r"images\.npy: Expected"):
        datasets.load(str(tmp_path / "images.npy"))


def npz_bytes(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def npy_bytes(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


WHOLE = {
    "set.npz": npz_bytes(images=IMAGES[:4], labels=LABELS[:4]),
    "set.npy": npy_bytes(IMAGES[:4]),
}


def load_bytes(name: str, data: bytes) -> datasets.ImageSet:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, name)
        path.write_bytes(data)
        return datasets.load(str(path))


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_truncated_file_is_an_error_that_names_it(name: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(WHOLE[name]) - 1))
    with pytest.raises(DataError, match=name):
        load_bytes(name, WHOLE[name][:length])


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_changed_bytes_give_images_or_that_error(name: str, data: st.DataObject) -> None:
    spoiled = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 3))):
        spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert load_bytes(name, bytes(spoiled)).images.dtype == np.uint8
    except DataError as error:
        assert name in str(error)  # noqa: PT017 - either is right


@given(st.sampled_from(sorted(WHOLE)), st.binary(max_size=300))
def test_arbitrary_bytes_never_give_anything_but_that_error(name: str, data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00"):
        with pytest.raises(DataError, match=name):
            load_bytes(name, start + data)


def test_two_sets_in_one_folder_are_refused(tmp_path: Path) -> None:
    for name in ("kmnist", "k49"):
        np.savez(tmp_path / f"{name}-train-imgs.npz", IMAGES)
    with pytest.raises(DataError, match=r"those of k49, kmnist"):
        datasets.load(str(tmp_path))


def test_labels_without_images_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "kmnist-train-labels.npz", LABELS)
    with pytest.raises(DataError, match=r"belong to the labels in kmnist-train-labels\.npz"):
        datasets.load(str(tmp_path))


def test_labels_may_be_names_among_those_beside_them(tmp_path: Path) -> None:
    images, names = np.zeros((4, 8, 8), np.uint8), np.array(["き", "れ"])
    loaded = load_npz(
        tmp_path, images=images, labels=np.array(["れ", "き", "き", "れ"]), class_names=names
    )
    assert loaded.labels is not None
    assert (loaded.labels.tolist(), loaded.class_names) == ([1, 0, 0, 1], ("き", "れ"))
    with pytest.raises(DataError, match=r"among the 2 class names\. Received: 'お'"):
        load_npz(tmp_path, images=images, labels=np.array(["き", "お"] * 2), class_names=names)


def test_whole_numbers_stay_whole_with_and_without_a_sign(tmp_path: Path) -> None:
    images, labels = np.zeros((4, 8, 8), np.uint8), np.array([3, 5, 3, 5])
    loaded = load_npz(
        tmp_path, x_train=images, y_train=labels.astype("u8"), x_test=images, y_test=labels
    )
    assert loaded.class_names == ("3", "5")


def test_names_in_halves_of_characters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"names in Unicode\. Received: '\\ud800'"):
        load_npz(tmp_path, images=np.zeros((2, 8, 8), np.uint8), labels=np.array(["a", "\ud800"]))


def test_names_of_millions_of_letters_are_refused_unread(tmp_path: Path) -> None:
    endless = np.array(["a", "b"], dtype="<U10000000")
    np.savez_compressed(
        tmp_path / "x.npz",
        images=np.zeros((2, 8, 8), np.uint8), labels=np.arange(2), class_names=endless,
    )  # fmt: skip
    with pytest.raises(DataError, match=r"of at most 67,108,864 bytes\. Received: 80,000,000"):
        datasets.load(str(tmp_path / "x.npz"))
