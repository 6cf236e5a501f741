"""Maps that are known only where the images' own codes are on them: between, neighbours speak."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import _check
from bvae_core.latent.neighbours import Neighbours

_NEAREST = 8


class NeighbourProjection:
    """A map on which each image's code has a given point, as UMAP gives them; a `Projection`.

    A place between the codes is shown at the mean of its nearest codes' points, and a point between
    the dots stands for the mean of its nearest dots' codes, weighted by inverse distances (Shepard
    1968). So both ways are approximate, and don't undo one another, but exactly at the codes: a dot
    stands for its own code, and this code is shown at its dot.

    Parameters
    ----------
    latents
        (N, d) float32, the images' codes, finite.
    points
        (N, 2) float32, where they are on the map, finite.
    names
        Of the map's two axes.

    Raises
    ------
    AnchorError
        If there are no codes, not as many points, or a number is not finite.
    """

    is_exact = False

    def __init__(self, latents: ArrayLike, points: ArrayLike, names: tuple[str, str]) -> None:
        self._codes, self._points = _check.codes(latents), _check.points("points", points)
        self.names: tuple[str, ...] = names
        if self._points.shape != (len(self._codes), 2):
            raise AnchorError(
                f"points: Expected shape ({len(self._codes)}, 2). Received: {self._points.shape}."
            )

    def project(self, codes: ArrayLike) -> NDArray[np.float32]:
        """Return where codes (n, d) are on the map, (n, 2) float32."""
        return _between(_check.points("codes", codes), self._of_codes, self._points)

    def inverse(
        self,
        places: ArrayLike,
        at: ArrayLike | None = None,  # noqa: ARG002 - all dimensions are shown
    ) -> NDArray[np.float32]:
        """Return the codes (n, d) float32 that points (n, 2) of the map stand for."""
        return _between(_check.points("places", places), self._of_points, self._codes)

    def dots(self, latents: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the points of the images' codes; an AnchorError if there are more or fewer."""
        if latents.shape != self._codes.shape:
            raise AnchorError(
                f"latents: Expected the codes of this map, {self._codes.shape}. "
                f"Received: {latents.shape}."
            )
        return self._points

    @cached_property
    def _of_codes(self) -> Neighbours:
        return Neighbours(self._codes)

    @cached_property
    def _of_points(self) -> Neighbours:
        return Neighbours(self._points)


def _between(
    places: NDArray[np.float32], known: Neighbours, values: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return a mean of the values (N, p) that the nearest known places have, (n, p)."""
    count = min(_NEAREST, len(values))
    means = np.empty((len(places), values.shape[1]), np.float32)
    for mean, place in zip(means, places, strict=True):
        nearest, distances = known.nearest(place, count)
        if distances[0] == 0:
            mean[:] = values[nearest[0]]
        else:
            weights = distances[0] / distances  # at most 1, however near they are
            mean[:] = weights @ values[nearest] / weights.sum()
    return means
