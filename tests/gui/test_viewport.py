"""What part of a plane is seen: pixels and the plane, zoom and move."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_gui.plots.viewport import Viewport

numbers = st.floats(-100, 100)
sizes = st.floats(1, 3000)
pixels = st.tuples(st.floats(-50, 3000), st.floats(-50, 3000))


@st.composite
def viewports(draw) -> Viewport:
    low = draw(st.tuples(numbers, numbers))
    span = draw(st.tuples(st.floats(0.1, 50), st.floats(0.1, 50)))
    high = (low[0] + span[0], low[1] + span[1])
    return Viewport.fitting(low, high, draw(st.tuples(sizes, sizes)), is_line=draw(st.booleans()))


@given(viewports(), pixels)
def test_pixels_go_to_the_plane_and_back(view, pixel):
    point = view.to_plane(*pixel)
    np.testing.assert_allclose(view.to_pixels([point])[0], pixel, atol=1e-5)


@given(viewports())
def test_the_limits_are_the_corners(view):
    (left, right), (bottom, top) = view.limits
    np.testing.assert_allclose(view.to_plane(0, 0), (left, top), atol=1e-9)
    np.testing.assert_allclose(view.to_plane(*view.size), (right, bottom), atol=1e-9)


@given(viewports(), st.floats(0.1, 10), pixels)
def test_zooming_keeps_what_is_under_the_pointer_there(view, times, pixel):
    zoomed = view.zoomed(times, *pixel)
    np.testing.assert_allclose(zoomed.to_plane(*pixel), view.to_plane(*pixel), rtol=1e-6, atol=1e-6)
    assert zoomed.scale[0] == pytest.approx(view.scale[0] / times)
    if view.is_line:
        assert zoomed.scale[1] == view.scale[1]


@given(viewports(), st.floats(-500, 500), st.floats(-500, 500))
def test_moving_takes_everything_along(view, right, down):
    moved = view.moved(right, down)
    at = moved.to_pixels([view.centre])[0] - view.to_pixels([view.centre])[0]
    np.testing.assert_allclose(at, (right, 0 if view.is_line else down), atol=1e-5)


@given(viewports(), st.floats(1e-6, 1e6), pixels, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_nobody_gets_lost(home, times, pixel, right, down):
    view = home.zoomed(times, *pixel).moved(right, down).kept_near(home)
    (left, right_end), (bottom, top) = home.limits
    assert left <= view.centre[0] <= right_end
    assert bottom <= view.centre[1] <= top
    assert 1 / 4 - 1e-9 <= home.scale[0] / view.scale[0] <= 2000 + 1e-6


@given(viewports())
def test_home_is_near_itself(home):
    assert home.kept_near(home) == home


@given(viewports(), st.tuples(sizes, sizes))
def test_another_size_shows_as_much_about_the_same_centre(view, size):
    resized = view.resized(size)
    (left, right), (bottom, top) = view.limits
    (new_left, new_right), (new_bottom, new_top) = resized.limits
    assert resized.centre == view.centre
    assert new_left <= left + 1e-6
    assert new_right >= right - 1e-6
    assert new_bottom <= bottom + 1e-6
    assert new_top >= top - 1e-6


def test_a_plane_is_fitted_at_one_scale_and_a_line_is_stretched():
    plane = Viewport.fitting((0, 0), (4, 1), (400, 400), is_line=False)
    assert plane.limits == ((0, 4), (-1.5, 2.5))
    line = Viewport.fitting((0, 0), (4, 1), (400, 400), is_line=True)
    assert line.limits == ((0, 4), (0, 1))
