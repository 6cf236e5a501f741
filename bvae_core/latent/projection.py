"""Views of a latent space of any dimension on a plane, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent import _check

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Projection(Protocol):
    """A map of a latent space, on a plane (p = 2) or, in a space of one dimension, a line (p = 1).

    All kinds are for d dimensions and give float32.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """The p names of the axes, as on a map."""

    @property
    def is_exact(self) -> bool:
        """Whether the place that a point of the map stands for is shown at that very point."""

    def project(self, codes: ArrayLike) -> NDArray[np.float32]:
        """Return where codes (n, d) are on the map, (n, p) float32."""

    def inverse(self, places: ArrayLike, at: ArrayLike | None = None) -> NDArray[np.float32]:
        """Return (n, p) points of the map as codes, (n, d) float32.

        `at`, (d,), is a code to go out from: what the map doesn't show stays as it is there.
        """

    def dots(self, latents: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return where the images' own codes, (N, d), are on the map, (N, p) float32."""


@dataclass(frozen=True, eq=False)
class LinearProjection:
    """An orthogonal projection on a plane (p = 2) or, in a space of one dimension, a line (p = 1).

    Parameters
    ----------
    origin
        (d,) float32, the point that projects to 0.
    directions
        (p, d) float32, orthonormal.
    names
        p names of the axes, as on a map.
    """

    origin: NDArray[np.float32]
    directions: NDArray[np.float32]
    names: tuple[str, ...]
    is_exact: bool = True

    def dots(self, latents: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (N, d) codes as (N, p) float32."""
        return self.project(latents)

    def project(self, codes: ArrayLike) -> NDArray[np.float32]:
        """Return (n, d) codes as (n, p) float32."""
        plane = (self._points(codes) - self.origin) @ self.directions.T
        return plane.astype(np.float32, copy=False)

    def inverse(self, places: ArrayLike, at: ArrayLike | None = None) -> NDArray[np.float32]:
        """Return (n, p) places as (n, d) codes, which agree with `at` in all that is not shown.

        Parameters
        ----------
        places
            (n, p), on the plane.
        at
            (d,), a code to go out from; the origin by default.
        """
        shown = _check.points("places", places)
        if shown.shape[1] != len(self.directions):
            raise AnchorError(
                f"places: Expected {len(self.directions)} coordinates. Received: {shown.shape[1]}."
            )
        start = self.origin if at is None else _check.points("at", at, ndim=1)
        moved = start + (shown - self.project(start[None])) @ self.directions
        return moved.astype(np.float32, copy=False)

    def _points(self, codes: ArrayLike) -> NDArray[np.float32]:
        points = _check.points("codes", codes)
        if points.shape[1] != len(self.origin):
            raise AnchorError(
                f"codes: Expected {len(self.origin)} dimensions. Received: {points.shape[1]}."
            )
        return points


def axis_name(dimension: int) -> str:
    """Return the name of a dimension counted from 0: ``z₁``."""
    return "z" + str(dimension + 1).translate(_SUBSCRIPTS)


def two_axes(latent_dim: int, axes: tuple[int, int] = (0, 1)) -> LinearProjection:
    """Look along all dimensions but two, counted from 0; in one dimension, at that one.

    Raises
    ------
    AnchorError
        If `axes` are not two different dimensions of the space.
    """
    shown = axes[: min(2, latent_dim)] if latent_dim > 1 else (0,)
    if len(set(shown)) != len(shown) or not all(0 <= axis < latent_dim for axis in shown):
        raise AnchorError(
            f"axes: Expected two different dimensions from 0 to {latent_dim - 1}. "
            f"Received: {' and '.join(map(str, axes))}."
        )
    unit = np.eye(latent_dim, dtype=np.float32)
    return LinearProjection(unit[0] * 0, unit[list(shown)], tuple(map(axis_name, shown)))


def principal_axes(latents: ArrayLike) -> LinearProjection:
    """Look at the plane in which the codes vary most (Pearson 1901), the same way each time.

    The axes' names say which share of the variance they show. Each axis points to where its
    largest component is positive.

    Parameters
    ----------
    latents
        (N, d), finite, N ≥ 2, d ≥ 2.

    Raises
    ------
    AnchorError
        If there are fewer codes or dimensions, or one is not finite.
    """
    codes = _check.points("latents", latents)
    if len(codes) < 2 or codes.shape[1] < 2:
        raise AnchorError(
            f"latents: Expected at least 2 codes of at least 2 dimensions. Received: {codes.shape}."
        )
    mean = codes.mean(axis=0, dtype=np.float64)
    centred = codes - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred / len(codes))
    variances, vectors = variances[::-1], vectors[:, ::-1].T
    leading = np.abs(vectors).argmax(axis=1)
    vectors *= np.sign(vectors[np.arange(len(vectors)), leading])[:, None]
    shares = np.maximum(variances, 0) / max(float(variances.sum()), np.finfo(float).tiny)
    names = tuple(
        f"PC {i + 1} ({share:.0%})".replace("%", " %") for i, share in enumerate(shares[:2])
    )
    return LinearProjection(mean.astype(np.float32), vectors[:2].astype(np.float32), names)


def default_projection(latents: NDArray[np.float32]) -> LinearProjection:
    """Return the axes themselves for one and two dimensions, the principal ones for more."""
    latent_dim = latents.shape[1]
    return two_axes(latent_dim) if latent_dim <= 2 else principal_axes(latents)


def in_plane(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return projected points, (n, 1) or (n, 2), in a plane, (n, 2): on a line y is 0."""
    return points if points.shape[1] == 2 else np.pad(points, ((0, 0), (0, 1)))


def spread_out(line: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give codes on a line, (N, 1), a second coordinate at random, as wide as the density there.

    Returns
    -------
    (N, 2) float32; the second coordinate is within ±1, the same on each call.
    """
    x = line[:, 0]
    counts, edges = np.histogram(x, bins=min(200, max(10, round(len(x) ** 0.5))))
    smooth = np.convolve(counts, np.ones(5) / 5, mode="same")
    width = np.interp(x, (edges[1:] + edges[:-1]) / 2, smooth / smooth.max())
    jitter = np.random.default_rng(0).uniform(-1, 1, len(x))
    return np.stack([x, width * jitter], axis=1).astype(np.float32)
