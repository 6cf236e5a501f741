"""`Layers`: what a map shows, one over the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from bvae_core.latent import Spacing


@dataclass(frozen=True)
class Layers:
    """What a map shows, from the lowest to the highest.

    Parameters
    ----------
    density
        How densely the dots lie, as a wash.
    magnification
        How much the image changes with a step, as a wash.
    manifold
        What the decoder makes of places all over the map.
    dots
        The images' codes.
    names
        Short names of the classes, where these are at home.
    spacing
        Of the manifold, see `bvae_core.latent.Tiling`; a map that doesn't show the axes of a space
        of two dimensions has no quantiles of the prior, and is spaced evenly.
    """

    density: bool = True
    magnification: bool = False
    manifold: bool = False
    dots: bool = True
    names: bool = True
    spacing: Spacing = "even"

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Layers:
        """Take over what makes sense of values from anywhere; the rest is as usual."""
        chosen: dict[str, Any] = {
            each.name: values[each.name]
            for each in fields(cls)
            if isinstance(values.get(each.name), bool) and each.name != "spacing"
        }
        spacing = values.get("spacing")
        known = (each for each in get_args(Spacing) if each == spacing)
        return cls(**chosen, spacing=next(known, "even"))
