import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.ft2font import FT2Font

from bvae_core import kana
from bvae_core.errors import BvaeError, DataError
from bvae_core.figures import DARK, LIGHT, get_theme, ink_ramp, kana_font_path, to_rgb8

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)

# Machado, Oliveira & Fernandes (2009), table 1, severity 1, for linear RGB.
EYES = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb):
    """Ottosson (2020), "A perceptual color space for image processing"."""
    lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return lab @ np.cbrt(lms @ np.clip(rgb, 0, 1))


def contrast(one, other):
    """WCAG 2."""
    luminances = [linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05 for colour in (one, other)]
    return max(luminances) / min(luminances)


@THEMES
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(
    ("classes", "distance"),
    [
        (2, 0.33),
        (3, 0.17),
        (4, 0.15),
        (5, 0.1),
        (7, 0.09),
        (9, 0.07),
        (10, 0.07),
        (20, 0.038),
        (50, 0.022),
    ],
)
def test_no_two_class_colours_look_alike_to_anybody(theme, eyes, classes, distance):
    seen = [oklab(EYES[eyes] @ linear(colour)) for colour in theme.class_colours(classes)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > distance


@THEMES
def test_everything_stands_out_from_the_ground(theme):
    assert contrast(theme.text, theme.ground) > 12
    assert contrast(theme.muted, theme.ground) > 4.5
    assert contrast(theme.accent, theme.ground) > 4
    assert contrast(theme.on_accent, theme.accent) > 4.5
    assert contrast(theme.sumi, theme.sheet) > 10
    assert min(contrast(colour, theme.ground) for colour in theme.classes) > 2.5


def test_more_classes_than_colours_begin_again():
    assert len(set(LIGHT.class_colours(50))) == 50
    assert LIGHT.class_colours(51)[50] == LIGHT.class_colours(1)[0]


def test_an_unknown_theme_is_refused():
    assert get_theme("dark") is DARK
    assert get_theme(LIGHT) is LIGHT
    with pytest.raises(BvaeError, match="light or dark"):
        get_theme("sepia")


def test_ink_runs_from_the_sheet_to_the_ink_and_screen_from_black_to_white():
    paper, screen = ink_ramp(LIGHT, "paper"), ink_ramp(LIGHT, "screen")
    np.testing.assert_array_equal(paper[[0, 255]] / 255, [to_rgb(LIGHT.sheet), to_rgb(LIGHT.sumi)])
    np.testing.assert_array_equal(screen, np.repeat(np.arange(256)[:, None], 3, axis=1))
    with pytest.raises(BvaeError, match="paper or screen"):
        ink_ramp(LIGHT, "blood")


def test_grey_is_inked_and_colour_stays_as_it_is():
    grey = np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 8, 8)
    np.testing.assert_array_equal(to_rgb8(grey, DARK, "paper")[0, 0, 0] / 255, to_rgb(DARK.sheet))
    np.testing.assert_array_equal(
        to_rgb8(grey[..., None], DARK, "paper"), to_rgb8(grey, DARK, "paper")
    )
    colour = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    np.testing.assert_array_equal(to_rgb8(colour, DARK, "paper"), colour)
    np.testing.assert_array_equal(to_rgb8(colour / np.float32(255), DARK, "screen"), colour)


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (np.full((1, 8, 8), np.nan), "0 to 1"),
        (np.full((1, 8, 8), 1.5), "0 to 1"),
        (np.zeros((0, 8, 8)), "none of them empty"),
        (np.zeros((8, 8)), "shape"),
        (np.zeros((1, 8, 8, 2)), "shape"),
    ],
)
def test_what_is_no_image_is_refused(images, says):
    with pytest.raises(DataError, match=says):
        to_rgb8(images, LIGHT, "paper")


def test_the_font_has_every_kana_that_names_a_class():
    glyphs = FT2Font(str(kana_font_path())).get_charmap()
    wanted = "".join(kana.KMNIST + kana.KUZUSHIJI_49) + "zβ−%·"
    assert [letter for letter in wanted if ord(letter) not in glyphs] == []


def test_importing_and_drawing_leave_the_programs_settings_alone(tmp_path):
    code = """
import sys
import matplotlib
before = list(dict.items(matplotlib.rcParams))  # dict() would choose a backend
import numpy as np
from bvae_core.figures import latent_map, save_figure
save_figure(latent_map(np.eye(9, 2), np.arange(9) % 2, ("き", "$x$")), sys.argv[1])
assert list(dict.items(matplotlib.rcParams)) == before
assert not {"matplotlib.pyplot", "matplotlib_fontja", "tensorflow"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "map.svg")], check=True)
    assert (tmp_path / "map.svg").stat().st_size > 1000
