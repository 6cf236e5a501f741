"""`bvae evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.output import (
    Json,
    console,
    number,
    print_json,
    print_pairs,
    progress,
    table,
)
from bvae_core.cli.programs import PROGRAMS, JsonEvents, Nice
from bvae_core.cli.sources import DataDir, Grey, ImageSize, Model, Only, Source, load_images
from bvae_core.errors import BvaeError

if TYPE_CHECKING:
    from bvae_core.diagnostics import Evaluation, FullFigures

#: Of more dimensions the tables of each two are too wide to read; ``--json`` has them.
_MOST_COLUMNS = 16


def evaluate(
    model: Model,
    source: Source,
    data_dir: DataDir = None,
    image_size: ImageSize = None,
    grey: Grey = None,
    only: Only = None,
    samples: Annotated[
        int, typer.Option(min=1, max=10_000, help="Draws of z for each image, averaged.")
    ] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Of the draws.")] = 0,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="Measure also what takes minutes: the parts of the KL, what dimensions share, "
            "ink, slant, thickness, width and height against each, neighbours by pixels, and "
            "where the true factors are known MIG, DCI, SAP, FactorVAE and β-VAE scores.",
        ),
    ] = False,
    json_output: Json = False,
    json_events: JsonEvents = False,
    nice: Nice = 0,
    stop_with_parent: Annotated[
        bool,
        typer.Option(
            "--stop-with-parent",
            help="Stop when standard input ends.",
            rich_help_panel=PROGRAMS,
        ),
    ] = False,
) -> None:
    """Measure a model on images that it was not trained on.

    Of the data that it was trained on, these are the test split. Images of another size
    are resized to the model's, unless told otherwise. What --full measured is kept: the window
    shows it, and bvae export diagnostics draws it.
    """
    if nice:
        from bvae_core.cli.priority import lower_priority

        lower_priority(nice)
    if stop_with_parent:
        from bvae_core.cli.parent import stop_with_parent as watch_parent

        watch_parent()
    from bvae_core.diagnostics import keep_measurement, measure
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    height, width, channels = bundle.image_shape
    images = load_images(
        source,
        data_dir,
        image_size or f"{height}x{width}",
        channels == 1 if grey is None else grey,
        only,
    )
    with progress("measuring") as show:
        tell = _telling if json_events else lambda _what: show
        found = measure(
            bundle,
            images,
            samples=samples,
            seed=seed,
            full=full,
            on_progress=tell("images"),
            on_step=tell("steps"),
        )
    if full:
        try:
            keep_measurement(found)
        except BvaeError as error:  # no reason to lose what was measured
            typer.echo(f"bvae: The figures could not be kept: {error}", err=True)
    if json_events:
        print_json({"event": "measured", "measurement": found.to_json()}, indent=None)
    elif json_output:
        print_json(found.to_json())
    else:
        _print(bundle.name, found.evaluation)
        if found.evaluation.full is not None:
            _print_full(found.evaluation.full)


def _telling(what: str) -> Callable[[int, int], None]:
    """Return what reports how much is done as a line of JSON."""
    return lambda done, total: print_json(
        {"event": "progress", "what": what, "done": done, "total": total}, indent=None
    )


def _print(name: str, found: Evaluation) -> None:
    typer.echo(f"{name} on {found.count:,} images of {found.data}: {found.note}.\n")
    per_dim = "  ".join(number(value, 2) for value in found.kl_per_dim)
    reference = f"{found.reference_count:,} training images"
    print_pairs(
        [
            (f"objective at β = {found.beta:g}", f"{number(found.objective)} nats an image"),
            ("objective at β = 1", f"{number(found.objective_beta_1)} nats an image"),
            ("reconstruction", f"{number(found.reconstruction)} nats an image"),
            ("KL", f"{number(found.kl, 2)} nats an image"),
            ("KL of each dimension", per_dim),
            ("active units", f"{found.active_units} of {len(found.kl_per_dim)}"),
            *(
                (
                    (
                        f"{found.neighbours}-NN accuracy",
                        f"{number(found.neighbour_accuracy, 3)} by {reference}",
                    ),
                    (
                        "linear-probe accuracy",
                        f"{number(found.linear_probe_accuracy, 3)} by {reference}",
                    ),
                )
                if found.neighbour_accuracy is not None
                else (("accuracies", f"not measured: {found.no_accuracy_because}"),)
            ),
            ("samples", f"{found.samples} draws of z an image, seed {found.seed}"),
        ]
    )


def _print_full(found: FullFigures) -> None:
    typer.echo("\nThe KL in its parts (Chen et al. 2018):\n")
    print_pairs(_decomposition(found))
    typer.echo()
    if len(found.correlations) <= _MOST_COLUMNS:
        dimensions = [str(index + 1) for index in range(len(found.correlations))]
        _print_matrix("correlation of dimensions", dimensions, found.correlations)
        _print_matrix(
            "mutual information of dimensions, nats", dimensions, found.mutual_information
        )
    _print_matrix(
        f"Spearman correlation with what {found.attribute_count:,} images show",
        found.attribute_names,
        found.attribute_correlations,
    )
    print_pairs([*_neighbours(found), *_factors(found)])


def _decomposition(found: FullFigures) -> list[tuple[str, str]]:
    parts = found.decomposition

    def nats(value: float, error: float) -> str:
        return f"{number(value, 2)} ± {number(error, 2)} nats an image"

    return [
        (
            "mutual information",
            nats(parts.mutual_information, parts.mutual_information_error)
            + f", at most {number(parts.most_information, 2)}",
        ),
        ("total correlation", nats(parts.total_correlation, parts.total_correlation_error)),
        ("dimension-wise KL", nats(parts.dimension_wise_kl, parts.dimension_wise_kl_error)),
        (
            "measured with",
            f"{parts.draws:,} draws among {parts.image_count:,} images, seed {parts.seed}",
        ),
    ]


def _neighbours(found: FullFigures) -> list[tuple[str, str]]:
    pixels = found.pixel_neighbours
    lines = []
    if pixels is None:
        lines.append(("neighbours by pixels", f"not measured: {found.no_pixels_because}"))
    else:
        by = f"of {pixels.count:,} images by {pixels.reference_count:,} training images"
        name = f"{pixels.neighbours}-NN accuracy"
        lines.append((f"{name} of the pixels", f"{number(pixels.pixel_accuracy, 3)} {by}"))
        lines.append((f"{name} of the codes", f"{number(pixels.code_accuracy, 3)} {by}"))
    if found.authors_accuracy is not None:
        said = f"{number(found.authors_accuracy, 3)} on all of Kuzushiji-MNIST (Clanuwat et al.)"
        lines.append(("the authors' 4-NN of the pixels", said))
    return lines


def _factors(found: FullFigures) -> list[tuple[str, str]]:
    scores = found.factors
    if scores is None:
        return []  # never shown where there is no ground truth
    dci = scores.dci
    unmeasured = "not measured: too few images share the value of a factor"
    return [
        ("MIG", number(scores.mig, 3)),
        ("SAP", number(scores.sap, 3)),
        (
            "DCI",
            (
                f"disentanglement {number(dci.disentanglement, 3)}, "
                f"completeness {number(dci.completeness, 3)}, "
                f"informativeness {number(dci.informativeness, 3)}"
            ),
        ),
        (
            "FactorVAE score",
            unmeasured if scores.factor_vae is None else number(scores.factor_vae, 3),
        ),
        ("β-VAE score", unmeasured if scores.beta_vae is None else number(scores.beta_vae, 3)),
        (
            "measured with",
            (
                f"{scores.train_count:,} images and {scores.test_count:,} to judge by (DCI "
                f"{min(scores.train_count, scores.sizes.tree_train):,} and "
                f"{min(scores.test_count, scores.sizes.tree_test):,}), "
                f"{scores.sizes.train_votes:,} batches of {scores.sizes.batch} and "
                f"{scores.sizes.test_votes:,} to judge by, seed {scores.seed}"
            ),
        ),
    ]


def _print_matrix(title: str, columns: Sequence[str], values: Sequence[Sequence[float]]) -> None:
    rows = table({"dimension": "right", **dict.fromkeys(columns, "right")}, title=title)
    for index, row in enumerate(values):
        rows.add_row(str(index + 1), *(number(value, 2) for value in row))
    console().print(rows)
