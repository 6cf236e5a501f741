"""Neighbours of the pixels themselves: the line that neighbours of the codes are held against.

As the authors of Kuzushiji-MNIST measure the baseline that they publish with the data: 4 neighbours
by Euclidean distance between the images, weighted by its inverse. Trained on their 60,000 images it
gets 92.10 % of the other 10,000 right (the table at github.com/rois-codh/kmnist, for the data as
corrected in February 2019; their paper, Clanuwat et al. 2018, "Deep learning for classical
Japanese literature", has 91.56 %, for the data before that).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core import kana

PIXEL_NEIGHBOURS = 4
#: The published accuracy on all of Kuzushiji-MNIST.
AUTHORS_ACCURACY = 0.9210


@dataclass(frozen=True, kw_only=True)
class PixelNeighbours:
    """How often nearest neighbours are right, by pixels and by codes, of the very same images.

    Parameters
    ----------
    pixel_accuracy
        Fraction of the images whose class their neighbours in pixel space say.
    code_accuracy
        The same, measured the same way, of their posterior means.
    neighbours
        How many vote, weighted by the inverse of their distance.
    reference_count, count
        Training images that vote, and images judged.
    """

    pixel_accuracy: float
    code_accuracy: float
    neighbours: int = PIXEL_NEIGHBOURS
    reference_count: int
    count: int


def weighted_neighbour_accuracy(
    reference: NDArray[Any],
    reference_labels: NDArray[np.int64],
    judged: NDArray[Any],
    judged_labels: NDArray[np.int64],
    neighbours: int = PIXEL_NEIGHBOURS,
) -> float:
    """Fraction of `judged` whose class the nearest of `reference` say, the nearer the louder.

    Euclidean distance between images or codes, votes weighted by its inverse. Nothing may be in
    both, or it would vote for itself.

    Parameters
    ----------
    reference, judged
        (m, …) and (n, …); all but the first axis are flattened, in float32.
    reference_labels, judged_labels
        (m,) and (n,).

    Raises
    ------
    ValueError
        If `reference` has fewer than `neighbours`.
    """
    from sklearn.neighbors import KNeighborsClassifier

    if len(reference) < neighbours:
        raise ValueError(
            f"reference: Expected at least {neighbours} images. Received: {len(reference)}."
        )
    classifier = KNeighborsClassifier(n_neighbors=neighbours, weights="distance")
    classifier.fit(_flat(reference), reference_labels)
    return float(classifier.score(_flat(judged), judged_labels))


def authors_accuracy(class_names: Sequence[str]) -> float | None:
    """Return what the data set's authors publish of pixel-space neighbours; None if nothing.

    Kuzushiji-MNIST is told by its classes. The figure is of all of it, so that a model of a part
    of it has a harder task.
    """
    return AUTHORS_ACCURACY if tuple(class_names) == kana.KMNIST else None


def _flat(values: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(values).reshape(len(values), -1).astype(np.float32)
