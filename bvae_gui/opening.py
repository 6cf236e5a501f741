"""Which models there are to open, opening one, and what it is remembered by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bvae_core.bundle import Bundle
from bvae_core.errors import BvaeError
from bvae_core.resources import resource
from bvae_core.store import DEMO, Store, load_bundle


@dataclass(frozen=True)
class Known:
    """A model to choose from.

    Parameters
    ----------
    name
        What people call it.
    remembered_as
        What `load_bundle` finds it by.
    summary
        What tells it from others, in a few words.
    """

    name: str
    remembered_as: str
    summary: str


def known_models() -> list[Known]:
    """Return the demo, and then the models of the store, newest first."""
    known = [Known(DEMO, DEMO, "comes with the program")]
    for model in Store().models():
        config = model.config
        summary = f"β = {config.beta:g}, {config.latent_dim}-dimensional"
        known.append(Known(model.name, model.fingerprint, summary))
    return known


def load(name_or_path: str | Path, otherwise: str | None = None) -> tuple[Bundle, BvaeError | None]:
    """Load a model, or else another, and return it with the reason if it is the other.

    Raises
    ------
    BvaeError
        If it can't be loaded, nor the other if there is one.
    """
    # Slow to import the first time: here it happens beside the window.
    import bvae_gui.explorer  # noqa: F401

    try:
        return load_bundle(name_or_path), None
    except BvaeError as error:
        if otherwise is None:
            raise
        return load_bundle(otherwise), error


def remembered_as(bundle: Bundle) -> str:
    """Return what `load_bundle` finds this model by, wherever the program is started."""
    if bundle.path == resource(DEMO):
        return DEMO
    if any(model.path == bundle.path for model in Store().models()):
        return bundle.fingerprint
    return str(bundle.path.absolute())
