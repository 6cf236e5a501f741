"""Attribute directions: what tells some images from others, saved by name with a model.

A direction is the difference of two means of codes (Larsen et al. 2016, "Autoencoding beyond pixels
using a learned similarity metric"). It is a term of sums, as in ``sum:き + 2*direction:slanted``.
Such a text means something only where the direction is saved, and only while it stays the same; so
what is to last, such as a figure's metadata, gets it with coordinates in the direction's stead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bvae_core.annotations import Annotated, load_annotations
from bvae_core.errors import AnchorError
from bvae_core.indices import format_indices, parse_indices
from bvae_core.latent import (
    Anchor,
    ClassAnchor,
    PointAnchor,
    SumAnchor,
    anchor_text,
    attribute_direction,
    find_class,
    parse_anchor,
    resolve,
    with_directions,
)

#: A text of more characters is replaced by coordinates: recipes have room for twice as many.
_LONGEST_TEXT = 2000
#: How a group of images begins that is given by their indices.
_IMAGES = "images:"


class Classified(Annotated, Protocol):
    """What has directions saved with it, and codes in classes; a `Bundle` has."""

    @property
    def class_names(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def labels(self) -> NDArray[np.int64] | None: ...  # noqa: D102


def settled_anchor(model: Classified, text: str) -> Anchor:
    """Read a place, with coordinates in the stead of directions.

    Parameters
    ----------
    model
        Whose directions are meant.
    text
        As people type places, see `bvae_core.latent.anchors`.

    Raises
    ------
    AnchorError
        If it is no place, or the model has no such direction.
    AnnotationError
        If the file with the directions can't be used.
    """
    anchor = parse_anchor(text)
    if isinstance(anchor, SumAnchor) and anchor.has_directions:
        return _settle(model, with_directions(anchor, load_annotations(model).directions))
    return anchor


def settled_text(model: Classified, text: str) -> str:
    """Return a place's text, with coordinates in the stead of directions; errors as above."""
    anchor = parse_anchor(text)
    if isinstance(anchor, SumAnchor) and anchor.has_directions:
        return anchor_text(settled_anchor(model, text))
    return text


def _settle(model: Classified, anchor: Anchor) -> Anchor:
    """Return the place by its coordinates if its text is too long to be passed on."""
    if len(anchor_text(anchor)) <= _LONGEST_TEXT:
        return anchor
    place = resolve(anchor, model.latents, model.labels, model.class_names)
    return PointAnchor(tuple(float(str(value)) for value in place))


def direction_between(
    model: Classified, having: str, lacking: str | None, selections: Mapping[str, Sequence[int]]
) -> NDArray[np.float32]:
    """Return what tells some images from others, (d,) float32.

    Parameters
    ----------
    model
        Whose codes are meant.
    having, lacking
        A saved selection, ``images:1,5,9-20`` as `images_group` writes it, or else a class as in
        anchors; no `lacking` is all other images.
    selections
        The saved selections, by name.

    Raises
    ------
    AnchorError
        If there is neither a selection nor a class called so, or as `direction_of` does.
    DataError
        If there are no images of such indices.
    """
    others = None if lacking is None else _group(model, lacking, selections)
    return direction_of(model, _group(model, having, selections), others)


def images_group(indices: Iterable[int]) -> str:
    """Write images by their indices, as a group that `direction_between` takes."""
    return _IMAGES + format_indices(indices)


def direction_of(
    model: Annotated, having: NDArray[np.int64], lacking: NDArray[np.int64] | None
) -> NDArray[np.float32]:
    """Return what tells some images from others, (d,) float32.

    Parameters
    ----------
    model
        Whose codes are meant.
    having, lacking
        Indices of images; None is all others.

    Raises
    ------
    AnchorError
        If a group has no image, or both have the same mean.
    """
    codes = model.latents
    if lacking is None:
        lacking = np.setdiff1d(np.arange(len(codes)), having)
    direction = attribute_direction(codes[having], codes[lacking])
    if not direction.any():
        raise AnchorError(
            "direction: Expected two groups of images with different means. Received: the same."
        )
    return direction


def usual_name(having: str, lacking: str | None) -> str:
    """Return what a direction is called where nobody says."""
    return f"{having} not {lacking}" if lacking is not None else f"{having} not the rest"


def _group(
    model: Classified, name: str, selections: Mapping[str, Sequence[int]]
) -> NDArray[np.int64]:
    if name in selections:
        return np.asarray(selections[name], np.int64)
    if name.startswith(_IMAGES):
        return parse_indices(name.removeprefix(_IMAGES), len(model.latents))
    anchor = parse_anchor(name)
    if model.labels is not None and isinstance(anchor, ClassAnchor) and not anchor.mean:
        try:
            label = find_class(anchor.name, model.class_names)
        except AnchorError:
            raise _no_group(name, selections) from None
        return np.flatnonzero(model.labels == label)
    raise _no_group(name, selections)


def _no_group(name: str, selections: Mapping[str, Sequence[int]]) -> AnchorError:
    saved = ", ".join(selections) or "none"
    return AnchorError(
        f"{name!r}: Expected a saved selection ({saved}), a class of this model by its name, "
        f"romaji or number, or images such as {_IMAGES}1,5,9-20. Received: {name!r}."
    )
