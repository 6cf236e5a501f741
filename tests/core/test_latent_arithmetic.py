"""Sums of places and directions of attributes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import bvae_core
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import analogy, attribute_direction, combine, parse_anchor, resolve

number = st.floats(-100, 100, width=32)
triples = st.integers(1, 5).flatmap(lambda d: hnp.arrays(np.float32, (3, d), elements=number))
selections = hnp.arrays(np.float32, st.tuples(st.integers(1, 9), st.just(3)), elements=number)


@given(triples, number)
def test_an_analogy_goes_from_c_as_far_as_the_strength_says(places, strength):
    a, b, c = places
    found = analogy(a, b, c, strength)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, c + strength * (a.astype(float) - b), rtol=1e-5, atol=1e-3)


@given(triples)
def test_what_is_to_b_as_a_is_to_b_is_a(places):
    a, b, c = places
    np.testing.assert_allclose(analogy(a, b, b), a, atol=1e-4)
    np.testing.assert_allclose(analogy(a, a, c), c, atol=1e-4)
    np.testing.assert_array_equal(analogy(a, b, c, 0), c)


@given(triples, st.permutations(range(3)), st.lists(number, min_size=3, max_size=3))
def test_the_order_of_terms_does_not_matter(places, order, weights):
    terms = list(zip(weights, places, strict=True))
    np.testing.assert_allclose(
        combine(terms), combine([terms[i] for i in order]), rtol=1e-5, atol=1e-2
    )


@given(selections, selections)
def test_a_direction_leads_from_one_mean_to_the_other(having, lacking):
    direction = attribute_direction(having, lacking)
    middle = lacking.mean(axis=0, dtype=float)
    np.testing.assert_allclose(middle + direction, having.mean(axis=0, dtype=float), atol=1e-3)
    np.testing.assert_allclose(attribute_direction(lacking, having), -direction, atol=1e-4)


def test_the_shell_and_python_mean_the_same_sum():
    demo = bvae_core.load_bundle("demo")

    def place(text):
        return resolve(parse_anchor(text), demo.latents, demo.labels, demo.class_names)

    expected = analogy(place("ki"), place("re"), place("o"), 0.5)
    np.testing.assert_array_equal(place("sum:0.5*ki - 0.5*re + o"), expected)


def test_what_is_no_sum_is_refused():
    with pytest.raises(AnchorError, match="at least one"):
        combine([])
    with pytest.raises(AnchorError, match="Received: 2, 3"):
        combine([(1, [0, 0]), (1, [0, 0, 0])])
    with pytest.raises(BvaeError, match="weights: Expected finite"):
        combine([(np.nan, [0, 0])])
    with pytest.raises(AnchorError, match="finite"):
        combine([(1, [np.inf, 0])])
    with pytest.raises(AnchorError, match="sum: Expected finite"):
        combine([(1e300, [1, 0])])
    with pytest.raises(AnchorError, match="lacking: Expected at least one"):
        attribute_direction([[0, 0]], np.empty((0, 2)))
