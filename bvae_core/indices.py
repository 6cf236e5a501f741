"""Indices of images as a short text: in files, in a figure's metadata, in a command.

>>> format_indices([1, 5, 9, 10, 11, 12])
'1,5,9-12'
>>> parse_indices("1,5,9-12", count=60).tolist()
[1, 5, 9, 10, 11, 12]

A few images are written as people write pages. Many scattered ones would become a text of hundreds
of kilobytes; they are written as bits, one an image, compressed: a sixth of a byte for each image
that there is, at most, and so 12 kB for a choice among 70,000.
"""

from __future__ import annotations

import base64
import binascii
import re
import reprlib
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import DataError

#: How a text of bits begins; no range of numbers does.
BITS = "bits:"
#: No set has more images.
MOST_IMAGES = 1 << 27
_PART = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")


def format_indices(indices: Iterable[int]) -> str:
    """Write indices, in whichever order, as the shorter of ranges and bits; none as ``""``."""
    chosen = np.unique(np.fromiter(indices, np.int64))
    if not len(chosen):
        return ""
    breaks = np.flatnonzero(np.diff(chosen) > 1)
    firsts = chosen[np.r_[0, breaks + 1]].tolist()
    lasts = chosen[np.r_[breaks, len(chosen) - 1]].tolist()
    parts = (
        str(first) if first == last else f"{first}-{last}"
        for first, last in zip(firsts, lasts, strict=True)
    )
    ranges = ",".join(parts)
    largest = int(chosen[-1])
    if len(ranges) <= 80 or largest > 64 * len(ranges):
        return ranges
    return min(ranges, _as_bits(chosen, largest), key=len)


def parse_indices(text: str, count: int | None = None) -> NDArray[np.int64]:
    """Read what `format_indices` or a person wrote.

    Parameters
    ----------
    text
        ``1,5,9-20``, indices counted from 0 and ranges with both their ends; spaces don't matter.
    count
        Of all images; None where that is not known.

    Returns
    -------
    (k,) int64, rising, each once.

    Raises
    ------
    DataError
        If it is anything else, or names an image that there isn't.
    """
    text = "".join(text.split())
    if not text:
        return np.empty(0, np.int64)
    if text.startswith(BITS):
        return _from_bits(text, MOST_IMAGES if count is None else count)
    if count is None:
        largest = max((int(number) for number in re.findall(r"\d{1,18}", text)), default=0)
        count = min(largest + 1, MOST_IMAGES)
    is_chosen = np.zeros(count, np.bool_)
    for part in text.split(","):
        found = _PART.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if first > last:
            raise DataError(
                "images: Expected indices and ranges, such as 1,5,9-20. "
                f"Received: {reprlib.repr(part)}."
            )
        if last >= count:
            raise DataError(f"images: Expected indices from 0 to {count - 1}. Received: {last}.")
        is_chosen[first : last + 1] = True
    return np.flatnonzero(is_chosen).astype(np.int64)


def _as_bits(chosen: NDArray[np.int64], largest: int) -> str:
    bits = np.zeros(largest + 1, np.bool_)
    bits[chosen] = True
    packed = zlib.compress(np.packbits(bits).tobytes(), 9)
    return BITS + base64.urlsafe_b64encode(packed).decode("ascii")


def _from_bits(text: str, count: int) -> NDArray[np.int64]:
    most = (count + 7) // 8
    try:
        packed = base64.b64decode(text.removeprefix(BITS), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        unpacked = reader.decompress(packed, most + 1)  # never more, whatever it claims to hold
        if len(unpacked) > most:
            raise DataError(
                f"images: Expected indices from 0 to {count - 1}. Received: larger ones."
            )
        if not reader.eof or reader.unused_data:
            raise ValueError("cut off, or followed by something else")
    except (binascii.Error, ValueError, zlib.error) as error:
        raise DataError(
            f"images: Expected bits as this program writes them. Received: {reprlib.repr(text)}."
        ) from error
    chosen = np.flatnonzero(np.unpackbits(np.frombuffer(unpacked, np.uint8))).astype(np.int64)
    if len(chosen) and chosen[-1] >= count:
        raise DataError(f"images: Expected indices from 0 to {count - 1}. Received: {chosen[-1]}.")
    return chosen
