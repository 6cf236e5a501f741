"""The window: how soon it answers a moved mouse, beside the notebook's way of doing it.

The same moves are made on a screen that is none (Qt's offscreen platform) and on a virtual X
server, with the demo and with 70,000 dots, at rest and while a training keeps all cores busy. The
baseline decodes one point with `predict` and draws the whole scatter again, as one does in a
notebook; for a stroke it encodes the drawing with `predict` before.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.processes import printed
from benchmarks.tables import print_machine, print_table
from bvae_core import Bundle, load_bundle
from bvae_core.bundle import BundleContents, write_bundle

MANY = 70_000
#: Milliseconds that a frame may take: median and 99th percentile.
BARS = {
    "hover": (4, 8),
    "drag the point": (4, 8),
    "drag an anchor, 12 frames": (None, 16),
    "drag an anchor, 30 frames of a geodesic": (None, 16),
    "drag an anchor, 30 frames of a dense way": (None, 16),
    "draw a stroke": (None, 16),
}
_STARTS = 5

_BASELINE = """
import json, sys, time
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from benchmarks.notebook_recipe import VAE
from bvae_core import load_bundle
bundle = load_bundle(sys.argv[1])
vae = VAE()
encoder, decoder = vae.encoder, vae.decoder
figure = Figure((12.8, 8))
canvas = FigureCanvasAgg(figure)
left, right = figure.subplots(1, 2)
left.scatter(*bundle.latents.T, c=bundle.labels, cmap="tab10", s=2)
(marker,) = left.plot([0], [0], "r+")
shown = right.imshow(np.zeros((28, 28)), vmax=1)
def frame(z, image=None):
    start = time.perf_counter()
    if image is not None:
        z = encoder.predict(image[None], verbose=0)[0][0]
    shown.set_data(decoder.predict(z[None], verbose=0)[0, ..., 0])
    marker.set_data(z[:1], z[1:])
    canvas.draw()
    return 1e3 * (time.perf_counter() - start)
random = np.random.default_rng(0)
codes = random.normal(size=(12, 2)).astype("float32")
images = random.uniform(size=(12, 28, 28, 1)).astype("float32")
print(json.dumps({
    "predict, full redraw": [frame(z) for z in codes][2:],
    "predict twice, full redraw": [frame(*each) for each in zip(codes, images)][2:],
}))
"""


def main() -> None:
    """Measure all of it and print the tables."""
    print_machine()
    with tempfile.TemporaryDirectory() as folder, _screens() as screens:
        many = write_bundle(Path(folder) / "many", _multiplied(load_bundle("demo"), MANY))
        models = {"demo": "demo", f"{MANY:,} dots": str(many.path)}
        # The user's own settings and models would be opened with the window, and changed by it.
        own = {"XDG_CONFIG_HOME": f"{folder}/config", "BVAE_CACHE_DIR": f"{folder}/cache"}
        rows, starts = [], []
        for model_name, model in models.items():
            baseline = _python(["-c", _BASELINE, model], {})
            for way, times in baseline.items():
                rows.append(_row(f"{model_name}: {way}", "notebook", times))
            for screen, display in screens.items():
                environment = display | own
                quiet = _probe(model, environment)
                with _training(Path(folder)):
                    busy = _probe(model, environment)
                for way in quiet["ways"]:
                    title = f"{model_name}: {way}"
                    rows.append(_row(title, screen, quiet["ways"][way], busy["ways"][way], way))
                starts.append(_start_row(model_name, screen, model, environment, quiet["memory"]))
        print_table(
            "From a mouse event to the painted frame, milliseconds",
            ["", "screen", "median", "99 %", "while training: median", "99 %", "meant"],
            rows,
        )
        print_table(
            f"Start of bvae-gui, median of {_STARTS} processes, seconds; memory after moves, MB",
            ["", "screen", "window shown", "first decoded point", "map", "memory"],
            starts,
        )


def _row(
    title: str,
    screen: str,
    quiet: Sequence[float],
    busy: Sequence[float] | None = None,
    way: str = "",
) -> list[str]:
    figures = [f"{value:.1f}" for value in np.percentile(quiet, [50, 99])]
    figures += ["", ""] if busy is None else [f"{v:.1f}" for v in np.percentile(busy, [50, 99])]
    median, high = BARS.get(way, (None, None))
    meant = " / ".join(f"≤ {bar}" if bar else "–" for bar in (median, high)) if high else ""
    return [title, screen, *figures, meant]


def _start_row(
    name: str, screen: str, model: str, environment: dict[str, str], memory: float
) -> list[str]:
    starts = [_start(model, environment) for _ in range(_STARTS + 1)][1:]  # the first warms up
    seconds = [f"{median:.2f}" for median in np.median(starts, axis=0)]
    return [name, screen, *seconds, f"{memory:.0f}"]


def _start(model: str, environment: dict[str, str]) -> list[float]:
    """Start the program; return the seconds to its window, the first decoded image and the map."""
    command = [str(Path(sys.executable).with_name("bvae-gui")), model, "--report-times"]
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | environment
    ) as process:
        lines = [process.stdout.readline() for _ in range(3)] if process.stdout else []
        process.terminate()
    return [json.loads(line)["monotonic"] - began for line in lines]


def _probe(model: str, environment: dict[str, str]) -> dict[str, Any]:
    probed: dict[str, Any] = _python(["-m", "benchmarks.window_probe", model], environment)
    if probed["loaded"]:
        raise SystemExit(f"The window loaded {', '.join(probed['loaded'])}.")
    return probed


def _python(arguments: Sequence[str], environment: dict[str, str]) -> Any:
    """Run Python and read the JSON that it prints."""
    return json.loads(printed(*arguments, environment=environment))


def _multiplied(bundle: Bundle, count: int) -> BundleContents:
    """Make a bundle of the same networks with `count` codes, drawn from each image's posterior."""
    chosen = np.arange(count) % len(bundle.latents)
    noise = np.random.default_rng(0).normal(size=(count, bundle.config.latent_dim))
    mean = bundle.latents[chosen] + np.exp(bundle.log_var[chosen] / 2) * noise
    return BundleContents(
        name="many",
        fingerprint="0" * 64,
        config=bundle.config,
        data=replace(bundle.data, train_count=count, test_count=0),
        metrics=bundle.metrics,
        versions=bundle.versions,
        encoder=(bundle.path / "encoder.tflite").read_bytes(),
        decoder=(bundle.path / "decoder.tflite").read_bytes(),
        mean=mean.astype(np.float32),
        log_var=bundle.log_var[chosen],
        labels=None if bundle.labels is None else bundle.labels[chosen],
        is_test=np.zeros(count, dtype=bool),
        history=bundle.history,
        preview=bundle.preview,
    )


@contextlib.contextmanager
def _screens() -> Iterator[dict[str, dict[str, str]]]:
    """Give the environment of each screen there is; a virtual X server ends with it."""
    screens = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    if shutil.which("Xvfb") is None:
        print("Xvfb is not installed: offscreen alone is measured.\n")
        yield screens
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    try:
        ready, _, _ = select.select([reading], [], [], 20)
        if not ready:
            raise SystemExit("Xvfb: Expected a display within 20 s. Received: none.")
        display = ":" + os.read(reading, 16).decode().strip()
        yield screens | {"Xvfb": {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}}
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def _training(folder: Path) -> Iterator[None]:
    """Keep a training running on all cores, at the priority that the window gives it."""
    command = "train strokes --epochs 1000 --name busy --json-events --nice 10"
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        process = subprocess.Popen(
            [sys.executable, "-m", "bvae_core.cli", *command.split()],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"BVAE_CACHE_DIR": cache},
        )
        try:
            for line in process.stdout or ():
                if json.loads(line)["event"] == "epoch_end":
                    break
            time.sleep(0.2)
            yield
        finally:
            process.kill()
            process.communicate()
