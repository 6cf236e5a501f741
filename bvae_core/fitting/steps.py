"""The steps that bring a picture into the form of a model's images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from bvae_core.errors import DataError
from bvae_core.fitting.form import ImageFormat
from bvae_core.fitting.pictures import Pixels, plain_picture
from bvae_core.fitting.survey import LEAST_CONTRAST, Survey, survey_of

Step: TypeAlias = Literal["invert", "contrast", "crop", "centre"]
#: What is done to a picture, in this order, where it has to be.
STEPS: tuple[Step, ...] = get_args(Step)


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
    survey = survey_of(pixels, ground)
    is_seen = survey.peak >= LEAST_CONTRAST
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


def _wanted(pixels: Pixels, form: ImageFormat, survey: Survey, is_drawn: bool) -> dict[Step, bool]:
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


def _inverted(survey: Survey) -> str:
    return f"inverted: {'dark' if survey.is_bright else 'bright'} background"


def _stretched(pixels: Pixels, survey: Survey) -> Pixels:
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
    pixels: Pixels, form: ImageFormat, survey: Survey, wanted: Mapping[Step, bool]
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


def _fill(survey: Survey) -> int | tuple[int, ...]:
    colour = tuple(int(value) for value in np.rint(survey.ground))
    return colour if len(colour) > 1 else colour[0]


def _scaled(pixels: Pixels, box: NDArray[np.int64], size: NDArray[np.int64]) -> Pixels:
    """Scale a part of a picture, averaging where it becomes smaller."""
    (left, top), (right, bottom) = box.tolist()
    part = np.ascontiguousarray(pixels[top:bottom, left:right])  # Pillow's own box sees beyond it
    width, height = size.tolist()
    return np.asarray(Image.fromarray(part).resize((width, height), Image.Resampling.LANCZOS))
