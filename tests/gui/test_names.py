"""Names of classes on a map can be read."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core.figures.theme import LIGHT
from bvae_gui.plots.ground import Names
from bvae_gui.plots.marks import SEAL
from bvae_gui.plots.viewport import Viewport

#: Half of a name's height and width, in pixels.
HALF = 10
ROOM = (400.0, 300.0)
places = st.tuples(st.floats(0, ROOM[0]), st.floats(0, ROOM[1]))


def written(homes: np.ndarray, seals: np.ndarray) -> np.ndarray:
    """Return where names are written of classes with all their dots in one place, in pixels."""
    viewport = Viewport.fitting((0, 0), ROOM, ROOM, is_line=False)
    dots = np.array([viewport.to_plane(*home) for home in homes], np.float32)
    names = Names(LIGHT, dots, np.arange(len(dots)), "おきすつなはまやれを"[: len(dots)])
    names._homes = dots.astype(np.float64)
    names.fit(viewport, seals)
    return viewport.to_pixels(names._places[np.isfinite(names._places).all(axis=1)])


@given(st.lists(places, min_size=2, max_size=10), st.lists(places, max_size=3))
@settings(max_examples=50)
def test_no_name_lies_on_another(homes, seals):
    names = written(np.array(homes), np.array(seals).reshape(-1, 2))
    assert len(names)
    for one, other in itertools.combinations(names, 2):
        assert np.abs(one - other).max() > 2 * HALF


@given(places, places)
def test_a_name_makes_room_for_a_seal(home, seal):
    (name,) = written(np.array([home]), np.array([seal]))
    assert np.abs(name - seal).max() > HALF + SEAL
