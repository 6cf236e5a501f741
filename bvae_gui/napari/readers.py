"""Readers: IDX and NumPy files of images, folders with these, and trained models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bvae_core.datasets.idx import is_idx_name
from bvae_core.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.datasets import ImageSet

LayerData = tuple[Any, dict[str, Any], str]
ReadFunction = Callable[[str | list[str]], list[LayerData]]

#: Places along each axis of a model that is shown as a grid.
SIDE = 20
_OFFICIAL = ("-imgs.npz", "-images-idx3-ubyte", "-images-idx3-ubyte.gz")


def get_reader(path: str | list[str]) -> ReadFunction | None:
    """Return what reads this, or None if it is none of ours.

    Parameters
    ----------
    path
        A file or a folder; of several each is opened by itself.
    """
    paths = [Path(each) for each in ([path] if isinstance(path, str) else path)]
    return read if paths and all(map(_is_ours, paths)) else None


def read(path: str | list[str]) -> list[LayerData]:
    """Read files and folders as layers.

    Images come as one stack each, labels and class names in the layer's metadata. A model comes as
    what it decodes of a grid of places.

    Raises
    ------
    BvaeError
        If a file is damaged, or holds no images.
    """
    from bvae_core.bundle import open_bundle
    from bvae_core.datasets import load

    layers = []
    for each in [path] if isinstance(path, str) else path:
        if (Path(each) / MANIFEST_NAME).is_file():
            layers.append(decoded_grid(open_bundle(Path(each)), SIDE))
        else:
            layers.append(layer_of(load(each)))
    return layers


def layer_of(images: ImageSet) -> LayerData:
    """Return a set of images as a layer: a stack, with what is known of each."""
    pixels = images.images
    is_grey = pixels.shape[-1] == 1
    known: dict[str, Any] = {}
    if images.labels is not None:
        known |= {"labels": images.labels, "class_names": images.class_names}
    known["split"] = np.where(images.is_test, "test", "train")
    if images.factors is not None:
        known |= dict(zip(images.factor_names, images.factors.T, strict=True))
    shown: dict[str, Any] = {"name": images.name, "metadata": known, "rgb": not is_grey}
    if is_grey:
        shown["contrast_limits"] = (0, 255)
    return (pixels[..., 0] if is_grey else pixels), shown, "image"


def decoded_grid(bundle: Bundle, side: int) -> LayerData:
    """Return what a model decodes of a grid of places, spaced by the prior, as one picture.

    Of more than two dimensions the two that tell the most about the images vary, and the others
    are 0.
    """
    from bvae_core.latent import prior_grid

    mean, log_var = bundle.latents.astype(np.float64), bundle.log_var.astype(np.float64)
    kl = (mean**2 + np.exp(log_var) - 1 - log_var).mean(axis=0) / 2
    telling = np.sort(np.argsort(-kl)[:2])
    dimensions = bundle.config.latent_dim
    axes = (int(telling[0]), int(telling[-1]))
    places = prior_grid(side, side, latent_dim=dimensions, axes=axes if dimensions > 1 else (0, 1))
    rows, columns = places.shape[:2]
    images = bundle.decode(places.reshape(rows * columns, -1))
    height, width = images.shape[1:3]
    cells = images.reshape(rows, columns, height, width, *images.shape[3:]).swapaxes(1, 2)
    picture = cells.reshape(rows * height, columns * width, *images.shape[3:])
    is_colour = bundle.image_shape[-1] > 1
    shown: dict[str, Any] = {
        "name": f"{bundle.name} decoded",
        "rgb": is_colour,
        "metadata": {
            "model": bundle.name,
            "model_fingerprint": bundle.fingerprint,
            "model_path": str(bundle.path),
            "beta": bundle.config.beta,
            "latent_dim": bundle.config.latent_dim,
            "places": places,
        },
    }
    if not is_colour:
        shown["contrast_limits"] = (0, 1)
    return np.ascontiguousarray(picture), shown, "image"


def _is_ours(path: Path) -> bool:
    if path.is_dir():
        if (path / MANIFEST_NAME).is_file():
            return True
        return any(each.name.endswith(_OFFICIAL) for each in path.iterdir())
    return is_idx_name(path.name) or path.suffix.lower() == ".npz"
