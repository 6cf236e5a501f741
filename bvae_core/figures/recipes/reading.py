"""Recipes from what a figure's file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from bvae_core.errors import DataError
from bvae_core.figures.metadata import read_metadata
from bvae_core.figures.recipes.base import Recipe
from bvae_core.figures.recipes.contact import ContactRecipe
from bvae_core.figures.recipes.equation import EquationRecipe
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.recipes.grids import GridRecipe, TraversalRecipe
from bvae_core.figures.recipes.image import ImageRecipe
from bvae_core.figures.recipes.map import MapRecipe
from bvae_core.figures.recipes.morph import MorphRecipe
from bvae_core.figures.recipes.settings import shown

#: Every kind of recipe by its name.
RECIPES: Mapping[str, type[Recipe]] = {
    each.kind: each
    for each in (
        ContactRecipe,
        EquationRecipe,
        ImageRecipe,
        MapRecipe,
        MorphRecipe,
        GridRecipe,
        TraversalRecipe,
    )
}
_ABOUT = ("program", "figure", "model", "fingerprint")


def read_recipe(source: str | Path | Mapping[str, Any], model: Explorable) -> Recipe:
    """Get the recipe of a figure of this model back, from a file that may come from anywhere.

    Parameters
    ----------
    source
        A PNG that `Recipe.export` wrote, or its metadata.
    model
        That the figure was made from.

    Returns
    -------
    Recipe
        Equal to the one that was exported; the model has all its places. Settings that the file
        doesn't mention are as usual.

    Raises
    ------
    DataError
        If the file can't be read or has no such metadata, if the figure is of a kind or has a
        setting that this version doesn't know, or if it was made from another model.
    BvaeError
        If a setting is none that there can be, or the model lacks a place, class or dimension.
    """
    metadata = read_metadata(source) if isinstance(source, str | Path) else source
    if not isinstance(metadata, Mapping):
        raise DataError(f"metadata: Expected a JSON object. Received: {shown(metadata)}.")
    kind = metadata.get("figure")
    if not isinstance(kind, str) or kind not in RECIPES:
        raise DataError(
            f"figure: Expected one of this program, {', '.join(RECIPES)}. Received: {shown(kind)}."
        )
    if metadata.get("fingerprint") != model.fingerprint:
        raise DataError(
            f"figure: Expected one that was made from the open model, {model.name}. "
            f"Received: one of another model, {shown(metadata.get('model'))}."
        )
    return _recipe(RECIPES[kind], metadata, model)


def _recipe(kind: type[Recipe], metadata: Mapping[str, Any], model: Explorable) -> Recipe:
    values = {key: value for key, value in metadata.items() if key not in _ABOUT}
    known = {each.name: each.default is MISSING for each in fields(kind)}
    unknown = [key for key in values if key not in known]
    if unknown:
        raise DataError(
            f"figure: Expected settings that this version knows, {', '.join(known)}. "
            f"Received: {shown(unknown[0])}; a newer version may know it."
        )
    missing = [name for name, is_required in known.items() if is_required and name not in values]
    if missing:
        raise DataError(f"figure: Expected a setting called {missing[0]}. Received: none.")
    recipe = kind(**values)
    recipe.check(model)
    return recipe
