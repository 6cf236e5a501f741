"""What is reckoned with places, and what is saved with a model, as the state has it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bvae_core.annotations import Annotations, annotations_path, load_annotations
from bvae_core.bundle import Bundle
from bvae_core.errors import AnchorError, AnnotationError, BvaeError
from bvae_core.latent import analogy, parse_anchor, resolve
from bvae_gui.state import ExplorerState
from bvae_gui.state.place import Place, weighted_sum


@pytest.fixture
def state(demo: Bundle, cache_folder: Path) -> ExplorerState:
    state = ExplorerState()
    state.open(demo)
    return state


def test_there_is_something_to_reckon_with_at_first(state: ExplorerState) -> None:
    equation = state.equation
    assert len({place.text for place in equation.places}) == 3
    assert state.scene.equation is None  # nobody has chosen it
    assert not state.can_undo


def test_it_is_what_is_to_c_as_a_is_to_b(state: ExplorerState) -> None:
    changes: list[float] = []
    state.equation_changed.connect(lambda: changes.append(state.equation.strength))
    a, b, c = (state.place(text) for text in ("ki", "re", "#17"))
    state.set_equation(a=a, b=b, c=c)
    state.set_equation(strength=-0.5)
    np.testing.assert_array_equal(
        state.equation.result.point, analogy(a.point, b.point, c.point, -0.5)
    )
    assert changes == [1, -0.5]
    state.undo()
    assert state.equation.strength == 1
    state.undo()
    assert state.scene.equation is None


def test_its_result_is_a_place_that_the_shell_finds_too(state: ExplorerState) -> None:
    state.set_equation(a=state.place("ki"), b=state.place("0.5,-1"), strength=1.25)
    result = state.equation.result
    assert result.text == "sum:1.25*class:ki - 1.25*z:0.5,-1.0 + class:す"
    assert state.place(result.text) == result


def test_without_strength_it_is_c_itself(state: ExplorerState) -> None:
    state.set_equation(strength=0)
    assert state.equation.result == state.equation.c


def test_a_sum_of_sums_is_called_by_its_coordinates(state: ExplorerState) -> None:
    state.set_equation(a=state.place("sum:ki - re"))
    result = state.equation.result
    assert not result.text.startswith("sum:")
    assert state.place(result.text) == result


def test_what_can_not_be_reckoned_is_refused_and_nothing_changes(state: ExplorerState) -> None:
    before = state.scene
    for strength in (np.nan, 3.1, -np.inf):
        with pytest.raises(BvaeError, match="strength: Expected -3 to 3"):
            state.set_equation(strength=strength)
    far = Place.at(np.float32([9e5, 0]))
    with pytest.raises(AnchorError, match="within"):
        state.set_equation(a=far, strength=3)
    assert state.scene == before


weights = st.floats(-3, 3, width=32)
coordinates = st.tuples(*[st.floats(-9, 9, width=32)] * 2)


@given(st.lists(st.tuples(weights, coordinates), min_size=1, max_size=5))
def test_a_sums_text_names_the_very_place(terms: list) -> None:
    places = [(weight, Place.at(np.float32(z))) for weight, z in [*terms, (1, (0, 0))]]
    total = weighted_sum(places)
    found = resolve(parse_anchor(total.text), np.zeros((1, 2), np.float32), None, ())
    assert tuple(found.tolist()) == total.z


# -- what is saved with the model ----------------------------------------------------------------


def test_what_is_noted_is_saved_told_and_read_again(state: ExplorerState, demo: Bundle) -> None:
    told: list[None] = []
    state.annotations_changed.connect(lambda: told.append(None))
    assert state.annotations == Annotations()
    state.annotate(lambda before: before.with_direction("slanted", [1, 0.5]))
    state.annotate(lambda before: before)
    assert len(told) == 1
    assert load_annotations(demo).directions == {"slanted": (1.0, 0.5)}
    again = ExplorerState()
    again.open(demo)
    assert again.annotations == state.annotations


def test_a_place_along_a_direction_lasts_longer_than_the_direction(state: ExplorerState) -> None:
    state.annotate(lambda before: before.with_direction("slanted", [1, 0.5]))
    place = state.place("sum:ki + 2*direction:slanted")
    assert place.text == "sum:class:ki + 2.0*z:1.0,0.5"
    state.annotate(lambda before: before.without_direction("slanted"))
    assert state.place(place.text) == place
    with pytest.raises(AnchorError, match="saved with this model: none"):
        state.place("sum:ki + 2*direction:slanted")


def test_a_broken_file_is_said_once_and_set_aside(state: ExplorerState, demo: Bundle) -> None:
    path = annotations_path(demo)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"schema_version": 1}), encoding="utf-8")
    with pytest.raises(AnnotationError, match="set aside"):
        _ = state.annotations
    assert state.annotations == Annotations()
