"""From arrays of pixels to what Qt paints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtGui import QImage


def to_qimage(rgb8: NDArray[np.uint8]) -> QImage:
    """Return pixels as an image with a memory of its own.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8, as `bvae_core.figures.ink.to_rgb8` gives them.

    Returns
    -------
    QImage
        W × H, opaque, in the format that Qt paints fastest.
    """
    height, width, _ = rgb8.shape
    borrowed = QImage(rgb8.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    # Another format means other memory, so nothing has to outlive this function.
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)
