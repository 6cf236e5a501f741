"""How well the classes come apart in latent space: by neighbours and by a linear probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 15
_PROBE_ITERATIONS = 1000


@dataclass(frozen=True, eq=False)
class LabelledCodes:
    """Posterior means with their classes.

    Parameters
    ----------
    codes
        (n, d), finite.
    labels
        (n,) int64.
    """

    codes: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


def neighbour_accuracy(
    reference: LabelledCodes, judged: LabelledCodes, neighbours: int = NEIGHBOURS
) -> float:
    """Fraction of `judged` whose class the majority of its nearest `reference` codes has.

    Euclidean distance, plain majority vote. No code may be in both, or it would vote for itself.

    Raises
    ------
    ValueError
        If `reference` has fewer than `neighbours` codes.
    """
    from sklearn.neighbors import KNeighborsClassifier

    if len(reference) < neighbours:
        raise ValueError(
            f"reference: Expected at least {neighbours} codes. Received: {len(reference)}."
        )
    classifier = KNeighborsClassifier(n_neighbors=neighbours)
    return _accuracy(classifier, reference, judged)


def linear_probe_accuracy(reference: LabelledCodes, judged: LabelledCodes) -> float:
    """Fraction of `judged` that a linear classifier fitted to `reference` gets right.

    Multinomial logistic regression (L2, C = 1) on codes standardised by the reference's mean and
    deviation (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier
    probes").

    Raises
    ------
    ValueError
        If `reference` has only one class.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(np.unique(reference.labels)) < 2:
        raise ValueError("reference: Expected at least two classes. Received: one.")
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=_PROBE_ITERATIONS))
    return _accuracy(classifier, reference, judged)


def _accuracy(classifier: Any, reference: LabelledCodes, judged: LabelledCodes) -> float:
    classifier.fit(reference.codes.astype(np.float64), reference.labels)
    return float(classifier.score(judged.codes.astype(np.float64), judged.labels))
