"""What a file of a figure shall be like, where what is explored doesn't say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, TypeAlias

from bvae_core.errors import BvaeError
from bvae_core.figures import (
    ANIMATION_SUFFIXES,
    FIGURE_SUFFIXES,
    ContactRecipe,
    EquationRecipe,
    ImageRecipe,
    MapRecipe,
    MorphRecipe,
    Recipe,
)
from bvae_core.figures.theme import Ink, ThemeName

#: What there is to make a file of: the morph as a sheet of images, the morph in motion, the map,
#: the image at the pinned point, the equation, the image that it leads to, a sheet of the
#: selected images.
What: TypeAlias = Literal["morph", "animation", "map", "image", "equation", "result", "contact"]


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
