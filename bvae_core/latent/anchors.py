"""Places in latent space as people type them.

==================  ================================================================
``き`` or ``ki``    a class by its name or the name's romaji: the class's exemplar
``8``               a class by its number, counted from 0
``class:8``         always a class, whatever it looks like
``centroid:き``     the mean of a class
``#1234``           the code of an image by its index, counted from 0; ``image:1234``
``0.5,-1.2``        coordinates, one a dimension; ``z:0.5`` where there is only one
==================  ================================================================

Where a text could mean more than one thing, the first of these holds: a class of that very name,
a class of that name in other capitals, a class with that romaji, a class of that number. A single
number that can't be a class number (``-1``, ``0.5``) is a coordinate. Full-width characters and
kana written as base and voicing mark count as their usual forms.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import AnchorError
from bvae_core.kana import romaji
from bvae_core.latent.exemplars import centroid, exemplar

_FORMS = (
    "a class (its name, romaji or number), an image such as #1234, or coordinates such as 0.5,-1.2"
)
_WHOLE = re.compile(r"[0-9]{1,12}")
_NAMES_SHOWN = 12


@dataclass(frozen=True)
class ClassAnchor:
    """A class: its exemplar, or its mean where `mean` is set."""

    name: str
    mean: bool = False


@dataclass(frozen=True)
class ImageAnchor:
    """An encoded image by its index."""

    index: int


@dataclass(frozen=True)
class PointAnchor:
    """Coordinates, one a dimension."""

    coordinates: tuple[float, ...]


Anchor: TypeAlias = ClassAnchor | ImageAnchor | PointAnchor


def parse_anchor(text: str) -> Anchor:
    """Read an anchor in one of the forms that the module describes.

    Raises
    ------
    AnchorError
        If the text has none of these forms.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    prefix, colon, rest = (part.strip() for part in plain.partition(":"))
    if plain.startswith("#"):
        return ImageAnchor(_index(text, plain[1:].strip()))
    match prefix.casefold() if colon else "":
        case "image":
            return ImageAnchor(_index(text, rest))
        case "class" if rest:
            return ClassAnchor(rest)
        case "centroid" if rest:
            return ClassAnchor(rest, mean=True)
        case "z":
            coordinates = _numbers(rest)
            if coordinates is None:
                raise AnchorError(
                    f"{text!r}: Expected numbers such as z:0.5,-1.2. Received: {rest!r}."
                )
        case "class" | "centroid" | "image":
            raise AnchorError(f"{text!r}: Expected a class after the colon. Received: nothing.")
        case _:
            coordinates = None if _WHOLE.fullmatch(plain) else _numbers(plain)
    if coordinates is not None:
        if not all(math.isfinite(number) for number in coordinates):
            raise AnchorError(f"{text!r}: Expected finite coordinates. Received: {rest or plain}.")
        return PointAnchor(coordinates)
    if not plain:
        raise AnchorError(f"anchor: Expected {_FORMS}. Received: nothing.")
    return ClassAnchor(plain)


def resolve(
    anchor: Anchor,
    latents: NDArray[np.float32],
    labels: NDArray[np.int64] | None,
    class_names: Sequence[str],
) -> NDArray[np.float32]:
    """Find the place that an anchor names.

    Parameters
    ----------
    anchor
        From `parse_anchor`.
    latents
        (N, d) float32, the codes of all images.
    labels
        (N,) int64 or None.
    class_names
        In the order of the labels.

    Returns
    -------
    (d,) float32.

    Raises
    ------
    AnchorError
        If there is no such class, image or number of dimensions, saying what there is.
    """
    match anchor:
        case PointAnchor(coordinates):
            return _point(coordinates, latents.shape[1])
        case ImageAnchor(index):
            if not 0 <= index < len(latents):
                raise AnchorError(
                    f"#{index}: Expected an image from #0 to #{len(latents) - 1}. "
                    f"Received: #{index}."
                )
            place = latents[index]
        case ClassAnchor(name, mean):
            if labels is None:
                raise AnchorError(
                    f"{name!r}: Expected an image such as #1234 or coordinates such as "
                    f"{_example(latents.shape[1])}, since this model's images have no classes. "
                    f"Received: {name!r}."
                )
            label = find_class(name, class_names)
            if not (labels == label).any():
                raise AnchorError(
                    f"{name!r}: Expected a class that has images in this model. "
                    f"Received: {class_names[label]}, which has none."
                )
            if mean:
                return centroid(latents, labels, label)
            place = latents[exemplar(latents, labels, label)]
    return np.array(place, dtype=np.float32)


def find_class(name: str, class_names: Sequence[str]) -> int:
    """Return the label of the class that `name` means; see the module for the order of meanings.

    Raises
    ------
    AnchorError
        If there is none, or several are called so.
    """
    wanted = _plain(name)
    readings: tuple[Callable[[str], str | None], ...] = (
        _plain,
        lambda other: _plain(other).casefold(),
        romaji,
    )
    for reading, text in zip(readings, (wanted, wanted.casefold(), wanted.casefold()), strict=True):
        found = [i for i, other in enumerate(class_names) if reading(other) == text]
        if len(found) > 1:
            choices = ", ".join(f"{i} ({class_names[i]})" for i in found)
            raise AnchorError(
                f"{name!r}: Expected the name of one class. Received: that of several; "
                f"take the number: {choices}."
            )
        if found:
            return found[0]
    if _WHOLE.fullmatch(wanted) and int(wanted) < len(class_names):
        return int(wanted)
    raise AnchorError(f"{name!r}: Expected {_FORMS}. Classes: {_listed(class_names)}.")


def anchor_label(anchor: Anchor, class_names: Sequence[str]) -> str:
    """Return what to write beside the anchor in a figure: ``き ki``, ``#1234``, ``(0.5, −1.2)``."""
    match anchor:
        case ClassAnchor(name, mean):
            found = class_names[find_class(name, class_names)]
            label = " ".join(filter(None, (found, romaji(found))))
            return f"mean of {label}" if mean else label
        case ImageAnchor(index):
            return f"#{index}"
        case PointAnchor(coordinates):
            shown = ", ".join(f"{number:.3g}".replace("-", "−") for number in coordinates[:3])
            return f"({shown}{', …' if len(coordinates) > 3 else ''})"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _index(text: str, digits: str) -> int:
    if not _WHOLE.fullmatch(digits):
        raise AnchorError(
            f"{text!r}: Expected an image's index, such as #1234. Received: {digits!r}."
        )
    return int(digits)


def _numbers(text: str) -> tuple[float, ...] | None:
    try:
        return tuple(float(part) for part in text.removesuffix(",").split(","))
    except ValueError:
        return None


def _point(coordinates: tuple[float, ...], latent_dim: int) -> NDArray[np.float32]:
    if len(coordinates) != latent_dim:
        raise AnchorError(
            f"coordinates: Expected {latent_dim} numbers, such as {_example(latent_dim)}. "
            f"Received: {len(coordinates)}."
        )
    with np.errstate(over="ignore"):
        point = np.array(coordinates, dtype=np.float32)
    if not np.isfinite(point).all():
        raise AnchorError(
            "coordinates: Expected numbers that fit in 32 bits. "
            f"Received: {', '.join(f'{number:g}' for number in coordinates)}."
        )
    return point


def _example(latent_dim: int) -> str:
    if latent_dim == 1:
        return "z:0.5"
    return ",".join(["0.5", "-1.2", *["0"] * (latent_dim - 2)][:3]) + (
        ",…" if latent_dim > 3 else ""
    )


def _listed(class_names: Sequence[str]) -> str:
    shown = [f"{i} {name}" for i, name in enumerate(class_names[:_NAMES_SHOWN])]
    if len(class_names) > _NAMES_SHOWN:
        shown.append(f"… {len(class_names) - 1} {class_names[-1]}")
    return ", ".join(shown) or "none"
