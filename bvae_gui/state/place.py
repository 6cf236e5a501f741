"""`Place`: a place in latent space and what it is called; sums of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import SumAnchor, anchor_text, combine, parse_anchor

Coordinates: TypeAlias = tuple[float, ...]

#: A sum whose text is longer is called by its coordinates.
_LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Place:
    """A place in latent space, and what it is called.

    Parameters
    ----------
    text
        As people type anchors, see `bvae_core.latent.anchors`: the shell finds the same place by
        it.
    z
        Its d coordinates, float32 values.
    """

    text: str
    z: Coordinates

    @property
    def point(self) -> NDArray[np.float32]:
        """The coordinates, (d,) float32."""
        return np.array(self.z, np.float32)

    @classmethod
    def at(cls, z: NDArray[np.float32]) -> Place:
        """Call a place, (d,) float32, by its coordinates."""
        numbers = np.asarray(z, np.float32)
        text = ",".join(str(number) for number in numbers)
        return cls(text if len(numbers) > 1 else f"z:{text}", tuple(numbers.tolist()))


def weighted_sum(terms: Sequence[tuple[float, Place]]) -> Place:
    """Return a sum of places.

    It is called by what it was made of, as ``sum:class:き + 0.5*#12``, so that the shell reckons it
    anew; or by its coordinates where a place in it is a sum itself or can't be typed in one.

    Parameters
    ----------
    terms
        Weight and place of each; finite, at least one weight that is not 0.

    Raises
    ------
    AnchorError
        If the sum is not finite.
    """
    terms = [(weight, place) for weight, place in terms if weight]
    if len(terms) == 1 and terms[0][0] == 1:
        return terms[0][1]
    sum_ = Place.at(combine([(weight, place.point) for weight, place in terms]))
    anchors = [(weight, parse_anchor(place.text)) for weight, place in terms]
    simple = [(weight, anchor) for weight, anchor in anchors if not isinstance(anchor, SumAnchor)]
    if len(simple) < len(anchors):
        return sum_
    try:
        text = anchor_text(SumAnchor(tuple(simple)))
    except AnchorError:  # a class with a sign in its name
        return sum_
    return Place(text, sum_.z) if len(text) <= _LONGEST_TEXT else sum_
