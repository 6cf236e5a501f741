"""How much each latent dimension carries; the measures themselves are of the latent space."""

from bvae_core.latent.units import ACTIVE_VARIANCE, active_units, kl_per_dimension

__all__ = ["ACTIVE_VARIANCE", "active_units", "kl_per_dimension"]
