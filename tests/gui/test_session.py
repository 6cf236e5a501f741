"""Sessions: what is explored comes back from a file, and nothing else gets in."""

from __future__ import annotations

import base64
import copy
import functools
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from latent_models import write_model

from bvae_core import load_bundle
from bvae_core.annotations import Annotations, save_annotations
from bvae_core.bundle import Bundle
from bvae_core.errors import BvaeError
from bvae_core.figures.layers import Layers
from bvae_gui.sessions import SUFFIX, Layout, Session, read_session
from bvae_gui.sessions.scene import SCENE
from bvae_gui.state import ExplorerState
from bvae_gui.state.own_image import Picture
from bvae_gui.state.scene import Scene


@functools.cache
def load_demo() -> Bundle:
    return load_bundle("demo")


@pytest.fixture
def state(cache_folder: Path) -> ExplorerState:
    return opened()


def opened() -> ExplorerState:
    state = ExplorerState()
    state.open(load_demo())
    return state


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / f"mine{SUFFIX}"


def cross() -> Picture:
    pixels = np.zeros((40, 30), np.uint8)
    pixels[18:22], pixels[:, 13:17] = 255, 255
    return Picture(pixels, "cross", is_drawing=True, choices={"crop": False})


def explore(state: ExplorerState) -> None:
    """Change all that a session keeps."""
    state.annotate(
        lambda before: before.with_direction("slanted", [0.5, 0.25]).with_selection("few", [3, 9])
    )
    state.pin(state.place("sum:ki + 2*direction:slanted"))
    state.keep()
    state.keep([0.25, -1])
    state.add_anchor(state.place("#77"))
    state.set_anchor(0, state.place("centroid:re"))
    state.set_interpolation("spherical")
    state.set_frames(17)
    state.set_grid(3, 4)
    state.set_traversal(1, "quantiles", 0.1)
    state.select(range(5, 400, 3))
    state.set_equation(a=state.place("0.5,1"), strength=-1.25)
    state.set_own(state.read_own(cross()))
    state.map.hide([2, 5])
    state.map.look_along((1, 0))
    state.set_look(ink="screen")
    state.map.show_layers(Layers(manifold=True, dots=False))
    state.morph.show_frame(9)


def seen(state: ExplorerState) -> dict[str, Any]:
    """Return all that a session keeps, to be compared."""
    own = state.scene.own
    return {
        "scene": replace(state.scene, own=None),
        "own": None
        if own is None
        else (own.picture.pixels.tolist(), own.picture.choices, own.place),
        "view": state.map.view,
        "hidden": state.map.hidden,
        "ink": state.ink,
        "layers": state.map.layers,
        "frame": state.morph.frame,
        "annotations": state.annotations,
    }


def test_every_field_of_the_scene_is_in_a_session() -> None:
    assert list(SCENE) == [each.name for each in fields(Scene)]


def test_all_comes_back_and_the_scene_is_one_step_to_undo(state: ExplorerState, file: Path) -> None:
    explore(state)
    expected = seen(state)
    layout = Layout(
        {"rows": b"\0\1", "docks": bytes(range(256))}, "Arithmetic", ((-1.5, 2), (0, 0.25))
    )
    Session.of(state, "dark", layout).write(file)
    save_annotations(load_demo(), Annotations())
    again = opened()
    before = again.scene
    session = read_session(file)
    assert (session.theme, session.layout) == ("dark", layout)
    assert session.restore(again) == ""
    assert seen(again) == expected
    again.undo()
    assert again.scene == before
    assert not again.can_undo


def test_a_session_is_small_and_can_be_read_by_people(state: ExplorerState, file: Path) -> None:
    explore(state)
    Session.of(state).write(file)
    assert file.stat().st_size < 10_000
    scene = json.loads(file.read_text(encoding="utf-8"))["scene"]
    assert scene["point"] == "sum:class:ki + 2.0*z:0.5,0.25"
    assert scene["anchors"] == ["centroid:re", "class:き", "#77"]


def test_many_dimensions_and_no_classes(tmp_path: Path, file: Path, cache_folder: Path) -> None:
    bundle = write_model(tmp_path, 10, has_labels=False)
    state, again = ExplorerState(), ExplorerState()
    for each in (state, again):
        each.open(bundle)
    state.map.look_along((7, 3))
    state.pin(np.linspace(-2, 2, 10))
    state.set_traversal(9, "data")
    Session.of(state).write(file)
    read_session(file).restore(again)
    assert seen(again) == seen(state)


def test_what_is_saved_with_the_model_is_added_to_and_never_replaced(
    state: ExplorerState, file: Path
) -> None:
    state.annotate(lambda before: before.with_direction("bold", [1, 0]).with_direction("a", [1, 1]))
    Session.of(state).write(file)
    state.annotate(lambda before: before.with_direction("bold", [0, 1]))
    for _ in range(2):  # the second time everything is there already
        read_session(file).restore(state)
        assert state.annotations.directions == {
            "bold": (0.0, 1.0), "a": (1.0, 1.0), "bold 2": (1.0, 0.0),
        }  # fmt: skip


def test_a_large_picture_becomes_smaller(state: ExplorerState, file: Path) -> None:
    random = np.random.default_rng(0)
    pixels = np.zeros((3000, 1500), np.uint8)
    pixels[500:2500, 600:900] = random.integers(180, 255, (2000, 300))
    state.set_own(state.read_own(Picture(pixels, "large.png", path="/somewhere/large.png")))
    Session.of(state).write(file)
    assert "somewhere" not in file.read_text(encoding="utf-8")
    again = opened()
    read_session(file).restore(again)
    assert again.own is not None
    assert again.own.picture.pixels.shape == (1024, 512)


# -- any scene -----------------------------------------------------------------------------------

_number = st.floats(-50, 50, width=32)
_point = st.tuples(_number, _number).map(lambda z: ",".join(map(str, z)))
_place = st.one_of(
    _point,
    st.sampled_from(["ki", "class:8", "centroid:れ", "sum:ki - 0.5*re + #7"]),
    st.integers(0, 14_010).map(lambda index: f"#{index}"),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(
    places=st.lists(_place, min_size=4, max_size=9),
    mode=st.sampled_from(["path", "grid", "traversal"]),
    path=st.sampled_from(["straight", "spherical"]),
    over=st.sampled_from([("sigmas", 2.5), ("prior", None), ("data", None), ("quantiles", 0.01)]),
    selection=st.sets(st.integers(0, 14_010), max_size=40),
    strength=st.floats(-3, 3),
    hidden=st.sets(st.integers(0, 9)),
)
def test_any_scene_comes_back(
    state: ExplorerState, file: Path, places, mode, path, over, selection, strength, hidden
) -> None:
    point, *others = map(state.place, places)
    state.restore(
        replace(state.scene, point=point, anchors=(point, *others)[:8], kept=tuple(others))
    )
    state.set_equation(a=others[0], b=others[1], c=point, strength=strength)
    state.set_interpolation(path)
    state.set_traversal(1, *over)
    state.set_mode(mode)
    state.select(selection)
    state.map.hide(hidden)
    Session.of(state).write(file)
    expected = seen(state)
    state.map.hide(())
    state.restore(opened_scene())
    read_session(file).restore(state)
    assert seen(state) == expected


@functools.cache
def opened_scene() -> Scene:
    return opened().scene


# -- what is none --------------------------------------------------------------------------------


def written(state: ExplorerState, file: Path) -> dict[str, Any]:
    """Write a good session and return what is in it."""
    explore(state)
    Session.of(state).write(file)
    values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return values


def put(values: Any, way: str, value: object) -> None:
    """Change a value within others: ``scene.kept.0``."""
    *inner, last = way.split(".")
    for name in inner:
        values = values[int(name) if isinstance(values, list) else name]
    values[int(last) if isinstance(values, list) else last] = value


WRONG: list[tuple[str, object, str]] = [
    ("schema_version", 2, "newer version"),
    ("schema_version", True, "Expected schema_version 1"),
    ("model.fingerprint", "ab" * 32, "Expected the model that it was made with, demo"),
    ("model.fingerprint", "../../etc", "Expected the model's fingerprint"),
    ("theme", "neon", "theme as system or light or dark"),
    ("layout.parts", {"rows": "é"}, "base64"),
    ("layout.parts", {"rows": "A" * 100_000}, "at most 65,536 characters"),
    ("layout.seen", [[0, 1]], "limits across and up"),
    ("layout.seen", [[0, 1], [1, 1]], "rising numbers"),
    ("layout.seen", [[0, 1e300], [0, 1]], "within ±1,000,000"),
    ("layout.seen", [[0, "1"], [0, 1]], "as a number"),
    ("more", 1, "parts that this version knows"),
    ("scene.more", 1, "a scene that this version knows"),
    ("scene.point", "0.5,1,2", "Expected 2 numbers"),
    ("scene.point", "nan,1", "finite coordinates"),
    ("scene.point", "9e9,1", "within"),
    ("scene.point", 7, "point as a text"),
    ("scene.point", "#999999", "Expected an image"),
    ("scene.kept.0", "class:ぬ", "Expected a class"),
    ("scene.kept", ["0,0"] * 65, "at most 64 points"),
    ("scene.kept", ["0,0"] * 100_000, "as a list of places"),
    ("scene.anchors", ["0,0"], "Expected 2 to 8"),
    ("scene.mode", "spiral", "mode as path or grid or traversal"),
    ("scene.frames", 1e9, "frames as a whole number"),
    ("scene.frames", 10**6, "Expected 2 to"),
    ("scene.frames", True, "frames as a whole number"),
    ("scene.rows", 10**20, "rows as a whole number"),
    ("scene.dimension", 2, "Expected 1 to 2"),
    ("scene.over", "sigmas ", "over as"),
    ("scene.extent", -3, "xpected"),
    ("scene.selection", "0-99999999", "Expected indices"),
    ("scene.selection", "bits:AAAA", "Expected"),
    ("scene.equation.strength", 4, "Expected -3 to 3"),
    ("scene.equation.b", None, "equation.b as a text"),
    ("scene.equation", [], "equation as an object"),
    ("scene.own.png", base64.b64encode(b"no picture").decode(), "a picture as a PNG"),
    ("scene.own.choices", {"crop": 1}, "steps that are done"),
    ("notes.directions", {"a": [1, 2, 3]}, "of 2 numbers"),
    ("notes.directions", {"a": [1, 10**400]}, "finite number"),
    ("notes.directions", {"": [1, 2]}, "name: Expected"),
    ("notes.selections", {"few": "1,2,99999"}, "Expected indices"),
    ("view", [0, 5], "dimensions below 2"),
    ("view", [1, 1], "two different"),
    ("view", "sideways", "a view of two"),
    ("hidden", [10], "from 0 to 9"),
    ("hidden", list(range(5000)), "at most 10 hidden"),
    ("layers", {"dots": 1}, "layers of the map"),
    ("ink", "blood", "ink as"),
    ("frame", None, "frame as"),
]


@pytest.mark.parametrize(
    ("way", "value", "says"), WRONG, ids=[f"{w} {v!r:.20}" for w, v, _ in WRONG]
)
def test_what_makes_no_sense_is_refused_in_a_sentence_and_nothing_changes(
    state: ExplorerState, file: Path, way: str, value: object, says: str
) -> None:
    values = written(state, file)
    put(values, way, value)
    file.write_text(json.dumps(values), encoding="utf-8")
    before = seen(state)
    with pytest.raises(BvaeError, match=says) as refused:
        read_session(file).restore(state)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 600
    assert seen(state) == before


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"schema_version": NaN}', b"[" * 100_000,
        b'{"schema_version": ' + b"9" * 10_000 + b"}",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_session_at_all(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BvaeError, match="no session"):
        read_session(file)


def test_a_huge_file_is_not_read_whole(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(BvaeError, match="at most 16,777,216 bytes"):
        read_session(file)


def test_no_file_at_all(file: Path) -> None:
    with pytest.raises(BvaeError, match="could not be read"):
        read_session(file)


@functools.cache
def good() -> dict[str, Any]:
    session = Session.of(opened())
    return {
        "program": "p", "schema_version": 1, "theme": "light",
        "model": {"name": session.name, "fingerprint": session.fingerprint},
        "layout": {"parts": {}, "tool": None, "seen": [[-1, 1], [0, 2.5]]}, **session.values,
    }  # fmt: skip


def ways(values: object, way: tuple[str, ...] = ()) -> list[str]:
    """Return the ways to all values within others."""
    items: Any = values.items() if isinstance(values, dict) else ()
    if isinstance(values, list):
        items = enumerate(values)
    found = [".".join(way)] if way else []
    for name, value in items:
        found += ways(value, (*way, str(name)))
    return found


_anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda each: st.one_of(
        st.lists(each, max_size=3), st.dictionaries(st.text(), each, max_size=3)
    ),
    max_leaves=5,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(data=st.data())
def test_whatever_stands_in_a_file_it_is_restored_or_refused(
    state: ExplorerState, file: Path, data: st.DataObject
) -> None:
    values = copy.deepcopy(good())
    put(values, data.draw(st.sampled_from(ways(values))), data.draw(_anything))
    file.write_text(json.dumps(values), encoding="utf-8")
    before = seen(state)
    try:
        session = read_session(file)
        session.check(state.model)
    except BvaeError:
        assert seen(state) == before
    else:
        session.restore(state)
