"""`MapRecipe`: the latent map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.embeddings import check_embeddable, umap_projection
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.figures.maps import DPI, SIZE, TILE_EDGE, latent_map
from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.base import Recipe
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.recipes.places import anchor_places, check_axes, selected_images, way_through
from bvae_core.figures.theme import get_theme
from bvae_core.figures.underlays import Picture, Plane, Range
from bvae_core.latent import (
    ClassAnchor,
    Projection,
    default_projection,
    find_class,
    parse_anchor,
    two_axes,
)


@dataclass(frozen=True, kw_only=True)
class MapRecipe(Recipe):
    """The latent map, with a morph's way where there are anchors.

    Parameters
    ----------
    anchors
        2 to 8 places, or none.
    frames, path
        Of the way, see `bvae_core.latent.Ways.path`.
    axes
        Two dimensions to look at; by default the principal axes where there are more than two.
    projection
        ``linear``: `axes`. ``umap``: the codes' UMAP, see `bvae_core.embeddings`, for spaces of
        more than two dimensions; it is computed if the cache hasn't got it.
    density, dots, names, magnification, manifold, spacing
        What the map shows, see `bvae_core.figures.layers.Layers`.
    at
        The place that the plane of manifold and magnification goes through, where there are more
        dimensions than the map shows; by default the middle of all codes, or, along two
        dimensions, the origin.
    classes
        Names of the classes to show, as people type them; by default all.
    selection
        Indices of images, ``1,5,9-20`` or as `bvae_core.indices.format_indices` writes them: the
        dots of all others are grey. It is not the name of a saved selection, which may change, and
        which whoever opens the figure elsewhere hasn't got.
    ink
        Of the manifold.
    """

    kind: ClassVar[str] = "map"

    anchors: setting.AnchorsOrNone = ()
    frames: setting.Frames = 12
    path: setting.Path = "straight"
    axes: setting.AxesOrDefault = None
    projection: setting.ProjectionChoice = "linear"
    density: setting.Density = True
    dots: setting.Dots = True
    names: setting.Names = True
    magnification: setting.Magnification = False
    manifold: setting.Manifold = False
    spacing: setting.SpacingChoice = "even"
    at: setting.AnchorOrOrigin = None
    classes: setting.Classes = ()
    selection: setting.Selection = ""
    labels: setting.Labels = True
    ink: setting.InkChoice = "paper"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.projection == "umap" and self.axes is not None:
            raise BvaeError(
                "axes: Expected none for a UMAP, which shows all dimensions. Received: "
                f"{setting.shown(self.axes)}."
            )
        if self.projection == "umap" and self.magnification:
            raise BvaeError(
                "magnification: Expected a map along axes or principal axes, since a UMAP has no "
                "measure of its own. Received: a UMAP."
            )

    def check(self, model: Explorable) -> None:  # noqa: D102
        anchor_places(model, self.anchors)
        selected_images(model, self.selection)
        self._at(model)
        self._visible(model)
        if self.projection == "umap":
            check_embeddable(model)
        elif self.axes is not None:
            check_axes(model, self.axes)
        if self.magnification and model.latents.shape[1] < 2:
            raise BvaeError(
                "magnification: Expected a space of two dimensions or more. Received: one of 1."
            )

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: ARG002, D102
        return round(SIZE[0] * DPI), round(SIZE[1] * DPI)

    def figure(self, model: Explorable) -> Figure:  # noqa: D102
        self.check(model)
        view, visible = self._projection(model), self._visible(model)
        anchors = anchor_places(model, self.anchors) if self.anchors else None
        selected = selected_images(model, self.selection)
        is_counted = np.ones(len(model.latents), np.bool_)
        if visible is not None and model.labels is not None:
            is_counted = np.isin(model.labels, visible)
        if len(selected):
            is_counted &= np.isin(np.arange(len(is_counted)), selected)
        count = f"{len(model.latents):,} images"
        if not is_counted.all():
            count = f"{is_counted.sum():,} of {count}"
        if len(selected):
            count = f"{count} selected"
        return latent_map(
            model.latents,
            model.labels,
            model.class_names,
            projection=view,
            path=None if anchors is None else way_through(model, anchors, self.frames, self.path),
            anchors=anchors,
            title=f"{model.name} · {count}",
            density=self.density,
            underlays=lambda bounds, scale: self._underlays(model, view, bounds, scale),
            dots=self.dots,
            names=self.names,
            captions=self.labels,
            theme=self.theme,
            visible=visible,
            selected=selected if len(selected) else None,
        )

    def _projection(self, model: Explorable) -> Projection:
        if self.projection == "umap":
            return umap_projection(model)
        if self.axes is None:
            return default_projection(model.latents)
        return two_axes(model.latents.shape[1], self.axes)

    def _at(self, model: Explorable) -> NDArray[np.float32] | None:
        return None if self.at is None else anchor_places(model, [self.at])[0]

    def _underlays(
        self, model: Explorable, view: Projection, bounds: tuple[Range, Range], scale: Range
    ) -> list[Picture]:
        plane = Plane(model, view, self._at(model))
        look = get_theme(self.theme)
        pictures: list[Picture] = []
        if self.magnification:
            pictures.append(plane.relief(bounds, look))
        if self.manifold:
            tiles = plane.tiling(bounds, scale, spacing=self.spacing, edge=TILE_EDGE)
            pictures.append(plane.manifold(tiles, scale, look, self.ink))
        return pictures

    def _visible(self, model: Explorable) -> list[int] | None:
        """Return the labels of the classes to show, None for all."""
        if not self.classes:
            return None
        if model.labels is None:
            raise AnchorError(
                "classes: Expected none, since this model's images have no classes. "
                f"Received: {setting.shown(list(self.classes))}."
            )
        if len(self.classes) > len(model.class_names):
            raise AnchorError(
                f"classes: Expected at most {len(model.class_names)}. "
                f"Received: {len(self.classes)}."
            )
        return [_label(model, text) for text in self.classes]


def _label(model: Explorable, text: str) -> int:
    """Return the label of a class that is named as in an anchor."""
    anchor = parse_anchor(text)
    if not isinstance(anchor, ClassAnchor) or anchor.mean:
        raise AnchorError(
            f"{text!r}: Expected a class by its name, romaji or number. Received: {text!r}."
        )
    return find_class(anchor.name, model.class_names)
