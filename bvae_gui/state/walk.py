"""`Walk`: a line through latent space, from a place in a direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bvae_gui.state.place import Coordinates, Place, weighted_sum

#: How many times the direction one goes each way, and the steps in between that are shown.
REACH = 3.0
STEPS = tuple((np.arange(13) / 2 - REACH).tolist())
_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Walk:
    """A place to start from, and a direction.

    Parameters
    ----------
    base
        Where it starts.
    vector
        The direction, d coordinates.
    """

    base: Place
    vector: Coordinates

    def place_at(self, amount: float) -> Place:
        """Return the place so many times the direction away."""
        return weighted_sum(((1.0, self.base), (amount, self._direction)))

    def amount_at(self, place: Place) -> float | None:
        """Return where on the line a place is, or None if it is beside it or beyond its ends."""
        away = np.subtract(place.z, self.base.z)
        squared = float(np.dot(self.vector, self.vector))
        amount = float(np.dot(away, self.vector)) / squared if squared else 0.0
        beside = np.abs(away - amount * np.asarray(self.vector)).max()
        is_on_it = beside <= _TOLERANCE * max(1.0, float(np.abs(place.z).max()))
        return amount if is_on_it and abs(amount) <= REACH * (1 + _TOLERANCE) else None

    @property
    def _direction(self) -> Place:
        return Place.at(np.array(self.vector, np.float32))
