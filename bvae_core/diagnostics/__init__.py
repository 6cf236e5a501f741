"""What can honestly be measured of a model: objective, units, and classes in latent space."""

from bvae_core.diagnostics.evaluation import Evaluation, evaluate
from bvae_core.diagnostics.neighbours import (
    LabelledCodes,
    linear_probe_accuracy,
    neighbour_accuracy,
)
from bvae_core.diagnostics.objective import Objective, encode_all, measure_objective
from bvae_core.diagnostics.protocols import ImageCodec, TrainedModel
from bvae_core.diagnostics.units import active_units, kl_per_dimension

__all__ = [
    "Evaluation",
    "ImageCodec",
    "LabelledCodes",
    "Objective",
    "TrainedModel",
    "active_units",
    "encode_all",
    "evaluate",
    "kl_per_dimension",
    "linear_probe_accuracy",
    "measure_objective",
    "neighbour_accuracy",
]
