"""What `bvae train` says: a bar on a terminal, plain lines elsewhere, JSON for programs."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from bvae_core.cli.output import console, counted, duration
from bvae_core.errors import BvaeError
from bvae_core.training.events import (
    AlreadyTrained,
    EpochEnd,
    Event,
    Failed,
    Finished,
    OnEvent,
    Started,
    StartingOver,
    TrainingStopped,
    Waiting,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def reporting(*, json_events: bool, event_log: Path | None = None) -> Iterator[OnEvent]:
    """Give the function that a training's events go to.

    Parameters
    ----------
    json_events
        Write them to standard output as JSON, and nothing else.
    event_log
        File to append them to as JSON; locked meanwhile, so that others can tell whether this
        process is still there.
    """
    with _showing(json_events=json_events, must_be_read=event_log is None) as show:
        if event_log is None:
            with _telling_failures(show):
                yield show
            return
        with _appending(event_log) as log:

            def tell(event: Event) -> None:
                show(event)
                log(event)

            with _telling_failures(tell):
                yield tell


@contextmanager
def _showing(*, json_events: bool, must_be_read: bool) -> Iterator[OnEvent]:
    if json_events:
        lines = _JsonLines(sys.stdout, must_be_read=must_be_read)
        with redirect_stdout(sys.stderr):  # nothing else may stand between the events
            yield lines
    elif console().is_terminal:
        with _bar() as bar:
            yield _OnTerminal(bar)
    else:
        yield _print_line


@contextmanager
def _telling_failures(tell: OnEvent) -> Iterator[None]:
    """Let the failure that ends a training be its last event."""
    try:
        yield
    except (TrainingStopped, BrokenPipeError):
        raise
    except Exception as error:
        is_expected = isinstance(error, BvaeError)
        sentence = str(error) if is_expected else f"{type(error).__name__}: {error}"
        with suppress(BvaeError, OSError):  # where even this can't be told, the first one counts
            tell(Failed(sentence))
        raise


class _JsonLines:
    """Writes an event a line.

    Parameters
    ----------
    must_be_read
        Whether to fail when nobody reads any more.
    """

    def __init__(self, stream: TextIO, *, must_be_read: bool) -> None:
        self._stream = stream
        self._must_be_read = must_be_read

    def __call__(self, event: Event) -> None:
        try:
            self._stream.write(_json_line(event))
            self._stream.flush()
        except BrokenPipeError:
            if self._must_be_read:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


@contextmanager
def _appending(path: Path) -> Iterator[OnEvent]:
    """Give a function that appends events to a file, which belongs to this process meanwhile.

    Raises
    ------
    BvaeError
        If another training writes to it, or it can't be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
        file = path.open("ab", buffering=0)
    except Timeout as error:
        raise BvaeError(f"{path}: Another training writes its events there already.") from error
    except OSError as error:
        raise _cannot_log(path, error) from error
    with lock, file:
        is_cut_off = file.tell() > 0 and not path.read_bytes().endswith(b"\n")

        def log(event: Event) -> None:
            nonlocal is_cut_off
            line = b"\n" * is_cut_off + _json_line(event).encode()
            try:
                is_cut_off = file.write(line) < len(line)
            except OSError as error:
                raise _cannot_log(path, error) from error

        yield log


def _cannot_log(path: Path, error: OSError) -> BvaeError:
    return BvaeError(f"{path} could not be written: {error.strerror or error}.")


def _json_line(event: Event) -> str:
    return json.dumps(event.to_json(), allow_nan=False) + "\n"


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
