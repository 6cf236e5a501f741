"""A layer's items through a model's encoder, in chunks. Knows neither napari nor Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bvae_core.bundle import Bundle
from bvae_core.datasets import _scratch
from bvae_core.errors import DataError
from bvae_gui.napari.items import Items
from bvae_gui.napari.pixels import to_model


@dataclass(frozen=True, eq=False)
class Encoded:
    """Items and what a model's encoder made of them.

    Parameters
    ----------
    items
        What was encoded.
    images
        (N, H, W, C) uint8, as the model saw them; mapped from a file where there are many.
    mean, log_var
        (N, d) float32.
    """

    items: Items
    images: NDArray[np.uint8]
    mean: NDArray[np.float32]
    log_var: NDArray[np.float32]


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Somebody doesn't want it any more."""


def encode(
    items: Items,
    bundle: Bundle,
    progress: Callable[[int], None],
    is_stopped: Callable[[], bool],
) -> Encoded:
    """Read all items, bring them to the model's size and colour, and encode them.

    Parameters
    ----------
    items
        What to encode.
    bundle
        The model.
    progress
        Told how many are done.
    is_stopped
        Asked before each chunk.

    Raises
    ------
    Stopped
        If `is_stopped` said so.
    BvaeError
        If the pixels can't be read, or the encoder makes no numbers of them.
    """
    count, dimensions = len(items), bundle.config.latent_dim
    mean = np.empty((count, dimensions), np.float32)
    log_var = np.empty_like(mean)

    def chunks() -> Iterator[NDArray[np.uint8]]:
        for which in items.batches():
            if is_stopped():
                raise Stopped
            images = to_model(items.read(which), bundle.image_shape)
            mean[which], log_var[which] = bundle.encode(images)
            progress(which.stop)
            yield images

    images = gather(items, bundle.image_shape, chunks)
    if not (np.isfinite(mean).all() and np.isfinite(log_var).all()):
        raise DataError(
            f"{items.name}: Expected images that {bundle.name} can encode. "
            "Received: some of which it makes no numbers."
        )
    return Encoded(items, images, mean, log_var)


def gather(
    items: Items,
    shape: tuple[int, int, int],
    chunks: Callable[[], Iterator[NDArray[np.uint8]]],
) -> NDArray[np.uint8]:
    """Collect images of (H, W, C) = `shape`, in memory, or in a file where they are many."""
    # Every time another key: nothing tells whether a layer's pixels have changed since.
    key = _scratch.key_of("layer", items.name, id(items), np.random.default_rng().bytes(16).hex())
    return _scratch.gather(key, (len(items), *shape), chunks, source=items.name)
