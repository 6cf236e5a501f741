"""Training: the room of TensorFlow and Keras, which are loaded when a training begins."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet
from bvae_core.errors import BvaeError, DataError
from bvae_core.originals import remember_origin
from bvae_core.training.events import (
    AlreadyTrained,
    Event,
    Finished,
    OnEvent,
    ShouldStop,
    StartingOver,
    Stopped,
    TrainingStopped,
    Waiting,
)

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.store import Store
    from bvae_core.training.devices import DeviceReport

__all__ = ["TrainingStopped", "report_devices", "train"]

FEWEST_IMAGES = 2
_LONGEST_DATA_NAME = 60


def train(
    config: TrainConfig,
    images: ImageSet,
    *,
    name: str | None = None,
    on_event: OnEvent | None = None,
    should_stop: ShouldStop | None = None,
    resume: bool = False,
    previews: Path | None = None,
    store: Store | None = None,
) -> Bundle:
    """Train a β-VAE and keep it in the store; open it if it is there already.

    Two processes that ask for the same training at once do it once: the second waits and opens what
    the first made.

    Parameters
    ----------
    config
        What to train. `TrainConfig.resolved` fills in what depends on the images.
    images
        What to train on; the test split is left out unless `config.train_split` is ``all``.
    name
        What to call the model; None makes a name of data, β and dimensions.
    on_event
        Called in this thread with what happens: see `bvae_core.training.events`.
    should_stop
        Asked between steps, at least several times an epoch; True ends the training in order.
    resume
        Go on from the checkpoint of the same training, if there is one. What comes out equals
        what an uninterrupted training makes.
    previews
        Folder for what the networks make of a few images on the way, see
        `bvae_core.training.previews`; None writes none.
    store
        Where models are kept; None is the user's.

    Raises
    ------
    TrainingStopped
        If `should_stop` said so. The checkpoint keeps all finished epochs.
    DataError
        If there are too few images to train on.
    StoreError
        If `name` is taken.
    BvaeError
        If something can't be written or read.
    """
    from bvae_core.store import Store

    tell: OnEvent = on_event or _ignore
    kept = store or Store()
    count = len(images) if config.train_split == "all" else len(images.train_indices)
    if count < FEWEST_IMAGES:
        raise DataError(
            f"{images.name}: Expected at least {FEWEST_IMAGES} images to train on. "
            f"Received: {count}."
        )
    resolved = config.resolved(images.image_shape, count)
    fingerprint = resolved.fingerprint(images.fingerprint)
    if images.origin is not None:
        with contextlib.suppress(BvaeError):  # whoever wants to see the images can be asked again
            remember_origin(images.fingerprint, images.origin, cache=kept.root)
    stops = should_stop or _never
    told = False

    def wait() -> None:
        nonlocal told
        if not told:
            tell(Waiting("Another process is training the same model; waiting for it."))
            told = True
        if stops():
            raise TrainingStopped(0, resolved.epochs or 0, fingerprint)

    with kept.lock(fingerprint, on_wait=wait):
        found = kept.find(fingerprint)
        if found is not None:
            tell(AlreadyTrained(found.name, fingerprint, str(found.path)))
            return found
        chosen = kept.check_free(name) if name else kept.free_name(default_name(resolved, images))

        from bvae_core._tensorflow import load_quietly

        load_quietly()
        from bvae_core.training.checkpoint import has_checkpoint
        from bvae_core.training.trainer import Run

        folder = kept.checkpoint_folder(fingerprint)
        if has_checkpoint(folder) and not resume:
            tell(StartingOver("An earlier run of this training is not gone on with, but replaced."))
        run = Run(resolved, images, fingerprint, folder, tell, stops, previews=previews)
        try:
            model = run.fit(resume=resume)
        except TrainingStopped as stopped:
            tell(Stopped(stopped.epoch, stopped.epochs, fingerprint))
            raise
        from bvae_core.training.packing import (
            pack,
        )  # with what measures models: for when it is over

        bundle = kept.add(pack(model, run.history, resolved, images, chosen, fingerprint))
        kept.discard_checkpoint(fingerprint)
    tell(Finished(bundle.name, fingerprint, str(bundle.path), bundle.metrics))
    return bundle


def report_devices() -> DeviceReport:
    """Load TensorFlow and say what it would train on; see `DeviceReport`."""
    from bvae_core._tensorflow import load_quietly

    load_quietly()
    from bvae_core.training.devices import report

    return report()


def default_name(config: TrainConfig, images: ImageSet) -> str:
    """Name a model after what tells it from its siblings, easy to type: ``kmnist-b4-d2``."""
    seed = f"-s{config.seed}" if config.seed else ""
    data = "-".join(re.findall(r"\w+", images.name)) or "images"
    return f"{data[:_LONGEST_DATA_NAME]}-b{config.beta:g}-d{config.latent_dim}{seed}"


def _ignore(event: Event) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False
