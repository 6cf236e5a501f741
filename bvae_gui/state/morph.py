"""What a scene's morph is made of, and where its frames are; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from bvae_core.latent import PathKind, traversal, traversal_bounds, traversals
from bvae_core.latent.paths import LineKind
from bvae_gui.state.scene import CORNERS, Scene

if TYPE_CHECKING:
    from bvae_core.latent import Ways

#: So many images are decoded while something moves; where there are more frames, some share one.
LIVE = 128


def made_of(scene: Scene) -> tuple[Any, ...]:
    """Return all of a scene that determines its morph's places."""
    match scene.mode:
        case "path":
            return ("path", scene.anchors, scene.interpolation, scene.frames)
        case "grid":
            corners = scene.anchors[:CORNERS]
            return ("grid", corners, scene.interpolation, scene.rows, scene.columns)
        case "traversal":
            return (
                "traversal", scene.point, scene.dimension, scene.over, scene.extent, scene.frames,
            )  # fmt: skip


def follows_data(scene: Scene) -> bool:
    """Whether its ways are of a kind that takes longer to find than a frame."""
    return scene.mode != "traversal" and scene.interpolation not in get_args(LineKind)


def row_length(scene: Scene, latent_dim: int) -> tuple[int, int]:
    """Return in how many rows the frames are, and how many are in each."""
    match scene.mode:
        case "grid":
            return scene.rows, scene.columns
        case "traversal" if scene.dimension is None:
            return latent_dim, scene.frames
    return 1, scene.frames


def find_places(
    scene: Scene,
    ways: Ways,
    kind: PathKind,
    *,
    refined: bool = True,
    is_wanted: Callable[[], bool] = lambda: True,
) -> NDArray[np.float32]:
    """Return where the frames of a path or a grid are, (n, d), row by row, on a kind of way."""
    anchors = anchor_places(scene)
    if scene.mode == "grid":
        grid = ways.grid(anchors[:CORNERS], scene.rows, scene.columns, kind)
        return grid.reshape(-1, grid.shape[-1])
    return ways.path(anchors, scene.frames, kind, refined=refined, is_wanted=is_wanted)


def traversal_places(
    scene: Scene, latents: NDArray[np.float32], order: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return where a traversal's frames are, (n, d); of every dimension in that order."""
    point, bounds = scene.point.point, traversal_bounds(latents, scene.over, scene.extent)
    if scene.dimension is None:
        rows = traversals(point, bounds, scene.frames)[order]
        return rows.reshape(-1, rows.shape[-1])
    return traversal(point, scene.dimension, bounds[scene.dimension], scene.frames)


def anchor_places(scene: Scene) -> NDArray[np.float32]:
    """Return where the anchors are, (k, d)."""
    return np.array([anchor.z for anchor in scene.anchors], np.float32)


def some_of(rows: int, columns: int, *, share_rows: bool) -> NDArray[np.int64] | None:
    """Choose frames that stand for all of so many; None where all of them can be decoded.

    Parameters
    ----------
    rows, columns
        How the frames lie.
    share_rows
        Whether a frame may stand for one in another row; otherwise there is one of each row.

    Returns
    -------
    (rows × columns,) int64, for each frame the one that stands for it; or None.
    """
    if rows * columns <= LIVE:
        return None
    down = across = 1
    while -(-rows // down) * -(-columns // across) > LIVE:
        if share_rows and -(-rows // down) >= -(-columns // across):
            down += 1
        elif across < columns:
            across += 1
        else:
            break
    row, column = (
        np.minimum(np.arange(count) // step * step + step // 2, count - 1)
        for count, step in ((rows, down), (columns, across))
    )
    stands: NDArray[np.int64] = (row[:, None] * columns + column).reshape(-1)
    return stands
