"""How likely places are under the data."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import bvae_core
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import Typicality, typicality_words
from bvae_core.latent.typicality import SAMPLE

coordinate = st.floats(-50, 50, width=32)
clouds = st.integers(1, 4).flatmap(
    lambda d: st.integers(1, 40).flatmap(lambda n: arrays(np.float32, (n, d), elements=coordinate))
)


def gaussian(count: int, latent_dim: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, latent_dim)).astype(np.float32)


def test_the_demo_is_inside_itself_and_nothing_is_in_its_corners():
    demo = bvae_core.load_bundle("demo")
    typicality = Typicality(demo.latents)
    middle = typicality.rank(np.median(demo.latents, axis=0))
    assert typicality_words(middle) == "well inside the data"
    for corner in ([-4.5, -4.5], [4.5, 4.5], [40, 0]):
        far = typicality_words(typicality.rank(corner), thing="character")
        assert far == "far from any character"


def test_codes_are_ranked_as_they_rank_among_themselves():
    """Half of them lie well inside, nine in ten inside, whatever the number of dimensions."""
    for latent_dim in (1, 2, 10, 128):
        codes = gaussian(1500, latent_dim)
        typicality = Typicality(codes[:1000])
        ranks = np.array([typicality.rank(code) for code in codes[1000:]])
        assert (ranks >= 0.5).mean() == pytest.approx(0.5, abs=0.1)
        assert (ranks >= 0.1).mean() == pytest.approx(0.9, abs=0.05)


def test_denser_places_rank_higher_than_sparser_ones():
    typicality = Typicality(gaussian(20_000))
    turns = np.linspace(0, 2 * np.pi, 40)
    around = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    for radius in (0.5, 1, 1.5, 2, 2.5):
        ranks = [typicality.rank(radius * place) for place in around]
        # So much of the plane's normal distribution lies further out than the place.
        assert np.mean(ranks) == pytest.approx(np.exp(-(radius**2) / 2), abs=0.1)
    assert typicality.rank([6, 0]) == 0


def test_a_gap_between_two_clusters_is_outside():
    left, right = gaussian(3000) - [8, 0], gaussian(3000, seed=1) - [-8, 0]
    typicality = Typicality(np.concatenate([left, right]))
    assert typicality_words(typicality.rank([8, 0])) == "well inside the data"
    assert typicality_words(typicality.rank([0, 0])) == "far from any image"


@given(clouds, st.data())
def test_a_rank_is_a_share(codes, data):
    place = data.draw(arrays(np.float32, codes.shape[1], elements=st.floats(-1e6, 1e6, width=32)))
    assert 0 <= Typicality(codes).rank(place) <= 1


@given(clouds, st.data())
def test_it_never_rises_on_the_way_out_and_ends_at_nothing(codes, data):
    out = data.draw(arrays(np.float32, codes.shape[1], elements=st.floats(-1, 1, width=32)))
    length = np.linalg.norm(out)
    if length < 0.1:
        out, length = np.ones_like(out), np.sqrt(out.size)
    typicality = Typicality(codes)
    # So far out that no two codes are further apart than a place and the code next to it.
    ranks = [typicality.rank(codes.mean(axis=0) + far * out / length) for far in (400, 600, 800)]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == 0


@given(clouds, st.randoms(use_true_random=False))
def test_the_order_of_the_codes_does_not_matter(codes, random):
    order = random.sample(range(len(codes)), len(codes))
    place = codes.mean(axis=0)
    assert Typicality(codes).rank(place) == Typicality(codes[order]).rank(place)


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_nor_does_it_where_a_sample_stands_for_many(seed):
    codes = gaussian(3 * SAMPLE)
    codes[::7] = codes[0]
    shuffled = np.random.default_rng(seed).permutation(codes)
    one, other = Typicality(codes), Typicality(shuffled)
    for place in gaussian(20, seed=seed) * 2:
        assert one.rank(place) == other.rank(place)


def test_codes_in_one_place_and_a_single_code():
    for count in (1, 2, 9, 2 * SAMPLE):
        typicality = Typicality(np.full((count, 3), 0.1))
        assert typicality.rank([0.1, 0.1, 0.1]) == 1
        assert typicality.rank([0.1, 0.1, 0.2]) == 0


def test_a_handful_of_codes():
    typicality = Typicality([[0, 0], [1, 0], [0, 1]])
    assert typicality.rank([0.3, 0.3]) == 1
    assert typicality.rank([9, 9]) == 0


def test_any_thread_may_ask():
    typicality = Typicality(gaussian(5000))
    places = gaussian(200, seed=1) * 2
    alone = [typicality.rank(place) for place in places]
    found: list[list[float]] = []

    def ask() -> None:
        found.append([typicality.rank(place) for place in places])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


def test_ranks_in_words():
    said = [typicality_words(rank) for rank in (1, 0.5, 0.1, 0.05, 0.02, 0.001, 0)]
    assert said == [
        "well inside the data",
        "well inside the data",
        "inside the data",
        "at the edge of the data",
        "at the edge of the data",
        "outside most of the data",
        "far from any image",
    ]
    for rank in (-0.1, 1.1, float("nan")):
        with pytest.raises(BvaeError, match="Expected a number from 0 to 1"):
            typicality_words(rank)


def test_what_is_nowhere_is_refused():
    typicality = Typicality(gaussian(10))
    with pytest.raises(AnchorError, match="finite"):
        typicality.rank([0, np.nan])
    with pytest.raises(AnchorError, match="2 numbers"):
        typicality.rank([0, 0, 0])
    with pytest.raises(AnchorError, match="at least one"):
        Typicality(np.empty((0, 2)))
    with pytest.raises(AnchorError, match="finite"):
        Typicality([[np.inf, 0]])
