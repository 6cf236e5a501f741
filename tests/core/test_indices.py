"""Indices of images as a short text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core.errors import DataError
from bvae_core.indices import format_indices, parse_indices


@given(st.sets(st.integers(0, 5000)))
def test_what_is_written_is_read_again(chosen: set[int]) -> None:
    text = format_indices(chosen)

    assert parse_indices(text, 5001).tolist() == sorted(chosen)


@given(st.sets(st.integers(0, 5000)))
def test_indices_are_read_without_knowing_how_many_images_there_are(chosen: set[int]) -> None:
    assert parse_indices(format_indices(chosen)).tolist() == sorted(chosen)


def test_no_text_makes_room_for_more_images_than_there_can_be() -> None:
    with pytest.raises(DataError, match="images: Expected indices from 0 to 134217727"):
        parse_indices("999999999999")


def test_ranges_are_written_as_people_write_them() -> None:
    assert format_indices([12, 1, 5, 9, 10, 11]) == "1,5,9-12"
    assert parse_indices("5, 1, 9 - 12, 10", 60).tolist() == [1, 5, 9, 10, 11, 12]


def test_many_scattered_images_take_a_sixth_of_a_byte_each() -> None:
    chosen = np.flatnonzero(np.random.default_rng(0).random(70_000) < 0.5)

    text = format_indices(chosen.tolist())

    assert len(text) < 70_000 / 5.9
    assert np.array_equal(parse_indices(text, 70_000), chosen)


def test_one_image_far_out_takes_no_bits() -> None:
    far = [10**12 + 7 * i for i in range(40)]

    assert format_indices(far).startswith("1000000000000,")


@pytest.mark.parametrize(
    "text", ["a", "3-1", "1,,2", "-3", "1-", "60", "0-60", "9" * 30, "bits:", "bits:!", "bits:AAAA"]
)
def test_what_names_no_images_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"^images: Expected .* Received: "):
        parse_indices(text, 60)


def test_bits_of_more_images_than_there_are_are_refused() -> None:
    text = format_indices(range(0, 60_000, 3))
    assert text.startswith("bits:")

    for count in (100, 59_990):
        with pytest.raises(DataError, match="images: Expected"):
            parse_indices(text, count)
