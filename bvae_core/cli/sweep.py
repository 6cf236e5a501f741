"""`bvae sweep`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bvae_core.cli import training_options as options
from bvae_core.cli.output import Json, console, counted, number, print_json, table
from bvae_core.cli.signals import stop_asked
from bvae_core.cli.sources import (
    DataDir,
    Grey,
    ImageSize,
    Only,
    Selection,
    Source,
    load_images,
)
from bvae_core.cli.training_options import DEFAULTS
from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bvae_core.bundle import Bundle
    from bvae_core.datasets import ImageSet
    from bvae_core.sweep import SweepRow
    from bvae_core.training.events import EpochEnd, Event, ShouldStop

_CLUSTER = "Several at a time"


def sweep(
    source: Source,
    betas: Annotated[
        str,
        typer.Option(
            metavar="β,β,…", help="Each β to train with, such as 1,2,4,8,16.", show_default=False
        ),
    ],
    seeds: Annotated[int, typer.Option(min=1, help="Models of each β.")] = 1,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help="Train so many at a time on this machine, each in a process of its own.",
            rich_help_panel=_CLUSTER,
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Train on the workers of this Dask scheduler, such as tcp://10.0.0.5:8786.",
            rich_help_panel=_CLUSTER,
            show_default=False,
        ),
    ] = None,
    latent_dim: options.LatentDim = DEFAULTS.latent_dim,
    family: options.Family = DEFAULTS.family,
    width: options.Width = DEFAULTS.width,
    depth: options.Depth = DEFAULTS.depth,
    epochs: options.Epochs = DEFAULTS.epochs,
    patience: options.Patience = DEFAULTS.patience,
    batch_size: options.BatchSize = DEFAULTS.batch_size,
    learning_rate: options.LearningRate = DEFAULTS.learning_rate,
    augmentation: options.Augmentation = DEFAULTS.augmentation,
    train_split: options.TrainSplit = DEFAULTS.train_split,
    data_dir: DataDir = None,
    image_size: ImageSize = None,
    grey: Grey = None,
    only: Only = None,
    selection: Selection = None,
    json_output: Json = False,
) -> None:
    """Train a family of models: the same at several β, and from several seeds.

    One after another, unless told otherwise. What the cache has is not trained again, and the same
    command goes on where it was stopped. The table at the end has the medians over the seeds.

    For example: bvae sweep strokes --betas 1,4,16 --seeds 3
    """
    from bvae_core.sweep import sweep_configs, sweep_table

    if workers is not None and scheduler is not None:
        raise typer.BadParameter("Expected --workers or --scheduler. Received: both.")
    with options.blaming_options(beta="betas"):
        base = TrainConfig(
            latent_dim=latent_dim,
            epochs=epochs,
            patience=patience,
            family=family,
            width=width,
            depth=depth,
            batch_size=batch_size,
            learning_rate=learning_rate,
            augmentation=augmentation,
            train_split=train_split,
        )
        configs = sweep_configs(base, _numbers(betas), seeds)
    images = load_images(source, data_dir, image_size, grey, only, selection)
    with _reporting(configs, quiet=json_output) as report, stop_asked() as should_stop:
        models = _train(
            configs,
            images,
            report,
            should_stop,
            workers=workers,
            scheduler=scheduler,
        )
    rows = sweep_table(models)
    if json_output:
        print_json(
            {
                "models": [
                    {
                        "name": model.name,
                        "fingerprint": model.fingerprint,
                        "beta": model.config.beta,
                        "seed": model.config.seed,
                    }
                    for model in models
                ],
                "rows": [
                    {"beta": row.beta, "count": row.count, "medians": dict(row.medians)}
                    for row in rows
                ],
            }
        )
    else:
        _print(rows)


def _train(
    configs: Sequence[TrainConfig],
    images: ImageSet,
    report: _Report,
    should_stop: ShouldStop,
    *,
    workers: int | None,
    scheduler: str | None,
) -> list[Bundle]:
    from bvae_core.sweep import sweep as one_after_another
    from bvae_core.training.events import TrainingStopped

    try:
        if workers is None and scheduler is None:
            return one_after_another(configs, images, on_event=report, should_stop=should_stop)
        from bvae_core.sweep.cluster import local_cluster, sweep_on_cluster

        if scheduler is not None:
            return sweep_on_cluster(
                configs, images, scheduler, on_event=report, should_stop=should_stop
            )
        with local_cluster(min(workers or 1, len(configs))) as address:
            return sweep_on_cluster(
                configs, images, address, on_event=report, should_stop=should_stop
            )
    except TrainingStopped as stopped:
        raise BvaeError(
            f"The sweep was stopped with {report.done} of {counted(len(configs), 'model')} "
            "trained. The same command goes on with it."
        ) from stopped


class _Report:
    """Says how far a sweep is: bars on a terminal, lines elsewhere."""

    def __init__(
        self, configs: Sequence[TrainConfig], bar: Progress | None, *, quiet: bool
    ) -> None:
        self._configs, self._bar, self._quiet = configs, bar, quiet
        self._tasks: dict[int, TaskID] = {}
        self.done = 0

    def __call__(self, training: int, event: Event) -> None:
        from bvae_core.training.events import AlreadyTrained, EpochEnd, Finished, Waiting

        match event:
            case EpochEnd():
                self._show_epoch(training, event)
            case AlreadyTrained(name) | Finished(name):
                self.done += 1
                what = "trained" if isinstance(event, Finished) else "was trained before"
                self._hide(training)
                self._say(f"[{self.done}/{len(self._configs)}] {name} {what}")
            case Waiting(message):
                self._say(f"{self._title(training)}: {message}")

    def _title(self, training: int) -> str:
        config = self._configs[training]
        return f"β = {config.beta:g}, seed {config.seed}"

    def _show_epoch(self, training: int, event: EpochEnd) -> None:
        if self._bar is None:
            return
        if training not in self._tasks:
            self._tasks[training] = self._bar.add_task("", total=event.epochs)
        held_out = event.held_out_objective
        figure = event.objective if held_out is None else held_out
        self._bar.update(
            self._tasks[training],
            completed=event.epoch,
            description=f"{self._title(training)}  objective {figure:.1f}",
        )

    def _hide(self, training: int) -> None:
        if self._bar is not None and training in self._tasks:
            self._bar.remove_task(self._tasks.pop(training))

    def _say(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line)
        elif not self._quiet:
            typer.echo(line)


@contextmanager
def _reporting(configs: Sequence[TrainConfig], *, quiet: bool) -> Iterator[_Report]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    if quiet or not console().is_terminal:
        yield _Report(configs, None, quiet=quiet)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        TextColumn("epoch"),
        MofNCompleteColumn(),
    )
    with Progress(*columns, console=console(), transient=True) as bar:
        yield _Report(configs, bar, quiet=quiet)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(
            f"Expected numbers with commas between them, such as 1,4,16. Received: {text}.",
            param_hint="--betas",
        ) from error


def _print(rows: Sequence[SweepRow]) -> None:
    columns = {
        "objective at β = 1": ("objective_beta_1", 1),
        "reconstruction": ("reconstruction", 1),
        "KL": ("kl", 2),
        "active units": ("active_units", 0),
        "15-NN": ("neighbour_accuracy", 3),
    }
    listing = table({"β": "right", "models": "right"} | dict.fromkeys(columns, "right"))
    for row in rows:
        shown = [number(row.medians[key], digits) for key, digits in columns.values()]
        listing.add_row(f"{row.beta:g}", str(row.count), *shown)
    console().print(listing)
    if all(value is None for row in rows for value in row.medians.values()):
        typer.echo("No figures: all images were trained on, and none are held out to judge by.")
        return
    several = any(row.count > 1 for row in rows)
    typer.echo(f"{'Medians of f' if several else 'F'}igures of held-out images.")
