"""What is explored, as layers of the viewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bvae_core.errors import BvaeError
from bvae_core.latent import axis_name
from bvae_gui.state import ExplorerState

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

#: Cells of a manifold along its longer side.
MANIFOLD = 20
#: Images that are brought together at most, in pixels a side of the layer.
_WIDEST = 16_384


def send_point(viewer: ViewerModel, state: ExplorerState) -> Image:
    """Add the decoded image at the pinned point."""
    image = state.decode(state.point)[0]
    label = state.label(state.scene.point)
    return _add(viewer, state, image, f"decoded · {label}", z=state.point.tolist())


def send_morph(viewer: ViewerModel, state: ExplorerState) -> Image:
    """Add the morph's images as a stack to scroll through."""
    scene = state.scene
    if scene.mode == "traversal":
        varied = "every dimension" if scene.dimension is None else axis_name(scene.dimension)
        name = f"traversal of {varied}"
    elif scene.mode == "grid":
        name = "grid, image by image"
    else:
        name = "morph · " + " → ".join(state.label(anchor) for anchor in scene.anchors)
    return _add(
        viewer, state, state.morph.images, name, z=state.morph.places.tolist(), mode=scene.mode
    )


def send_grid(viewer: ViewerModel, state: ExplorerState) -> Image:
    """Add the grid's images as one picture; a BvaeError if the morph is no grid."""
    scene = state.scene
    if not _is_grid(state):
        raise BvaeError(
            f"grid: Expected the morph to be a grid, which its panel makes. "
            f"Received: a {scene.mode}."
        )
    picture = _sheet(state.morph.images, scene.rows, scene.columns)
    return _add(viewer, state, picture, "grid", z=state.morph.places.tolist(), shape=[scene.rows,
                scene.columns])  # fmt: skip


def send_manifold(viewer: ViewerModel, state: ExplorerState) -> Image:
    """Add what the model decodes all over the map's plane, as one picture.

    The picture covers the central 98 % of the codes along each axis. What the map doesn't show
    stays as at the pinned point.
    """
    low, high = np.quantile(state.map.shown, (0.01, 0.99), axis=0)
    height, width, _ = state.model.image_shape
    span = np.maximum(high - low, 1e-6)
    # As many cells as have the proportions of the map, in cells of the image's.
    ratio = (span[1] / height) / (span[0] / width)
    rows = int(np.clip(round(MANIFOLD * min(1.0, ratio)), 2, _WIDEST // height))
    columns = int(np.clip(round(MANIFOLD * min(1.0, 1 / ratio)), 2, _WIDEST // width))
    seen = len(state.map.projection.names)
    rows = rows if seen > 1 else 1
    xs, ys = np.linspace(low[0], high[0], columns), np.linspace(high[1], low[1], rows)
    across = np.stack([np.tile(xs, rows), np.repeat(ys, columns)], axis=1)[:, :seen]
    places = state.map.projection.inverse(across, at=state.point)
    picture = _sheet(state.decode(places), rows, columns)
    bounds = [[float(low[0]), float(high[0])], [float(low[1]), float(high[1])]][:seen]
    return _add(
        viewer, state, picture, f"manifold · {state.model.name}",
        axes=list(state.map.projection.names), bounds=bounds, shape=[rows, columns],
    )  # fmt: skip


def send_selection(viewer: ViewerModel, state: ExplorerState) -> Image:
    """Add the images that are selected on the map, as a stack.

    They are the originals where these are at hand, and else what the model decodes of their codes.
    """
    selection = state.selection
    if not _has_selection(state):
        raise BvaeError(
            "selection: Expected images to be selected, as with the lasso on the map. "
            "Received: none."
        )
    originals, model = state.originals, state.model
    if originals is not None:
        images: NDArray[Any] = originals.take(selection)
    else:
        images = state.decode(model.latents[selection])
    known: dict[str, Any] = {"indices": selection.tolist()}
    if model.labels is not None:
        known["labels"] = model.labels[selection]
        known["class_names"] = model.class_names
    whose = model.codes_of or model.data.name
    return _add(viewer, state, images, f"selected of {whose}", **known)


def _is_grid(state: ExplorerState) -> bool:
    return state.scene.mode == "grid"


def _has_selection(state: ExplorerState) -> bool:
    return len(state.selection) > 0


@dataclass(frozen=True)
class Sending:
    """Something that can be sent.

    Parameters
    ----------
    words
        Its name in a menu.
    tip
        What that is, in a sentence.
    send
        Sends it.
    is_there
        Whether it can be sent now.
    otherwise
        What to do first where it can't.
    """

    words: str
    tip: str
    send: Callable[[ViewerModel, ExplorerState], Image]
    is_there: Callable[[ExplorerState], bool] = lambda _state: True
    otherwise: str = ""


#: In the order of the menu.
SENDINGS = (
    Sending("Decoded image", "The image at the pinned point", send_point),
    Sending("Morph", "The morph's images, as a stack to scroll through", send_morph),
    Sending(
        "Grid", "The images between four anchors, as one picture", send_grid,
        _is_grid,
        "Make the morph a grid first, with the button above its images.",
    ),
    Sending("Manifold", "What the model decodes all over the map, as one picture", send_manifold),
    Sending(
        "Selected images", "The images that are selected on the map, as a stack", send_selection,
        _has_selection,
        "Select images first: draw around their dots with Alt+drag.",
    ),
)  # fmt: skip


def _sheet(images: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """Lay images out row by row, (rows·H, columns·W[, 3])."""
    height, width = images.shape[1:3]
    cells = images.reshape(rows, columns, height, width, *images.shape[3:]).swapaxes(1, 2)
    return np.ascontiguousarray(cells.reshape(rows * height, columns * width, *images.shape[3:]))


def _add(
    viewer: ViewerModel, state: ExplorerState, pixels: NDArray[Any], name: str, **known: Any
) -> Image:
    """Add a layer that says what it was made of."""
    model = state.model
    metadata = {"model": model.name, "model_fingerprint": model.fingerprint} | known
    is_colour = model.image_shape[-1] > 1
    top = 255 if pixels.dtype == np.uint8 else 1
    limits = {} if is_colour else {"contrast_limits": (0, top)}
    layer: Image = viewer.add_image(
        pixels, name=name, metadata=metadata, rgb=is_colour, interpolation2d="nearest", **limits
    )
    return layer
