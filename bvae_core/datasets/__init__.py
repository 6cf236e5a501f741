"""Where images come from: one module a source, and `load` in front of them all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import idx, image_folder, npz, strokes, tfds
from bvae_core.datasets._image_set import MAX_SIDE, MIN_SIDE, ImageSet
from bvae_core.datasets._origin import Origin
from bvae_core.errors import DataError
from bvae_core.indices import format_indices, parse_indices

__all__ = ["SOURCES", "ImageSet", "Origin", "load", "origin_of", "part_of"]

#: What `load` takes as a source, said in one sentence.
SOURCES = (
    "kmnist, tfds:NAME (any image set of TensorFlow Datasets), strokes or strokes:COUNT "
    "(generated, no network), or the path of a folder with IDX files, with the Kuzushiji .npz "
    "files or with images, or of a single .npz, .npy or IDX file"
)


def load(
    source: str,
    *,
    data_dir: Path | None = None,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
    only: str = "",
) -> ImageSet:
    """Load images, with labels, class names and splits as far as the source has them.

    Parameters
    ----------
    source
        - ``kmnist`` or ``tfds:NAME``: TensorFlow Datasets (`bvae_core.datasets.tfds`);
        - ``strokes`` or ``strokes:COUNT``: generated handwriting (`bvae_core.datasets.strokes`);
        - the path of a folder with official IDX files (`bvae_core.datasets.idx`), with the official
          Kuzushiji ``.npz`` files (`bvae_core.datasets.npz`) or with image files
          (`bvae_core.datasets.image_folder`), looked for in this order;
        - the path of a single ``.npz``, ``.npy`` or IDX file.

        ``./kmnist`` is a folder of that name.
    data_dir
        Folder of prepared data sets, for TensorFlow Datasets only.
    image_size
        (H, W) to bring all images to, 8 to 256 each, keeping their proportions as
        `bvae_core.datasets.image_folder.load_folder` says; None leaves them as they are, or
        chooses where they differ.
    grey
        True turns colours to greys, False greys to RGB, None keeps what there is.
    seed
        Of the test split, where the source has none, and of what is generated.
    only
        Which of the images to keep, as `bvae_core.indices.parse_indices` reads it, ``0,5,9-20``;
        by default all. What is kept for testing stays so.

    Returns
    -------
    ImageSet
        Images in memory, or mapped from the cache folder where they take more than 256 MB.

    Raises
    ------
    DataError
        If there is no such source, or its files are damaged or of another kind: one sentence that
        names the file and what is wrong with it.

    Examples
    --------
    >>> load("strokes:100").image_shape
    (28, 28, 1)
    """
    if image_size is not None and not (
        len(image_size) == 2 and all(MIN_SIDE <= side <= MAX_SIDE for side in image_size)
    ):
        raise DataError(
            f"image_size: Expected height and width from {MIN_SIDE} to {MAX_SIDE} pixels. "
            f"Received: {image_size}."
        )
    origin = origin_of(source, data_dir=data_dir, image_size=image_size, grey=grey, seed=seed)
    images = replace(_load(origin, source), origin=origin)
    if not only:
        return images
    return part_of(images, parse_indices(only, len(images)), f"{images.name}-part")


def part_of(images: ImageSet, indices: NDArray[np.int64], name: str) -> ImageSet:
    """Return some images of a set that was loaded, so that they can be found again.

    Classes keep their labels, colours and names, and splits are as they were: an image that was
    held out stays held out.

    Parameters
    ----------
    images
        With their origin; they may be a part themselves.
    indices
        (k,).
    name
        What to call the part.

    Raises
    ------
    DataError
        If there are no indices.
    """
    if not len(indices):
        raise DataError(f"{images.name}: Expected at least one image to keep. Received: none.")
    indices, origin = np.unique(indices), images.origin
    if origin is not None:
        whole = indices
        if origin.only:
            whole = parse_indices(origin.only)[indices]
        origin = replace(origin, only=format_indices(whole))
    return replace(images.select(indices), name=name, origin=origin)


def origin_of(
    source: str,
    *,
    data_dir: Path | None = None,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
) -> Origin:
    """Say where `load` with these arguments would look, without looking.

    Parameters
    ----------
    source, data_dir, image_size, grey, seed
        As `load` has them.

    Raises
    ------
    DataError
        If there is no source of that kind.
    """
    kind, _, rest = source.partition(":")
    if source == "kmnist" or (kind == "tfds" and rest):
        return Origin(source, tfds.prepared_folder(data_dir), image_size, grey, seed)
    if data_dir is not None:
        raise DataError(
            f"data_dir: Expected only with kmnist and tfds:NAME, whose prepared folder it is. "
            f"Received: with {source}."
        )
    if not source:  # as a path it would be the current folder
        raise DataError(f"Expected as a source {SOURCES}. Received: nothing.")
    if kind == "strokes":
        place = f"strokes:{_count_of(source, rest)}"
    else:
        place = str(Path(source).expanduser().absolute())
    return Origin(place, None, image_size, grey, seed)


def _load(origin: Origin, source: str) -> ImageSet:
    """Load from `origin`, which errors call `source`."""
    if origin.in_tfds:
        return tfds.load(
            source.removeprefix("tfds:"),
            data_dir=origin.data_dir,
            image_size=origin.image_size,
            grey=origin.grey,
            seed=origin.seed,
        )
    if origin.is_generated:
        count = int(origin.source.removeprefix("strokes:"))
        return strokes.load(count, image_size=origin.image_size, grey=origin.grey, seed=origin.seed)
    path = Path(source).expanduser()
    try:
        return _load_path(
            path, source, image_size=origin.image_size, grey=origin.grey, seed=origin.seed
        )
    except OSError as error:
        raise DataError(f"{error.filename or path} can't be read: {error.strerror}.") from error


def _load_path(
    path: Path,
    source: str,
    *,
    image_size: tuple[int, int] | None,
    grey: bool | None,
    seed: int,
) -> ImageSet:
    if path.is_dir():
        names = [entry.name for entry in path.iterdir() if entry.is_file()]
        for load_folder in (idx.load_folder, npz.load_folder):
            found = load_folder(path, names, image_size=image_size, grey=grey, seed=seed)
            if found is not None:
                return found
        return image_folder.load_folder(path, image_size=image_size, grey=grey, seed=seed)
    if path.is_file():
        if path.suffix.lower() in (".npz", ".npy"):
            return npz.load_file(path, image_size=image_size, grey=grey, seed=seed)
        if idx.is_idx_name(path.name):
            return idx.load_file(path, image_size=image_size, grey=grey, seed=seed)
    received = f"{source}, a file of another kind" if path.exists() else f"{source}, no such file"
    raise DataError(f"Expected as a source {SOURCES}. Received: {received}.")


def _count_of(source: str, count: str) -> int:
    if source == "strokes":
        return strokes.DEFAULT_COUNT
    if not (count.isascii() and count.isdecimal() and len(count) <= 9):
        raise DataError(
            f"{source}: Expected strokes:COUNT with 1 to {strokes.MAX_COUNT:,} images. "
            f"Received: {count!r}."
        )
    return int(count)
