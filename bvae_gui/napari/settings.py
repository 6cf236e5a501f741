"""The plugin's settings in napari's preferences, as ``napari.yaml`` declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from napari import settings as napari_settings

from bvae_core.figures.theme import Ink
from bvae_core.resources import DEMO

#: The plugin's name, as napari knows it: that of the distribution.
PLUGIN = "bvae-explorer"


@dataclass(frozen=True)
class Preferences:
    """What is chosen where the user has not said otherwise.

    Parameters
    ----------
    model
        What is open at first, see `bvae_core.store.load_bundle`.
    crop_size
        Side of crops in pixels; 0 is as large as the objects need.
    ink
        Whether grey images are ink on paper, or grey on black.
    longest_side
        Larger images are scaled down to so many pixels before a model is trained.
    """

    model: str = DEMO
    crop_size: int = 0
    ink: Ink = "screen"
    longest_side: int = 64


def preferences() -> Preferences:
    """Return the preferences; the usual ones where this napari keeps none for plugins."""
    read = getattr(napari_settings, "get_plugin_settings", None)
    if read is None:  # before napari 0.9
        return Preferences()
    try:
        chosen: Any = read(PLUGIN)
    except KeyError:  # the plugin was registered after the settings had been read
        return Preferences()
    explorer, training = chosen.explorer, chosen.training
    return Preferences(
        model=explorer.model.strip() or DEMO,
        crop_size=explorer.crop_size,
        ink="paper" if explorer.ink_on_paper else "screen",
        longest_side=training.longest_side,
    )
