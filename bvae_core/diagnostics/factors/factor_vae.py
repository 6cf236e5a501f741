"""FactorVAE score (Kim & Mnih 2018, "Disentangling by factorising", section 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.factors.ground_truth import GroundTruth
from bvae_core.diagnostics.factors.sizes import Sizes

#: Dimensions whose means deviate less than this have collapsed (Locatello et al. 2019).
_LEAST_DEVIATION = 0.05


def factor_vae_score(truth: GroundTruth, sizes: Sizes, rng: np.random.Generator) -> float:
    """How surely the dimension that varies least tells which factor was held fixed.

    Each vote takes a batch of images that share one factor: the dimension whose variance, relative
    to that over all images, is least votes for it. A dimension stands for the factor that it most
    often votes for; the score is the part of new votes that are right.

    Returns
    -------
    float
        From about 1/F, by chance, to 1; 0 where all dimensions have collapsed.
    """
    codes, _ = truth.sample(sizes.train, rng)
    variance = codes.astype(np.float64).var(axis=0, ddof=1)
    active = np.sqrt(variance) >= _LEAST_DEVIATION
    if not active.any():
        return 0.0
    training = _votes(truth, sizes.train_votes, sizes.batch, variance, active, rng)
    judged = _votes(truth, sizes.test_votes, sizes.batch, variance, active, rng)
    stands_for = training.argmax(axis=0)
    right = judged[stands_for, np.arange(judged.shape[1])].sum()
    return float(right / judged.sum())


def _votes(
    truth: GroundTruth,
    votes: int,
    batch: int,
    variance: NDArray[np.float64],
    active: NDArray[np.bool_],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Count for each factor which active dimension varies least, (F, active dimensions)."""
    factors = len(truth.factor_names)
    counts = np.zeros((factors, int(active.sum())), dtype=np.int64)
    for factor, groups in enumerate(np.bincount(rng.integers(factors, size=votes))):
        if groups:
            codes = truth.share(factor, int(groups), batch, rng)[..., active].astype(np.float64)
            least = (codes.var(axis=1, ddof=1) / variance[active]).argmin(axis=1)
            counts[factor] += np.bincount(least, minlength=counts.shape[1])
    return counts
