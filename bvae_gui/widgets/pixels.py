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
    rows = rgb8.tobytes()  # PyQt6 doesn't keep them, so that they need a name
    borrowed = QImage(rows, width, height, 3 * width, QImage.Format.Format_RGB888)
    # Another format means other memory, so nothing has to outlive this function.
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


def to_array(image: QImage) -> NDArray[np.uint8]:
    """Return an image's pixels, (H, W, 4) uint8: red, green, blue and opacity."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(memory(plain), np.uint8).reshape(plain.height(), -1, 4)
    return rows[:, : plain.width()].copy()


def memory(image: QImage) -> bytes:
    """Return a copy of an image's rows, each as long as it is in memory."""
    bits = image.constBits()
    if hasattr(bits, "setsize"):  # PyQt6's pointer doesn't know how far it goes
        bits.setsize(image.sizeInBytes())
    return bytes(bits)
