"""One image on the screen, pixel for pixel."""

from __future__ import annotations

import numpy as np
import pytest
from children import run_python
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QRect, QSize

from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.pixels import to_qimage


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


@given(
    arrays(
        np.uint8,
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)),
        elements=st.integers(0, 255),
    )
)
def test_images_keep_every_pixel_and_need_no_array(pixels: NDArray[np.uint8]) -> None:
    before = pixels.copy()
    image = to_qimage(pixels)
    pixels[:] = 255 - pixels
    assert np.array_equal(to_array(image), before)


def test_arrays_may_be_slices_of_others() -> None:
    sheet = noise(20, 30)
    assert np.array_equal(to_array(to_qimage(sheet[3:15:2, 4:20])), sheet[3:15:2, 4:20])


def test_every_pixel_becomes_a_square_of_the_largest_whole_size(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(100, 90)
    pixels = noise(28, 28)
    view.set_image(pixels)

    assert view.image_rect() == QRect(8, 3, 84, 84)
    painted = to_array(view.grab(view.image_rect()).toImage())
    assert np.array_equal(painted, pixels.repeat(3, axis=0).repeat(3, axis=1))


def test_an_image_larger_than_its_room_shrinks_and_keeps_its_proportions(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(60, 60)
    view.set_image(noise(100, 200))
    assert view.image_rect() == QRect(0, 15, 60, 30)


def test_another_image_replaces_the_first_and_none_leaves_nothing(qtbot: QtBot) -> None:
    view = ImageView(side=200)
    qtbot.addWidget(view)
    assert view.sizeHint() == QSize(200, 200)
    view.resize(28, 28)
    empty = to_array(view.grab().toImage())

    first, second = noise(28, 28), 255 - noise(28, 28)
    view.set_image(first)
    view.set_image(second)
    assert np.array_equal(to_array(view.grab().toImage()), second)
    assert np.array_equal(to_array(view.image), second)

    view.set_image(None)
    assert view.image.isNull()
    assert np.array_equal(to_array(view.grab().toImage()), empty)


@pytest.mark.parametrize(("scale", "sizes"), [("2", "120 4"), ("1.5", "90 3")])
def test_screens_of_high_resolution_get_whole_pixels_of_their_own(
    scale: str, sizes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = run_python(
        """
import numpy as np
from qtpy.QtWidgets import QApplication
from bvae_gui.widgets.image_view import ImageView
from pictures import to_array

application = QApplication([])
pixels = np.random.default_rng(3).integers(0, 256, (28, 28, 3), np.uint8)
view = ImageView()
view.resize(60, 60)
view.set_image(pixels)
picture = to_array(view.grab().toImage())
times = len(picture) // 28
margin = (len(picture) - 28 * times) // 2
inside = slice(margin, margin + 28 * times)
assert np.array_equal(picture[inside, inside], pixels.repeat(times, 0).repeat(times, 1))
print(len(picture), times)
"""
    )
    assert (done.stdout.strip(), done.stderr) == (sizes, "")
