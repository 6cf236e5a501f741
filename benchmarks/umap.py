"""UMAP of a model's codes as `bvae project` computes it, in fresh processes, and as UMAP would."""

from __future__ import annotations

import statistics

from benchmarks.processes import numbers
from benchmarks.tables import print_machine, print_table

RUNS = 3
_NAMES = ("exact neighbours", "UMAP's own search")

_PROGRAM = """
import sys, tempfile, time
from pathlib import Path
from bvae_core import embeddings, load_bundle

if {own_search}:
    embeddings._MOST_EXACT = 0
model = load_bundle({model!r})
with tempfile.TemporaryDirectory() as cache:
    start = time.perf_counter()
    projection = embeddings.umap_projection(model, cache=Path(cache))
    seconds = time.perf_counter() - start
from sklearn.manifold import trustworthiness
some = slice(None, None, -(-len(model.latents) // 5_000))
dots = projection.dots(model.latents)[some]
print(seconds, trustworthiness(model.latents[some], dots, n_neighbors=15), *model.latents.shape)
"""


def main(model: str) -> None:
    """Compute it both ways alternately, and print medians.

    Trustworthiness (Venna & Kaski 2001) says how much of who is near on the map is near in latent
    space, up to 1; of more than 5,000 codes it is that of some.
    """
    exact, own = (_PROGRAM.format(model=model, own_search=each) for each in (False, True))
    pairs = [(numbers(exact), numbers(own)) for _ in range(RUNS)]
    ((_, _, count, dimensions), _) = pairs[0]
    print_machine()
    print_table(
        f"UMAP of {count:,.0f} codes in {dimensions:.0f} dimensions, median of {RUNS} processes",
        ["", "seconds", "trustworthiness"],
        [
            [name, f"{seconds:.1f}", f"{trust:.4f}"]
            for name, found in zip(_NAMES, zip(*pairs, strict=True), strict=True)
            for seconds, trust, *_ in [map(statistics.median, zip(*found, strict=True))]
        ],
    )
