"""Arithmetic with places: sums such as A − B + C, and directions in which an attribute grows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import _check


def combine(terms: Sequence[tuple[float, ArrayLike]]) -> NDArray[np.float32]:
    """Return the weighted sum of places.

    Parameters
    ----------
    terms
        Weight and place (d,) of each, at least one; finite.

    Returns
    -------
    (d,) float32.

    Raises
    ------
    AnchorError
        If there are none, if they are not of the same number of dimensions, or if a place or the
        sum is not finite in float32.
    BvaeError
        If a weight is not finite.

    Examples
    --------
    >>> combine([(1, [3, 1]), (-1, [1, 1]), (1, [0, 2])])
    array([2., 2.], dtype=float32)
    """
    if not terms:
        raise AnchorError("terms: Expected at least one place. Received: none.")
    weights = np.array([weight for weight, _ in terms], np.float64)
    if not np.isfinite(weights).all():
        raise BvaeError(f"weights: Expected finite numbers. Received: {weights.tolist()}.")
    places = [_check.points("place", place, ndim=1) for _, place in terms]
    sizes = {len(place) for place in places}
    if len(sizes) > 1:
        raise AnchorError(
            "places: Expected the same number of dimensions. "
            f"Received: {', '.join(map(str, sorted(sizes)))}."
        )
    with np.errstate(over="ignore"):  # refused below
        total = (weights[:, None] * np.stack(places).astype(np.float64)).sum(axis=0)
    return _check.points("sum", total, ndim=1)


def analogy(a: ArrayLike, b: ArrayLike, c: ArrayLike, strength: float = 1.0) -> NDArray[np.float32]:
    """Return C + strength · (A − B): what is to C as A is to B, (d,) float32.

    Larsen et al. 2016, "Autoencoding beyond pixels using a learned similarity metric", have it for
    attributes; Mikolov et al. 2013 for words. Errors are those of `combine`.
    """
    return combine([(strength, a), (-strength, b), (1.0, c)])


def attribute_direction(having: ArrayLike, lacking: ArrayLike) -> NDArray[np.float32]:
    """Return the difference of two selections' means, (d,) float32.

    Added to a place it lets what distinguishes the first selection grow there.

    Parameters
    ----------
    having, lacking
        (n, d) and (m, d) codes, finite, at least one each.

    Raises
    ------
    AnchorError
        If a selection is empty or not finite, or their dimensions differ.
    """
    means = []
    for name, codes in (("having", having), ("lacking", lacking)):
        points = _check.points(name, codes)
        if len(points) == 0:
            raise AnchorError(f"{name}: Expected at least one image. Received: none.")
        means.append(points.mean(axis=0, dtype=np.float64))
    return combine([(1.0, means[0]), (-1.0, means[1])])
