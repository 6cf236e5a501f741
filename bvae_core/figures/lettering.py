"""Text in figures: a font with kana, and how much room words take."""

from __future__ import annotations

from functools import cache
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font

from bvae_core.figures.kana_font import kana_font_path

_LONGEST_LINE = 200  # characters; wider than any figure has room for
_FAMILIES = ("IPAexGothic", "DejaVu Sans")  # the second has what the first lacks
_GETA = "〓"  # what Japanese typesetters put where they lack a type


@cache
def _register() -> None:
    fontManager.addfont(str(kana_font_path()))


def font(points: float) -> FontProperties:
    """Return the figures' font in a size."""
    _register()
    return FontProperties(family=list(_FAMILIES), size=points)


@cache
def _code_points() -> frozenset[int]:
    """Return all characters that the figures' fonts have."""
    _register()
    charmaps = [get_font(fontManager.findfont(family)).get_charmap() for family in _FAMILIES]
    return frozenset().union(*charmaps)


def writable(text: str) -> str:
    """Return `text` with 〓 for each character that the fonts lack, such as an emoji."""
    known = _code_points()
    return "".join(letter if ord(letter) in known else _GETA for letter in text)


def words(colour: str, points: float, **options: Any) -> dict[str, Any]:
    """Return what matplotlib's text functions need to write plain words, dollar signs included."""
    return {"color": colour, "fontproperties": font(points), "parse_math": False, **options}


class Ruler:
    """Measures words in pixels.

    Parameters
    ----------
    dpi
        Pixels an inch of the figure.
    points
        Size of the font.
    """

    def __init__(self, dpi: float, points: float) -> None:
        self._renderer = FigureCanvasAgg(Figure(dpi=dpi)).get_renderer()  # type: ignore[no-untyped-call]
        self._font = font(points)
        box = self._renderer.get_text_width_height_descent("きkgÅ", self._font, False)
        self.height = float(box[1])

    def width(self, text: str) -> float:
        """Return the width of a line in pixels."""
        return float(self._renderer.get_text_width_height_descent(text, self._font, False)[0])

    def fit(self, text: str, width: float) -> str:
        """Return `text` in one line, cut with an ellipsis where `width` pixels can't hold it.

        Characters that the fonts lack are replaced, see `writable`.
        """
        line = writable(" ".join(text.split()))
        if self.width(line) <= width:
            return line
        for end in range(min(len(line) - 1, _LONGEST_LINE), 0, -1):
            cut = line[:end].rstrip() + "..."  # three dots: the font's … is as high as kana
            if self.width(cut) <= width:
                return cut
        return ""
