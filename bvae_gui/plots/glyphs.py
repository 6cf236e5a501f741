"""Shapes around (0, 0), in logical pixels: letters and circles."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from bvae_core.figures.lettering import font


@cache
def glyphs(text: str, pixels: float) -> Path:
    """Return the outline of some letters, so many pixels high.

    They are drawn in a fraction of the time that matplotlib takes for a text.
    """
    outline = TextPath((0, 0), text, size=pixels, prop=font(pixels), usetex=False)
    if not len(outline.vertices):
        return Path(np.empty((0, 2)))
    low, high = outline.vertices.min(axis=0), outline.vertices.max(axis=0)
    return Path(outline.vertices - (low + high) / 2, outline.codes)


@cache
def circle(radius: float) -> Path:
    """Return a circle."""
    return Path.circle((0, 0), radius)
