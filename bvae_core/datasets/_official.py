"""Folders of a data set's official files, named after the set, the split and what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from bvae_core.datasets._stack import Part, Stack
from bvae_core.errors import DataError


def find_parts(
    folder: Path,
    names: Sequence[str],
    pattern: re.Pattern[str],
    open_array: Callable[[Path], Stack],
    *,
    kind: str,
) -> tuple[str, dict[str, Part]] | None:
    """Find a data set's splits among the files of a folder, training images first.

    Parameters
    ----------
    folder
        The folder.
    names
        Names of the files in it. Where several match in everything, the first in the alphabet
        counts: a file as it is before the same with ``.gz`` behind its name.
    pattern
        What official names are like, with the groups ``set``, ``split`` (``train`` or another
        word) and ``what`` (``labels`` or another word).
    open_array
        Opens a file and checks its header.
    kind
        What errors call the files.

    Returns
    -------
    set_name, parts
        What the set is called in the files' names, and its parts by ``"train"`` and ``"test"``; or
        None where no file has such a name.

    Raises
    ------
    DataError
        If the files are those of several sets, or labels have no images.
    """
    paths: dict[tuple[str, str], Path] = {}
    sets = set()
    for name in sorted(names, reverse=True):
        if match := pattern.fullmatch(name):
            split = "train" if match["split"] == "train" else "test"
            what = "labels" if match["what"] == "labels" else "images"
            paths[split, what] = folder / name
            sets.add(match["set"])
    if not paths:
        return None
    if len(sets) > 1:
        raise DataError(
            f"{folder}: Expected the {kind} files of one data set. "
            f"Received: those of {', '.join(sorted(sets))}. Give each a folder of its own."
        )
    for (split, _), path in paths.items():
        if (split, "images") not in paths:
            raise DataError(
                f"{folder}: Expected the images that belong to the labels in {path.name}. "
                f"Received: no such file."
            )
    parts = {
        split: Part(
            open_array(paths[split, "images"]),
            open_array(paths[split, "labels"]) if (split, "labels") in paths else None,
        )
        for split in ("train", "test")
        if (split, "images") in paths
    }
    return sets.pop(), parts
