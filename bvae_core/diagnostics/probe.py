"""A linear classifier of codes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ITERATIONS = 1000
_TOLERANCE = 1e-4  # of the slope of the mean loss, in nats


class LinearProbe:
    """Multinomial logistic regression on standardised codes, as Alain & Bengio (2016) probe with.

    "Understanding intermediate layers using linear classifier probes". Fitted by L-BFGS to the
    least sum of −log p(label | code) and half the squared weights; the biases are free. For three
    classes and more this is scikit-learn's `LogisticRegression` with its defaults, weight by
    weight, without the seconds that its import would keep everybody waiting for a model that is
    otherwise ready. Two classes have a row of weights each here, too.

    Parameters
    ----------
    codes
        (n, d), finite.
    labels
        (n,) integers, of at least two classes.
    """

    def __init__(self, codes: NDArray[np.floating], labels: NDArray[np.integer]) -> None:
        from scipy.optimize import minimize

        self._classes, targets = np.unique(labels, return_inverse=True)
        self._mean = codes.mean(axis=0, dtype=np.float64)
        deviation = codes.std(axis=0, dtype=np.float64)
        rounding = 10 * np.finfo(np.float64).eps * np.abs(self._mean)
        self._deviation = np.where(deviation > rounding, deviation, 1)
        inputs = self._inputs(codes)
        size = inputs.shape[1], len(self._classes)
        decays = np.append(np.ones(size[0] - 1), 0.0)[:, None]
        rows = np.arange(len(inputs))

        def loss_and_slope(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            weights = flat.reshape(size)
            decayed = weights * decays
            logits = inputs @ weights
            logits -= logits.max(axis=1, keepdims=True)
            of_targets = logits[rows, targets]
            p = np.exp(logits, out=logits)
            total = p.sum(axis=1, keepdims=True)
            p /= total
            p[rows, targets] -= 1
            loss = np.log(total).sum() - of_targets.sum() + 0.5 * (decayed**2).sum()
            slope = inputs.T @ p + decayed
            return loss / len(inputs), slope.ravel() / len(inputs)

        found = minimize(
            loss_and_slope,
            np.zeros(size[0] * size[1]),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": _ITERATIONS, "gtol": _TOLERANCE, "ftol": 0.0},
        )
        self._weights = found.x.reshape(size)

    def predict(self, codes: NDArray[np.floating]) -> NDArray[np.integer]:
        """Return the most probable label of each of some codes, (m,) of (m, d)."""
        most_probable = (self._inputs(codes) @ self._weights).argmax(axis=1)
        labels: NDArray[np.integer] = self._classes[most_probable]
        return labels

    def _inputs(self, codes: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return codes standardised, with a last column of ones for the biases."""
        standardised = (codes - self._mean) / self._deviation
        return np.hstack([standardised, np.ones((len(codes), 1))])
