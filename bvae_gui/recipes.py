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

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np

from bvae_core.errors import AnchorError, BvaeError
from bvae_core.figures import (
    ANIMATION_SUFFIXES,
    FIGURE_SUFFIXES,
    ContactRecipe,
    EquationRecipe,
    GridRecipe,
    ImageRecipe,
    Ink,
    MapRecipe,
    MorphRecipe,
    Recipe,
    SheetRecipe,
    ThemeName,
    TraversalRecipe,
)
from bvae_core.figures.layers import Layers
from bvae_core.figures.limits import CORNERS
from bvae_core.indices import format_indices, parse_indices
from bvae_core.latent import (
    ClassAnchor,
    ImageAnchor,
    PathKind,
    PointAnchor,
    find_class,
    parse_anchor,
)
from bvae_gui.state import ExplorerState, View
from bvae_gui.state.equation import Equation
from bvae_gui.state.scene import Place, Scene
from bvae_gui.state.walk import REACH, STEPS, Walk

#: What there is to make a file of: the morph as a sheet of images, the morph in motion, the map,
#: the image at the pinned point, the equation, the image that it leads to, a sheet of the
#: selected images.
What: TypeAlias = Literal["morph", "animation", "map", "image", "equation", "result", "contact"]

_LONGEST_NAME = 80


@dataclass(frozen=True)
class Choices:
    """What a file shall be like, where the state doesn't say.

    Parameters
    ----------
    suffix
        Of the file; None is the first that there is.
    theme, ink
        None is as the window has it.
    way
        Whether the map shows the morph's way.
    originals
        Whether a contact sheet shows the images themselves, where they are at hand.
    labels, scale, fps, loop, bounce
        As in recipes.
    """

    suffix: str | None = None
    theme: ThemeName | None = None
    ink: Ink | None = None
    way: bool = True
    originals: bool = False
    labels: bool = True
    scale: int | None = None
    fps: float = 12.0
    loop: bool = True
    bounce: bool = False

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Choices:
        """Take over what makes sense of values from anywhere; the rest is as usual."""
        known = {each.name for each in fields(cls)}
        return cls(**{k: v for k, v in values.items() if k in known and _makes_sense(k, v)})


def suffixes(what: What) -> tuple[str, ...]:
    """Return what the name of such a file may end in."""
    return ANIMATION_SUFFIXES if what == "animation" else FIGURE_SUFFIXES


def chosen_suffix(what: What, choices: Choices) -> str:
    """Return what the name of such a file shall end in."""
    known = suffixes(what)
    return choices.suffix if choices.suffix in known else known[0]


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
        projection="umap" if state.view == "umap" else "linear",
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
        state.look_along("umap" if is_umap else recipe.axes or _first_view(state))
        state.show_layers(Layers.of(asdict(recipe)))
        if recipe.manifold:
            state.set_look(ink=recipe.ink)
        state.hide(hidden)
    elif isinstance(recipe, SheetRecipe):
        state.set_look(ink=recipe.ink)
    state.restore(scene)


def choices_of(recipe: Recipe) -> tuple[What, Choices]:
    """Return what kind of PNG a recipe made, and which choices make it again."""
    what: What = "morph"
    match recipe:
        case MapRecipe():
            what = "map"
        case ImageRecipe():
            what = "image"
        case ContactRecipe():
            what = "contact"
        case EquationRecipe():
            what = "equation"
    has_way = isinstance(recipe, MapRecipe) and bool(recipe.anchors)
    return what, replace(Choices.of(asdict(recipe)), suffix=".png", way=has_way)


def file_name(state: ExplorerState, what: What, suffix: str) -> str:
    """Propose a name for a file: ``morph-お-き.png``."""
    scene = state.scene
    match what:
        case "image":
            words = ["image", _word(state, scene.point)]
        case "equation" | "result":
            kind = "equation" if what == "equation" else "image"
            words = [kind, *(_word(state, place) for place in state.equation.places)]
        case "map" | "contact":
            words = [what, state.model.name]
        case _ if scene.mode == "traversal":
            varied = [] if scene.dimension is None else [f"z{scene.dimension + 1}"]
            words = ["traversal", *varied, _word(state, scene.point)]
        case _:
            anchors = scene.anchors[:CORNERS] if scene.mode == "grid" else scene.anchors
            kind = "grid" if scene.mode == "grid" else "morph"
            words = [kind, *(_word(state, anchor) for anchor in anchors)]
    # Neither what some system's file names may not have, nor what a shell would take apart.
    name = re.sub(r"[^\w.,-]+", "_", "-".join(words)).strip("_.")
    return name[:_LONGEST_NAME] + suffix


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
    layers = state.layers
    is_exact = state.projection.is_exact
    has_relief = layers.magnification and is_exact and len(state.projection.names) == 2
    is_slice = is_exact and state.latent_dim > 2 and (layers.manifold or has_relief)
    return asdict(layers) | {
        "magnification": has_relief,
        "spacing": layers.spacing if layers.manifold else "even",
        "ink": (choices.ink or state.ink) if layers.manifold else "paper",
        "at": state.scene.point.text if is_slice else None,
    }


def _makes_sense(name: str, value: object) -> bool:
    match name:
        case "suffix":
            return value in (None, *FIGURE_SUFFIXES, *ANIMATION_SUFFIXES)
        case "way" | "originals":
            return isinstance(value, bool)
        case "theme" | "ink" if value is None:
            return True
    some = MorphRecipe(anchors=("0", "0"))
    change: dict[str, Any] = {name: value}
    try:
        replace(some, **change)
    except BvaeError:
        return False
    return True


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
    return [Place.at(state.places[end]) for end in (0, -1)]


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


def _first_view(state: ExplorerState) -> View:
    """Return what a map shows where nobody says what: the same in the window and in figures."""
    return "principal" if state.latent_dim > 2 else (0, 1)


def _axes(state: ExplorerState) -> tuple[int, int] | None:
    if state.view == _first_view(state) or state.view == "umap":
        return None
    if state.view == "principal":
        raise BvaeError(
            "map: Expected two dimensions as its axes, since figures of a space of two dimensions "
            "show these. Received: the principal axes; choose dimensions for the map first."
        )
    return state.view


def _shown_classes(state: ExplorerState) -> tuple[str, ...]:
    """Return the classes that show, as people type them; none if all do."""
    names, hidden = state.model.class_names, state.hidden
    if not hidden:
        return ()
    shown = tuple(_class_text(names, i) for i in range(len(names)) if i not in hidden)
    if not shown:
        raise BvaeError("map: Expected at least one class that shows. Received: all are hidden.")
    return shown


def _hidden_classes(state: ExplorerState, recipe: MapRecipe) -> set[int]:
    names = state.model.class_names
    shown = {_label(names, text) for text in recipe.classes}
    return set(range(len(names))) - shown if shown else set()


def _class_text(names: tuple[str, ...], label: int) -> str:
    """Return the shortest text that means this class and nothing else."""
    for text in (names[label], str(label), f"class:{names[label]}"):
        try:
            if _label(names, text) == label:
                return text
        except AnchorError:
            continue
    raise BvaeError(f"map: Expected a name for each class. Received: {names[label]!r} for several.")


def _label(names: tuple[str, ...], text: str) -> int:
    anchor = parse_anchor(text)
    if not isinstance(anchor, ClassAnchor) or anchor.mean:
        raise AnchorError(f"{text!r}: Expected a class. Received: another place.")
    return find_class(anchor.name, names)


def _word(state: ExplorerState, place: Place) -> str:
    """Return what to call a place in a file's name."""
    match parse_anchor(place.text):
        case ClassAnchor(name, mean):
            names = state.model.class_names
            word = names[find_class(name, names)]
            return f"mean-{word}" if mean else word
        case ImageAnchor(index):
            return f"no{index}"
        case PointAnchor(coordinates) if len(coordinates) <= 2:
            return ",".join(f"{number:.2f}" for number in coordinates)
        case _:
            return "point"
