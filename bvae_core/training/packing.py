"""From a trained model to the contents of its bundle, with its figures."""

from __future__ import annotations

import io
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bvae_core import __version__
from bvae_core.bundle import BundleContents
from bvae_core.codec import Codec
from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet
from bvae_core.diagnostics import encode_all, evaluate
from bvae_core.latent import prior_grid
from bvae_core.manifest import DataCard
from bvae_core.training.export import (
    in_32_bits,
    require_same_answers,
    to_keras_file,
    to_litert,
    with_probabilities,
)
from bvae_core.training.model import BetaVAE
from bvae_core.training.pipeline import to_unit_range

_PREVIEW_SIDE = 8
#: Images whose codes are compared with what the trained networks say.
_COMPARED = 32


def pack(
    model: BetaVAE,
    history: Sequence[Mapping[str, Any]],
    config: TrainConfig,
    images: ImageSet,
    name: str,
    fingerprint: str,
) -> BundleContents:
    """Convert the networks, encode all images and measure the model on those held out.

    Parameters
    ----------
    model
        Trained.
    history
        A row for each epoch.
    config
        Resolved.
    images
        All of them; all get latent codes, whichever were trained on.

    Raises
    ------
    BvaeError
        If the converted networks answer otherwise than the trained ones.
    """
    encoder_network, decoder_network = in_32_bits(model, config, images.image_shape)
    decoder_network = with_probabilities(decoder_network)
    encoder, decoder = to_litert(encoder_network), to_litert(decoder_network)
    codec = Codec(encoder, decoder, images.image_shape, config.latent_dim)
    mean, log_var = encode_all(codec, images.images)
    _compare(encoder_network, decoder_network, codec, images, mean, log_var)
    data = DataCard(
        name=images.name,
        fingerprint=images.fingerprint,
        image_shape=images.image_shape,
        class_names=images.class_names,
        train_count=len(images.train_indices),
        test_count=len(images.test_indices),
        licence=images.credits.licence,
        attribution=images.credits.attribution,
        only="" if images.origin is None else images.origin.only,
    )
    candidate = _Candidate(
        codec, name, fingerprint, config, data, mean, log_var, images.labels, images.is_test
    )
    return BundleContents(
        name=name,
        fingerprint=fingerprint,
        config=config,
        data=data,
        metrics=evaluate(candidate, images).to_json(),
        versions=library_versions(),
        encoder=encoder,
        decoder=decoder,
        mean=mean,
        log_var=log_var,
        labels=images.labels,
        is_test=images.is_test,
        history=history,
        preview=preview(codec),
        keras_model=to_keras_file(model),
    )


def _compare(
    encoder: keras.Model,
    decoder: keras.Model,
    codec: Codec,
    images: ImageSet,
    mean: NDArray[np.float32],
    log_var: NDArray[np.float32],
) -> None:
    """Compare the codes of some images, and what is decoded there, with the trained networks'."""
    some = np.unique(np.linspace(0, len(images) - 1, _COMPARED).astype(np.int64))
    mean, log_var = mean[some], log_var[some]
    decoded = codec.decode(mean).reshape(-1, *images.image_shape)
    require_same_answers(
        {
            **encoder(to_unit_range(images.images[some]), training=False),
            "decoded image": decoder(mean, training=False),
        },
        {"mean": mean, "log_var": log_var, "decoded image": decoded},
    )


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A model that is about to become a bundle, as `evaluate` wants to see it."""

    codec: Codec
    name: str
    fingerprint: str
    config: TrainConfig
    data: DataCard
    latents: NDArray[np.float32]
    log_var: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    is_test: NDArray[np.bool_]

    def encode(self, images: NDArray[Any], /) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self.codec.encode(images)

    def decode(self, z: NDArray[Any], /) -> NDArray[np.float32]:
        return self.codec.decode(z)


def library_versions() -> dict[str, str]:
    """Return the versions of what decides how a training ends."""
    packages = ("tensorflow", "keras", "numpy", "ai-edge-litert")
    own = {"bvae-explorer": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in packages}


def preview(codec: Codec) -> bytes:
    """Decode a grid over the first two dimensions, spaced by the prior's quantiles, as a PNG."""
    side, dimensions = _PREVIEW_SIDE, codec.latent_dim
    if dimensions == 1:
        z = np.linspace(-2, 2, side * side, dtype=np.float32)[:, None]
    else:
        z = prior_grid(side, side, latent_dim=dimensions).reshape(-1, dimensions)
    pixels = np.round(255 * codec.decode(z)).astype(np.uint8)
    height, width = pixels.shape[1:3]
    tiles = pixels.reshape(side, side, height, width, -1).swapaxes(1, 2)
    sheet = tiles.reshape(side * height, side * width, -1)
    file = io.BytesIO()
    Image.fromarray(sheet.squeeze()).save(file, format="PNG")
    return file.getvalue()
