"""How the figures look: ink on paper by day, and the same room at night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bvae_core.errors import BvaeError

ThemeName = Literal["light", "dark"]
#: What grey values are: ink on paper, or light on a screen.
Ink = Literal["paper", "screen"]


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``.

    Parameters
    ----------
    name
        ``light`` or ``dark``.
    ground
        What everything lies on.
    text, muted, line
        Words, quiet words, and lines, from the strongest to the faintest.
    accent, on_accent
        Vermilion, as of a seal, and what is written on it.
    wash
        The density behind a map, where it is highest.
    sheet, sumi
        The paper that a character is drawn on, and its ink.
    classes
        50 class colours; the first ten are the furthest apart.
    """

    name: ThemeName
    ground: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    wash: str
    sheet: str
    sumi: str
    classes: tuple[str, ...]

    def class_colours(self, count: int) -> tuple[str, ...]:
        """Return `count` class colours, as far apart as can be; beyond 50 they come again."""
        chosen = _FEW.get(count, range(count))
        return tuple(self.classes[i % len(self.classes)] for i in chosen)


# The class colours were searched for, not picked. A class has the same hue in both themes. The
# first ten are the set with the largest smallest Oklab distance (Ottosson 2020) that was found, as
# seen with normal vision, protanopia, deuteranopia and tritanopia (Machado et al. 2009) and with
# enough contrast to the ground; each further one is as far as possible from those before it.
# Of fewer than ten classes, these of the first ten have the largest smallest distance.
_FEW: dict[int, tuple[int, ...]] = {
    2: (2, 5),
    3: (3, 4, 8),
    4: (2, 4, 7, 8),
    5: (2, 3, 4, 8, 9),
    6: (1, 2, 4, 5, 6, 8),
    7: (1, 2, 4, 5, 6, 8, 9),
    8: (0, 1, 2, 3, 4, 5, 8, 9),
    9: (0, 1, 2, 3, 4, 5, 6, 8, 9),
}
# fmt: off
_LIGHT_CLASSES = (
    "#b46d68", "#644733", "#aa9414", "#437510", "#28a5aa", "#1a307c", "#6477b6", "#663ca9",
    "#680546", "#a82c71", "#770703", "#046463", "#94668f", "#585a91", "#56376b", "#919977",
    "#91624c", "#2e4125", "#9a7d34", "#682f43", "#8152b4", "#234a8a", "#844652", "#618f89",
    "#561966", "#538eb5", "#3c2c9f", "#685819", "#789c51", "#388d65", "#514c00", "#a95511",
    "#3b6a7d", "#7663a2", "#785a3f", "#877e9f", "#b08ca1", "#7f085a", "#6b327f", "#037e84",
    "#014658", "#327a54", "#787e4d", "#800a32", "#415a7b", "#4b3309", "#1b5c46", "#8a636d",
    "#4e9f8c", "#6950a4",
)
_DARK_CLASSES = (
    "#feb1aa", "#a68670", "#f1da6b", "#84b95c", "#7cedf1", "#5371c3", "#a5bbff", "#a681ef",
    "#af4f85", "#f078b3", "#c05446", "#59a7a4", "#daa9d4", "#989cd7", "#9676ae", "#d6dfba",
    "#d7a48c", "#6a7e60", "#e0c279", "#ad6d81", "#c596fe", "#618bd1", "#ca8691", "#a4d5cd",
    "#985aaa", "#97d4fe", "#7574e0", "#aa995d", "#bbe395", "#7fd2a7", "#908b4a", "#f3995e",
    "#7cacc1", "#b9a5ea", "#bc9b7e", "#cbc1e5", "#f8d1e8", "#c7589b", "#ae72c4", "#62c2c8",
    "#4c8599", "#77be94", "#bbc28e", "#ca576e", "#7f9bbf", "#8b7049", "#5f9d85", "#d0a4af",
    "#95e6d1", "#aa92ec",
)
# fmt: on

LIGHT = Theme(
    name="light",
    ground="#f6f0e4",
    text="#23201d",
    muted="#74695c",
    line="#d8cdb9",
    accent="#c8412b",
    on_accent="#fdfaf3",
    wash="#d3c5aa",
    sheet="#fdfaf3",
    sumi="#23201d",
    classes=_LIGHT_CLASSES,
)
DARK = Theme(
    name="dark",
    ground="#1d1a17",
    text="#ece4d6",
    muted="#a3978a",
    line="#3d362f",
    accent="#e4634a",
    on_accent="#1d1a17",
    wash="#4a4238",
    sheet="#dcd1bc",
    sumi="#1f1b18",
    classes=_DARK_CLASSES,
)


def get_theme(theme: ThemeName | Theme) -> Theme:
    """Return the theme of that name; a BvaeError if there is none."""
    if isinstance(theme, Theme):
        return theme
    for known in (LIGHT, DARK):
        if known.name == theme:
            return known
    raise BvaeError(f"theme: Expected light or dark. Received: {theme!r}.")
