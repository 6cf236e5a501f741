"""Figures of a model and their files: latent maps, morph strips, grids and animations.

Drawn with matplotlib's objects; no window, no pyplot and no global setting is touched. What stands
here is imported when it is first used, so that colours, ink and the font's file can be had without
matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bvae_core._lazy import lazy_names

if TYPE_CHECKING:
    from bvae_core.figures.animation import save_animation
    from bvae_core.figures.ink import ink_ramp, to_rgb8
    from bvae_core.figures.kana_font import kana_font_path
    from bvae_core.figures.limits import ANIMATION_SUFFIXES, FIGURE_SUFFIXES
    from bvae_core.figures.maps import latent_map
    from bvae_core.figures.metadata import read_metadata
    from bvae_core.figures.recipes import (
        RECIPES,
        ContactRecipe,
        EquationRecipe,
        Explorable,
        GridRecipe,
        ImageRecipe,
        Images,
        MapRecipe,
        MorphRecipe,
        Recipe,
        SheetRecipe,
        TraversalRecipe,
        read_recipe,
    )
    from bvae_core.figures.saving import save_figure
    from bvae_core.figures.sheets import image_grid, morph_strip, single_image
    from bvae_core.figures.theme import DARK, LIGHT, Ink, Theme, ThemeName, get_theme

__all__ = [
    "ANIMATION_SUFFIXES",
    "DARK",
    "FIGURE_SUFFIXES",
    "LIGHT",
    "RECIPES",
    "ContactRecipe",
    "EquationRecipe",
    "Explorable",
    "GridRecipe",
    "ImageRecipe",
    "Images",
    "Ink",
    "MapRecipe",
    "MorphRecipe",
    "Recipe",
    "SheetRecipe",
    "Theme",
    "ThemeName",
    "TraversalRecipe",
    "get_theme",
    "image_grid",
    "ink_ramp",
    "kana_font_path",
    "latent_map",
    "morph_strip",
    "read_metadata",
    "read_recipe",
    "save_animation",
    "save_figure",
    "single_image",
    "to_rgb8",
]

__getattr__ = lazy_names(
    __name__,
    {
        "ANIMATION_SUFFIXES": "limits",
        "ContactRecipe": "recipes",
        "DARK": "theme",
        "FIGURE_SUFFIXES": "limits",
        "LIGHT": "theme",
        "RECIPES": "recipes",
        "EquationRecipe": "recipes",
        "Explorable": "recipes",
        "GridRecipe": "recipes",
        "ImageRecipe": "recipes",
        "Images": "recipes",
        "Ink": "theme",
        "MapRecipe": "recipes",
        "MorphRecipe": "recipes",
        "Recipe": "recipes",
        "SheetRecipe": "recipes",
        "Theme": "theme",
        "ThemeName": "theme",
        "TraversalRecipe": "recipes",
        "get_theme": "theme",
        "image_grid": "sheets",
        "ink_ramp": "ink",
        "kana_font_path": "kana_font",
        "latent_map": "maps",
        "morph_strip": "sheets",
        "read_metadata": "metadata",
        "read_recipe": "recipes",
        "save_animation": "animation",
        "save_figure": "saving",
        "single_image": "sheets",
        "to_rgb8": "ink",
    },
)
