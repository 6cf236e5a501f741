"""A figure whose still part is drawn once, under what moves."""

from __future__ import annotations

import numpy as np
import pytest
from children import run_python
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QRect
from qtpy.QtWidgets import QApplication

from bvae_gui.canvas import BlitCanvas


class CountingLine(Line2D):
    """A dot that counts how often it is drawn."""

    drawn = 0

    def draw(self, renderer) -> None:
        self.drawn += 1
        super().draw(renderer)


class Plot:
    """A canvas with a still dot and a moving one, in axes from 0 to 1 that fill it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.canvas = BlitCanvas()
        qtbot.addWidget(self.canvas)
        self.canvas.resize(200, 100)
        axes = self.canvas.figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set(xlim=(0, 1), ylim=(0, 1))
        self.still = CountingLine([0.25], [0.5], marker="s", color="blue", markersize=20)
        self.moving = CountingLine([0.75], [0.5], marker="s", color="red", markersize=20)
        for line in (self.still, self.moving):
            axes.add_line(line)
        self.canvas.add_moving(self.moving)

    def show(self, qtbot: QtBot) -> None:
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        paint()

    def counts(self) -> tuple[int, int]:
        return self.still.drawn, self.moving.drawn

    def pixels(self) -> NDArray[np.uint8]:
        paint()
        return to_array(self.canvas.grab().toImage())


def paint() -> None:
    QApplication.processEvents()


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    plot = Plot(qtbot)
    plot.show(qtbot)
    return plot


def test_nothing_is_drawn_before_it_is_seen(qtbot: QtBot) -> None:
    plot = Plot(qtbot)
    plot.canvas.redraw()
    plot.canvas.refresh()
    paint()
    assert plot.counts() == (0, 0)
    plot.show(qtbot)
    assert min(plot.counts()) > 0


def test_the_picture_has_both(plot: Plot) -> None:
    pixels = plot.pixels()
    assert pixels.shape == (100, 200, 3)
    assert pixels[50, 50].tolist() == [0, 0, 255]
    assert pixels[50, 150].tolist() == [255, 0, 0]


def test_moving_draws_what_moves_alone_and_once_a_paint(plot: Plot) -> None:
    still, moving = plot.counts()
    for place in (0.6, 0.7, 0.8):
        plot.moving.set_xdata([place])
        plot.canvas.refresh()
    paint()
    assert plot.counts() == (still, moving + 1)


def test_what_moved_leaves_no_trace_and_lies_above(plot: Plot) -> None:
    before = plot.pixels()
    plot.moving.set_xdata([0.25])
    plot.canvas.refresh()
    covered = plot.pixels()
    assert covered[50, 50].tolist() == [255, 0, 0]
    assert covered[50, 150].tolist() == [255, 255, 255]
    plot.moving.set_xdata([0.75])
    plot.canvas.refresh()
    assert np.array_equal(plot.pixels(), before)


def test_a_redraw_draws_everything_once_however_often_it_was_asked_for(plot: Plot) -> None:
    still, moving = plot.counts()
    plot.still.set_color("green")
    for _ in range(5):
        plot.canvas.redraw()
        plot.canvas.refresh()
    paint()
    assert plot.counts() == (still + 1, moving + 1)
    assert plot.pixels()[50, 50].tolist() == [0, 128, 0]


def test_without_a_redraw_what_stands_still_stays_as_it_was(plot: Plot) -> None:
    plot.still.set_color("green")
    plot.canvas.refresh()
    assert plot.pixels()[50, 50].tolist() == [0, 0, 255]


def test_another_ground_is_under_what_moves(plot: Plot) -> None:
    plot.canvas.figure.set_facecolor("black")
    plot.canvas.redraw()
    plot.moving.set_xdata([0.5])
    plot.canvas.refresh()
    pixels = plot.pixels()
    assert pixels[50, 150].tolist() == [0, 0, 0]
    assert pixels[50, 100].tolist() == [255, 0, 0]


@pytest.fixture
def pointed(plot: Plot) -> CountingLine:
    """A dot above all that moves."""
    dot = CountingLine([0.5], [0.5], marker="s", color="lime", markersize=10)
    plot.canvas.figure.axes[0].add_line(dot)
    plot.canvas.add_above(dot)
    paint()
    return dot


def around(place: float) -> QRect:
    return QRect(round(200 * place) - 6, 44, 12, 12)


def test_what_lies_above_moves_alone_and_leaves_no_trace(plot: Plot, pointed: CountingLine) -> None:
    before, counts = plot.pixels(), plot.counts()
    assert before[50, 100].tolist() == [0, 255, 0]
    for place, come_from in ((0.25, 0.5), (0.75, 0.25), (0.25, 0.75)):
        pointed.set_xdata([place])
        plot.canvas.refresh_above(around(come_from), around(place))
        moved = plot.pixels()
        assert moved[50, round(200 * place)].tolist() == [0, 255, 0]
    assert moved[50, 100].tolist() == [255, 255, 255]
    assert moved[50, 150].tolist() == [255, 0, 0]
    assert plot.counts() == (counts[0], counts[1] + 1), "what moves is drawn once, to be kept"
    pointed.set_xdata([0.5])
    plot.canvas.refresh_above(around(0.25), around(0.5))
    assert np.array_equal(plot.pixels(), before)


def test_what_changes_under_it_is_seen(plot: Plot, pointed: CountingLine) -> None:
    pointed.set_xdata([0.9])
    plot.canvas.refresh_above(around(0.5), around(0.9))
    plot.pixels()
    plot.moving.set_xdata([0.5])
    plot.canvas.refresh()
    pointed.set_xdata([0.25])
    plot.canvas.refresh_above(around(0.9), around(0.25))
    assert plot.pixels()[50, 100].tolist() == [255, 0, 0]
    plot.still.set_color("black")
    plot.canvas.redraw()
    pointed.set_xdata([0.9])
    plot.canvas.refresh_above(around(0.25), around(0.9))
    pixels = plot.pixels()
    assert pixels[50, 50].tolist() == [0, 0, 0]
    assert pixels[50, 100].tolist() == [255, 0, 0]
    assert pixels[50, 180].tolist() == [0, 255, 0]


def test_it_may_leave_the_canvas(plot: Plot, pointed: CountingLine) -> None:
    before = plot.pixels()
    for place, come_from in ((1.0, 0.5), (1.5, 1.0), (-0.2, 1.5), (0.5, -0.2)):
        pointed.set_xdata([place])
        plot.canvas.refresh_above(around(come_from), around(place))
        plot.pixels()
    assert np.array_equal(plot.pixels(), before)


def test_another_size_takes_the_background_anew(plot: Plot) -> None:
    plot.canvas.resize(400, 300)
    paint()
    plot.moving.set_xdata([0.5])
    plot.canvas.refresh()
    pixels = plot.pixels()
    assert pixels.shape == (300, 400, 3)
    assert pixels[150, 100].tolist() == [0, 0, 255]
    assert pixels[150, 200].tolist() == [255, 0, 0]
    assert pixels[150, 300].tolist() == [255, 255, 255]
    assert pixels[50, 50].tolist() == [255, 255, 255]  # where it was in the smaller one


def test_what_is_cleared_is_gone(plot: Plot) -> None:
    plot.canvas.clear()
    assert (plot.pixels() == 255).all()
    still, moving = plot.counts()
    plot.canvas.refresh()
    paint()
    assert plot.counts() == (still, moving)


def test_a_cleared_plane_is_the_same_axes_with_nothing_on_them(plot: Plot) -> None:
    axes = plot.canvas.cleared_plane()
    axes.add_line(plot.still)
    plot.canvas.add_moving(axes.plot([0.5], [0.5], "o")[0])
    axes.text(0.1, 0.1, "words")
    assert (plot.pixels() != 255).any()
    assert plot.canvas.cleared_plane() is axes
    assert (plot.pixels() == 255).all()


def test_axes_lie_where_they_are_said_to(plot: Plot) -> None:
    axes = plot.canvas.figure.add_axes((0.25, 0.1, 0.5, 0.6))
    rect = plot.canvas.rect_of(axes)
    assert (rect.left(), rect.top(), rect.width(), rect.height()) == (50, 30, 100, 60)


@pytest.mark.parametrize(("scale", "size"), [("2", (200, 400)), ("1.5", (150, 300))])
def test_screens_of_high_resolution_get_all_their_pixels(
    scale: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = run_python(
        """
import numpy as np
from matplotlib.lines import Line2D
from qtpy.QtWidgets import QApplication
from bvae_gui.canvas import BlitCanvas
from pictures import to_array

application = QApplication([])
canvas = BlitCanvas()
canvas.resize(200, 100)
axes = canvas.figure.add_axes((0, 0, 1, 1))
axes.set_axis_off()
axes.set(xlim=(0, 1), ylim=(0, 1))
dot = Line2D([0.75], [0.5], marker="s", color="red", markersize=20, markeredgewidth=0)
axes.add_line(dot)
canvas.add_moving(dot)
canvas.show()
application.processEvents()
first = to_array(canvas.grab().toImage())
for place in (0.2, 0.75):
    dot.set_xdata([place])
    canvas.refresh()
    application.processEvents()
second = to_array(canvas.grab().toImage())
assert np.array_equal(first, second)
red = (first == (255, 0, 0)).all(axis=2)
print(*first.shape[:2], red.any(axis=0).sum() / canvas.devicePixelRatioF())
print(canvas.rect_of(axes) == canvas.rect())
"""
    )
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    height, width, side = first.split()
    assert (int(height), int(width)) == size
    assert 19 <= float(side) <= 21
    assert second == "True"
