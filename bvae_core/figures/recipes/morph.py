"""`MorphRecipe`: a morph, as a strip or an animation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core import shell_words
from bvae_core.figures.animation import animation_pictures, animation_size, save_animation
from bvae_core.figures.limits import ANIMATION_SUFFIXES, FIGURE_SUFFIXES
from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.base import SheetRecipe, checked_suffix
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.recipes.places import anchor_names, anchor_places, way_through
from bvae_core.figures.sheets import morph_strip, strip_size
from bvae_core.latent import WayMeasures, Ways


@dataclass(frozen=True, kw_only=True)
class MorphRecipe(SheetRecipe):
    """A morph through anchors: a strip, or an animation if the file's name ends so.

    Parameters
    ----------
    anchors
        2 to 8 places.
    frames, path
        Of the way, see `bvae_core.latent.Ways.path`.
    fps, loop, bounce
        Of an animation, see `bvae_core.figures.save_animation`. It has no words.
    """

    kind: ClassVar[str] = "morph"
    suffixes: ClassVar[tuple[str, ...]] = FIGURE_SUFFIXES + ANIMATION_SUFFIXES

    anchors: setting.Anchors
    frames: setting.Frames = 12
    path: setting.Path = "straight"
    labels: setting.Labels = True
    fps: setting.Fps = 12.0
    loop: setting.Loop = True
    bounce: setting.Bounce = False

    def check(self, model: Explorable) -> None:  # noqa: D102
        anchor_places(model, self.anchors)

    def size(self, model: Explorable) -> tuple[int, int]:
        """Return the strip's pixels across and down; see `animation_size` for an animation's."""
        names = self._names(model)
        shape = model.image_shape[:2]
        return strip_size(shape, self.frames, names, labels=self.labels, scale=self.scale)

    def animation_size(self, model: Explorable) -> tuple[int, int]:
        """Return an animation's pixels across and down; a BvaeError if it would be too large."""
        return animation_size(model.image_shape, self.frames, bounce=self.bounce, scale=self.scale)

    def figure(self, model: Explorable) -> Figure:
        """Draw the strip in memory; see `animation` for what moves."""
        self.size(model)
        return morph_strip(
            self._images(model),
            self._names(model),
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    def animation(self, model: Explorable) -> NDArray[np.uint8]:
        """Return the pictures that an animation shows one after the other, (n, H, W, 3) uint8."""
        self.animation_size(model)
        return animation_pictures(
            self._images(model),
            bounce=self.bounce,
            scale=self.scale,
            theme=self.theme,
            ink=self.ink,
        )

    def measure(self, model: Explorable) -> WayMeasures:
        """Measure the way through all anchors; see `bvae_core.latent.measure_way`."""
        anchors = anchor_places(model, self.anchors)
        return Ways(model.decode, model.latents).measure(anchors, self.frames, self.path)

    def measure_command(self, model_name: str) -> list[str]:
        """Return the words of the `bvae measure` command that measures the same way."""
        options = self._options(lambda name: name in ("anchors", "frames"))
        return shell_words.command("measure", [model_name], [*options, "--path", self.path])

    def export(self, model: Explorable, target: str | Path) -> None:
        """Write the strip, or the animation; see `Recipe.export`."""
        if checked_suffix(target, self.suffixes) not in ANIMATION_SUFFIXES:
            super().export(model, target)
            return
        self.animation_size(model)
        save_animation(
            self._images(model),
            target,
            fps=self.fps,
            loop=self.loop,
            bounce=self.bounce,
            scale=self.scale,
            theme=self.theme,
            ink=self.ink,
        )

    def _images(self, model: Explorable) -> NDArray[np.float32]:
        anchors = anchor_places(model, self.anchors)
        return model.decode(way_through(model, anchors, self.frames, self.path))

    def _names(self, model: Explorable) -> list[str]:
        return anchor_names(model, self.anchors) if len(self.anchors) <= self.frames else []
