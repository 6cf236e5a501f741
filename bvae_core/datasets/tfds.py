"""Images from TensorFlow Datasets.

TensorFlow is imported only when something is there to be read or downloaded: whether that is so is
found out from the prepared folder's files and by one quick question to the network.
"""

from __future__ import annotations

import http.client
import os
import re
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bvae_core import kana
from bvae_core.datasets import _pixels, _scratch, _splits
from bvae_core.datasets._image_set import ImageSet
from bvae_core.datasets.credits import credits_of
from bvae_core.errors import DataError

_NAME = re.compile(r"(?P<dataset>\w+)(/[\w.+-]+)*(:[\w.*]+)?")
_INFO_FILE = "dataset_info.json"
# What to ask for to learn whether a download can work: Kuzushiji-MNIST has a server of its own; the
# one that has MNIST, and much of what TensorFlow Datasets keeps ready, speaks for the rest.
_PROBES = {
    "kmnist": "http://codh.rois.ac.jp/kmnist/dataset/kmnist/train-labels-idx1-ubyte.gz",
    "": "https://storage.googleapis.com/cvdf-datasets/mnist/train-labels-idx1-ubyte.gz",
}
#: Seconds after which the network counts as out of reach.
PROBE_SECONDS = 4.0
# Images looked at to choose a size where a data set has images of many sizes.
_SURVEYED = 1000


def reachable(name: str = "kmnist", *, timeout: float = PROBE_SECONDS) -> bool:
    """Return whether the network leads to where the data set would be downloaded from.

    One HTTP request without content, through the proxies that the environment names. Answers
    within `timeout` seconds, also where looking up a host's address takes longer.

    Parameters
    ----------
    name
        A data set, as in ``tfds:NAME``.
    timeout
        Seconds.
    """
    answers: list[bool] = []
    thread = threading.Thread(
        target=lambda: answers.append(_answers(_probe_url(name), timeout)), daemon=True
    )
    thread.start()
    thread.join(timeout)
    return bool(answers and answers[0])


def load(
    name: str,
    *,
    data_dir: Path | None = None,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
    download: bool = True,
) -> ImageSet:
    """Load a data set of TensorFlow Datasets, which downloads and prepares it the first time.

    The splits ``train`` and ``test`` are the set's own (``validation`` where it has no ``test``);
    where it has one split only, one image in ten of it is kept for testing, drawn with `seed`.
    Labels and class names are those of its class label, in kana for Kuzushiji-MNIST; a set without
    a class label has images without labels. Images of several sizes are brought to one as those of
    an image folder are, the size being chosen from the first thousand.

    Parameters
    ----------
    name
        Such as ``kmnist``, ``emnist/letters`` or ``mnist:3.0.1``.
    data_dir
        Folder in which an earlier call, or TensorFlow Datasets itself, prepared data sets; by
        default the library's own, ``~/tensorflow_datasets``.
    image_size, grey, seed
        As `bvae_core.datasets.load` has them.
    download
        False never asks the network: only what is prepared is read.

    Raises
    ------
    DataError
        If the data set is not prepared and may not be downloaded, or the network is out of reach,
        which is found out within 10 s; if no such set exists, it has no images, or its files are
        damaged.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise DataError(
            f"tfds:{name}: Expected a name such as tfds:mnist, tfds:emnist/letters or "
            f"tfds:mnist:3.0.1. Received: {name!r}."
        )
    folder = prepared_folder(data_dir)
    if not seems_prepared(name, folder):
        _require_network(name, folder, download)  # before TensorFlow's import, which takes seconds

    from bvae_core._tensorflow import load_quietly

    load_quietly()
    import tensorflow as tf
    import tensorflow_datasets as tfds

    for gpu in tf.config.list_physical_devices("GPU"):
        # Reading starts TensorFlow, after which a training could no longer ask for this.
        tf.config.experimental.set_memory_growth(gpu, True)
    # Of a set that it knows, the library may ask the network even where the set is prepared.
    open_set = tfds.builder if download else tfds.core.read_only_builder.builder_from_files
    try:
        builder = open_set(name, data_dir=folder)
    except tfds.core.registered.DatasetNotFoundError as error:
        raise DataError(
            f"tfds:{name}: Expected the name of a set in TensorFlow Datasets, such as kmnist, "
            f"mnist or cifar10. Received: {name}."
        ) from error
    except (
        ValueError,
        AssertionError,
        OSError,
        tfds.core.dataset_info.json_format.ParseError,
    ) as error:
        raise DataError(f"tfds:{name} can't be opened in {folder}: {_first_line(error)}") from error
    if not builder.is_prepared():
        _require_network(name, folder, download)
        try:
            builder.download_and_prepare()
        except (
            OSError,
            AssertionError,
            ImportError,
            tf.errors.OpError,
            tfds.download.DownloadError,
            tfds.core.download.download_manager.NonMatchingChecksumError,
        ) as error:
            raise DataError(
                f"tfds:{name} could not be downloaded and prepared in {folder}: "
                f"{_first_line(error)}"
            ) from error
    try:
        return _read(builder, name, image_size=image_size, grey=grey, seed=seed)
    except (tf.errors.OpError, OSError, ValueError, AssertionError) as error:
        raise DataError(
            f"tfds:{name}: the files prepared in {builder.data_dir} can't be read: "
            f"{_first_line(error)}"
        ) from error


def seems_prepared(name: str, folder: Path) -> bool:
    """Return whether a folder has any version of the data set, by a look at its files' names."""
    return any((folder / re.split("[/:]", name)[0]).rglob(_INFO_FILE))


def prepared_folder(data_dir: Path | None = None) -> Path:
    """Return the folder of prepared data sets: `data_dir`, or the library's own."""
    folder = data_dir or Path(os.environ.get("TFDS_DATA_DIR", "~/tensorflow_datasets"))
    return folder.expanduser().absolute()


def _read(
    builder: Any,
    name: str,
    *,
    image_size: tuple[int, int] | None,
    grey: bool | None,
    seed: int,
) -> ImageSet:
    """Read images and labels of a prepared data set, always in the same order."""
    import tensorflow_datasets as tfds

    source = f"tfds:{name}"
    info = builder.info
    image_key = _feature_of(info, tfds.features.Image, "image")
    if image_key is None:
        raise DataError(
            f"{source}: Expected a set of images. Received: {', '.join(info.features)}."
        )
    label_key = _feature_of(info, tfds.features.ClassLabel, "label")

    counts = {split: part.num_examples for split, part in info.splits.items() if part.num_examples}
    test = next((split for split in ("test", "validation") if split in counts), None)
    splits = ["train", test] if test and "train" in counts else [*counts][:1]
    count = sum(counts[split] for split in splits)

    def column(key: str, batch: int | None = None) -> Iterator[Any]:
        only = tfds.decode.PartialDecoding({key: True})
        uncached = tfds.ReadConfig(try_autocache=False)
        for split in splits:
            examples = builder.as_dataset(
                split=split, decoders=only, read_config=uncached, shuffle_files=False
            )
            if batch is not None:
                examples = examples.batch(batch)
            yield from (example[key] for example in tfds.as_numpy(examples))

    native = info.features[image_key].shape
    uniform = None not in native and info.features[image_key].np_dtype == np.uint8
    if uniform:
        shape = _pixels.target_shape(native, image_size, grey, source=source)
    else:
        first = islice(column(image_key), _SURVEYED)
        size = image_size or _pixels.common_size(Counter(image.shape[:2] for image in first))
        shape = (*size, _pixels.target_channels(native[2] != 1, grey))

    def chunks() -> Iterator[NDArray[np.uint8]]:
        rows = _scratch.rows_of(int(np.prod(native if uniform else shape)))
        if uniform:
            for images in column(image_key, rows):
                yield _pixels.refit(images, shape[:2], shape[2])
        else:
            images = (_fit(image, shape) for image in column(image_key))
            while some := [*islice(images, rows)]:
                yield np.stack(some)

    # What the folder holds is known by what TensorFlow Datasets wrote of it, checksums included.
    files = sorted(Path(builder.data_dir).glob("*"))
    key = _scratch.file_key(files, source, splits, shape)
    images = _scratch.find(key)
    if images is None:
        images = _scratch.gather(key, (count, *shape), chunks, source=source)

    labels: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    if label_key is not None:
        labels = np.concatenate([*column(label_key, 4096)]).astype(np.int64)
        class_names = tuple(info.features[label_key].names)
        if builder.name == "kmnist":
            class_names = kana.KMNIST
    if len(splits) == 1:
        is_test = _splits.draw_test_split(count, labels, seed=seed)
    else:
        is_test = np.repeat([False, True], [counts[split] for split in splits])
    return ImageSet(
        builder.name, images, labels, class_names, is_test, credits=credits_of(class_names)
    )


def _feature_of(info: Any, kind: type, usual: str) -> str | None:
    """Return the name of the feature of this kind, the usual one if there are several."""
    found = [key for key, feature in info.features.items() if isinstance(feature, kind)]
    return usual if usual in found else next(iter(found), None)


def _fit(image: NDArray[Any], shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    pixels = image[..., 0] if image.shape[-1] == 1 else image
    try:
        picture = Image.fromarray(pixels)
    except TypeError as error:  # such as 16-bit colours
        raise DataError(
            f"Expected images of 8-bit greys or colours, or 16-bit greys. Received: {image.dtype}, "
            f"shape {image.shape}."
        ) from error
    return _pixels.fit(_pixels.plain(picture), shape[:2], shape[2])


def _require_network(name: str, folder: Path, download: bool) -> None:
    if not download:
        raise DataError(f"{name} is not prepared in {folder}.")
    if not reachable(name):
        raise DataError(
            f"{name} is not prepared in {folder} and can't be downloaded, since the network does "
            f"not lead to its server: give a folder with the official files as the source, or a "
            f"folder that TensorFlow Datasets prepared earlier with --data-dir, or use the "
            f"generated set, strokes."
        )


def _probe_url(name: str) -> str:
    return _PROBES.get(re.split("[/:]", name)[0], _PROBES[""])


def _answers(url: str, timeout: float) -> bool:
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - one of two given above
    try:
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310
            return True
    except (OSError, http.client.HTTPException):
        return False


def _first_line(error: BaseException) -> str:
    """Shorten the library's page-long messages to what happened."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
