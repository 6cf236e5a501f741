"""Models of any number of dimensions, made of real networks, for maps that need one."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import bundles
import numpy as np
from made_once import made_once

from bvae_core._tensorflow import load_quietly
from bvae_core.bundle import Bundle, BundleContents, write_bundle
from bvae_core.config import TrainConfig


@functools.cache
def networks(dimensions: int) -> tuple[bytes, bytes]:
    """Return an encoder and a decoder as LiteRT files."""
    make = functools.partial(_make_networks, dimensions)
    return made_once(f"map-{dimensions}", __file__, make)


def _make_networks(dimensions: int) -> tuple[bytes, bytes]:
    load_quietly()
    import keras

    from bvae_core.training.export import to_litert

    keras.utils.set_random_seed(3)
    layers = keras.layers
    image = layers.Input((12, 12, 1))
    x = layers.Flatten()(image)
    heads = {"mean": layers.Dense(dimensions)(x), "log_var": layers.Dense(dimensions)(x)}
    z = layers.Input((dimensions,))
    y = layers.Dense(144, activation="sigmoid", kernel_initializer="random_normal")(z)
    encoder, decoder = keras.Model(image, heads), keras.Model(z, layers.Reshape((12, 12, 1))(y))
    return to_litert(encoder), to_litert(decoder)


def write_model(
    folder: Path,
    dimensions: int,
    *,
    images: int = 300,
    class_names: Sequence[str] = ("お", "き", "れ"),
    has_labels: bool = True,
) -> Bundle:
    """Write a model of so many dimensions, each of which varies more than the one before."""
    encoder, decoder = networks(dimensions)
    random = np.random.default_rng(5)
    labels = np.arange(images, dtype=np.int64) % len(class_names)
    centres = random.normal(size=(len(class_names), dimensions))
    codes = centres[labels] + 0.5 * random.normal(size=(images, dimensions))
    codes *= np.arange(1, dimensions + 1) / dimensions
    contents = bundles.contents(f"map {dimensions}", images=images)
    config = TrainConfig(latent_dim=dimensions, epochs=2)
    data = replace(
        contents.data,
        image_shape=(12, 12, 1),
        class_names=tuple(class_names) if has_labels else (),
    )
    contents = replace(
        contents,
        fingerprint=config.fingerprint(data.fingerprint),
        config=config,
        data=data,
        encoder=encoder,
        decoder=decoder,
        mean=codes.astype(np.float32),
        log_var=np.full((images, dimensions), -3, np.float32),
        labels=labels if has_labels else None,
    )
    return write_bundle(folder / f"map-{dimensions}", contents)


def with_codes(bundle: Bundle, mean: np.ndarray, log_var: np.ndarray) -> BundleContents:
    """Return what is in a model, with other codes."""
    return bundles.contents(
        "other codes",
        images=len(mean),
        fingerprint="c0de" * 16,
        config=bundle.config,
        data=bundle.data,
        encoder=(bundle.path / "encoder.tflite").read_bytes(),
        decoder=(bundle.path / "decoder.tflite").read_bytes(),
        mean=mean,
        log_var=log_var,
        labels=bundle.labels,
        is_test=bundle.is_test,
    )
