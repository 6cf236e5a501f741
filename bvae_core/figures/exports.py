"""From a model to a file: what `bvae export` and the window's export do.

Anchors are given as people type them, see `bvae_core.latent.anchors`. Each PNG says in its
metadata how to make it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bvae_core import __version__
from bvae_core.errors import AnchorError, BvaeError
from bvae_core.figures.animation import ANIMATION_SUFFIXES, save_animation
from bvae_core.figures.ink import Ink
from bvae_core.figures.maps import latent_map
from bvae_core.figures.saving import FIGURE_SUFFIXES, save_figure
from bvae_core.figures.sheets import image_grid, morph_strip
from bvae_core.figures.theme import ThemeName
from bvae_core.latent import (
    PathKind,
    anchor_label,
    axis_name,
    corner_grid,
    data_quantile_range,
    data_range,
    default_projection,
    parse_anchor,
    path,
    prior_grid,
    prior_quantile_range,
    resolve,
    sigma_range,
    traversal,
    traversals,
    two_axes,
)

Range = Literal["sigmas", "prior", "data", "quantiles"]


class Explorable(Protocol):
    """What an export needs of a model; a bundle has it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @property
    def class_names(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def latents(self) -> NDArray[np.float32]: ...  # noqa: D102
    @property
    def labels(self) -> NDArray[np.int64] | None: ...  # noqa: D102
    def decode(self, z: NDArray[np.float32]) -> NDArray[np.float32]: ...  # noqa: D102


def export_map(
    model: Explorable,
    target: str | Path,
    *,
    anchors: Sequence[str] = (),
    frames: int = 12,
    kind: PathKind = "straight",
    axes: tuple[int, int] | None = None,
    density: bool = True,
    labels: bool = True,
    theme: ThemeName = "light",
) -> None:
    """Write the latent map, with a morph's way where there are anchors.

    Parameters
    ----------
    model
        A bundle.
    target
        ``.png``, ``.svg`` or ``.pdf``.
    anchors
        None, or at least two.
    frames, kind
        Of the way.
    axes
        Two dimensions to look at, counted from 0; by default the principal axes where there are
        more than two.
    density, labels, theme
        As in `latent_map`.

    Raises
    ------
    BvaeError
        If an anchor, an axis or the file's name is none, or the file can't be written.
    """
    codes = model.latents
    view = default_projection(codes) if axes is None else two_axes(codes.shape[1], axes)
    places = _places(model, anchors) if anchors else None
    figure = latent_map(
        codes,
        model.labels,
        model.class_names,
        projection=view,
        path=None if places is None else path(places, frames, kind),
        anchors=places,
        title=f"{model.name} · {len(codes):,} images",
        density=density,
        captions=labels,
        theme=theme,
    )
    recipe = {"anchors": list(anchors), "axes": list(view.names)}
    save_figure(figure, target, _provenance(model, "map", recipe))


def export_morph(
    model: Explorable,
    target: str | Path,
    anchors: Sequence[str],
    *,
    frames: int = 12,
    kind: PathKind = "straight",
    labels: bool = True,
    theme: ThemeName = "light",
    ink: Ink = "paper",
    scale: int | None = None,
    fps: float = 12.0,
    loop: bool = True,
    bounce: bool = False,
) -> None:
    """Write a morph through anchors as a strip, or as an animation if the name ends so.

    Parameters
    ----------
    model
        A bundle.
    target
        ``.png``, ``.svg`` or ``.pdf``; ``.gif`` or ``.webp``.
    anchors
        At least two.
    frames, kind
        Of the way, see `bvae_core.latent.path`.
    labels, theme, ink, scale
        As in `morph_strip` and `save_animation`.
    fps, loop, bounce
        As in `save_animation`.

    Raises
    ------
    BvaeError
        If an anchor or the file's name is none, a setting is out of its range, or the file can't
        be written.
    """
    _check_suffix(target, FIGURE_SUFFIXES + ANIMATION_SUFFIXES)
    way = path(_places(model, anchors), frames, kind)
    images = model.decode(way)
    if Path(target).suffix.lower() in ANIMATION_SUFFIXES:
        save_animation(
            images, target, fps=fps, loop=loop, bounce=bounce, scale=scale, theme=theme, ink=ink
        )
        return
    names = [anchor_label(parse_anchor(text), model.class_names) for text in anchors]
    figure = morph_strip(
        images,
        names if len(names) <= frames else (),
        labels=labels,
        theme=theme,
        ink=ink,
        scale=scale,
    )
    recipe = {"anchors": list(anchors), "frames": frames, "path": kind}
    save_figure(figure, target, _provenance(model, "morph", recipe))


def export_grid(
    model: Explorable,
    target: str | Path,
    *,
    rows: int = 20,
    columns: int = 20,
    corners: Sequence[str] = (),
    kind: PathKind = "straight",
    axes: tuple[int, int] = (0, 1),
    labels: bool = True,
    theme: ThemeName = "light",
    ink: Ink = "paper",
    scale: int | None = None,
) -> None:
    """Write what the decoder makes of a grid of places.

    Parameters
    ----------
    model
        A bundle.
    target
        ``.png``, ``.svg`` or ``.pdf``.
    rows, columns
        Of the grid.
    corners
        Four anchors: top left, top right, bottom left, bottom right. Without them the grid is
        spaced by the prior's quantiles over two axes, all other dimensions 0.
    kind
        Of the ways between corners.
    axes
        Two dimensions, counted from 0, without corners.
    labels, theme, ink, scale
        As in `image_grid`.

    Raises
    ------
    BvaeError
        If an anchor, an axis or the file's name is none, a setting is out of its range, or the
        file can't be written.
    """
    _check_suffix(target, FIGURE_SUFFIXES)
    latent_dim = model.latents.shape[1]
    captions: dict[str, Any] = {}
    if corners:
        grid = corner_grid(_places(model, corners), rows, columns, kind)
    else:
        grid = prior_grid(rows, columns, latent_dim=latent_dim, axes=axes)
        if latent_dim > 1:
            first, second = axes
            captions = {
                "row_labels": [_number(z) for z in grid[:, 0, second]],
                "column_labels": [_number(z) for z in grid[0, :, first]],
                "row_title": axis_name(second),
                "column_title": axis_name(first),
            }
    figure = image_grid(
        _decode(model, grid), labels=labels, theme=theme, ink=ink, scale=scale, **captions
    )
    recipe = {"corners": list(corners), "rows": rows, "columns": columns, "path": kind}
    save_figure(figure, target, _provenance(model, "grid", recipe | {"axes": list(axes)}))


def export_traversal(
    model: Explorable,
    target: str | Path,
    *,
    at: str | None = None,
    dimension: int | None = None,
    steps: int = 11,
    over: Range = "sigmas",
    extent: float | None = None,
    labels: bool = True,
    theme: ThemeName = "light",
    ink: Ink = "paper",
    scale: int | None = None,
) -> None:
    """Write what happens when one dimension varies, for one dimension or each.

    Parameters
    ----------
    model
        A bundle.
    target
        ``.png``, ``.svg`` or ``.pdf``.
    at
        The anchor where all others stay; the origin by default.
    dimension
        Counted from 0; every one by default, a row each.
    steps
        Images a row.
    over
        The range: ``sigmas`` of the prior, its quantiles (``prior``), the smallest to the largest
        code (``data``), or the codes' ``quantiles``.
    extent
        Number of sigmas, 3 by default, or the share left out at each end of quantiles, 0.05.
    labels, theme, ink, scale
        As in `image_grid`.

    Raises
    ------
    BvaeError
        If the anchor, the dimension or the file's name is none, a setting is out of its range, or
        the file can't be written.
    """
    _check_suffix(target, FIGURE_SUFFIXES)
    latent_dim = model.latents.shape[1]
    point = np.zeros(latent_dim, np.float32) if at is None else _places(model, [at])[0]
    bounds = _bounds(model.latents, over, extent)
    if dimension is None:
        shown, places = range(latent_dim), traversals(point, bounds, steps)
    else:
        if not 0 <= dimension < latent_dim:
            raise AnchorError(f"dimension: Expected 0 to {latent_dim - 1}. Received: {dimension}.")
        shown = range(dimension, dimension + 1)
        places = traversal(point, dimension, bounds[dimension], steps)[None]
    same = over in ("sigmas", "prior")
    names = [
        axis_name(i) if same else f"{axis_name(i)}  {_number(low)} to {_number(high)}"
        for i, (low, high) in zip(shown, bounds[shown], strict=True)
    ]
    columns = [_number(z) for z in places[0, :, shown[0]]] if same else []
    figure = image_grid(
        _decode(model, places), names, columns, labels=labels, theme=theme, ink=ink, scale=scale
    )
    recipe = {"at": at, "dimension": dimension, "steps": steps, "over": over, "extent": extent}
    save_figure(figure, target, _provenance(model, "traversal", recipe))


def _places(model: Explorable, anchors: Sequence[str]) -> NDArray[np.float32]:
    return np.stack(
        [
            resolve(parse_anchor(text), model.latents, model.labels, model.class_names)
            for text in anchors
        ]
    )


def _decode(model: Explorable, grid: NDArray[np.float32]) -> NDArray[np.float32]:
    images = model.decode(grid.reshape(-1, grid.shape[-1]))
    return images.reshape(*grid.shape[:2], *images.shape[1:])


def _bounds(latents: NDArray[np.float32], over: Range, extent: float | None) -> NDArray[np.float32]:
    latent_dim = latents.shape[1]
    match over:
        case "sigmas":
            return sigma_range(latent_dim, 3.0 if extent is None else extent)
        case "prior":
            return prior_quantile_range(latent_dim, 0.05 if extent is None else extent)
        case "data":
            return data_range(latents)
        case "quantiles":
            return data_quantile_range(latents, 0.05 if extent is None else extent)
        case _:
            raise BvaeError(
                f"range: Expected sigmas, prior, data or quantiles. Received: {over!r}."
            )


def _check_suffix(target: str | Path, suffixes: tuple[str, ...]) -> None:
    """Refuse a name before anything is computed for it."""
    if Path(target).suffix.lower() not in suffixes:
        raise BvaeError(
            f"{target}: Expected a name that ends in {' or '.join(suffixes)}. "
            f"Received: {Path(target).suffix!r}."
        )


def _number(value: float) -> str:
    rounded = round(float(value), 2) + 0.0  # plus zero, since −0.001 rounds to −0
    return f"{rounded:g}".replace("-", "−")


def _provenance(model: Explorable, figure: str, recipe: dict[str, Any]) -> dict[str, Any]:
    return {
        "program": f"bvae-explorer {__version__}",
        "figure": figure,
        "model": model.name,
        "fingerprint": model.fingerprint,
        **recipe,
    }
