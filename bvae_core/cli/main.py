"""Where `bvae` begins and ends: its commands, and what a failure looks like.

The exit status is 0 where all went well, 1 where something failed, with one sentence why on the
error stream, and 2 where the command was called in a way that it can't be.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any, NoReturn

import typer

from bvae_core import __version__, _tensorflow
from bvae_core.cli import (
    compare,
    data,
    directions,
    doctor,
    encode,
    evaluate,
    export,
    locate,
    measure,
    models,
    project,
    selections,
    sweep,
    train,
    transfer,
)
from bvae_core.errors import BvaeError

FAILED = 1
_INTERRUPTED = 130  # what typer makes of Ctrl-C

app = typer.Typer(
    name="bvae",
    help="Train, explore and morph β-variational autoencoders.",
    epilog="A first look, with no training and no network: "
    "bvae export morph demo --from ki --to re -o morph.png",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(train.train)
app.command()(sweep.sweep)
app.command()(data.data)
app.command()(models.models)
app.command()(models.show)
app.command()(models.rename)
app.command()(models.remove)
app.command()(transfer.pack)
app.command()(transfer.unpack)
app.command()(evaluate.evaluate)
app.command()(encode.encode)
app.command()(compare.compare)
app.command()(directions.directions)
app.command()(measure.measure)
app.command()(locate.locate)
app.command()(project.project)
app.command()(selections.selections)
app.command()(selections.nearest)
app.add_typer(export.app, name="export")
app.command()(doctor.doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bvae {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None: ...


@cache
def bvae() -> Callable[..., Any]:
    """Return `bvae` as Click has it: to read what all those functions take is slow enough."""
    return typer.main.get_command(app)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run `bvae` and exit.

    Parameters
    ----------
    argv
        What was typed after ``bvae``; by default the process's own arguments.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without kana is no reason to fail
    _tensorflow.claim_process()
    try:
        bvae()(args=arguments, prog_name="bvae", obj=arguments)
    except SystemExit as leaving:
        if leaving.code == _INTERRUPTED:
            _fail("Interrupted.")
        raise
    except BrokenPipeError:  # who read the output has gone: `bvae models | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except BvaeError as error:
        _fail(str(error))
    except Exception as error:  # noqa: BLE001 - nobody is left to handle it; the log has it all
        from bvae_core.log import write_log

        _fail(
            f"Something unexpected went wrong ({type(error).__name__}: {error}). "
            + write_log(error, ["bvae", *arguments])
        )
    sys.exit(0)


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"bvae: {sentence}", err=True)
    sys.exit(FAILED)
