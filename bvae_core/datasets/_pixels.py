"""Bringing pixels of any size, depth and colour to what an `ImageSet` holds."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from bvae_core.datasets._image_set import MAX_SIDE, MIN_SIDE
from bvae_core.errors import DataError

#: Images of different sizes are brought to at most this many pixels a side, unless asked otherwise.
MIXED_SIDE = 64


def plain(image: Image.Image) -> Image.Image:
    """Return the image upright, opaque and 8 bits deep, in mode ``L`` or ``RGB``.

    The EXIF orientation is applied. What is transparent shows white paper. 16-bit greys are scaled
    linearly from 0–65535, greys of 32-bit floats from 0–1. Of an animation or a file of several
    pages, this is the first.

    Raises
    ------
    DataError
        If the greys of 32 bits lie outside those ranges.
    """
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        top = 1.0 if image.mode == "F" else 65535.0
        values = np.asarray(image, np.float32)
        if not (values.min() >= 0 and values.max() <= top):
            raise DataError(
                f"Expected greys from 0 to {top:g}. Received: {values.min():g} to {values.max():g}."
            )
        return Image.fromarray(np.rint(values * (255 / top)).astype(np.uint8))
    if image.has_transparency_data:
        ink = image.convert("RGBA")
        paper = Image.new("RGBA", ink.size, "white")
        opaque = Image.alpha_composite(paper, ink)
        return opaque.convert("L" if image.mode in ("LA", "La", "L", "1") else "RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def has_colour(image: Image.Image) -> bool:
    """Return whether any pixel of a `plain` image is not grey."""
    if image.mode == "L":
        return False
    pixels = np.asarray(image)
    return bool((pixels != pixels[..., :1]).any())


def fit(image: Image.Image, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """Bring a `plain` image to (H, W) = `size` and 1 or 3 channels, keeping its proportions.

    It is scaled to fit inside (Lanczos filter, which averages when scaling down), centred, and what
    is left free at the sides is filled with the median colour of the image's own border.

    Returns
    -------
    ndarray
        (H, W, C) uint8.
    """
    height, width = size
    image = image.convert("L" if channels == 1 else "RGB")
    if image.size != (width, height):
        scale = min(width / image.width, height / image.height)
        inner = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        scaled = image.resize(inner, Image.Resampling.LANCZOS, reducing_gap=3.0)
        if inner != (width, height):
            framed = Image.new(image.mode, (width, height), _border_colour(image))
            framed.paste(scaled, ((width - inner[0]) // 2, (height - inner[1]) // 2))
            scaled = framed
        image = scaled
    return np.asarray(image).reshape(height, width, channels)


def refit(images: NDArray[np.uint8], size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """Do `fit` to each of (n, H, W, C) uint8 images; C = 4 has transparency."""
    if images.shape[1:] == (*size, channels):
        return images
    if images.shape[1:] == (*size, 1):
        return np.repeat(images, channels, axis=-1)
    grey = images.shape[-1] == 1
    return np.stack(
        [
            fit(plain(Image.fromarray(image[..., 0] if grey else image)), size, channels)
            for image in images
        ]
    )


def target_shape(
    native: tuple[int, int, int],
    image_size: tuple[int, int] | None,
    grey: bool | None,
    *,
    source: str,
) -> tuple[int, int, int]:
    """Decide (H, W, C) of images that all have the shape `native`.

    Raises
    ------
    DataError
        If they are too small or too large, and no other size is asked for.
    """
    size = image_size or native[:2]
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in size):
        raise DataError(
            f"{source}: Expected images from {MIN_SIDE}×{MIN_SIDE} to {MAX_SIDE}×{MAX_SIDE} "
            f"pixels, or a size to bring them to (image_size). "
            f"Received: {size[0]}×{size[1]}."
        )
    return (*size, target_channels(native[2] > 1, grey))


def target_channels(coloured: bool, grey: bool | None) -> int:
    """Return 1 or 3: as the images are, or as asked."""
    return 1 if (grey if grey is not None else not coloured) else 3


def common_size(sizes: Counter[tuple[int, int]]) -> tuple[int, int]:
    """Choose one (H, W) for images of the sizes counted.

    Images that all have one size from 8×8 to 256×256 keep it. Others are brought to their most
    common size (the larger of two equally common), scaled down where its longer side is over 64
    pixels, and no side under 8.
    """
    (height, width), _ = max(sizes.items(), key=lambda item: (item[1], item[0]))
    if len(sizes) == 1 and all(MIN_SIDE <= side <= MAX_SIDE for side in (height, width)):
        return height, width
    scale = min(1.0, MIXED_SIDE / max(height, width))
    shrunk = np.clip(np.rint([height * scale, width * scale]).astype(int), MIN_SIDE, MIXED_SIDE)
    return int(shrunk[0]), int(shrunk[1])


def to_bytes(values: NDArray[Any], top: int) -> NDArray[np.uint8]:
    """Bring numbers from 0 to `top`, 1 or 255, to uint8 from 0 to 255."""
    if values.dtype == np.uint8 and top == 255:
        return cast("NDArray[np.uint8]", values)
    scaled: NDArray[np.float32] = values.astype(np.float32) * np.float32(255 / top)
    return np.rint(scaled).astype(np.uint8)


def _border_colour(image: Image.Image) -> int | tuple[int, ...]:
    pixels = np.asarray(image)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    colour = np.median(border, axis=0).astype(int)
    return int(colour) if colour.ndim == 0 else tuple(int(value) for value in colour)
