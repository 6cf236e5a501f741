"""Codes of images whose factors are known, as the measures of disentanglement ask for them.

Some want images at random with their factors, others images that share one factor while all others
vary. Where images can be drawn from factors, they are drawn; of others, with values that come
again, those with the same value are chosen.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bvae_core.datasets import ImageSet, strokes
from bvae_core.diagnostics.factors.binning import factor_classes
from bvae_core.diagnostics.objective import encode_all
from bvae_core.diagnostics.protocols import ImageCodec

#: Images of each value of a factor, where images are to share it, and of at least two of its
#: classes, where anything is to be said of it.
FEWEST_SHARING = 32
# Images that are drawn again, to see whether they are what they seem.
_FEW = 4
#: Bytes of images drawn and encoded at a time.
_CHUNK_BYTES = 1 << 24


class GroundTruth(Protocol):
    """Where codes with known factors come from."""

    @property
    def factor_names(self) -> tuple[str, ...]:
        """F names."""

    def sample(
        self, count: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return codes (n, d) and factors (n, F) of `count` images at random, or all there are."""

    def share(
        self, factor: int, groups: int, size: int, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return codes (groups, size, d): in each group, factor number `factor` is the same."""


class DrawnStrokes:
    """The generated handwriting of `bvae_core.datasets.strokes`, drawn anew for every question.

    Parameters
    ----------
    codec
        What encodes it.
    image_shape
        (H, W, C) of the images that it takes.
    """

    factor_names = strokes.FACTOR_NAMES

    def __init__(self, codec: ImageCodec, image_shape: tuple[int, int, int]) -> None:
        self._codec = codec
        self._height, self._width, self._channels = image_shape

    def sample(
        self, count: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Draw `count` images."""
        factors = self._factors(count, rng)
        return self._codes(factors), factors

    def share(
        self, factor: int, groups: int, size: int, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Draw `groups` × `size` images."""
        factors = self._factors(groups * size, rng).reshape(groups, size, -1)
        factors[:, :, factor] = factors[:, :1, factor]
        codes = self._codes(factors.reshape(groups * size, -1))
        return codes.reshape(groups, size, -1)

    @staticmethod
    def _factors(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
        return strokes.sample_factors(count, seed=int(rng.integers(1 << 32)))

    def _codes(self, factors: NDArray[np.float32]) -> NDArray[np.float32]:
        rows = max(1, _CHUNK_BYTES // (self._height * self._width * self._channels))
        parts = []
        for start in range(0, len(factors), rows):
            images = strokes.draw(factors[start : start + rows], (self._height, self._width))
            mean, _ = encode_all(self._codec, np.repeat(images, self._channels, axis=3))
            parts.append(mean)
        return np.concatenate(parts)


class GivenCodes:
    """Codes and factors of images that can't be drawn anew, such as those of dSprites.

    Parameters
    ----------
    codes
        (n, d).
    factors
        (n, F).
    factor_names
        F names.
    """

    def __init__(
        self,
        codes: NDArray[np.float32],
        factors: NDArray[np.float32],
        factor_names: tuple[str, ...],
    ) -> None:
        self._codes, self._factors = codes, factors
        self.factor_names = factor_names
        self._rows_of_value = [_rows_of_value(values) for values in factors.T]

    @property
    def can_share(self) -> bool:
        """Whether each value of each factor comes often enough for `share`."""
        return all(len(rows) >= FEWEST_SHARING for groups in self._rows_of_value for rows in groups)

    def sample(
        self, count: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Choose `count` images, none twice."""
        rows = rng.permutation(len(self._codes))[:count]
        return self._codes[rows], self._factors[rows]

    def share(
        self, factor: int, groups: int, size: int, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Choose among the images with the same value, with replacement."""
        by_value = self._rows_of_value[factor]
        # As often as the value comes among the images, as if the first of a group were any image.
        often = np.array([len(rows) for rows in by_value]) / len(self._codes)
        values = rng.choice(len(by_value), groups, p=often)
        rows = np.stack([rng.choice(by_value[value], size) for value in values])
        shared: NDArray[np.float32] = self._codes[rows]
        return shared


def ground_truth_of(
    codec: ImageCodec, images: ImageSet, codes: NDArray[np.float32]
) -> DrawnStrokes | GivenCodes | None:
    """Return the ground truth behind `images`, or None where there is none.

    That is where their factors aren't known, or too few images differ in any; a factor in which
    they don't is left out.

    Parameters
    ----------
    codec
        What encodes images that are drawn anew.
    images
        The images, with or without factors.
    codes
        Their posterior means, (n, d).
    """
    if images.factors is None:
        return None
    if _are_strokes(images, images.factors):
        return DrawnStrokes(codec, images.image_shape)
    varying = np.array([_varies(classes) for classes in factor_classes(images.factors).T])
    if not varying.any():
        return None
    names = tuple(np.array(images.factor_names)[varying])
    return GivenCodes(codes, images.factors[:, varying], tuple(map(str, names)))


def _are_strokes(images: ImageSet, factors: NDArray[np.float32]) -> bool:
    """Whether the images are what `strokes` draws from their factors, and don't just say so."""
    if images.factor_names != strokes.FACTOR_NAMES:
        return False
    low, high = strokes.FACTOR_RANGES.T
    some = factors[:_FEW]
    if not ((some >= low) & (some <= high)).all():
        return False
    height, width, channels = images.image_shape
    drawn = strokes.draw(some, (height, width))
    return bool(np.array_equal(np.repeat(drawn, channels, axis=3), images.images[:_FEW]))


def _varies(classes: NDArray[np.int64]) -> bool:
    counts = np.sort(np.bincount(classes))
    return len(counts) > 1 and bool(counts[-2] >= FEWEST_SHARING)


def _rows_of_value(values: NDArray[np.float32]) -> list[NDArray[np.int64]]:
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(np.diff(values[order])) + 1
    return list(np.split(order, changes))
