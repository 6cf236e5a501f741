from __future__ import annotations

import numpy as np
import pytest

from bvae_core import load_bundle
from bvae_core.encoding import encode_images
from bvae_core.errors import DataError


@pytest.fixture
def bundle():
    return load_bundle("demo")


def test_images_are_encoded_and_decoded_at_the_mean(bundle):
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    codes = encode_images(bundle, images)
    mean, log_var = bundle.encode(images)
    assert np.array_equal(codes.mean, mean)
    assert np.array_equal(codes.deviation, np.exp(log_var / 2))
    assert np.array_equal(codes.decoded, bundle.decode(mean))
    x, p = images / 255, codes.decoded.astype(np.float64)
    expected = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=(1, 2))
    assert codes.error == pytest.approx(expected, rel=1e-4)


def test_images_of_another_form_are_refused(bundle):
    with pytest.raises(DataError):
        encode_images(bundle, np.zeros((1, 9, 9), np.uint8))
