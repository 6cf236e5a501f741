import numpy as np
import pytest

from bvae_core import kana
from bvae_core.diagnostics import authors_accuracy, weighted_neighbour_accuracy


def test_the_nearer_votes_louder():
    reference = np.array([[0.0], [3.0], [3.1], [3.2]], np.float32)
    labels = np.array([0, 1, 1, 1])
    judged = np.array([[0.1], [2.9]], np.float32)
    # at 0.1: one vote of 1/0.1 against three of about 1/3
    assert weighted_neighbour_accuracy(reference, labels, judged, np.array([0, 1])) == 1.0


def test_images_are_compared_pixel_by_pixel():
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 256, (3, 8, 8, 1))

    def noisy(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(count) % 3
        noise = rng.integers(-60, 60, (count, 8, 8, 1))
        return np.clip(kinds[labels] + noise, 0, 255).astype(np.uint8), labels

    assert weighted_neighbour_accuracy(*noisy(60), *noisy(30)) == 1.0
    images, labels = noisy(600)
    shuffled = rng.permutation(labels)
    assert weighted_neighbour_accuracy(images, shuffled, *noisy(600)) < 0.5


def test_too_few_neighbours_are_refused():
    few = np.zeros((3, 2), np.float32)
    with pytest.raises(ValueError, match=r"at least 4 images\. Received: 3"):
        weighted_neighbour_accuracy(few, np.arange(3), few, np.arange(3))


def test_the_authors_figure_is_of_their_classes_alone():
    assert authors_accuracy(kana.KMNIST) == 0.9210
    assert authors_accuracy(kana.KUZUSHIJI_49) is None
    assert authors_accuracy(()) is None
