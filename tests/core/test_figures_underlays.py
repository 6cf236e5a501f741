"""Manifold and magnification as pictures."""

import numpy as np
import pytest

from bvae_core.figures import DARK, LIGHT
from bvae_core.figures.ink import rgb8
from bvae_core.figures.layers import Layers
from bvae_core.figures.underlays import Plane, manifold, relief
from bvae_core.latent import NeighbourProjection, principal_axes, tiling, two_axes

BOUNDS = ((-2.0, 2.0), (-1.0, 1.0))
SCALE = (0.01, 0.01)
SIDE = 8


def brighter_to_the_right(points):
    """Images, each of one brightness: black at −2, white at 2; the upper half of each is black."""
    images = np.zeros((len(points), SIDE, SIDE), np.float32)
    images[:, SIDE // 2 :] = np.clip((points[:, 0] + 2) / 4, 0, 1)[:, None, None]
    return images


def pixel(picture, x, y):
    """What a picture has at a point of the plane."""
    height, width = picture.pixels.shape[:2]
    column, row = ((np.array([x, y]) - picture.low) / (picture.high - picture.low)) * (
        width,
        height,
    )
    return picture.pixels[int(row), int(column)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_manifold_is_ink_where_the_decoder_is_bright(theme):
    tiles = tiling(BOUNDS, SCALE, (SIDE, SIDE), edge=20)
    picture = manifold(brighter_to_the_right, tiles, SCALE, theme, "paper")
    assert (picture.pixels[..., :3] == rgb8(theme.text)).all()
    lower, upper = -0.3 * tiles.cell[1], 0.3 * tiles.cell[1]
    row = tiles.points[np.abs(tiles.points[:, 1]).argmin(), 1]
    opacities = [int(pixel(picture, x, row + lower)[3]) for x in np.linspace(-1.8, 1.8, 9)]
    assert opacities == sorted(opacities)
    assert opacities[-1] > opacities[0] + 120
    assert pixel(picture, 1.8, row + upper)[3] < 10  # a tile's upper half is above its lower one


def test_grey_on_black_covers_what_is_below():
    tiles = tiling(BOUNDS, SCALE, (SIDE, SIDE), edge=20)
    picture = manifold(brighter_to_the_right, tiles, SCALE, LIGHT, "screen")
    seen = pixel(picture, 0.0, tiles.points[0, 1])
    assert seen[3] == 255
    assert pixel(picture, -1.9, 0.0)[0] < 20


def test_colours_stay_colours():
    def red(points):
        return np.tile(np.float32([1, 0, 0]), (len(points), SIDE, SIDE, 1))

    tiles = tiling(BOUNDS, SCALE, (SIDE, SIDE))
    picture = manifold(red, tiles, SCALE, LIGHT, "paper")
    assert pixel(picture, 0.5, 0.5).tolist() == [255, 0, 0, 255]


def test_a_magnification_is_strongest_where_the_image_changes_most():
    def a_border_at_0(points):
        step = 1 / (1 + np.exp(-8 * points[:, 0]))
        return np.stack([step, 0.1 * points[:, 1]], axis=1).astype(np.float32)[:, None]

    picture = relief(a_border_at_0, BOUNDS, LIGHT)
    assert (picture.pixels[..., :3] == rgb8(LIGHT.accent)).all()
    middle, side = pixel(picture, 0.0, 0.0)[3], pixel(picture, 1.5, 0.0)[3]
    assert middle > 140 > 20 > side
    np.testing.assert_allclose(picture.most, 8 / 4 * 0.1, rtol=0.1)  # the slope's, by 0.1
    assert picture.ratio > 100
    assert picture.ratio_text.startswith(("×", "more than"))


def test_a_decoder_that_does_not_care_has_no_magnification():
    picture = relief(lambda points: np.zeros((len(points), 4), np.float32), BOUNDS, LIGHT)
    assert picture.pixels[..., 3].max() == 0
    assert picture.ratio == pytest.approx(1)


class Model:
    """Decodes a code into an image of its third coordinate."""

    image_shape = (SIDE, SIDE, 1)

    def __init__(self, dimensions):
        random = np.random.default_rng(0)
        self.latents = random.normal(size=(200, dimensions)).astype(np.float32)

    def decode(self, z):
        level = np.clip(z[:, -1], 0, 1)
        return np.broadcast_to(level[:, None, None], (len(z), SIDE, SIDE)).astype(np.float32)


def test_the_plane_goes_through_the_place_that_is_asked_for():
    model = Model(3)
    view = two_axes(3, (0, 1))
    for level in (0.0, 0.4, 1.0):
        plane = Plane(model, view, np.float32([9, 9, level]))
        tiles = plane.tiling(BOUNDS, SCALE, edge=20, spacing="even")
        picture = plane.manifold(tiles, SCALE, LIGHT, "screen")
        assert pixel(picture, 0.5, 0.5)[0] == pytest.approx(255 * level, abs=1)


def test_only_the_axes_of_two_dimensions_have_quantiles_of_the_prior():
    for dimensions, view, spacing in (
        (2, two_axes(2, (1, 0)), "prior"),
        (2, principal_axes(Model(2).latents), "even"),
        (3, two_axes(3), "even"),
        (3, principal_axes(Model(3).latents), "even"),
    ):
        tiles = Plane(Model(dimensions), view).tiling(BOUNDS, SCALE, edge=20, spacing="prior")
        assert tiles.spacing == spacing


def test_an_approximate_map_has_tiles_near_its_dots_only():
    model = Model(3)
    points = np.tile(np.float32([1.0, 0.5]), (200, 1))
    view = NeighbourProjection(model.latents, points, ("UMAP 1", "UMAP 2"))
    plane = Plane(model, view)
    tiles = plane.tiling(BOUNDS, SCALE, edge=20, spacing="even")
    picture = plane.manifold(tiles, SCALE, LIGHT, "screen")
    assert pixel(picture, 1.0, 0.5)[3] == 255
    assert pixel(picture, -1.0, -0.5)[3] == 0


def test_layers_are_taken_from_anywhere_where_they_make_sense():
    values = {"density": False, "manifold": 1, "spacing": "prior", "stars": True, "names": None}
    assert Layers.of(values) == Layers(density=False, spacing="prior")
    assert Layers.of({"spacing": ["even"]}) == Layers()
