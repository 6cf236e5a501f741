"""Measures of disentanglement, as published, for images whose factors are known."""

from bvae_core.diagnostics.factors.beta_vae import beta_vae_score
from bvae_core.diagnostics.factors.dci import DCI, measure_dci
from bvae_core.diagnostics.factors.factor_vae import factor_vae_score
from bvae_core.diagnostics.factors.ground_truth import (
    DrawnStrokes,
    GivenCodes,
    GroundTruth,
    ground_truth_of,
)
from bvae_core.diagnostics.factors.mig import mutual_information_gap
from bvae_core.diagnostics.factors.sap import separated_predictability
from bvae_core.diagnostics.factors.scores import FactorScores, measure_factors, steps_of
from bvae_core.diagnostics.factors.sizes import PUBLISHED_SIZES, Sizes

__all__ = [
    "DCI",
    "PUBLISHED_SIZES",
    "DrawnStrokes",
    "FactorScores",
    "GivenCodes",
    "GroundTruth",
    "Sizes",
    "beta_vae_score",
    "factor_vae_score",
    "ground_truth_of",
    "measure_dci",
    "measure_factors",
    "mutual_information_gap",
    "separated_predictability",
    "steps_of",
]
