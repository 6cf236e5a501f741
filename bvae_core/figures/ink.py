"""From values in [0, 1] to pixels: ink on paper, or grey on black."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import BvaeError, DataError
from bvae_core.figures.limits import SCALE
from bvae_core.figures.theme import Ink, Theme

_SIDE = 280
_FAINT = 0.3


def rgb8(colour: str) -> NDArray[np.uint8]:
    """Return ``#rrggbb`` as (3,) uint8."""
    return np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8)


@cache
def ink_ramp(theme: Theme, ink: Ink) -> NDArray[np.uint8]:
    """Return the colours of the grey values 0 to 255, (256, 3) uint8, to be read only.

    ``paper`` runs from the theme's sheet to its ink: what is bright in the data are the strokes.
    ``screen`` is plain grey, 0 black.
    """
    match ink:
        case "paper":
            low, high = rgb8(theme.sheet), rgb8(theme.sumi)
        case "screen":
            low, high = rgb8("#000000"), rgb8("#ffffff")
        case _:
            raise BvaeError(f"ink: Expected paper or screen. Received: {ink!r}.")
    ramp: NDArray[np.uint8] = np.rint(np.linspace(low, high, 256)).astype(np.uint8)
    ramp.setflags(write=False)  # all who ask share it
    return ramp


def levels(images: ArrayLike, *, leading: int = 1) -> NDArray[np.uint8]:
    """Return images in [0, 1] as whole numbers from 0 to 255.

    Parameters
    ----------
    images
        (…, H, W) or (…, H, W, C) with C = 1 or 3; uint8 is taken as it is.
    leading
        How many axes stand before H.

    Returns
    -------
    (…, H, W) uint8 for grey, (…, H, W, 3) uint8 for colour.

    Raises
    ------
    DataError
        If the shape is another, an image is empty, or a value is not within [0, 1].
    """
    values = np.asarray(images)
    if values.ndim == leading + 3 and values.shape[-1] == 1:
        values = values[..., 0]
    is_grey = values.ndim == leading + 2
    is_colour = values.ndim == leading + 3 and values.shape[-1] == 3
    if not (is_grey or is_colour) or values.size == 0:
        raise DataError(
            f"images: Expected {leading} axes before (H, W) or (H, W, 1 or 3), none of them empty. "
            f"Received: shape {values.shape}."
        )
    if values.dtype == np.uint8:
        return values
    low, high = float(values.min()), float(values.max())
    if not (low >= -1e-6 and high <= 1 + 1e-6):  # also where one is NaN
        raise DataError(f"images: Expected values from 0 to 1. Received: {low:g} to {high:g}.")
    whole: NDArray[np.uint8] = np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return whole


def to_rgb8(images: ArrayLike, theme: Theme, ink: Ink, *, leading: int = 1) -> NDArray[np.uint8]:
    """Return images as (…, H, W, 3) uint8: grey ones inked, colour ones as they are."""
    whole = levels(images, leading=leading)
    return whole if whole.ndim == leading + 3 else ink_ramp(theme, ink)[whole]


def faded(pixels: NDArray[np.uint8], ground: str) -> NDArray[np.uint8]:
    """Return pixels (…, 3) uint8 as they look through a veil of the colour of the ground."""
    mixed = _FAINT * pixels.astype(np.float32) + (1 - _FAINT) * rgb8(ground)
    return np.rint(mixed).astype(np.uint8)


def checked_scale(scale: int) -> int:
    """Return it if it is a whole number of pixels for a pixel; a BvaeError otherwise."""
    low, high = SCALE
    if isinstance(scale, bool) or not isinstance(scale, int) or not low <= scale <= high:
        raise BvaeError(
            f"scale: Expected a whole number from {low} to {high}. Received: {scale!r}."
        )
    return scale


def scale_to_see(image_size: tuple[int, int]) -> int:
    """Return the scale at which an image (H, W) alone is about 280 pixels high or wide."""
    return max(1, _SIDE // max(image_size))


def enlarged(images: NDArray[np.uint8], scale: int, *, axis: int) -> NDArray[np.uint8]:
    """Repeat every pixel `scale` times down and across; `axis` is that of H."""
    return images.repeat(scale, axis=axis).repeat(scale, axis=axis + 1)


def mosaic(
    tiles: NDArray[np.uint8], columns: int, gaps: tuple[int, int], colour: str
) -> NDArray[np.uint8]:
    """Lay out (n, H, W, 3) tiles row by row as one picture.

    Parameters
    ----------
    tiles
        (n, H, W, 3), n ≥ 1.
    columns
        Tiles in a row; the last row may have fewer.
    gaps
        Pixels between columns and between rows.
    colour
        Of the gaps and of places without a tile.

    Returns
    -------
    (rows·(H + gap) − gap, columns·(W + gap) − gap, 3) uint8.
    """
    count, height, width, _ = tiles.shape
    across, down = width + gaps[0], height + gaps[1]
    rows = -(-count // columns)
    cells = np.tile(rgb8(colour), (rows * columns, down, across, 1))
    cells[:count, :height, :width] = tiles
    picture = cells.reshape(rows, columns, down, across, 3).swapaxes(1, 2)
    picture = picture.reshape(rows * down, columns * across, 3)
    return picture[: rows * down - gaps[1], : columns * across - gaps[0]]
