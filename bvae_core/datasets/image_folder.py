"""Images in ordinary files, one image a file; sub-folders are classes."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from bvae_core.datasets import _pixels, _scratch, _splits
from bvae_core.datasets._image_set import ImageSet
from bvae_core.errors import DataError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif"})
#: A file whose header claims more pixels than this is refused before any is decoded.
MAX_PIXELS = 50_000_000

# What Pillow raises when the bytes are not what the header promised.
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
)
_FORMATS = "an image as PNG, JPEG, TIFF, WebP, BMP or GIF"
_AT_MOST = f"an image of at most {MAX_PIXELS:,} pixels"


@dataclass(frozen=True, slots=True)  # there may be a million
class _Entry:
    """One image file: where it is, and what its folder says of it."""

    path: str
    class_name: str | None
    is_test: bool
    size: int
    changed: int


def load_folder(
    folder: Path,
    *,
    image_size: tuple[int, int] | None = None,
    grey: bool | None = None,
    seed: int = 0,
) -> ImageSet:
    """Load the PNG, JPEG, TIFF, WebP, BMP and GIF files of a folder.

    Sub-folders are classes, named by their names, with the images at any depth in them; a folder
    without sub-folders has images without labels. ``train`` and ``test`` as the only sub-folders
    are the splits, each with the classes in it; otherwise one image in ten of every class is kept
    for testing, drawn with `seed`. Hidden files and those of other kinds are passed over.

    Images that all have one size from 8×8 to 256×256 are taken as they are; the others are brought
    to their most common size, scaled down where its longer side is over 64 pixels, or to
    `image_size`. An image keeps its proportions: it is scaled to fit inside (Lanczos) and centred,
    and the sides are filled with the median colour of its border. The set is grey if no pixel of
    any image has a colour. EXIF orientations are applied, transparency shows white paper, 16-bit
    greys are scaled from 0–65535, and of an animation the first frame is taken.

    Parameters
    ----------
    folder
        The folder.
    image_size, grey, seed
        As `bvae_core.datasets.load` has them.

    Raises
    ------
    DataError
        If the folder holds no images, or some in and some beside the class folders, or a file
        that can't be decoded, which is named.
    """
    folder = folder.resolve()
    entries = _list(folder)
    files = [(entry.path, entry.size, entry.changed) for entry in entries]
    key = _scratch.key_of(files, image_size, grey)
    images = _scratch.find(key)
    if images is None:
        shape = _survey(entries, image_size, grey)

        def chunks() -> Iterator[NDArray[np.uint8]]:
            step = _scratch.rows_of(int(np.prod(shape)))
            workers = min(8, os.cpu_count() or 1)
            with ThreadPoolExecutor(workers) as pool:  # Pillow decodes and scales without the GIL
                for start in range(0, len(entries), step):
                    some = entries[start : start + step]
                    yield np.stack([*pool.map(lambda entry: _decode(entry.path, shape), some)])

        images = _scratch.gather(key, (len(entries), *shape), chunks, source=str(folder))

    labels: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    if entries[0].class_name is not None:
        class_names = _in_order({str(entry.class_name) for entry in entries})
        number = {name: index for index, name in enumerate(class_names)}
        labels = np.array([number[str(entry.class_name)] for entry in entries], np.int64)
    is_test = np.array([entry.is_test for entry in entries])
    if is_test.all() or not is_test.any():
        is_test = _splits.draw_test_split(len(entries), labels, seed=seed)
    return ImageSet(_printable(folder.name), images, labels, class_names, is_test)


def read_image(path: Path, side: int | None = None) -> Image.Image:
    """Read one image file as `load_folder` reads each of them, without fitting it to others.

    Parameters
    ----------
    path
        A PNG, JPEG, TIFF, WebP, BMP or GIF file, whatever its name says.
    side
        How long a side has to be at least, in pixels, where the image is that large: a JPEG is
        then decoded at a fraction of its size, which takes a fraction of the time.

    Returns
    -------
    PIL.Image.Image
        Upright, opaque, in mode ``L`` or ``RGB``.

    Raises
    ------
    DataError
        If the file can't be read or decoded, or claims more than 50 million pixels.
    """
    with _naming(str(path)), warnings.catch_warnings():
        if path.exists() and not path.is_file():
            raise DataError(f"Expected {_FORMATS}. Received: no file, but a folder or a pipe.")
        warnings.simplefilter("ignore")  # what matters is raised, or harmless
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path) as image:
            _check(image)
            if side is not None:
                image.draft(image.mode, (side, side))
            return _pixels.plain(image)


def _list(folder: Path) -> list[_Entry]:
    """List the image files by split, class and path."""
    names = {path.name for path in folder.iterdir() if path.is_dir() and _visible(path.name)}
    if names == {"train", "test"}:
        entries = [*_walk(folder / "train", False), *_walk(folder / "test", True)]
    else:
        entries = [*_walk(folder, False)]
    if not entries:
        raise DataError(
            f"{folder}: Expected IDX files (train-images-idx3-ubyte.gz …), .npz files "
            f"(kmnist-train-imgs.npz …) or images (PNG, JPEG, TIFF, WebP, BMP, GIF), in "
            f"sub-folders if they have classes. Received: a folder without any."
        )
    loose = next((entry for entry in entries if entry.class_name is None), None)
    if loose is not None and any(entry.class_name is not None for entry in entries):
        raise DataError(
            f"{folder}: Expected all images in class folders or none. "
            f"Received: {Path(loose.path).relative_to(folder)} beside them."
        )
    return entries


def _walk(
    folder: str | Path,
    is_test: bool,
    class_name: str | None = None,
    outer: frozenset[str] = frozenset(),
) -> Iterator[_Entry]:
    """List the image files in `folder` and below, in the order of their names.

    `outer` are the folders around this one, so that links do not lead round in circles.
    """
    place = os.path.realpath(folder)
    if place in outer:
        return
    with os.scandir(folder) as found:
        children = sorted(found, key=lambda child: child.name)
    for child in children:
        if not _visible(child.name):
            continue
        if child.is_dir():
            # macOS takes the letters of a name apart (が into か and ゛); a class has one name.
            inner = class_name or unicodedata.normalize("NFC", _printable(child.name))
            yield from _walk(child.path, is_test, inner, outer | {place})
        elif f".{child.name.rpartition('.')[2].lower()}" in SUFFIXES:
            state = child.stat()
            if not stat.S_ISREG(state.st_mode):
                continue  # a pipe, whose reading might never end
            yield _Entry(child.path, class_name, is_test, state.st_size, state.st_mtime_ns)


def _printable(name: str) -> str:
    """Return a name with the bytes that are no UTF-8, as in unpacked archives, written as such."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _visible(name: str) -> bool:
    return not name.startswith((".", "__MACOSX"))


def _in_order(names: set[str]) -> tuple[str, ...]:
    """Sort class names: by value if all are whole numbers, else as text."""
    if all(name.isdecimal() for name in names):
        return tuple(sorted(names, key=lambda name: (int(name), name)))
    return tuple(sorted(names))


def _survey(
    entries: list[_Entry], image_size: tuple[int, int] | None, grey: bool | None
) -> tuple[int, int, int]:
    """Choose (H, W, C) for all, from headers, and from pixels as long as no colour is found."""
    sizes: Counter[tuple[int, int]] = Counter()
    coloured = False
    for entry in entries:
        with _naming(entry.path), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters is raised, or harmless
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(entry.path) as image:
                _check(image)
                sizes[_upright_size(image)] += 1
                if grey is None and not coloured and image.mode not in ("1", "L", "I", "I;16"):
                    coloured = _pixels.has_colour(_pixels.plain(image))
    return (*(image_size or _pixels.common_size(sizes)), _pixels.target_channels(coloured, grey))


def _check(image: Image.Image) -> None:
    if image.format == "TIFF" and image.info.get("compression") == "raw" and _lies(image):
        # Pillow takes its rows for columns.
        raise DataError("Expected a TIFF that is compressed or upright. Received: neither.")
    if image.width * image.height > MAX_PIXELS:
        raise DataError(f"Expected {_AT_MOST}. Received: {image.width}×{image.height}.")


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Return (H, W) after turning the image as its EXIF data say, without decoding it."""
    if image.format == "TIFF":  # Pillow has turned its size already
        return image.height, image.width
    # Asked for the EXIF data of a PNG that starts without any, Pillow decodes it all.
    known = image.format != "PNG" or "exif" in image.info
    turned = known and _lies(image)
    return (image.width, image.height) if turned else (image.height, image.width)


def _lies(image: Image.Image) -> bool:
    """Return whether the EXIF data say that what is written as a row is a column."""
    return image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)


def _decode(path: str, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    with _naming(path), Image.open(path) as image:
        return _pixels.fit(_pixels.plain(image), shape[:2], shape[2])


@contextlib.contextmanager
def _naming(path: str) -> Iterator[None]:
    """Turn what goes wrong with an image into an error that names its file."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # Pillow's own limits, which are higher, stop it before it says how large the image is.
        raise DataError(f"{path}: Expected {_AT_MOST}. Received: one of more.") from error
    except UnidentifiedImageError as error:
        raise DataError(f"{path}: Expected {_FORMATS}. Received: something else.") from error
    except _PILLOW_ERRORS as error:
        if isinstance(error, OSError) and error.strerror:
            raise DataError(f"{path} could not be read: {error.strerror}.") from error
        raise DataError(f"{path}: Expected {_FORMATS}. Received: {error}.") from error
