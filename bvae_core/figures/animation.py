"""Morphs that move: GIF and WebP files."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, features

from bvae_core.errors import BvaeError
from bvae_core.figures.ink import (
    checked_scale,
    enlarged,
    ink_ramp,
    levels,
    scale_to_see,
    to_rgb8,
)
from bvae_core.figures.limits import ANIMATION_SUFFIXES
from bvae_core.figures.theme import Ink, Theme, ThemeName, get_theme
from bvae_core.files import replacing_file

MAX_SIDE = 4096
_MAX_VALUES = 1 << 30


def save_animation(
    frames: ArrayLike,
    path: str | Path,
    *,
    fps: float = 12.0,
    loop: bool = True,
    bounce: bool = False,
    scale: int | None = None,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
) -> None:
    """Write frames as an animated GIF or a lossless WebP, whichever the name ends in.

    The file is replaced as a whole or not at all, and the same frames give the same bytes. Grey
    frames keep all their 256 levels in both formats; a GIF of colour frames has one palette of
    256 colours. Equal frames in a row are stored as one that stays longer.

    Parameters
    ----------
    frames
        (n, H, W[, C]) in [0, 1] or uint8, n ≥ 1.
    path
        Ends in ``.gif`` or ``.webp``.
    fps
        Frames a second, over 0 to 50. A GIF counts hundredths of a second; the rest carries over
        from frame to frame.
    loop
        Whether to play for ever, or once.
    bounce
        Whether to play backwards after forwards.
    scale
        Pixels for a pixel of a frame, down and across; by default about 280 pixels a side.
    theme, ink
        Grey frames as ink on the theme's paper or as grey on black.

    Raises
    ------
    DataError
        If the frames have another shape or values.
    BvaeError
        If the name ends otherwise, a setting is out of its range, the animation is too large, or
        the file can't be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in ANIMATION_SUFFIXES:
        raise BvaeError(
            f"{target}: Expected a name that ends in {' or '.join(ANIMATION_SUFFIXES)}. "
            f"Received: {suffix!r}."
        )
    if not (math.isfinite(fps) and 0 < fps <= 50):
        raise BvaeError(f"fps: Expected a number over 0 and up to 50. Received: {fps!r}.")
    whole = _moving(frames, bounce=bounce, scale=scale)
    ramp = ink_ramp(get_theme(theme), ink)
    options: dict[str, Any]
    if suffix == ".gif":
        pictures = _with_palette(whole, ramp)
        options = {"format": "GIF", "duration": _durations(len(whole), fps, 10), "optimize": False}
        options |= {"loop": 0} if loop else {}
    else:
        if not features.check("webp"):
            raise BvaeError(f"{target}: Expected a Pillow that writes WebP. Received: one without.")
        colours = whole if whole.ndim == 4 else ramp[whole]
        pictures = [Image.fromarray(frame) for frame in colours]
        options = {"format": "WEBP", "duration": _durations(len(whole), fps, 1), "lossless": True}
        options |= {"loop": 0 if loop else 1, "quality": 80, "method": 4}
    with replacing_file(target) as temporary:
        pictures[0].save(temporary, save_all=True, append_images=pictures[1:], **options)


def animation_pictures(
    frames: ArrayLike,
    *,
    bounce: bool = False,
    scale: int | None = None,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
) -> NDArray[np.uint8]:
    """Return what `save_animation` writes, one picture after the other: (n, H, W, 3) uint8."""
    return to_rgb8(_moving(frames, bounce=bounce, scale=scale), get_theme(theme), ink)


def animation_size(
    image_shape: tuple[int, int, int], frames: int, *, bounce: bool = False, scale: int | None
) -> tuple[int, int]:
    """Return how many pixels `save_animation` would take, across and down, without images.

    Parameters
    ----------
    image_shape
        (H, W, C).
    frames, bounce, scale
        As in `save_animation`.

    Raises
    ------
    BvaeError
        If these are too many.
    """
    height, width, channels = image_shape
    times = scale_to_see((height, width)) if scale is None else checked_scale(scale)
    count = 2 * frames - 2 if bounce and frames > 1 else frames
    values = count * height * width * channels * times**2
    if max(height, width) * times > MAX_SIDE or values > _MAX_VALUES:
        raise BvaeError(
            f"animation: Expected at most {MAX_SIDE} pixels a side and {_MAX_VALUES} values. "
            f"Received: {max(height, width) * times} and {values}; fewer frames or a smaller "
            "scale fit."
        )
    return width * times, height * times


def _moving(frames: ArrayLike, *, bounce: bool, scale: int | None) -> NDArray[np.uint8]:
    """Return all frames in their order and size, (n, H, W) or (n, H, W, 3) uint8."""
    whole = levels(frames)
    count, height, width = whole.shape[:3]
    channels = 1 if whole.ndim == 3 else 3
    size = animation_size((height, width, channels), count, bounce=bounce, scale=scale)
    if bounce:
        whole = np.concatenate([whole, whole[-2:0:-1]])
    return enlarged(whole, size[0] // width, axis=1)


def _durations(count: int, fps: float, unit: int) -> list[int]:
    """Return milliseconds a frame in whole units, which add up to count / fps."""
    ends = [round(i * 1000 / fps / unit) * unit for i in range(count + 1)]
    return [end - start for start, end in pairwise(ends)]


def _with_palette(frames: NDArray[np.uint8], ramp: NDArray[np.uint8]) -> list[Image.Image]:
    if frames.ndim == 3:
        pictures = [Image.fromarray(frame) for frame in frames]
        for picture in pictures:
            picture.putpalette(ramp.tobytes())
        return pictures
    sample = Image.fromarray(np.concatenate(list(frames)))
    palette = sample.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return [
        Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE)
        for frame in frames
    ]
