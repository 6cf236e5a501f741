"""What is on the screen, as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtGui import QImage


def to_array(image: QImage) -> NDArray[np.uint8]:
    """Return an image's pixels, (H, W, 3) uint8."""
    rows = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = rows.constBits()
    if hasattr(bits, "setsize"):  # PyQt doesn't know how many there are
        bits.setsize(rows.sizeInBytes())
    flat = np.frombuffer(bytes(bits), np.uint8)
    width = 3 * rows.width()
    return flat.reshape(rows.height(), rows.bytesPerLine())[:, :width].reshape(rows.height(), -1, 3)
