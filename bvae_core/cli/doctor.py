"""`bvae doctor`: what this machine has, and what to do about what it lacks."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from bvae_core import __version__
from bvae_core.cli.output import Json, print_json, print_pairs
from bvae_core.errors import BvaeError
from bvae_core.files import size_words

LIBRARIES = (
    "tensorflow",
    "keras",
    "tensorflow-datasets",
    "ai-edge-litert",
    "numpy",
    "scikit-learn",
    "matplotlib",
    "pillow",
    "PySide6-Essentials",
)
#: Less than this is soon full: a model with its training state and checkpoint takes some 20 MB.
_ROOM_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """Something that was looked at, what was found, and what to do where that is not well."""

    what: str
    found: str
    advice: tuple[str, ...] = ()


def doctor(json_output: Json = False) -> None:
    """Say what was found on this machine, and what to do about what is missing.

    Looks at the computing devices, the libraries, the model cache, and whether the network reaches
    the data.
    """
    findings = [*_system(), *_libraries(), *_devices(), *_cache(), *_network()]
    if json_output:
        print_json([asdict(finding) for finding in findings])
        return
    print_pairs([(finding.what, finding.found) for finding in findings])
    advice = [line for finding in findings for line in finding.advice]
    typer.echo("\nWhat to do:" if advice else "\nNothing is missing.")
    for line in advice:
        typer.echo(f"  • {line}")


def _system() -> Iterator[Finding]:
    yield Finding(
        "bvae",
        f"{__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}",
    )
    yield Finding("processor", f"{platform.machine()}, {os.cpu_count()} cores")


def _libraries() -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    for name in LIBRARIES:
        try:
            yield Finding(name, version(name))
        except PackageNotFoundError:
            yield Finding(
                name, "missing", (f"Install {name}: {sys.executable} -m pip install {name}",)
            )


def _devices() -> Iterator[Finding]:
    try:
        from bvae_core.training import report_devices

        found = report_devices()
    except (ImportError, BvaeError) as error:
        advice = "Training needs TensorFlow; exploring and exporting models work without."
        yield Finding("training on", f"nothing: {error}", (advice,))
        return
    yield Finding("training on", ", ".join(found.devices), found.advice)


def _cache() -> Iterator[Finding]:
    from bvae_core.store import Store

    store = Store()
    yield Finding("model cache", str(store.root))
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=store.root):
            pass
    except OSError as error:
        yield Finding(
            "cache writable",
            f"no: {error.strerror}",
            (f"Give yourself write access to {store.root}, or set BVAE_CACHE_DIR to a folder.",),
        )
        return
    free = shutil.disk_usage(store.root).free
    advice = f"Make room on the disk of {store.root}, or remove models with `bvae remove`."
    yield Finding("room on its disk", size_words(free), (advice,) if free < _ROOM_BYTES else ())
    yield Finding("models", f"{len(store.models())}, {size_words(_bytes_in(store.root))} in all")
    for broken in store.broken():
        yield Finding(
            "broken model",
            broken.reason,
            (f"Set {broken.path.name} aside (bvae remove {broken.path.name}) and train it again.",),
        )


def _network() -> Iterator[Finding]:
    from bvae_core.datasets.tfds import reachable

    if reachable("kmnist"):
        yield Finding("Kuzushiji-MNIST", "the network reaches its server")
        return
    advice = (
        "To train on Kuzushiji-MNIST all the same, give a folder with the official files (bvae "
        "train FOLDER), or one that TensorFlow Datasets prepared (bvae train kmnist --data-dir "
        "FOLDER). bvae train strokes needs neither."
    )
    yield Finding("Kuzushiji-MNIST", "the network does not reach its server", (advice,))


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
