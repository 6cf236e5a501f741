"""An equation of images: strength · (A − B) + C, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from bvae_core.errors import BvaeError
from bvae_core.figures._sheet import DPI, LABEL_POINTS, SPACE, Sheet
from bvae_core.figures.ink import to_rgb8
from bvae_core.figures.lettering import Ruler, words
from bvae_core.figures.theme import Ink, Theme, ThemeName, get_theme

_SIGN_POINTS = 14.0
_TERMS = 3
_RESULT = "result"


def equation_sheet(
    images: ArrayLike,
    strength: float,
    names: Sequence[str],
    *,
    labels: bool = True,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
    scale: int | None = None,
) -> Figure:
    """Draw A, B, C and the result side by side, with signs between them.

    Parameters
    ----------
    images
        (4, H, W[, C]) in [0, 1] or uint8: A, B, C and the result.
    strength
        How many times A − B is added to C; 1 is not written.
    names
        What A, B and C are called.
    labels
        False leaves out the names, but not the signs.
    theme, ink, scale
        As in `bvae_core.figures.morph_strip`.

    Raises
    ------
    DataError
        If the images have another shape or values.
    BvaeError
        If the figure would be too large, or there are not as many images and names.
    """
    look = get_theme(theme)
    tiles = to_rgb8(images, look, ink)
    if len(tiles) != _TERMS + 1:
        raise BvaeError(f"images: Expected {_TERMS + 1}. Received: {len(tiles)}.")
    before, *between = _signs(strength)
    sheet = _laid_out((tiles.shape[1], tiles.shape[2]), strength, names, labels, scale)
    figure, axes = sheet.draw(tiles, look)
    strong = words(look.text, _SIGN_POINTS, va="center")
    middle = sheet.middle(0, 0)[1]
    axes.text(-SPACE, middle, before, ha="right", **strong)
    for column, sign in enumerate(between):
        x = (column + 1) * sheet.pitch[0] - sheet.gap / 2
        axes.text(x, middle, sign, ha="center", **strong)
    if not labels:
        return figure
    small = words(look.text, LABEL_POINTS, ha="center", va="top")
    below = sheet.height + 1.5 * SPACE
    for column, name in enumerate((*names, _RESULT)):
        fitting = sheet.ruler.fit(name, sheet.pitch[0] - SPACE)
        axes.text(sheet.middle(0, column)[0], below, fitting, **small)
    left, line = _TERMS * sheet.pitch[0], sheet.height + SPACE / 2
    axes.plot(
        (left, left + sheet.tile[0]), (line, line), color=look.accent, linewidth=1,
        solid_capstyle="butt", clip_on=False,
    )  # fmt: skip
    return figure


def equation_size(
    image_size: tuple[int, int],
    strength: float,
    names: Sequence[str],
    *,
    labels: bool = True,
    scale: int | None = None,
) -> tuple[int, int]:
    """Return how many pixels `equation_sheet` would take, across and down, without images.

    Raises
    ------
    BvaeError
        If these are too many, or there are not three names.
    """
    return _laid_out(image_size, strength, names, labels, scale).size


def _laid_out(
    image_size: tuple[int, int],
    strength: float,
    names: Sequence[str],
    labels: bool,
    scale: int | None,
) -> Sheet:
    if len(names) != _TERMS:
        raise BvaeError(f"names: Expected {_TERMS}. Received: {len(names)}.")
    sheet = Sheet(image_size, 1, _TERMS + 1, scale, "")
    ruler = Ruler(DPI, _SIGN_POINTS)
    before, *between = _signs(strength)
    sheet.make_room(
        left=ruler.width(before) + SPACE if before else 0,
        between=max(map(ruler.width, between)) + 2 * SPACE,
        below=sheet.ruler.height + 2 * SPACE if labels else 0,
    )
    return sheet


def _signs(strength: float) -> tuple[str, str, str, str]:
    """Return what is written before A, and after A, B and C."""
    if strength == 1:
        return "", "−", "+", "="
    return f"{strength:.3g} · (".replace("-", "−"), "−", ") +", "="
