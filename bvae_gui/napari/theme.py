"""Which of our themes goes with napari's."""

from __future__ import annotations

from napari.utils.theme import get_theme as napari_theme
from qtpy.QtGui import QColor

from bvae_core.figures.theme import DARK, LIGHT, Theme


def theme_beside(name: str) -> Theme:
    """Return the theme to wear beside one of napari's, a plugin's own included, by its ground."""
    background = napari_theme(name).background
    return LIGHT if QColor(background.as_hex()).lightnessF() > 0.5 else DARK
