"""How a training looks on the way: codes and reconstructions of a few images, in small files.

A folder of previews has ``sample.npz``, which says which images are watched, and for every preview
an ``epoch-000012.000.npz``, with a fraction where an epoch was not over. Importing this loads no
TensorFlow.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import ImageSet
from bvae_core.datasets.sampling import of_all_classes
from bvae_core.errors import BvaeError, DataError
from bvae_core.files import replacing_file
from bvae_core.training.events import OnEvent, Previewed

MOST_CODES = 1000
MOST_CHARACTERS = 10

_SAMPLE = "sample.npz"
_FRAMES = "epoch-*.npz"
_ENCODED_AT_ONCE = 250
#: Previews are at least so far apart, so that a quick training draws no faster than one can look,
_FEWEST_SECONDS = 1.0
#: this part of the time so far, so that a long one leaves hundreds of files and not thousands,
_SHARE_OF_TIME = 0.01
#: and so many times as long as one takes.
_TIMES_ITS_COST = 10
#: An epoch's end is waited for so much longer, but for the first preview that shows any change.
_MORE_SECONDS_WITHIN_AN_EPOCH = 2.0

Network = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Sample:
    """The images that previews are made of: the same ones from a training's begin to its end.

    Parameters
    ----------
    labels
        (n,) int64, those of the images whose codes are shown; empty where nothing is known.
    class_names
        One name a class.
    characters
        (k, H, W, C) uint8, the images that are shown beside their reconstructions.
    """

    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    characters: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Preview:
    """What the networks make of the sample after some epochs.

    Parameters
    ----------
    epoch
        Finished epochs, and the part of the next; 0 for networks that have learned nothing yet.
    codes
        (n, d) float32, means of q(z|x), rounded to 16 bits in the file.
    reconstructions
        (k, H, W, C) uint8.
    """

    epoch: float
    codes: NDArray[np.float32]
    reconstructions: NDArray[np.uint8]


def choose_sample(images: ImageSet) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose what to watch: images for their codes, and characters to look at.

    The characters are test images where there are any, and as evenly from all classes as can be.

    Returns
    -------
    watched, characters
        (n,) and (k,) int64 indices, n ≤ 1000 and k ≤ 10.
    """
    # The same images whatever the seed, so that runs compare.
    watched = np.sort(np.random.default_rng(0).permutation(len(images))[:MOST_CODES])
    test = images.test_indices
    characters = of_all_classes(images, MOST_CHARACTERS, among=test if len(test) else None)
    return watched, characters


class PreviewWriter:
    """Writes previews into a folder while a training runs, now and then, and tells of each.

    They cost at most some 2 % of the time.

    Parameters
    ----------
    folder
        Made if need be.
    images
        That are trained on.
    encode, reconstruct
        From (n, H, W, C) uint8 to means, (n, d) float32, and to values in [0, 1], (n, H, W, C).
    on_event
        Told of every preview.

    Raises
    ------
    BvaeError
        From every method, if a file can't be written.
    """

    def __init__(
        self,
        folder: Path,
        images: ImageSet,
        encode: Network,
        reconstruct: Network,
        on_event: OnEvent,
    ) -> None:
        self._folder = folder
        self._images = images
        self._encode, self._reconstruct = encode, reconstruct
        self._on_event = on_event
        self._watched, characters = choose_sample(images)
        self._characters = np.asarray(images.images[characters])
        self._written = -1.0
        self._started = time.perf_counter()
        self._due = self._started - _MORE_SECONDS_WITHIN_AN_EPOCH  # the first waits for nothing

    def begin(self, epoch: int) -> None:
        """Say which images are watched, and take away previews of what comes after `epoch`."""
        labels = self._images.labels
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in preview_files(self._folder):
                if _epoch_of(path) > epoch:
                    path.unlink()
        except OSError as error:
            raise BvaeError(f"{self._folder} could not be written: {error.strerror}.") from error
        with replacing_file(self._folder / _SAMPLE) as path:
            np.savez_compressed(
                path,
                labels=np.empty(0, np.int64) if labels is None else labels[self._watched],
                class_names=np.array(self._images.class_names, dtype=np.str_),
                characters=self._characters,
            )
        if epoch == 0:
            self._write(0)

    def offer(self, epoch: float) -> None:
        """Write a preview if it is time for one; within an epoch, where its end is far away."""
        begun = time.perf_counter()
        more = 0.0 if epoch == int(epoch) else _MORE_SECONDS_WITHIN_AN_EPOCH
        if begun >= self._due + more:
            self._write(epoch)
            now = time.perf_counter()
            self._due = now + max(
                _FEWEST_SECONDS,
                _SHARE_OF_TIME * (now - self._started),
                _TIMES_ITS_COST * (now - begun),
            )

    def end(self, epoch: float) -> None:
        """Write the last preview, if `offer` has not."""
        if self._written != epoch:
            self._write(epoch)

    def _write(self, epoch: float) -> None:
        pixels = self._images.images
        codes = np.concatenate(
            [
                self._encode(pixels[self._watched[start : start + _ENCODED_AT_ONCE]])
                for start in range(0, len(self._watched), _ENCODED_AT_ONCE)
            ]
        )
        drawn = np.rint(255 * self._reconstruct(self._characters)).astype(np.uint8)
        target = self._folder / f"epoch-{epoch:010.3f}.npz"
        with replacing_file(target) as path, np.errstate(over="ignore"):
            np.savez_compressed(path, codes=codes.astype(np.float16), reconstructions=drawn)
        self._written = epoch
        self._on_event(Previewed(epoch, str(target)))


def preview_files(folder: Path) -> list[Path]:
    """Return the previews in a folder, from the first to the last."""
    return sorted((path for path in folder.glob(_FRAMES) if _epoch_of(path) >= 0), key=_epoch_of)


def read_sample(folder: Path) -> Sample:
    """Read which images the previews in a folder are made of.

    Raises
    ------
    DataError
        If there are none, or the file is damaged.
    """
    stored = _read(folder / _SAMPLE, ("labels", "class_names", "characters"))
    names = tuple(str(name) for name in stored["class_names"])
    return Sample(stored["labels"].astype(np.int64), names, _pixels(stored["characters"]))


def read_preview(path: Path) -> Preview:
    """Read a preview.

    Raises
    ------
    DataError
        If it is gone or damaged.
    """
    stored = _read(path, ("codes", "reconstructions"))
    codes = np.nan_to_num(stored["codes"].astype(np.float32))
    return Preview(_epoch_of(path), np.atleast_2d(codes), _pixels(stored["reconstructions"]))


def _read(path: Path, names: tuple[str, ...]) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise DataError(f"{path}: Expected a training's preview. Received: {error}.") from error


def _pixels(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    return values.astype(np.uint8)


def _epoch_of(path: Path) -> float:
    number = path.stem.removeprefix("epoch-")
    return float(number) if number.replace(".", "", 1).isdecimal() else -1.0
