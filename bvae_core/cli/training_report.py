"""What `bvae train` says: a bar on a terminal, plain lines elsewhere, JSON for programs."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, TextIO, cast

from bvae_core.cli.output import console, counted, duration
from bvae_core.training.events import (
    AlreadyTrained,
    EpochEnd,
    Event,
    Finished,
    OnEvent,
    Started,
    StartingOver,
    Waiting,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def reporting(*, json_events: bool) -> Iterator[OnEvent]:
    """Give the function that a training's events go to."""
    if json_events:
        events = sys.stdout
        with redirect_stdout(sys.stderr):  # nothing else may stand between the events
            yield lambda event: _write_json(event, events)
    elif console().is_terminal:
        with _bar() as bar:
            yield _OnTerminal(bar)
    else:
        yield _print_line


def _write_json(event: Event, stream: TextIO) -> None:
    stream.write(json.dumps(event.to_json(), allow_nan=False) + "\n")
    stream.flush()


def _print_line(event: Event) -> None:
    for line in _sentences(event):
        print(line, flush=True)  # noqa: T201


class _OnTerminal:
    """Draws the epochs as a bar, and everything else as lines above it."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, EpochEnd):
            if self._task is None:
                self._task = self._bar.add_task("", total=event.epochs)
            self._bar.update(self._task, completed=event.epoch, description=_brief(event))
            return
        for line in _sentences(event):
            self._bar.console.print(line)


def _bar() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(bar_width=12),
        TextColumn("{task.description}"),
        console=console(),
    )


def _sentences(event: Event) -> Iterator[str]:
    match event:
        case Waiting(message) | StartingOver(message):
            yield message
        case AlreadyTrained():
            yield f"This was trained before: {event.name}, in {event.path}."
        case Started():
            yield (
                f"Training on {event.train_count:,} images of {event.data_name}, "
                f"{event.held_out_count:,} watched that are not trained on, on {event.device}."
            )
            config = event.config  # with nothing left to be chosen
            yield (
                f"{config.family.capitalize()} networks with {event.parameters:,} weights, "
                f"β = {config.beta:g}, {counted(config.latent_dim, 'dimension')}, "
                f"{counted(cast('int', config.epochs), 'epoch')}."
            )
            if event.resumed_from_epoch:
                yield f"Going on after epoch {event.resumed_from_epoch}."
        case EpochEnd():
            yield f"epoch {event.epoch}/{event.epochs}  {_figures(event)}"
        case Finished():
            yield f"Trained: {event.name}, in {event.path}."
            yield f"Look at it: bvae show {shlex.quote(event.name)}"


def _brief(event: EpochEnd) -> str:
    """Return what fits beside the bar in 80 columns."""
    held_out = (
        "" if event.held_out_objective is None else f"  held out {event.held_out_objective:.1f}"
    )
    return f"objective {event.objective:.1f}{held_out}  {duration(event.seconds_left)} left"


def _figures(event: EpochEnd) -> str:
    parts = [
        f"objective {event.objective:.1f}",
        f"reconstruction {event.reconstruction:.1f}",
        f"KL {event.kl:.2f}",
    ]
    if event.held_out_objective is not None:
        parts.append(f"held out {event.held_out_objective:.1f}")
    parts.append(f"{event.images_per_second:,.0f} images/s")
    parts.append(f"{duration(event.seconds_left)} left")
    return "  ".join(parts)
