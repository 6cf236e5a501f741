"""Sample data for napari's File menu."""

from __future__ import annotations

from typing import Any

import numpy as np

LayerData = tuple[Any, dict[str, Any], str]

#: Of generated strokes: enough to train on for a first look.
STROKES = 2000


def demo_grid() -> list[LayerData]:
    """Return what the model that comes along decodes of a grid of places, as one picture."""
    from bvae_core import load_bundle
    from bvae_gui.napari.readers import SIDE, decoded_grid

    return [decoded_grid(load_bundle("demo"), SIDE)]


def strokes() -> list[LayerData]:
    """Return invented handwriting, generated from known factors."""
    from bvae_core.datasets import load
    from bvae_gui.napari.readers import layer_of

    return [layer_of(load(f"strokes:{STROKES}"))]


def kmnist() -> list[LayerData]:
    """Return the characters of Kuzushiji-MNIST that the demo was trained on.

    Raises
    ------
    DataError
        If they are not, with where they come from.
    """
    from bvae_core import load_bundle
    from bvae_core.errors import DataError
    from bvae_core.originals import find_originals

    demo = load_bundle("demo")
    found = find_originals(demo)
    if found is None or demo.labels is None:
        raise DataError(
            "Kuzushiji-MNIST: Expected its images to be at hand. Received: none. Open their IDX or "
            ".npz files from the File menu, or tell bvae once where they are: "
            "bvae locate demo FOLDER."
        )
    metadata = {"labels": demo.labels, "class_names": demo.class_names}
    images = found.take(np.arange(len(demo.latents)))
    return [(images, {"name": demo.data.name, "metadata": metadata}, "image")]
