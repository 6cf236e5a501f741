"""Train, keep, open and measure β-variational autoencoders. Knows NumPy; knows no screen.

>>> import bvae_core
>>> demo = bvae_core.load_bundle("demo")
>>> demo.decode([[0.0, 0.0]]).shape
(1, 28, 28)

What stands here is imported when it is first used: importing the package loads next to nothing, and
TensorFlow is loaded by `train` and by `load_images` of a set of TensorFlow Datasets alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bvae_core._lazy import lazy_names
from bvae_core.errors import BvaeError

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.config import TrainConfig
    from bvae_core.datasets import ImageSet
    from bvae_core.datasets import load as load_images
    from bvae_core.diagnostics import Evaluation, evaluate
    from bvae_core.store import Store, load_bundle
    from bvae_core.training import train

__version__ = "0.1.0"

__all__ = [
    "Bundle",
    "BvaeError",
    "Evaluation",
    "ImageSet",
    "Store",
    "TrainConfig",
    "evaluate",
    "load_bundle",
    "load_images",
    "train",
]

__getattr__ = lazy_names(
    __name__,
    {
        "Bundle": "bundle",
        "Evaluation": "diagnostics",
        "ImageSet": "datasets",
        "Store": "store",
        "TrainConfig": "config",
        "evaluate": "diagnostics",
        "load_bundle": "store",
        "load_images": "datasets:load",
        "train": "training",
    },
)
