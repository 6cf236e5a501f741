"""What to call the file of a figure."""

from __future__ import annotations

import re

from bvae_core.figures.limits import CORNERS
from bvae_core.latent import ClassAnchor, ImageAnchor, PointAnchor, find_class, parse_anchor
from bvae_gui.recipes.choices import What
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Place

_LONGEST_NAME = 80


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
