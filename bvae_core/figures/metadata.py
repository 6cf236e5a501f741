"""What a figure's file says of where it comes from, and reading it without trusting it."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from bvae_core.errors import BvaeError, DataError

PNG_KEYWORD = "bvae"
MAX_BYTES = 1 << 20
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 1000  # before the pixels; this package writes five
# Keyword, no compression, no language, no translated keyword.
_HEAD = PNG_KEYWORD.encode() + b"\0\0\0\0\0"


def to_text(metadata: Mapping[str, Any]) -> str:
    """Return JSON values as text, the same for equal values; a BvaeError if over 1 MiB."""
    text = json.dumps(metadata, ensure_ascii=False, sort_keys=True, allow_nan=False)
    if len(text.encode()) > MAX_BYTES:
        raise BvaeError(f"metadata: Expected at most {MAX_BYTES} bytes. Received: {len(text)}.")
    return text


def read_metadata(path: str | Path) -> dict[str, Any]:
    """Read what `save_figure` wrote into a PNG, from a file that may come from anywhere.

    Only the chunks before the pixels are gone through, and at most 1 MiB is read of any.

    Parameters
    ----------
    path
        A PNG.

    Raises
    ------
    DataError
        If the file is missing or no PNG, has no metadata of this program, or they are damaged,
        too large or no JSON object.
    """
    source = Path(path)
    try:
        with source.open("rb") as file:
            if not _is_png(file):
                raise DataError(f"{source}: Expected a PNG file. Received: another kind of file.")
            text = _find_text(source, file)
    except OSError as error:
        raise DataError(f"{source} could not be read: {error.strerror or error}.") from error
    except ValueError as error:  # a name with a NUL in it
        raise DataError(
            f"{str(source)!r}: Expected the name of a file. Received: {error}."
        ) from error
    if text is None:
        raise DataError(f"{source}: Expected metadata of this program in it. Received: none.")
    try:
        values = json.loads(text.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _damaged(source, "something else") from error
    if not isinstance(values, dict):
        raise _damaged(source, f"a {type(values).__name__}")
    return values


def has_metadata(path: str | Path) -> bool:
    """Return whether a file is a PNG with metadata of this program, damaged ones included."""
    source = Path(path)
    try:
        with source.open("rb") as file:
            return _is_png(file) and _find_text(source, file) is not None
    except DataError:  # damaged
        return True
    except (OSError, ValueError):
        return False


def _is_png(file: BinaryIO) -> bool:
    return file.read(len(_SIGNATURE)) == _SIGNATURE


def _find_text(source: Path, file: BinaryIO) -> bytes | None:
    """Read the text behind this program's keyword, from where the first chunk begins."""
    for _ in range(_MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8 or head[4:] in (b"IDAT", b"IEND"):
            break
        (length,) = struct.unpack(">I", head[:4])
        if head[4:] != b"iTXt":
            file.seek(length + 4, 1)
            continue
        body = file.read(min(length, len(_HEAD) + MAX_BYTES + 1))
        if not body.startswith(PNG_KEYWORD.encode() + b"\0"):
            file.seek(length - len(body) + 4, 1)
            continue
        if length > len(_HEAD) + MAX_BYTES:
            raise _damaged(source, f"{length} bytes, more than {MAX_BYTES}")
        if not body.startswith(_HEAD):
            raise _damaged(source, "compressed or translated text")
        if len(body) < length or file.read(4) != struct.pack(">I", zlib.crc32(head[4:] + body)):
            raise _damaged(source, "a chunk whose checksum is wrong")
        return body[len(_HEAD) :]
    return None


def _damaged(source: Path, received: str) -> DataError:
    return DataError(f"{source}: Expected its metadata to be a JSON object. Received: {received}.")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
