"""`Items`: what there is to look at in a layer, one by one: frames, or crops around objects.

Knows neither napari nor Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import DataError
from bvae_gui.napari.pixels import Picture

Kind: TypeAlias = Literal["frames", "labels", "points", "shapes"]

#: How a crop of an object's own size is larger than the object.
ROOM = 1.2
#: Sides of crops, in pixels.
SIDES = (4, 1024)
_TYPICAL = 0.95  # quantile of the objects' sizes that a crop has to hold


@dataclass(frozen=True, eq=False)
class Items:
    """Images of one size in a layer.

    Parameters
    ----------
    name
        What to call them.
    kind
        Whole planes of a stack, or crops around what another layer marks.
    picture
        What they are part of.
    planes
        (N, k) int64, which plane each lies on.
    corners
        (N, 2) int64, row and column of each one's first pixel; may lie outside.
    shape
        (H, W) of all of them.
    ids
        (N,) int64, what the layer knows each by: a frame's number, a label, an index.
    features
        What is known of each, columns of N values by their names.
    """

    name: str
    kind: Kind
    picture: Picture
    planes: NDArray[np.int64]
    corners: NDArray[np.int64]
    shape: tuple[int, int]
    ids: NDArray[np.int64]
    features: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def centres(self) -> NDArray[np.float64]:
        """(N, k + 2), the middle of each in the picture's pixels."""
        middles = self.corners + (np.array(self.shape) - 1) / 2
        return np.concatenate([self.planes, middles], axis=1)

    def batches(self) -> Iterator[slice]:
        """Give slices of the items that are read at a time."""
        if self.kind == "frames":
            step = self.picture.planes_at_a_time()
        else:
            height, width = self.shape
            step = max(1, (16 << 20) // (height * width * self.picture.pixel_bytes))
            step = min(step, 1024)
        for start in range(0, len(self), step):
            yield slice(start, min(start + step, len(self)))

    def read(self, which: slice | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read some of them, (n, H, W, 1 or 3) uint8."""
        return self.picture.windows(self.planes[which], self.corners[which], self.shape)


def frames(picture: Picture, features: Mapping[str, NDArray[Any]] | None = None) -> Items:
    """Return all planes of a stack.

    Raises
    ------
    DataError
        If there are fewer than two.
    """
    count = int(np.prod(picture.lead_shape))
    if not picture.lead_shape or count < 2:
        raise DataError(
            f"{picture.name}: Expected a stack of at least two images, or objects to cut out. "
            f"Received: one image."
        )
    numbers = np.arange(count)
    planes = np.stack(np.unravel_index(numbers, picture.lead_shape), axis=1).astype(np.int64)
    return Items(
        picture.name, "frames", picture, planes, np.zeros((count, 2), np.int64),
        picture.plane_shape, numbers, features or {},
    )  # fmt: skip


def crops(
    name: str,
    kind: Kind,
    picture: Picture,
    centres: NDArray[np.float64],
    sizes: NDArray[np.float64],
    ids: NDArray[np.int64],
    features: Mapping[str, NDArray[Any]],
    side: int | None,
) -> Items:
    """Return square crops around objects.

    Parameters
    ----------
    name, kind, picture
        As `Items` has them.
    centres
        (N, k + 2) in the picture's pixels.
    sizes
        (N,), the longer side of each object, in its pixels.
    ids, features
        As `Items` has them.
    side
        Of the crops; None is as large as nearly all objects need.

    Raises
    ------
    DataError
        If there are fewer than two objects.
    """
    if len(ids) < 2:
        raise DataError(f"{name}: Expected at least two objects. Received: {len(ids)}.")
    if side is None:
        needed = np.round(ROOM * np.quantile(sizes, _TYPICAL), 6)  # scales aren't exact
        side = int(np.clip(np.ceil(needed), *SIDES))
    lead = len(picture.lead_shape)
    last = np.array(picture.lead_shape, np.int64) - 1
    planes = np.clip(np.rint(centres[:, :lead]), 0, last).astype(np.int64)
    corners = np.rint(centres[:, lead:] - (side - 1) / 2).astype(np.int64)
    return Items(name, kind, picture, planes, corners, (side, side), ids, features)


def find_labels(
    labels: Any, is_stopped: Callable[[], bool]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Find the objects of a labelled image, plane by plane.

    Parameters
    ----------
    labels
        (…, H, W) whole numbers, 0 where nothing is; an array or what is indexed like one.
    is_stopped
        Asked at every plane; True ends the search with what was found.

    Returns
    -------
    centres
        (N, ndim), the middle of each one's bounding box.
    sizes
        (N,), its longer side, pixels.
    ids
        (N,), its label.
    """
    from scipy.ndimage import find_objects

    centres, sizes, ids = [], [], []
    for plane in np.ndindex(*labels.shape[:-2]):
        if is_stopped():
            break
        numbers = np.asarray(labels[plane])
        # Labels may be large numbers and few.
        present, inverse = np.unique(numbers, return_inverse=True)
        boxes = find_objects(inverse.reshape(numbers.shape) + 1)
        for label, box in zip(present.tolist(), boxes, strict=True):
            if label <= 0 or box is None:
                continue
            rows, columns = box
            middle = (rows.start + rows.stop - 1) / 2, (columns.start + columns.stop - 1) / 2
            centres.append((*plane, *middle))
            sizes.append(max(rows.stop - rows.start, columns.stop - columns.start))
            ids.append(label)
    return (
        np.array(centres, np.float64).reshape(len(ids), labels.ndim),
        np.array(sizes, np.float64),
        np.array(ids, np.int64),
    )
