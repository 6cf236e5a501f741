"""`Recipe`: what every kind of recipe has and can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, get_type_hints

from matplotlib.figure import Figure

from bvae_core import __version__, shell_words
from bvae_core.directions import settled_text
from bvae_core.errors import BvaeError
from bvae_core.figures.limits import FIGURE_SUFFIXES
from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.saving import save_figure

#: Settings that come last in a command.
_LOOK = ("labels", "theme", "ink", "scale")


@dataclass(frozen=True, kw_only=True)
class Recipe(ABC):
    """What a figure is made from; the base of all kinds.

    Places are texts as people type them, see `bvae_core.latent.anchors`; the directions in them are
    those that are saved with the model. Dimensions are counted from 0. All kinds have a `theme`,
    ``light`` or ``dark``; `labels` is False for a figure without words, `ink` is ``paper`` or
    ``screen``, and `scale` is the number of the figure's pixels for a pixel of an image, where None
    chooses a good one.

    Raises
    ------
    BvaeError
        When it is made, if a value is none of those that its field may have. Whether a model has
        such places, `check` says.
    """

    #: As in ``bvae export KIND``.
    kind: ClassVar[str]
    #: Of the files that it can be written to.
    suffixes: ClassVar[tuple[str, ...]] = FIGURE_SUFFIXES

    theme: setting.ThemeChoice = "light"

    def __post_init__(self) -> None:
        for name, each in _settings(type(self)).items():
            object.__setattr__(self, name, each.check(name, getattr(self, name)))

    @abstractmethod
    def check(self, model: Explorable) -> None:
        """Raise a BvaeError if the model lacks a place, a class or a dimension of the recipe."""

    @abstractmethod
    def size(self, model: Explorable) -> tuple[int, int]:
        """Return the figure's pixels across and down, without decoding any image.

        Raises
        ------
        BvaeError
            If they are too many to draw, or a label needs what the model hasn't.
        """

    @abstractmethod
    def figure(self, model: Explorable) -> Figure:
        """Draw the figure in memory, as `export` writes it.

        Raises
        ------
        BvaeError
            As in `check` and `size`, before any image is decoded.
        """

    def export(self, model: Explorable, target: str | Path) -> None:
        """Write the figure to a file, which is replaced as a whole or not at all.

        The same recipe and model give the same bytes.

        Raises
        ------
        BvaeError
            As in `figure`, or if the file's name doesn't end in one of `suffixes`, or the file
            can't be written.
        """
        checked_suffix(target, self.suffixes)
        save_figure(self.figure(model), target, self.metadata(model))

    def metadata(self, model: Explorable) -> dict[str, Any]:
        """Return JSON values from which `read_recipe` makes the recipe again.

        Directions are in it by their coordinates: the figure can be opened again wherever the model
        is, also when they are saved no longer, or another has the name.
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        for name, each in _settings(type(self)).items():
            if each.names_places:
                values[name] = _settled(model, values[name])
        return {
            "program": f"bvae-explorer {__version__}",
            "figure": self.kind,
            "model": model.name,
            "fingerprint": model.fingerprint,
            **{k: list(v) if isinstance(v, tuple) else v for k, v in values.items()},
        }

    def command(self, model_name: str, target: str | Path) -> list[str]:
        """Return the words of the `bvae export` command that writes the same file.

        `shlex.join` makes them a line for a POSIX shell. What is as usual is left out.
        """
        options = self._options(lambda _: True)
        return shell_words.command(
            f"export {self.kind}", [model_name], [*options, "-o", str(target)]
        )

    def _options(self, is_meant: Callable[[str], bool]) -> list[str]:
        """Return the arguments that tell settings, those of the look last."""
        options: list[str] = []
        for each in sorted(fields(self), key=lambda each: each.name in _LOOK):
            value = getattr(self, each.name)
            if is_meant(each.name) and value != each.default:
                options += _settings(type(self))[each.name].options(value)
        return options


def _settled(model: Explorable, places: Any) -> Any:
    if places is None:
        return None
    if isinstance(places, str):
        return settled_text(model, places)
    return tuple(settled_text(model, text) for text in places)


@cache
def _settings(kind: type[Recipe]) -> dict[str, setting.Setting]:
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: hints[each.name].__metadata__[0] for each in fields(kind)}


@dataclass(frozen=True, kw_only=True)
class SheetRecipe(Recipe):
    """What recipes of images have in common."""

    ink: setting.InkChoice = "paper"
    scale: setting.Scale = None


def checked_suffix(target: str | Path, suffixes: Sequence[str]) -> str:
    """Return what a file's name ends in, in lower case; a BvaeError if it is none of these."""
    suffix = Path(target).suffix.lower()
    if suffix not in suffixes:
        raise BvaeError(
            f"{target}: Expected a name that ends in {' or '.join(suffixes)}. "
            f"Received: {Path(target).suffix!r}."
        )
    return suffix
