"""Which models there are to open, opening one, and what it is remembered by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bvae_core.bundle import Bundle
from bvae_core.errors import BvaeError
from bvae_core.manifest import read_manifest
from bvae_core.resources import DEMO, resource
from bvae_core.store import Store, load_bundle

_DIGITS = 16  # of a fingerprint, as lists of models show it


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


def find_known(fingerprint: str) -> Known | None:
    """Return the model that a figure says it was made from, if it is among those."""
    if read_manifest(resource(DEMO)).fingerprint == fingerprint:
        return known_models()[0]
    return next((known for known in known_models() if known.remembered_as == fingerprint), None)


def load(
    name_or_path: str | Path,
    otherwise: str | None = None,
    check: Callable[[Bundle], object] | None = None,
) -> tuple[Bundle, BvaeError | None]:
    """Load a model, or else another, and return it with the reason if it is the other.

    A model that doesn't pass the check counts as one that can't be loaded.

    Raises
    ------
    BvaeError
        If it can't be loaded, nor the other if there is one.
    """
    try:
        bundle = load_bundle(name_or_path)
        if check is not None:
            check(bundle)
        return bundle, None
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


def called_in_shell(bundle: Bundle) -> str:
    """Return what `bvae` finds this model by: its name, where no other model is called so."""
    remembered = remembered_as(bundle)
    if remembered != bundle.fingerprint:
        return remembered
    namesakes = sum(model.name == bundle.name for model in Store().models())
    return bundle.name if namesakes == 1 and bundle.name != DEMO else bundle.fingerprint[:_DIGITS]
