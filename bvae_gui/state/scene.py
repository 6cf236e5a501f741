"""`Scene`: what undo takes back, what a morph is made of, and what a session keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.figures.limits import ANCHORS, CORNERS, FRAMES, SIDE
from bvae_core.latent import PathKind, RangeKind
from bvae_gui.state.equation import Equation
from bvae_gui.state.place import Coordinates, Place

if TYPE_CHECKING:
    from bvae_gui.state.own_image import OwnImage

__all__ = [
    "ANCHORS",
    "CORNERS",
    "FRAMES",
    "KEPT",
    "SIDE",
    "Coordinates",
    "Mode",
    "Place",
    "Scene",
    "Selecting",
]

Mode = Literal["path", "grid", "traversal"]
#: What becomes of the images that are selected already.
Selecting = Literal["replace", "add", "subtract"]

#: Points that can be kept.
KEPT = 64


@dataclass(frozen=True)
class Scene:
    """The pinned point, the anchors and what is made of them, and what is selected.

    Parameters
    ----------
    point
        What is pinned.
    anchors
        2 to 8 of them; a grid takes the first four as its corners.
    mode
        ``path`` through all anchors, ``grid`` between four, ``traversal`` of one dimension, or
        of each, around the pinned point.
    interpolation
        Of paths and grids.
    frames
        Images of a path or a traversal, 2 to 50.
    rows, columns
        Of a grid, 2 to 100 each.
    dimension
        That a traversal varies, counted from 0; None is every one, a row each.
    over
        The range of a traversal: the prior's ``sigmas`` or its quantiles (``prior``), the smallest
        to the largest code (``data``), or the codes' ``quantiles``.
    extent
        Number of sigmas, or share left out at each end of quantiles; None is the usual.
    kept
        Points that were pinned and kept, up to 64.
    selection
        Indices of the selected images, counted from 0, in rising order; nothing is selected where
        there are none.
    equation
        What is reckoned with places; None is the usual one.
    own
        A picture of the user's, as the model reads it.

    Raises
    ------
    AnchorError
        If there are too few or too many anchors.
    BvaeError
        If a number is out of its range.
    """

    point: Place
    anchors: tuple[Place, ...]
    mode: Mode = "path"
    interpolation: PathKind = "straight"
    frames: int = 12
    rows: int = 5
    columns: int = 12
    dimension: int | None = 0
    over: RangeKind = "sigmas"
    extent: float | None = None
    kept: tuple[Place, ...] = ()
    selection: tuple[int, ...] = ()
    equation: Equation | None = None
    own: OwnImage | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """All places in it."""
        reckoned = () if self.equation is None else self.equation.places
        return (self.point, *self.anchors, *self.kept, *reckoned)

    def __post_init__(self) -> None:
        fewest = CORNERS if self.mode == "grid" else ANCHORS[0]
        if not fewest <= len(self.anchors) <= ANCHORS[1]:
            raise AnchorError(
                f"anchors: Expected {fewest} to {ANCHORS[1]}. Received: {len(self.anchors)}."
            )
        latent_dim = len(self.point.z)
        for name, value, (low, high) in (
            ("frames", self.frames, FRAMES),
            ("rows", self.rows, SIDE),
            ("columns", self.columns, SIDE),
            ("dimension", (self.dimension or 0) + 1, (1, latent_dim)),
        ):
            if not low <= value <= high:
                raise BvaeError(f"{name}: Expected {low} to {high}. Received: {value}.")
        if len(self.kept) > KEPT:
            raise AnchorError(f"kept: Expected at most {KEPT} points. Received: {len(self.kept)}.")
        for place in self.places:
            if len(place.z) != latent_dim or not np.isfinite(place.z).all():
                raise AnchorError(
                    f"{place.text}: Expected {latent_dim} finite coordinates. Received: {place.z}."
                )
