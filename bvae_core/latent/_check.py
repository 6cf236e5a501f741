"""What the geometry accepts: finite points, and counts in their range."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import AnchorError, BvaeError


def points(what: str, values: ArrayLike, *, ndim: int = 2) -> NDArray[np.float32]:
    """Return `values` as float32, which is what a decoder takes.

    Raises
    ------
    AnchorError
        If they have not `ndim` axes, no dimension, or a number that is not finite in float32.
    """
    with np.errstate(over="ignore"):  # too large becomes infinite, which is refused below
        array = np.asarray(values, dtype=np.float32)
    if array.ndim != ndim or array.shape[-1] == 0:
        form = "(d,)" if ndim == 1 else "(n, d)"
        raise AnchorError(f"{what}: Expected shape {form} with d ≥ 1. Received: {array.shape}.")
    if not np.isfinite(array).all():
        raise AnchorError(f"{what}: Expected finite numbers. Received: a NaN or an infinity.")
    return array


def codes(latents: ArrayLike) -> NDArray[np.float32]:
    """Return a model's codes as float32; an AnchorError if there are none."""
    array = points("latents", latents)
    if len(array) == 0:
        raise AnchorError("latents: Expected at least one code. Received: none.")
    return array


def within(anchors: ArrayLike, latents: NDArray[np.float32]) -> None:
    """Raise an AnchorError if anchors are no places among such codes."""
    received = points("anchors", anchors).shape[1]
    if received != latents.shape[1]:
        raise AnchorError(f"anchor: Expected {latents.shape[1]} numbers. Received: {received}.")


def whole(what: str, value: int, low: int, high: int) -> int:
    """Return `value` if it is a whole number from `low` to `high`; a BvaeError otherwise."""
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not (is_whole and low <= value <= high):
        raise BvaeError(
            f"{what}: Expected a whole number from {low} to {high}. Received: {value!r}."
        )
    return int(value)
