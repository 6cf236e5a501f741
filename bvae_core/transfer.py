"""A bundle as one ``.zip`` file: to send to a colleague, and to receive without trusting it.

The archive has one folder with the bundle's files. One that was made by hand of a bundle's folder
is read as well, whatever the system that made it has put beside it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from bvae_core.bundle import Bundle, open_bundle
from bvae_core.errors import BundleError
from bvae_core.files import replacing_file
from bvae_core.manifest import MANIFEST_NAME, MAX_MANIFEST_BYTES, Manifest, read_manifest

#: Members of an archive, unpacked bytes of them all, and bytes for a byte of the archive.
MAX_MEMBERS = 256
MAX_BYTES = 4 << 30
MAX_INFLATION = 100

_UNSAFE_IN_FILE_NAMES = re.compile(r'[<>:"|?*\s]+')
_OLDEST, _NEWEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)  # that the format can say
_CHUNK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def pack_bundle(bundle: Bundle, target: Path | BinaryIO) -> None:
    """Write a bundle as one ``.zip``; the same bundle gives the same bytes.

    Parameters
    ----------
    bundle
        Its files are checked again while they are read.
    target
        A file's path, replaced whole or not at all, or an open file.

    Raises
    ------
    BundleError
        If the bundle has been damaged since it was opened.
    BvaeError
        If the file can't be written.
    """
    open_bundle(bundle.path)
    if not isinstance(target, Path):
        _write(bundle.path, target)
        return
    with replacing_file(target) as temporary, temporary.open("wb") as file:
        _write(bundle.path, file)


def read_packed_manifest(archive: Path | BinaryIO) -> Manifest:
    """Say what a ``.zip`` holds, without unpacking it.

    Raises
    ------
    BundleError
        If it is no ZIP archive, holds no bundle or not one alone, or would not be safe to unpack.
    """
    with _opened(archive) as packed:
        return packed.manifest


def unpack_bundle(archive: Path | BinaryIO, folder: Path) -> None:
    """Unpack a bundle's files from a ``.zip`` into an empty folder, and check them there.

    Names, number and sizes are looked at before anything is written, and only the files that
    ``bundle.json`` lists are written.

    Raises
    ------
    BundleError
        If it is no ZIP archive, holds no bundle or not one alone, would not be safe to unpack, or
        is damaged. What was written by then stays in `folder`.
    OSError
        If something can't be written.
    """
    with _opened(archive) as packed:
        packed.extract(folder)
    try:
        open_bundle(folder)
    except BundleError as error:  # the reader knows the archive, not where it was unpacked
        raise BundleError(str(error).replace(str(folder), _name(archive))) from error


class _Packed:
    """An archive whose names and sizes are such that unpacking it is safe."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self._name, self._archive = name, archive
        members = {_checked_name(member): member for member in archive.infolist()}
        if len(members) != len(archive.infolist()):
            raise BundleError("Expected each file once. Received: one that is there twice.")
        _check_sizes(archive.infolist())
        inside = _bundle_folder(list(members))
        self._members = {
            path.name: member for path, member in members.items() if path.parent == inside
        }
        self.manifest = self._read_manifest()

    def extract(self, folder: Path) -> None:
        """Write the manifest and the files that it lists."""
        for name in (MANIFEST_NAME, *self.manifest.files):
            with (folder / name).open("xb") as target:
                for chunk in self._chunks(name):
                    target.write(chunk)

    def _chunks(self, name: str) -> Iterator[bytes]:
        with _reading(self._name), self._archive.open(self._members[name]) as source:
            while chunk := source.read(_CHUNK):
                yield chunk

    def _read_manifest(self) -> Manifest:
        member = self._members[MANIFEST_NAME]
        if member.file_size > MAX_MANIFEST_BYTES:
            raise BundleError(
                f"{MANIFEST_NAME}: Expected at most {MAX_MANIFEST_BYTES:,} bytes. "
                f"Received: {member.file_size:,} bytes."
            )
        try:
            manifest = Manifest.from_text(self._archive.read(member).decode())
        except BundleError as error:
            raise BundleError(f"{MANIFEST_NAME}: {error}") from error
        except UnicodeDecodeError as error:
            raise BundleError(
                f"{MANIFEST_NAME}: Expected text in UTF-8. Received: other bytes."
            ) from error
        for name, record in manifest.files.items():
            size = self._members[name].file_size if name in self._members else None
            if size != record.size:
                received = "none" if size is None else f"{size:,} bytes"
                raise BundleError(
                    f"{name}: Expected a file of {record.size:,} bytes. Received: {received}."
                )
        return manifest


@contextlib.contextmanager
def _opened(archive: Path | BinaryIO) -> Iterator[_Packed]:
    name = _name(archive)
    with contextlib.ExitStack() as stack:
        with _reading(name):
            packed = _Packed(name, stack.enter_context(zipfile.ZipFile(archive)))
        yield packed


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say which archive an error is about, in a sentence."""
    try:
        yield
    except BundleError as error:
        raise BundleError(f"{name}: {error}") from error
    except OSError as error:
        raise BundleError(f"{name} could not be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError) as e:
        raise BundleError(
            f"{name}: Expected a ZIP archive, whole and without a password. "
            f"Received: another file, or a damaged one ({e})."
        ) from e


def _checked_name(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's path, if it leads to a place below the archive's own root."""
    name = PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    # `orig_filename` has what zipfile cuts off: a null byte and what follows.
    leaves = (
        name.is_absolute()
        or not name.parts
        or ".." in name.parts
        or bool(set(member.orig_filename) & set("\\:\0"))
    )
    if member.compress_type not in _METHODS:
        raise BundleError("Expected files stored or deflated. Received: another compression.")
    if leaves or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BundleError(
            "Expected files in a folder of their own. "
            f"Received: {member.orig_filename[:100]!r}, a link or a path that leads elsewhere."
        )
    return name


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise BundleError(f"Expected at most {MAX_MEMBERS} files. Received: {len(members):,}.")
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > min(MAX_BYTES, MAX_INFLATION * packed + MAX_MANIFEST_BYTES):
        raise BundleError(
            f"Expected at most {MAX_BYTES >> 30} GiB, and what a model of {packed:,} bytes can be. "
            f"Received: {unpacked:,} bytes when unpacked."
        )


def _bundle_folder(names: list[PurePosixPath]) -> PurePosixPath:
    """Return the one folder that has a ``bundle.json``: the archive's root or one in it."""
    found = [name.parent for name in names if name.name == MANIFEST_NAME and len(name.parts) <= 2]
    if len(found) != 1:
        raise BundleError(
            f"Expected one model, a folder with {MANIFEST_NAME}. "
            f"Received: {len(found) or 'no'} such folder{'s' * (len(found) > 1)}."
        )
    return found[0]


def _write(folder: Path, target: BinaryIO) -> None:
    manifest = read_manifest(folder)
    inside = _UNSAFE_IN_FILE_NAMES.sub("-", manifest.name).strip("-.") or "model"
    created = datetime.fromisoformat(manifest.created).timetuple()[:6]
    with zipfile.ZipFile(target, "w") as archive:
        for name in (MANIFEST_NAME, *manifest.files):
            member = zipfile.ZipInfo(f"{inside}/{name}", min(max(_OLDEST, created), _NEWEST))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            member.file_size = (folder / name).stat().st_size  # over 4 GiB takes other headers
            with (folder / name).open("rb") as source, archive.open(member, "w") as file:
                shutil.copyfileobj(source, file, _CHUNK)


def _name(archive: Path | BinaryIO) -> str:
    return str(archive) if isinstance(archive, Path) else "the archive"
