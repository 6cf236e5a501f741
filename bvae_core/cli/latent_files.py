"""A bundle's codes as a table or as arrays, for other programs."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bvae_core.files import replacing_file

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle


def write_npz(bundle: Bundle, path: Path) -> None:
    """Write ``mean`` and ``log_var`` (N, d) float32, ``is_test`` (N,) bool, and where the images
    have classes ``label`` (N,) int64 and ``class_names``.

    Raises
    ------
    BvaeError
        If the file can't be written.
    """  # noqa: D205
    arrays = {"mean": bundle.latents, "log_var": bundle.log_var, "is_test": bundle.is_test}
    if bundle.labels is not None:
        arrays |= {"label": bundle.labels, "class_names": np.array(bundle.class_names)}
    with replacing_file(path) as temporary:
        np.savez_compressed(temporary, allow_pickle=False, **arrays)


def write_csv(bundle: Bundle, path: Path) -> None:
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
        for index, (mean, log_var) in enumerate(zip(bundle.latents, bundle.log_var, strict=True)):
            label = "" if bundle.labels is None else int(bundle.labels[index])
            name = bundle.class_names[label] if isinstance(label, int) else ""
            split = "test" if bundle.is_test[index] else "train"
            writer.writerow([index, label, name, split, *mean, *log_var])
