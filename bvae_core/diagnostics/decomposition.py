"""The KL in three parts: what is told of the image, what dimensions share, how they miss the prior.

Chen, Li, Grosse & Duvenaud 2018, "Isolating sources of disentanglement in variational
autoencoders", eq. 2: averaged over a set of N images, with n uniform on them and the aggregate
posterior q(z) = 1/N Σₙ q(z|n),

    E KL(q(z|n) ‖ p(z)) = I(z; n) + KL(q(z) ‖ Πⱼ q(zⱼ)) + Σⱼ KL(q(zⱼ) ‖ p(zⱼ)).

Here q(z) is the whole mixture of all N posteriors, not an estimate from a minibatch; only the
expectation over z is one over draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Draws of z over which the logarithms are averaged.
DEFAULT_DRAWS = 2_000
#: Of more images a random sample is decomposed: each draw is held against every image.
MOST_IMAGES = 20_000
#: Draws × images × dimensions in work at a time: 32 MB an array.
_CHUNK_VALUES = 1 << 22
_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, kw_only=True)
class KLDecomposition:
    """The three parts of the KL, in nats an image, each with its standard error over the draws.

    Parameters
    ----------
    mutual_information, mutual_information_error
        I(z; n): how well a code tells which image it came from; at most `most_information`.
    total_correlation, total_correlation_error
        KL(q(z) ‖ Πⱼ q(zⱼ)): 0 where dimensions are independent.
    dimension_wise_kl, dimension_wise_kl_error
        Σⱼ KL(q(zⱼ) ‖ N(0, 1)): 0 where each dimension by itself is as the prior has it.
    dimension_wise_kl_per_dim
        Its terms, d of them.
    most_information
        ln of `image_count`. Information near it is too much to be measured with so few images.
    image_count
        Images whose posteriors make up q(z).
    draws, seed
        Draws of z, and the seed of them and of the images chosen where there are too many.
    """

    mutual_information: float
    mutual_information_error: float
    total_correlation: float
    total_correlation_error: float
    dimension_wise_kl: float
    dimension_wise_kl_error: float
    dimension_wise_kl_per_dim: tuple[float, ...]
    most_information: float
    image_count: int
    draws: int
    seed: int


def decompose_kl(
    mean: NDArray[Any],
    log_var: NDArray[Any],
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    most_images: int = MOST_IMAGES,
) -> KLDecomposition:
    """Decompose the mean KL of a set of posteriors.

    Parameters
    ----------
    mean, log_var
        Of the set's images, (n, d).
    draws
        How many z are drawn, at least 2, each from the posterior of a random image.
    seed
        Of the draws. The result depends on it, but not on how the work is chunked.
    most_images
        Of more images a random sample of so many is taken to be the set.
    """
    rng = np.random.default_rng(seed)
    rows = np.arange(len(mean))
    if len(rows) > most_images:
        rows = np.sort(rng.choice(rows, most_images, replace=False))
    mu = np.asarray(mean, dtype=np.float64)[rows]
    log_variance = np.asarray(log_var, dtype=np.float64)[rows]
    chosen = _evenly(len(rows), draws, rng)
    noise = rng.standard_normal((draws, mu.shape[1]))
    z = mu[chosen] + np.exp(0.5 * log_variance[chosen]) * noise

    of_image = -0.5 * (noise**2 + log_variance[chosen] + _LOG_2PI).sum(axis=1)  # ln q(z|n)
    prior = -0.5 * (z**2 + _LOG_2PI)  # ln p(zⱼ), (draws, d)
    joint, marginals = _log_aggregate(z, mu, log_variance)
    information = of_image - joint
    correlation = joint - marginals.sum(axis=1)
    per_dim = marginals - prior
    return KLDecomposition(
        mutual_information=float(information.mean()),
        mutual_information_error=_standard_error(information),
        total_correlation=float(correlation.mean()),
        total_correlation_error=_standard_error(correlation),
        dimension_wise_kl=float(per_dim.sum(axis=1).mean()),
        dimension_wise_kl_error=_standard_error(per_dim.sum(axis=1)),
        dimension_wise_kl_per_dim=tuple(float(value) for value in per_dim.mean(axis=0)),
        most_information=float(np.log(len(rows))),
        image_count=len(rows),
        draws=draws,
        seed=seed,
    )


def _evenly(count: int, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Choose `draws` of `count` images, none once more than it must be."""
    rounds = -(-draws // count)
    return np.concatenate([rng.permutation(count) for _ in range(rounds)])[:draws]


def _log_aggregate(
    z: NDArray[np.float64], mean: NDArray[np.float64], log_var: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ln q(z), (draws,), and ln q(zⱼ), (draws, d), of the mixture of all posteriors."""
    from scipy.special import logsumexp

    precision = np.exp(-log_var)
    joint = np.empty(len(z))
    marginals = np.empty_like(z)
    for rows in _chunks(len(z), mean.size):
        scaled = (z[rows, None] - mean) ** 2 * precision
        log_density = -0.5 * (scaled + log_var + _LOG_2PI)  # (chunk, n, d)
        joint[rows] = logsumexp(log_density.sum(axis=2), axis=1)
        marginals[rows] = logsumexp(log_density, axis=1)
    log_count = np.log(len(mean))
    return joint - log_count, marginals - log_count


def _chunks(count: int, values_each: int) -> Iterator[slice]:
    rows = max(1, _CHUNK_VALUES // values_each)
    for start in range(0, count, rows):
        yield slice(start, min(start + rows, count))


def _standard_error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
