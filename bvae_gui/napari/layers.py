"""From napari's layers to `Items`.

What is asked for is noted in the viewer's thread, and read in another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from napari.layers import Image, Labels, Layer, Points, Shapes
from numpy.typing import NDArray
from pint import get_application_registry

from bvae_core.errors import DataError
from bvae_gui.napari import items
from bvae_gui.napari.items import Items
from bvae_gui.napari.pixels import Picture

if TYPE_CHECKING:
    from napari.components import ViewerModel

#: Finds the items beside the viewer's thread; asks now and then whether to stop.
Find: TypeAlias = Callable[[Callable[[], bool]], Items]
#: Layers that mark objects.
Marking: TypeAlias = Labels | Points | Shapes
MARKING = (Labels, Points, Shapes)

_MOST_CHANNELS = 8
_COLOUR = 3


@dataclass(frozen=True)
class Channels:
    """A choice of channels.

    Parameters
    ----------
    words
        For people to choose by.
    axis
        Which axis of the data counts channels.
    chosen
        Which of them, none for all there are.
    """

    words: str
    axis: int | None
    chosen: tuple[int, ...] = ()


def is_image(layer: Layer) -> bool:
    """Return whether a layer is an image that items can be in; one of labels is none."""
    return isinstance(layer, Image)


def array_of(layer: Layer) -> Any:
    """Return a layer's array, the largest if it has several sizes of the same image."""
    return layer.data[0] if getattr(layer, "multiscale", False) else layer.data


def channel_choices(layer: Image) -> list[Channels]:
    """Return what channels may be chosen of an image, the likeliest first."""
    data = array_of(layer)
    if layer.rgb:
        return [Channels("Colour", data.ndim - 1)]
    choices = [Channels("One channel", None)]
    if data.ndim < 3:
        return choices
    likely: list[Channels] = []
    for axis in (data.ndim - 1, *range(data.ndim - 1)):
        count = int(data.shape[axis])
        if not 2 <= count <= _MOST_CHANNELS:
            continue
        where = f"axis {axis}"
        these = [Channels(f"Mean of {count}, {where}", axis, tuple(range(count)))]
        these += [Channels(f"Channel {index}, {where}", axis, (index,)) for index in range(count)]
        if count == _COLOUR:
            these.insert(1, Channels(f"As colours, {where}", axis, (0, 1, 2)))
            these[0] = Channels(f"Mean of {count}, {where}", axis, ())
        # The last axis of (N, H, W, C) can be nothing else; any other may be one to look along.
        if axis == data.ndim - 1 and data.ndim > _COLOUR:
            likely += these
        else:
            choices += these
    return likely + choices


def picture_of(layer: Image, channels: Channels) -> Picture:
    """Return an image's pixels as they are shown: its contrast limits are black and white."""
    data = array_of(layer)
    if layer.rgb:
        kind = np.dtype(data.dtype)
        top = 1.0 if kind.kind == "f" else float(np.iinfo(kind).max)
        chosen = tuple(range(int(data.shape[-1])))
        return Picture(layer.name, data, data.ndim - 1, chosen, True, (0.0, top))
    low, high = (float(limit) for limit in layer.contrast_limits)
    chosen = channels.chosen
    if channels.axis is not None and not chosen:
        chosen = tuple(range(int(data.shape[channels.axis])))
    is_colour = len(chosen) == _COLOUR and channels.words.startswith("As colours")
    return Picture(layer.name, data, channels.axis, chosen, is_colour, (low, high))


def find_items(
    viewer: ViewerModel,
    image: Image,
    objects: Marking | None,
    *,
    side: int | None = None,
    channels: Channels | None = None,
) -> Find:
    """Note what to look at, and return what finds it.

    Parameters
    ----------
    viewer
        That both layers are in.
    image
        The image whose pixels are looked at.
    objects
        The layer that marks the objects to cut out of it; None takes whole planes.
    side
        Of the crops, in the image's pixels; None is as large as nearly all objects need.
    channels
        Which channels of the image; None is the likeliest choice.

    Raises
    ------
    DataError
        If nothing is there to look at. So does what is returned.
    """
    picture = picture_of(image, channels or channel_choices(image)[0])
    if objects is None:
        found = items.frames(picture, _known_of_frames(image, int(np.prod(picture.lead_shape))))
        return lambda _is_stopped: found
    to_picture = _mapping(viewer, objects, image, picture)
    name, features = objects.name, _columns(objects)
    if isinstance(objects, Labels):
        labels = array_of(objects)
        if labels.ndim < 2:
            raise DataError(f"{name}: Expected labels of two dimensions at least. Received: 1.")

        def find(is_stopped: Callable[[], bool]) -> Items:
            centres, sizes, ids = items.find_labels(labels, is_stopped)
            if not len(ids):
                raise DataError(f"{name}: Expected labelled objects. Received: an empty layer.")
            known = _of_labels(features, ids)
            places, sides = to_picture(centres, sizes)
            return items.crops(name, "labels", picture, places, sides, ids, known, side)

        return find
    if isinstance(objects, Points):
        centres = np.asarray(objects.data, np.float64)
        sizes = np.broadcast_to(np.asarray(objects.size, np.float64), (len(centres),))
        kind: items.Kind = "points"
    else:
        corners = [np.asarray(each, np.float64) for each in objects.data]
        low = np.array([each.min(axis=0) for each in corners]).reshape(-1, objects.ndim)
        high = np.array([each.max(axis=0) for each in corners]).reshape(-1, objects.ndim)
        centres, sizes = (low + high) / 2, (high - low)[:, -2:].max(axis=1, initial=1.0)
        kind = "shapes"
    if not len(centres):
        raise DataError(f"{name}: Expected {kind} on the image. Received: an empty layer.")
    places, sides = to_picture(centres, sizes)
    indices = np.arange(len(centres))
    found = items.crops(name, kind, picture, places, sides, indices, features, side)
    return lambda _is_stopped: found


def to_world(viewer: ViewerModel, layer: Layer, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the viewer shows a place of a layer's data, both (ndim,)."""
    return np.array(layer.data_to_world(place), np.float64) * _viewer_units(viewer, layer)


def from_world(
    viewer: ViewerModel, layer: Layer, world: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return which place of a layer's data, (ndim,), the viewer shows there.

    Of the viewer's coordinates the last are the layer's; while layers go it may have too few.
    """
    own = np.concatenate([np.zeros(layer.ndim), world])[-layer.ndim :]
    return np.array(layer.world_to_data(own / _viewer_units(viewer, layer)), np.float64)


def _viewer_units(viewer: ViewerModel, layer: Layer) -> NDArray[np.float64]:
    """Return how many of the viewer's units one of the layer's is, along each axis, (ndim,).

    Layers may be in micrometres and in nanometres: from its version 0.9 on, napari shows them where
    they belong, but their own transforms don't know of it.
    """
    shown, own = getattr(viewer.dims, "units", None), layer.units
    if shown is None or len(shown) < len(own):
        return np.ones(layer.ndim)
    factor = get_application_registry().get_base_units
    return np.array(
        [
            factor(mine)[0] / factor(theirs)[0]
            for mine, theirs in zip(own, shown[len(shown) - len(own) :], strict=True)
        ]
    )


def _mapping(
    viewer: ViewerModel, objects: Layer, image: Image, picture: Picture
) -> Callable[
    [NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]
]:
    """Return what takes places and lengths of one layer to pixels of a picture in another.

    Where the objects' layer has fewer dimensions than the image, they lie on the plane that is
    seen now.
    """
    seen = np.array(viewer.dims.point, np.float64)

    def through_world(place: NDArray[np.float64]) -> NDArray[np.float64]:
        world = seen.copy()
        world[len(world) - objects.ndim :] = to_world(viewer, objects, place)
        return from_world(viewer, image, world)

    # It is affine, so that its values at a few places tell it all.
    origin = through_world(np.zeros(objects.ndim))
    steps = np.stack([through_world(unit) - origin for unit in np.eye(objects.ndim)])
    axes = list(picture.axes)
    # The longer side of what a square of the objects' plane, one long, takes up of the picture's.
    stretch = np.abs(steps[-2:, axes[-2:]]).sum(axis=0).max()

    def to_picture(
        places: NDArray[np.float64], lengths: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return (places @ steps + origin)[:, axes], lengths * stretch

    return to_picture


def _columns(layer: Layer) -> dict[str, NDArray[Any]]:
    """Return what a layer knows of its objects, by column."""
    table = layer.features
    return {str(name): np.asarray(table[name]) for name in table.columns}


def _of_labels(
    features: Mapping[str, NDArray[Any]], ids: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Return for each label what is known of it: napari finds it by ``index``, or by position."""
    if not features:
        return {}
    count = len(next(iter(features.values())))
    numbers = features.get("index", np.arange(count))
    row_of = {int(number): row for row, number in enumerate(numbers)}
    rows = np.array([row_of.get(label, -1) for label in ids.tolist()])
    known = {}
    for name, values in features.items():
        if name == "index":
            continue
        column = values.astype(np.float64) if values.dtype.kind in "iufb" else values.astype(object)
        taken = column[np.maximum(rows, 0)].copy() if count else np.full(len(ids), np.nan)
        taken[rows < 0] = np.nan
        known[name] = taken
    return known


def _known_of_frames(image: Image, count: int) -> dict[str, NDArray[Any]]:
    """Return what an image's metadata say of each frame: columns of as many values."""
    metadata: Mapping[str, Any] = image.metadata
    names = metadata.get("class_names", ())
    known = {}
    for name, values in metadata.items():
        column = _column(values, count)
        if column is None or name == "class_names":
            continue
        if name == "labels" and column.dtype.kind in "iu" and len(names):
            low, high = column.min(), column.max()
            if low >= 0 and high < len(names):
                column = np.asarray(names, object)[column]
        known[str(name)] = column
    return known


def _column(values: object, count: int) -> NDArray[Any] | None:
    """Return `values` as (count,), or None if they are something else."""
    if isinstance(values, str | bytes) or not isinstance(values, Sequence | np.ndarray):
        return None
    try:
        column = np.asarray(values)
    except ValueError:  # rows of different lengths
        return None
    return column if column.shape == (count,) else None
