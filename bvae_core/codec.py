"""Encoding and decoding through LiteRT: a trained model's two networks, without TensorFlow."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bvae_core._stderr import without_lines
from bvae_core.errors import AnchorError, BundleError, DataError

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

#: Farther from the origin than this no coordinate of a code may lie: within it, float32 can't
#: overflow in a decoder, and the mass of the prior beyond 40 is already beyond float64.
MAX_COORDINATE = 1e6

# An image takes at most this many rows a pass, and so many values: a convolution's activations
# are some hundred times as large as its image, and larger passes are no faster.
_MAX_ROWS = 256
_MAX_VALUES = 1 << 18


class Codec:
    """The encoder and the decoder of a β-VAE; any thread may call it at any time.

    The interpreters are made at the first use of each network.

    Parameters
    ----------
    encoder
        LiteRT (``.tflite``) model: float32 images (n, H, W, C) in [0, 1] → ``mean`` and
        ``log_var`` of q(z|x), each (n, d), told apart by the names in its signature.
    decoder
        LiteRT model: float32 codes (n, d) → probabilities (n, H, W, C).
    image_shape
        (H, W, C), C = 1 or 3.
    latent_dim
        d.
    num_threads
        Threads a network may use. One is the default since more of them slow small networks
        down a hundredfold while another process keeps the cores busy.
    """

    def __init__(
        self,
        encoder: bytes,
        decoder: bytes,
        image_shape: tuple[int, int, int],
        latent_dim: int,
        *,
        num_threads: int = 1,
    ) -> None:
        self.image_shape = image_shape
        self.latent_dim = latent_dim
        code = (latent_dim,)
        rows = max(1, min(_MAX_ROWS, _MAX_VALUES // int(np.prod(image_shape))))
        self._encoder = _Network("encoder.tflite", encoder, image_shape, code, num_threads, rows)
        self._decoder = _Network("decoder.tflite", decoder, code, image_shape, num_threads, rows)

    def decode(self, z: ArrayLike) -> NDArray[np.float32]:
        """Decode codes into images.

        Parameters
        ----------
        z
            (n, d) codes, n ≥ 0, or one code (d,); finite, within ±`MAX_COORDINATE`.

        Returns
        -------
        images
            (n, H, W) float32 in [0, 1], or (n, H, W, 3) where the model is one of colour.

        Raises
        ------
        AnchorError
            If `z` has another shape, or a value in it is not finite or too far out.
        BundleError
            If ``decoder.tflite`` is no decoder of such codes.
        """
        codes = self._codes(z)
        height, width, channels = self.image_shape
        shape = (height, width) if channels == 1 else self.image_shape
        if not len(codes):
            return np.empty((0, *shape), np.float32)
        outputs = self._decoder.run(codes)
        if len(outputs) != 1:
            raise BundleError(
                f"decoder.tflite: Expected one output. Received: {', '.join(outputs)}."
            )
        (images,) = outputs.values()
        np.clip(images, 0.0, 1.0, out=images)  # a fast sigmoid may miss its bounds by a rounding
        return images.reshape(-1, *shape)

    def encode(self, images: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Encode images into the parameters of q(z|x).

        Parameters
        ----------
        images
            (n, H, W) or (n, H, W, 1) where the model is of grey images, (n, H, W, 3) where it is
            of colour; uint8 from 0 to 255 or floating point from 0 to 1. A single image may go
            without its leading axis.

        Returns
        -------
        mean, log_var
            (n, d) float32 each; log_var is the natural logarithm of the variance.

        Raises
        ------
        DataError
            If `images` has another shape or dtype, or a value in it is out of range.
        BundleError
            If ``encoder.tflite`` is no encoder of such images.
        """
        pixels = self._pixels(images)
        if not len(pixels):
            return self._codes([]), self._codes([])
        outputs = self._encoder.run(pixels)
        if outputs.keys() != {"mean", "log_var"}:
            raise BundleError(
                "encoder.tflite: Expected outputs named mean and log_var. "
                f"Received: {', '.join(outputs)}."
            )
        return outputs["mean"], outputs["log_var"]

    def _codes(self, z: ArrayLike) -> NDArray[np.float32]:
        try:
            codes = np.asarray(z, np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise AnchorError(
                f"z: Expected numbers of shape (n, {self.latent_dim}). "
                f"Received: {type(z).__name__} that is no such array."
            ) from error
        if codes.ndim == 1 and codes.size:
            codes = codes[np.newaxis]
        elif codes.shape == (0,):
            codes = codes.reshape(0, self.latent_dim)
        if codes.ndim != 2 or codes.shape[1] != self.latent_dim:
            raise AnchorError(
                f"z: Expected shape (n, {self.latent_dim}), one column for each latent "
                f"dimension. Received: shape {np.shape(z)}."
            )
        outside = ~(np.abs(codes) <= MAX_COORDINATE)  # true of NaN, too
        if outside.any():
            raise AnchorError(
                f"z: Expected finite coordinates within ±{MAX_COORDINATE:,.0f}. "
                f"Received: {codes[outside][0]:g}."
            )
        return codes.astype(np.float32)

    def _pixels(self, images: ArrayLike) -> NDArray[np.float32]:
        height, width, channels = self.image_shape
        try:
            pixels = np.asarray(images)
        except ValueError as error:
            raise DataError(
                "images: Expected an array. Received: rows of unequal length."
            ) from error
        shape = pixels.shape
        if channels == 1 and shape[-2:] == (height, width):
            shape = (*shape, 1)
        if shape[-3:] != self.image_shape or len(shape) > 4:
            axes = f"(n, {height}, {width}{', 3' if channels == 3 else ''})"
            raise DataError(f"images: Expected shape {axes}. Received: shape {pixels.shape}.")
        if pixels.dtype != np.uint8 and not np.issubdtype(pixels.dtype, np.floating):
            raise DataError(
                "images: Expected uint8 from 0 to 255 or floating point from 0 to 1. "
                f"Received: {pixels.dtype}."
            )
        pixels = pixels.reshape(-1, *self.image_shape)
        if pixels.dtype == np.uint8:
            return pixels.astype(np.float32) / np.float32(255)
        outside = ~((pixels >= 0) & (pixels <= 1))  # true of NaN, too
        if outside.any():
            raise DataError(
                "images: Expected floating point values from 0 to 1. "
                f"Received: {pixels[outside][0]:g}."
            )
        return pixels.astype(np.float32)


class _Network:
    """One LiteRT model with one input, run by one interpreter behind a lock."""

    def __init__(
        self,
        name: str,
        content: bytes,
        input_shape: tuple[int, ...],
        output_shape: tuple[int, ...],
        num_threads: int,
        max_rows: int,
    ) -> None:
        self._name = name
        self._content = content
        self._input_shape = input_shape
        self._output_shape = output_shape
        self._num_threads = num_threads
        self._max_rows = max_rows
        self._lock = threading.Lock()
        self._rows = 0

    def run(self, inputs: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Return the outputs by name, (n, ...) each, of (n, ...) inputs, n ≥ 1."""
        count = len(inputs)
        passes = -(-count // self._max_rows)
        # Passes of one size, the last one filled up: changing the size plans memory anew.
        rows = -(-count // passes)
        inputs = np.concatenate([inputs, inputs[: passes * rows - count]])
        try:
            with self._lock:
                self._resize(rows)
                parts = [
                    self._invoke(inputs[start : start + rows])
                    for start in range(0, passes * rows, rows)
                ]
        except (RuntimeError, ValueError) as error:  # LiteRT raises no narrower ones
            raise self._unfit("a LiteRT model", error) from error
        return {name: np.concatenate([part[name] for part in parts])[:count] for name in parts[0]}

    def _resize(self, rows: int) -> None:
        if self._rows == rows:
            return
        self._rows = 0  # stays so if planning the memory fails
        self._interpreter.resize_tensor_input(self._input, (rows, *self._input_shape))
        self._interpreter.allocate_tensors()
        self._rows = rows

    def _invoke(self, inputs: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        self._interpreter.set_tensor(self._input, inputs)
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(index) for name, index in self._indices.items()}

    @cached_property
    def _interpreter(self) -> Interpreter:
        from ai_edge_litert.interpreter import Interpreter  # 15 ms that a listing can do without

        with without_lines(b"INFO: Created TensorFlow Lite"):
            interpreter = Interpreter(model_content=self._content, num_threads=self._num_threads)
            interpreter.allocate_tensors()
        shapes = [tuple(map(int, each["shape"])) for each in interpreter.get_input_details()]
        if [shape[1:] for shape in shapes] != [self._input_shape]:
            raise self._unfit(f"one input of shape {(1, *self._input_shape)}", shapes)
        return interpreter

    @cached_property
    def _input(self) -> int:
        return int(self._interpreter.get_input_details()[0]["index"])

    @cached_property
    def _indices(self) -> Mapping[str, int]:
        # The order of outputs is the exporter's; only the signature knows their names.
        details = self._interpreter.get_signature_runner().get_output_details()
        for name, detail in details.items():
            shape = tuple(map(int, detail["shape"]))
            if shape[1:] != self._output_shape:
                raise self._unfit(f"{name} of shape {(1, *self._output_shape)}", shape)
        return {name: int(detail["index"]) for name, detail in details.items()}

    def _unfit(self, expected: str, received: object) -> BundleError:
        return BundleError(
            f"{self._name}: Expected {expected}. Received: {received}".rstrip(".") + "."
        )
