"""A film strip's images at their size on the screen, on one sheet: made once, painted often."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor, QImage

from bvae_core.figures.ink import mosaic
from bvae_gui.widgets.film_strip.layout import StripLayout
from bvae_gui.widgets.pixels import to_array, to_qimage


def edge_to_edge(images: NDArray[np.uint8], layout: StripLayout) -> QImage:
    """Return all images, (m, H, W, 3) uint8, at the size of a layout's tiles, without gaps."""
    (width, height), columns = layout.tile, layout.columns
    rows = -(-len(images) // columns)
    sheet = to_qimage(mosaic(images, columns, (0, 0), "#000000"))
    # Whole pixels first and smooth ones then: every pixel is as wide as the next one.
    times = -(-width // images.shape[2])
    whole = sheet if times == 1 else sheet.scaled(sheet.size() * times)
    return whole.scaled(
        columns * width,
        rows * height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def with_gaps(
    images: NDArray[np.uint8], index: NDArray[np.int64] | None, layout: StripLayout, ground: QColor
) -> QImage:
    """Return a grid's frames as they are laid out, but for its edges, on a ground.

    Parameters
    ----------
    images
        (m, H, W, 3) uint8.
    index
        For each frame which of the images it shows, (n,); None where each shows its own.
    layout
        Of the frames.
    ground
        What is between them.
    """
    (width, height), columns = layout.tile, layout.columns
    pixels = to_array(edge_to_edge(images, layout))[..., :3]
    tiles = pixels.reshape(-1, height, columns, width, 3).swapaxes(1, 2)
    tiles = tiles.reshape(-1, height, width, 3)[: len(images)]
    if index is not None:
        tiles = tiles[index]
    return to_qimage(mosaic(tiles, columns, (layout.gap, layout.gap), ground.name()))
