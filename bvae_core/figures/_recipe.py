"""`Recipe`: what every kind of recipe has and can do, and what it needs of a model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, get_type_hints

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core import __version__
from bvae_core.codec import MAX_COORDINATE
from bvae_core.directions import settled_anchor, settled_text
from bvae_core.errors import AnchorError, BvaeError, DataError
from bvae_core.figures import _settings as setting
from bvae_core.figures.limits import FIGURE_SUFFIXES
from bvae_core.figures.saving import save_figure
from bvae_core.indices import parse_indices
from bvae_core.latent import anchor_label, axis_name, resolve

#: Settings that come last in a command.
_LOOK = ("labels", "theme", "ink", "scale")


class Explorable(Protocol):
    """What a figure needs of a model; a bundle has it."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def codes_fingerprint(self) -> str: ...
    @property
    def image_shape(self) -> tuple[int, int, int]: ...
    @property
    def class_names(self) -> tuple[str, ...]: ...
    @property
    def latents(self) -> NDArray[np.float32]: ...
    @property
    def log_var(self) -> NDArray[np.float32]: ...
    @property
    def labels(self) -> NDArray[np.int64] | None: ...
    def decode(self, z: NDArray[np.float32]) -> NDArray[np.float32]: ...


class Images(Protocol):
    """The images that models were trained on, where they are at hand."""

    def take(self, indices: NDArray[np.int64], /) -> NDArray[np.uint8]: ...


@dataclass(frozen=True, kw_only=True)
class Recipe(ABC):
    """What a figure is made from; the base of all kinds.

    Places are texts as people type them, see `bvae_core.latent.anchors`; the directions in them are
    those that are saved with the model. Dimensions are counted
    from 0. All kinds have a `theme`, ``light`` or ``dark``; `labels` is False for a figure without
    words, `ink` is ``paper`` or ``screen``, and `scale` is the number of the figure's pixels for a
    pixel of an image, where None chooses a good one.

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
        options: list[str] = []
        for each in sorted(fields(self), key=lambda each: each.name in _LOOK):
            value = getattr(self, each.name)
            if value != each.default:
                options += _settings(type(self))[each.name].options(value)
        words = [*options, "-o", str(target)]
        if model_name.startswith("-"):
            return ["bvae", "export", self.kind, *words, "--", model_name]
        return ["bvae", "export", self.kind, model_name, *words]


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


def anchor_places(model: Explorable, anchors: Sequence[str]) -> NDArray[np.float32]:
    """Return the places that the anchors name, (k, d); an AnchorError if one can't be decoded."""
    places = np.empty((len(anchors), model.latents.shape[1]), np.float32)
    for place, text in zip(places, anchors, strict=True):
        anchor = settled_anchor(model, text)
        place[:] = resolve(anchor, model.latents, model.labels, model.class_names)
        check_coordinates(setting.shown(text), place)
    return places


def check_coordinates(name: str, place: NDArray[np.float32]) -> None:
    """Raise an AnchorError if a place (d,) is too far out to be decoded."""
    if np.abs(place).max() > MAX_COORDINATE:
        raise AnchorError(
            f"{name}: Expected coordinates within ±{MAX_COORDINATE:,.0f}. "
            f"Received: {np.abs(place).max():g}."
        )


def anchor_names(model: Explorable, anchors: Sequence[str]) -> list[str]:
    """Return what to write beside each anchor."""
    return [anchor_label(settled_anchor(model, text), model.class_names) for text in anchors]


def original_images(model: Explorable) -> Images:
    """Return the images that a model was trained on, read from where they were last.

    Raises
    ------
    DataError
        If they aren't there, or nobody has said where they are.
    """
    from bvae_core.bundle import Bundle
    from bvae_core.originals import find_originals

    found = None
    if isinstance(model, Bundle) and model.codes_of is None:
        found = find_originals(model)
    if found is None:
        raise DataError(
            f"originals: Expected the images that {model.name} was trained on to be at hand. "
            "Received: none; say where they are with bvae locate."
        )
    return found


def selected_images(model: Explorable, selection: str) -> NDArray[np.int64]:
    """Return the indices of selected images, rising; a DataError if the model lacks one of them."""
    return parse_indices(selection, len(model.latents))


def check_axes(model: Explorable, axes: Sequence[int], name: str = "axes") -> None:
    """Raise an AnchorError if the model has no such dimension, counted from 0."""
    latent_dim = model.latents.shape[1]
    for axis in axes:
        if axis >= latent_dim:
            raise AnchorError(
                f"{name}: Expected z₁ to {axis_name(latent_dim - 1)}, which this model has. "
                f"Received: {axis_name(axis)}."
            )


def checked_suffix(target: str | Path, suffixes: Sequence[str]) -> str:
    """Return what a file's name ends in, in lower case; a BvaeError if it is none of these."""
    suffix = Path(target).suffix.lower()
    if suffix not in suffixes:
        raise BvaeError(
            f"{target}: Expected a name that ends in {' or '.join(suffixes)}. "
            f"Received: {Path(target).suffix!r}."
        )
    return suffix
