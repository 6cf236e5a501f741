"""A map's grid and its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from bvae_core.figures.theme import LIGHT
from bvae_gui.plots.scale import Scale, written

LEFT, BOTTOM, WIDTH, HEIGHT = 40, 30, 300, 200


def drawn(limits: tuple[float, float], axis_count: int = 2) -> NDArray[np.bool_]:
    """Draw a scale on a plot with margins at the left and below; return what has ink."""
    figure = Figure((WIDTH / 72, HEIGHT / 72), dpi=72)
    axes = figure.add_axes((LEFT / WIDTH, BOTTOM / HEIGHT, 1 - LEFT / WIDTH, 1 - BOTTOM / HEIGHT))
    axes.set_axis_off()
    axes.set(xlim=limits, ylim=limits)
    axes.add_artist(Scale(LIGHT, axis_count))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return (np.asarray(canvas.buffer_rgba())[..., :3] != 255).any(axis=2)


def test_numbers_stand_before_and_below_lines_of_one_pixel():
    ink = drawn((-1.6, 1.6))
    plot = ink[: HEIGHT - BOTTOM, LEFT:]
    assert [plot.all(axis=axis).sum() for axis in (0, 1)] == [7, 7]  # at −1.5, −1, … 1.5
    assert ink[: HEIGHT - BOTTOM, : LEFT - 6].any()
    assert ink[HEIGHT - BOTTOM + 6 :, LEFT:].any()
    assert not ink[: HEIGHT - BOTTOM, LEFT - 6 : LEFT].any()
    assert not ink[HEIGHT - BOTTOM : HEIGHT - BOTTOM + 5].any()


def test_a_line_of_codes_has_numbers_below_alone():
    ink = drawn((-1.6, 1.6), axis_count=1)
    assert ink[: HEIGHT - BOTTOM, LEFT:].all(axis=0).sum() == 7
    assert not ink[: HEIGHT - BOTTOM, LEFT:].all(axis=1).any()
    assert not ink[: HEIGHT - BOTTOM, :LEFT].any()


@pytest.mark.parametrize("limits", [(-0.12345, -0.12342), (-1_000_000, -999_990)])
def test_no_number_is_cut_off_at_the_edge(limits):
    ink = drawn(limits)
    assert not ink[: HEIGHT - BOTTOM, :2].any()
    assert ink[: HEIGHT - BOTTOM, 2:4].any()  # the longest reach into the plot instead


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_numbers_are_written_as_they_are_and_told_apart(low, span):
    numbers = MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(low, low + span)
    texts = written(numbers)
    assert len(set(texts)) == len(texts)
    assert "−0" not in texts
    read = [float(text.replace("−", "-")) for text in texts]
    np.testing.assert_allclose(read, numbers, rtol=1e-9, atol=np.diff(numbers).min() / 100)


def test_no_number_and_one_alone_are_written_too():
    assert written(np.array([])) == []
    assert written(np.array([-3.0])) == ["−3"]
