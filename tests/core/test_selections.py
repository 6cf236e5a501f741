"""Some of a model's images: found, summed up, and trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from demo_models import demo_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core import load_bundle
from bvae_core.annotations import edit_annotations
from bvae_core.bundle import Bundle
from bvae_core.datasets import ImageSet, Origin, load, part_of
from bvae_core.errors import AnnotationError, DataError
from bvae_core.indices import format_indices
from bvae_core.latent_files import read_indices, write_codes
from bvae_core.originals import (
    find_originals,
    locate_originals,
    positions_of,
    recall_origin,
    remember_origin,
)
from bvae_core.selections import (
    average,
    counts_by_class,
    find_selection,
    is_name,
    selected_part,
    split_reference,
)


@pytest.fixture(scope="module")
def demo() -> Bundle:
    return load_bundle("demo")


@pytest.fixture(scope="module")
def strokes() -> ImageSet:
    return load("strokes:200")


@pytest.fixture(scope="module")
def parent(strokes: ImageSet, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A model of the 200 strokes."""
    return demo_of(strokes, tmp_path_factory.mktemp("parent") / "model")


# -- which are meant ----------------------------------------------------------------------------


def test_a_selection_is_found_by_its_name_or_its_numbers(demo: Bundle, tmp_path: Path) -> None:
    edit_annotations(demo, lambda now: now.with_selection("some of お", [7, 3]), tmp_path)

    assert find_selection(demo, "some of お", cache=tmp_path).tolist() == [3, 7]
    assert find_selection(demo, "9-11, 3", cache=tmp_path).tolist() == [3, 9, 10, 11]
    with pytest.raises(AnnotationError, match=r"saved ones, 'some of お'. Received: 'others'"):
        find_selection(demo, "others", cache=tmp_path)
    with pytest.raises(DataError, match="Expected at least one"):
        find_selection(demo, "", cache=tmp_path)


@given(st.sets(st.integers(0, 14_010), min_size=1))
def test_numbers_are_never_taken_for_a_name(chosen: set[int]) -> None:
    assert not is_name(format_indices(chosen))


def test_a_selection_of_a_model_is_referred_to_by_both_names(demo: Bundle) -> None:
    bits = format_indices(range(0, 14_000, 3))

    assert split_reference("demo:right") == ("demo", "right")
    assert split_reference(r"C:\models\mine:1-5") == (r"C:\models\mine", "1-5")
    assert split_reference(f"demo:{bits}") == ("demo", bits)
    for text in ("demo", "demo:", ":right", ""):
        with pytest.raises(AnnotationError, match="Expected MODEL:NAME"):
            split_reference(text)


# -- summed up ----------------------------------------------------------------------------------


@given(st.integers(1, 1200), st.booleans(), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_mean_and_variance_are_those_of_all_images_at_once(
    count: int, as_bytes: bool, seed: int
) -> None:
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 3, 4)).astype(np.uint8)
    grey = images / 255
    stored = images if as_bytes else grey.astype(np.float32)

    found = average(lambda indices: stored[indices], np.arange(count))

    assert found is not None
    assert found.count == count
    np.testing.assert_allclose(found.mean, grey.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.variance, grey.var(axis=0), atol=1e-6)
    assert found.spread.min() >= 0
    assert found.spread.max() <= 1


def test_equal_images_vary_by_nothing_at_all() -> None:
    image = np.full((1, 2, 2), 0.7, np.float32)

    found = average(lambda indices: image[np.zeros_like(indices)], np.arange(2000))

    assert found is not None
    assert (found.variance == 0).all()
    np.testing.assert_array_equal(found.mean, image[0])


def test_an_average_that_nobody_wants_any_more_is_given_up() -> None:
    asked = []

    def is_unwanted() -> bool:
        asked.append(True)
        return len(asked) > 2

    def take(indices: np.ndarray) -> np.ndarray:
        return np.zeros((len(indices), 2, 2), np.float32)

    assert average(take, np.arange(10**6), is_unwanted) is None
    assert len(asked) == 3


def test_counts_are_of_the_chosen_images_alone(demo: Bundle) -> None:
    assert demo.labels is not None
    counts = counts_by_class(demo, np.flatnonzero(demo.labels == 4)[:30])

    assert counts.tolist() == [0, 0, 0, 0, 30, 0, 0, 0, 0, 0]


# -- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_indices_come_back_from_an_exported_file(demo: Bundle, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"some{suffix}"

    write_codes(demo, path, [5, 9, 70])

    assert read_indices(path).tolist() == [5, 9, 70]


def test_an_exported_file_has_the_codes(demo: Bundle, tmp_path: Path) -> None:
    write_codes(demo, tmp_path / "some.npz", [5, 9])
    write_codes(demo, tmp_path / "some.csv", [5, 9])

    with np.load(tmp_path / "some.npz") as arrays:
        np.testing.assert_array_equal(arrays["mean"], demo.latents[[5, 9]])
    heading, first, _ = (tmp_path / "some.csv").read_text("utf-8").splitlines()
    row = dict(zip(heading.split(","), first.split(","), strict=True))
    assert demo.labels is not None
    assert row["class"] == demo.class_names[demo.labels[5]]
    assert float(row["mean_1"]) == pytest.approx(demo.latents[5, 0])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.csv", b"image\n1\n"),
        ("words.csv", b"index\nfirst\n"),
        ("below.csv", b"index\n-1\n"),
        ("empty.csv", b"index\n"),
        ("short.csv", b"a,index\n1\n"),
        ("bytes.csv", b"\xff\xfe\x00"),
        ("broken.npz", b"PK\x03\x04"),
        ("no.npz", None),
    ],
)
def test_a_file_without_indices_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is None:
        np.savez(path, other=[1, 2])
    else:
        path.write_bytes(content)

    with pytest.raises(DataError, match=rf"{name}: Expected a .npz or .csv file"):
        read_indices(path)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "objects.npz", index=np.array([{}], dtype=object))

    with pytest.raises(DataError, match=r"Expected a \.npz or \.csv file"):
        read_indices(tmp_path / "objects.npz")


# -- trained on ---------------------------------------------------------------------------------


def test_a_part_keeps_labels_and_splits_and_is_data_of_its_own(strokes: ImageSet) -> None:
    chosen = np.array([3, 4, 199, 150])

    part = part_of(strokes, chosen, "some")

    assert np.array_equal(part.images, strokes.images[[3, 4, 150, 199]])
    assert part.labels is not None
    assert strokes.labels is not None
    assert part.labels.tolist() == strokes.labels[[3, 4, 150, 199]].tolist()
    assert part.class_names == strokes.class_names
    assert part.is_test.tolist() == strokes.is_test[[3, 4, 150, 199]].tolist()
    assert part.fingerprint != strokes.fingerprint


def test_a_part_of_a_part_is_found_again_in_the_whole(strokes: ImageSet) -> None:
    half = part_of(strokes, np.arange(0, 200, 2), "half")
    quarter = part_of(half, np.arange(1, 100, 2), "quarter")

    assert quarter.origin is not None
    assert quarter.origin.only == format_indices(range(2, 200, 4))
    again = load(quarter.origin.source, only=quarter.origin.only)
    assert again.fingerprint == quarter.fingerprint
    assert again.origin == quarter.origin


def test_an_origin_remembers_which_images_as_text() -> None:
    origin = Origin("/somewhere", only="1,5-9")

    assert Origin.from_text(origin.to_text()) == origin
    assert Origin.from_text(origin.whole.to_text()).only == ""
    older = origin.to_text().replace(', "only": "1,5-9"', "")
    assert Origin.from_text(older) == origin.whole


def test_a_selection_is_looked_up_in_the_very_images_of_its_model(
    strokes: ImageSet, parent: Bundle, tmp_path: Path
) -> None:
    edit_annotations(parent, lambda now: now.with_selection("few", [8, 2, 120]), tmp_path)

    part = selected_part(strokes, parent, "few", cache=tmp_path)

    assert part.name == "strokes-few"
    assert np.array_equal(part.images, strokes.images[[2, 8, 120]])
    with pytest.raises(DataError, match="Expected the images that of these was trained on"):
        selected_part(load("strokes:200", seed=1), parent, "1-9", cache=tmp_path)
    with pytest.raises(DataError, match="Expected the images that of these was trained on"):
        selected_part(load("strokes:100"), parent, "1-9", cache=tmp_path)


def test_images_that_were_held_out_may_not_be_trained_on(strokes: ImageSet, tmp_path: Path) -> None:
    """The same images, of which others are kept for testing."""
    otherwise = ImageSet(
        strokes.name,
        strokes.images,
        strokes.labels,
        strokes.class_names,
        np.roll(strokes.is_test, 1),
    )
    model = demo_of(otherwise, tmp_path / "model")

    with pytest.raises(DataError, match="kept for testing to be kept here, too"):
        positions_of(model, strokes)


def test_the_originals_of_a_model_of_a_part_are_found(strokes: ImageSet, tmp_path: Path) -> None:
    part = part_of(strokes, np.arange(20, 90), "part")
    model = demo_of(part, tmp_path / "model")
    assert part.origin is not None

    remember_origin(part.fingerprint, part.origin, cache=tmp_path)
    found = find_originals(model, cache=tmp_path)

    assert found is not None
    assert np.array_equal(found.take([0, 69]), strokes.images[[20, 89], ..., 0])


def test_the_originals_of_a_model_of_a_part_are_located_in_the_whole(
    strokes: ImageSet, tmp_path: Path
) -> None:
    """As by a colleague, who has the model and all the images."""
    np.savez(tmp_path / "all.npz", images=strokes.images[..., 0], labels=strokes.labels)
    model = demo_of(part_of(strokes, np.arange(20, 90), "part"), tmp_path / "model")

    found = locate_originals(model, str(tmp_path / "all.npz"), cache=tmp_path)

    assert np.array_equal(found.take([0, 69]), strokes.images[[20, 89], ..., 0])
    assert recall_origin(model, cache=tmp_path) == found.origin
    assert find_originals(model, cache=tmp_path) is not None
