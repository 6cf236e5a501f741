"""The widgets that napari docks. What they are made of is imported when one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bvae_gui.napari.host import Hosted, dock, unwrapped

if TYPE_CHECKING:
    from napari import Viewer
    from napari.layers import Layer

    from bvae_core.figures.theme import Theme
    from bvae_gui.napari.choice import Chosen


#: What the widgets are called in ``napari.yaml``.
EXPLORER, TRAINING = "Latent explorer", "Train a β-VAE"


class LatentExplorer(Hosted):
    """The explorer, beside the viewer's images.

    Parameters
    ----------
    napari_viewer
        napari injects it by this name.

    Attributes
    ----------
    view
        All that is in it.
    """

    def __init__(self, napari_viewer: Viewer) -> None:
        super().__init__(napari_viewer)
        from bvae_gui.napari.explorer import ExplorerView

        self.setAccessibleName("Latent explorer")
        self.view = ExplorerView(self.viewer, self)
        self.hold(self.view)
        self.change_theme()

    def take(self, layer: Layer) -> None:
        """Show a layer on the map; a BvaeError if it can't be."""
        self.view.explore(unwrapped(layer))

    def wear(self, theme: Theme) -> None:
        """Have the colours of a theme."""
        super().wear(theme)
        self.view.wear(theme)

    def wind_up(self) -> None:
        """Stop what goes on, and follow the viewer no longer."""
        self.view.end()


class TrainingWidget(Hosted):
    """Trainings on the viewer's images.

    Parameters
    ----------
    napari_viewer
        napari injects it by this name.

    Attributes
    ----------
    view
        All that is in it.
    """

    def __init__(self, napari_viewer: Viewer) -> None:
        super().__init__(napari_viewer)
        from bvae_gui.napari.training import TrainingView

        self.setAccessibleName("Training")
        self.view = TrainingView(self.viewer, self._show_model, self)
        self.hold(self.view)
        self.leave_to(self.view.jobs.close)
        self.change_theme()

    def take(self, layer: Layer) -> None:
        """Prepare a training on a layer; a BvaeError if there can be none."""
        self.view.take(unwrapped(layer))

    def wear(self, theme: Theme) -> None:
        """Have the colours of a theme."""
        super().wear(theme)
        self.view.wear(theme)

    def wind_up(self) -> None:
        """Stop what is being trained: it can be gone on with."""
        self.view.end()

    def _show_model(self, fingerprint: str, chosen: Chosen | None) -> None:
        """Open a model that was trained in the explorer, with what it was trained on."""
        explorer = dock(self.viewer, LatentExplorer, EXPLORER)
        explorer.view.show_model(fingerprint, chosen)
