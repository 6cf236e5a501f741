"""Writing files so that a reader sees all of one or none of it, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bvae_core.errors import BvaeError

#: What is being written has a name that begins so, until it is whole.
TEMPORARY_PREFIX = ".writing-"


@contextlib.contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """Give a temporary sibling to write to, which takes the place of `path` if all goes well.

    The name ends as `path` does, for writers that choose the format by it. After an exception the
    sibling is gone and what stood at `path` still stands.

    Raises
    ------
    BvaeError
        If the disk is full, the folder is missing or may not be written to.
    """
    try:
        temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{path.suffix}")
        try:
            yield temporary
            sync(temporary)
            temporary.replace(path)
            sync(path.parent)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from error


def delete_folder(path: Path) -> None:
    """Delete a folder with all that is in it; of a link to one, the link alone."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary sibling folder to fill, which is renamed to `path` if all goes well.

    Raises
    ------
    BvaeError
        If `path` exists when the folder is done, the disk is full, or the parent may not be
        written to.
    """
    try:
        temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=path.parent))
        try:
            yield temporary
            temporary.chmod(0o755)
            for file in temporary.iterdir():
                sync(file)
            sync(temporary)
            temporary.rename(path)
            sync(path.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(path, error) from error


def sync(path: Path) -> None:
    """Wait until the file or folder at `path` is on the disk, where the system can tell."""
    if path.is_dir() and os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(path: Path, error: OSError) -> BvaeError:
    return BvaeError(f"{path} could not be written: {error.strerror or error}.")


def size_words(count: float) -> str:
    """Return a number of bytes as people read it, in powers of 1,000: ``12.3 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
