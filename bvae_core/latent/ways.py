"""All kinds of way through one model's latent space, behind one door."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.latent.grids import corner_grid
from bvae_core.latent.measures import WayMeasures, measure_way
from bvae_core.latent.metric import Decode
from bvae_core.latent.paths import LineKind, PathKind, path
from bvae_core.latent.typicality import Typicality

if TYPE_CHECKING:  # what they stand on is slow to import, and most ways are straight
    from bvae_core.latent.dense_ways import DenseWays
    from bvae_core.latent.geodesics import Geodesics


class Ways:
    """Ways from anchor to anchor, of every kind.

    What the ways that follow the data need is made when the first of them is asked for, and kept.

    Parameters
    ----------
    decode
        From places (n, d) float32 to images (n, …).
    latents
        (N, d), finite, N ≥ 1.

    Examples
    --------
    >>> from bvae_core import load_bundle
    >>> demo = load_bundle("demo")
    >>> ways = Ways(demo.decode, demo.latents)
    >>> ways.path([[-2, 0], [2, 0]], 9, "geodesic").shape
    (9, 2)
    """

    def __init__(self, decode: Decode, latents: ArrayLike) -> None:
        self._decode = decode
        self._latents = latents
        self._prepared: set[PathKind] = set(get_args(LineKind))

    @cached_property
    def typicality(self) -> Typicality:
        """What ranks places by how likely they are under all codes."""
        return Typicality(self._latents)

    @cached_property
    def geodesics(self) -> Geodesics:
        """The ways along which the images change as little as they can."""
        from bvae_core.latent.geodesics import Geodesics

        return Geodesics(self._decode, self._latents)

    @cached_property
    def dense(self) -> DenseWays:
        """The ways that stay where codes lie densely."""
        from bvae_core.latent.dense_ways import DenseWays

        return DenseWays(self._latents)

    def prepare(self, kind: PathKind) -> None:
        """Make now what ways of this kind need, which may take a second with a slow decoder."""
        if kind == "geodesic":
            self.geodesics.prepare()
        elif kind == "dense":
            self.dense.prepare()
        self._prepared.add(kind)

    def is_prepared(self, kind: PathKind) -> bool:
        """Whether what ways of this kind need is there; lines need nothing."""
        return kind in self._prepared

    def sketch(
        self, anchors: ArrayLike, frames: int, kind: PathKind = "straight"
    ) -> NDArray[np.float32] | None:
        """Go a way that can be found between two frames of a drag, if there is one.

        Nothing is decoded. Lines are as they are; ways that follow the data are close to those of
        `path`, and of several that are as good it may be another one each time.

        Parameters
        ----------
        anchors, frames, kind
            As in `path`, and so are errors.

        Returns
        -------
        (frames, d) float32, or None where that takes longer: before `prepare`, and of geodesics in
        other spaces than the plane.
        """
        if not self.is_prepared(kind):
            return None
        match kind:
            case "geodesic":
                return self.geodesics.sketch(anchors, frames)
            case "dense":
                return self.dense.sketch(anchors, frames)
            case _:
                return path(anchors, frames, kind)

    def measure(self, anchors: ArrayLike, frames: int, kind: PathKind = "straight") -> WayMeasures:
        """Measure the way that `path` goes from anchor to anchor; see `measure_way`."""
        way = self.path(anchors, frames, kind)
        return measure_way(way, self._decode(way), self.typicality)

    def path(
        self,
        anchors: ArrayLike,
        frames: int,
        kind: PathKind = "straight",
        *,
        refined: bool = True,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> NDArray[np.float32]:
        """Go from anchor to anchor.

        Whatever the kind: every segment between two anchors takes the same share of the frames, the
        ends are exactly the anchors, and the way back is the way there, reversed.

        Parameters
        ----------
        anchors
            (k, d), k ≥ 2, finite.
        frames
            2 to 10,000.
        kind
            ``straight`` lines, ``spherical`` ones around the origin, a ``geodesic`` of the decoder
            (see `Geodesics`), or one that stays in ``dense`` regions (see `DenseWays`).
        refined
            Of geodesics: False for a first look, which takes some hundred decodes.
        is_wanted
            Of geodesics: asked now and then; once it says False, the way stays as it is by then.

        Returns
        -------
        (frames, d) float32.

        Raises
        ------
        AnchorError
            If there are fewer than two anchors or one is not finite.
        BvaeError
            If `frames` is out of its range.
        """
        match kind:
            case "geodesic":
                return self.geodesics.path(anchors, frames, refined=refined, is_wanted=is_wanted)
            case "dense":
                return self.dense.path(anchors, frames)
            case _:
                return path(anchors, frames, kind)

    def grid(
        self, corners: ArrayLike, rows: int, columns: int, kind: PathKind = "straight"
    ) -> NDArray[np.float32]:
        """Fill the grid between four anchors; see `corner_grid`.

        Rows of ways that follow the data are each found on their own: where two ways around
        something are about as good, neighbouring rows may take different ones.
        """

        def way(ends: ArrayLike, frames: int) -> NDArray[np.float32]:
            return self.path(ends, frames, kind, refined=False)

        return corner_grid(corners, rows, columns, way)
