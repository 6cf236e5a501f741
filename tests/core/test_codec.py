from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from bundles import IMAGE_SHAPES, LATENT_DIMS, Kind, keras_networks, litert_files
from children import run_python

from bvae_core.codec import MAX_COORDINATE, Codec
from bvae_core.errors import AnchorError, BundleError, DataError

BATCHES = [1, 2, 7, 128, 1000]


@pytest.fixture(scope="module", params=["dense", "conv"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture(scope="module")
def codec(kind: Kind) -> Codec:
    return make_codec(kind)


def make_codec(kind: Kind) -> Codec:
    return Codec(*litert_files(kind), IMAGE_SHAPES[kind], LATENT_DIMS[kind])


def some_codes(kind: Kind, count: int) -> np.ndarray:
    return np.random.default_rng(count).normal(0, 2, (count, LATENT_DIMS[kind])).astype("f4")


def some_images(kind: Kind, count: int) -> np.ndarray:
    return np.random.default_rng(count).random((count, *IMAGE_SHAPES[kind]), np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("count", BATCHES)
def test_decoding_gives_what_keras_gives(codec: Codec, kind: Kind, count: int) -> None:
    z = some_codes(kind, count)

    images = codec.decode(z)

    _, decoder = keras_networks(kind)
    expected = np.asarray(decoder(z))
    assert images.dtype == np.float32
    assert images.min() >= 0
    assert images.max() <= 1
    np.testing.assert_allclose(images.reshape(expected.shape), expected, rtol=0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("count", BATCHES)
def test_encoding_gives_what_keras_gives(codec: Codec, kind: Kind, count: int) -> None:
    images = some_images(kind, count)

    mean, log_var = codec.encode(images)

    encoder, _ = keras_networks(kind)
    expected = encoder(images)
    np.testing.assert_allclose(mean, np.asarray(expected["mean"]), rtol=0, atol=1e-5)
    np.testing.assert_allclose(log_var, np.asarray(expected["log_var"]), rtol=0, atol=1e-5)


def test_the_answer_for_an_image_does_not_depend_on_the_batch(codec: Codec, kind: Kind) -> None:
    z = some_codes(kind, 601)  # three passes, the last one filled up

    together = codec.decode(z)

    for index in (0, 1, 200, 201, 599, 600):
        np.testing.assert_allclose(codec.decode(z[index])[0], together[index], rtol=0, atol=1e-6)


def test_nothing_in_nothing_out(codec: Codec, kind: Kind) -> None:
    height, width, channels = IMAGE_SHAPES[kind]
    shape = (0, height, width) if channels == 1 else (0, height, width, channels)
    assert codec.decode(np.empty((0, LATENT_DIMS[kind]))).shape == shape
    assert codec.decode([]).shape == shape
    mean, log_var = codec.encode(np.empty((0, *IMAGE_SHAPES[kind]), np.uint8))
    assert mean.shape == log_var.shape == (0, LATENT_DIMS[kind])
    assert mean.dtype == log_var.dtype == np.float32


def test_only_colour_images_have_a_channel_axis() -> None:
    assert make_codec("dense").decode([0.5, -1]).shape == (1, 28, 28)
    assert make_codec("conv").decode([0.5, -1, 0]).shape == (1, 16, 24, 3)


def test_grey_images_go_in_with_or_without_channel_axis_and_alone() -> None:
    codec = make_codec("dense")
    image = some_images("dense", 1)
    expected, _ = codec.encode(image)
    for same in (image[..., 0], image[0], image[0, ..., 0], image.astype(np.float64)):
        np.testing.assert_array_equal(codec.encode(same)[0], expected)


def test_bytes_are_the_same_as_fractions(codec: Codec, kind: Kind) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, *IMAGE_SHAPES[kind]), np.uint8)
    np.testing.assert_allclose(codec.encode(pixels), codec.encode(pixels / 255), atol=1e-6)


def test_threads_share_a_codec() -> None:
    codec = make_codec("dense")
    codes = [some_codes("dense", count) for count in range(1, 40)]
    expected = [codec.decode(z) for z in codes]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(codec.decode, codes * 3))

    for index, images in enumerate(found):
        np.testing.assert_allclose(images, expected[index % len(codes)], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("z", "received"),
    [
        ([[0.0, np.nan]], "nan"),
        ([[np.inf, 0.0]], "inf"),
        ([[2 * MAX_COORDINATE, 0.0]], r"2e\+06"),
        ([[1.0, 2.0, 3.0]], r"shape \(1, 3\)"),
        ([[[1.0, 2.0]]], r"shape \(1, 1, 2\)"),
        (1.0, r"shape \(\)"),
        ([[1.0], [1.0, 2.0]], "no such array"),
        ("き", "no such array"),
        ([[10**400, 0]], "no such array"),
    ],
)
def test_what_is_no_code_is_named(z: object, received: str) -> None:
    with pytest.raises(AnchorError, match=f"^z: Expected .* Received: .*{received}"):
        make_codec("dense").decode(z)


def test_codes_at_the_edge_of_the_allowed_decode_to_images(codec: Codec, kind: Kind) -> None:
    images = codec.decode(np.full((1, LATENT_DIMS[kind]), MAX_COORDINATE))
    assert np.isfinite(images).all()


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (np.zeros((2, 27, 28), np.uint8), r"shape \(2, 27, 28\)"),
        (np.zeros((2, 28, 28, 3), np.uint8), r"shape \(2, 28, 28, 3\)"),
        (np.zeros((1, 2, 28, 28, 1), np.uint8), r"shape \(1, 2, 28, 28, 1\)"),
        (np.zeros((2, 28, 28), np.int64), "int64"),
        (np.full((2, 28, 28), 255.0), "255"),
        (np.full((2, 28, 28), -0.5), "-0.5"),
        (np.full((2, 28, 28), np.nan), "nan"),
        ([[1], [1, 2]], "unequal"),
        ("き", r"shape \(\)"),
    ],
)
def test_what_is_no_image_is_named(images: object, received: str) -> None:
    with pytest.raises(DataError, match=f"^images: Expected .* Received: .*{received}"):
        make_codec("dense").encode(images)


def test_a_file_that_is_no_network_is_named() -> None:
    with pytest.raises(BundleError, match=r"^decoder.tflite: Expected a LiteRT model"):
        Codec(b"", b"no network", (28, 28, 1), 2).decode([0, 0])


def test_networks_of_other_shapes_are_named() -> None:
    files = litert_files("dense")
    with pytest.raises(BundleError, match=r"^decoder.tflite: Expected one input of shape \(1, 5\)"):
        Codec(*files, (28, 28, 1), 5).decode([0] * 5)
    with pytest.raises(BundleError, match=r"^decoder.tflite: .* Received: \(1, 28, 28, 1\)"):
        Codec(*files, (14, 14, 1), 2).decode([0, 0])


@pytest.mark.slow
def test_an_encoder_whose_outputs_have_no_names_is_named() -> None:
    encoder, _ = keras_networks("dense")
    import keras

    from bvae_core.training.export import to_litert

    nameless = keras.Model(encoder.input, [encoder.outputs[0], encoder.outputs[1]])
    codec = Codec(to_litert(nameless), b"", (28, 28, 1), 2)
    with pytest.raises(BundleError, match=r"^encoder.tflite: Expected outputs named mean and"):
        codec.encode(np.zeros((1, 28, 28), np.uint8))


def test_neither_tensorflow_nor_chatter(tmp_path: Path) -> None:
    path = tmp_path / "decoder.tflite"
    _, decoder = litert_files("dense")
    path.write_bytes(decoder)
    program = """
import os, sys
from pathlib import Path
from bvae_core.codec import Codec
Codec(b"", Path(sys.argv[1]).read_bytes(), (28, 28, 1), 2).decode([0, 0])
os.write(2, b"heard")
assert not {"tensorflow", "keras"} & set(sys.modules)
"""
    done = run_python(program, path)
    assert (done.returncode, done.stderr) == (0, "heard")
