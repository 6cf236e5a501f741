"""From the recipe of a figure back to what is explored."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from bvae_core.errors import BvaeError
from bvae_core.figures import (
    ContactRecipe,
    EquationRecipe,
    GridRecipe,
    ImageRecipe,
    MapRecipe,
    MorphRecipe,
    Recipe,
    SheetRecipe,
    TraversalRecipe,
)
from bvae_core.figures.layers import Layers
from bvae_core.figures.limits import CORNERS
from bvae_core.indices import parse_indices
from bvae_gui.recipes.class_texts import labelled
from bvae_gui.state import ExplorerState
from bvae_gui.state.equation import Equation
from bvae_gui.state.opened import first_view
from bvae_gui.state.scene import Place, Scene


def restore(state: ExplorerState, recipe: Recipe) -> None:
    """Explore what a figure shows, as one step to undo.

    What the figure doesn't show stays as it is, and so does the window's theme.

    Parameters
    ----------
    state
        The model that the figure was made from is open.
    recipe
        Of the figure, see `bvae_core.figures.read_recipe`.

    Raises
    ------
    BvaeError
        If the figure shows what the window can't, or a place is none; then nothing changes.
    """
    scene = _scene(state, recipe)
    if isinstance(recipe, MapRecipe | ContactRecipe):
        indices = parse_indices(recipe.selection, len(state.model.latents))
        scene = replace(scene, selection=tuple(indices.tolist()))
    if isinstance(recipe, MapRecipe):
        hidden = _hidden_classes(state, recipe)
        is_umap = recipe.projection == "umap"
        state.map.look_along("umap" if is_umap else recipe.axes or first_view(state.latent_dim))
        state.map.show_layers(Layers.of(asdict(recipe)))
        if recipe.manifold:
            state.set_look(ink=recipe.ink)
        state.map.hide(hidden)
    elif isinstance(recipe, SheetRecipe):
        state.set_look(ink=recipe.ink)
    state.restore(scene)


def _scene(state: ExplorerState, recipe: Recipe) -> Scene:
    """Return the scene of a figure."""
    scene = state.scene
    match recipe:
        case ImageRecipe():
            return replace(scene, point=state.place(recipe.at))
        case EquationRecipe():
            a, b, c = map(state.place, (recipe.a, recipe.b, recipe.c))
            return replace(scene, equation=Equation(a, b, c, recipe.strength))
        case MapRecipe(at=str(at)):
            return replace(_scene(state, replace(recipe, at=None)), point=state.place(at))
        case MorphRecipe() | MapRecipe(anchors=(_, *_)):
            return replace(
                scene,
                mode="path",
                anchors=tuple(map(state.place, recipe.anchors)),
                frames=recipe.frames,
                interpolation=recipe.path,
            )
        case GridRecipe() if recipe.corners:
            corners = tuple(map(state.place, recipe.corners))
            return replace(
                scene,
                mode="grid",
                anchors=corners + scene.anchors[CORNERS:],
                rows=recipe.rows,
                columns=recipe.columns,
                interpolation=recipe.path,
            )
        case GridRecipe():
            raise BvaeError(
                "figure: Expected a grid between four corners, since the window shows no others. "
                "Received: one that the prior's quantiles space."
            )
        case TraversalRecipe():
            origin = Place.at(np.zeros(state.latent_dim, np.float32))
            return replace(
                scene,
                mode="traversal",
                point=origin if recipe.at is None else state.place(recipe.at),
                dimension=recipe.dimension,
                frames=recipe.steps,
                over=recipe.over,
                extent=recipe.extent,
            )
    return scene


def _hidden_classes(state: ExplorerState, recipe: MapRecipe) -> set[int]:
    names = state.model.class_names
    shown = {labelled(names, text) for text in recipe.classes}
    return set(range(len(names))) - shown if shown else set()
