"""What a model's own codes say of it, without its images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.dependence import dimension_correlations, dimension_mutual_information
from bvae_core.diagnostics.protocols import TrainedModel
from bvae_core.diagnostics.units import active_units, kl_per_dimension

#: Codes that are looked at; of more a random sample, always the same.
MOST_CODES = 20_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Glance:
    """Figures of the codes that come with a model.

    Parameters
    ----------
    count
        Codes looked at.
    of
        Which these are, in words.
    kl_per_dim
        Mean KL of each dimension, (d,) nats.
    is_active
        As `active_units` says, (d,).
    correlations, mutual_information
        Of each two dimensions' means, (d, d), as `dimension_correlations` and
        `dimension_mutual_information` say.
    """

    count: int
    of: str
    kl_per_dim: NDArray[np.float64]
    is_active: NDArray[np.bool_]
    correlations: NDArray[np.float64]
    mutual_information: NDArray[np.float64]


def glance(model: TrainedModel) -> Glance:
    """Look at the codes of the test split, or at all where there are fewer than two.

    Of 128 dimensions and as many codes as are looked at it takes a few seconds, else less than
    one.
    """
    rows, of = np.flatnonzero(model.is_test), "of the test split"
    if len(rows) < 2:
        rows, of = np.arange(len(model.is_test)), "of all images"
    if len(rows) > MOST_CODES:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_CODES, replace=False))
        of = f"chosen at random {of}"
    mean, log_var = model.latents[rows], model.log_var[rows]
    return Glance(
        count=len(rows),
        of=of,
        kl_per_dim=kl_per_dimension(mean, log_var).mean(axis=0),
        is_active=active_units(mean),
        correlations=dimension_correlations(mean),
        mutual_information=dimension_mutual_information(mean),
    )
