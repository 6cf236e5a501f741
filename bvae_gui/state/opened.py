"""`Opened`: an open model, its scene, and what is computed from them when it is first asked for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bvae_core.bundle import Bundle
from bvae_core.directions import settled_text
from bvae_core.errors import AnchorError
from bvae_core.latent import (
    Neighbours,
    Typicality,
    Ways,
    centroid,
    default_projection,
    exemplar,
    find_class,
    parse_anchor,
    principal_axes,
    resolve,
    spread_out,
    traversal,
    traversal_bounds,
    two_axes,
)
from bvae_gui.state.scene import CORNERS, Place, Scene

if TYPE_CHECKING:
    from bvae_core.originals import Originals

#: What the map shows: two dimensions, or the plane of the largest variance.
View: TypeAlias = tuple[int, int] | Literal["principal"]


class Opened:
    """An open model; `ExplorerState` alone changes it.

    Parameters
    ----------
    bundle
        The model.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.view: View = "principal" if bundle.latents.shape[1] > 2 else (0, 1)
        self.projection = default_projection(bundle.latents)
        self.originals: Originals | None = None
        self.class_place = cache(self._class_place)  # exemplars take a while to find
        ends = tuple(itertools.islice(self._notable_places(), 2))
        self.scene = Scene(point=ends[0], anchors=ends)

    def look_along(self, view: View) -> None:
        """Show two dimensions, or the plane of the largest variance."""
        codes = self.bundle.latents
        self.projection = (
            principal_axes(codes) if view == "principal" else two_axes(codes.shape[1], view)
        )
        self.view = view
        self.__dict__.pop("shown", None)

    @cached_property
    def shown(self) -> NDArray[np.float32]:
        """Where all codes are on the map, (N, 2); a single dimension is spread out upwards."""
        shown = self.projection.project(self.bundle.latents)
        return shown if shown.shape[1] == 2 else spread_out(shown)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The index over all codes."""
        return Neighbours(self.bundle.latents)

    @cached_property
    def typicality(self) -> Typicality:
        """What ranks places by how likely they are under all codes."""
        return Typicality(self.bundle.latents)

    @cached_property
    def ways(self) -> Ways:
        """All kinds of way through the latent space."""
        return Ways(self.bundle.decode, self.bundle.latents)

    @cached_property
    def kl_per_dim(self) -> NDArray[np.float64]:
        """The mean KL of each dimension, (d,) nats."""
        mean = self.bundle.latents.astype(np.float64)
        log_var = self.bundle.log_var.astype(np.float64)
        kl: NDArray[np.float64] = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).mean(axis=0)
        return kl

    @cached_property
    def places(self) -> NDArray[np.float32]:
        """Where the morph's frames are, (n, d); a grid's row by row."""
        scene = self.scene
        anchors = np.array([anchor.z for anchor in scene.anchors], np.float32)
        match scene.mode:
            case "path":
                # Good enough to look at, and soon found; a file has it refined.
                kind = scene.interpolation
                return self.ways.path(anchors, scene.frames, kind, refined=False)
            case "grid":
                corners = anchors[:CORNERS]
                grid = self.ways.grid(corners, scene.rows, scene.columns, scene.interpolation)
                return grid.reshape(-1, grid.shape[-1])
            case "traversal":
                bounds = traversal_bounds(self.bundle.latents, scene.over, scene.extent)
                return traversal(
                    scene.point.point, scene.dimension, bounds[scene.dimension], scene.frames
                )

    @cached_property
    def images(self) -> NDArray[np.float32]:
        """The morph's frames, (n, H, W[, 3]) in [0, 1]."""
        return self.bundle.decode(self.places)

    def forget_morph(self) -> None:
        """Compute places and images anew when they are asked for next."""
        self.__dict__.pop("places", None)
        self.__dict__.pop("images", None)

    def place(self, text: str) -> Place:
        """Find the place that people call so; an AnchorError if there is none.

        What it is called then lasts: directions are in it by their coordinates.
        """
        bundle = self.bundle
        settled = settled_text(bundle, text)
        z = resolve(parse_anchor(settled), bundle.latents, bundle.labels, bundle.class_names)
        return Place(settled, tuple(z.tolist()))

    def _class_place(self, label: int, *, mean: bool) -> Place:
        names = self.bundle.class_names
        prefix = "centroid" if mean else "class"
        for text in (names[label], str(label)):
            try:
                if find_class(text, names) == label:
                    return self.place(f"{prefix}:{text}")
            except AnchorError:  # several are called so
                continue
        latents, labels = self.bundle.latents, self.bundle.labels
        if labels is None:
            raise AnchorError(f"class {label}: Expected images with classes. Received: none.")
        if mean:
            return Place.at(centroid(latents, labels, label))
        return self.place(f"#{exemplar(latents, labels, label)}")

    def spare_places(self, taken: tuple[Place, ...]) -> Iterator[Place]:
        """Give places for further anchors: notable ones first, then those that are taken."""
        for place in self._notable_places():
            if place not in taken:
                yield place
        yield from itertools.cycle(taken)

    def _notable_places(self) -> Iterator[Place]:
        """Give a typical image of each class, or else images far apart."""
        codes, labels = self.bundle.latents, self.bundle.labels
        if labels is not None and len(present := np.unique(labels)) > 1:
            for label in present:
                yield self.class_place(int(label), mean=False)
        else:
            widest = int(codes.var(axis=0).argmax())
            order = codes[:, widest].argsort(kind="stable")
            for share in (0.1, 0.9, 0.3, 0.7):
                yield self.place(f"#{order[int(share * (len(order) - 1))]}")
