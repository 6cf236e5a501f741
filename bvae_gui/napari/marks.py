"""A layer that outlines the labelled objects that are selected on the map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Labels
from napari.utils.colormaps import CyclicLabelColormap

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from numpy.typing import NDArray

#: What such a layer has in its metadata.
IS_MARKS = "bvae_marks"

_LINE = 0.06  # width of an outline, of an object's side


class Chosen:
    """Some labels of a labelled image and nothing else of it, read when it is looked at.

    Parameters
    ----------
    labels
        (…, H, W) whole numbers; an array or what is indexed like one.

    Attributes
    ----------
    chosen
        Which labels.
    """

    def __init__(self, labels: Any) -> None:
        self._labels = labels
        self.dtype = np.dtype(labels.dtype)
        self.shape: tuple[int, ...] = tuple(labels.shape)
        self.ndim, self.size = len(self.shape), math.prod(self.shape)
        self.chosen: NDArray[np.int64] = np.empty(0, np.int64)

    def __getitem__(self, key: Any) -> NDArray[Any]:
        labels = np.asarray(self._labels[key])
        return np.where(np.isin(labels, self.chosen), labels, self.dtype.type(0))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return self[...].astype(dtype or self.dtype)


class Marks:
    """Outlines of some of a layer's objects, in a layer that is there only while asked for.

    The layer that they are of keeps the look that the user has chosen for it.

    Parameters
    ----------
    viewer
        That the layer is added to.
    objects
        Whose labels are outlined.
    side
        Of a typical object, in its pixels.
    colour
        ``#rrggbb``.
    """

    def __init__(self, viewer: ViewerModel, objects: Labels, side: float, colour: str) -> None:
        self._viewer, self._objects, self._colour = viewer, objects, colour
        self._width = max(1, round(_LINE * side))
        levels = objects.data if objects.multiscale else [objects.data]
        self._levels = [Chosen(level) for level in levels]
        self._layer: Labels | None = None

    def show(self, labels: NDArray[np.int64]) -> None:
        """Outline these labels and no others, in every plane where they are."""
        for level in self._levels:
            level.chosen = labels
        if self._layer is not None and self._layer in self._viewer.layers:
            self._layer.refresh()
            return
        objects, active = self._objects, self._viewer.layers.selection.active
        self._layer = Labels(
            self._levels if objects.multiscale else self._levels[0],
            multiscale=objects.multiscale,
            name=f"selected in {objects.name}",
            colormap=CyclicLabelColormap(colors=["transparent", self._colour]),
            opacity=1,
            scale=objects.scale,
            translate=objects.translate,
            rotate=objects.rotate,
            shear=objects.shear,
            affine=objects.affine,
            units=objects.units,
            axis_labels=objects.axis_labels,
            metadata={IS_MARKS: True},
        )
        self._layer.contour = self._width
        self._layer.editable = False
        self._viewer.add_layer(self._layer)
        if active is not None:  # the user goes on with what was in hand
            self._viewer.layers.selection.active = active

    def remove(self) -> None:
        """Outline nothing."""
        layer, self._layer = self._layer, None
        if layer is not None and layer in self._viewer.layers:
            self._viewer.layers.remove(layer)


def is_marks(layer: object) -> bool:
    """Return whether a layer is one of these."""
    return isinstance(layer, Labels) and bool(layer.metadata.get(IS_MARKS))
