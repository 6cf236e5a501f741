"""The palette, the fonts and the icons that a theme becomes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QSize
from qtpy.QtGui import QColor, QFontInfo, QIcon, QPainter, QPalette, QPixmap, QRawFont
from qtpy.QtWidgets import QApplication, QLabel

from bvae_core.figures.theme import DARK, LIGHT, Theme
from bvae_gui.style import apply_style, font, icon, mixed, palette

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The program, in whose clothes it was before afterwards."""
    before = qapp.palette(), qapp.styleSheet(), qapp.font()
    yield qapp
    qapp.setPalette(before[0])
    qapp.setStyleSheet(before[1])
    qapp.setFont(before[2])


def contrast(first: QColor, second: QColor) -> float:
    """The ratio that WCAG 2 asks to be 4.5 for text."""

    def luminance(colour: QColor) -> float:
        parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


def inked(of: QIcon, *, on: bool = False) -> set[str]:
    """The colours of the pixels that an icon covers fully."""
    state = QIcon.State.On if on else QIcon.State.Off
    image = of.pixmap(QSize(48, 48), QIcon.Mode.Normal, state).toImage()
    pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@THEMES
@pytest.mark.parametrize(
    ("words", "ground"),
    [("WindowText", "Window"), ("Text", "Base"), ("ButtonText", "Button"),
     ("ToolTipText", "ToolTipBase")],
)  # fmt: skip
def test_words_are_legible(theme: Theme, words: str, ground: str):
    colours = palette(theme)
    role = QPalette.ColorRole
    assert contrast(colours.color(role[words]), colours.color(role[ground])) > 7


@THEMES
def test_icons_follow_the_theme_they_are_painted_in(application: QApplication, theme: Theme):
    play = icon("play")  # made before the theme is chosen
    apply_style(application, theme)
    assert inked(play) == {theme.text}
    assert inked(play, on=True) == {theme.accent}


def test_there_is_no_icon_by_just_any_name(qapp: QApplication):
    with pytest.raises(KeyError):
        icon("no-such-thing")


def test_who_paints_an_icon_writes_on_in_his_own_font(qapp: QApplication):
    pixmap = QPixmap(16, 16)
    painter = QPainter(pixmap)
    before = painter.font()
    icon("play").paint(painter, pixmap.rect())
    assert painter.font() == before
    painter.end()


def test_an_icon_is_as_sharp_as_the_screen(qapp: QApplication):
    pixmap = icon("play").pixmap(QSize(16, 16), 2.0)
    assert pixmap.size() == QSize(32, 32)
    assert pixmap.devicePixelRatio() == 2


def test_kana_and_romaji_have_letters(qtbot: QtBot, application: QApplication):
    apply_style(application, LIGHT)
    drawn: dict[str, NDArray[np.uint8]] = {}
    for text in ("お", "き", "o", "𐎠"):
        label = QLabel(text)
        qtbot.addWidget(label)
        label.resize(24, 24)
        drawn[text] = to_array(label.grab().toImage())
    pictures = {pixels.tobytes() for pixels in drawn.values()}
    assert len(pictures) == len(drawn)  # a missing letter would be the same box
    latin = QRawFont.fromFont(font("body"))
    assert latin.familyName() == QFontInfo(font("body")).family()


def test_sizes_of_type_are_in_order(qapp: QApplication):
    sizes = [font(role).pointSizeF() for role in ("quiet", "body", "title", "figure")]
    assert sizes == sorted(set(sizes))


def test_a_mixed_colour_lies_between():
    assert mixed("#000000", "#ffffff", 0) == "#000000"
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert mixed("#102030", "#ffffff", 1) == "#ffffff"
