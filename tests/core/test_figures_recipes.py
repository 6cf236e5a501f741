import json
import math
import shlex
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bvae_core import kana
from bvae_core.errors import AnchorError, BvaeError, DataError
from bvae_core.figures import (
    RECIPES,
    ContactRecipe,
    EquationRecipe,
    GridRecipe,
    ImageRecipe,
    MapRecipe,
    MorphRecipe,
    Recipe,
    TraversalRecipe,
    read_metadata,
    read_recipe,
)
from bvae_core.figures.limits import ANCHORS, FPS, FRAMES, SCALE, SIDE, STEPS, STRENGTH
from bvae_core.latent import analogy
from bvae_core.originals import Originals


@dataclass
class Model:
    """Decodes a place to an image that is as grey as the place is far right, and remembers it."""

    latents: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...] = kana.KMNIST
    name: str = "test"
    fingerprint: str = "f" * 64
    image_shape: tuple[int, int, int] = (12, 10, 1)
    decoded: list[np.ndarray] = field(default_factory=list)

    @property
    def log_var(self) -> np.ndarray:
        return np.full_like(self.latents, -3)

    def decode(self, z):
        assert z.ndim == 2
        assert z.dtype == np.float32
        self.decoded.append(z)
        grey = 1 / (1 + np.exp(-z[:, 0].astype(np.float64)))
        return np.tile(grey[:, None, None], (1, *self.image_shape[:2])).astype(np.float32)


def model(dimensions=2):
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 10
    codes = rng.normal(size=(300, dimensions)).astype(np.float32)
    codes[:, 0] += labels
    return Model(codes, labels)


ONE_OF_EACH = [
    ImageRecipe(at="ki"),
    ImageRecipe(at="#3", scale=7, theme="dark", ink="screen"),
    EquationRecipe(a="ki", b="sum:8 - 3 + 5", c="0.5,-1"),
    EquationRecipe(a="ki", b="8", c="#4", strength=-1.25, theme="dark", labels=False, scale=1),
    MapRecipe(),
    MapRecipe(anchors=("ki", "8"), classes=("ki", "class:8", "や"), density=False),
    MapRecipe(labels=False, theme="dark"),
    MapRecipe(selection="0-9,40"),
    ContactRecipe(selection="3,5-9", most=4, ink="screen"),
    MapRecipe(manifold=True, magnification=True, spacing="prior", dots=False, names=False),
    MorphRecipe(anchors=("ki", "8"), path="spherical"),
    MorphRecipe(anchors=("ki", "8", "#4"), frames=40, labels=False, scale=3),
    MorphRecipe(anchors=("0", "1", "2", "3"), frames=3),
    GridRecipe(rows=3, columns=4),
    GridRecipe(rows=3, columns=4, corners=("#0", "#1", "#2", "centroid:ki"), theme="dark"),
    TraversalRecipe(at="#3", steps=5),
    TraversalRecipe(dimension=0, over="quantiles", extent=0.2, ink="screen"),
]


@pytest.mark.parametrize("recipe", ONE_OF_EACH, ids=repr)
def test_a_recipe_knows_its_figure_s_size_and_comes_back_from_its_png(tmp_path, recipe):
    explored = model()
    size = recipe.size(explored)
    assert explored.decoded == []
    recipe.export(explored, tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.size == size
        in_memory = recipe.figure(explored)
        in_memory.canvas.draw()
        drawn = np.asarray(in_memory.canvas.buffer_rgba())
        np.testing.assert_array_equal(np.asarray(picture.convert("RGBA")), drawn)
    assert read_recipe(tmp_path / "figure.png", explored) == recipe


@pytest.mark.parametrize(
    ("suffix", "dimensions"),
    [("png", 1), ("svg", 7), pytest.param("pdf", 2, marks=pytest.mark.slow)],
)
def test_every_figure_of_every_space(tmp_path, suffix, dimensions):
    explored = model(dimensions)
    for recipe in (
        ImageRecipe(at="8"),
        MapRecipe(anchors=("ki", "8")),
        MorphRecipe(anchors=("ki", "8"), path="spherical"),
        MorphRecipe(anchors=("ki", "sum:8 - ki + #4"), path="geodesic"),
        MapRecipe(anchors=("ki", "8", "#2"), path="dense"),
        GridRecipe(rows=3, columns=4),
        GridRecipe(corners=("0", "1", "2", "3"), rows=3, columns=2, path="geodesic"),
        TraversalRecipe(at="#3", steps=5),
        ContactRecipe(selection="0-2,5"),
        EquationRecipe(a="ki", b="8", c="#2", strength=0.5),
        MapRecipe(selection="3-8,11"),
    ):
        recipe.export(explored, tmp_path / f"{recipe.kind}.{suffix}")
    assert {path.stem for path in tmp_path.iterdir()} == set(RECIPES)


def test_a_contact_sheet_shows_the_selected_images_in_order(tmp_path):
    explored = model()
    recipe = ContactRecipe(selection="2,5-7")
    recipe.export(explored, tmp_path / "sheet.png")
    (shown,) = explored.decoded
    np.testing.assert_array_equal(shown, explored.latents[[2, 5, 6, 7]])
    assert read_recipe(tmp_path / "sheet.png", explored) == recipe
    with Image.open(tmp_path / "sheet.png") as picture:
        assert picture.size == recipe.size(explored)


def test_a_contact_sheet_of_originals_shows_them_and_decodes_nothing():
    explored = model()
    pixels = np.random.default_rng(3).integers(0, 256, (300, 12, 10), dtype=np.uint8)
    recipe = ContactRecipe(selection="2,5-7", originals=True, ink="screen", scale=1, labels=False)
    figure = recipe.figure(explored, Originals(pixels[..., None]))
    figure.canvas.draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[32:44, ..., 0]
    for tile, image in enumerate((2, 5, 6, 7)):
        np.testing.assert_array_equal(drawn[:, 32 + 12 * tile :][:, :10], pixels[image])
    assert explored.decoded == []
    said = json.loads(json.dumps(recipe.metadata(explored)))
    assert read_recipe(said, explored) == recipe


def test_originals_that_are_not_at_hand_are_said_to_be_missing(tmp_path):
    recipe = ContactRecipe(selection="2", originals=True)
    recipe.check(model())  # wherever the images are, the selection is the model's
    refused(lambda: recipe.export(model(), tmp_path / "sheet.png"), match="to be at hand")
    assert list(tmp_path.iterdir()) == []


def test_of_many_selected_images_some_are_shown_from_the_first_to_the_last(tmp_path):
    explored = model()
    ContactRecipe(selection="0-20", most=5).export(explored, tmp_path / "sheet.png")
    (shown,) = explored.decoded
    np.testing.assert_array_equal(shown, explored.latents[[0, 5, 10, 15, 20]])


def test_a_map_with_a_selection_is_another_and_says_which_images(tmp_path):
    explored = model()
    plain, some = MapRecipe(), MapRecipe(selection="1,3,5")
    plain.export(explored, tmp_path / "plain.png")
    some.export(explored, tmp_path / "some.png")
    assert (tmp_path / "plain.png").read_bytes() != (tmp_path / "some.png").read_bytes()
    assert read_metadata(tmp_path / "some.png")["selection"] == "1,3,5"
    assert read_recipe(tmp_path / "some.png", explored) == some


@pytest.mark.parametrize("selection", ["a", 3, ["1"], None, "1" * 400_001, "bits:é"])
def test_what_is_no_selection_is_refused_when_the_recipe_is_made(selection):
    with pytest.raises(AnchorError, match=r"^selection: Expected"):
        MapRecipe(selection=selection)


@pytest.mark.parametrize("selection", ["9999999", "5-2", "bits:AAAA", "1,,2"])
def test_a_selection_that_the_model_has_not_is_refused(selection):
    for recipe in (MapRecipe(selection=selection), ContactRecipe(selection=selection)):
        with pytest.raises(DataError, match=r"^images: Expected"):
            recipe.check(model())


def test_an_image_alone_is_its_pixels_enlarged(tmp_path):
    explored = model()
    pixels = np.random.default_rng(3).integers(0, 256, (12, 10), dtype=np.uint8)
    explored.decode = lambda _: pixels[None] / np.float32(255)
    ImageRecipe(at="0,0", ink="screen", scale=5).export(explored, tmp_path / "image.png")
    with Image.open(tmp_path / "image.png") as picture:
        grey = np.asarray(picture.convert("RGB"))
    np.testing.assert_array_equal(grey[..., 0], pixels.repeat(5, axis=0).repeat(5, axis=1))


def test_an_equation_shows_its_terms_and_where_they_lead_with_signs_between(tmp_path):
    explored = model()
    recipe = EquationRecipe(a="#1", b="ki", c="0.5,-1", strength=-0.5)
    figure = recipe.figure(explored)
    a, b, c, result = explored.decoded[0]
    np.testing.assert_array_equal(result, analogy(a, b, c, -0.5))
    np.testing.assert_array_equal([a, c], [explored.latents[1], [0.5, -1]])
    written = [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    assert written == ["−0.5 · (", "−", ") +", "=", "#1", "き ki", "(0.5, −1)", "result"]
    plain = replace(recipe, strength=1, labels=False).figure(explored)
    assert [text.get_text() for text in plain.axes[0].texts if text.get_text()] == ["−", "+", "="]


def test_a_morph_goes_from_anchor_to_anchor(tmp_path):
    explored = model()
    MorphRecipe(anchors=("#1", "0,0", "#2"), frames=9).export(explored, tmp_path / "morph.png")
    (way,) = explored.decoded
    np.testing.assert_array_equal(
        way[[0, 4, 8]], [explored.latents[1], [0, 0], explored.latents[2]]
    )


def test_a_png_says_what_it_was_made_from_and_with(tmp_path):
    recipe = MorphRecipe(anchors=("ki", "re"), frames=5, theme="dark")
    recipe.export(model(), tmp_path / "morph.png")
    said = read_metadata(tmp_path / "morph.png")
    assert said["program"].startswith("bvae-explorer ")
    assert (said["figure"], said["model"], said["fingerprint"]) == ("morph", "test", "f" * 64)
    assert (said["anchors"], said["frames"], said["theme"]) == (["ki", "re"], 5, "dark")


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_a_morph_can_move(tmp_path, suffix):
    explored = model()
    recipe = MorphRecipe(anchors=("0", "3"), frames=6, bounce=True)
    recipe.export(explored, tmp_path / f"morph.{suffix}")
    pictures = recipe.animation(explored)
    assert len(pictures) == 10
    assert recipe.animation_size(explored) == pictures.shape[2:0:-1]
    with Image.open(tmp_path / f"morph.{suffix}") as movie:
        assert movie.n_frames == len(pictures)
        for index, picture in enumerate(pictures):
            movie.seek(index)
            np.testing.assert_array_equal(np.asarray(movie.convert("RGB")), picture)


def test_a_grid_between_corners_names_them():
    explored = model()
    recipe = GridRecipe(rows=3, columns=5, corners=("#0", "#1", "#2", "ki"))
    figure = recipe.figure(explored)
    places = explored.decoded[0].reshape(3, 5, 2)
    found = [places[0, 0], places[0, -1], places[-1, 0]]
    np.testing.assert_array_equal(found, explored.latents[:3])
    written = [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    assert written == ["#0", "#1", "#2", "き ki"]
    assert not [text.get_text() for text in replace(recipe, labels=False).figure(explored).texts]


@pytest.mark.parametrize("over", ["sigmas", "prior", "data", "quantiles"])
def test_a_traversal_of_one_dimension(over):
    explored = model(3)
    TraversalRecipe(at="1,2,3", dimension=2, steps=7, over=over).figure(explored)
    (places,) = explored.decoded
    np.testing.assert_array_equal(places[:, :2], [[1, 2]] * 7)
    assert (np.diff(places[:, 2]) > 0).all()


def test_a_traversal_of_every_dimension_has_the_most_informative_first():
    explored = model(3)
    explored.latents[:, 1] *= 3
    recipe = TraversalRecipe(at="1,2,3", steps=5, over="data")
    figure = recipe.figure(explored)
    rows = explored.decoded[0].reshape(3, 5, 3)
    varied = [int(np.ptp(row, axis=0).argmax()) for row in rows]
    kl = (explored.latents**2 + np.exp(-3) - 1 + 3).mean(axis=0) / 2
    assert varied == np.argsort(-kl).tolist()
    written = [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    for words, dimension in zip(written, varied, strict=True):
        assert words.startswith(f"z{'₁₂₃'[dimension]} · {kl[dimension]:.2f} nats ")


def test_a_dimension_that_says_nothing_is_drawn_faintly():
    explored = model(2)
    explored.latents[:, 1] = 0
    recipe = TraversalRecipe(steps=4, labels=False)
    alive = contrast(recipe.figure(explored))
    dead = Model(explored.latents, explored.labels)
    dead_log_var = np.full_like(explored.latents, -3)
    dead_log_var[:, 1] = 0  # the posterior is the prior
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Model, "log_var", dead_log_var)
        faint = contrast(recipe.figure(dead))
    assert faint[0] == alive[0]
    assert 0 < faint[1] < alive[1] / 2


def contrast(figure) -> list[float]:
    """Return how far apart black and white are in the upper and the lower half of a figure."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(float).mean(axis=-1)
    half = len(pixels) // 2
    ground = pixels[0, 0]
    return [float(np.abs(part - ground).max()) for part in (pixels[:half], pixels[half:])]


def test_a_map_of_some_classes_has_their_dots_alone():
    explored = model()
    figure = MapRecipe(classes=("ki", "8")).figure(explored)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["き ki", "れ re"]
    (dots,) = [each for each in figure.axes[0].collections if len(each.get_offsets()) > 1]
    assert len(dots.get_offsets()) == 60
    assert any("60 of 300 images" in text.get_text() for text in figure.texts)


def refused(make, *, match):
    """Expect one sentence, and none of Python's own errors."""
    with pytest.raises(BvaeError, match=match) as caught:
        make()
    assert "Expected" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: MorphRecipe(anchors=("0",)), "anchors: Expected 2 to 8 places. Received: 1"),
        (lambda: MorphRecipe(anchors=("0",) * 9), "2 to 8 places. Received: 9"),
        (lambda: MorphRecipe(anchors="ki"), "places. Received: 'ki'"),
        (lambda: MorphRecipe(anchors=("0", 1)), "as people type it. Received: 1"),
        (lambda: MorphRecipe(anchors=("0", "\0")), "as people type it"),
        (lambda: MorphRecipe(anchors=("0", "\ud800")), "as people type it"),
        (lambda: MorphRecipe(anchors=("0", "1" * 5000)), "as people type it"),
        (lambda: MorphRecipe(anchors=("0", "1"), frames=51), "from 2 to 50. Received: 51"),
        (lambda: MorphRecipe(anchors=("0", "1"), frames=10**9000), "very many digits|Received: 1"),
        (lambda: MorphRecipe(anchors=("0", "1"), frames=True), "frames: .* Received: True"),
        (lambda: MorphRecipe(anchors=("0", "1"), fps=math.nan), "fps: .* Received: nan"),
        (lambda: MorphRecipe(anchors=("0", "1"), fps=10**400), "fps: Expected a number from 0.1"),
        (
            lambda: MorphRecipe(anchors=("0", "1"), path="zigzag"),
            "straight, spherical, geodesic or dense",
        ),
        (lambda: MorphRecipe(anchors=("0", "1"), loop=1), "loop: Expected true or false"),
        (lambda: MapRecipe(anchors=("0",)), "2 to 8 places, or none"),
        (lambda: MapRecipe(axes=(1, 1)), "two different dimensions"),
        (lambda: MapRecipe(axes=(0, 1, 2)), "axes: Expected two dimensions"),
        (lambda: MapRecipe(theme="sepia"), "light or dark. Received: 'sepia'"),
        (lambda: GridRecipe(corners=("0",) * 3), "4 places, or none. Received: 3"),
        (lambda: GridRecipe(rows=101), "rows: .* from 2 to 100"),
        (lambda: EquationRecipe(a="ki", b="8", c="0", strength=3.5), "strength: .* from -3 to 3"),
        (lambda: EquationRecipe(a="ki", b="8", c="0", strength=math.nan), "strength: .* nan"),
        (lambda: ImageRecipe(at="ki", scale=65), "scale: .* from 1 to 64"),
        (lambda: TraversalRecipe(over="everything"), "sigmas, prior, data or quantiles"),
        (lambda: TraversalRecipe(over="prior", extent=0.5), "tail"),
        (lambda: TraversalRecipe(over="data", extent=math.inf), "extent: Expected a finite"),
        (lambda: TraversalRecipe(dimension=128), "dimension: .* from 0 to 127"),
    ],
)
def test_a_recipe_refuses_what_is_none(make, match):
    refused(make, match=match)


@pytest.mark.parametrize(
    ("recipe", "match"),
    [
        (MorphRecipe(anchors=("0", "mu")), "Classes: 0 お"),
        (MorphRecipe(anchors=("0", "0,0,0")), "Expected 2 numbers"),
        (MorphRecipe(anchors=("0", "")), "nothing"),
        (MorphRecipe(anchors=("0", "1e30,0")), "within ±1,000,000. Received: 1e\\+30"),
        (ImageRecipe(at="1e300,0"), "fit in 32 bits"),
        (EquationRecipe(a="ki", b="mu", c="0"), "Classes: 0 お"),
        (EquationRecipe(a="9e5,0", b="-9e5,0", c="0"), "equation: .* within ±1,000,000"),
        (ImageRecipe(at="#300"), "from #0 to #299"),
        (MapRecipe(axes=(0, 2)), "axes: Expected z₁ to z₂, .* Received: z₃"),
        (MapRecipe(classes=("mu",)), "Classes: 0 お"),
        (MapRecipe(classes=("centroid:ki",)), "a class by its name"),
        (MapRecipe(classes=("ki",) * 11), "at most 10. Received: 11"),
        (GridRecipe(axes=(2, 0)), "axes"),
        (GridRecipe(axes=(2, 0), corners=("0",) * 4), "axes"),
        (TraversalRecipe(dimension=2), "dimension: Expected z₁ to z₂"),
    ],
)
def test_what_a_model_lacks_is_said_before_anything_is_decoded(tmp_path, recipe, match):
    explored = model()
    refused(lambda: recipe.check(explored), match=match)
    refused(lambda: recipe.figure(explored), match=match)
    refused(lambda: recipe.export(explored, tmp_path / "figure.png"), match=match)
    assert explored.decoded == []
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_classes_has_none_to_choose():
    explored = replace(model(), labels=None, class_names=())
    refused(lambda: MapRecipe(classes=("ki",)).check(explored), match="no classes")
    assert MapRecipe().figure(explored).legends == []


def test_a_figure_that_is_too_large_is_refused_before_it_is_decoded(tmp_path):
    explored = replace(model(), image_shape=(256, 256, 1))
    for recipe in (GridRecipe(rows=100, columns=100, scale=2), TraversalRecipe(steps=50, scale=64)):
        refused(lambda: recipe.size(explored), match="pixels a side|megapixels")  # noqa: B023
        refused(lambda: recipe.figure(explored), match="smaller scale")  # noqa: B023
    moving = MorphRecipe(anchors=("0", "1"), scale=64)
    refused(lambda: moving.export(explored, tmp_path / "morph.gif"), match="animation: Expected")
    refused(lambda: moving.animation(explored), match="animation: Expected")
    assert explored.decoded == []


@pytest.mark.parametrize(
    ("recipe", "name", "match"),
    [
        (MorphRecipe(anchors=("0", "1")), "morph.mp4", r"\.gif or \.webp"),
        (GridRecipe(), "grid.gif", r"\.png or"),
        (ImageRecipe(at="0"), "image", r"\.png or"),
    ],
)
def test_a_file_of_another_kind_is_refused_before_anything_is_decoded(
    tmp_path, recipe, name, match
):
    explored = model()
    refused(lambda: recipe.export(explored, tmp_path / name), match=match)
    assert explored.decoded == []


def places(furthest):
    numbers = st.floats(-furthest, furthest, width=32)
    return st.one_of(
        st.sampled_from([*kana.KMNIST, "ki", "8", "class:1", "centroid:re"]),
        st.integers(0, 299).map("#{}".format),
        st.tuples(numbers, numbers).map(lambda z: f"{z[0]},{z[1]}"),
    )


PLACES = places(1e6)
TERMS = places(1e5)  # so that no sum is too far out
LOOK = {
    "theme": st.sampled_from(["light", "dark"]),
    "ink": st.sampled_from(["paper", "screen"]),
    "scale": st.none() | st.integers(*SCALE),
}
MAPS = {"theme": LOOK["theme"], "labels": st.booleans()}
PATHS = st.sampled_from(["straight", "spherical", "geodesic", "dense"])
ANCHOR_LISTS = st.lists(PLACES, min_size=ANCHORS[0], max_size=ANCHORS[1])
AXES = st.sampled_from([(0, 1), (1, 0)])
RECIPES_OF_A_PLANE = st.one_of(
    st.builds(ImageRecipe, at=PLACES, **LOOK),
    st.builds(
        EquationRecipe,
        a=TERMS,
        b=TERMS,
        c=TERMS,
        strength=st.floats(*STRENGTH),
        labels=st.booleans(),
        **LOOK,
    ),
    st.builds(
        MapRecipe,
        anchors=st.just(()) | ANCHOR_LISTS,
        frames=st.integers(*FRAMES),
        path=PATHS,
        axes=st.none() | AXES,
        density=st.booleans(),
        dots=st.booleans(),
        names=st.booleans(),
        magnification=st.booleans(),
        manifold=st.booleans(),
        spacing=st.sampled_from(["even", "prior"]),
        at=st.none() | PLACES,
        classes=st.lists(st.sampled_from([*kana.KMNIST, "ki", "8"]), max_size=10),
        **MAPS,
    ),
    st.builds(
        MorphRecipe,
        anchors=ANCHOR_LISTS,
        frames=st.integers(*FRAMES),
        path=PATHS,
        fps=st.floats(*FPS) | st.integers(1, 50),
        loop=st.booleans(),
        bounce=st.booleans(),
        labels=st.booleans(),
        **LOOK,
    ),
    st.builds(
        GridRecipe,
        corners=st.just(()) | st.lists(PLACES, min_size=4, max_size=4),
        rows=st.integers(*SIDE),
        columns=st.integers(*SIDE),
        path=PATHS,
        axes=AXES,
        labels=st.booleans(),
        **LOOK,
    ),
    st.builds(
        TraversalRecipe,
        at=st.none() | PLACES,
        dimension=st.none() | st.integers(0, 1),
        steps=st.integers(*STEPS),
        over=st.sampled_from(["prior", "quantiles", "data", "sigmas"]),
        extent=st.none() | st.floats(0.001, 0.499),
        labels=st.booleans(),
        **LOOK,
    ),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
PLANE = model()


@given(RECIPES_OF_A_PLANE)
def test_metadata_are_json_from_which_an_equal_recipe_comes_back(recipe):
    text = json.dumps(recipe.metadata(PLANE), allow_nan=False)
    assert read_recipe(json.loads(text), PLANE) == recipe


@given(RECIPES_OF_A_PLANE)
def test_a_command_names_only_what_is_not_as_usual(recipe):
    words = recipe.command("demo", "figure.png")
    assert shlex.split(shlex.join(words)) == words
    assert words[:4] == ["bvae", "export", recipe.kind, "demo"]
    assert words[-2:] == ["-o", "figure.png"]
    usual = {"--theme light", "--ink paper", "--path straight", "--frames 12", "--rows 20"}
    assert not usual & {" ".join(pair) for pair in pairwise(words)}


def test_a_command_as_people_would_type_it():
    recipe = MorphRecipe(anchors=("ki", "#12", "-0.5,1.2"), fps=24, bounce=True, ink="screen")
    assert shlex.join(recipe.command("my model", "morph.gif")) == (
        "bvae export morph 'my model' --from ki --via '#12' --to=-0.5,1.2 --fps 24 --bounce "
        "--ink screen -o morph.gif"
    )
    assert MapRecipe(axes=(0, 2)).command("-m", "-m.png") == [
        *("bvae", "export", "map", "--axes", "1", "3", "-o", "-m.png", "--", "-m"),
    ]


@given(st.dictionaries(st.text(max_size=9), JSON) | JSON)
def test_what_is_no_recipe_is_refused_in_one_sentence(metadata):
    if not isinstance(metadata, str):  # which would be a file's name
        refused(lambda: read_recipe(metadata, PLANE), match="Expected")


@settings(max_examples=300)
@given(RECIPES_OF_A_PLANE, st.data())
def test_no_value_of_any_setting_breaks_reading(recipe, data):
    metadata = recipe.metadata(PLANE)
    name = data.draw(st.sampled_from(sorted(metadata)))
    metadata[name] = data.draw(JSON)
    try:
        restored = read_recipe(metadata, PLANE)
    except BvaeError:
        return
    assert isinstance(restored, Recipe)
    restored.check(PLANE)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"figure": "sculpture"}, "image, map, morph, grid, traversal. Received: 'sculpture'"),
        ({"figure": None}, "Received: None"),
        ({"fingerprint": "0" * 64}, "the open model, test. Received: one of another model, 'test'"),
        ({"colour": "red"}, "settings that this version knows, .* Received: 'colour'"),
        ({"frames": 1e400}, "frames: Expected a whole number"),
        ({"anchors": ["ki", "0,0,0"]}, "Expected 2 numbers"),
        ({"anchors": ["ki", "mu"]}, "Classes: 0 お"),
    ],
)
def test_metadata_of_something_else_are_refused(changes, match):
    metadata = MorphRecipe(anchors=("ki", "8")).metadata(PLANE)
    refused(lambda: read_recipe(metadata | changes, PLANE), match=match)


def test_settings_that_a_file_does_not_mention_are_as_usual_but_places_must_be_there():
    metadata = MorphRecipe(anchors=("ki", "8"), frames=20).metadata(PLANE)
    del metadata["frames"]
    assert read_recipe(metadata, PLANE) == MorphRecipe(anchors=("ki", "8"))
    del metadata["anchors"]
    refused(lambda: read_recipe(metadata, PLANE), match="a setting called anchors")


def test_a_file_that_is_none_is_said_to_be_none(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        read_recipe(tmp_path / "missing.png", PLANE)
    with pytest.raises(DataError, match="Expected the name of a file"):
        read_recipe("\0.png", PLANE)


def test_a_recipe_stays_as_it_is_and_can_be_varied():
    recipe = MorphRecipe(anchors=["ki", "8"], fps=24)
    assert (recipe.anchors, recipe.fps) == (("ki", "8"), 24.0)
    assert {recipe, replace(recipe, fps=24.0)} == {recipe}
    with pytest.raises(AttributeError):
        recipe.fps = 3
    with pytest.raises(AnchorError):
        replace(recipe, anchors=())
