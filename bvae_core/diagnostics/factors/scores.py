"""All five measures of disentanglement, of one ground truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bvae_core.diagnostics.factors.beta_vae import beta_vae_score
from bvae_core.diagnostics.factors.binning import factor_classes
from bvae_core.diagnostics.factors.dci import DCI, measure_dci
from bvae_core.diagnostics.factors.factor_vae import factor_vae_score
from bvae_core.diagnostics.factors.ground_truth import GivenCodes, GroundTruth
from bvae_core.diagnostics.factors.mig import mutual_information_gap
from bvae_core.diagnostics.factors.sap import separated_predictability
from bvae_core.diagnostics.factors.sizes import Sizes


@dataclass(frozen=True, kw_only=True)
class FactorScores:
    """Measures of disentanglement, which exist only where the true factors are known.

    Parameters
    ----------
    factor_names
        The factors.
    mig, sap, dci
        As `mutual_information_gap`, `separated_predictability` and `measure_dci` say.
    factor_vae, beta_vae
        As `factor_vae_score` and `beta_vae_score` say; None where no images share a factor.
    sizes
        On how much they were measured.
    train_count, test_count
        Images that there were for MIG and SAP, which may be fewer than `sizes` asks for; DCI has
        its part of them, at most all.
    seed
        Of all samples.
    """

    factor_names: tuple[str, ...]
    mig: float
    sap: float
    dci: DCI
    factor_vae: float | None
    beta_vae: float | None
    sizes: Sizes
    train_count: int
    test_count: int
    seed: int


def measure_factors(
    truth: GroundTruth,
    sizes: Sizes | None = None,
    *,
    seed: int = 0,
    on_step: Callable[[], None] | None = None,
) -> FactorScores:
    """Measure how a model's dimensions relate to the factors that images were made from.

    Parameters
    ----------
    truth
        Where codes and factors come from.
    sizes
        By default as `Sizes` says; `PUBLISHED_SIZES` takes five times as long.
    seed
        Of all samples.
    on_step
        Called `steps_of` times, as the work goes on.
    """
    sizes = sizes or Sizes()
    step = on_step or (lambda: None)
    rng = np.random.default_rng(seed)
    codes, factors = truth.sample(sizes.train + sizes.test, rng)
    train = round(len(codes) * sizes.train / (sizes.train + sizes.test))
    classes = factor_classes(factors)
    mig = mutual_information_gap(codes[:train], classes[:train])
    sap = separated_predictability(codes[:train], factors[:train], codes[train:], factors[train:])
    step()
    learn = slice(min(train, sizes.tree_train))
    judge = slice(train, train + sizes.tree_test)
    dci = measure_dci(
        codes[learn], classes[learn], codes[judge], classes[judge], seed=seed, on_factor=step
    )
    shares = not isinstance(truth, GivenCodes) or truth.can_share
    factor_vae = factor_vae_score(truth, sizes, rng) if shares else None
    step()
    beta_vae = beta_vae_score(truth, sizes, rng) if shares else None
    step()
    return FactorScores(
        factor_names=truth.factor_names,
        mig=mig,
        sap=sap,
        dci=dci,
        factor_vae=factor_vae,
        beta_vae=beta_vae,
        sizes=sizes,
        train_count=train,
        test_count=len(codes) - train,
        seed=seed,
    )


def steps_of(truth: GroundTruth) -> int:
    """How many steps `measure_factors` takes."""
    return 3 + len(truth.factor_names)
