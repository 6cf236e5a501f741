"""`Equation`: what is reckoned with places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bvae_core.errors import BvaeError
from bvae_core.figures.limits import STRENGTH
from bvae_gui.state.place import Place, weighted_sum


@dataclass(frozen=True)
class Equation:
    """C + strength · (A − B): what is to C as A is to B.

    Parameters
    ----------
    a, b, c
        The places.
    strength
        From −3 to 3.

    Raises
    ------
    BvaeError
        If the strength is out of its range.
    """

    a: Place
    b: Place
    c: Place
    strength: float = 1.0

    def __post_init__(self) -> None:
        low, high = STRENGTH
        if not low <= self.strength <= high:  # false of NaN, too
            raise BvaeError(f"strength: Expected {low:g} to {high:g}. Received: {self.strength}.")

    @property
    def places(self) -> tuple[Place, Place, Place]:
        """A, B and C."""
        return self.a, self.b, self.c

    @cached_property
    def result(self) -> Place:
        """Where it leads."""
        return weighted_sum(((self.strength, self.a), (-self.strength, self.b), (1.0, self.c)))
