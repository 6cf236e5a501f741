"""Places in latent space as people type them.

======================  ============================================================
``き`` or ``ki``        a class by its name or the name's romaji: the class's exemplar
``8``                   a class by its number, counted from 0
``class:8``             always a class, whatever it looks like
``centroid:き``         the mean of a class
``#1234``               the code of an image by its index, counted from 0; ``image:1234``
``0.5,-1.2``            coordinates, one a dimension; ``z:0.5`` where there is only one
``sum:き - れ + 2*お``  a sum of these, each with a weight or without
======================  ============================================================

Where a text could mean more than one thing, the first of these holds: a class of that very name,
a class of that name in other capitals, a class with that romaji, a class of that number. A single
number that can't be a class number (``-1``, ``0.5``) is a coordinate. Full-width characters and
kana written as base and voicing mark count as their usual forms.

A sum may have directions among its terms, which are saved by name with a model:
``sum:き + 2*direction:slanted``. They are no places by themselves, and mean something in that model
only: `with_directions` puts their coordinates in their stead.

In a sum a sign has a space before it, which tells it from one in a name or in coordinates; a class
whose name has such a sign is called by its number.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import AnchorError
from bvae_core.kana import romaji, with_reading
from bvae_core.latent.arithmetic import combine
from bvae_core.latent.exemplars import centroid, exemplar

_FORMS = (
    "a class (its name, romaji or number), an image such as #1234, or coordinates such as 0.5,-1.2"
)
_WHOLE = re.compile(r"[0-9]{1,12}")
# A sign between terms: not one that begins a coordinate, as in "0.5, -1.2".
_SIGN = re.compile(r"(?<!,)\s+([+-])\s*")
_FIRST_SIGN = re.compile(r"[+-](?=\s)|[+-](?=[^0-9.\s])")
_WEIGHTED = re.compile(r"([0-9.]+(?:e[+-]?[0-9]+)?)\s*[*×](.+)", re.IGNORECASE | re.DOTALL)
_MAX_TERMS = 32
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


@dataclass(frozen=True)
class DirectionTerm:
    """A direction that is saved with a model; a term of a sum, and no place by itself."""

    name: str


SimpleAnchor: TypeAlias = ClassAnchor | ImageAnchor | PointAnchor
Term: TypeAlias = SimpleAnchor | DirectionTerm


@dataclass(frozen=True)
class SumAnchor:
    """A weighted sum of other anchors and directions: weight and term of each."""

    terms: tuple[tuple[float, Term], ...]

    @property
    def has_directions(self) -> bool:
        """Whether the model that it is for has to say where it is."""
        return any(isinstance(term, DirectionTerm) for _, term in self.terms)


Anchor: TypeAlias = SimpleAnchor | SumAnchor


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
        case "sum":
            return SumAnchor(_terms(text, rest))
        case "direction" if rest:
            raise AnchorError(
                f"{text!r}: Expected a place. Received: a direction; it needs a place to start "
                f"from, as in sum:0,0 + {plain}."
            )
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


def anchor_text(anchor: Anchor) -> str:
    """Return how to type an anchor, so that `parse_anchor` gets it back.

    Raises
    ------
    AnchorError
        If it is a sum with a class whose name has a sign in it; its number has none.
    """
    match anchor:
        case ClassAnchor(name, mean):
            return f"{'centroid' if mean else 'class'}:{name}"
        case ImageAnchor(index):
            return f"#{index}"
        case PointAnchor(coordinates):
            return f"z:{','.join(map(repr, coordinates))}"
        case SumAnchor(terms):
            texts = " ".join(_term_text(weight, term) for weight, term in terms)
            return f"sum:{texts.removeprefix('+ ')}"


def with_directions(anchor: Anchor, directions: Mapping[str, Sequence[float]]) -> Anchor:
    """Put coordinates in the stead of a sum's directions, so that it means the same anywhere.

    Parameters
    ----------
    anchor
        From `parse_anchor`.
    directions
        d coordinates of each, by name.

    Raises
    ------
    AnchorError
        If there is no direction of a name, naming those that there are.
    """
    if not isinstance(anchor, SumAnchor):
        return anchor
    return SumAnchor(
        tuple(
            (weight, _as_point(term, directions) if isinstance(term, DirectionTerm) else term)
            for weight, term in anchor.terms
        )
    )


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
        If there is no such class, image or number of dimensions, saying what there is; or if there
        are directions in it, in whose stead `with_directions` has to put coordinates first.
    """
    match anchor:
        case PointAnchor(coordinates):
            return _point(coordinates, latents.shape[1])
        case SumAnchor(terms):
            places = []
            for weight, term in terms:
                if isinstance(term, DirectionTerm):
                    raise _no_direction(term.name, ())
                places.append((weight, resolve(term, latents, labels, class_names)))
            return combine(places)
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
            label = with_reading(found)
            return f"mean of {label}" if mean else label
        case ImageAnchor(index):
            return f"#{index}"
        case PointAnchor(coordinates):
            shown = ", ".join(f"{number:.3g}".replace("-", "−") for number in coordinates[:3])
            return f"({shown}{', …' if len(coordinates) > 3 else ''})"
        case SumAnchor(terms):
            parts = [
                f"{'−' if weight < 0 else '+'} "
                f"{'' if abs(weight) == 1 else f'{abs(weight):.3g}·'}"
                f"{_term_label(term, class_names)}"
                for weight, term in terms
            ]
            return " ".join(parts).removeprefix("+ ")


def _term_label(term: Term, class_names: Sequence[str]) -> str:
    return term.name if isinstance(term, DirectionTerm) else anchor_label(term, class_names)


def _as_point(term: DirectionTerm, directions: Mapping[str, Sequence[float]]) -> PointAnchor:
    wanted = _signed(_plain(term.name))
    for reading in (str, str.casefold):
        for name, vector in directions.items():
            if reading(_signed(_plain(name))) == reading(wanted):
                # The fewest digits that tell the 32-bit numbers.
                return PointAnchor(tuple(float(str(np.float32(value))) for value in vector))
    raise _no_direction(term.name, directions)


def _no_direction(name: str, known: Iterable[str]) -> AnchorError:
    shown = ", ".join(itertools.islice(known, _NAMES_SHOWN)) or "none"
    return AnchorError(
        f"direction:{name}: Expected a direction that is saved with this model: {shown}. "
        f"Received: {name!r}."
    )


def _terms(text: str, rest: str) -> tuple[tuple[float, Term], ...]:
    """Read what follows ``sum:``."""
    signed = _signed(rest)
    if not _FIRST_SIGN.match(signed):
        signed = f"+ {signed}"
    first, *others = _SIGN.split(f" {signed}")
    signs, texts = others[::2], others[1::2]
    if first.strip() or not all(texts):
        raise AnchorError(
            f"{text!r}: Expected places with signs between them, such as sum:8 - 3 + 5. "
            f"Received: {rest!r}."
        )
    if len(texts) > _MAX_TERMS:
        raise AnchorError(f"sum: Expected at most {_MAX_TERMS} places. Received: {len(texts)}.")
    return tuple(_term(text, sign, each) for sign, each in zip(signs, texts, strict=True))


def _term(text: str, sign: str, term: str) -> tuple[float, Term]:
    weighted = _WEIGHTED.fullmatch(term)
    factor, place = weighted.groups() if weighted else ("1", term)
    try:
        weight = float(sign + factor)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise AnchorError(f"{text!r}: Expected a weight such as 0.5. Received: {factor}.")
    prefix, _, name = (part.strip() for part in place.partition(":"))
    if prefix.casefold() == "direction" and name:
        return weight, DirectionTerm(name)
    anchor = parse_anchor(place)
    if isinstance(anchor, SumAnchor):
        raise AnchorError(f"{text!r}: Expected one sum. Received: one inside another.")
    return weight, anchor


def _term_text(weight: float, anchor: Term) -> str:
    if isinstance(anchor, DirectionTerm):
        check_direction_name(anchor.name)
        place = f"direction:{anchor.name}"
    else:
        place = anchor_text(anchor)
    if isinstance(anchor, ClassAnchor) and _SIGN.search(_signed(place)):
        raise AnchorError(
            f"{anchor.name!r}: Expected the class's number, since a sign in a sum is one of its "
            f"own. Received: {anchor.name!r}."
        )
    sign = "-" if math.copysign(1, weight) < 0 else "+"
    factor = "" if abs(weight) == 1 else f"{abs(weight)!r}*"
    return f"{sign} {factor}{place}"


def check_direction_name(name: str) -> None:
    """Raise an AnchorError if a direction of this name could not be told from the rest of a sum."""
    if not _plain(name) or _SIGN.search(_signed(_plain(name))):
        raise AnchorError(
            "direction: Expected a name without a space before a + or −, which would be a sum's "
            f"own. Received: {name!r}."
        )


def _signed(text: str) -> str:
    """Return text with the minus that keyboards have."""
    return text.replace("−", "-")


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
