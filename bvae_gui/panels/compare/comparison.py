"""`Comparison`: the models side by side, the image that is marked in all, and the morph in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from bvae_core import shell_words
from bvae_core.bundle import Bundle
from bvae_core.comparison import (
    check_comparable,
    compare_figures,
    comparison_notes,
    default_ends,
    shared_images,
    shared_label,
    shared_morph,
    shared_places,
)
from bvae_core.latent import PathKind, default_projection, in_plane, spread_out
from bvae_core.store import Store, load_bundle
from bvae_gui.state.map_view import isolated

if TYPE_CHECKING:
    from bvae_core.figures import Ink, ThemeName
    from bvae_core.originals import Originals

#: Images in a row, and frames of a morph.
COLUMNS = 12


@dataclass(frozen=True)
class Morph:
    """The morph that is compared.

    Parameters
    ----------
    start, end
        The images that it goes between, see `bvae_core.comparison.shared_places`.
    path
        The kind of way.
    """

    start: str
    end: str
    path: PathKind = "straight"

    @property
    def ends(self) -> tuple[str, str]:
        """Both images."""
        return self.start, self.end


class Comparison:
    """What is compared; knows no Qt. Made beside the window, and then the window's thread's.

    Parameters
    ----------
    models
        Two to four of the same images.

    Attributes
    ----------
    models
        The models.
    rows, notes
        See `bvae_core.comparison`.
    characters
        (n,) int64, indices of the images to show of every model.
    shown
        (N, 2) float32 for each model: where its codes are on its map.
    axis_names
        One or two for each model.
    morph, ways
        The morph, and where its frames are in each model.
    originals, is_searched
        The images themselves, once they are at hand, and whether they were looked for.

    Signals
    -------
    marked_changed()
        Another image is marked.
    morph_changed()
        The morph has other ends, or goes another way.
    hidden_changed()
        Classes were hidden or shown.
    originals_changed()
        The images themselves came to hand, or are known not to be.

    Raises
    ------
    BvaeError
        If the models don't compare, saying why.
    """

    marked_changed = Signal()
    morph_changed = Signal()
    hidden_changed = Signal()
    originals_changed = Signal()

    def __init__(self, models: Sequence[Bundle]) -> None:
        check_comparable(models)
        self.models = tuple(models)
        self.rows = compare_figures(models)
        self.notes = comparison_notes(models)
        self.characters = shared_images(models, COLUMNS)
        self._projections = [default_projection(model.latents) for model in models]
        self.axis_names = [projection.names for projection in self._projections]
        self.shown = [
            flat if (flat := projection.project(model.latents)).shape[1] == 2 else spread_out(flat)
            for projection, model in zip(self._projections, models, strict=True)
        ]
        self.morph = Morph(*default_ends(models))
        self.ways = self.find(self.morph)
        self.originals: Originals | None = None
        self.is_searched = False
        self._pinned = int(self.characters[0])
        self._pointed: int | None = None
        self._hidden: frozenset[int] = frozenset()

    @classmethod
    def load(cls, models: Sequence[str | Path], store: Store | None = None) -> Comparison:
        """Open models, see `bvae_core.store.load_bundle`, and compare them."""
        return cls([load_bundle(model, store=store) for model in models])

    # -- the image that is marked --------------------------------------------------------------

    @property
    def marked(self) -> int:
        """The image that is pointed at, or else the one that was chosen."""
        return self._pinned if self._pointed is None else self._pointed

    @property
    def pinned(self) -> int:
        """The image that was chosen."""
        return self._pinned

    @property
    def is_pointed(self) -> bool:
        """Whether the marked image is only pointed at."""
        return self._pointed is not None

    def point_at(self, image: int | None) -> None:
        """Mark an image for as long as it is pointed at; None returns to the chosen one."""
        if image != self._pointed:
            self._pointed = image
            self.marked_changed.emit()

    def pin(self, image: int) -> None:
        """Choose an image."""
        self._pinned = image
        self.marked_changed.emit()

    def pin_class(self, label: int) -> None:
        """Choose the image of a class that is most typical in all models together."""
        place = shared_places(self.models, f"class:{label}")[0]
        away = ((self.models[0].latents - place) ** 2).sum(axis=1)
        self.pin(int(away.argmin()))

    def name(self, image: int) -> str:
        """Return what to call an image."""
        labels = self.models[0].labels
        if labels is None:
            return f"#{image}"
        return shared_label(self.models, f"class:{labels[image]}")

    # -- what the models make of images ------------------------------------------------------

    def reconstructions(self, images: int | NDArray[np.int64]) -> list[NDArray[np.float32]]:
        """Return what each model makes of images, (n, H, W[, 3]) float32 in [0, 1]."""
        chosen = np.atleast_1d(images)
        return [model.decode(model.latents[chosen]) for model in self.models]

    def set_originals(self, originals: Originals | None) -> None:
        """Have the images themselves at hand, or know that they aren't."""
        self.originals, self.is_searched = originals, True
        self.originals_changed.emit()

    # -- the morph ---------------------------------------------------------------------------

    def find(
        self, morph: Morph, is_wanted: Callable[[], bool] = lambda: True
    ) -> list[NDArray[np.float32]]:
        """Return the way of a morph in each model, (n, d) float32; takes a while, in any thread.

        Once `is_wanted` says False, what is returned may be any way between the images.
        """
        return shared_morph(
            self.models, morph.start, morph.end, COLUMNS, morph.path, is_wanted=is_wanted
        )

    def set_morph(self, morph: Morph, ways: list[NDArray[np.float32]]) -> None:
        """Show another morph, and the ways that were found for it."""
        self.morph, self.ways = morph, ways
        self.morph_changed.emit()

    def command(
        self, names: Sequence[str], target: str, theme: ThemeName = "light", ink: Ink = "paper"
    ) -> list[str]:
        """Return the words of the command that draws what is compared on one page.

        `shlex.join` makes them a line for a POSIX shell. What is as usual is left out.

        Parameters
        ----------
        names
            What the shell finds the models by, in their order.
        target
            The page's file.
        theme, ink
            The page's look.
        """
        morph = self.morph
        usual = Morph(*default_ends(self.models))
        options = []
        if morph.ends != usual.ends:
            options += ["--from", morph.start, "--to", morph.end]
        if morph.path != usual.path:
            options += ["--path", morph.path]
        if theme != "light":
            options += ["--theme", theme]
        if ink != "paper":
            options += ["--ink", ink]
        return shell_words.command("compare", names, [*options, "-o", target])

    def frames(self) -> list[NDArray[np.float32]]:
        """Return the morph's images in each model, (n, H, W[, 3]) float32 in [0, 1]."""
        return [model.decode(way) for model, way in zip(self.models, self.ways, strict=True)]

    def way_on_map(self, index: int) -> NDArray[np.float32]:
        """Return where the morph's frames are on a model's map, (n, 2) float32."""
        return in_plane(self._projections[index].project(self.ways[index]))

    # -- classes -----------------------------------------------------------------------------

    @property
    def hidden(self) -> frozenset[int]:
        """The classes that the maps don't show."""
        return self._hidden

    def hide(self, labels: frozenset[int]) -> None:
        """Hide these classes, and show all others."""
        if labels != self._hidden:
            self._hidden = labels
            self.hidden_changed.emit()

    def toggle_class(self, label: int) -> None:
        """Hide a class that is shown, show one that is hidden."""
        self.hide(self._hidden ^ {label})

    def isolate_class(self, label: int) -> None:
        """Show this class alone; if it is alone already, show all."""
        self.hide(isolated(label, len(self.models[0].class_names), self._hidden))
