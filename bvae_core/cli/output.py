"""How `bvae` writes: tables and progress for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value, for programs.")]

#: Wide enough for every table where no terminal says how wide it is.
_PLAIN_WIDTH = 160


def console(*, err: bool = False) -> Console:
    """Return a console for the present standard output or error stream."""
    from rich.console import Console

    made = Console(stderr=err, highlight=False, emoji=False, markup=False)
    if not made.is_terminal:
        made.width = _PLAIN_WIDTH
    return made


def table(columns: Mapping[str, str], *, title: str = "") -> Table:
    """Return an empty table with a column, ``left`` or ``right`` justified, for each name."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for name, justify in columns.items():
        made.add_column(name, justify="right" if justify == "right" else "left")
    return made


def print_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names and values in two columns, leaving out what has no value."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        if value:
            typer.echo(f"{name:<{width}}  {value}")


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print one JSON value, at once."""
    typer.echo(json.dumps(value, indent=indent, allow_nan=False))


def number(value: Any, digits: int = 1) -> str:
    """Return a figure as text; a dash for anything that is no number, as a bundle may have."""
    return f"{value:,.{digits}f}" if isinstance(value, int | float) else "–"


def counted(count: int, thing: str) -> str:
    """Return a number of things: ``1 epoch``, ``2 epochs``."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return a duration as ``12 s``, ``3:05 min`` or ``2:07 h``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with what is done and the total; it draws a bar on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    stream = console(err=True)
    if not stream.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=stream, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
