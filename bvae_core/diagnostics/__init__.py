"""What can honestly be measured of a model: objective, units, and classes in latent space."""

from bvae_core.diagnostics.attributes import (
    ATTRIBUTE_NAMES,
    attribute_correlations,
    measure_attributes,
)
from bvae_core.diagnostics.decomposition import KLDecomposition, decompose_kl
from bvae_core.diagnostics.dependence import dimension_correlations, dimension_mutual_information
from bvae_core.diagnostics.evaluation import Evaluation, evaluate
from bvae_core.diagnostics.factors import PUBLISHED_SIZES, FactorScores, Sizes, measure_factors
from bvae_core.diagnostics.findings import Finding, Findings, findings_csv, findings_of
from bvae_core.diagnostics.full import FullFigures
from bvae_core.diagnostics.glance import Glance, glance
from bvae_core.diagnostics.kept import keep_measurement, read_measurement, recall_measurement
from bvae_core.diagnostics.measurement import Measurement, measure
from bvae_core.diagnostics.neighbours import (
    LabelledCodes,
    linear_probe_accuracy,
    neighbour_accuracy,
)
from bvae_core.diagnostics.objective import Objective, encode_all, measure_objective
from bvae_core.diagnostics.pixels import (
    PixelNeighbours,
    authors_accuracy,
    weighted_neighbour_accuracy,
)
from bvae_core.diagnostics.protocols import ImageCodec, TrainedModel
from bvae_core.diagnostics.units import active_units, kl_per_dimension

__all__ = [
    "ATTRIBUTE_NAMES",
    "PUBLISHED_SIZES",
    "Evaluation",
    "FactorScores",
    "Finding",
    "Findings",
    "FullFigures",
    "Glance",
    "ImageCodec",
    "KLDecomposition",
    "LabelledCodes",
    "Measurement",
    "Objective",
    "PixelNeighbours",
    "Sizes",
    "TrainedModel",
    "active_units",
    "attribute_correlations",
    "authors_accuracy",
    "decompose_kl",
    "dimension_correlations",
    "dimension_mutual_information",
    "encode_all",
    "evaluate",
    "findings_csv",
    "findings_of",
    "glance",
    "keep_measurement",
    "kl_per_dimension",
    "linear_probe_accuracy",
    "measure",
    "measure_attributes",
    "measure_factors",
    "measure_objective",
    "neighbour_accuracy",
    "read_measurement",
    "recall_measurement",
    "weighted_neighbour_accuracy",
]
