"""`ImageRecipe`: one decoded image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matplotlib.figure import Figure

from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.base import SheetRecipe
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.recipes.places import anchor_places
from bvae_core.figures.sheets import single_image, single_size


@dataclass(frozen=True, kw_only=True)
class ImageRecipe(SheetRecipe):
    """What the decoder makes of one place, and nothing around it.

    Parameters
    ----------
    at
        The place.
    """

    kind: ClassVar[str] = "image"

    at: setting.Anchor

    def check(self, model: Explorable) -> None:  # noqa: D102
        anchor_places(model, [self.at])

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: D102
        return single_size(model.image_shape[:2], scale=self.scale)

    def figure(self, model: Explorable) -> Figure:  # noqa: D102
        (image,) = model.decode(anchor_places(model, [self.at]))
        return single_image(image, theme=self.theme, ink=self.ink, scale=self.scale)
