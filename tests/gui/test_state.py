"""The explorer's state, as panels use it; no Qt anywhere."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

import bundles
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bvae_core import load_bundle
from bvae_core.bundle import Bundle, write_bundle
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.latent import path
from bvae_gui.state import ExplorerState
from bvae_gui.state.history import DEPTH
from bvae_gui.state.scene import Place, Scene


@functools.cache
def load_demo() -> Bundle:
    return load_bundle("demo")


@pytest.fixture
def state() -> ExplorerState:
    state = ExplorerState()
    state.open(load_demo())
    return state


@pytest.fixture
def colour_state(tmp_path: Path) -> ExplorerState:
    """Three dimensions, 16×24 colour images, and no classes."""
    contents = bundles.contents(kind="conv", labels=None)
    state = ExplorerState()
    state.open(write_bundle(tmp_path / "bundle", contents))
    return state


def heard(state: ExplorerState) -> list[str]:
    """Collect the names of the signals that follow."""
    names: list[str] = []
    signals = {
        name: getattr(of, f"{name}_changed")
        for of, its in (
            (state, ("bundle", "point", "hover", "anchors", "mode", "look", "history", "kept")),
            (state, ("selection", "equation", "annotations")),
            (state.map, ("view", "classes")),
            (state.morph, ("frame",)),
        )
        for name in its
    }
    for name, signal in (signals | {"morph": state.morph.changed}).items():
        signal.connect(lambda name=name: names.append(name))
    return names


def test_before_a_model_is_open_there_is_none_to_ask():
    state = ExplorerState()
    assert state.bundle is None
    with pytest.raises(BvaeError, match="Expected an open model"):
        state.pin([0, 0])


def test_an_opened_model_begins_with_a_morph_between_two_typical_images(state):
    first, second = state.scene.anchors
    assert (first.text, second.text) == ("class:お", "class:き")
    assert state.scene.point == first
    assert state.morph.images.shape == (12, 28, 28)
    assert not state.can_undo


def test_a_model_without_classes_begins_with_images_that_lie_apart(colour_state):
    first, second = colour_state.scene.anchors
    assert first.text.startswith("#")
    assert first.z != second.z
    assert colour_state.morph.images.shape == (12, 16, 24, 3)
    assert colour_state.map.view == "principal"


def test_pinning_moves_the_point_alone(state):
    names = heard(state)
    state.pin([0.5, -1.25])
    np.testing.assert_array_equal(state.point, [0.5, -1.25])
    assert state.scene.point.text == "0.5,-1.25"
    assert names == ["point", "history"]


def test_a_pinned_place_is_found_again_by_its_text(state):
    state.pin(np.array([1 / 3, -1e-7], np.float32))
    assert state.place(state.scene.point.text).z == state.scene.point.z


@pytest.mark.parametrize("bad", [[np.nan, 0], [np.inf, 0], [1e39, 0], [2e6, 0], [1, 2, 3], [1]])
def test_what_is_no_place_does_not_get_in(state, bad):
    before, names = state.scene, heard(state)
    for act in (state.pin, state.hover_at, state.add_anchor, lambda z: state.set_anchor(0, z)):
        with pytest.raises(AnchorError, match=r"Expected .* Received: "):
            act(bad)
    assert state.scene == before
    assert names == []


def test_a_drag_is_one_step_to_undo(state):
    before = state.scene.anchors[0]
    state.begin_gesture()
    for x in np.linspace(-1, 1, 50):
        state.set_anchor(0, [x, 0])
    state.end_gesture()
    assert state.can_undo
    state.undo()
    assert state.scene.anchors[0] == before
    assert not state.can_undo
    state.redo()
    assert state.scene.anchors[0].z == (1, 0)


def test_a_drag_can_be_taken_back_before_it_ends(state):
    before = state.scene
    state.begin_gesture()
    state.pin([1, 1])
    state.set_anchor(0, [2, 2])
    state.cancel_gesture()
    assert state.scene == before
    assert not state.can_undo
    state.cancel_gesture()
    state.pin([1, 1])
    assert state.can_undo


def test_places_among_the_codes_rank_above_places_far_off(state):
    code = state.model.latents[0]
    assert state.typicality.rank(code) > state.typicality.rank(code + 50) == 0


def test_a_drag_that_ends_where_it_began_is_no_step(state):
    start = state.point
    state.begin_gesture()
    state.pin([1, 1])
    state.pin(state.scene.point)
    state.pin(Place("class:お", tuple(start.tolist())))
    state.end_gesture()
    assert not state.can_undo


def test_undo_goes_back_64_steps_and_no_further(state):
    for i in range(DEPTH + 5):
        state.pin([i, 0])
    for _ in range(DEPTH + 5):
        state.undo()
    assert state.point[0] == 4


def test_moving_an_anchor_changes_the_morph(state):
    names = heard(state)
    state.set_anchor(1, [1, 1])
    assert names == ["anchors", "morph", "history"]
    expected = path(state.anchors, 12)
    np.testing.assert_array_equal(state.morph.places, expected)
    np.testing.assert_array_equal(state.morph.images, state.decode(expected))


def test_a_traversal_follows_the_pinned_point(state):
    state.set_mode("traversal")
    state.set_traversal(1, "sigmas", 2.0)
    names = heard(state)
    state.pin([0.5, 0])
    assert "morph" in names
    np.testing.assert_array_equal(state.morph.places[:, 0], np.full(12, 0.5))
    np.testing.assert_array_equal(state.morph.places[[0, -1], 1], [-2, 2])


def test_a_path_does_not_follow_the_pinned_point(state):
    names = heard(state)
    state.pin([0.5, 0])
    assert "morph" not in names


def test_a_grid_gets_the_corners_that_it_lacks_and_undo_takes_them_away(state):
    state.set_mode("grid")
    assert len(state.scene.anchors) == 4
    assert len(set(state.scene.anchors)) == 4
    assert state.morph.images.shape == (60, 28, 28)
    state.undo()
    assert len(state.scene.anchors) == 2
    assert state.scene.mode == "path"


def test_a_grid_needs_its_corners(state):
    state.set_mode("grid")
    with pytest.raises(AnchorError, match="Expected 4 to 8"):
        state.remove_anchor(0)


def test_anchors_are_two_to_eight(state):
    with pytest.raises(AnchorError, match="Expected 2 to 8"):
        state.remove_anchor(0)
    for i in range(6):
        state.add_anchor([i, i], index=1)
    with pytest.raises(AnchorError, match="Expected 2 to 8"):
        state.add_anchor([0, 0])
    assert len(state.scene.anchors) == 8


def test_a_spare_place_is_the_pinned_point_or_one_without_an_anchor(state):
    assert state.spare_place() not in state.scene.anchors
    state.pin([0.25, -0.5])
    assert state.spare_place() == state.scene.point
    state.add_anchor(state.spare_place())
    assert state.spare_place() not in state.scene.anchors


def test_places_are_called_what_people_call_them(state):
    assert state.label(state.place("ki")) == "き ki"
    assert state.label(state.place("centroid:8")) == "mean of れ re"
    assert state.label(state.image_place(12)) == "#12"
    assert state.label(Place.at(np.array([0.25, -0.5], np.float32))) == "(0.25, −0.5)"


def test_anchors_swap(state):
    a, b = state.scene.anchors
    state.swap_anchors(0, 1)
    assert state.scene.anchors == (b, a)


def test_the_shown_frame_stays_within_the_morph(state):
    state.morph.show_frame(99)
    assert state.morph.frame == 11
    state.set_frames(5)
    assert state.morph.frame == 4
    state.morph.show_frame(-3)
    assert state.morph.frame == 0


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda state: state.set_frames(51), "frames"),
        (lambda state: state.set_grid(1, 5), "rows"),
        (lambda state: state.set_traversal(2, "data"), "dimension"),
        (lambda state: state.set_traversal(0, "prior", 0.7), "tail|sigmas|extent"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(state, act, name):
    before = state.scene
    with pytest.raises(BvaeError, match=name):
        act(state)
    assert state.scene == before


def test_places_go_to_the_map_and_back(state, colour_state):
    assert state.map.from_plane(0.25, -1).tolist() == [0.25, -1]
    colour_state.pin([1, 2, 3])
    x, y = colour_state.map.to_plane([colour_state.point])[0]
    np.testing.assert_allclose(colour_state.map.from_plane(x, y), [1, 2, 3], atol=1e-5)


def test_another_view_shows_other_dimensions_and_keeps_the_rest(colour_state):
    names = heard(colour_state)
    colour_state.map.look_along((2, 0))
    assert names == ["view"]
    colour_state.pin([1, 2, 3])
    assert colour_state.map.from_plane(5, 6).tolist() == [6, 2, 5]
    np.testing.assert_array_equal(colour_state.map.shown, colour_state.model.latents[:, [2, 0]])


def test_classes_are_hidden_isolated_and_shown(state):
    state.map.toggle_class(3)
    assert state.map.hidden == {3}
    state.map.isolate_class(1)
    assert state.map.hidden == set(range(10)) - {1}
    state.map.isolate_class(1)
    assert state.map.hidden == set()


def test_a_class_is_found_at_its_mean_and_at_its_most_typical_image(state):
    labels, latents = state.model.labels, state.model.latents
    mean = state.class_place(1, mean=True)
    np.testing.assert_allclose(mean.z, latents[labels == 1].mean(axis=0), atol=1e-5)
    assert mean.text == "centroid:き"
    typical = state.class_place(1, mean=False)
    assert (latents[labels == 1] == typical.z).all(axis=1).any()


def test_the_kl_of_each_dimension_adds_up_to_the_models(state):
    assert state.kl_per_dim.shape == (2,)
    assert (state.kl_per_dim > 0.5).all()


def test_opening_another_model_forgets_what_was(state, colour_state):
    state.pin([1, 1])
    state.map.hide({1})
    state.hover_at([0, 0])
    names = heard(state)
    state.open(colour_state.model)
    assert names == ["bundle", "history"]
    assert (state.can_undo, state.map.hidden, state.hover) == (False, frozenset(), None)
    assert state.latent_dim == 3


def test_the_look_changes_once(state):
    from bvae_core.figures.theme import DARK

    names = heard(state)
    state.set_look(theme=DARK, ink="screen")
    state.set_look(theme=DARK)
    assert names == ["look"]


def test_the_state_loads_no_qt_and_no_tensorflow():
    code = (
        "import sys, bvae_gui.state\n"
        "print({'qtpy', 'PySide6', 'tensorflow', 'keras'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=128))
def test_any_coordinates_survive_being_written(numbers):
    from bvae_core.latent import parse_anchor

    place = Place.at(np.array(numbers, np.float32))
    assert np.array_equal(np.array(parse_anchor(place.text).coordinates, np.float32), place.point)


coordinates = st.tuples(*2 * [st.floats(-5, 5, width=32)])


class Exploring(RuleBasedStateMachine):
    """Whatever is done, undoing all of it leads back, and redoing it forth again."""

    @initialize()
    def open_the_demo(self) -> None:
        self.state = ExplorerState()
        self.state.open(load_demo())
        self.scenes: list[Scene] = [self.state.scene]

    def note(self) -> None:
        if self.state.scene != self.scenes[-1]:
            self.scenes.append(self.state.scene)

    @rule(z=coordinates)
    def pin(self, z):
        self.state.pin(z)
        self.note()

    @rule(z=coordinates, index=st.integers(0, 1))
    def move_an_anchor(self, z, index):
        self.state.set_anchor(index, z)
        self.note()

    @rule(way=st.lists(coordinates, min_size=1, max_size=4))
    def drag(self, way):
        self.state.begin_gesture()
        for z in way:
            self.state.set_anchor(1, z)
        self.state.end_gesture()
        self.note()

    @precondition(lambda self: len(self.state.scene.anchors) < 8)
    @rule(z=coordinates)
    def add(self, z):
        self.state.add_anchor(z)
        self.note()

    @rule(mode=st.sampled_from(["path", "grid", "traversal"]))
    def choose_a_mode(self, mode):
        self.state.set_mode(mode)
        self.note()

    @rule(dimension=st.sampled_from([None, 0, 1]))
    def choose_what_varies(self, dimension):
        self.state.set_traversal(dimension, "sigmas")
        self.note()

    @rule(kind=st.sampled_from(["straight", "geodesic", "dense"]))
    def choose_a_way(self, kind):
        self.state.set_interpolation(kind)
        self.note()

    @rule(count=st.integers(2, 50))
    def choose_a_number(self, count):
        self.state.set_frames(count)
        self.note()

    @invariant()
    def the_morph_fits_the_scene(self):
        if hasattr(self, "state"):
            scene = self.state.scene
            count = scene.rows * scene.columns if scene.mode == "grid" else scene.frames
            if scene.mode == "traversal" and scene.dimension is None:
                count *= 2
            assert self.state.morph.places.shape == (count, 2)
            assert 0 <= self.state.morph.frame < count

    def teardown(self):
        if not hasattr(self, "state"):
            return
        kept = self.scenes[-DEPTH - 1 :]
        for scene in reversed(kept[:-1]):
            self.state.undo()
            assert self.state.scene == scene
        for scene in kept[1:]:
            self.state.redo()
            assert self.state.scene == scene


TestExploring = Exploring.TestCase
TestExploring.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_points_are_kept_once_each_and_can_be_let_go(state: ExplorerState):
    said = heard(state)
    state.keep()
    state.keep()
    state.keep([0.5, -1])
    assert [place.text for place in state.scene.kept] == [state.scene.point.text, "0.5,-1.0"]
    state.let_go(0)
    assert [place.text for place in state.scene.kept] == ["0.5,-1.0"]
    assert "morph" not in said
    assert said.count("kept") == 3
    state.undo()
    assert len(state.scene.kept) == 2


def test_a_selection_is_a_step_to_undo(state: ExplorerState):
    said = heard(state)
    state.select([7, 3, 3])
    assert state.selection.tolist() == [3, 7]
    state.select([])
    state.undo()
    assert state.selection.tolist() == [3, 7]
    assert said.count("selection") == 3
    assert "morph" not in said


@pytest.mark.parametrize("wrong", [-1, 10**9])
def test_only_images_that_there_are_can_be_selected(state: ExplorerState, wrong: int):
    with pytest.raises(AnchorError, match="selection: Expected images from 0 to"):
        state.select([0, wrong])
    assert state.selection.tolist() == []
