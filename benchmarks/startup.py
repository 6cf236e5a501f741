"""From nothing to a first decoded image, in fresh processes."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.processes import numbers, printed
from benchmarks.tables import print_machine, print_table

RUNS = 7

_OURS = """
import time; start = time.perf_counter()
from bvae_core import load_bundle
imported = time.perf_counter()
bundle = load_bundle({model!r})
opened = time.perf_counter()
bundle.decode([[0.0] * bundle.config.latent_dim])
decoded = time.perf_counter()
import sys
assert "tensorflow" not in sys.modules
print(imported - start, opened - imported, decoded - opened)
"""

_KERAS = """
import time; start = time.perf_counter()
import keras, numpy as np
imported = time.perf_counter()
model = keras.saving.load_model({path!r})
opened = time.perf_counter()
model.predict(np.zeros((1, *model.input_shape[1:]), "float32"), verbose=0)
decoded = time.perf_counter()
print(imported - start, opened - imported, decoded - opened)
"""


def main(model: str) -> None:
    """Time both ways alternately, and print medians."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "decoder.keras")
        _save_baseline(path)
        ours, baseline = [], []
        for _ in range(RUNS):
            ours.append(_timed(_OURS.format(model=model)))
            baseline.append(_timed(_KERAS.format(path=path)))
    print_machine()
    print_table(
        f"Start-up, median of {RUNS} fresh processes, milliseconds",
        ["", "import", "open", "first decode", "whole process"],
        [
            ["bundle through LiteRT", *_medians(ours)],
            ["Keras model through TensorFlow", *_medians(baseline)],
        ],
    )


def _save_baseline(path: str) -> None:
    """Save the notebook's decoder as a Keras file, with fresh weights."""
    code = "import sys; from benchmarks.notebook_recipe import VAE; VAE().decoder.save(sys.argv[1])"
    printed("-c", code, path)


def _timed(code: str) -> tuple[float, ...]:
    """Run Python `code`, which prints seconds, and add those of the whole process."""
    started = time.perf_counter()
    found = numbers(code)
    return (*found, time.perf_counter() - started)


def _medians(runs: list[tuple[float, ...]]) -> list[str]:
    return [f"{1e3 * statistics.median(column):,.1f}" for column in zip(*runs, strict=True)]
