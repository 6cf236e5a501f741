"""Figures of a model and their files: latent maps, morph strips, grids and animations.

Drawn with matplotlib's objects; no window, no pyplot and no global setting is touched.
"""

from bvae_core.figures.animation import ANIMATION_SUFFIXES, save_animation
from bvae_core.figures.exports import (
    Explorable,
    export_grid,
    export_map,
    export_morph,
    export_traversal,
)
from bvae_core.figures.ink import Ink, ink_ramp, to_rgb8
from bvae_core.figures.lettering import kana_font_path
from bvae_core.figures.maps import latent_map
from bvae_core.figures.metadata import read_metadata
from bvae_core.figures.saving import FIGURE_SUFFIXES, save_figure
from bvae_core.figures.sheets import image_grid, morph_strip
from bvae_core.figures.theme import DARK, LIGHT, Theme, ThemeName, get_theme

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
