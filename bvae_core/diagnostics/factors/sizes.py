"""On how many images the measures of disentanglement are taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Sizes of the samples; by default the published ones where that takes seconds, else a fifth.

    Parameters
    ----------
    train, test
        Images that MIG and SAP are measured with.
    tree_train, tree_test
        Images that DCI's trees learn from, and are judged with.
    train_votes, test_votes
        Batches that the FactorVAE and the β-VAE score are measured with.
    batch
        Images, or pairs of images, in each of these.
    """

    train: int = 10_000
    test: int = 5_000
    tree_train: int = 2_000
    tree_test: int = 1_000
    train_votes: int = 2_000
    test_votes: int = 1_000
    batch: int = 64


#: Those of Locatello et al. 2019, whose figures they make comparable.
PUBLISHED_SIZES = Sizes(tree_train=10_000, tree_test=5_000, train_votes=10_000, test_votes=5_000)
