"""`evaluate`: everything that can honestly be said of a model over given images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.factors import Sizes
from bvae_core.diagnostics.familiar import trained_on
from bvae_core.diagnostics.full import FullFigures, PixelReference, measure_in_full
from bvae_core.diagnostics.neighbours import (
    MOST_ODDS,
    NEIGHBOURS,
    LabelledCodes,
    linear_probe_accuracy,
    neighbour_accuracy,
)
from bvae_core.diagnostics.objective import (
    DEFAULT_SAMPLES,
    encode_all,
    measure_objective,
)
from bvae_core.diagnostics.pixels import PIXEL_NEIGHBOURS
from bvae_core.diagnostics.protocols import TrainedModel
from bvae_core.diagnostics.units import ACTIVE_VARIANCE, active_units
from bvae_core.errors import DataError

if TYPE_CHECKING:
    from bvae_core.datasets import ImageSet

Split = Literal["test", "all"]

#: Pixels and channels of all images measured, in bytes; of larger splits a sample is measured.
MOST_BYTES = 512 << 20
#: Neighbours and probe learn from a sample where a model has more training images; see `MOST_ODDS`.
MOST_REFERENCES = 100_000


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Figures of a model over images, with what they were measured on.

    Objective, reconstruction and KL are nats an image; accuracies are fractions.

    Parameters
    ----------
    data
        Name of the data set that the images come from.
    split
        ``test``, the data set's test split, or ``all``, every image of it.
    held_out
        Whether no image measured was trained on. If False, the figures flatter the model.
    note
        What the images are to the model, in a sentence.
    count
        Images measured.
    left_out
        Images of that split that were not measured because the model was trained on them.
    beta, objective
        The model's β and the objective there.
    objective_beta_1
        The objective at β = 1, the negative ELBO, by which models of any β compare.
    reconstruction, kl, kl_per_dim
        The objective's parts.
    active_units, active_threshold
        Dimensions with Var_x(E[z|x]) over the threshold, 0.01.
    samples, seed
        Draws of z an image, averaged, and their seed.
    neighbour_accuracy, linear_probe_accuracy
        Of the images' means, judged by the means of `reference_count` training images; None where
        that can't be measured.
    neighbours
        How many neighbours vote.
    reference_count
        Training images that neighbours and probe learned from; 0 without accuracies.
    no_accuracy_because
        Why there are no accuracies; empty where there are.
    full
        What takes longer, where it was asked for.
    """

    data: str
    split: Split
    held_out: bool
    note: str
    count: int
    left_out: int
    beta: float
    objective: float
    objective_beta_1: float
    reconstruction: float
    kl: float
    kl_per_dim: tuple[float, ...]
    active_units: int
    active_threshold: float = ACTIVE_VARIANCE
    samples: int
    seed: int
    neighbour_accuracy: float | None
    linear_probe_accuracy: float | None
    neighbours: int = NEIGHBOURS
    reference_count: int
    no_accuracy_because: str
    full: FullFigures | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON values; `full` only where it was measured."""
        fields: dict[str, Any] = _with_lists(asdict(self))
        if self.full is None:
            del fields["full"]
        return fields


@dataclass(frozen=True, eq=False)
class _Judged:
    """The images to measure, with what they are to the model."""

    images: ImageSet
    mean: NDArray[np.float32]
    log_var: NDArray[np.float32]
    split: Split
    held_out: bool
    note: str
    left_out: int = 0


def evaluate(
    model: TrainedModel,
    images: ImageSet,
    *,
    samples: int = DEFAULT_SAMPLES,
    seed: int = 0,
    full: bool = False,
    factor_sizes: Sizes | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    on_step: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Measure `model` on the images of `images` that it was not trained on.

    Of the data set that it was trained on, these are the test split; a model trained on all of it
    has no held-out images, and its figures, of the test split all the same, are marked so. Of
    another data set, they are all images except those whose codes say that they were trained on.
    Of more than `MOST_BYTES` of them a random sample is measured, always the same; `Evaluation`
    tells their number.

    The accuracies are those of the measured images' means, judged by the model's training images.

    Parameters
    ----------
    model
        A `Bundle`, or what else has all that `TrainedModel` says.
    images
        Of the model's shape, (H, W, C).
    samples
        Draws of z an image, at least 1.
    seed
        Of the draws, at least 0.
    full
        Measure also what takes longer: see `FullFigures`.
    factor_sizes
        Of the samples for measures of disentanglement, where factors are known and `full` is asked
        for. `PUBLISHED_SIZES` takes five times as long as the default.
    on_progress
        Called with the number of images measured so far and their total.
    on_step
        Called with the number of steps of the full measurement done so far and their total.

    Raises
    ------
    DataError
        If the images have another shape than the model's, or a number is too small.
    """
    for name, number, least in (("samples", samples, 1), ("seed", seed, 0)):
        if number < least:
            raise DataError(f"{name}: Expected at least {least}. Received: {number}.")
    if images.image_shape != tuple(model.data.image_shape):
        raise DataError(
            f"{images.name}: Expected images of {_shape(model.data.image_shape)}, as the model "
            f"has them. Received: {_shape(images.image_shape)}."
        )
    judged = _same_data(model, images) if _is_same(model, images) else _other(model, images)
    count = len(judged.images)
    measured = measure_objective(
        model,
        judged.images.images,
        judged.mean,
        judged.log_var,
        samples=samples,
        seed=seed,
        on_progress=None if on_progress is None else lambda done: on_progress(done, count),
    )
    reference, no_accuracy_because = _reference(model, judged)
    accuracies: tuple[float, float] | tuple[None, None] = (None, None)
    if reference is not None and judged.images.labels is not None:
        codes = LabelledCodes(judged.mean, judged.images.labels)
        accuracies = (
            neighbour_accuracy(reference, codes),
            linear_probe_accuracy(reference, codes),
        )
    found = Evaluation(
        data=images.name,
        split=judged.split,
        held_out=judged.held_out,
        note=judged.note,
        count=count,
        left_out=judged.left_out,
        beta=model.config.beta,
        objective=measured.at(model.config.beta),
        objective_beta_1=measured.at(1.0),
        reconstruction=measured.reconstruction,
        kl=measured.kl,
        kl_per_dim=measured.kl_per_dim,
        active_units=int(active_units(judged.mean).sum()),
        samples=samples,
        seed=seed,
        neighbour_accuracy=accuracies[0],
        linear_probe_accuracy=accuracies[1],
        reference_count=0 if reference is None else len(reference),
        no_accuracy_because=no_accuracy_because,
    )
    if not full:
        return found
    pixels, no_pixels_because = _pixel_reference(model, images)
    return replace(
        found,
        full=measure_in_full(
            model,
            judged.images,
            judged.mean,
            judged.log_var,
            pixels=pixels,
            no_pixels_because=no_pixels_because,
            factor_sizes=factor_sizes,
            seed=seed,
            on_step=on_step,
        ),
    )


def _is_same(model: TrainedModel, images: ImageSet) -> bool:
    return images.fingerprint == model.data.fingerprint


def _same_data(model: TrainedModel, images: ImageSet) -> _Judged:
    has_test = len(images.test_indices) > 0
    held_out = has_test and model.config.train_split == "train"
    if held_out:
        note = "the test split, which was kept out of training"
    elif has_test:
        note = "the test split, but trained on like all others: no held-out figures"
    else:
        note = "all images, which were trained on: no held-out figures"
    chosen = _select(images, images.test_indices if has_test else images.train_indices)
    mean, log_var = encode_all(model, chosen.images)
    return _Judged(chosen, mean, log_var, "test" if has_test else "all", held_out, note)


def _other(model: TrainedModel, images: ImageSet) -> _Judged:
    images = _select(images, np.arange(len(images)))
    mean, log_var = encode_all(model, images.images)
    training = _training_rows(model)
    known = trained_on(mean, log_var, model.latents[training], model.log_var[training])
    if known is None:
        note = "other data; whether some of its images were trained on can't be told"
        return _Judged(images, mean, log_var, "all", True, note)
    if known.all():
        note = "other data, but every image was trained on: no held-out figures"
        return _Judged(images, mean, log_var, "all", False, note)
    if not known.any():
        note = "other data, of which nothing was trained on"
        return _Judged(images, mean, log_var, "all", True, note)
    new = np.flatnonzero(~known)
    left_out = int(known.sum())
    note = f"other data, without {left_out:,} images that were trained on"
    return _Judged(images.select(new), mean[new], log_var[new], "all", True, note, left_out)


def _reference(model: TrainedModel, judged: _Judged) -> tuple[LabelledCodes | None, str]:
    """Return the training images' labelled codes, or why they can't judge."""
    if model.labels is None:
        return None, "the model was trained on images without labels"
    if judged.images.labels is None:
        return None, "the images have no labels"
    if judged.images.class_names != tuple(model.data.class_names):
        return None, "the images' classes are others than the model's"
    # A model trained on everything is still judged by the train split alone, or the test split's
    # images would be their own neighbours.
    rows = _sample(
        np.flatnonzero(~model.is_test if judged.split == "test" else _training_rows(model)),
        MOST_REFERENCES,
    )
    if judged.split == "all" and not judged.held_out:
        return None, "every image would be its own neighbour"
    # Probe and votes have a number for each image and class.
    rows = _sample(rows, MOST_ODDS // max(1, len(np.unique(model.labels[rows]))))
    reference = LabelledCodes(model.latents[rows], model.labels[rows])
    if len(reference) < NEIGHBOURS:
        return None, f"the model has fewer than {NEIGHBOURS} training images"
    if len(np.unique(reference.labels)) < 2:
        return None, "the training images are all of one class"
    return reference, ""


def _pixel_reference(model: TrainedModel, images: ImageSet) -> tuple[PixelReference | None, str]:
    """Return the training images with their codes, or why they can't be had."""
    if not _is_same(model, images):
        return None, "the model's training images are not among the images"
    if images.labels is None:
        return None, "the images have no labels"
    if not (images.is_test.any() and (~images.is_test).any()):
        return None, "every image would be its own neighbour"
    rows = _sample(images.train_indices, PixelReference.most(images))
    if len(rows) < PIXEL_NEIGHBOURS:
        return None, f"the model has fewer than {PIXEL_NEIGHBOURS} training images"
    return PixelReference(images.images[rows], model.latents[rows], images.labels[rows]), ""


def _training_rows(model: TrainedModel) -> NDArray[np.bool_]:
    if model.config.train_split == "all":
        return np.ones(len(model.latents), dtype=bool)
    return ~model.is_test


def _select(images: ImageSet, indices: NDArray[np.int64]) -> ImageSet:
    """Return the images at `indices`, in memory, or a sample of them if they are too many."""
    return images.select(_sample(indices, MOST_BYTES // images.images[0].nbytes))


def _sample(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    if len(indices) <= most:
        return indices
    return np.sort(np.random.default_rng(0).choice(indices, most, replace=False))


def _with_lists(value: Any) -> Any:
    """Turn tuples into lists, at any depth, as JSON has them."""
    if isinstance(value, dict):
        return {key: _with_lists(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_with_lists(inner) for inner in value]
    return value


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
