"""From Keras models to the bytes in a bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError
from bvae_core.training.model import BetaVAE
from bvae_core.training.networks import build_networks
from bvae_core.training.optimizer import FusedAdamW  # noqa: F401 - what is saved names it

#: Relative, and for small values absolute.
_MOST_APART = 0.05


def to_litert(model: keras.Model) -> bytes:
    """Convert an encoder or a decoder to LiteRT, for batches of any size, in 32 bits.

    The same network as from ``model.export(format="litert")``, in a quarter of the time: that
    writes and reads a SavedModel on the way, for nothing but the names that are added here.
    """
    taken = tf.TensorSpec(model.input.shape, model.input.dtype, model.input.name)
    call = tf.function(partial(model, training=False), input_signature=[taken], autograph=False)
    function = call.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], call)
    # Only operations that LiteRT has without TensorFlow: an error here beats one at a user.
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    given = function.structured_outputs
    if isinstance(given, dict):
        outputs = sorted(given)  # as TensorFlow has them
    else:
        outputs = [f"output_{i}" for i in range(len(function.outputs))]
    return _with_names(converter.convert(), [taken.name], outputs)


def _with_names(content: bytes, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """Return a LiteRT model with a signature that names what goes in and comes out, in order."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    (graph,) = model.subgraphs
    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = "serving_default", 0
    signature.inputs = _named(inputs, graph.inputs)
    signature.outputs = _named(outputs, graph.outputs)
    model.signatureDefs = [signature]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _named(names: Sequence[str], tensors: Sequence[int]) -> list[Any]:
    named = []
    for name, tensor in zip(names, tensors, strict=True):
        entry = schema.TensorMapT()
        entry.name, entry.tensorIndex = name, tensor
        named.append(entry)
    return named


def in_32_bits(
    model: BetaVAE, config: TrainConfig, image_shape: tuple[int, int, int]
) -> tuple[keras.Model, keras.Model]:
    """Return encoder and decoder that compute in 32 bits, whatever they were trained in."""
    if not config.mixed_precision:
        return model.encoder, model.decoder
    networks = build_networks(config, image_shape)
    for network, trained in zip(networks, (model.encoder, model.decoder), strict=True):
        network.set_weights(trained.get_weights())
    return networks


def require_same_answers(
    expected: Mapping[str, ArrayLike], received: Mapping[str, ArrayLike]
) -> None:
    """Compare what trained networks answer with what converted ones do.

    A model that is wrong would look like one that learned badly. The tolerance is wide, since a GPU
    may multiply with ten bits.

    Parameters
    ----------
    expected, received
        Arrays of one shape, by what they are.

    Raises
    ------
    BvaeError
        If they differ.
    """
    for what, wanted in expected.items():
        wanted = np.asarray(wanted)
        apart = float(np.max(np.abs(received[what] - wanted) / (1 + np.abs(wanted)), initial=0.0))
        if not apart <= _MOST_APART:  # true of NaN, too
            raise BvaeError(
                f"The converted model's {what} is not that of the trained one: Expected a "
                f"difference of at most {_MOST_APART}. Received: {apart:.2g}. What was learned is "
                "kept; resume the training to convert it again."
            )


def with_probabilities(decoder: keras.Model) -> keras.Model:
    """Return the decoder from z to pixels in [0, 1] instead of logits."""
    return keras.Model(decoder.input, keras.ops.sigmoid(decoder.output), name="decoder")


def to_keras_file(model: BetaVAE) -> bytes:
    """Serialise the model with its optimizer, as `load_keras_file` reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()


def load_keras_file(path: Path) -> BetaVAE:
    """Load a bundle's ``model.keras`` in Keras' safe mode, which runs no code of the file's."""
    model: BetaVAE = keras.saving.load_model(path, safe_mode=True)
    return model
