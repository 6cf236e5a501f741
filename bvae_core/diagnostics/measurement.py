"""`Measurement`: an evaluation with the model and the images that it is of, as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bvae_core.diagnostics import _reading
from bvae_core.diagnostics.evaluation import Evaluation, evaluate
from bvae_core.diagnostics.objective import DEFAULT_SAMPLES
from bvae_core.errors import DataError

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle
    from bvae_core.datasets import ImageSet

#: Raised when the same model and images would be measured otherwise than before.
MEASURES_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What `bvae evaluate` has to say.

    Parameters
    ----------
    model, fingerprint
        The model's name then, and its fingerprint.
    networks
        SHA-256 (hex) of its networks: see `Bundle.networks_digest`.
    data_fingerprint
        SHA-256 (hex) of the images.
    source, data_dir, only
        Where they came from, as `bvae_core.datasets.load` takes it; empty, None and empty where
        they were made otherwise.
    evaluation
        The figures.
    measures_version
        See `MEASURES_VERSION`.
    """

    model: str
    fingerprint: str
    networks: str
    data_fingerprint: str
    source: str
    data_dir: str | None
    only: str
    evaluation: Evaluation
    measures_version: int = MEASURES_VERSION

    def is_of(self, bundle: Bundle) -> bool:
        """Whether exactly this model was measured, whatever it was called."""
        return (self.fingerprint, self.networks) == (bundle.fingerprint, bundle.networks_digest)

    def to_json(self) -> dict[str, Any]:
        """Return JSON values: those of the figures, and what they are of before them."""
        about = {name: getattr(self, name) for name in _ABOUT}
        return about | self.evaluation.to_json()

    @classmethod
    def from_json(cls, values: Any) -> Measurement:
        """Read what `to_json` returned.

        Raises
        ------
        DataError
            If it is anything else, or its parts don't fit together.
        """
        try:
            if not isinstance(values, Mapping):
                raise ValueError(type(values).__name__)
            figures = {key: value for key, value in values.items() if key not in _ABOUT}
            evaluation = _reading.read(Evaluation, figures)
            _check_sizes(evaluation)
            about = {key: values[key] for key in _ABOUT if key in values}
            head = _reading.read(_About, about)
        except ValueError as error:
            raise DataError(
                f"Expected figures as bvae evaluate --json writes them. Received: {error}."
            ) from error
        return cls(**vars(head), evaluation=evaluation)

    @classmethod
    def from_text(cls, text: str | bytes) -> Measurement:
        """Read JSON; a DataError if it is none, or see `from_json`."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"Expected figures as bvae evaluate --json writes them. Received: {error}."
            ) from error
        return cls.from_json(values)


@dataclass(frozen=True)
class _About:
    """What a `Measurement` has beside the figures."""

    model: str
    fingerprint: str
    networks: str
    data_fingerprint: str
    source: str
    data_dir: str | None
    only: str
    measures_version: int


_ABOUT = tuple(_About.__dataclass_fields__)


def measure(
    bundle: Bundle,
    images: ImageSet,
    *,
    samples: int = DEFAULT_SAMPLES,
    seed: int = 0,
    full: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    on_step: Callable[[int, int], None] | None = None,
) -> Measurement:
    """Measure a model and note what was measured.

    Parameters
    ----------
    bundle
        The model.
    images, samples, seed, full, on_progress, on_step
        As in `evaluate`, which raises what this raises.
    """
    found = evaluate(
        bundle,
        images,
        samples=samples,
        seed=seed,
        full=full,
        on_progress=on_progress,
        on_step=on_step,
    )
    origin = images.origin
    folder = None if origin is None else origin.data_dir
    return Measurement(
        model=bundle.name,
        fingerprint=bundle.fingerprint,
        networks=bundle.networks_digest,
        data_fingerprint=images.fingerprint,
        source="" if origin is None else origin.source,
        data_dir=None if folder is None else str(folder),
        only="" if origin is None else origin.only,
        evaluation=found,
    )


def _check_sizes(found: Evaluation) -> None:
    """Raise a ValueError if figures of dimensions are not of as many dimensions."""
    count = len(found.kl_per_dim)
    shapes: dict[str, tuple[Any, tuple[int, ...]]] = {}
    if found.full is not None:
        full = found.full
        shapes = {
            "correlations": (full.correlations, (count, count)),
            "mutual_information": (full.mutual_information, (count, count)),
            "attribute_correlations": (
                full.attribute_correlations,
                (count, len(full.attribute_names)),
            ),
            "dimension_wise_kl_per_dim": (full.decomposition.dimension_wise_kl_per_dim, (count,)),
        }
    for name, (values, shape) in shapes.items():
        if np.shape(values) != shape:
            raise ValueError(f"{name} of another shape than {shape}")
