"""A map's grid and its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.figures.theme import LIGHT
from bvae_gui.plots.scale import Numbers, Scale

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
    assert [plot.all(axis=axis).sum() for axis in (0, 1)] == [3, 1]  # −1, 0, 1; 0
    assert ink[: HEIGHT - BOTTOM, : LEFT - 6].any()
    assert ink[HEIGHT - BOTTOM + 6 :, LEFT:].any()
    assert not ink[: HEIGHT - BOTTOM, LEFT - 6 : LEFT].any()
    assert not ink[HEIGHT - BOTTOM : HEIGHT - BOTTOM + 5].any()


def test_a_line_of_codes_has_numbers_below_alone():
    ink = drawn((-1.6, 1.6), axis_count=1)
    assert ink[: HEIGHT - BOTTOM, LEFT:].all(axis=0).sum() == 3
    assert not ink[: HEIGHT - BOTTOM, LEFT:].all(axis=1).any()
    assert not ink[: HEIGHT - BOTTOM, :LEFT].any()


@pytest.mark.parametrize("limits", [(-0.12345, -0.12342), (-1_000_000, -999_990)])
def test_no_number_is_cut_off_at_the_edge(limits):
    ink = drawn(limits)
    assert not ink[: HEIGHT - BOTTOM, :2].any()
    assert ink[: HEIGHT - BOTTOM, 2:4].any()  # the longest reach into the plot instead


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(1, 3000))
def test_numbers_are_round_not_too_near_and_written_as_they_are(low, span, length):
    numbers = Numbers((low, low + span), length)
    values, texts = numbers.values, numbers.texts
    slack = 1e-9 * (abs(low) + span)
    assert ((values >= low - slack) & (values <= low + span + slack)).all()
    assert len(values) >= length / 160 - 1
    assert len(set(texts)) == len(texts)
    assert "−0" not in texts
    if len(values) > 1:
        step = np.diff(values).min()
        assert step * length / span >= 63.9
        read = [float(text.replace("−", "-")) for text in texts]
        np.testing.assert_allclose(read, values, rtol=1e-9, atol=step / 100)


@pytest.mark.parametrize(
    ("limits", "length", "texts"),
    [
        ((-1.2, 1.3), 256, ["−1", "0", "1"]),
        ((-1.2, 1.3), 800, ["−1.0", "−0.8", "−0.6", "−0.4", "−0.2", "0.0",
                            "0.2", "0.4", "0.6", "0.8", "1.0", "1.2"]),
        ((0.3, 0.4), 30, []),
        ((99_990, 100_010), 256, ["99990", "99995", "100000", "100005", "100010"]),
    ],
)  # fmt: skip
def test_how_numbers_are_written(limits, length, texts):
    assert Numbers(limits, length).texts == texts


def test_the_grid_is_of_squares_where_units_are_equal():
    wide, high = Numbers((-8, 8), 800), Numbers((-3, 3), 300)
    assert np.diff(wide.values).min() == np.diff(high.values).min() == 2
