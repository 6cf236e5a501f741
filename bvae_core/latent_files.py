"""A bundle's codes as a table or as arrays, for other programs, and indices back from them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import DataError
from bvae_core.files import replacing_file

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle

#: What the names of such files end in.
TABLES = (".npz", ".csv")

_MAX_BYTES = 1 << 30  # of a file that indices are read from
_MAX_INDICES = 1 << 27


def write_codes(bundle: Bundle, path: Path, indices: Sequence[int] | None = None) -> None:
    """Write the codes of all images, or of some, as the file's name ends: see below.

    Raises
    ------
    BvaeError
        If the name ends in neither ``.csv`` nor ``.npz``, or the file can't be written.
    """
    suffix = path.suffix.lower()
    if suffix not in TABLES:
        raise DataError(
            f"{path}: Expected a name that ends in {' or '.join(TABLES)}. "
            f"Received: {path.suffix!r}."
        )
    (write_csv if suffix == ".csv" else write_npz)(bundle, path, indices)


def write_npz(bundle: Bundle, path: Path, indices: Sequence[int] | None = None) -> None:
    """Write ``mean`` and ``log_var`` (N, d) float32, ``is_test`` (N,) bool, and where the images
    have classes ``label`` (N,) int64 and ``class_names``; of some images ``index`` (k,) int64, too.

    Raises
    ------
    BvaeError
        If the file can't be written.
    """  # noqa: D205
    chosen: Any = slice(None) if indices is None else np.asarray(indices, np.int64)
    arrays = {
        "mean": bundle.latents[chosen],
        "log_var": bundle.log_var[chosen],
        "is_test": bundle.is_test[chosen],
    }
    if bundle.labels is not None:
        arrays |= {"label": bundle.labels[chosen], "class_names": np.array(bundle.class_names)}
    if indices is not None:
        arrays |= {"index": chosen}
    with replacing_file(path) as temporary:
        np.savez_compressed(temporary, allow_pickle=False, **arrays)


def write_csv(bundle: Bundle, path: Path, indices: Sequence[int] | None = None) -> None:
    """Write one row an image: index, label, class, split, and every dimension's mean and log_var.

    UTF-8 with a heading row; dimensions are counted from 1, images and labels from 0, and label
    and class are empty where the images have none.

    Raises
    ------
    BvaeError
        If the file can't be written.
    """
    dimensions = range(1, bundle.latents.shape[1] + 1)
    heading = ["index", "label", "class", "split"]
    heading += [f"mean_{i}" for i in dimensions] + [f"log_var_{i}" for i in dimensions]
    with (
        replacing_file(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(heading)
        for index in range(len(bundle.latents)) if indices is None else indices:
            label = "" if bundle.labels is None else int(bundle.labels[index])
            name = bundle.class_names[label] if isinstance(label, int) else ""
            split = "test" if bundle.is_test[index] else "train"
            mean, log_var = bundle.latents[index], bundle.log_var[index]
            writer.writerow([index, label, name, split, *mean, *log_var])


def read_indices(path: Path) -> NDArray[np.int64]:
    """Read which images a file is about: the ``index`` of an NPZ file, or of a CSV with a heading.

    Returns
    -------
    (k,) int64, none below 0, as they stand there.

    Raises
    ------
    DataError
        If the file can't be read, or holds no such numbers.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError(f"more than {_MAX_BYTES >> 20} MB")
        values = _npz_index(path) if path.suffix.lower() == ".npz" else _csv_index(path)
        if values.ndim != 1 or values.dtype.kind not in "iu" or not len(values):
            raise ValueError(f"an array of {values.dtype}, shape {values.shape}")
        indices = values.astype(np.int64)
        if (indices < 0).any():
            raise ValueError(f"the index {indices.min()}")
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, OverflowError, EOFError, csv.Error, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path}: Expected a .npz or .csv file with whole numbers from 0 called index. "
            f"Received: {error}."
        ) from error
    return indices


def _npz_index(path: Path) -> NDArray[Any]:
    with zipfile.ZipFile(path) as archive:
        if "index.npy" not in archive.namelist():
            raise ValueError("none that is called so")
        if archive.getinfo("index.npy").file_size > 8 * _MAX_INDICES + 1024:
            raise ValueError("more numbers than there can be images")
        with archive.open("index.npy") as file:
            values: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    return values


def _csv_index(path: Path) -> NDArray[Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "index" not in (rows.fieldnames or ()):
            raise ValueError("none that is called so")
        return np.array([int(row["index"] or "") for row in rows], np.int64)
