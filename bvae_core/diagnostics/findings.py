"""What is known of a model, in words: figures with what they mean, for people to read.

Put together from what came with the model, from a glance at its codes, and from a measurement where
there is one; always with what was measured.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.evaluation import Evaluation
from bvae_core.diagnostics.glance import Glance
from bvae_core.diagnostics.measurement import Measurement
from bvae_core.diagnostics.pixels import authors_accuracy

if TYPE_CHECKING:
    from bvae_core.bundle import Bundle

Group = Literal["Objective", "Codes", "Classes", "Known factors"]
Better = Literal["lower", "higher"]

_DASH = "–"
_NATS = "nats"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One figure.

    Parameters
    ----------
    key
        As ``bvae evaluate --json`` calls it.
    group
        What it is about.
    title
        What people call it.
    value
        None where it is not known.
    text
        The value as it is shown; a dash for None.
    unit
        Of the value; empty where it has none, or there is no value.
    better
        Which is better, if either is.
    meaning
        What it is, in a sentence or two, and where it was published.
    """

    key: str
    group: Group
    title: str
    value: float | None
    text: str
    unit: str
    better: Better | None
    meaning: str

    @property
    def tip(self) -> str:
        """Return the meaning, with which is better."""
        better = "Neither high nor low is better" if self.better is None else f"{self.better} is"
        ending = " by itself." if self.better is None else " better."
        return f"{self.meaning} {better[0].upper()}{better[1:]}{ending}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Findings:
    """All that is known.

    Parameters
    ----------
    model
        Its name.
    figures
        Those that there are for this model, known or not.
    measured_on
        What the figures were measured on, in a sentence.
    dimensions_on
        What the figures of dimensions below were measured on, as the end of a sentence.
    kl_per_dim, is_active
        (d,) nats, and whether a dimension's mean varies.
    correlations, mutual_information
        Of each two dimensions, (d, d).
    attribute_names, attribute_correlations, attribute_count
        (d, a), and the images that they are of; None and 0 where they were not measured.
    accuracies
        Names with fractions, of codes and of pixels.
    published_accuracy, published_note
        The line to compare these with, and what it is; None and empty where there is none.
    is_full
        Whether all was measured.
    """

    model: str
    figures: tuple[Finding, ...]
    measured_on: str
    dimensions_on: str
    kl_per_dim: NDArray[np.float64]
    is_active: NDArray[np.bool_]
    correlations: NDArray[np.float64]
    mutual_information: NDArray[np.float64]
    attribute_names: tuple[str, ...]
    attribute_correlations: NDArray[np.float64] | None
    attribute_count: int
    accuracies: tuple[tuple[str, float], ...]
    published_accuracy: float | None
    published_note: str
    is_full: bool

    @property
    def order(self) -> NDArray[np.int64]:
        """Dimensions, those that say most first, (d,)."""
        return np.argsort(-self.kl_per_dim, kind="stable")


def findings_of(bundle: Bundle, seen: Glance, measured: Measurement | None) -> Findings:
    """Put together what is known.

    Parameters
    ----------
    bundle
        The model.
    seen
        A glance at its codes.
    measured
        A measurement of this model, if there is one.
    """
    known = _of_evaluation(measured.evaluation) if measured else _numbers(dict(bundle.metrics))
    full = None if measured is None else measured.evaluation.full
    if measured is None:
        kl, on = seen.kl_per_dim, f"{seen.count:,} codes {seen.of}, which came with the model"
    else:
        kl = np.array(measured.evaluation.kl_per_dim)
        on = f"the same {measured.evaluation.count:,} images"
    attributes = None if full is None else np.array(full.attribute_correlations)
    published = authors_accuracy(bundle.class_names)
    if published is not None:
        known[_AUTHORS] = published
    figures = tuple(_figures(bundle, known, measured))
    return Findings(
        model=bundle.name,
        figures=figures,
        measured_on=_measured_on(bundle, measured),
        dimensions_on=on,
        kl_per_dim=kl,
        is_active=seen.is_active,
        correlations=seen.correlations if full is None else np.array(full.correlations),
        mutual_information=(
            seen.mutual_information if full is None else np.array(full.mutual_information)
        ),
        attribute_names=() if full is None else full.attribute_names,
        attribute_correlations=attributes,
        attribute_count=0 if full is None else full.attribute_count,
        accuracies=tuple(
            (each.title, each.value)
            for each in figures
            if each.group == "Classes" and each.value is not None and each.key != _AUTHORS
        ),
        published_accuracy=published,
        published_note="" if published is None else _published_note(published),
        is_full=full is not None,
    )


def findings_csv(findings: Findings) -> str:
    """Return the figures as a table: key, title, value, unit, which is better, measured on."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["key", "figure", "value", "unit", "better", "measured on"])
    for each in findings.figures:
        value = "" if each.value is None else repr(each.value)
        unit = "fraction" if each.unit == "%" else each.unit  # values are as JSON has them
        writer.writerow(
            [each.key, each.title, value, unit, each.better or "", findings.measured_on]
        )
    for index, nats in enumerate(findings.kl_per_dim.tolist(), 1):
        writer.writerow(
            [f"kl_per_dim.{index}", f"KL of dimension {index}", repr(nats), _NATS, "",
             findings.dimensions_on]
        )  # fmt: skip
    return file.getvalue()


_AUTHORS = "full.authors_accuracy"


@dataclass(frozen=True)
class _Kind:
    """A figure that there may be."""

    key: str
    group: Group
    title: str
    meaning: str
    better: Better | None = None
    unit: str = ""
    digits: int = 3


_OBJECTIVE: Group = "Objective"
_KINDS = (
    _Kind(
        "objective", _OBJECTIVE, "objective at β = {beta:g}",
        "What the training makes small: reconstruction and β times the KL. Only models of the "
        "same β and images compare by it (Higgins et al. 2017).",
        "lower", _NATS, 1,
    ),
    _Kind(
        "objective_beta_1", _OBJECTIVE, "objective at β = 1",
        "Reconstruction and KL: the negative ELBO, a bound on how unlikely the images are, by "
        "which models of any β compare (Kingma & Welling 2014).",
        "lower", _NATS, 1,
    ),
    _Kind(
        "reconstruction", _OBJECTIVE, "reconstruction",
        "How far images are from what the decoder makes of their codes: binary cross-entropy, "
        "summed over the pixels.",
        "lower", _NATS, 1,
    ),
    _Kind(
        "kl", _OBJECTIVE, "KL",
        "What a code says about its image beyond the prior. A large one costs a simple latent "
        "space, a small one detail.",
        None, _NATS, 2,
    ),
    _Kind(
        "active_units", "Codes", "active units",
        "Dimensions whose means vary over the images, with a variance over 0.01 "
        "(Burda et al. 2016). The others say nothing.",
        None, "", 0,
    ),
    _Kind(
        "full.decomposition.mutual_information", "Codes", "mutual information",
        "The first part of the KL: how surely a code tells which image it came from, at most "
        "{most_information:.2f} nats with so many images (Chen et al. 2018).",
        None, _NATS, 2,
    ),
    _Kind(
        "full.decomposition.total_correlation", "Codes", "total correlation",
        "The second part of the KL: what dimensions have in common; 0 where they are "
        "independent (Chen et al. 2018).",
        "lower", _NATS, 2,
    ),
    _Kind(
        "full.decomposition.dimension_wise_kl", "Codes", "dimension-wise KL",
        "The third part of the KL: how far each dimension by itself is from the prior "
        "(Chen et al. 2018).",
        "lower", _NATS, 2,
    ),
    _Kind(
        "neighbour_accuracy", "Classes", "15-NN of the codes",
        "How often most of the 15 nearest codes of other images are of the right class.",
        "higher", "%", 1,
    ),
    _Kind(
        "linear_probe_accuracy", "Classes", "linear probe",
        "How often a linear classifier of the codes is right (Alain & Bengio 2016).",
        "higher", "%", 1,
    ),
    _Kind(
        "full.pixel_neighbours.code_accuracy", "Classes", "4-NN of the codes",
        "How often the 4 nearest codes, the nearer the louder, say the right class.",
        "higher", "%", 1,
    ),
    _Kind(
        "full.pixel_neighbours.pixel_accuracy", "Classes", "4-NN of the pixels",
        "The same by the pixels themselves, of the same images: what the codes are held against.",
        "higher", "%", 1,
    ),
    _Kind(
        _AUTHORS, "Classes", "4-NN of the pixels, published",
        "What the authors of the data publish of 4 neighbours by pixels: of all 60,000 images "
        "and 10,000 others. A part of them is harder (Clanuwat et al. 2018).",
        "higher", "%", 2,
    ),
    _Kind(
        "full.factors.mig", "Known factors", "MIG",
        "Mutual information gap: how much more one dimension knows of a factor than the second "
        "best, from 0 to 1 (Chen et al. 2018).",
        "higher",
    ),
    _Kind(
        "full.factors.dci.disentanglement", "Known factors", "DCI disentanglement",
        "Whether each dimension matters to one factor only, from 0 to 1 "
        "(Eastwood & Williams 2018).",
        "higher",
    ),
    _Kind(
        "full.factors.dci.completeness", "Known factors", "DCI completeness",
        "Whether one dimension only matters to each factor, from 0 to 1 "
        "(Eastwood & Williams 2018).",
        "higher",
    ),
    _Kind(
        "full.factors.dci.informativeness", "Known factors", "DCI informativeness",
        "How often boosted trees tell a factor's class from the code; chance is not 0 "
        "(Eastwood & Williams 2018).",
        "higher",
    ),
    _Kind(
        "full.factors.sap", "Known factors", "SAP",
        "Separated attribute predictability: how much better one dimension predicts a factor "
        "than the second best, from 0 to 1 (Kumar et al. 2018).",
        "higher",
    ),
    _Kind(
        "full.factors.factor_vae", "Known factors", "FactorVAE score",
        "How often the dimension that varies least tells which factor was held fixed "
        "(Kim & Mnih 2018).",
        "higher",
    ),
    _Kind(
        "full.factors.beta_vae", "Known factors", "β-VAE score",
        "How often a linear classifier tells which factor pairs of images share "
        "(Higgins et al. 2017).",
        "higher",
    ),
)  # fmt: skip


def _figures(
    bundle: Bundle, known: dict[str, float], measured: Measurement | None
) -> Iterator[Finding]:
    full = None if measured is None else measured.evaluation.full
    most = float("nan") if full is None else full.decomposition.most_information
    for kind in _KINDS:
        value = known.get(kind.key)
        if kind.group == "Known factors" and (full is None or full.factors is None):
            continue  # nothing is called disentanglement where there is no ground truth
        if kind.key == _AUTHORS and value is None:
            continue
        yield Finding(
            key=kind.key,
            group=kind.group,
            title=kind.title.format(beta=bundle.config.beta),
            value=value,
            text=_text(kind, value, bundle, known),
            unit="" if value is None else kind.unit,
            better=kind.better,
            meaning=_meaning(kind, value, most, measured),
        )


def _meaning(kind: _Kind, value: float | None, most: float, measured: Measurement | None) -> str:
    meaning = kind.meaning
    if "{most_information" in meaning:
        if math.isnan(most):
            meaning = meaning.replace(
                ", at most {most_information:.2f} nats with so many images", ""
            )
        else:
            meaning = meaning.format(most_information=most)
    if value is not None:
        return meaning
    reason = _reason(kind, measured)
    return f"{meaning} Not measured{f': {reason}' if reason else ' yet'}."


def _reason(kind: _Kind, measured: Measurement | None) -> str:
    if measured is None or measured.evaluation.full is None:
        return ""
    if kind.key in ("neighbour_accuracy", "linear_probe_accuracy"):
        return measured.evaluation.no_accuracy_because
    if kind.key.startswith("full.pixel_neighbours"):
        return measured.evaluation.full.no_pixels_because
    return "too few images share the value of a factor"


def _text(kind: _Kind, value: float | None, bundle: Bundle, known: dict[str, float]) -> str:
    if value is None:
        return _DASH
    if kind.key == "active_units":
        return f"{value:.0f} of {bundle.config.latent_dim}"
    if kind.unit == "%":
        return f"{100 * value:.{kind.digits}f}"
    error = known.get(f"{kind.key}_error")
    spread = "" if error is None else f" ± {error:.{kind.digits}f}"
    return f"{value + 0.0:,.{kind.digits}f}{spread}"


def _published_note(accuracy: float) -> str:
    return f"{100 * accuracy:.2f} % published, 4-NN of the pixels of the full set"


def _measured_on(bundle: Bundle, measured: Measurement | None) -> str:
    if measured is not None:
        found = measured.evaluation
        return f"{found.count:,} images of {found.data}: {found.note}."
    note, count = bundle.metrics.get("note"), bundle.metrics.get("count")
    if isinstance(note, str) and type(count) is int:
        return f"When it was trained, on {count:,} images of {bundle.data.name}: {note}."
    return "No figures came with the model."


def _of_evaluation(found: Evaluation) -> dict[str, float]:
    return _numbers(found.to_json())


def _numbers(values: dict[str, Any], prefix: str = "") -> dict[str, float]:
    """Return the finite numbers among JSON values, those within objects by names with dots."""
    numbers: dict[str, float] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            numbers |= _numbers(value, f"{prefix}{key}.")
        elif type(value) in (int, float) and math.isfinite(value):
            numbers[prefix + key] = value
    return numbers
