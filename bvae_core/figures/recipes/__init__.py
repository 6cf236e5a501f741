"""Recipes: what a figure of a model is made from.

A recipe is all that determines a figure but the model. The shell, the window and Python make files
of it, a PNG has it in its metadata, and `read_recipe` gets it back, whoever wrote the file.

>>> from bvae_core import load_bundle
>>> recipe = MorphRecipe(anchors=("ki", "re"), theme="dark")
>>> recipe.size(load_bundle("demo"))
(1485, 221)
>>> " ".join(recipe.command("demo", "morph.png"))
'bvae export morph demo --from ki --to re --theme dark -o morph.png'
"""

from bvae_core.figures.recipes.base import Recipe, SheetRecipe
from bvae_core.figures.recipes.contact import ContactRecipe
from bvae_core.figures.recipes.equation import EquationRecipe
from bvae_core.figures.recipes.explorable import Explorable, Images
from bvae_core.figures.recipes.grids import GridRecipe, TraversalRecipe
from bvae_core.figures.recipes.image import ImageRecipe
from bvae_core.figures.recipes.map import MapRecipe
from bvae_core.figures.recipes.morph import MorphRecipe
from bvae_core.figures.recipes.reading import RECIPES, read_recipe

__all__ = [
    "RECIPES",
    "ContactRecipe",
    "EquationRecipe",
    "Explorable",
    "GridRecipe",
    "ImageRecipe",
    "Images",
    "MapRecipe",
    "MorphRecipe",
    "Recipe",
    "SheetRecipe",
    "TraversalRecipe",
    "read_recipe",
]
