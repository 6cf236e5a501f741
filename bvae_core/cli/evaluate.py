"""`bvae evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli.output import Json, number, print_json, print_pairs, progress
from bvae_core.cli.sources import DataDir, Grey, ImageSize, Model, Source, load_images

if TYPE_CHECKING:
    from bvae_core.diagnostics import Evaluation


def evaluate(
    model: Model,
    source: Source,
    data_dir: DataDir = None,
    image_size: ImageSize = None,
    grey: Grey = None,
    samples: Annotated[
        int, typer.Option(min=1, max=10_000, help="Draws of z for each image, averaged.")
    ] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Of the draws.")] = 0,
    json_output: Json = False,
) -> None:
    """Measure a model on images that it was not trained on.

    Of the data that it was trained on, these are the test split. Images of another size
    are resized to the model's, unless told otherwise.
    """
    from bvae_core.diagnostics import evaluate as measure
    from bvae_core.store import load_bundle

    bundle = load_bundle(model)
    height, width, channels = bundle.image_shape
    images = load_images(
        source,
        data_dir,
        image_size or f"{height}x{width}",
        channels == 1 if grey is None else grey,
    )
    with progress("measuring") as on_progress:
        found = measure(bundle, images, samples=samples, seed=seed, on_progress=on_progress)
    if json_output:
        print_json({"model": bundle.name, "fingerprint": bundle.fingerprint, **found.to_json()})
    else:
        _print(bundle.name, found)


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
