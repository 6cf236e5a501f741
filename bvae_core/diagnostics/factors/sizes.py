"""On how many images the measures of disentanglement are taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Sizes of the samples; by default a fifth of the published ones, to take a minute.

    Parameters
    ----------
    train, test
        Images that MIG, DCI and SAP are measured with.
    train_votes, test_votes
        Batches that the FactorVAE and the β-VAE score are measured with.
    batch
        Images, or pairs of images, in each of these.
    """

    train: int = 2_000
    test: int = 1_000
    train_votes: int = 2_000
    test_votes: int = 1_000
    batch: int = 64


#: Those of Locatello et al. 2019, whose figures they make comparable.
PUBLISHED_SIZES = Sizes(train=10_000, test=5_000, train_votes=10_000, test_votes=5_000)
