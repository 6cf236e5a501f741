"""How much each latent dimension carries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

ACTIVE_VARIANCE = 0.01
#: A dimension that says less about an image is called dead, nats.
DEAD_NATS = 0.01


def kl_per_dimension(mean: NDArray[Any], log_var: NDArray[Any]) -> NDArray[np.float64]:
    """KL(N(μ, σ²) ‖ N(0, 1)) of each image and dimension, in nats.

    ½ (μ² + σ² − 1 − ln σ²), Kingma & Welling 2014, appendix B; their sum over the dimensions is
    the KL of the diagonal posterior from N(0, I).

    Parameters
    ----------
    mean, log_var
        μ and ln σ², (n, d).

    Returns
    -------
    NDArray[np.float64]
        (n, d), at least 0.
    """
    mu = np.asarray(mean, dtype=np.float64)
    log_variance = np.asarray(log_var, dtype=np.float64)
    # expm1 keeps the digits of e^v − 1 − v where the posterior is close to the prior
    return 0.5 * (mu**2 + (np.expm1(log_variance) - log_variance))


def active_units(mean: NDArray[Any], threshold: float = ACTIVE_VARIANCE) -> NDArray[np.bool_]:
    """Which dimensions say something about the image: Var_x(E[z|x]) > `threshold`.

    Burda, Grosse & Salakhutdinov 2016, "Importance weighted autoencoders", section 5.2, whose
    threshold is 0.01.

    Parameters
    ----------
    mean
        E[z|x] of each image, (n, d).
    threshold
        In squared latent units.

    Returns
    -------
    NDArray[np.bool_]
        (d,).
    """
    variance: NDArray[np.float64] = np.var(np.asarray(mean, dtype=np.float64), axis=0)
    return variance > threshold


def by_information(kl: ArrayLike) -> NDArray[np.int64]:
    """Return the dimensions, the most informative first; of equal ones the first comes first.

    Parameters
    ----------
    kl
        Of each dimension, (d,) nats.
    """
    order: NDArray[np.int64] = np.argsort(-np.asarray(kl, np.float64), kind="stable")
    return order
