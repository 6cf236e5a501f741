import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core import kana
from bvae_core.errors import AnchorError
from bvae_core.latent import (
    ClassAnchor,
    DirectionTerm,
    ImageAnchor,
    PointAnchor,
    SumAnchor,
    anchor_label,
    anchor_text,
    centroid,
    check_direction_name,
    exemplar,
    find_class,
    parse_anchor,
    resolve,
    with_directions,
)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("き", ClassAnchor("き")),
        ("ki", ClassAnchor("ki")),
        ("8", ClassAnchor("8")),
        ("８", ClassAnchor("8")),
        ("class:8", ClassAnchor("8")),
        ("class:#5", ClassAnchor("#5")),
        ("centroid:き", ClassAnchor("き", mean=True)),
        ("Ankle boot", ClassAnchor("Ankle boot")),
        ("#1234", ImageAnchor(1234)),
        ("image:1234", ImageAnchor(1234)),
        (" # 7 ", ImageAnchor(7)),
        ("0.5,-1.2", PointAnchor((0.5, -1.2))),
        ("0.5, -1.2 , 3e-1", PointAnchor((0.5, -1.2, 0.3))),
        ("-1", PointAnchor((-1.0,))),
        ("0.5", PointAnchor((0.5,))),
        ("8,", PointAnchor((8.0,))),
        ("z:8", PointAnchor((8.0,))),
        ("left: right", ClassAnchor("left: right")),
    ],
)
def test_what_people_type(text, anchor):
    assert parse_anchor(text) == anchor


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing"),
        ("   ", "nothing"),
        ("#", "index"),
        ("#-1", "index"),
        ("#1.5", "index"),
        ("#" + "9" * 5000, "index"),
        ("image:ki", "index"),
        ("centroid:", "after the colon"),
        ("nan,0", "finite"),
        ("1,inf", "finite"),
        ("z:one", "numbers"),
    ],
)
def test_what_is_no_anchor(text, says):
    with pytest.raises(AnchorError, match=says):
        parse_anchor(text)


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_any_text_is_an_anchor_or_a_clear_error(text):
    try:
        anchor = parse_anchor(text)
    except AnchorError:
        return
    assert isinstance(anchor, ClassAnchor | ImageAnchor | PointAnchor | SumAnchor)


@given(st.lists(st.floats(-1000, 1000, width=32), min_size=2, max_size=9))
def test_coordinates_come_back_as_they_were_typed(numbers):
    anchor = parse_anchor(",".join(map(repr, numbers)))
    place = resolve(anchor, np.zeros((1, len(numbers)), np.float32), None, ())
    np.testing.assert_array_equal(place, np.float32(numbers))


@pytest.mark.parametrize("text", ["き", "ki", "KI", "1", "class:ki"])
def test_a_class_has_a_name_a_reading_and_a_number(text):
    anchor = parse_anchor(text)
    assert isinstance(anchor, ClassAnchor)
    assert find_class(anchor.name, kana.KMNIST) == 1


def test_a_name_goes_before_a_number():
    assert find_class("1", ("0", "2", "1")) == 2
    assert find_class("0", ("a", "b")) == 0


def test_voicing_marks_may_stand_apart():
    assert find_class("か\u3099", ("か", "が")) == 1


def test_a_reading_that_two_classes_share_names_neither():
    with pytest.raises(AnchorError, match=r"0 \(じ\), 1 \(ぢ\)"):
        find_class("ji", ("じ", "ぢ"))


def test_an_unknown_class_is_answered_with_what_there_is():
    with pytest.raises(AnchorError, match=r"'mu'.*0 お, 1 き, .*9 を"):
        find_class("mu", kana.KMNIST)
    with pytest.raises(AnchorError, match="… 48 ゝ"):
        find_class("49", kana.KUZUSHIJI_49)


def test_places():
    latents = np.array([[0, 0], [1, 1], [1, 3], [9, 9]], dtype=np.float32)
    labels = np.array([0, 1, 1, 0])

    def place(text):
        return resolve(parse_anchor(text), latents, labels, ("お", "き")).tolist()

    assert place("#3") == [9, 9]
    assert place("centroid:き") == [1, 2]
    assert place("0.5,-1") == [0.5, -1]
    assert place("ki") in ([1, 1], [1, 3])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("#4", "#0 to #3"),
        ("1,2,3", "Expected 2 numbers, such as 0.5,-1.2. Received: 3"),
        ("1e39,0", "fit in 32 bits"),
        ("す", "す, which has none"),
    ],
)
def test_places_that_are_not_there(text, says):
    latents = np.arange(8, dtype=np.float32).reshape(4, 2)
    with pytest.raises(AnchorError, match=says):
        resolve(parse_anchor(text), latents, np.array([0, 1, 1, 0]), ("お", "き", "す"))


def test_without_labels_there_are_no_classes():
    with pytest.raises(AnchorError, match="no classes"):
        resolve(parse_anchor("ki"), np.zeros((3, 2), np.float32), None, ())


def test_a_place_is_a_copy():
    latents = np.zeros((3, 2), dtype=np.float32)
    resolve(ImageAnchor(0), latents, None, ())[:] = 7
    assert (latents == 0).all()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ki", "き ki"),
        ("centroid:1", "mean of き ki"),
        ("#12", "#12"),
        ("0.5,-1.25", "(0.5, −1.25)"),
        ("1,2,3,4", "(1, 2, 3, …)"),
    ],
)
def test_labels_for_figures(text, label):
    assert anchor_label(parse_anchor(text), kana.KMNIST) == label


def test_the_exemplar_of_a_torn_class_lies_in_one_of_its_parts():
    """The mean of two far clusters lies in the other class between them; the exemplar doesn't."""
    rng = np.random.default_rng(1)
    torn = np.concatenate([rng.normal((-5, 0), 0.5, (300, 2)), rng.normal((5, 0), 0.7, (200, 2))])
    other = rng.normal((0, 0), 1.0, (500, 2))
    latents = np.concatenate([torn, other]).astype(np.float32)
    labels = np.repeat([0, 1], 500)
    assert np.linalg.norm(centroid(latents, labels, 0)) < 2
    np.testing.assert_allclose(latents[exemplar(latents, labels, 0)], [-5, 0], atol=0.5)


def test_the_exemplar_is_not_in_a_small_knot_beside_most_of_its_class():
    rng = np.random.default_rng(0)
    knot = rng.normal((4, 0), 0.01, size=(14, 2))
    most = rng.normal((-4, 0), 0.5, size=(186, 2))
    other = rng.normal((0, 4), 0.5, size=(200, 2))
    latents = np.concatenate([knot, most, other]).astype(np.float32)
    labels = np.repeat([0, 1], 200)
    np.testing.assert_allclose(latents[exemplar(latents, labels, 0)], [-4, 0], atol=0.5)


def test_the_exemplar_keeps_away_from_a_denser_class_that_overlaps():
    rng = np.random.default_rng(2)
    wide, dense = rng.normal((0, 0), 1.0, (1000, 2)), rng.normal((0.7, 0), 0.3, (3000, 2))
    latents = np.concatenate([wide, dense]).astype(np.float32)
    labels = np.repeat([0, 1], [1000, 3000])
    place = latents[exemplar(latents, labels, 0)]
    assert np.linalg.norm(place - [0.7, 0]) > 0.9
    assert np.linalg.norm(place) < 1.5
    np.testing.assert_allclose(latents[exemplar(latents, labels, 1)], [0.7, 0], atol=0.3)


def test_the_exemplar_follows_codes_that_change():
    rng = np.random.default_rng(5)
    latents = np.concatenate(
        [rng.normal(place, 0.5, (100, 2)) for place in (-3, 3)], dtype=np.float32
    )
    labels = np.repeat([0, 1], 100)
    first = exemplar(latents, labels, 0)
    assert exemplar(latents.copy(), labels, 0) == first
    latents[first] = (0, 9)
    assert exemplar(latents, labels, 0) != first
    assert exemplar(latents, 1 - labels, 0) >= 100


@pytest.mark.parametrize("members", [1, 2, 3])
def test_the_exemplar_of_a_handful_is_one_of_them(members):
    latents = np.arange(20, dtype=np.float32).reshape(10, 2)
    labels = (np.arange(10) >= members).astype(np.int64)
    assert exemplar(latents, labels, 0) < members


def test_the_only_class_has_an_exemplar_and_a_missing_one_has_none():
    latents = np.random.default_rng(3).normal(size=(500, 3)).astype(np.float32)
    labels = np.zeros(500, dtype=np.int64)
    assert np.linalg.norm(latents[exemplar(latents, labels, 0)]) < 1
    with pytest.raises(AnchorError, match="none"):
        exemplar(latents, labels, 1)
    with pytest.raises(AnchorError, match="none"):
        centroid(latents, labels, 1)


def test_an_exemplar_is_found_within_a_second_and_is_always_the_same():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 10, 70_000)
    latents = rng.normal(size=(70_000, 128)).astype(np.float32)
    latents[:, :10] += 3 * np.eye(10, dtype=np.float32)[labels]
    start = time.process_time()
    first = exemplar(latents, labels, 5)
    assert time.process_time() - start < 2  # of all cores together
    assert labels[first] == 5
    assert first == exemplar(latents, labels, 5)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("sum:き - れ + お", [(1, "き"), (-1, "れ"), (1, "お")]),
        ("sum:き -れ +お", [(1, "き"), (-1, "れ"), (1, "お")]),
        ("sum:- 2*ki + 0.5 × centroid:re", [(-2, "ki"), (0.5, "centroid:re")]),
        ("sum:-れ", [(-1, "れ")]),
        ("sum:#5 − image:7", [(1, "#5"), (-1, "#7")]),
        ("sum:0.5, -1.2 - -3,4", [(1, "0.5,-1.2"), (-1, "-3,4")]),
        ("sum:-0.5,1 + .5*8", [(1, "-0.5,1"), (0.5, "8")]),
        ("sum:T-shirt/top - Ankle boot", [(1, "T-shirt/top"), (-1, "Ankle boot")]),
        ("ＳＵＭ： ８ ＋ ３", [(1, "8"), (1, "3")]),
    ],
)
def test_sums_of_places(text, terms):
    expected = tuple((float(weight), parse_anchor(place)) for weight, place in terms)
    assert parse_anchor(text) == SumAnchor(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sum:", "sum:8 - 3"),
        ("sum:き - ", "signs between"),
        ("sum:き - sum:れ", "inside another"),
        ("sum:1.2.3*き", "weight such as"),
        ("sum:9e999*き", "weight such as"),
        ("sum:#x + き", "index"),
        ("sum:" + "1 + " * 99 + "1", "at most 32"),
    ],
)
def test_what_is_no_sum(text, says):
    with pytest.raises(AnchorError, match=says):
        parse_anchor(text)


@settings(max_examples=100)
@given(st.text(alphabet="sum:き#,.*- +−019z", max_size=24).map(lambda text: "sum:" + text))
def test_any_sum_is_an_anchor_or_a_clear_error(text):
    try:
        anchor = parse_anchor(text)
    except AnchorError:
        return
    assert isinstance(anchor, SumAnchor)
    assert all(np.isfinite(weight) for weight, _ in anchor.terms)


numbers = st.floats(-1000, 1000, width=32)
simple = st.one_of(
    st.sampled_from([ClassAnchor("き"), ClassAnchor("T-shirt/top"), ClassAnchor("8", mean=True)]),
    st.integers(0, 10**9).map(ImageAnchor),
    st.lists(numbers, min_size=1, max_size=4).map(lambda values: PointAnchor(tuple(values))),
)
directions = st.sampled_from(["slanted", "き not the rest", "T-shirt", "２ wide"]).map(
    lambda name: DirectionTerm(unicodedata.normalize("NFKC", name))
)
sums = st.lists(st.tuples(numbers, st.one_of(simple, directions)), min_size=1, max_size=9)


@given(st.one_of(simple, sums.map(lambda terms: SumAnchor(tuple(terms)))))
def test_an_anchor_comes_back_from_its_text(anchor):
    assert parse_anchor(anchor_text(anchor)) == anchor


def test_a_name_with_a_sign_of_its_own_is_no_text_in_a_sum():
    with pytest.raises(AnchorError, match="the class's number"):
        anchor_text(SumAnchor(((1.0, ClassAnchor("left - right")),)))


@given(st.lists(st.tuples(numbers, st.integers(0, 4)), min_size=1, max_size=9))
def test_a_sum_is_the_sum_of_its_places(terms):
    latents = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    anchor = SumAnchor(tuple((weight, ImageAnchor(index)) for weight, index in terms))
    expected = sum(weight * latents[index].astype(float) for weight, index in terms)
    np.testing.assert_allclose(resolve(anchor, latents, None, ()), expected, rtol=1e-5, atol=1e-2)


def test_sums_that_are_nowhere():
    latents = np.zeros((3, 2), np.float32)
    with pytest.raises(AnchorError, match="#0 to #2"):
        resolve(parse_anchor("sum:#0 - #3"), latents, None, ())
    with pytest.raises(AnchorError, match="finite"):
        resolve(parse_anchor("sum:9e30*9e30,1"), latents, None, ())


def test_a_sums_label():
    assert (
        anchor_label(parse_anchor("sum:ki - 0.5*re + #7"), kana.KMNIST) == "き ki − 0.5·れ re + #7"
    )
    assert anchor_label(parse_anchor("sum:- ki"), kana.KMNIST) == "− き ki"


# -- directions ----------------------------------------------------------------------------------


def test_directions_become_coordinates_and_nothing_else_changes():
    anchor = parse_anchor("sum:き - 2*direction:slanted + direction:Bold")
    settled = with_directions(anchor, {"bold": (0.5, 1), "slanted": (0.1, 0), "other": (9, 9)})
    assert anchor_text(settled) == "sum:class:き - 2.0*z:0.1,0.0 + z:0.5,1.0"
    assert with_directions(parse_anchor("き"), {}) == parse_anchor("き")


def test_a_direction_is_found_by_its_very_name_before_one_in_other_capitals():
    both = {"BOLD": (1.0,), "bold": (2.0,)}
    for name, value in (("bold", 2), ("BOLD", 1), ("Bold", 1)):
        settled = with_directions(parse_anchor(f"sum:direction:{name}"), both)
        assert settled == SumAnchor(((1.0, PointAnchor((value,))),))


def test_a_direction_that_there_is_not():
    anchor = parse_anchor("sum:き + direction:steep")
    with pytest.raises(AnchorError, match=r"this model: slanted, bold\. Received: .steep"):
        with_directions(anchor, {"slanted": (1, 0), "bold": (0, 1)})
    with pytest.raises(AnchorError, match="saved with this model: none"):
        resolve(anchor, np.zeros((3, 2), np.float32), np.zeros(3, np.int64), ("き",))


def test_a_direction_is_no_place_by_itself():
    with pytest.raises(AnchorError, match="needs a place to start from"):
        parse_anchor("direction:slanted")


def test_a_directions_name_can_be_typed_in_a_sum():
    for name in ("き not the rest", "T-shirt", "a+b", "-x"):
        check_direction_name(name)
        assert parse_anchor(f"sum:#1 - direction:{name}").terms[1] == (-1, DirectionTerm(name))
    for name in ("", "  ", "き - れ", "き − れ", "a +b"):
        with pytest.raises(AnchorError, match="without a space before"):
            check_direction_name(name)


def test_a_directions_label_is_its_name():
    anchor = parse_anchor("sum:ki + 0.5*direction:slanted")
    assert anchor_label(anchor, kana.KMNIST) == "き ki + 0.5·slanted"
