"""`PlacedPicture`: a picture on a map, under the dots."""

from __future__ import annotations

from PIL import Image

from bvae_core.figures.underlays import Picture
from bvae_gui.plots.brush import Brush


class PlacedPicture:
    """Draws a picture where it lies on the plane, however that is seen.

    Seen at the scale that it was made for, it keeps its pixels; moved along or zoomed, it does for
    as long as it takes to make another.

    Parameters
    ----------
    picture
        With its place.
    """

    def __init__(self, picture: Picture) -> None:
        self._image = Image.fromarray(picture.pixels)
        self._low, self._high = picture.low, picture.high

    def draw(self, brush: Brush) -> None:
        """Draw what is seen of it."""
        brush.picture(self._image, self._low, self._high)
