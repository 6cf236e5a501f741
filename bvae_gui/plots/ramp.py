"""A scale of colours for quantities: even to the eye, also of the colour-blind, on both grounds."""

from __future__ import annotations

from functools import cache

from matplotlib import colormaps
from matplotlib.colors import to_hex

from bvae_core.figures.theme import Theme

#: So many colours are told apart.
STEPS = 32
# Of cividis (Nuñez, Anderton & Renslow 2018), what is far enough from the ground to be seen.
_PARTS = {"light": (0.0, 0.72), "dark": (0.22, 1.0)}


def ramp(theme: Theme) -> tuple[str, ...]:
    """Return `STEPS` colours, ``#rrggbb``, from the smallest quantity to the largest."""
    return _ramp(*_PARTS[theme.name])


@cache
def _ramp(low: float, high: float) -> tuple[str, ...]:
    of = colormaps["cividis"]
    return tuple(to_hex(of(low + (high - low) * i / (STEPS - 1))) for i in range(STEPS))
