"""What a model's images have in common, measured of what it decodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bvae_core.fitting.survey import LEAST_CONTRAST, border_level, survey_of

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
    surveys = [survey_of(image, border_level(image)) for image in images]
    seen = [survey for survey in surveys if survey.peak >= LEAST_CONTRAST]
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
