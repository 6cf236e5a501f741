"""The cache of trained models: found by name and fingerprint, and never trained twice."""

from bvae_core.store.discarding import Discarded
from bvae_core.store.entries import BrokenEntry, StoredModel
from bvae_core.store.store import Store, load_bundle

__all__ = ["BrokenEntry", "Discarded", "Store", "StoredModel", "load_bundle"]
