"""What is around a place, as panels show it: how likely it is, and the images nearest to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qtpy.QtWidgets import QLabel

from bvae_core.figures.ink import to_rgb8
from bvae_core.kana import thing_shown, with_reading
from bvae_core.latent import typicality_words
from bvae_gui.state import ExplorerState
from bvae_gui.widgets.meter import Meter
from bvae_gui.widgets.numbers import number
from bvae_gui.widgets.tile_row import Tile


def thing(state: ExplorerState) -> str:
    """Return what the open model's images are: characters, or else images."""
    return thing_shown(state.model.class_names)


def likelihood(state: ExplorerState, point: NDArray[np.float32]) -> tuple[float, str, str]:
    """Return how likely a place, (d,), is: a share from 0 to 1, words for it, and a hint."""
    rank, what = state.typicality.rank(point), thing(state)
    hint = f"{rank:.0%} of the {what}s lie in places as lonely as this, or lonelier"
    return rank, typicality_words(rank, thing=what), hint


def show_likelihood(
    state: ExplorerState, point: NDArray[np.float32], meter: Meter, label: QLabel
) -> None:
    """Show on a meter, and in words beside it, how likely a place, (d,), is."""
    rank, words, hint = likelihood(state, point)
    meter.set_share(rank)
    if words != label.text():
        label.setText(words)
        meter.setAccessibleDescription(words)
    meter.setToolTip(hint)
    label.setToolTip(hint)


def nearest_tiles(
    state: ExplorerState, point: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], list[Tile]]:
    """Return the images nearest to a place: their indices, (k,) int64, and tiles that show them.

    Parameters
    ----------
    state
        With an open model. The originals are shown where they are at hand.
    point
        (d,) float32.
    count
        How many, if there are as many.
    """
    model, originals = state.model, state.originals
    nearest, distances = state.neighbours.nearest(point, min(count, len(model.latents)))
    codes = model.latents[nearest]
    images = state.decode(codes) if originals is None else originals.take(nearest)
    pictures = to_rgb8(images, state.theme, state.ink)
    colours = state.theme.class_colours(len(model.class_names))
    return nearest, [
        _tile(state, int(index), float(distance), picture, colours)
        for index, distance, picture in zip(nearest, distances, pictures, strict=True)
    ]


def _tile(
    state: ExplorerState,
    index: int,
    distance: float,
    picture: NDArray[np.uint8],
    colours: Sequence[str],
) -> Tile:
    model = state.model
    far = number(distance)
    split = "test" if model.is_test[index] else "training"
    whose = f"{split} {thing(state)}" if model.codes_of is None else f"of {model.codes_of}"
    hint = f"#{index}, {whose}, distance {far}. Click to pin it."
    if model.labels is None:
        return Tile(picture, f"#{index}", far, None, hint)
    label = int(model.labels[index])
    caption = with_reading(model.class_names[label])
    return Tile(picture, caption, far, colours[label], f"{caption}: {hint}")
