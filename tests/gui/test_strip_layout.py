"""Where frames lie; no Qt anywhere."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bvae_gui.widgets.film_strip.layout import arrange

counts = st.integers(1, 60)
sizes = st.tuples(st.integers(1, 64), st.integers(1, 64))
rooms = st.tuples(st.integers(300, 2000), st.integers(150, 800))


def test_a_dozen_characters_are_one_row_across_the_room():
    layout = arrange(12, (28, 28), (1044, 130), band=18)
    assert (layout.rows, layout.columns, layout.tile) == (1, 12, (83, 83))


def test_many_frames_wrap_before_they_become_too_small():
    layout = arrange(50, (28, 28), (1044, 130), band=18)
    assert (layout.rows, layout.columns) == (2, 25)
    assert layout.tile[0] > (1044 - 49 * 2) // 50


def test_a_grid_has_the_columns_it_is_given():
    layout = arrange(60, (28, 28), (1000, 130), columns=12)
    assert (layout.rows, layout.tile) == (5, (24, 24))
    assert layout.index_at(1, 1) == 0
    assert layout.index_at(11 * 26 + 1, 4 * 26 + 1) == 59


def test_there_is_no_frame_beside_the_last_one_or_outside():
    layout = arrange(50, (28, 28), (500, 300), edge=(10, 20))
    left, top = layout.corner(49)
    assert layout.index_at(left, top) == 49
    assert layout.index_at(left + layout.pitch[0], top) is None
    assert layout.index_at(5, 100) is None
    assert layout.nearest(-100, -100) == 0
    assert layout.nearest(9999, 9999) == 49


@given(counts, sizes, rooms, st.integers(0, 20))
def test_frames_lie_within_the_room_apart_from_each_other(count, size, room, band):
    layout = arrange(count, size, room, band=band, edge=(3, 2))
    width, height = layout.tile
    corners = [layout.corner(index) for index in range(count)]
    assert len(set(corners)) == count
    if width > 1 and height > 1:  # smaller ones than a pixel there are none
        assert all(left >= 3 and left + width <= room[0] - 3 for left, _ in corners)
        assert all(top >= 2 and top + height + band <= room[1] - 1 for _, top in corners)
    assert layout.pitch[0] >= width
    assert layout.pitch[1] >= height + band


@given(counts, sizes, rooms)
def test_every_frame_is_found_where_it_lies(count, size, room):
    layout = arrange(count, size, room)
    for index in range(count):
        left, top = layout.corner(index)
        x, y = left + layout.tile[0] - 0.5, top + layout.tile[1] - 0.5
        assert layout.index_at(left, top) == layout.index_at(x, y) == index
        assert layout.nearest(x, y) == index


@given(counts, sizes, rooms)
def test_frames_keep_their_proportion(count, size, room):
    layout = arrange(count, size, room)
    width, height = layout.tile
    assert math.isclose(height, width * size[0] / size[1], abs_tol=1)
