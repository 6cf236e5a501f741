"""The images that a model was trained on, where they are at hand.

A bundle has the codes of its images and their fingerprint, but not the images. Where they are is
remembered in the cache folder, by the fingerprint of the data: a training notes where it loaded
them from, and `locate_originals` takes it from somebody who knows. What is found there is handed
out only if it is the very same images, and in the order of the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.datasets import ImageSet, Origin, _apart, load, origin_of, tfds
from bvae_core.errors import BvaeError, DataError
from bvae_core.files import replacing_file
from bvae_core.indices import parse_indices
from bvae_core.resources import cache_folder

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.store import StoredModel

_FOLDER = "originals"
ShouldStop = Callable[[], bool]


class Originals:
    """The images behind a bundle's codes: image i is the one that ``latents[i]`` is the code of.

    Read-only; any thread may use it. Many images stay in the file that they are mapped from.
    Made by `find_originals` and `locate_originals`, or of images that were just encoded.

    Parameters
    ----------
    images
        (N, H, W, C) uint8.
    origin
        Where they were found; None where they are in no file.
    """

    def __init__(self, images: NDArray[np.uint8], origin: Origin | None = None) -> None:
        grey = images.shape[-1] == 1
        self._images = np.asarray(images[..., 0] if grey else images).view()
        self._images.flags.writeable = False
        self.origin = origin

    def __repr__(self) -> str:
        return f"<Originals: {len(self):,} from {self.origin}>"

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, index: int) -> NDArray[np.uint8]:
        """Return image `index`, (H, W) if grey or (H, W, 3), uint8, as decoded ones are shaped."""
        image: NDArray[np.uint8] = self._images[index]
        return image

    def take(self, indices: ArrayLike) -> NDArray[np.uint8]:
        """Return the images at `indices` ((n,) int), (n, H, W[, 3]) uint8, in memory."""
        images: NDArray[np.uint8] = self._images[np.asarray(indices, dtype=np.int64)]
        return images


def find_originals(
    bundle: Bundle, *, cache: Path | None = None, should_stop: ShouldStop | None = None
) -> Originals | None:
    """Open the images that a model was trained on, if they still are where they were last.

    Reads and compares all of them, which takes seconds where there are many: not for the thread
    that draws. Never asks the network, and never loads TensorFlow into this process.

    Parameters
    ----------
    bundle
        The model.
    cache
        Folder in which the place is remembered; None is the user's cache folder.
    should_stop
        Asked several times a second while a child process reads; True gives up.

    Returns
    -------
    Originals or None
        None where no place is known, it is gone, can't be read or has other images by now.
    """
    try:
        origin = recall_origin(bundle, cache=cache)
        if origin is None:
            return None
        kept = _apart.find(origin.whole) if origin.in_tfds else None
        images = None if kept is None else _matching(bundle, kept, origin.only)
        if images is None:
            images = _open(bundle, origin, download=False, should_stop=should_stop)
        return None if images is None else Originals(images, origin)
    except (BvaeError, OSError):
        return None


def locate_originals(
    bundle: Bundle,
    source: str,
    data_dir: Path | None = None,
    *,
    seed: int = 0,
    cache: Path | None = None,
    should_stop: ShouldStop | None = None,
) -> Originals:
    """Open the images that a model was trained on from where somebody says they are.

    The place is remembered for `find_originals`. Images of another size or colour are brought to
    the model's. Files with more images will do if those of the model are the first of each split:
    the demo's are the first of the official files; or if the model was trained on a part of them
    by `bvae_core.datasets.part_of`, and so knows which.

    Parameters
    ----------
    bundle
        The model.
    source, data_dir, seed
        As `bvae_core.datasets.load` has them. What TensorFlow Datasets has not prepared is
        downloaded.
    cache, should_stop
        As `find_originals` has them.

    Raises
    ------
    DataError
        If the source can't be read, has other images, or `should_stop` said so.
    BvaeError
        If the place can't be remembered, since the cache folder can't be written.
    """
    height, width, channels = bundle.image_shape
    origin = origin_of(
        source,
        data_dir=data_dir,
        image_size=(height, width),
        grey=channels == 1,
        seed=seed,
    )
    origin = replace(origin, only=bundle.data.only)
    images = _open(bundle, origin, download=True, should_stop=should_stop)
    if images is None:
        raise DataError(
            f"Expected the images that the model was trained on: {len(bundle.latents):,} of "
            f"{bundle.data.name}, {height}×{width}. "
            f"Received: other images, those of {origin.whole}."
        )
    remember_origin(bundle.data.fingerprint, origin, cache=cache)
    return Originals(images, origin)


def is_at_hand(origin: Origin) -> bool:
    """Return whether anything is there, by a glance that does not read it."""
    if origin.is_generated:
        return True
    if origin.in_tfds and origin.data_dir is not None:
        name = origin.source.removeprefix("tfds:")
        return _apart.find(origin.whole) is not None or tfds.seems_prepared(name, origin.data_dir)
    return Path(origin.source).exists()


def recall_origin(bundle: Bundle | StoredModel, *, cache: Path | None = None) -> Origin | None:
    """Return where a model's images were last, without looking whether they are still there.

    None where nothing is remembered, or nothing that can be read.
    """
    try:
        return Origin.from_text(_note(bundle.data.fingerprint, cache).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, DataError):
        return None


def remember_origin(fingerprint: str, origin: Origin, *, cache: Path | None = None) -> None:
    """Note where the images with this data fingerprint are.

    Raises
    ------
    BvaeError
        If the cache folder can't be written.
    """
    note = _note(fingerprint, cache)
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BvaeError(f"{note.parent} could not be made: {error.strerror}.") from error
    with replacing_file(note) as temporary:
        temporary.write_text(origin.to_text() + "\n", encoding="utf-8")


def _note(fingerprint: str, cache: Path | None) -> Path:
    return (cache or cache_folder()) / _FOLDER / f"{fingerprint}.json"


def _open(
    bundle: Bundle, origin: Origin, *, download: bool, should_stop: ShouldStop | None
) -> NDArray[np.uint8] | None:
    """Read what is at `origin`; None if it is not what the model was trained on."""
    if origin.in_tfds:
        pixels = _apart.read(origin.whole, download=download, should_stop=should_stop or _never)
        return _matching(bundle, pixels, origin.only)
    images = load(origin.source, image_size=origin.image_size, grey=origin.grey, seed=origin.seed)
    return _matching(bundle, images.images, origin.only, images.is_test)


def positions_of(bundle: Bundle, images: ImageSet) -> NDArray[np.int64]:
    """Return where in a set of images those are that a model was trained on.

    Parameters
    ----------
    bundle
        The model.
    images
        All of its images, perhaps among others; see `locate_originals`.

    Returns
    -------
    (N,) int64: image ``i`` of the model is the one at the ``i``-th position.

    Raises
    ------
    DataError
        If they aren't there, or are there with others kept for testing than the model kept.
    """
    for positions in _candidates(bundle, images.images.shape, bundle.data.only, images.is_test):
        if _are_those(bundle, images.images, positions):
            chosen = np.arange(len(images)) if positions is None else positions
            if not np.array_equal(images.is_test[chosen], bundle.is_test):
                raise DataError(
                    f"{images.name}: Expected the images that {bundle.name} kept for testing to be "
                    "kept here, too. Received: others."
                )
            return chosen
    raise DataError(
        f"{images.name}: Expected the images that {bundle.name} was trained on. Received: other "
        f"images; the indices of a selection mean nothing among them."
    )


def _matching(
    bundle: Bundle,
    pixels: NDArray[np.uint8],
    only: str,
    is_test: NDArray[np.bool_] | None = None,
) -> NDArray[np.uint8] | None:
    """Return those of the pixels that the bundle's codes were made of, in the codes' order."""
    for positions in _candidates(bundle, pixels.shape, only, is_test):
        if _are_those(bundle, pixels, positions):
            return pixels if positions is None else pixels[positions]
    return None


def _are_those(
    bundle: Bundle, pixels: NDArray[np.uint8], positions: NDArray[np.int64] | None
) -> bool:
    data = bundle.data
    chosen = pixels if positions is None else pixels[positions]
    # With the model's own labels and splits the fingerprint is right if the pixels are, and
    # in the right order; how the source names its classes doesn't matter.
    same = ImageSet(data.name, chosen, bundle.labels, bundle.class_names, bundle.is_test)
    return same.fingerprint == data.fingerprint


def _candidates(
    bundle: Bundle, shape: tuple[int, ...], only: str, is_test: NDArray[np.bool_] | None
) -> Iterator[NDArray[np.int64] | None]:
    """Give positions at which the model's images may be, None for all of them as they are."""
    if shape[1:] != bundle.image_shape:
        return
    count = len(bundle.latents)
    if shape[0] == count:
        yield None
        return
    if only:
        try:
            positions = parse_indices(only, shape[0])
        except DataError:  # images that aren't there
            positions = np.empty(0, np.int64)
        if len(positions) == count:
            yield positions
    if shape[0] > count and is_test is not None:
        test_count = int(bundle.is_test.sum())
        train, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
        first = np.concatenate([train[: count - test_count], test[:test_count]])
        if len(first) == count:
            yield first


def _never() -> bool:
    return False
