"""Where on a plane the codes of an image may lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError
from bvae_core.latent.projection import LinearProjection, Projection

_CORNERS = 64


def posterior_ellipse(
    projection: Projection, mean: ArrayLike, log_var: ArrayLike, sigmas: float = 1.0
) -> NDArray[np.float32]:
    """Outline the posterior q(z|x) = N(mean, diag(exp(log_var))) on a plane.

    What is projected of a normal distribution is one, too: with the directions P as rows, its
    covariance is P·diag(exp(log_var))·Pᵀ. The outline is also the shadow of the ellipsoid that is
    so many standard deviations from the mean in all d dimensions.

    Parameters
    ----------
    projection
        On the plane, p = 2, or a line, p = 1. On an approximate map a normal distribution has no
        such outline: it is all NaN there, which draws nothing.
    mean, log_var
        (d,) each, log_var the natural logarithm of the variance.
    sigmas
        How many standard deviations from the mean the outline is. In two dimensions 39 % of the
        distribution lie within one, 86 % within two.

    Returns
    -------
    ndarray
        (65, 2) float32, closed: the last point is the first. On a line the second coordinate is 0.

    Raises
    ------
    AnchorError
        If mean and log_var aren't d finite numbers each.
    """
    place, spread = np.asarray(mean, np.float64), np.asarray(log_var, np.float64)
    if place.shape != spread.shape or not np.isfinite(spread).all():
        raise AnchorError(
            f"log_var: Expected {place.size} finite numbers. Received: {spread.tolist()}."
        )
    if not isinstance(projection, LinearProjection):
        return np.full((_CORNERS + 1, 2), np.nan, np.float32)
    (centre,) = projection.project(place[None])
    directions = projection.directions.astype(np.float64)
    covariance = (directions * np.exp(spread)) @ directions.T
    turns = np.linspace(0, 2 * np.pi, _CORNERS + 1)
    if len(centre) == 1:
        across = sigmas * np.sqrt(covariance[0, 0]) * np.cos(turns)
        interval = np.stack([centre[0] + across, 0 * across], axis=1)
        return interval.astype(np.float32, copy=False)
    variances, axes = np.linalg.eigh(covariance)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    circle[-1] = circle[0]
    around = (circle * (sigmas * np.sqrt(np.maximum(variances, 0)))) @ axes.T
    outline: NDArray[np.float32] = (centre + around).astype(np.float32)
    return outline
