"""A picture of the user's among a session's values: its pixels as a PNG in base64."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any, cast, get_args

import numpy as np
from PIL import Image

from bvae_core.errors import DataError
from bvae_core.fitting import Step
from bvae_gui.sessions.values import mapping, text_of, wrong
from bvae_gui.state.own_image import Picture

# Models read far less than this of a picture; a session shall be small.
_LONGEST_SIDE = 1024
_MAX_TEXT = 1 << 23
_MAX_NAME = 1000


def picture_values(picture: Picture) -> dict[str, Any]:
    """Return JSON values of a picture; one of more than 1,024 pixels a side becomes smaller.

    Where its file is, is left out: it would tell of the user's machine, and not be found elsewhere.
    """
    image = Image.fromarray(picture.pixels)
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return {
        "name": picture.name[:_MAX_NAME],
        "is_drawing": picture.is_drawing,
        "choices": dict(picture.choices),
        "png": base64.b64encode(content.getvalue()).decode("ascii"),
    }


def read_picture_values(values: Mapping[str, Any]) -> Picture:
    """Read what `picture_values` returned, with distrust; a DataError if it is anything else."""
    choices = mapping("choices", values.get("choices"))
    if not set(choices) <= set(get_args(Step)) or not set(map(type, choices.values())) <= {bool}:
        raise wrong("steps that are done or left out", choices)
    is_drawing = values.get("is_drawing")
    if not isinstance(is_drawing, bool):
        raise wrong("is_drawing as true or false", is_drawing)
    name = text_of("name", values.get("name"), longest=_MAX_NAME)
    text = text_of("png", values.get("png"), longest=_MAX_TEXT)
    try:
        content = base64.b64decode(text, validate=True)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if max(image.size) > _LONGEST_SIDE or image.mode not in ("L", "RGB"):
                raise wrong("a picture as this program writes it", f"{image.size} {image.mode}")
            pixels = np.array(image)
    except DataError:
        raise
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise wrong("a picture as a PNG", f"{error}") from error
    return Picture(pixels, name, is_drawing, cast(dict[Step, bool], dict(choices)))
