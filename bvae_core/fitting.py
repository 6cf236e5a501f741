"""Any picture in the form of a model's own images, in steps that are said and can be left out.

MNIST's digits were scaled into a box of 20 pixels and centred by their mass in 28×28 (LeCun et al.
1998, "Gradient-based learning applied to document recognition"); Kuzushiji-MNIST's characters fill
their frame and are centred by their outline. What a model was trained on is not at hand, but its
decoder is: `image_format` measures the ground, the margin and the centring of what it decodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from bvae_core.errors import DataError

Step: TypeAlias = Literal["invert", "contrast", "crop", "centre"]
#: What is done to a picture, in this order, where it has to be.
STEPS: tuple[Step, ...] = get_args(Step)

Pixels: TypeAlias = NDArray[np.uint8]

#: Pictures are made smaller until no side is longer: far more than any model sees.
MAX_SIDE = 1024
# Ink is found in a picture made so small: specks of a single pixel vanish in the averages.
_SURVEY_SIDE = 256
# Ink is what differs from the ground by this share of the largest difference.
_INK = 0.25
# What differs from the ground by less, of 255, is not to be seen.
_LEAST_CONTRAST = 8
# So many images are decoded to see what a model's images are like.
_SAMPLE = 64


@dataclass(frozen=True)
class ImageFormat:
    """What a model's images have in common.

    Parameters
    ----------
    shape
        (H, W, C), C = 1 or 3.
    is_bright
        Whether their ground is bright, and what is on it dark.
    extent
        How much of the frame's height or width, whichever is more, an image's ink fills: the
        median, 0 to 1.
    centring
        What lies in the middle of the frame: the centre of ``mass``, or of the ``outline``.
    """

    shape: tuple[int, int, int]
    is_bright: bool = False
    extent: float = 1.0
    centring: Literal["mass", "outline"] = "mass"


@dataclass(frozen=True)
class Done:
    """What was done to a picture.

    Parameters
    ----------
    words
        Said in a few words.
    step
        Which step it is; None for what can't be left out.
    is_on
        Whether the step was done.
    """

    words: str
    step: Step | None = None
    is_on: bool = True


@dataclass(frozen=True, eq=False)
class Fitted:
    """A picture in a model's form.

    Parameters
    ----------
    image
        (H, W) uint8 for a grey model, (H, W, 3) for one of colours.
    done
        What was done, in order, with the steps that were left out.
    """

    image: Pixels
    done: tuple[Done, ...]

    @property
    def steps(self) -> frozenset[Step]:
        """The steps that were done."""
        return frozenset(each.step for each in self.done if each.step and each.is_on)

    @property
    def words(self) -> str:
        """All that was done, in one line."""
        said = "; ".join(each.words for each in self.done if each.is_on)
        return said[:1].upper() + said[1:] if said else "Taken as it is"


def image_format(
    decode: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    latents: NDArray[np.float32],
    shape: tuple[int, int, int],
) -> ImageFormat:
    """Measure the form of a model's images by what it decodes.

    Parameters
    ----------
    decode
        Codes (n, d) to images (n, H, W[, 3]) in [0, 1].
    latents
        (N, d), the codes of all images; 64 of them, evenly spread, are decoded.
    shape
        (H, W, C) of the images.
    """
    chosen = np.linspace(0, len(latents) - 1, min(_SAMPLE, len(latents))).astype(int)
    images = np.rint(255 * decode(latents[chosen])).astype(np.uint8)
    surveys = [_survey(image, _border_level(image)) for image in images]
    seen = [survey for survey in surveys if survey.peak >= _LEAST_CONTRAST]
    if not seen:
        return ImageFormat(shape)
    middle = np.array(shape[:2]) / 2
    by_mass = np.array([survey.mass - middle for survey in seen])
    by_outline = np.array([survey.outline - middle for survey in seen])
    return ImageFormat(
        shape,
        is_bright=sum(survey.is_bright for survey in seen) > len(seen) / 2,
        extent=float(np.median([survey.extent for survey in seen])),
        centring="mass" if (by_mass**2).mean() <= (by_outline**2).mean() else "outline",
    )


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


def fit(
    picture: ArrayLike,
    form: ImageFormat,
    choices: Mapping[Step, bool] | None = None,
    *,
    ground: int | None = None,
) -> Fitted:
    """Bring a picture into the form of a model's images.

    What the model can't do without is always done: colours are made grey for a model of greys, and
    the picture is scaled to the model's size, keeping its proportions (Lanczos). Beside that there
    are four steps. Each is done where it has to be, unless `choices` say otherwise:

    invert
        Bright becomes dark, where the background is bright and the model's is dark, or the other
        way round.
    contrast
        The background becomes as dark as the model's, with the noise on it, and the strongest ink
        as bright as can be. Of grey pictures only.
    crop
        What is around the ink is cut off, and the ink scaled into the margins that the model's
        images have.
    centre
        The ink is moved to the middle, by its mass or its outline as the model's images are.

    A picture that has the model's size already is not cropped, centred or stretched by itself, and
    a model of colours is given pictures as they are: what is ink, and what background, is a matter
    of drawings and writing. Where every step is left out, nothing has to be found on the picture.

    Parameters
    ----------
    picture
        See `plain_picture`.
    form
        See `image_format`.
    choices
        Steps to do whether they have to be or not (True), and to leave out (False).
    ground
        The background's grey where it is known, 0 to 255; by default the median of the border.

    Raises
    ------
    DataError
        If the picture has a shape or values that can't be used, or all of it has one colour where
        something has to be found on it.
    """
    pixels, form_is_grey = plain_picture(picture), form.shape[2] == 1
    done: list[Done] = []
    if form_is_grey and pixels.ndim == 3:
        coloured = bool((pixels != pixels[..., :1]).any())
        pixels = np.asarray(Image.fromarray(pixels).convert("L"))
        if coloured:
            done.append(Done("colours made grey"))
    elif not form_is_grey and pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    survey = _survey(pixels, ground)
    is_seen = survey.peak >= _LEAST_CONTRAST
    chosen = dict(choices or {})
    wanted = _wanted(pixels, form, survey, ground is not None) | chosen
    if not form_is_grey:
        wanted["contrast"] = False
    is_taken_as_it_is = all(chosen.get(step) is False for step in STEPS)
    looks_for_ink = form_is_grey and not is_taken_as_it_is
    if not is_seen and (looks_for_ink or wanted["crop"] or wanted["centre"]):
        raise DataError(
            "picture: Expected something to be seen on its background. "
            "Received: a picture of one colour."
        )
    if wanted["invert"]:
        pixels, survey = 255 - pixels, survey.inverted()
    done.append(_said("invert", wanted, _inverted(survey), "not inverted"))
    if form_is_grey:
        said = f"contrast stretched from {survey.range}"
        if wanted["contrast"]:
            pixels, survey = _stretched(pixels, survey), survey.stretched()
        done.append(_said("contrast", wanted, said, "contrast as it was"))
    image, size = _framed(pixels, form, survey, wanted)
    height, width = pixels.shape[:2]
    across, down = survey.box[1] - survey.box[0]
    cropped = f"cropped to {across}×{down} of {width}×{height}"
    done.append(_said("crop", wanted, cropped, "not cropped"))
    done.append(_said("centre", wanted, f"centred by its {form.centring}", "not centred"))
    if size != (width, height) or wanted["crop"]:
        done.append(Done(f"scaled to {size[0]}×{size[1]} of {form.shape[1]}×{form.shape[0]}"))
    return Fitted(image, tuple(done))


# -- what is on a picture --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Survey:
    """Where the ink of a picture is, and how it differs from the ground.

    `ground` (1,) or (3,) float32; `noise` and `peak` are the differences from it, of 255, that the
    border has and that the strongest ink has; `box` (2, 2) int, the (x, y) of the ink's corners;
    `mass` and `outline` (y, x) of its centres, in pixels from the upper left corner.
    """

    ground: NDArray[np.float32]
    noise: float
    peak: float
    is_bright: bool
    box: NDArray[np.int64]
    mass: NDArray[np.float64]
    outline: NDArray[np.float64]
    size: tuple[int, int]

    @property
    def extent(self) -> float:
        """The share of the picture's width or height that the ink fills."""
        width, height = self.box[1] - self.box[0]
        return float(max(width / self.size[0], height / self.size[1]))

    @property
    def range(self) -> str:
        """The greys from ground to ink, as people write it."""
        ground = float(self.ground.mean())
        ink = ground - self.peak if self.is_bright else ground + self.peak
        return f"{min(ground, ink):.0f}–{max(ground, ink):.0f}"

    def inverted(self) -> _Survey:
        """Return what there is on the inverted picture."""
        return replace(self, ground=255 - self.ground, is_bright=not self.is_bright)

    def stretched(self) -> _Survey:
        """Return what there is on the picture with its contrast stretched."""
        ground = np.full_like(self.ground, 255 if self.is_bright else 0)
        return replace(self, ground=ground, noise=0.0, peak=255.0)


def _survey(pixels: Pixels, known_ground: int | None = None) -> _Survey:
    """Find the ink of a picture (h, w) or (h, w, 3)."""
    height, width = pixels.shape[:2]
    times = -(-max(height, width) // _SURVEY_SIDE)
    small = np.asarray(Image.fromarray(pixels).reduce(times)) if times > 1 else pixels
    small = small.reshape(*small.shape[:2], -1)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    ground = (
        np.median(border, axis=0).astype(np.float32)
        if known_ground is None
        else np.full(small.shape[2], known_ground, np.float32)
    )
    difference = _difference(small, ground)
    peak = float(difference.max())
    noise = 0.0
    if known_ground is None:
        noise = min(float(np.percentile(_difference(border, ground), 95)), peak * _INK)
    level = float(ground.mean())
    is_bright = level - float(small.min()) > float(small.max()) - level
    ink = difference * (difference > noise + _INK * (peak - noise))
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    down, across = np.flatnonzero(rows), np.flatnonzero(columns)
    if not len(down):
        down, across = np.arange(len(rows)), np.arange(len(columns))
        rows, columns = np.ones_like(rows), np.ones_like(columns)
    first = np.array([across[0], down[0]]) * times
    last = np.minimum((np.array([across[-1], down[-1]]) + 1) * times, (width, height))
    return _Survey(
        ground=ground,
        noise=noise,
        peak=peak,
        is_bright=is_bright,
        box=np.stack([first, last]),
        mass=np.array([_centre(rows), _centre(columns)]) * times,
        outline=(first + last)[::-1] / 2,
        size=(width, height),
    )


def _difference(pixels: Pixels, ground: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far pixels (…, C) are from the ground, the most of their channels, (…) float32."""
    table = np.abs(np.arange(256, dtype=np.float32) - ground[:, None])
    away: NDArray[np.float32] = table[0][pixels[..., 0]]
    for channel in range(1, len(ground)):
        np.maximum(away, table[channel][pixels[..., channel]], out=away)
    return away


def _border_level(image: Pixels) -> int:
    """Return the ground of a decoded image: it has no noise, and ink may reach its border."""
    border = [image[0], image[-1], image[:, 0], image[:, -1]]
    return round(float(np.median(np.concatenate(border))))


def _centre(weights: NDArray[np.float32]) -> float:
    """Return the centre of mass of pixels in a row, from the row's beginning."""
    return float(np.average(np.arange(len(weights)) + 0.5, weights=weights))


# -- the steps -------------------------------------------------------------------------------------


def _wanted(pixels: Pixels, form: ImageFormat, survey: _Survey, is_drawn: bool) -> dict[Step, bool]:
    """Decide which steps a picture needs."""
    is_grey = form.shape[2] == 1
    is_another_size = is_grey and pixels.shape[:2] != form.shape[:2]
    is_other_way_round = survey.is_bright != form.is_bright
    return {
        "invert": is_other_way_round and (is_grey or is_drawn),
        "contrast": is_another_size and (survey.peak < 255 or survey.noise > 0),
        "crop": is_another_size,
        "centre": is_another_size,
    }


def _said(step: Step, wanted: Mapping[Step, bool], on: str, off: str) -> Done:
    return Done(on if wanted[step] else off, step, wanted[step])


def _inverted(survey: _Survey) -> str:
    return f"inverted: {'dark' if survey.is_bright else 'bright'} background"


def _stretched(pixels: Pixels, survey: _Survey) -> Pixels:
    """Bring the ground and its noise to one end of the greys, and the strongest ink to the other.

    Both ways what is on the far side of the ground, as light on paper, becomes ground.
    """
    greys = np.arange(256, dtype=np.float32)
    away = (survey.ground - greys) if survey.is_bright else (greys - survey.ground)
    ink = np.clip((away - survey.noise) / (survey.peak - survey.noise), 0, 1)
    table = np.rint(255 * (1 - ink if survey.is_bright else ink)).astype(np.uint8)
    stretched: Pixels = table[pixels]
    return stretched


def _framed(
    pixels: Pixels, form: ImageFormat, survey: _Survey, wanted: Mapping[Step, bool]
) -> tuple[Pixels, tuple[int, int]]:
    """Put a picture into the model's frame; return that, and the size (w, h) it was scaled to."""
    frame = np.array(form.shape[1::-1])  # as (x, y), like all that follows
    whole = np.array([[0, 0], pixels.shape[1::-1]])
    box, extent = (survey.box, form.extent) if wanted["crop"] else (whole, 1.0)
    corner, size = box[0], box[1] - box[0]
    scale = float((frame * extent / size).min())
    inner = np.clip(np.rint(size * scale), 1, frame).astype(int)
    is_whole = bool((inner == whole[1]).all()) and not wanted["crop"]
    scaled = pixels if is_whole else _scaled(pixels, box, inner)
    if wanted["centre"]:
        centre = survey.mass if form.centring == "mass" else survey.outline
        place = frame / 2 - (centre[::-1] - corner) * (inner / size)
        # No ink is to leave the frame.
        ink = (survey.box - corner) * (inner / size)
        place = np.clip(place, -ink[0], np.maximum(frame - ink[1], -ink[0]))
    else:
        middle = (box.sum(axis=0) / 2) / whole[1]
        place = np.clip(middle * frame - inner / 2, 0, frame - inner)
    left, top = np.rint(place).astype(int).tolist()
    mode = "L" if form.shape[2] == 1 else "RGB"
    framed = Image.new(mode, tuple(frame.tolist()), _fill(survey))
    framed.paste(Image.fromarray(scaled), (left, top))
    return np.asarray(framed), (int(inner[0]), int(inner[1]))


def _fill(survey: _Survey) -> int | tuple[int, ...]:
    colour = tuple(int(value) for value in np.rint(survey.ground))
    return colour if len(colour) > 1 else colour[0]


def _scaled(pixels: Pixels, box: NDArray[np.int64], size: NDArray[np.int64]) -> Pixels:
    """Scale a part of a picture, averaging where it becomes smaller."""
    (left, top), (right, bottom) = box.tolist()
    part = np.ascontiguousarray(pixels[top:bottom, left:right])  # Pillow's own box sees beyond it
    width, height = size.tolist()
    return np.asarray(Image.fromarray(part).resize((width, height), Image.Resampling.LANCZOS))


# -- any picture as bytes --------------------------------------------------------------------------


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
