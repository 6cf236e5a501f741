"""Letters as shapes: many of them are drawn in the time that matplotlib takes for one text."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from bvae_core.figures.lettering import font


@cache
def glyphs(text: str, pixels: float) -> Path:
    """Return the outline of some letters around (0, 0), in logical pixels at a ratio of 1."""
    outline = TextPath((0, 0), text, size=pixels, prop=font(pixels), usetex=False)
    if not len(outline.vertices):
        return Path(np.empty((0, 2)))
    low, high = outline.vertices.min(axis=0), outline.vertices.max(axis=0)
    return Path(outline.vertices - (low + high) / 2, outline.codes)
