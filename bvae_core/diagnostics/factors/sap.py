"""Separated attribute predictability.

Kumar, Sattigeri & Balakrishnan 2018, "Variational inference of disentangled latent concepts from
unlabeled observations", section 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.factors.binning import is_continuous
from bvae_core.diagnostics.factors.gap import gap_of_top_two

_PENALTY = 0.01
# Under this variance a dimension has collapsed.
_LEAST_VARIANCE = 1e-12


def separated_predictability(
    codes: NDArray[Any],
    factors: NDArray[Any],
    test_codes: NDArray[Any],
    test_factors: NDArray[Any],
) -> float:
    """How much better the dimension that best predicts a factor does than the second.

    The mean over factors of the gap. A dimension's score for a continuous factor is R² of a linear
    regression; for one of classes it is the accuracy, of the test images, of a linear support
    vector machine (C = 0.01, balanced classes), with the settings of Locatello et al. 2019. One
    dimension can't be cut into many classes by lines, so that even a code that is the class number
    gets less than 1 for it.

    Parameters
    ----------
    codes, factors
        (n, d) and (n, F).
    test_codes, test_factors
        (m, d) and (m, F), of other images.

    Returns
    -------
    float
        0 to 1.
    """
    scores = np.empty((codes.shape[1], factors.shape[1]))
    for index, continuous in enumerate(is_continuous(factors)):
        if continuous:
            scores[:, index] = _explained(codes, factors[:, index])
        else:
            # A value such as 0.5 would be no class to the classifier.
            both = np.concatenate([factors[:, index], test_factors[:, index]])
            classes = np.unique(both, return_inverse=True)[1]
            learn, judge = np.split(classes, [len(factors)])
            scores[:, index] = _accuracies(codes, learn, test_codes, judge)
    return float(gap_of_top_two(scores).mean())


def _explained(codes: NDArray[Any], factor: NDArray[Any]) -> NDArray[np.float64]:
    """R² of the factor by each dimension alone, (d,)."""
    z = np.asarray(codes, dtype=np.float64)
    v = np.asarray(factor, dtype=np.float64)
    z, v = z - z.mean(axis=0), v - v.mean()
    spread = (z**2).sum(axis=0) * (v**2).sum()
    varying = (z**2).mean(axis=0) > _LEAST_VARIANCE
    explained: NDArray[np.float64] = np.divide(
        (v @ z) ** 2, spread, out=np.zeros(z.shape[1]), where=varying
    )
    return explained


def _accuracies(
    codes: NDArray[Any],
    factor: NDArray[np.int64],
    test_codes: NDArray[Any],
    test_factor: NDArray[np.int64],
) -> list[float]:
    from sklearn.svm import LinearSVC

    found = []
    for z, test_z in zip(codes.T, test_codes.T, strict=True):
        classifier = LinearSVC(C=_PENALTY, class_weight="balanced", random_state=0)
        classifier.fit(z[:, None], factor)
        found.append(float(classifier.score(test_z[:, None], test_factor)))
    return found
