"""Train, keep, open and measure β-variational autoencoders. Knows NumPy; knows no screen.

>>> import bvae_core
>>> demo = bvae_core.load_bundle("demo")
>>> demo.decode([[0.0, 0.0]]).shape
(1, 28, 28)

What stands here is imported when it is first used: importing the package loads next to nothing, and
TensorFlow is loaded by `train` alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "Bundle": ("bvae_core.bundle", "Bundle"),
    "Evaluation": ("bvae_core.diagnostics", "Evaluation"),
    "ImageSet": ("bvae_core.datasets", "ImageSet"),
    "Store": ("bvae_core.store", "Store"),
    "TrainConfig": ("bvae_core.config", "TrainConfig"),
    "evaluate": ("bvae_core.diagnostics", "evaluate"),
    "load_bundle": ("bvae_core.store", "load_bundle"),
    "load_images": ("bvae_core.datasets", "load"),
    "train": ("bvae_core.training", "train"),
}

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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
