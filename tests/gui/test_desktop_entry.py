"""What a desktop needs to start the program and to show its icon."""

from __future__ import annotations

import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QSize
from qtpy.QtGui import QColor, QIcon, QImage

from bvae_core.resources import resource

PROJECT = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
)


def test_the_entry_starts_the_installed_program():
    entry = ConfigParser(interpolation=None)
    entry.read(resource("applications", "bvae-gui.desktop"), encoding="utf-8")
    program, what = entry["Desktop Entry"]["Exec"].split()
    assert program in PROJECT["project"]["gui-scripts"]
    assert what == "%f"
    assert resource("icons", entry["Desktop Entry"]["Icon"] + ".svg").is_file()


def test_the_wheel_puts_entry_and_icons_where_desktops_look():
    shared = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    for source, target in shared.items():
        assert resource(*Path(source).parts[1:]).is_file()
        assert target.startswith(("share/applications/", "share/icons/hicolor/"))


@pytest.mark.parametrize("side", [16, 32, 256])
def test_the_icon_is_a_vermilion_seal_with_light_strokes_at_every_size(qtbot: QtBot, side: int):
    image = QIcon(str(resource("icons", "bvae-gui.svg"))).pixmap(QSize(side, side)).toImage()
    colours = [image.pixelColor(x, y) for x in range(side) for y in range(side)]
    light = sum(colour.lightness() > 200 and colour.alpha() == 255 for colour in colours)
    red = sum(
        abs(colour.hue() - QColor("#c8412b").hue()) < 6 and colour.saturation() > 120
        for colour in colours
    )
    assert image.size() == QSize(side, side)
    assert light > 0.02 * side**2
    assert red > 0.5 * side**2


def test_the_picture_of_the_icon_is_as_large_as_its_place_says():
    assert QImage(str(resource("icons", "bvae-gui.png"))).size() == QSize(256, 256)
