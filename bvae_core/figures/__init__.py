"""Figures of a model and their files: latent maps, morph strips, grids and animations.

Drawn with matplotlib's objects; no window, no pyplot and no global setting is touched. What stands
here is imported when it is first used, so that colours, ink and the font's file can be had without
matplotlib.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bvae_core.figures.animation import ANIMATION_SUFFIXES, save_animation
    from bvae_core.figures.exports import (
        Explorable,
        export_grid,
        export_map,
        export_morph,
        export_traversal,
    )
    from bvae_core.figures.ink import Ink, ink_ramp, to_rgb8
    from bvae_core.figures.kana_font import kana_font_path
    from bvae_core.figures.maps import latent_map
    from bvae_core.figures.metadata import read_metadata
    from bvae_core.figures.saving import FIGURE_SUFFIXES, save_figure
    from bvae_core.figures.sheets import image_grid, morph_strip
    from bvae_core.figures.theme import DARK, LIGHT, Theme, ThemeName, get_theme

_HOMES = {
    "ANIMATION_SUFFIXES": "animation",
    "DARK": "theme",
    "FIGURE_SUFFIXES": "saving",
    "LIGHT": "theme",
    "Explorable": "exports",
    "Ink": "ink",
    "Theme": "theme",
    "ThemeName": "theme",
    "export_grid": "exports",
    "export_map": "exports",
    "export_morph": "exports",
    "export_traversal": "exports",
    "get_theme": "theme",
    "image_grid": "sheets",
    "ink_ramp": "ink",
    "kana_font_path": "kana_font",
    "latent_map": "maps",
    "morph_strip": "sheets",
    "read_metadata": "metadata",
    "save_animation": "animation",
    "save_figure": "saving",
    "to_rgb8": "ink",
}

__all__ = [
    "ANIMATION_SUFFIXES",
    "DARK",
    "FIGURE_SUFFIXES",
    "LIGHT",
    "Explorable",
    "Ink",
    "Theme",
    "ThemeName",
    "export_grid",
    "export_map",
    "export_morph",
    "export_traversal",
    "get_theme",
    "image_grid",
    "ink_ramp",
    "kana_font_path",
    "latent_map",
    "morph_strip",
    "read_metadata",
    "save_animation",
    "save_figure",
    "to_rgb8",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
