"""Which points lie within an outline."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path
from numpy.typing import NDArray

from bvae_core.latent import within_box, within_outline

# An L: what is inside can't be told by its bounding box, or its convex hull.
L_SHAPE = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4)]


def test_a_bent_outline_has_an_inside() -> None:
    points = [(0.5, 3), (3, 0.5), (0.5, 0.5), (3, 3), (-1, 0.5), (0.5, 5)]

    assert within_outline(points, L_SHAPE).tolist() == [True, True, True, False, False, False]


def test_where_an_outline_goes_round_twice_is_outside() -> None:
    twice = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]

    assert within_outline([(2, 2), (0.5, 2)], twice).tolist() == [False, True]


def test_fewer_than_three_corners_enclose_nothing() -> None:
    for corners in ([], [(0, 0)], [(0, 0), (4, 4)]):
        assert not within_outline([(0, 0), (1, 1), (2, 2)], corners).any()
    assert within_outline(np.empty((0, 2)), L_SHAPE).shape == (0,)


def test_a_box_has_its_edges_whichever_corners_are_given() -> None:
    points = [(0, 0), (1, 2), (0.5, 1), (1.01, 1), (0.5, -0.01)]

    for corner, opposite in (((0, 0), (1, 2)), ((1, 0), (0, 2))):
        assert within_box(points, corner, opposite).tolist() == [True, True, True, False, False]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(3, 40),
)
@settings(deadline=None, max_examples=60)
def test_it_agrees_with_matplotlib_on_any_star(seed: int, corner_count: int) -> None:
    random = np.random.default_rng(seed)
    points = random.normal(size=(500, 2))
    angles = np.sort(random.uniform(0, 2 * np.pi, corner_count))
    radii = random.uniform(0.2, 3, corner_count)
    star: NDArray[np.float64] = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)

    assert np.array_equal(within_outline(points, star), Path(star).contains_points(points))
