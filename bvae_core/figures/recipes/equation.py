"""`EquationRecipe`: latent arithmetic in pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.figures.equation import equation_sheet, equation_size
from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.base import SheetRecipe
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.recipes.places import anchor_names, anchor_places, check_coordinates
from bvae_core.latent import analogy


@dataclass(frozen=True, kw_only=True)
class EquationRecipe(SheetRecipe):
    """What is to C as A is to B: strength · (A − B) + C, and where that leads, in pictures.

    Parameters
    ----------
    a, b, c
        The places.
    strength
        From −3 to 3; see `bvae_core.latent.analogy`.
    labels
        False leaves out what the places are called, but not the signs between them.
    """

    kind: ClassVar[str] = "equation"

    a: setting.TermA
    b: setting.TermB
    c: setting.TermC
    strength: setting.Strength = 1.0
    labels: setting.Labels = True

    def check(self, model: Explorable) -> None:  # noqa: D102
        self._places(model)

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: D102
        return equation_size(
            model.image_shape[:2],
            self.strength,
            anchor_names(model, self._terms),
            labels=self.labels,
            scale=self.scale,
        )

    def figure(self, model: Explorable) -> Figure:  # noqa: D102
        self.size(model)  # refuses what is too large
        return equation_sheet(
            model.decode(self._places(model)),
            self.strength,
            anchor_names(model, self._terms),
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    @property
    def _terms(self) -> tuple[str, str, str]:
        return self.a, self.b, self.c

    def _places(self, model: Explorable) -> NDArray[np.float32]:
        """Return A, B, C and the result, (4, d)."""
        a, b, c = anchor_places(model, self._terms)
        result = analogy(a, b, c, self.strength)
        check_coordinates("equation", result)
        return np.stack([a, b, c, result])
