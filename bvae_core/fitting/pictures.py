"""Any picture as bytes: opaque, not too large, and read with distrust."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from bvae_core.errors import DataError

Pixels: TypeAlias = NDArray[np.uint8]

#: Pictures are made smaller until no side is longer: far more than any model sees.
MAX_SIDE = 1024


def read_picture(path: Path) -> Pixels:
    """Read an image file, PNG, JPEG, TIFF, WebP, BMP or GIF, with distrust.

    See `bvae_core.datasets.image_folder`: the EXIF orientation is applied, transparency shows
    white paper, 16-bit greys are scaled, and of an animation the first frame is taken.

    Returns
    -------
    ndarray
        (h, w) or (h, w, 3) uint8, with no side over `MAX_SIDE`.

    Raises
    ------
    DataError
        If the file is missing, is no image or can't be decoded, or claims more than 50 million
        pixels.
    """
    from bvae_core.datasets.image_folder import read_image

    return np.asarray(_smaller(read_image(path, MAX_SIDE)))


def plain_picture(picture: ArrayLike) -> Pixels:
    """Return a picture of any depth as bytes, opaque and not too large.

    Parameters
    ----------
    picture
        (h, w), (h, w, 1), (h, w, 3) or (h, w, 4); truth values, whole numbers (from 0 to 255, or
        to 65535 where one is larger than 255) or floating-point numbers from 0 to 1. The fourth
        channel is opacity; what is transparent shows white paper.

    Returns
    -------
    ndarray
        (h, w) or (h, w, 3) uint8, with no side over `MAX_SIDE`.

    Raises
    ------
    DataError
        If it has another shape, no pixels, or values out of range.
    """
    values = np.asarray(picture)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (3, 4))) or not (
        values.size
    ):
        raise DataError(
            "picture: Expected pixels of shape (height, width), with 1, 3 or 4 channels or none. "
            f"Received: {values.shape}."
        )
    pixels = _as_bytes(values)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        opacity = pixels[..., 3:].astype(np.uint16)
        on_paper = (pixels[..., :3] * opacity + 255 * (255 - opacity) + 127) // 255
        pixels = on_paper.astype(np.uint8)
    if max(pixels.shape[:2]) <= MAX_SIDE:
        return pixels
    return np.asarray(_smaller(Image.fromarray(pixels)))


def _as_bytes(values: NDArray[Any]) -> Pixels:
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(values.dtype, np.integer) and not np.issubdtype(values.dtype, np.floating):
        raise DataError(f"picture: Expected numbers. Received: {values.dtype}.")
    low, high = values.min(), values.max()
    top = 1 if np.issubdtype(values.dtype, np.floating) else 255 if high <= 255 else 65535
    if not (low >= 0 and high <= top):  # also where one is NaN
        raise DataError(f"picture: Expected values from 0 to {top}. Received: {low} to {high}.")
    return np.rint(values.astype(np.float64) * (255 / top)).astype(np.uint8)


def _smaller(image: Image.Image) -> Image.Image:
    if max(image.size) > MAX_SIDE:
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image
