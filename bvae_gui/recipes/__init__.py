"""From what is explored to recipes of its figures, and back; knows no Qt.

>>> from bvae_core import load_bundle
>>> from bvae_gui.state import ExplorerState
>>> state = ExplorerState()
>>> state.open(load_bundle("demo"))
>>> recipe = current_recipe(state)
>>> state.set_frames(20)
>>> restore(state, recipe)
>>> state.scene.frames
12
"""

from __future__ import annotations

from bvae_gui.recipes.choices import Choices, What, choices_of, chosen_suffix, suffixes
from bvae_gui.recipes.file_names import file_name
from bvae_gui.recipes.making import (
    animation_recipe,
    current_recipe,
    image_recipe,
    make_recipe,
    map_recipe,
    walk_recipe,
)
from bvae_gui.recipes.restoring import restore

__all__ = [
    "Choices",
    "What",
    "animation_recipe",
    "choices_of",
    "chosen_suffix",
    "current_recipe",
    "file_name",
    "image_recipe",
    "make_recipe",
    "map_recipe",
    "restore",
    "suffixes",
    "walk_recipe",
]
