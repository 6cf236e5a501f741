from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from bvae_core import kana
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.figures import (
    export_grid,
    export_map,
    export_morph,
    export_traversal,
    read_metadata,
)


@dataclass
class Model:
    """Decodes a place to an image that is as grey as the place is far right, and remembers it."""

    latents: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...] = kana.KMNIST
    name: str = "test"
    fingerprint: str = "f" * 64
    decoded: list[np.ndarray] = field(default_factory=list)

    def decode(self, z):
        assert z.ndim == 2
        assert z.dtype == np.float32
        self.decoded.append(z)
        grey = 1 / (1 + np.exp(-z[:, 0]))
        return np.tile(grey[:, None, None], (1, 12, 12)).astype(np.float32)


def model(dimensions=2):
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 10
    codes = rng.normal(size=(300, dimensions)).astype(np.float32)
    codes[:, 0] += labels
    return Model(codes, labels)


@pytest.mark.parametrize(("suffix", "dimensions"), [("png", 1), ("svg", 7), ("pdf", 2)])
def test_every_export_of_every_space(tmp_path, suffix, dimensions):
    explored = model(dimensions)
    export_map(explored, tmp_path / f"map.{suffix}", anchors=["ki", "8"])
    export_morph(explored, tmp_path / f"morph.{suffix}", ["ki", "8"], kind="spherical")
    export_grid(explored, tmp_path / f"grid.{suffix}", rows=3, columns=4)
    export_traversal(explored, tmp_path / f"traversal.{suffix}", at="#3", steps=5)
    assert all(path.stat().st_size > 1000 for path in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 4


def test_a_morph_goes_from_anchor_to_anchor_and_says_how(tmp_path):
    explored = model()
    export_morph(explored, tmp_path / "morph.png", ["#1", "0,0", "#2"], frames=9)
    (way,) = explored.decoded
    np.testing.assert_array_equal(
        way[[0, 4, 8]], [explored.latents[1], [0, 0], explored.latents[2]]
    )
    recipe = read_metadata(tmp_path / "morph.png")
    assert recipe["anchors"] == ["#1", "0,0", "#2"]
    assert recipe["model"] == "test"
    assert recipe["fingerprint"] == "f" * 64


def test_a_morph_of_more_anchors_than_frames_has_no_names(tmp_path):
    export_morph(model(), tmp_path / "morph.png", ["0", "1", "2", "3"], frames=3)
    assert (tmp_path / "morph.png").exists()


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_a_morph_can_move(tmp_path, suffix):
    export_morph(model(), tmp_path / f"morph.{suffix}", ["0", "3"], frames=6)
    with Image.open(tmp_path / f"morph.{suffix}") as movie:
        assert movie.n_frames == 6


def test_a_grid_between_corners(tmp_path):
    explored = model()
    export_grid(
        explored, tmp_path / "grid.png", rows=3, columns=5, corners=["#0", "#1", "#2", "#3"]
    )
    places = explored.decoded[0].reshape(3, 5, 2)
    found = [places[0, 0], places[0, -1], places[-1, 0], places[-1, -1]]
    np.testing.assert_array_equal(found, explored.latents[:4])


@pytest.mark.parametrize("over", ["sigmas", "prior", "data", "quantiles"])
def test_a_traversal_of_one_dimension(tmp_path, over):
    explored = model(3)
    export_traversal(
        explored, tmp_path / "traversal.png", at="1,2,3", dimension=2, steps=7, over=over
    )
    (places,) = explored.decoded
    np.testing.assert_array_equal(places[:, :2], [[1, 2]] * 7)
    assert (np.diff(places[:, 2]) > 0).all()


def test_exports_refuse_before_they_decode(tmp_path):
    explored = model()
    with pytest.raises(BvaeError, match=r"\.gif or \.webp"):
        export_morph(explored, tmp_path / "morph.mp4", ["0", "1"])
    with pytest.raises(BvaeError, match=r"\.png or"):
        export_grid(explored, tmp_path / "grid.gif")
    with pytest.raises(BvaeError, match=r"\.png or"):
        export_traversal(explored, tmp_path / "traversal")
    with pytest.raises(AnchorError, match="Classes: 0 お"):
        export_morph(explored, tmp_path / "morph.png", ["0", "mu"])
    with pytest.raises(AnchorError, match="dimension"):
        export_traversal(explored, tmp_path / "traversal.png", dimension=2)
    with pytest.raises(BvaeError, match="sigmas, prior"):
        export_traversal(explored, tmp_path / "traversal.png", over="everything")
    with pytest.raises(AnchorError, match="at least 2"):
        export_map(explored, tmp_path / "map.png", anchors=["0"])
    assert explored.decoded == []
    assert list(tmp_path.iterdir()) == []
