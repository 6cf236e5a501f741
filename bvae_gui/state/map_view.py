"""`MapView`: what the map shows of the open model, and where latent space is on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from bvae_core.errors import BvaeError
from bvae_core.figures.layers import Layers
from bvae_core.latent import Projection, in_plane
from bvae_gui.state.opened import Opened, View, needed
from bvae_gui.state.quantity import Quantity


class MapView:
    """Along what one looks, and what is drawn of it; undo takes nothing of it back.

    Everything but `layers`, `hidden` and `quantity` needs an open model, and raises a BvaeError
    before.

    Signals
    -------
    view_changed()
        `projection`, and so `shown`, is another.
    layers_changed()
        `layers` are others.
    classes_changed()
        Classes were hidden or shown.
    quantity_changed()
        Dots have the colours of another quantity, or those of their classes again.
    """

    view_changed = Signal()
    layers_changed = Signal()
    classes_changed = Signal()
    quantity_changed = Signal()

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._layers = Layers()
        self._hidden: frozenset[int] = frozenset()

    def show(self, opened: Opened) -> None:
        """Show another model, all classes of it; no signal says so but `bundle_changed`."""
        self._opened = opened
        self._hidden = frozenset()

    @property
    def _now(self) -> Opened:
        return needed(self._opened)

    # -- along what one looks ----------------------------------------------------------------

    @property
    def view(self) -> View:
        """What the map shows."""
        return self._now.view

    def look_along(self, view: View) -> None:
        """Show two dimensions, counted from 0, the plane of the largest variance, or the UMAP.

        Raises
        ------
        BvaeError
            If there is no such UMAP in the cache; nothing changes then.
        """
        if view != self.view:
            self._now.look_along(view)
            self.view_changed.emit()

    @property
    def projection(self) -> Projection:
        """From latent space to the map and back."""
        return self._now.projection

    @property
    def shown(self) -> NDArray[np.float32]:
        """Where all codes are on the map, (N, 2) float32."""
        return self._now.shown

    def to_plane(self, z: ArrayLike) -> NDArray[np.float32]:
        """Return where codes (n, d) are on the map, (n, 2) float32; in one dimension y is 0."""
        return in_plane(self.projection.project(z))

    def from_plane(self, x: float, y: float, at: ArrayLike | None = None) -> NDArray[np.float32]:
        """Return the place at a point of the map, (d,) float32.

        What the map doesn't show stays as at the place `at`, by default the pinned point. A UMAP
        shows no place but the codes' own exactly: see `projection.is_exact`.
        """
        seen = len(self.projection.names)
        start = self._now.scene.point.point if at is None else at
        place: NDArray[np.float32] = self.projection.inverse([[x, y][:seen]], at=start)[0]
        return place

    # -- what is drawn -----------------------------------------------------------------------

    @property
    def layers(self) -> Layers:
        """What the map shows, one over the other."""
        return self._layers

    def show_layers(self, layers: Layers) -> None:
        """Have the map show other layers; this needs no open model."""
        if layers != self._layers:
            self._layers = layers
            self.layers_changed.emit()

    @property
    def hidden(self) -> frozenset[int]:
        """The classes that the map doesn't show."""
        return self._hidden

    @property
    def is_shown(self) -> NDArray[np.bool_]:
        """(N,) bool: the images whose class is not hidden, and that so can be selected."""
        model = self._now.bundle
        if model.labels is None or not self._hidden:
            return np.ones(len(model.latents), np.bool_)
        return ~np.isin(model.labels, list(self._hidden))

    def hide(self, labels: Iterable[int]) -> None:
        """Hide these classes, and show all others."""
        hidden = frozenset(labels)
        if hidden != self._hidden:
            self._hidden = hidden
            self.classes_changed.emit()

    def toggle_class(self, label: int) -> None:
        """Hide a class that is shown, show one that is hidden."""
        self.hide(self._hidden ^ {label})

    def isolate_class(self, label: int) -> None:
        """Show this class alone; if it is alone already, show all."""
        self.hide(isolated(label, len(self._now.bundle.class_names), self._hidden))

    @property
    def quantity(self) -> Quantity | None:
        """What the colours of the dots say; None where they say the classes."""
        return None if self._opened is None else self._opened.quantity

    def colour_by(self, quantity: Quantity | None) -> None:
        """Colour the dots by a quantity, or else by their classes; a BvaeError if it won't fit."""
        count = len(self._now.bundle.latents)
        if quantity is not None and quantity.values.shape != (count,):
            raise BvaeError(
                f"{quantity.name}: Expected {count} numbers, one for each image. "
                f"Received: {quantity.values.shape}."
            )
        self._now.quantity = quantity
        self.quantity_changed.emit()


def isolated(label: int, class_count: int, hidden: frozenset[int]) -> frozenset[int]:
    """Return what to hide for one class to be seen alone, or for all to be if it is already."""
    others = frozenset(range(class_count)) - {label}
    return frozenset() if hidden == others else others
