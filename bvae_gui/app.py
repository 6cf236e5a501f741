"""`bvae-gui`: shows a window first, then fills it."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from bvae_core import __version__
from bvae_core.errors import BvaeError
from bvae_core.resources import DEMO
from bvae_gui.system import check_system

if TYPE_CHECKING:
    from bvae_gui.window.main_window import MainWindow

NAME = "bvae-gui"


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run `bvae-gui` and exit.

    Parameters
    ----------
    argv
        What was typed after ``bvae-gui``; by default the process's own arguments.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    options = _parser().parse_args(arguments)
    try:
        check_system()
    except BvaeError as error:
        sys.exit(str(error))
    # Before NumPy is imported: on cores that a training keeps busy, products of small matrices
    # take a hundred times as long on several threads as on one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(_run(options, [NAME, *arguments]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description="See, click and morph what a β-variational autoencoder has learnt.",
    )
    parser.add_argument(
        "model",
        nargs="?",
        metavar="MODEL",
        help="a model's name, its folder or .zip, a PNG that was exported from it, a session, or "
        "an image to read; "
        "by default the model that was open last, the first time the demo",
    )
    parser.add_argument(
        "--theme", choices=("system", "light", "dark"), help="the window's colours, from now on"
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    # For the benchmarks: JSON lines on stdout with the monotonic clock's time when the window, then
    # the first decoded image, and at last the map were painted.
    parser.add_argument("--report-times", action="store_true", help=argparse.SUPPRESS)
    return parser


def _run(options: argparse.Namespace, command: list[str]) -> int:
    # All that is imported and built until the window is filled stays: looking through it for
    # garbage, again and again, takes a tenth of that time.
    gc.disable()
    from pathlib import Path

    from qtpy.QtWidgets import QApplication

    from bvae_gui.picture_files import SUFFIXES
    from bvae_gui.settings import Settings
    from bvae_gui.window.failures import Failures
    from bvae_gui.window.first_paint import when_painted
    from bvae_gui.window.main_window import MainWindow
    from bvae_gui.window.signals import Signals

    application = QApplication(command[:1])
    application.setApplicationName(NAME)
    application.setDesktopFileName(NAME)
    settings = Settings()
    if options.theme is not None:
        settings.theme = options.theme
    failures = Failures(command, application)
    failures.install()
    window = MainWindow(settings, failures)
    window.filled.connect(_collect_garbage)
    Signals(window.end, application)

    def begin() -> None:
        if options.model is None:
            window.open(settings.last_model or DEMO, otherwise=DEMO)
        elif options.model.lower().endswith((*SUFFIXES, ".json", ".zip")):
            window.open_path(Path(options.model))
        else:
            window.open(options.model, otherwise=DEMO)

    when_painted(window.ground, begin)
    if options.report_times:
        _report_times(window)
    window.show()
    return int(application.exec())


def _collect_garbage() -> None:
    """Collect garbage from now on, but never look through what is there already."""
    gc.freeze()
    gc.enable()


def _report_times(window: MainWindow) -> None:
    from bvae_gui.window.first_paint import when_painted

    def report(event: str) -> None:
        print(json.dumps({"event": event, "monotonic": time.monotonic()}), flush=True)  # noqa: T201

    def await_map() -> None:
        if window.explorer is not None:
            when_painted(window.explorer.map.chart, lambda: report("map"))

    when_painted(window.ground, lambda: report("shown"))
    window.begun.connect(lambda decoded: when_painted(decoded, lambda: report("first image")))
    window.filled.connect(await_map)
