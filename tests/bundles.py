"""Small bundles of real networks, for whatever needs a trained model's files but no good model."""

from __future__ import annotations

import functools
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from made_once import made_once
from PIL import Image

from bvae_core._tensorflow import load_quietly
from bvae_core.bundle import BundleContents, DataCard
from bvae_core.config import TrainConfig

if TYPE_CHECKING:
    import keras

Kind = Literal["dense", "conv"]
IMAGE_SHAPES: dict[Kind, tuple[int, int, int]] = {"dense": (28, 28, 1), "conv": (16, 24, 3)}
LATENT_DIMS: dict[Kind, int] = {"dense": 2, "conv": 3}
CLASS_NAMES = ("お", "き", "れ")


@functools.cache
def keras_networks(kind: Kind, dimensions: int | None = None) -> tuple[keras.Model, keras.Model]:
    """Make an untrained encoder and decoder; the first call loads TensorFlow."""
    load_quietly()
    import keras

    keras.utils.set_random_seed(7)
    make = _dense if kind == "dense" else _conv
    return make(keras, IMAGE_SHAPES[kind], dimensions or LATENT_DIMS[kind])


@functools.cache
def litert_files(kind: Kind, dimensions: int | None = None) -> tuple[bytes, bytes]:
    """Return the same encoder and decoder as LiteRT files."""
    dimensions = dimensions or LATENT_DIMS[kind]

    def convert() -> tuple[bytes, bytes]:
        encoder, decoder = keras_networks(kind, dimensions)
        from bvae_core.training.export import to_litert

        return to_litert(encoder), to_litert(decoder)

    return made_once(f"{kind}-{dimensions}", __file__, convert)


def contents(
    name: str = "small",
    *,
    kind: Kind = "dense",
    dimensions: int | None = None,
    images: int = 60,
    seed: int = 0,
    **changes: Any,
) -> BundleContents:
    """Make what goes into a bundle of `images` images of three classes, test images last.

    Models that differ in `seed` differ in settings, latents and fingerprint.
    """
    random = np.random.default_rng(seed)
    encoder, decoder = litert_files(kind, dimensions)
    dimensions = dimensions or LATENT_DIMS[kind]
    config = TrainConfig(latent_dim=dimensions, epochs=2, seed=seed)
    labels = np.arange(images, dtype=np.int64) % len(CLASS_NAMES)
    centres = 2 * random.normal(size=(len(CLASS_NAMES), dimensions))
    test_count = images // 4
    data = DataCard(
        name="kana",
        fingerprint="da" * 32,
        image_shape=IMAGE_SHAPES[kind],
        class_names=CLASS_NAMES,
        train_count=images - test_count,
        test_count=test_count,
        licence="CC BY-SA 4.0",
        attribution="KMNIST Dataset (created by CODH)",
    )
    noise = random.normal(size=(images, dimensions))
    made_contents = BundleContents(
        name=name,
        fingerprint=config.fingerprint(data.fingerprint),
        config=config,
        data=data,
        metrics={"held_out": True, "objective": 280.5, "neighbour_accuracy": 0.7},
        versions={"keras": "3.15.1"},
        encoder=encoder,
        decoder=decoder,
        mean=(centres[labels] + 0.4 * noise).astype(np.float32),
        log_var=random.normal(-3, 0.2, (images, dimensions)).astype(np.float32),
        labels=labels,
        is_test=np.arange(images) >= images - test_count,
        history=[
            {"epoch": 1, "objective": 300.25},
            {"epoch": 2, "objective": 281, "held_out": 285},
        ],
        preview=_png(),
    )
    return replace(made_contents, **changes)


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8), 128).save(file, "PNG")
    return file.getvalue()


def _dense(
    keras: Any, image_shape: tuple[int, int, int], dimensions: int
) -> tuple[keras.Model, keras.Model]:
    layers, ops = keras.layers, keras.ops

    def block(x: Any) -> Any:
        inner = layers.LayerNormalization()(x)
        inner = layers.Dense(48, activation="gelu")(inner)
        return layers.Add()([x, layers.Dense(48)(inner)])

    image = layers.Input(image_shape)
    x = block(layers.Dense(48, activation="silu")(layers.Flatten()(image)))
    encoder = keras.Model(image, _heads(layers, x, dimensions))

    z = layers.Input((dimensions,))
    waves = [ops.sin(3 * z), ops.cos(3 * z)]
    x = block(layers.Dense(48)(layers.Concatenate()([z, *waves])))
    x = layers.Dense(int(np.prod(image_shape)), activation="sigmoid")(x)
    return encoder, keras.Model(z, layers.Reshape(image_shape)(x))


def _conv(
    keras: Any, image_shape: tuple[int, int, int], dimensions: int
) -> tuple[keras.Model, keras.Model]:
    layers = keras.layers
    height, width, channels = image_shape
    coarse = (height // 4, width // 4, 16)

    image = layers.Input(image_shape)
    x = layers.Conv2D(8, 3, 2, "same", activation="silu")(image)
    x = layers.GroupNormalization(4)(layers.Conv2D(16, 3, 2, "same", activation="silu")(x))
    encoder = keras.Model(image, _heads(layers, layers.Flatten()(x), dimensions))

    z = layers.Input((dimensions,))
    x = layers.Dense(int(np.prod(coarse)), activation="silu")(z)
    x = layers.UpSampling2D()(layers.Reshape(coarse)(x))
    x = layers.Conv2D(8, 3, padding="same", activation="silu")(x)
    x = layers.Conv2DTranspose(channels, 3, 2, "same", activation="sigmoid")(x)
    return encoder, keras.Model(z, x)


def _heads(layers: Any, x: Any, dimensions: int) -> dict[str, Any]:
    return {"mean": layers.Dense(dimensions)(x), "log_var": layers.Dense(dimensions)(x)}
