"""The default recipe against the notebook's, at a tenth of its time, at its time and at four times.

Both are trained in this process, one after the other, on the same images, and judged on the same
images kept out of both: the objective of `bvae_core.diagnostics` at β = 4 (nats an image, lower is
better) and the accuracy of 15 nearest neighbours in the plane. Times include building and compiling
the networks and, for the default recipe, its checkpoints and its held-out figures.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tables import print_machine, print_table
from bvae_core._tensorflow import load_quietly
from bvae_core.codec import Codec
from bvae_core.config import TrainConfig
from bvae_core.datasets import ImageSet, load
from bvae_core.diagnostics import (
    ImageCodec,
    LabelledCodes,
    encode_all,
    measure_objective,
    neighbour_accuracy,
)

if TYPE_CHECKING:
    from bvae_core.training.model import BetaVAE

#: The judged images are the second 2,000 of a permutation whose first 2,000 helped to choose the
#: default recipe: those are trained on here, and no longer judge.
JUDGED = slice(2000, 4000)
JUDGED_SEED = 20261123
#: Epochs are whole and machines drift: aim a little under the budget.
_MARGIN = 0.93


@dataclass(frozen=True)
class Figures:
    """What one training came to."""

    seconds: float
    objective: float
    accuracy: float


def main(data: str, data_dir: Path | None, *, seeds: int, long: bool) -> None:
    """Run the trainings and print the tables."""
    images = with_judged(load(data, data_dir=data_dir))
    load_quietly()
    from benchmarks import notebook_recipe

    print_machine()
    print(
        f"{images.name}: {len(images.train_indices):,} images trained on, "
        f"{len(images.test_indices):,} judged "
        f"(drawn with seed {JUDGED_SEED}, kept out of every training)\n"
    )
    pixels = images.images[images.train_indices]
    notebook = notebook_recipe.train(pixels, seed=0)
    baseline = judge(notebook, images, notebook.seconds)
    baseline_speed = notebook_recipe.EPOCHS * len(pixels) / baseline.seconds

    probe_epochs = 8
    start, speed = measure_speed(images, probe_epochs)
    rows = [row("notebook, 25 epochs", [baseline], baseline, f"{baseline_speed:,.0f}")]
    budgets = [("a tenth of its time", 0.1), ("no more than its time", 1.0)]
    for title, share in budgets + [("four times its time", 4.0)] * long:
        seconds = max(_MARGIN * share * baseline.seconds - start, 1.0)
        epochs = max(1, int(seconds * speed / len(pixels)))
        count = seeds if share <= 1 else 1
        runs = [train(TrainConfig(seed=seed, epochs=epochs), images) for seed in range(count)]
        rows.append(row(f"{title}, {epochs} epochs", runs, baseline, f"{speed:,.0f}"))
        print(*rows[-1], sep=" | ", flush=True)  # the table comes last, and may be long in coming
    print_table(
        "Training, median (worst) of the seeds",
        ["", "seconds", "objective", "Δ objective", "15-NN", "images/s"],
        rows,
    )


def with_judged(images: ImageSet) -> ImageSet:
    """Pool all images and set the judged ones aside as the test split."""
    chosen = np.random.default_rng(JUDGED_SEED).permutation(len(images))[JUDGED]
    is_test = np.zeros(len(images), dtype=bool)
    is_test[chosen] = True
    return replace(images, is_test=is_test)


def measure_speed(images: ImageSet, epochs: int) -> tuple[float, float]:
    """Return the seconds before the first epoch's end that later ones don't take, and images/s."""
    ends: list[float] = []
    started = time.perf_counter()
    _fit(TrainConfig(epochs=epochs), images, lambda: ends.append(time.perf_counter() - started))
    per_epoch = statistics.median(np.diff(ends))
    return ends[0] - per_epoch, len(images.train_indices) / per_epoch


def train(config: TrainConfig, images: ImageSet) -> Figures:
    """Train the default recipe and judge it through its LiteRT networks."""
    from bvae_core.training.export import to_litert, with_probabilities

    started = time.perf_counter()
    model = _fit(config, images, lambda: None)
    seconds = time.perf_counter() - started
    codec = Codec(
        to_litert(model.encoder),
        to_litert(with_probabilities(model.decoder)),
        images.image_shape,
        config.latent_dim,
    )
    return judge(codec, images, seconds)


def judge(codec: ImageCodec, images: ImageSet, seconds: float) -> Figures:
    """Measure a trained model on the judged images."""
    judged = images.images[images.test_indices]
    mean, log_var = encode_all(codec, judged)
    objective = measure_objective(codec, judged, mean, log_var).at(TrainConfig().beta)
    accuracy = float("nan")
    if images.labels is not None:
        known, _ = encode_all(codec, images.images[images.train_indices])
        accuracy = neighbour_accuracy(
            LabelledCodes(known, images.labels[images.train_indices]),
            LabelledCodes(mean, images.labels[images.test_indices]),
        )
    return Figures(seconds, objective, accuracy)


def row(title: str, runs: Sequence[Figures], baseline: Figures, speed: str) -> list[str]:
    """Format the median of `runs`, with the worst where there are several."""

    def of(values: Sequence[float], worst: float, form: str) -> str:
        median = format(statistics.median(values), form)
        return f"{median} ({worst:{form}})" if len(values) > 1 else median

    seconds = [run.seconds for run in runs]
    objectives = [run.objective for run in runs]
    accuracies = [run.accuracy for run in runs]
    return [
        title,
        of(seconds, max(seconds), ".0f"),
        of(objectives, max(objectives), ".1f"),
        f"{statistics.median(objectives) - baseline.objective:+.1f}",
        of(accuracies, min(accuracies), ".3f"),
        speed,
    ]


def _fit(config: TrainConfig, images: ImageSet, on_epoch: Callable[[], None]) -> BetaVAE:
    from bvae_core.training.events import EpochEnd
    from bvae_core.training.trainer import Run

    resolved = config.resolved(images.image_shape, len(images.train_indices))
    with tempfile.TemporaryDirectory() as folder:
        run = Run(
            resolved,
            images,
            "benchmark",
            Path(folder),
            lambda event: on_epoch() if isinstance(event, EpochEnd) else None,
            lambda: False,
        )
        return run.fit(resume=False)
