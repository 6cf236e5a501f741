"""Writers: a stack of images as an IDX file, or with its labels as a NumPy archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import DataError

_CHUNK_BYTES = 16 << 20
_LABELS = "labels-idx1-ubyte"
_IMAGES = "images-idx3-ubyte"


def write_idx(path: str, data: Any, attributes: dict[str, Any]) -> list[str]:
    """Write a stack as an IDX file of unsigned bytes, whole or not at all.

    What the layer's contrast limits show black is 0, and what they show white 255; unsigned bytes
    are written as they are. A name that has ``images-idx3-ubyte`` in it, as the official ones
    have, gets its file of labels beside it if they are known.

    Returns
    -------
    The paths of what was written.

    Raises
    ------
    DataError
        If the layer is no stack of images.
    BvaeError
        If the file can't be written.
    """
    from bvae_core.datasets.idx import open_idx, write_idx

    images = stack_of_bytes(data, attributes)
    target = Path(path)
    write_idx(target, images)
    _check(target, open_idx(target).shape, images.shape)
    written = [path]
    labels = _labels_of(attributes, len(images))
    if labels is not None and _IMAGES in target.name and labels.max(initial=0) <= 255:
        beside = target.with_name(target.name.replace(_IMAGES, _LABELS))
        write_idx(beside, labels.astype(np.uint8))
        written.append(str(beside))
    return written


def write_npz(path: str, data: Any, attributes: dict[str, Any]) -> list[str]:
    """Write a stack as ``images`` in a NumPy archive, with ``labels`` and ``class_names`` if known.

    Pixels are as in `write_idx`.

    Returns
    -------
    The paths of what was written.

    Raises
    ------
    DataError, BvaeError
        As `write_idx`.
    """
    from bvae_core.datasets.npz import load_file
    from bvae_core.files import replacing_file

    images = stack_of_bytes(data, attributes)
    arrays: dict[str, Any] = {"images": images}
    labels = _labels_of(attributes, len(images))
    if labels is not None:
        arrays["labels"] = labels
        names = attributes.get("metadata", {}).get("class_names", ())
        if len(names) > labels.max(initial=-1):
            arrays["class_names"] = np.array([str(name) for name in names])
    target = Path(path)
    with replacing_file(target) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    height, width = images.shape[1:3]
    size = None if min(height, width) >= 8 and max(height, width) <= 256 else (28, 28)
    read = load_file(target, image_size=size)
    _check(target, (len(read),), (len(images),))
    return [path]


def stack_of_bytes(data: Any, attributes: dict[str, Any]) -> NDArray[np.uint8]:
    """Return a layer's stack as (N, H, W) or, in colour, (N, H, W, 3) uint8, read in chunks.

    Raises
    ------
    DataError
        If it is no stack of images.
    """
    from bvae_gui.napari.items import frames
    from bvae_gui.napari.pixels import Picture

    name = str(attributes.get("name", "layer"))
    is_rgb = bool(attributes.get("rgb"))
    array = data[0] if isinstance(data, list | tuple) else data
    if array.ndim - is_rgb < 3:
        shape = tuple(array.shape)
        raise DataError(
            f"{name}: Expected a stack of images, (N, H, W), grey or in colour. Received: {shape}."
        )
    kind = np.dtype(array.dtype)
    limits = (0.0, 255.0) if kind == np.uint8 else tuple(attributes.get("contrast_limits", (0, 1)))
    if is_rgb:
        limits = (0.0, 1.0) if kind.kind == "f" else (0.0, float(np.iinfo(kind).max))
    channels = tuple(range(array.shape[-1])) if is_rgb else ()
    axis = array.ndim - 1 if is_rgb else None
    low, high = limits
    items = frames(Picture(name, array, axis, channels, is_rgb, (float(low), float(high))))
    images = np.concatenate([items.read(which) for which in items.batches()])
    return images if is_rgb else images[..., 0]


def _labels_of(attributes: dict[str, Any], count: int) -> NDArray[np.int64] | None:
    """Return what class each image is of, if the layer's metadata say so."""
    labels = np.asarray(attributes.get("metadata", {}).get("labels", ()))
    is_known = labels.shape == (count,) and labels.dtype.kind in "iu"
    return labels.astype(np.int64) if is_known and labels.min(initial=0) >= 0 else None


def _check(path: Path, found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if tuple(found) != tuple(wanted):
        raise DataError(f"{path}: Expected {wanted} after writing. Received: {found}.")
