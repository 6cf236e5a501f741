"""β-VAE score.

Higgins et al. 2017, "β-VAE: learning basic visual concepts with a constrained variational
framework", section 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.factors.ground_truth import GroundTruth
from bvae_core.diagnostics.factors.sizes import Sizes

_ITERATIONS = 1000


def beta_vae_score(truth: GroundTruth, sizes: Sizes, rng: np.random.Generator) -> float:
    """How surely a linear classifier tells which factor pairs of images share.

    Each of its points is the mean over a batch of pairs of |z − z′|, where the two of each pair
    share one factor, always the same, and nothing else. Logistic regression with scikit-learn's
    settings (Locatello et al. 2019); the score is its accuracy on new points.

    Returns
    -------
    float
        From about 1/F, by chance, to 1.
    """
    from sklearn.linear_model import LogisticRegression

    if len(truth.factor_names) < 2:
        return 1.0  # there is nothing to confuse it with
    classifier = LogisticRegression(max_iter=_ITERATIONS)
    classifier.fit(*_points(truth, sizes.train_votes, sizes.batch, rng))
    return float(classifier.score(*_points(truth, sizes.test_votes, sizes.batch, rng)))


def _points(
    truth: GroundTruth, count: int, batch: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return differences (count, d), and the number of the factor that is shared, (count,)."""
    factors = len(truth.factor_names)
    shared = np.sort(rng.integers(factors, size=count))
    points: list[NDArray[Any]] = []
    for factor, groups in enumerate(np.bincount(shared, minlength=factors)):
        if groups:
            pairs = truth.share(factor, int(groups) * batch, 2, rng).astype(np.float64)
            apart = np.abs(pairs[:, 0] - pairs[:, 1])
            points.append(apart.reshape(groups, batch, -1).mean(axis=1))
    return np.concatenate(points), shared
