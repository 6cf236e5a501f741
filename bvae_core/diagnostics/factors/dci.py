"""Disentanglement, completeness and informativeness.

Eastwood & Williams 2018, "A framework for the quantitative evaluation of disentangled
representations", with the boosted trees of Locatello et al. 2019.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Keeps the logarithm of no importance finite.
_NEXT_TO_NOTHING = 1e-11


@dataclass(frozen=True)
class DCI:
    """The three measures, each from 0 to 1.

    Parameters
    ----------
    disentanglement
        Whether each dimension matters to one factor only.
    completeness
        Whether one dimension only matters to each factor.
    informativeness
        Accuracy with which the factors' classes are predicted of test images, the mean over
        factors. At chance for codes that know nothing, which is not 0.
    """

    disentanglement: float
    completeness: float
    informativeness: float


def measure_dci(
    codes: NDArray[Any],
    classes: NDArray[np.int64],
    test_codes: NDArray[Any],
    test_classes: NDArray[np.int64],
    *,
    seed: int = 0,
    on_factor: Callable[[], None] | None = None,
) -> DCI:
    """Predict each factor from all dimensions, and see which of them it took.

    Gradient boosted trees with scikit-learn's settings; a dimension's importance is its share in
    the trees' gain.

    Parameters
    ----------
    codes, classes
        (n, d) and (n, F), each factor of at least two classes.
    test_codes, test_classes
        (m, d) and (m, F), of other images.
    seed
        Of the trees' choices among equals.
    on_factor
        Called after each factor, which may take some seconds.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    importance = np.empty((codes.shape[1], classes.shape[1]))
    accuracies = []
    for index, factor in enumerate(classes.T):
        trees = GradientBoostingClassifier(random_state=seed).fit(codes, factor)
        importance[:, index] = trees.feature_importances_
        accuracies.append(float(trees.score(test_codes, test_classes[:, index])))
        if on_factor is not None:
            on_factor()
    return DCI(disentanglement(importance), completeness(importance), float(np.mean(accuracies)))


def disentanglement(importance: NDArray[np.float64]) -> float:
    """1 − the entropy, base F, of each dimension's importance to the factors, weighted by it.

    Parameters
    ----------
    importance
        (d, F), at least 0.
    """
    return _concentration(importance.T)


def completeness(importance: NDArray[np.float64]) -> float:
    """1 − the entropy, base d, of the dimensions' importance to each factor, weighted by it.

    Parameters
    ----------
    importance
        (d, F), at least 0.
    """
    return _concentration(importance)


def _concentration(importance: NDArray[np.float64]) -> float:
    """How much each column is in one row, the mean weighted by the columns' sums."""
    total = importance.sum()
    if total == 0:
        return 0.0
    if len(importance) == 1:
        return 1.0
    share = importance + _NEXT_TO_NOTHING
    share = share / share.sum(axis=0)
    entropy = -(share * np.log(share)).sum(axis=0) / np.log(len(share))
    return float(((1.0 - entropy) * importance.sum(axis=0)).sum() / total)
