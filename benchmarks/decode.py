"""Time from codes to pixels, by the number of points and the way they go."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.tables import print_machine, print_table
from bvae_core._tensorflow import load_quietly
from bvae_core.codec import Codec
from bvae_core.config import TrainConfig
from bvae_core.figures.theme import LIGHT
from bvae_core.figures.underlays import manifold
from bvae_core.latent import Tiling

COUNTS = (1, 12, 100, 400, 2500)
_TILE = 28
_IMAGE_SHAPE = (28, 28, 1)


def main() -> None:
    """Build the default decoder with fresh weights, which take as long as trained ones."""
    load_quietly()
    import tensorflow as tf

    from bvae_core.training.export import to_litert, with_probabilities
    from bvae_core.training.networks import build_networks

    config = TrainConfig().resolved(_IMAGE_SHAPE, 10_000)
    encoder, decoder = build_networks(config, _IMAGE_SHAPE)
    decoder = with_probabilities(decoder)
    codec = Codec(to_litert(encoder), to_litert(decoder), _IMAGE_SHAPE, config.latent_dim)
    spec = tf.TensorSpec((None, config.latent_dim))
    compiled = tf.function(lambda z: decoder(z, training=False), input_signature=[spec])
    ways: dict[str, Callable[[Any], Any]] = {
        "LiteRT (the bundle's decode)": codec.decode,
        "tf.function": lambda z: compiled(z).numpy(),
        "model(z)": lambda z: decoder(z, training=False).numpy(),
        "Model.predict (the notebook's way)": lambda z: decoder.predict(z, verbose=0),
    }
    rng = np.random.default_rng(0)
    rows = []
    medians: dict[tuple[str, int], float] = {}
    for way, run in ways.items():
        for count in COUNTS:
            z = rng.normal(size=(count, config.latent_dim)).astype(np.float32)
            medians[way, count] = median_seconds(lambda z=z, run=run: run(z))
    slowest = list(ways)[-1]
    for way in ways:
        cells = [
            f"{1e3 * medians[way, n]:.2f} ({medians[slowest, n] / medians[way, n]:.0f}×)"
            for n in COUNTS
        ]
        rows.append([way, *cells])
    side = round(COUNTS[-1] ** 0.5)
    tiles = Tiling((0.1, 0.1), (-side // 2, -side // 2), (side // 2 - 1, side // 2 - 1))
    scale = (0.1 / _TILE, 0.1 / _TILE)
    manifold_seconds = median_seconds(lambda: manifold(codec.decode, tiles, scale, LIGHT, "paper"))
    predicted = medians[slowest, COUNTS[-1]]
    print_machine()
    print_table(
        "Decoding, median milliseconds (how many times as fast as Model.predict)",
        ["", *(f"{count:,} point{'s' * (count > 1)}" for count in COUNTS)],
        rows,
    )
    print_table(
        f"A manifold of {side} × {side} images for the map, median milliseconds (meant: ≤ 100)",
        ["", "", "as many times as fast"],
        [
            [f"decoded and laid out, {_TILE} pixels each", f"{1e3 * manifold_seconds:.1f}",
             f"{predicted / manifold_seconds:.1f}×"],
            [f"{slowest}, decoded only", f"{1e3 * predicted:.1f}", ""],
        ],
    )  # fmt: skip


def median_seconds(run: Callable[[], object], least_seconds: float = 1.0) -> float:
    """Return the median time of `run` over at least `least_seconds` and 15 calls."""
    for _ in range(3):
        run()
    times: list[float] = []
    while len(times) < 15 or sum(times) < least_seconds:
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return float(np.median(times))
