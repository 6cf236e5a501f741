"""Selections and directions, noted on a model by name."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core.annotations import (
    MAX_COUNT,
    Annotations,
    annotations_path,
    edit_annotations,
    load_annotations,
    save_annotations,
)
from bvae_core.bundle import Bundle
from bvae_core.errors import AnnotationError, BvaeError
from bvae_core.store import load_bundle


@pytest.fixture(scope="module")
def demo() -> Bundle:
    return load_bundle("demo")


def test_what_was_saved_is_loaded_again(demo: Bundle, tmp_path: Path) -> None:
    noted = (
        Annotations()
        .with_selection("upper left", [9, 3, 3, 10])
        .with_direction("bolder", [0.25, -1.5])
    )

    save_annotations(demo, noted, tmp_path)

    loaded = load_annotations(demo, tmp_path)
    assert loaded == noted
    assert loaded.selection("upper left") == (3, 9, 10)
    assert loaded.direction("bolder") == (0.25, -1.5)


def test_nothing_is_noted_on_a_model_at_first(demo: Bundle, tmp_path: Path) -> None:
    assert load_annotations(demo, tmp_path) == Annotations()
    assert not list(tmp_path.iterdir())


def test_they_are_kept_in_the_users_cache_folder(demo: Bundle, cache_folder: Path) -> None:
    save_annotations(demo, Annotations({"few": (1, 2)}))

    assert load_annotations(demo, cache_folder).selections == {"few": (1, 2)}


def test_a_selection_is_renamed_in_its_place_and_removed() -> None:
    noted = Annotations({"a": (1,), "b": (2,), "c": (3,)})

    renamed = noted.rename_selection("b", "き")
    assert list(renamed.selections) == ["a", "き", "c"]
    assert list(renamed.without_selection("a").selections) == ["き", "c"]
    with pytest.raises(AnnotationError, match="There is a selection named 'c' already"):
        noted.rename_selection("b", "c")
    with pytest.raises(AnnotationError, match=r"Expected one of the saved ones, 'a', 'b', 'c'\."):
        noted.without_selection("d")


def test_a_direction_is_renamed_and_removed() -> None:
    noted = Annotations().with_direction("bolder", [1, 0])

    assert noted.rename_direction("bolder", "wider").directions == {"wider": (1.0, 0.0)}
    assert noted.without_direction("bolder") == Annotations()
    with pytest.raises(AnnotationError, match=r"Expected one of the saved ones, none\."):
        Annotations().direction("bolder")


@pytest.mark.parametrize("name", ["", " a", "a:b", "12", "1,5,9-20", "a\nb", "x" * 101])
def test_what_can_not_be_told_from_images_or_models_is_no_name(name: str) -> None:
    with pytest.raises(AnnotationError, match=r"^name: Expected 1 to 100 printable characters"):
        Annotations().with_selection(name, [1])


@pytest.mark.parametrize(
    ("noted", "problem"),
    [
        (Annotations({"far": (14_011,)}), "Expected images from 0 to 14010. Received: 14011"),
        (Annotations({}, {"d": (1.0,)}), "Expected 2 numbers. Received: 1"),
    ],
)
def test_what_is_none_of_the_models_is_not_saved(
    demo: Bundle, tmp_path: Path, noted: Annotations, problem: str
) -> None:
    with pytest.raises(AnnotationError, match=problem):
        save_annotations(demo, noted, tmp_path)

    assert load_annotations(demo, tmp_path) == Annotations()


@pytest.mark.parametrize("indices", [(), (-1,), (2, 2), (3, 1)])
def test_a_selection_has_rising_indices(indices: tuple[int, ...]) -> None:
    with pytest.raises(AnnotationError, match="Expected rising indices"):
        Annotations({"s": indices})


def test_a_direction_is_finite() -> None:
    with pytest.raises(AnnotationError, match="Expected finite numbers"):
        Annotations().with_direction("d", [1e300, 0])


def test_there_is_an_end_to_how_many_there_can_be() -> None:
    with pytest.raises(AnnotationError, match="Expected at most 1000"):
        Annotations({f"s{i}": (i,) for i in range(MAX_COUNT + 1)})


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        {"schema_version": 0},
        {"model": "0" * 64},
        {"selections": {"s": "1,99999999"}},
        {"selections": {"s": ""}},
        {"selections": {"s": [1, 2]}},
        {"selections": {"1-2": "1"}},
        {"directions": {"d": [1.0]}},
        {"directions": {"d": [1.0, True]}},
        {"directions": {"d": [1.0, float("nan")]}},
        {"directions": {"d": "ab"}},
        {"directions": []},
    ],
)
def test_a_broken_file_is_set_aside_and_never_lost(
    demo: Bundle, tmp_path: Path, damage: bytes | dict[str, object]
) -> None:
    save_annotations(demo, Annotations({"s": (1, 2)}, {"d": (1.0, 2.0)}), tmp_path)
    path = annotations_path(demo, tmp_path)
    if isinstance(damage, dict):
        damage = json.dumps(json.loads(path.read_text("utf-8")) | damage).encode()
    path.write_bytes(damage)

    with pytest.raises(AnnotationError, match=r"was set aside as \w+-\w+\.broken") as problem:
        load_annotations(demo, tmp_path)

    assert "\n" not in str(problem.value)
    aside = next(path.parent.glob("*.broken"))
    assert aside.read_bytes() == damage
    assert load_annotations(demo, tmp_path) == Annotations()


def test_saving_does_not_overwrite_a_broken_file(demo: Bundle, tmp_path: Path) -> None:
    path = annotations_path(demo, tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"precious")

    with pytest.raises(AnnotationError, match="set aside"):
        save_annotations(demo, Annotations({"s": (1,)}), tmp_path)

    assert [file.read_bytes() for file in path.parent.iterdir()] == [b"precious"]


def test_a_newer_versions_file_is_left_where_it_is(demo: Bundle, tmp_path: Path) -> None:
    path = annotations_path(demo, tmp_path)
    path.parent.mkdir()
    path.write_text('{"schema_version": 2}', encoding="utf-8")

    for use in (
        lambda: load_annotations(demo, tmp_path),
        lambda: save_annotations(demo, Annotations(), tmp_path),
    ):
        with pytest.raises(AnnotationError, match="newer version"):
            use()

    assert path.read_text("utf-8") == '{"schema_version": 2}'


def test_a_cache_that_can_not_be_written_is_said_in_a_sentence(
    demo: Bundle, tmp_path: Path
) -> None:
    (tmp_path / "annotations").write_bytes(b"")

    with pytest.raises(BvaeError, match="BVAE_CACHE_DIR names another cache folder"):
        save_annotations(demo, Annotations({"s": (1,)}), tmp_path)


def test_of_two_that_change_at_once_none_is_lost(demo: Bundle, tmp_path: Path) -> None:
    def note(number: int) -> None:
        edit_annotations(demo, lambda now: now.with_selection(f"s{number}", [number]), tmp_path)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(note, range(12)))

    assert len(load_annotations(demo, tmp_path).selections) == 12


def test_a_change_that_fails_changes_nothing(demo: Bundle, tmp_path: Path) -> None:
    save_annotations(demo, Annotations({"s": (1,)}), tmp_path)

    with pytest.raises(AnnotationError):
        edit_annotations(demo, lambda now: now.without_selection("t"), tmp_path)

    assert load_annotations(demo, tmp_path).selections == {"s": (1,)}


@settings(deadline=None)  # it waits for the disk
@given(
    st.sets(st.integers(0, 14_010), min_size=1),
    st.tuples(*2 * [st.floats(-1e6, 1e6, width=32)]),
)
def test_any_selection_and_direction_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, chosen: set[int], vector: tuple[float, float]
) -> None:
    demo = load_bundle("demo")
    cache = tmp_path_factory.getbasetemp() / "any"
    noted = Annotations().with_selection("s", chosen).with_direction("d", vector)

    save_annotations(demo, noted, cache)

    assert load_annotations(demo, cache) == noted
