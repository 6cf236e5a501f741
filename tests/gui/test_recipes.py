"""From what is explored to recipes, files and commands, and back; no Qt anywhere."""

from __future__ import annotations

import functools
import shlex
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import bundles
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import copy_of_demo, stored_copy
from PIL import Image

from bvae_core.bundle import Bundle, write_bundle
from bvae_core.cli import main
from bvae_core.errors import BvaeError
from bvae_core.figures import (
    GridRecipe,
    MapRecipe,
    MorphRecipe,
    TraversalRecipe,
    read_recipe,
)
from bvae_core.figures.layers import Layers
from bvae_core.store import Store
from bvae_core.store import load_bundle as load
from bvae_gui.opening import called_in_shell, find_known
from bvae_gui.recipes import (
    Choices,
    animation_recipe,
    choices_of,
    current_recipe,
    file_name,
    image_recipe,
    make_recipe,
    map_recipe,
    restore,
)
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Place, Scene

DIMENSIONS = 5


@functools.cache
def five_dimensions() -> Bundle:
    """A model of three classes whose images make no sense."""
    folder = Path(tempfile.mkdtemp())
    return write_bundle(folder / "bundle", bundles.contents(dimensions=DIMENSIONS))


def exploring(bundle: Bundle) -> ExplorerState:
    state = ExplorerState()
    state.open(bundle)
    return state


@pytest.fixture
def state(demo: Bundle) -> ExplorerState:
    return exploring(demo)


@pytest.fixture(scope="module", autouse=True)
def _made_once() -> None:
    """Train nothing while hypothesis looks for examples."""
    five_dimensions()


numbers = st.floats(-100, 100, width=32)
coordinates = st.lists(numbers, min_size=DIMENSIONS, max_size=DIMENSIONS)
places = st.one_of(
    st.sampled_from(["お", "ki", "2", "class:れ", "centroid:お", "#0", "#59"]),
    coordinates.map(lambda z: Place.at(np.array(z, np.float32)).text),
)


dimensions = st.integers(0, DIMENSIONS - 1)
views = st.just("principal") | st.tuples(dimensions, dimensions).filter(lambda v: v[0] != v[1])


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Any scene that one can come to with the mouse and by typing."""
    state = exploring(five_dimensions())
    mode = draw(st.sampled_from(["path", "grid", "traversal"]))
    anchors = draw(st.lists(places, min_size=4 if mode == "grid" else 2, max_size=8))
    over = draw(st.sampled_from(["sigmas", "prior", "data", "quantiles"]))
    shares = st.none() | st.floats(0.01, 0.4)
    return Scene(
        point=state.place(draw(places)),
        anchors=tuple(map(state.place, anchors)),
        mode=mode,
        interpolation=draw(st.sampled_from(["straight", "spherical", "geodesic", "dense"])),
        frames=draw(st.integers(2, 50)),
        rows=draw(st.integers(2, 12)),
        columns=draw(st.integers(2, 12)),
        dimension=draw(st.none() | dimensions),
        over=over,
        extent=None if over == "data" else draw(shares),
    )


@settings(max_examples=60, deadline=None)
@given(scene=scenes(), other=scenes(), ink=st.sampled_from(["paper", "screen"]))
def test_a_recipe_brings_back_what_is_seen(scene: Scene, other: Scene, ink):
    state = exploring(five_dimensions())
    state.restore(scene)
    state.set_look(ink=ink)
    seen = current_recipe(state)
    restore(state, seen)
    assert state.scene == scene  # where one was, nothing changes

    elsewhere = exploring(five_dimensions())
    elsewhere.restore(other)
    restore(elsewhere, seen)
    assert (elsewhere.scene.mode, elsewhere.ink) == (scene.mode, ink)
    np.testing.assert_array_equal(elsewhere.morph.places, state.morph.places)
    assert current_recipe(elsewhere) == seen
    if elsewhere.scene != other:
        elsewhere.undo()
        assert elsewhere.scene == other


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scene=scenes())
def test_a_png_brings_back_what_is_seen(scene: Scene):
    state = exploring(five_dimensions())
    state.restore(replace(scene, frames=min(scene.frames, 6)))
    recipe = current_recipe(state, Choices(scale=1))
    with tempfile.TemporaryDirectory() as folder:
        png = Path(folder) / "figure.png"
        recipe.export(state.model, png)
        elsewhere = exploring(five_dimensions())
        restore(elsewhere, read_recipe(png, elsewhere.model))
    assert current_recipe(elsewhere, Choices(scale=1)) == recipe
    np.testing.assert_array_equal(elsewhere.morph.images, state.morph.images)


@settings(max_examples=30, deadline=None)
@given(
    view=st.just("principal")
    | st.permutations(range(DIMENSIONS)).map(lambda order: tuple(order[:2])),
    hidden=st.sets(st.integers(0, 2), max_size=2),
    layers=st.builds(Layers, *[st.booleans()] * 5),
    scene=scenes(),
)
def test_a_map_brings_back_axes_layers_classes_and_the_way(view, hidden, layers, scene: Scene):
    state = exploring(five_dimensions())
    state.restore(scene)
    state.map.look_along(view)
    state.map.show_layers(layers)
    state.map.hide(hidden)
    recipe = map_recipe(state)
    recipe.check(state.model)
    elsewhere = exploring(five_dimensions())
    restore(elsewhere, recipe)
    shown = elsewhere.map
    assert (shown.view, shown.hidden, shown.layers) == (view, hidden, layers)
    if layers.manifold or layers.magnification:  # of the plane through the pinned point
        np.testing.assert_array_equal(elsewhere.point, state.point)
    if scene.mode == "path":
        np.testing.assert_array_equal(elsewhere.morph.places, state.morph.places)
    else:
        assert recipe.anchors == ()


def test_what_the_map_can_t_show_in_a_figure_is_said(state: ExplorerState):
    state.map.look_along("principal")
    with pytest.raises(BvaeError, match="principal axes; choose dimensions"):
        map_recipe(state)
    state.map.look_along((1, 0))
    assert map_recipe(state).axes == (1, 0)
    state.map.hide(range(10))
    with pytest.raises(BvaeError, match="at least one class"):
        map_recipe(state)


def test_classes_of_any_name_can_be_hidden(tmp_path: Path):
    names = ("#1", "1", "0.5")
    contents = bundles.contents(dimensions=DIMENSIONS)
    contents = replace(contents, data=replace(contents.data, class_names=names))
    state = exploring(write_bundle(tmp_path / "bundle", contents))
    for hidden in ({0}, {1}, {2}, {0, 1}):
        state.map.hide(hidden)
        recipe = map_recipe(state)
        recipe.check(state.model)
        state.map.hide(())
        restore(state, recipe)
        assert state.map.hidden == hidden


def test_without_the_way_the_map_stands_alone(state: ExplorerState):
    assert map_recipe(state).anchors == ("class:お", "class:き")
    assert map_recipe(state, Choices(way=False)) == MapRecipe()


def test_what_moves_is_what_the_player_shows(state: ExplorerState):
    state.set_frames(9)
    assert animation_recipe(state, Choices(fps=5, bounce=True)) == MorphRecipe(
        anchors=("class:お", "class:き"), frames=9, fps=5, bounce=True
    )
    state.set_mode("traversal")
    recipe = animation_recipe(state, Choices(scale=1))
    still = current_recipe(state)
    assert isinstance(still, TraversalRecipe)
    pictures = recipe.animation(state.model).astype(int)
    expected = np.rint(255 * state.morph.images)
    ink = replace(recipe, ink="screen").animation(state.model)[..., 0]
    assert np.abs(ink - expected).max() <= 1
    assert len(pictures) == 9
    state.set_traversal(None, "sigmas")
    with pytest.raises(BvaeError, match="a traversal of every dimension"):
        animation_recipe(state)
    state.set_mode("grid")
    with pytest.raises(BvaeError, match="order to play in"):
        animation_recipe(state)


def test_choices_go_into_every_recipe_that_has_them(state: ExplorerState):
    choices = Choices(theme="dark", ink="screen", scale=3, labels=False)
    image = image_recipe(state, choices)
    assert (image.at, image.theme, image.ink, image.scale) == ("class:お", "dark", "screen", 3)
    strip = make_recipe(state, "morph", choices)
    assert (strip.theme, strip.labels, strip.scale) == ("dark", False, 3)
    chart = make_recipe(state, "map", choices)
    assert (chart.labels, chart.theme) == (False, "dark")


def test_choices_from_anywhere_are_taken_where_they_make_sense():
    values = {
        "suffix": ".exe", "theme": "pink", "ink": None, "way": 1, "labels": "yes", "scale": 10**9,
        "fps": float("nan"), "loop": None, "bounce": True, "rows": 3,
    }  # fmt: skip
    assert Choices.of(values) == Choices(bounce=True)
    assert Choices.of({"suffix": ".svg", "theme": "dark", "scale": 7}) == Choices(
        suffix=".svg", theme="dark", scale=7
    )
    assert Choices.of({"scale": [1], "suffix": {}}) == Choices()


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        (GridRecipe(), "four corners"),
        (MorphRecipe(anchors=("お", "に")), "に"),
        (MorphRecipe(anchors=("お", "1e30,0")), "within"),
    ],
)
def test_what_the_window_can_t_show_is_refused_and_nothing_changes(
    state: ExplorerState, recipe, reason: str
):
    before = state.scene, state.ink, state.map.view
    with pytest.raises(BvaeError, match=reason):
        restore(state, replace(recipe, ink="screen"))
    assert (state.scene, state.ink, state.map.view) == before


def test_a_traversal_around_the_origin_pins_it(state: ExplorerState):
    restore(state, TraversalRecipe(dimension=1))
    assert state.scene.point.z == (0, 0)
    assert state.scene.mode == "traversal"


def traverse_every_dimension(state: ExplorerState) -> None:
    state.set_mode("traversal")
    state.set_traversal(None, "data")


@pytest.mark.parametrize(
    ("prepare", "what", "name"),
    [
        (lambda _: None, "morph", "morph-お-き.png"),
        (lambda state: state.set_anchor(0, state.place("#12")), "animation", "morph-no12-き.png"),
        (lambda state: state.set_anchor(0, [-0.5, 1]), "morph", "morph--0.50,1.00-き.png"),
        (lambda state: state.set_mode("grid"), "morph", "grid-お-き-す-つ.png"),
        (lambda state: state.set_mode("traversal"), "morph", "traversal-z1-お.png"),
        (traverse_every_dimension, "morph", "traversal-お.png"),
        (lambda state: state.pin(state.place("centroid:re")), "image", "image-mean-れ.png"),
        (lambda _: None, "map", "map-demo.png"),
        (
            lambda state: state.set_equation(b=state.place("#4")),
            "equation",
            "equation-お-no4-す.png",
        ),
    ],
)
def test_a_file_is_called_by_what_it_shows(state: ExplorerState, prepare, what, name: str):
    prepare(state)
    assert file_name(state, what, ".png") == name


def test_no_class_name_leads_out_of_a_folder(tmp_path: Path):
    contents = bundles.contents(dimensions=DIMENSIONS)
    data = replace(contents.data, class_names=("../../etc", "a b\\c:d", "x" * 200))
    state = exploring(write_bundle(tmp_path / "bundle", replace(contents, data=data)))
    name = file_name(state, "morph", ".png")
    assert name == "morph-.._.._etc-a_b_c_d.png"
    assert len(Path(name).parts) == 1
    state.set_anchor(0, state.place("2"))
    assert len(file_name(state, "morph", ".png")) < 100


@pytest.mark.parametrize("what", ["morph", "animation", "map", "image", "equation", "result"])
def test_the_command_makes_the_same_file_byte_for_byte(
    state: ExplorerState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what
):
    state.set_anchor(0, [-0.5, 1.25])
    state.map.hide({1, 3})
    state.pin(state.place("#12"))
    state.set_look(ink="screen")
    state.set_equation(a=state.place("sum:ki - れ"), b=state.place("#4"), strength=-1.25)
    recipe = make_recipe(state, what, Choices(theme="dark", scale=2, bounce=True))
    name = file_name(state, what, ".gif" if what == "animation" else ".png")
    recipe.export(state.model, tmp_path / name)
    line = shlex.join(recipe.command(called_in_shell(state.model), name))
    (tmp_path / "shell").mkdir()
    monkeypatch.chdir(tmp_path / "shell")
    program, *arguments = shlex.split(line)
    assert program == "bvae"
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert not ended.value.code
    assert (tmp_path / "shell" / name).read_bytes() == (tmp_path / name).read_bytes()
    with Image.open(tmp_path / name) as picture:
        assert picture.width > 50


def test_a_model_is_called_in_the_shell_as_it_is_found_there(cache_folder: Path, tmp_path: Path):
    assert called_in_shell(load("demo")) == "demo"
    mine = load(stored_copy(cache_folder, "mine"))
    assert called_in_shell(mine) == "mine"
    # A second model of that name, which only its fingerprint tells apart.
    contents = bundles.contents("mine")
    write_bundle(cache_folder / "models" / contents.fingerprint[:16], contents)
    assert called_in_shell(mine) == mine.fingerprint[:16]
    assert load(called_in_shell(mine)).fingerprint == mine.fingerprint
    folder = copy_of_demo(tmp_path / "a folder")
    assert called_in_shell(load(folder)) == str(folder)


def test_a_figure_s_model_is_found_by_its_fingerprint(cache_folder: Path):
    assert find_known(load("demo").fingerprint).name == "demo"
    assert find_known("0" * 64) is None
    fingerprint = Store().add(bundles.contents("mine")).fingerprint
    assert find_known(fingerprint).name == "mine"
    shutil.rmtree(cache_folder)
    assert find_known(fingerprint) is None


def test_what_is_made_of_other_images_speaks_in_coordinates(demo: Bundle):
    """No file has these images' indices or classes: what leaves the window can't name them."""
    state = ExplorerState()
    state.open(
        demo.with_codes(
            demo.latents[:40],
            demo.log_var[:40],
            of="cells",
            labels=np.arange(40) % 2,
            class_names=("round", "long"),
        )
    )
    state.pin(state.image_place(7))
    recipe = current_recipe(state)
    for anchor, place in zip(recipe.anchors, state.scene.anchors, strict=True):
        assert np.allclose([float(n) for n in anchor.split(",")], place.z)
    assert image_recipe(state).at == ",".join(str(n) for n in state.point)
    with pytest.raises(BvaeError, match="map: Expected the images that the model was trained on"):
        map_recipe(state)
    state.set_interpolation("dense")
    with pytest.raises(BvaeError, match="a dense one through cells"):
        current_recipe(state)
    state.set_interpolation("straight")
    state.set_mode("traversal")
    state.set_traversal(0, "data")
    assert isinstance(current_recipe(state), MorphRecipe)


def test_a_map_and_a_sheet_of_what_is_selected_select_it_again(
    state: ExplorerState, tmp_path: Path
):
    state.select([3, 4, 5, 900])
    recipes = [make_recipe(state, what) for what in ("map", "contact")]
    assert [recipe.selection for recipe in recipes] == ["3-5,900", "3-5,900"]

    for recipe in recipes:
        path = tmp_path / f"{recipe.kind}.png"
        recipe.export(state.model, path)
        state.select([1])
        restore(state, read_recipe(path, state.model))
        assert state.selection.tolist() == [3, 4, 5, 900]
        assert choices_of(recipe)[0] == recipe.kind


def test_a_map_without_a_selection_selects_nothing(state: ExplorerState):
    recipe = make_recipe(state, "map")
    state.select([3, 4])
    restore(state, recipe)
    assert not len(state.selection)


def test_where_nothing_is_selected_there_is_no_sheet_of_it(state: ExplorerState):
    with pytest.raises(BvaeError, match="contact sheet: Expected selected images"):
        make_recipe(state, "contact")
