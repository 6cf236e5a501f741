"""From what is explored to recipes of its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any

from bvae_core.errors import BvaeError
from bvae_core.figures import (
    ContactRecipe,
    EquationRecipe,
    GridRecipe,
    ImageRecipe,
    MapRecipe,
    MorphRecipe,
    Recipe,
    TraversalRecipe,
)
from bvae_core.figures.limits import CORNERS
from bvae_core.indices import format_indices
from bvae_core.latent import PathKind
from bvae_gui.recipes.choices import Choices, What
from bvae_gui.recipes.class_texts import class_text
from bvae_gui.state import ExplorerState
from bvae_gui.state.opened import first_view
from bvae_gui.state.scene import Place
from bvae_gui.state.walk import REACH, STEPS, Walk


def make_recipe(state: ExplorerState, what: What, choices: Choices | None = None) -> Recipe:
    """Return the recipe of what is explored now.

    Raises
    ------
    BvaeError
        If the window shows what no such figure can show, saying what.
    """
    make = {
        "morph": current_recipe,
        "animation": animation_recipe,
        "map": map_recipe,
        "contact": contact_recipe,
        "image": image_recipe,
        "equation": equation_recipe,
        "result": result_recipe,
    }[what]
    return make(state, choices)


def current_recipe(
    state: ExplorerState, choices: Choices | None = None
) -> MorphRecipe | GridRecipe | TraversalRecipe:
    """Return the recipe of the morph as a sheet of images, whatever its mode."""
    scene, look = state.scene, partial(_look, state, choices)
    match scene.mode:
        case "path":
            return MorphRecipe(
                anchors=_texts(state, scene.anchors),
                frames=scene.frames,
                path=_way(state),
                **look(MorphRecipe),
            )
        case "grid":
            return GridRecipe(
                corners=_texts(state, scene.anchors[:CORNERS]),
                rows=scene.rows,
                columns=scene.columns,
                path=_way(state),
                **look(GridRecipe),
            )
        case "traversal" if not _is_own(state) and scene.over in ("data", "quantiles"):
            if scene.dimension is None:
                raise BvaeError(
                    "over: Expected the prior as the range of every dimension, since figures are "
                    "made of what is in the model's folder. "
                    f"Received: that of {state.model.codes_of}."
                )
            return MorphRecipe(
                anchors=_texts(state, _ends(state)), frames=scene.frames, **look(MorphRecipe)
            )
        case "traversal":
            return TraversalRecipe(
                at=_text(state, scene.point),
                dimension=scene.dimension,
                steps=scene.frames,
                over=scene.over,
                extent=scene.extent,
                **look(TraversalRecipe),
            )


def animation_recipe(state: ExplorerState, choices: Choices | None = None) -> MorphRecipe:
    """Return the recipe of the morph in motion; a traversal moves between its ends.

    Raises
    ------
    BvaeError
        If the morph is a grid, or a traversal of every dimension.
    """
    scene, look = state.scene, _look(state, choices, MorphRecipe)
    match scene.mode:
        case "path":
            return MorphRecipe(
                anchors=_texts(state, scene.anchors),
                frames=scene.frames,
                path=_way(state),
                **look,
            )
        case "traversal" if scene.dimension is None:
            raise BvaeError(
                "animation: Expected a path or a traversal of one dimension, since only these "
                "have an order to play in. Received: a traversal of every dimension."
            )
        case "traversal":
            return MorphRecipe(anchors=_texts(state, _ends(state)), frames=scene.frames, **look)
        case "grid":
            raise BvaeError(
                "animation: Expected a path or a traversal, since only these have an order to "
                "play in. Received: a grid."
            )


def map_recipe(state: ExplorerState, choices: Choices | None = None) -> MapRecipe:
    """Return the recipe of the map: its axes and layers, the classes that show, and a path's way.

    Raises
    ------
    BvaeError
        If all classes are hidden, a space of two dimensions is seen along principal axes, or the
        map is one of other images than those that the model was trained on.
    """
    _check_own(state, "map")
    scene, choices = state.scene, choices or Choices()
    way: dict[str, Any] = {}
    if choices.way and scene.mode == "path":
        way = {
            "anchors": _texts(state, scene.anchors),
            "frames": scene.frames,
            "path": scene.interpolation,
        }
    return MapRecipe(
        axes=_axes(state),
        projection="umap" if state.map.view == "umap" else "linear",
        classes=_shown_classes(state),
        selection=format_indices(scene.selection),
        **way,
        **_look(state, choices, MapRecipe) | _layers(state, choices),
    )


def contact_recipe(state: ExplorerState, choices: Choices | None = None) -> ContactRecipe:
    """Return the recipe of a sheet of the selected images.

    Raises
    ------
    BvaeError
        If nothing is selected, or other images than those that the model was trained on.
    """
    _check_own(state, "contact sheet")
    if not state.scene.selection:
        raise BvaeError("contact sheet: Expected selected images. Received: nothing is selected.")
    chosen = choices or Choices()
    if state.originals is None:
        chosen = replace(chosen, originals=False)
    selection = format_indices(state.scene.selection)
    return ContactRecipe(selection=selection, **_look(state, chosen, ContactRecipe))


def image_recipe(state: ExplorerState, choices: Choices | None = None) -> ImageRecipe:
    """Return the recipe of the image at the pinned point."""
    return ImageRecipe(at=_text(state, state.scene.point), **_look(state, choices, ImageRecipe))


def equation_recipe(state: ExplorerState, choices: Choices | None = None) -> EquationRecipe:
    """Return the recipe of the equation in pictures."""
    a, b, c = _texts(state, state.equation.places)
    return EquationRecipe(
        a=a, b=b, c=c, strength=state.equation.strength, **_look(state, choices, EquationRecipe)
    )


def result_recipe(state: ExplorerState, choices: Choices | None = None) -> ImageRecipe:
    """Return the recipe of the image that the equation leads to."""
    at = _text(state, state.equation.result)
    return ImageRecipe(at=at, **_look(state, choices, ImageRecipe))


def walk_recipe(state: ExplorerState, walk: Walk, choices: Choices | None = None) -> MorphRecipe:
    """Return the recipe of the strip along a direction, from one end to the other."""
    ends = walk.place_at(-REACH), walk.place_at(REACH)
    return MorphRecipe(
        anchors=_texts(state, ends), frames=len(STEPS), **_look(state, choices, MorphRecipe)
    )


def _look(state: ExplorerState, choices: Choices | None, kind: type[Recipe]) -> dict[str, Any]:
    """Return the choices that a kind of recipe has."""
    chosen = choices or Choices()
    values = asdict(chosen) | {
        "theme": chosen.theme or state.theme.name,
        "ink": chosen.ink or state.ink,
    }
    return {each.name: values[each.name] for each in fields(kind) if each.name in values}


def _layers(state: ExplorerState, choices: Choices) -> dict[str, Any]:
    """Return the layers that show, and what determines them where they do."""
    layers = state.map.layers
    is_exact = state.map.projection.is_exact
    has_relief = layers.magnification and is_exact and len(state.map.projection.names) == 2
    is_slice = is_exact and state.latent_dim > 2 and (layers.manifold or has_relief)
    return asdict(layers) | {
        "magnification": has_relief,
        "spacing": layers.spacing if layers.manifold else "even",
        "ink": (choices.ink or state.ink) if layers.manifold else "paper",
        "at": state.scene.point.text if is_slice else None,
    }


def _is_own(state: ExplorerState) -> bool:
    """Return whether the open codes are those in the model's folder, which the shell knows."""
    return state.model.codes_of is None


def _check_own(state: ExplorerState, what: str) -> None:
    if not _is_own(state):
        raise BvaeError(
            f"{what}: Expected the images that the model was trained on, since figures are made "
            f"of what is in the model's folder. Received: {state.model.codes_of}."
        )


def _text(state: ExplorerState, place: Place) -> str:
    """Return what the shell finds this place by."""
    return place.text if _is_own(state) else Place.at(place.point).text


def _texts(state: ExplorerState, places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(_text(state, place) for place in places)


def _ends(state: ExplorerState) -> list[Place]:
    """Return where the morph begins and ends."""
    return [Place.at(state.morph.places[end]) for end in (0, -1)]


def _way(state: ExplorerState) -> PathKind:
    """Return the kind of way between anchors.

    Raises
    ------
    BvaeError
        If it depends on codes that are not in the model's folder.
    """
    kind = state.scene.interpolation
    if not _is_own(state) and kind not in ("straight", "spherical"):
        raise BvaeError(
            "path: Expected a straight or a spherical one, since others depend on the codes, and "
            f"figures are made of what is in the model's folder. Received: a {kind} one through "
            f"{state.model.codes_of}."
        )
    return kind


def _axes(state: ExplorerState) -> tuple[int, int] | None:
    if state.map.view == first_view(state.latent_dim) or state.map.view == "umap":
        return None
    if state.map.view == "principal":
        raise BvaeError(
            "map: Expected two dimensions as its axes, since figures of a space of two dimensions "
            "show these. Received: the principal axes; choose dimensions for the map first."
        )
    return state.map.view


def _shown_classes(state: ExplorerState) -> tuple[str, ...]:
    """Return the classes that show, as people type them; none if all do."""
    names, hidden = state.model.class_names, state.map.hidden
    if not hidden:
        return ()
    shown = tuple(class_text(names, i) for i in range(len(names)) if i not in hidden)
    if not shown:
        raise BvaeError("map: Expected at least one class that shows. Received: all are hidden.")
    return shown
