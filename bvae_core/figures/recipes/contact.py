"""`ContactRecipe`: some images side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.errors import DataError
from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.base import SheetRecipe
from bvae_core.figures.recipes.explorable import Explorable, Images
from bvae_core.figures.recipes.places import original_images, selected_images
from bvae_core.figures.sheets import morph_strip, strip_size


@dataclass(frozen=True, kw_only=True)
class ContactRecipe(SheetRecipe):
    """Some images side by side: what the decoder makes of their codes, or they themselves.

    Parameters
    ----------
    selection
        Their indices, as a `MapRecipe` has them.
    originals
        Whether to show the images that the model was trained on, which have to be at hand then: see
        `bvae_core.originals.find_originals`.
    most
        Where there are more, so many of them, evenly chosen.
    """

    kind: ClassVar[str] = "contact"

    selection: setting.Selection
    originals: setting.Originals = False
    most: setting.Most = 400
    labels: setting.Labels = True

    def check(self, model: Explorable) -> None:  # noqa: D102
        self._shown(model)

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: D102
        shown, title = self._shown(model)
        return strip_size(
            model.image_shape[:2], len(shown), title=title, labels=self.labels, scale=self.scale
        )

    def figure(self, model: Explorable, originals: Images | None = None) -> Figure:
        """Draw the figure in memory; see `Recipe.figure`.

        Parameters
        ----------
        model
            The model.
        originals
            Its images, if they are at hand already; None has them read where they are wanted.

        Raises
        ------
        DataError
            If they are wanted and not to be found, among other things.
        """
        self.size(model)  # refuses what is too large
        shown, title = self._shown(model)
        images: NDArray[Any]
        if self.originals:
            images = (originals or original_images(model)).take(shown)
        else:
            images = model.decode(model.latents[shown])
        return morph_strip(
            images,
            title=title,
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    def _shown(self, model: Explorable) -> tuple[NDArray[np.int64], str]:
        """Return which images to show, and a line above."""
        selected = selected_images(model, self.selection)
        if not len(selected):
            raise DataError("selection: Expected at least one image. Received: none.")
        count = min(len(selected), self.most)
        shown = selected[np.linspace(0, len(selected) - 1, count).round().astype(np.int64)]
        words = f"{len(selected):,} images" if len(selected) > 1 else "1 image"
        part = f"{count:,} of " if count < len(selected) else ""
        what = " · originals" if self.originals else ""
        return shown, f"{model.name} · {part}{words}{what}"
