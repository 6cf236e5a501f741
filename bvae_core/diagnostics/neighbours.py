"""How well the classes come apart in latent space: by neighbours and by a linear probe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bvae_core.diagnostics.probe import LinearProbe
from bvae_core.latent.neighbours import nearest_codes

NEIGHBOURS = 15
#: Images × classes whose votes or odds are in memory at a time, 8 bytes each.
MOST_ODDS = 10_000_000


@dataclass(frozen=True, eq=False)
class LabelledCodes:
    """Posterior means with their classes.

    Parameters
    ----------
    codes
        (n, d), finite.
    labels
        (n,) int64.
    """

    codes: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


def neighbour_accuracy(
    reference: LabelledCodes, judged: LabelledCodes, neighbours: int = NEIGHBOURS
) -> float:
    """Fraction of `judged` whose class the majority of its nearest `reference` codes has.

    Euclidean distance, plain majority vote. No code may be in both, or it would vote for itself.

    Raises
    ------
    ValueError
        If `reference` has fewer than `neighbours` codes.
    """
    if len(reference) < neighbours:
        raise ValueError(
            f"reference: Expected at least {neighbours} codes. Received: {len(reference)}."
        )
    classes, votes_for = np.unique(reference.labels, return_inverse=True)
    places, codes = (each.codes.astype(np.float64) for each in (judged, reference))
    _, nearest = nearest_codes(places, codes, neighbours)
    elected = np.empty(len(judged), np.int64)
    step = max(1, MOST_ODDS // len(classes))
    for start in range(0, len(judged), step):
        some = votes_for[nearest[start : start + step]]
        votes = np.zeros((len(some), len(classes)), np.int64)
        np.add.at(votes, (np.arange(len(some))[:, None], some), 1)
        elected[start : start + step] = votes.argmax(axis=1)
    return float(np.mean(classes[elected] == judged.labels))


def linear_probe_accuracy(reference: LabelledCodes, judged: LabelledCodes) -> float:
    """Fraction of `judged` that a linear classifier fitted to `reference` gets right.

    The classifier is `LinearProbe`.

    Raises
    ------
    ValueError
        If `reference` has only one class.
    """
    if len(np.unique(reference.labels)) < 2:
        raise ValueError("reference: Expected at least two classes. Received: one.")
    probe = LinearProbe(reference.codes, reference.labels)
    return float(np.mean(probe.predict(judged.codes) == judged.labels))
