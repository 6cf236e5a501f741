"""Files of images with the factors that they were made from: dSprites', and plain ones."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bvae_core import datasets
from bvae_core.datasets import _scratch, strokes
from bvae_core.diagnostics import measure_factors
from bvae_core.diagnostics.factors import DrawnStrokes, GivenCodes, Sizes, ground_truth_of
from bvae_core.errors import DataError

LEVELS = (1, 3, 2, 4, 4, 4)  # of colour, shape, scale, orientation and place
NUMBERS = np.array(list(itertools.product(*map(range, LEVELS))))
VALUES = NUMBERS * [1, 1, 0.1, np.pi / 2, 1 / 3, 1 / 3] + [1, 1, 0.5, 0, 0, 0]
IMAGES = np.random.default_rng(0).integers(0, 256, (6, 8, 8), np.uint8)
FACTORS = np.arange(12, dtype=np.float64).reshape(6, 2)


class Explosive:
    """Shows that it was unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("a pickle was opened",)


def sprites() -> np.ndarray:
    """Draw a block for each row of `NUMBERS`, of ones on zeros."""
    images = np.zeros((len(NUMBERS), 16, 16), np.uint8)
    for image, (_, shape, scale, _, x, y) in zip(images, NUMBERS, strict=True):
        image[3 * y : 3 * y + 2 + scale, 3 * x : 3 * x + 2 + shape] = 1
    return images


def load(folder: Path, **arrays: np.ndarray) -> datasets.ImageSet:
    np.savez_compressed(folder / "set.npz", **arrays)
    return datasets.load(str(folder / "set.npz"))


def dsprites(folder: Path, **changes: np.ndarray) -> datasets.ImageSet:
    arrays = {
        "metadata": np.array(Explosive(), dtype=object),
        "imgs": sprites(),
        "latents_values": VALUES,
        "latents_classes": NUMBERS,
    }
    return load(folder, **arrays | changes)


def test_dsprites_file_loads_with_its_factors_and_its_pickle_stays_shut(tmp_path):
    images = dsprites(tmp_path)
    assert np.array_equal(images.images[..., 0], 255 * sprites())
    assert images.factor_names == ("color", "shape", "scale", "orientation", "posX", "posY")
    assert np.array_equal(images.factors, VALUES.astype(np.float32))
    assert images.labels is None


def test_a_file_with_the_numbers_alone_has_these_as_factors(tmp_path):
    arrays = {"imgs": sprites(), "latents_classes": NUMBERS[:, 1:]}
    images = load(tmp_path, **arrays)
    assert images.factor_names == tuple(f"factor {i}" for i in range(1, 6))
    assert np.array_equal(images.factors, NUMBERS[:, 1:])


def test_a_pickle_beside_other_images_is_refused_as_ever(tmp_path):
    with pytest.raises(DataError, match="is a pickle and is never opened"):
        load(tmp_path, imgs=sprites(), metadata=np.array(Explosive(), dtype=object))


def test_many_images_stay_in_a_file(tmp_path, cache_folder, monkeypatch):
    monkeypatch.setattr(_scratch, "IN_MEMORY_BYTES", 1000)
    images = dsprites(tmp_path)
    assert isinstance(images.images, np.memmap)
    assert len(images.factors) == len(images) == len(NUMBERS)


@pytest.mark.slow
def test_all_five_measures_work_on_a_given_set_of_images(tmp_path):
    images = dsprites(tmp_path)
    truth = ground_truth_of(None, images, VALUES[:, 1:].astype(np.float32))
    assert isinstance(truth, GivenCodes)
    sizes = Sizes(tree_train=150, tree_test=150, train_votes=100, test_votes=100, batch=16)
    found = measure_factors(truth, sizes)
    assert found.factor_names == images.factor_names[1:]  # all have the same colour
    assert found.mig > 0.9
    assert 0 < found.sap < 1
    assert found.dci.disentanglement > 0.9
    assert found.factor_vae == 1.0
    assert found.beta_vae > 0.9


def test_the_plain_form_has_names_of_its_own(tmp_path):
    images = load(
        tmp_path,
        images=IMAGES,
        factors=FACTORS,
        factor_names=np.array(["width", "ink"]),
        labels=np.array(list("aabbab")),
    )
    assert images.factor_names == ("width", "ink")
    assert np.array_equal(images.factors, FACTORS)
    assert images.class_names == ("a", "b")
    assert load(tmp_path, scans=IMAGES, factors=FACTORS).factor_names == ("factor 1", "factor 2")


def test_factors_stay_with_their_images(tmp_path):
    images = load(tmp_path, images=IMAGES, factors=FACTORS).select([4, 1])
    assert images.factors.tolist() == [[8, 9], [2, 3]]


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"factors": FACTORS[:5]}, r"factors.*Expected 6 rows, one for each image.*Received: 5"),
        ({"factors": FACTORS[:0]}, "Received: 0"),
        ({"factors": FACTORS[:, 0]}, r"Expected factors, numbers of shape \(N, F\)"),
        ({"factors": FACTORS[:, :0]}, r"Expected factors, numbers of shape \(N, F\)"),
        ({"factors": FACTORS.astype(str)}, r"Expected factors, numbers of shape \(N, F\)"),
        (
            {"factors": np.where(FACTORS == 7, np.nan, FACTORS)},
            "Expected finite factors. Received: nan as factor 2 of image 3",
        ),
        ({"factors": FACTORS + 1e300}, "Received: inf as factor 1 of image 0"),
        (
            {"factors": FACTORS, "factor_names": np.array(["a"])},
            "Expected 2 different names, one for each column of .*factors.* Received: a",
        ),
        ({"factors": FACTORS, "factor_names": np.array(["a", "a"])}, "Received: a, a"),
        ({"factors": FACTORS, "factor_names": np.arange(2)}, "Expected factor names, an array of"),
        ({"factor_names": np.array(["a"])}, "Expected an array called factors that they name"),
        ({"factors": np.array(Explosive(), dtype=object)}, "is never opened"),
    ],
)
def test_factors_that_do_not_fit_are_refused_in_a_sentence(tmp_path, arrays, complaint):
    with pytest.raises(DataError, match=complaint):
        load(tmp_path, images=IMAGES, **arrays)


def test_factors_beside_splits_are_nobodys(tmp_path):
    with pytest.raises(DataError, match="Expected beside images called images"):
        load(tmp_path, x_train=IMAGES[:4], x_test=IMAGES[4:], factors=FACTORS)


def test_a_file_with_the_strokes_names_is_not_taken_for_them(tmp_path):
    drawn = strokes.load(700)
    names = np.array(strokes.FACTOR_NAMES)
    same = load(tmp_path, images=drawn.images, factors=drawn.factors, factor_names=names)
    other = load(tmp_path, images=255 - drawn.images, factors=drawn.factors, factor_names=names)
    assert isinstance(ground_truth_of(None, same, drawn.factors), DrawnStrokes)
    assert isinstance(ground_truth_of(None, other, drawn.factors), GivenCodes)


def test_more_factors_than_anybody_knows_are_refused_unread(tmp_path: Path) -> None:
    many = np.zeros((1, 2_000_000), np.uint8)
    np.savez_compressed(tmp_path / "x.npz", images=np.zeros((1, 28, 28), np.uint8), factors=many)
    with pytest.raises(DataError, match=r"F at most 1000. Received: shape \(1, 2000000\)"):
        datasets.load(str(tmp_path / "x.npz"))
