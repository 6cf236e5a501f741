"""Several models of the same images, side by side: what can fairly be compared of them.

The models have nothing in common but their images. So a place is named by an image, which each
model has a code of, and figures compare where they say the same thing of every model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bvae_core.bundle import Bundle
from bvae_core.config import TrainConfig
from bvae_core.errors import AnchorError, BundleError, BvaeError
from bvae_core.latent import (
    Anchor,
    ClassAnchor,
    DirectionTerm,
    ImageAnchor,
    PathKind,
    PointAnchor,
    SimpleAnchor,
    SumAnchor,
    Term,
    Ways,
    anchor_label,
    exemplar,
    find_class,
    parse_anchor,
    resolve,
)
from bvae_core.manifest import DataCard

#: How many models are compared at once.
FEWEST, MOST = 2, 4
_DASH = "–"


class Measured(Protocol):
    """What a table needs of a model: a `Bundle` has it, and so has an entry of the store."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @property
    def config(self) -> TrainConfig: ...  # noqa: D102
    @property
    def data(self) -> DataCard: ...  # noqa: D102
    @property
    def metrics(self) -> Mapping[str, Any]: ...  # noqa: D102


@dataclass(frozen=True)
class Row:
    """One figure or setting of all models compared.

    Parameters
    ----------
    key
        As `TrainConfig` or `Evaluation` call it.
    title
        What people call it.
    values
        One a model; None where the model has no such figure of held-out images.
    texts
        The values as they are shown; a dash for None.
    is_best
        One a model: whether it is the better of those compared. All False where neither high nor
        low is better, and where the values don't differ as far as they are shown.
    """

    key: str
    title: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    is_best: tuple[bool, ...]


@dataclass(frozen=True)
class _Figure:
    key: str
    title: str
    digits: int
    better: Literal["lower", "higher"] | None = None


_FIGURES = (
    _Figure("objective_beta_1", "objective at β = 1", 1, "lower"),
    _Figure("reconstruction", "reconstruction", 1, "lower"),
    _Figure("kl", "KL", 2),
    _Figure("active_units", "active units", 0),
    _Figure("neighbour_accuracy", "15-NN accuracy", 3, "higher"),
    _Figure("linear_probe_accuracy", "linear-probe accuracy", 3, "higher"),
)


def check_comparable(models: Sequence[Measured]) -> None:
    """See that these are two to four different models of the same images.

    Raises
    ------
    BvaeError
        If they are not, saying which differs and in what.
    """
    if not FEWEST <= len(models) <= MOST:
        raise BvaeError(f"Expected {FEWEST} to {MOST} models to compare. Received: {len(models)}.")
    first, *others = models
    for other in others:
        if other.data.fingerprint != first.data.fingerprint:
            raise BvaeError(
                "Expected models of the same images. "
                f"Received: {first.name!r} of {_described(first.data, other.data)}, and "
                f"{other.name!r} of {_described(other.data, first.data)}."
            )
    names = {model.fingerprint: model.name for model in models}
    if len(names) < len(models):
        twice = [model.fingerprint for model in models]
        name = next(names[each] for each in twice if twice.count(each) > 1)
        raise BvaeError(f"Expected different models. Received: {name!r} twice.")


def compare_figures(models: Sequence[Measured]) -> list[Row]:
    """Return the settings that tell models apart, and those of their figures that compare.

    Objectives compare at β = 1, and at the models' own β only if all have the same. Figures are
    those of held-out images that came with the models; see `comparison_notes` for what is missing.

    Parameters
    ----------
    models
        Of the same images, see `check_comparable`, which raises what this raises.

    Returns
    -------
    Rows in the order to show them: settings, then figures. Figures that no model has are left out.
    """
    check_comparable(models)
    rows = [
        _setting("beta", "β", models, [f"{model.config.beta:g}" for model in models]),
        _setting("latent_dim", "dimensions", models),
        _setting("epochs", "epochs", models),
    ]
    figures = list(_FIGURES)
    betas = {model.config.beta for model in models}
    if len(betas) == 1 and betas != {1.0}:
        shared = f"objective at β = {betas.pop():g}"
        figures.insert(0, _Figure("objective", shared, 1, "lower"))
    measured = [_row(figure, models) for figure in figures]
    return rows + [row for row in measured if any(value is not None for value in row.values)]


def comparison_notes(models: Sequence[Measured]) -> list[str]:
    """Return what a reader of the figures has to know, in sentences."""
    notes = []
    for model in models:
        if not _is_held_out(model):
            reason = (
                "was trained on all images"
                if model.config.train_split == "all"
                else "comes without figures of images that were kept out of its training"
            )
            notes.append(f"{model.name} {reason}: it has no held-out figures to compare.")
    return notes


def shared_images(models: Sequence[Bundle], count: int) -> NDArray[np.int64]:
    """Choose images to show of every model, without regard to how any model does on them.

    They are test images, where there are any, of one class after the other; without labels they
    are spread evenly.

    Returns
    -------
    (n,) int64, indices into the codes, n ≤ `count`.

    Raises
    ------
    BundleError
        If the models' codes are not of the same images after all.
    """
    first = _check_same_images(models)
    known = np.flatnonzero(first.is_test) if first.is_test.any() else np.arange(len(first.is_test))
    if first.labels is None:
        chosen = known[np.linspace(0, len(known) - 1, min(count, len(known))).astype(np.int64)]
        return np.unique(chosen)
    labels = first.labels[known]
    classes = np.unique(labels)
    if len(classes) > count:
        classes = classes[np.linspace(0, len(classes) - 1, count).astype(np.int64)]
    queues = [list(known[labels == label][:count]) for label in classes]
    rounds = [queue[i] for i in range(count) for queue in queues if i < len(queue)]
    return np.array(rounds[:count], np.int64)


def default_ends(models: Sequence[Bundle]) -> tuple[str, str]:
    """Return two anchors to morph between: the first and the last class, or two images."""
    first = models[0]
    classes = [] if first.labels is None else np.unique(first.labels).tolist()
    if len(classes) > 1:
        return f"class:{classes[0]}", f"class:{classes[-1]}"
    images = shared_images(models, 2)
    return f"#{images[0]}", f"#{images[-1]}"


def shared_places(models: Sequence[Bundle], anchor: str) -> list[NDArray[np.float32]]:
    """Find the same image's place in every model.

    Parameters
    ----------
    models
        Of the same images.
    anchor
        A class, which stands for the image of it that is most typical in all models together; the
        mean of a class; an image; or a sum of these.

    Returns
    -------
    (d,) float32 for each model, d being its own number of dimensions.

    Raises
    ------
    AnchorError
        If there is no such class or image, or the anchor is coordinates, which are another place in
        each model.
    BundleError
        If the models' codes are not of the same images after all.
    """
    _check_same_images(models)
    shared = _in_all(models, anchor, parse_anchor(anchor))
    return [resolve(shared, model.latents, model.labels, model.class_names) for model in models]


def shared_morph(
    models: Sequence[Bundle],
    start: str,
    end: str,
    frames: int,
    kind: PathKind = "straight",
    *,
    is_wanted: Callable[[], bool] = lambda: True,
) -> list[NDArray[np.float32]]:
    """Return the way between the same two images in each model, (frames, d) float32 each.

    Parameters
    ----------
    models, start, end
        As in `shared_places`, which raises what this raises.
    frames, kind, is_wanted
        As in `bvae_core.latent.Ways.path`. What decodes otherwise isn't made to wait.
    """
    ends = zip(shared_places(models, start), shared_places(models, end), strict=True)
    return [
        Ways(model.another_decoder(), model.latents).path(
            np.stack(pair), frames, kind, is_wanted=is_wanted
        )
        for model, pair in zip(models, ends, strict=True)
    ]


def shared_label(models: Sequence[Bundle], anchor: str) -> str:
    """Return what to write for an anchor: ``き ki``, ``#1234``."""
    return anchor_label(parse_anchor(anchor), models[0].class_names)


def _in_all(models: Sequence[Bundle], text: str, anchor: Anchor) -> Anchor:
    """Return the anchor that means the same images in each model."""
    if isinstance(anchor, SumAnchor):
        return SumAnchor(tuple((w, _one_in_all(models, text, one)) for w, one in anchor.terms))
    return _one_in_all(models, text, anchor)


def _one_in_all(models: Sequence[Bundle], text: str, anchor: Term) -> SimpleAnchor:
    if isinstance(anchor, PointAnchor | DirectionTerm):
        what = "coordinates" if isinstance(anchor, PointAnchor) else "a direction"
        are = "are" if isinstance(anchor, PointAnchor) else "is"
        raise AnchorError(
            f"{text!r}: Expected a class or an image, which is the same in each model. "
            f"Received: {what}, which {are} not."
        )
    labels = models[0].labels
    if not isinstance(anchor, ClassAnchor) or anchor.mean or labels is None:
        return anchor
    label = find_class(anchor.name, models[0].class_names)
    if not (labels == label).any():
        return anchor  # `resolve` has the words for it
    return ImageAnchor(exemplar(_beside_each_other(models), labels, label))


def _beside_each_other(models: Sequence[Bundle]) -> NDArray[np.float32]:
    """Return all models' codes as those of one model in which each weighs the same, (N, Σd)."""
    spreads = [float(np.sqrt(model.latents.var(axis=0).sum())) for model in models]
    return np.hstack(
        [model.latents / max(spread, 1e-6) for model, spread in zip(models, spreads, strict=True)]
    ).astype(np.float32)


def _check_same_images(models: Sequence[Bundle]) -> Bundle:
    check_comparable(models)
    first, *others = models
    for other in others:
        same_labels = (first.labels is None and other.labels is None) or (
            first.labels is not None
            and other.labels is not None
            and np.array_equal(first.labels, other.labels)
        )
        if not (same_labels and np.array_equal(first.is_test, other.is_test)):
            raise BundleError(
                f"{other.path}: Expected codes of the same images as those of {first.name!r}, "
                "as its data's fingerprint says. Received: codes of others."
            )
    return first


def _setting(
    key: str, title: str, models: Sequence[Measured], texts: Sequence[str] | None = None
) -> Row:
    values = [getattr(model.config, key) for model in models]
    shown = texts or [_DASH if value is None else f"{value:,}" for value in values]
    return Row(key, title, tuple(values), tuple(shown), (False,) * len(models))


def _row(figure: _Figure, models: Sequence[Measured]) -> Row:
    values = tuple(_value(figure, model) for model in models)
    texts = [_DASH if value is None else f"{value:,.{figure.digits}f}" for value in values]
    return Row(figure.key, figure.title, values, tuple(texts), _best(figure, values))


def _best(figure: _Figure, values: Sequence[float | None]) -> tuple[bool, ...]:
    rounded = [None if value is None else round(value, figure.digits) for value in values]
    known = {value for value in rounded if value is not None}
    if figure.better is None or len(known) < 2:
        return (False,) * len(values)
    best = min(known) if figure.better == "lower" else max(known)
    return tuple(value == best for value in rounded)


def _value(figure: _Figure, model: Measured) -> float | None:
    value = model.metrics.get(figure.key) if _is_held_out(model) else None
    # A bundle may come from anywhere, and its figures be any JSON values.
    return float(value) if isinstance(value, int | float) else None


def _is_held_out(model: Measured) -> bool:
    return model.metrics.get("held_out") is True


def _described(data: DataCard, other: DataCard) -> str:
    """Return what sets these data apart from others, for an error's sentence."""
    height, width, _ = data.image_shape
    words = f"{data.name}, {data.train_count + data.test_count:,} images of {height}×{width}"
    same = (data.name, data.image_shape, data.train_count, data.test_count) == (
        other.name,
        other.image_shape,
        other.train_count,
        other.test_count,
    )
    return f"{words} (fingerprint {data.fingerprint[:12]}…)" if same else words
