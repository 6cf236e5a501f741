"""Train, keep, open and measure β-variational autoencoders. Knows NumPy; knows no screen."""

from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError

__all__ = ["BvaeError", "TrainConfig"]
__version__ = "0.1.0"
