"""A layer of frames around the objects that are selected on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from napari.layers import Points
from numpy.typing import NDArray

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

#: What such a layer has in its metadata.
IS_MARKS = "bvae_marks"


class Marks:
    """Squares around places of an image, in a layer that is there only while there are some.

    Parameters
    ----------
    viewer
        That the layer is added to.
    image
        That the places are on.
    side
        Of the squares, in its pixels.
    colour
        ``#rrggbb``.
    """

    def __init__(self, viewer: ViewerModel, image: Image, side: float, colour: str) -> None:
        self._viewer, self._image, self._side = viewer, image, side
        self._colour = colour
        self._layer: Points | None = None

    def show(self, places: NDArray[np.float64]) -> None:
        """Mark these places, (n, ndim) in the image's data coordinates, and no others."""
        if not len(places):
            self.remove()
            return
        if self._layer is not None and self._layer in self._viewer.layers:
            # Deselected first: napari gives what is selected the sizes of what comes.
            self._layer.selected_data = set()
            self._layer.data = places
            self._layer.size = self._side
            return
        image, active = self._image, self._viewer.layers.selection.active
        self._layer = Points(
            places,
            name=f"selected in {image.name}",
            size=self._side,
            symbol="square",
            face_color="transparent",
            border_color=self._colour,
            border_width=0.06,
            scale=image.scale,
            translate=image.translate,
            rotate=image.rotate,
            shear=image.shear,
            affine=image.affine,
            metadata={IS_MARKS: True},
        )
        self._layer.editable = False
        self._viewer.add_layer(self._layer)
        if active is not None:  # the user goes on with what was in hand
            self._viewer.layers.selection.active = active

    def remove(self) -> None:
        """Mark nothing."""
        layer, self._layer = self._layer, None
        if layer is not None and layer in self._viewer.layers:
            self._viewer.layers.remove(layer)


def is_marks(layer: object) -> bool:
    """Return whether a layer is one of these."""
    return isinstance(layer, Points) and bool(layer.metadata.get(IS_MARKS))
