"""Recipes as pictures to look at and as files: work for a thread beside the window's; no Qt."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from numpy.typing import NDArray

from bvae_core.errors import BvaeError
from bvae_core.figures import (
    ContactRecipe,
    Explorable,
    Images,
    MorphRecipe,
    Recipe,
    SheetRecipe,
)
from bvae_core.files import replacing_file

#: More pixels than these show no more on a screen.
_ENOUGH = 4_000_000


def size(recipe: Recipe, model: Explorable, *, moving: bool) -> tuple[int, int]:
    """Return a file's pixels across and down; see `Recipe.size`.

    Parameters
    ----------
    recipe, model
        Of the file.
    moving
        Whether it is the animation of a morph.
    """
    if moving and isinstance(recipe, MorphRecipe):
        return recipe.animation_size(model)
    return recipe.size(model)


def pictures(
    recipe: Recipe, model: Explorable, *, moving: bool, originals: Images | None = None
) -> NDArray[np.uint8]:
    """Draw what a file would show.

    A figure too large for any screen is drawn at a smaller scale, an animation at the smallest.

    Parameters
    ----------
    recipe, model, moving
        As in `size`.
    originals
        The images that the model was trained on, if they are at hand already.

    Returns
    -------
    (n, H, W, 3) uint8; n is 1 unless it is moving.

    Raises
    ------
    BvaeError
        As in `Recipe.figure`.
    """
    if moving and isinstance(recipe, MorphRecipe):
        return replace(recipe, scale=1).animation(model)
    smaller = _for_a_screen(recipe, model)
    if isinstance(smaller, ContactRecipe):
        canvas = smaller.figure(model, originals).canvas
    else:
        canvas = smaller.figure(model).canvas
    assert isinstance(canvas, FigureCanvasAgg)  # noqa: S101
    canvas.draw()  # type: ignore[no-untyped-call]
    drawn = np.array(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return drawn[None, ..., :3]


def write(recipe: Recipe, model: Explorable, target: Path, unwanted: Event) -> bool:
    """Write a file as a whole or not at all.

    Parameters
    ----------
    recipe, model, target
        See `Recipe.export`.
    unwanted
        Set from another thread when the file is wanted no longer.

    Returns
    -------
    bool
        Whether it is there; False if it became unwanted in time.

    Raises
    ------
    BvaeError
        As in `Recipe.export`.
    """
    try:
        with replacing_file(target) as unfinished:
            _export(recipe, model, unfinished)
            if unwanted.is_set():
                raise _UnwantedError
    except _UnwantedError:
        return False
    return True


class _UnwantedError(Exception):
    """Nobody waits for the file any more."""


def _export(recipe: Recipe, model: Explorable, unfinished: Path) -> None:
    try:
        recipe.export(model, unfinished)
    except BvaeError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None  # to be said of the file that was asked for
        raise


def _for_a_screen(recipe: Recipe, model: Explorable) -> Recipe:
    if not isinstance(recipe, SheetRecipe):
        return recipe
    across, down = recipe.size(model)
    if recipe.scale is None or across * down <= _ENOUGH:
        return recipe
    return replace(recipe, scale=max(1, int(recipe.scale * math.sqrt(_ENOUGH / (across * down)))))
