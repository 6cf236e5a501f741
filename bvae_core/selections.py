"""Some of a model's images: found by name or number, summed up, and trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.annotations import load_annotations
from bvae_core.bundle import Bundle
from bvae_core.errors import AnnotationError, DataError
from bvae_core.indices import BITS, parse_indices

if TYPE_CHECKING:
    from bvae_core.datasets import ImageSet

_ROWS = 512  # images that are decoded at once: more take memory and are no quicker


def find_selection(bundle: Bundle, text: str, *, cache: Path | None = None) -> NDArray[np.int64]:
    """Return the images of a model that people call so.

    Parameters
    ----------
    bundle
        The model.
    text
        The name of a saved selection, or indices such as ``1,5,9-20``; a name can't look so.
    cache
        The cache folder; None is the user's.

    Returns
    -------
    (k,) int64, rising, k ≥ 1.

    Raises
    ------
    AnnotationError
        If no selection has that name, naming those there are.
    DataError
        If the model has no such images.
    """
    if is_name(text):
        return np.array(load_annotations(bundle, cache).selection(text), np.int64)
    indices = parse_indices(text, len(bundle.latents))
    if not len(indices):
        raise DataError("images: Expected at least one, such as 1,5,9-20. Received: none.")
    return indices


def is_name(text: str) -> bool:
    """Return whether a text means a selection by its name, and not by indices."""
    return not (text.startswith(BITS) or set(text) <= set("0123456789,- "))


def split_reference(text: str) -> tuple[str, str]:
    """Split ``MODEL:SELECTION``, as `bvae train --selection` takes it.

    Raises
    ------
    AnnotationError
        If it isn't that.
    """
    head, _, tail = text.partition(f":{BITS}")
    model, selection = (head, BITS + tail) if tail else text.rpartition(":")[::2]
    if not model or not selection:
        raise AnnotationError(
            f"selection: Expected MODEL:NAME, or MODEL:1,5,9-20. Received: {text!r}."
        )
    return model, selection


def selected_part(
    images: ImageSet, bundle: Bundle, text: str, *, cache: Path | None = None
) -> ImageSet:
    """Return those of some images that are selected in a model of them.

    Parameters
    ----------
    images
        The very images that the model was trained on, perhaps among others.
    bundle
        The model.
    text, cache
        As `find_selection` has them.

    Raises
    ------
    AnnotationError, DataError
        As `find_selection` and `bvae_core.originals.positions_of` raise them.
    """
    from bvae_core.datasets import part_of
    from bvae_core.originals import positions_of

    indices = find_selection(bundle, text, cache=cache)
    name = f"{images.name}-{text if is_name(text) else 'part'}"
    return part_of(images, positions_of(bundle, images)[indices], name)


def counts_by_class(bundle: Bundle, indices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of these images each class has, (classes,); empty where there are none."""
    if bundle.labels is None:
        return np.empty(0, np.int64)
    counts: NDArray[np.int64] = np.bincount(
        bundle.labels[indices], minlength=len(bundle.class_names)
    )
    return counts


@dataclass(frozen=True, eq=False)
class Average:
    """What some images have in common, pixel by pixel.

    Parameters
    ----------
    count
        Of the images.
    mean
        (H, W[, 3]) float32 in [0, 1].
    variance
        (H, W[, 3]) float32 in [0, 0.25]: mean squared distance from the mean.
    """

    count: int
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]

    @property
    def spread(self) -> NDArray[np.float32]:
        """The variance as an image in [0, 1]: 1 is the largest that there can be, 0.25."""
        spread: NDArray[np.float32] = np.clip(4 * self.variance, 0, 1)
        return spread


def average(
    take: Callable[[NDArray[np.int64]], NDArray[Any]],
    indices: NDArray[np.int64],
    should_stop: Callable[[], bool] | None = None,
) -> Average | None:
    """Return mean and variance of images, of which a few are in memory at a time.

    Parameters
    ----------
    take
        Returns the images at indices, (k, H, W[, 3]): uint8, or floats in [0, 1].
    indices
        (k,), k ≥ 1.
    should_stop
        Asked between parts; True gives up, and then None is returned.
    """
    total = squares = None
    for start in range(0, len(indices), _ROWS):
        if should_stop is not None and should_stop():
            return None
        images = take(indices[start : start + _ROWS])
        part = images.astype(np.float64) / (255 if images.dtype == np.uint8 else 1)
        if total is None:
            # Distances from any image of them: squares of these lose no digits.
            origin = part[0]
            total, squares = np.zeros_like(origin), np.zeros_like(origin)
        away = part - origin
        total += away.sum(axis=0)
        squares += (away**2).sum(axis=0)
    if total is None or squares is None:
        raise DataError("images: Expected at least one to average. Received: none.")
    mean = total / len(indices)
    variance = np.maximum(squares / len(indices) - mean**2, 0)
    return Average(len(indices), (origin + mean).astype(np.float32), variance.astype(np.float32))
