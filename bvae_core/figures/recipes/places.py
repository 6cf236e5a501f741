"""What recipes ask of a model: its places, its dimensions, its images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bvae_core.codec import MAX_COORDINATE
from bvae_core.directions import settled_anchor
from bvae_core.errors import AnchorError, DataError
from bvae_core.figures.recipes.explorable import Explorable, Images
from bvae_core.figures.recipes.settings import shown
from bvae_core.indices import parse_indices
from bvae_core.latent import PathKind, Ways, anchor_label, axis_name, resolve


def anchor_places(model: Explorable, anchors: Sequence[str]) -> NDArray[np.float32]:
    """Return the places that the anchors name, (k, d); an AnchorError if one can't be decoded."""
    places = np.empty((len(anchors), model.latents.shape[1]), np.float32)
    for place, text in zip(places, anchors, strict=True):
        anchor = settled_anchor(model, text)
        place[:] = resolve(anchor, model.latents, model.labels, model.class_names)
        check_coordinates(shown(text), place)
    return places


def check_coordinates(name: str, place: NDArray[np.float32]) -> None:
    """Raise an AnchorError if a place (d,) is too far out to be decoded."""
    if np.abs(place).max() > MAX_COORDINATE:
        raise AnchorError(
            f"{name}: Expected coordinates within ±{MAX_COORDINATE:,.0f}. "
            f"Received: {np.abs(place).max():g}."
        )


def anchor_names(model: Explorable, anchors: Sequence[str]) -> list[str]:
    """Return what to write beside each anchor."""
    return [anchor_label(settled_anchor(model, text), model.class_names) for text in anchors]


def original_images(model: Explorable) -> Images:
    """Return the images that a model was trained on, read from where they were last.

    Raises
    ------
    DataError
        If they aren't there, or nobody has said where they are.
    """
    from bvae_core.bundle import Bundle
    from bvae_core.originals import find_originals

    found = None
    if isinstance(model, Bundle) and model.codes_of is None:
        found = find_originals(model)
    if found is None:
        raise DataError(
            f"originals: Expected the images that {model.name} was trained on to be at hand. "
            "Received: none; say where they are with bvae locate."
        )
    return found


def selected_images(model: Explorable, selection: str) -> NDArray[np.int64]:
    """Return the indices of selected images, rising; a DataError if the model lacks one of them."""
    return parse_indices(selection, len(model.latents))


def check_axes(model: Explorable, axes: Sequence[int], name: str = "axes") -> None:
    """Raise an AnchorError if the model has no such dimension, counted from 0."""
    latent_dim = model.latents.shape[1]
    for axis in axes:
        if axis >= latent_dim:
            raise AnchorError(
                f"{name}: Expected z₁ to {axis_name(latent_dim - 1)}, which this model has. "
                f"Received: {axis_name(axis)}."
            )


def way_through(
    model: Explorable, anchors: NDArray[np.float32], frames: int, kind: PathKind
) -> NDArray[np.float32]:
    """Return a way through anchors (k, d) in so many steps, (frames, d)."""
    return Ways(model.decode, model.latents).path(anchors, frames, kind)
