"""What napari's Layers menu offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bvae_core.errors import BvaeError
from bvae_gui.napari.host import dock
from bvae_gui.napari.notifications import report, show_info
from bvae_gui.napari.widgets import EXPLORER, TRAINING, LatentExplorer, TrainingWidget

if TYPE_CHECKING:
    from napari import Viewer


def explore_layer(viewer: Viewer) -> None:
    """Show the active layer on the map of the latent explorer, which opens if it isn't there."""
    _hand_over(viewer, dock(viewer, LatentExplorer, EXPLORER))


def train_on_layer(viewer: Viewer) -> None:
    """Prepare a training on the active layer."""
    _hand_over(viewer, dock(viewer, TrainingWidget, TRAINING))


def _hand_over(viewer: Viewer, widget: LatentExplorer | TrainingWidget) -> None:
    layer = viewer.layers.selection.active
    if layer is None:
        show_info("Select a layer first: an image, or labels, points or shapes on one.")
        return
    try:
        widget.take(layer)
    except BvaeError as error:
        report(error)
