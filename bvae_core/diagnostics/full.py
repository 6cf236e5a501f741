"""What of an evaluation takes longer than a glance, and so has to be asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.attributes import (
    ATTRIBUTE_NAMES,
    attribute_correlations,
    measure_attributes,
)
from bvae_core.diagnostics.decomposition import KLDecomposition, decompose_kl
from bvae_core.diagnostics.dependence import dimension_correlations, dimension_mutual_information
from bvae_core.diagnostics.factors import (
    FactorScores,
    Sizes,
    ground_truth_of,
    measure_factors,
    steps_of,
)
from bvae_core.diagnostics.pixels import (
    PIXEL_NEIGHBOURS,
    PixelNeighbours,
    authors_accuracy,
    weighted_neighbour_accuracy,
)
from bvae_core.diagnostics.protocols import ImageCodec

if TYPE_CHECKING:
    from bvae_core.datasets import ImageSet

#: Images whose attributes are measured, and whose pixel-space neighbours are looked for.
MOST_IMAGES = 10_000
#: Training images that are looked among: all of Kuzushiji-MNIST's.
MOST_REFERENCES = 60_000
#: Their bytes, as float32.
_REFERENCE_BYTES = 512 << 20

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, eq=False)
class PixelReference:
    """Training images with their codes and classes, to be nearest neighbours.

    Parameters
    ----------
    images
        (m, H, W, C) uint8.
    codes
        (m, d).
    labels
        (m,).
    """

    images: NDArray[np.uint8]
    codes: NDArray[np.float32]
    labels: NDArray[np.int64]

    @staticmethod
    def most(images: ImageSet) -> int:
        """Return how many images of that size serve at most."""
        return min(MOST_REFERENCES, _REFERENCE_BYTES // (4 * math.prod(images.image_shape)))


@dataclass(frozen=True, kw_only=True)
class FullFigures:
    """Figures of the images that an `Evaluation` is of.

    Parameters
    ----------
    decomposition
        The KL in its parts.
    correlations, mutual_information
        Of each two dimensions' means, d × d, as `dimension_correlations` and
        `dimension_mutual_information` say.
    attribute_names
        What was measured of each image.
    attribute_correlations
        Spearman's, of each dimension with each attribute, d × a.
    attribute_count
        Images that this is of.
    authors_accuracy
        Pixel-space accuracy that the data set's authors publish for all of it; None where they
        don't.
    pixel_neighbours
        The same of the images at hand, beside that of their codes.
    no_pixels_because
        Why there is none; empty where there is.
    factors
        Measures of disentanglement; None where the true factors aren't known.
    no_factors_because
        Why there are none; empty where there are.
    """

    decomposition: KLDecomposition
    correlations: Matrix
    mutual_information: Matrix
    attribute_names: tuple[str, ...] = ATTRIBUTE_NAMES
    attribute_correlations: Matrix
    attribute_count: int
    authors_accuracy: float | None
    pixel_neighbours: PixelNeighbours | None
    no_pixels_because: str
    factors: FactorScores | None
    no_factors_because: str


def measure_in_full(
    codec: ImageCodec,
    images: ImageSet,
    mean: NDArray[Any],
    log_var: NDArray[Any],
    *,
    pixels: PixelReference | None,
    no_pixels_because: str,
    factor_sizes: Sizes | None = None,
    seed: int = 0,
    on_step: Callable[[int, int], None] | None = None,
) -> FullFigures:
    """Measure what `FullFigures` has.

    Parameters
    ----------
    codec
        Encodes images that are drawn anew, where their ground truth can be.
    images
        The images, none of them among `pixels`.
    mean, log_var
        Their posteriors, (n, d).
    pixels
        The training images; None where they aren't at hand.
    no_pixels_because
        Why they aren't.
    factor_sizes
        Of the samples for measures of disentanglement; None for the default.
    seed
        Of all draws and samples.
    on_step
        Called with the number of steps done and their total.
    """
    truth = ground_truth_of(codec, images, mean)
    step = _Steps(4 + (0 if truth is None else steps_of(truth)), on_step)
    decomposition = decompose_kl(mean, log_var, seed=seed)
    step()
    correlations = dimension_correlations(mean)
    information = dimension_mutual_information(mean)
    step()
    some = _some(len(images), seed)
    attributes = measure_attributes(images.images[some])
    step()
    neighbours = None
    if pixels is not None and images.labels is not None:
        neighbours = _pixel_neighbours(
            pixels, images.images[some], np.asarray(mean)[some], images.labels[some]
        )
    step()
    scores = None
    if truth is not None:
        scores = measure_factors(truth, factor_sizes, seed=seed, on_step=step)
    return FullFigures(
        decomposition=decomposition,
        correlations=_matrix(correlations),
        mutual_information=_matrix(information),
        attribute_correlations=_matrix(attribute_correlations(mean[some], attributes)),
        attribute_count=int(np.isfinite(attributes).all(axis=1).sum()),
        authors_accuracy=authors_accuracy(images.class_names),
        pixel_neighbours=neighbours,
        no_pixels_because=no_pixels_because,
        factors=scores,
        no_factors_because=_no_factors_because(images) if truth is None else "",
    )


class _Steps:
    """Counts steps, and tells."""

    def __init__(self, total: int, on_step: Callable[[int, int], None] | None) -> None:
        self._done, self._total, self._on_step = 0, total, on_step

    def __call__(self) -> None:
        self._done += 1
        if self._on_step is not None:
            self._on_step(self._done, self._total)


def _some(count: int, seed: int) -> NDArray[np.int64]:
    if count <= MOST_IMAGES:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, MOST_IMAGES, replace=False))


def _pixel_neighbours(
    reference: PixelReference,
    images: NDArray[np.uint8],
    codes: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> PixelNeighbours:
    return PixelNeighbours(
        pixel_accuracy=weighted_neighbour_accuracy(
            reference.images, reference.labels, images, labels
        ),
        code_accuracy=weighted_neighbour_accuracy(reference.codes, reference.labels, codes, labels),
        neighbours=PIXEL_NEIGHBOURS,
        reference_count=len(reference.images),
        count=len(images),
    )


def _no_factors_because(images: ImageSet) -> str:
    if images.factors is None:
        return "the images come without known factors"
    return "too few images differ in any factor"


def _matrix(values: NDArray[np.float64]) -> Matrix:
    return tuple(tuple(float(value) for value in row) for row in values)
