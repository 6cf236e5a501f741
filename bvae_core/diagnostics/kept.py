"""Measurements that are kept, so that what took minutes is there the next time.

In the cache folder, a file for each model's fingerprint and each data set's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bvae_core.diagnostics.measurement import MEASURES_VERSION, Measurement
from bvae_core.errors import BvaeError, DataError
from bvae_core.files import replacing_file
from bvae_core.resources import cache_folder

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle

_FOLDER = "diagnostics"
_DIGITS = 16  # of a fingerprint
_BROKEN = ".broken"
#: Larger files are none of ours: 128 dimensions take less than 2 MB.
_MAX_BYTES = 1 << 24


def keep_measurement(found: Measurement, *, cache: Path | None = None) -> Path:
    """Write a measurement for `recall_measurement`, in the place of an earlier one.

    Parameters
    ----------
    found
        The measurement.
    cache
        None is the user's cache folder.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    BvaeError
        If the cache folder can't be written.
    """
    path = _folder(found.fingerprint, cache) / f"{found.data_fingerprint[:_DIGITS]}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BvaeError(f"{path.parent} could not be made: {error.strerror}.") from error
    with replacing_file(path) as temporary:
        text = json.dumps(found.to_json(), allow_nan=False, indent=1)
        temporary.write_text(text + "\n", encoding="utf-8")
    return path


def recall_measurement(
    bundle: Bundle, *, cache: Path | None = None
) -> tuple[Measurement | None, str]:
    """Read what was last measured in full of exactly this model.

    What another version measured, or of other networks with the same fingerprint, is passed over.
    A file that can't be read as a measurement is set aside under another name.

    Returns
    -------
    Measurement or None
        None where there is none.
    str
        What was wrong with a file, in a sentence; empty where all is well.
    """
    problem = ""
    for path in _newest_first(_folder(bundle.fingerprint, cache)):
        try:
            found = read_measurement(path)
        except DataError as error:
            if path.exists():  # else another process has just set it aside
                problem = f"{error} {_set_aside(path)}"
            continue
        if found.measures_version == MEASURES_VERSION and found.is_of(bundle):
            return found, problem
    return None, problem


def read_measurement(path: Path) -> Measurement:
    """Read a file that ``bvae evaluate --json`` wrote.

    Raises
    ------
    DataError
        If it is no such file, or can't be read, naming it.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise DataError(f"Expected at most {_MAX_BYTES:,} bytes. Received: {size:,}.")
        return Measurement.from_text(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.") from error
    except DataError as error:
        raise DataError(f"{path}: {error}") from error


def _folder(fingerprint: str, cache: Path | None) -> Path:
    return (cache or cache_folder()) / _FOLDER / fingerprint[:_DIGITS]


def _newest_first(folder: Path) -> list[Path]:
    try:
        dated = [(path.stat().st_mtime_ns, path) for path in folder.glob("[!.]*.json")]
    except OSError:  # the folder, or a file of it, went
        return []
    return [path for _, path in sorted(dated, reverse=True)]


def _set_aside(path: Path) -> str:
    aside = path.with_name(path.name + _BROKEN)
    try:
        path.replace(aside)
    except OSError as error:
        return f"It could not be set aside: {error.strerror}."
    return f"It is set aside as {aside.name}."
