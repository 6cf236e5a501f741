"""`GridRecipe` and `TraversalRecipe`: what the decoder makes of places in rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.figures.recipes import settings as setting
from bvae_core.figures.recipes.base import SheetRecipe
from bvae_core.figures.recipes.explorable import Explorable
from bvae_core.figures.recipes.places import anchor_names, anchor_places, check_axes
from bvae_core.figures.sheets import grid_size, image_grid
from bvae_core.latent import (
    PathKind,
    Ways,
    axis_name,
    by_information,
    kl_per_dimension,
    prior_grid,
    traversal,
    traversal_bounds,
    traversals,
)
from bvae_core.latent.units import DEAD_NATS


@dataclass(frozen=True, kw_only=True)
class _GridRecipe(SheetRecipe):
    """What the two kinds of grid have in common: where they are, and what is written around."""

    labels: setting.Labels = True

    @abstractmethod
    def _grid(self, model: Explorable) -> NDArray[np.float32]:
        """Return the places, (rows, columns, d)."""

    def _plan(self, model: Explorable) -> NDArray[np.float32]:
        """Return places in whose stead the grid's could be, where those take long to find."""
        return self._grid(model)

    @abstractmethod
    def _captions(self, model: Explorable, grid: NDArray[np.float32]) -> dict[str, Any]:
        """Return the words around, as `image_grid` takes them."""

    def check(self, model: Explorable) -> None:
        self._plan(model)

    def size(self, model: Explorable) -> tuple[int, int]:
        grid = self._plan(model)
        return self._size(model, grid, self._captions(model, grid))

    def figure(self, model: Explorable) -> Figure:
        self.size(model)  # refuses what is too large
        grid = self._grid(model)
        captions = self._captions(model, grid)
        images = model.decode(grid.reshape(-1, grid.shape[-1]))
        return image_grid(
            images.reshape(*grid.shape[:2], *images.shape[1:]),
            **captions,
            faint_rows=self._faint_rows(model),
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    def _faint_rows(self, model: Explorable) -> Sequence[int]:  # noqa: ARG002
        """Return the rows that are drawn as saying little."""
        return ()

    def _size(
        self, model: Explorable, grid: NDArray[np.float32], captions: dict[str, Any]
    ) -> tuple[int, int]:
        rows, columns = grid.shape[:2]
        shape = model.image_shape[:2]
        return grid_size(shape, rows, columns, **captions, labels=self.labels, scale=self.scale)


@dataclass(frozen=True, kw_only=True)
class GridRecipe(_GridRecipe):
    """What the decoder makes of a grid of places.

    Parameters
    ----------
    corners
        Four places: top left, top right, bottom left, bottom right. Without them the grid is
        spaced by the prior's quantiles over two axes, all other dimensions 0.
    rows, columns
        2 to 100 each.
    path
        Of the ways between corners.
    axes
        Two dimensions, without corners; a space of one dimension does without.
    """

    kind: ClassVar[str] = "grid"

    corners: setting.Corners = ()
    rows: setting.Rows = 20
    columns: setting.Columns = 20
    path: setting.Path = "straight"
    axes: setting.Axes = (0, 1)

    def _plan(self, model: Explorable) -> NDArray[np.float32]:
        return self._between(model, "straight")

    def _grid(self, model: Explorable) -> NDArray[np.float32]:
        return self._between(model, self.path)

    def _between(self, model: Explorable, kind: PathKind) -> NDArray[np.float32]:
        latent_dim = model.latents.shape[1]
        if latent_dim > 1 or self.axes != (0, 1):
            check_axes(model, self.axes)
        if self.corners:
            corners = anchor_places(model, self.corners)
            ways = Ways(model.decode, model.latents)
            return ways.grid(corners, self.rows, self.columns, kind)
        return prior_grid(self.rows, self.columns, latent_dim=latent_dim, axes=self.axes)

    def _captions(self, model: Explorable, grid: NDArray[np.float32]) -> dict[str, Any]:
        if self.corners:
            return {"corner_labels": anchor_names(model, self.corners)}
        if grid.shape[-1] == 1:
            return {}
        first, second = self.axes
        return {
            "row_labels": [_number(z) for z in grid[:, 0, second]],
            "column_labels": [_number(z) for z in grid[0, :, first]],
            "row_title": axis_name(second),
            "column_title": axis_name(first),
        }


@dataclass(frozen=True, kw_only=True)
class TraversalRecipe(_GridRecipe):
    """What happens when one dimension varies, for one dimension or each.

    Parameters
    ----------
    at
        The place where all others stay; the origin by default.
    dimension
        Which one varies; every one by default, a row each, the most informative first. Those that
        say next to nothing are drawn faintly.
    steps
        Images a row.
    over, extent
        The range, see `bvae_core.latent.traversal_bounds`.
    """

    kind: ClassVar[str] = "traversal"

    at: setting.AnchorOrOrigin = None
    dimension: setting.Dimension = None
    steps: setting.Steps = 11
    over: setting.Over = "sigmas"
    extent: setting.Extent = None

    def __post_init__(self) -> None:
        super().__post_init__()
        traversal_bounds(np.zeros((1, 1)), self.over, self.extent)  # refuses what is no extent

    def _grid(self, model: Explorable) -> NDArray[np.float32]:
        latents = model.latents
        point = np.zeros(latents.shape[1], np.float32)
        if self.at is not None:
            (point,) = anchor_places(model, [self.at])
        bounds = traversal_bounds(latents, self.over, self.extent)
        if self.dimension is None:
            return traversals(point, bounds, self.steps)[by_information(_kl(model))]
        check_axes(model, (self.dimension,), "dimension")
        return traversal(point, self.dimension, bounds[self.dimension], self.steps)[None]

    def _captions(self, model: Explorable, grid: NDArray[np.float32]) -> dict[str, Any]:
        if self.dimension is None:
            kl = _kl(model)
            varied = by_information(kl).tolist()
            names = [f"{axis_name(i)} · {kl[i]:.2f} nats" for i in varied]
        else:
            varied = [self.dimension]
            names = [axis_name(self.dimension)]
        if self.over in ("sigmas", "prior"):  # the same for each dimension
            return {
                "row_labels": names,
                "column_labels": [_number(z) for z in grid[0, :, varied[0]]],
            }
        ends = [(row[0, i], row[-1, i]) for row, i in zip(grid, varied, strict=True)]
        return {
            "row_labels": [
                f"{name}  {_number(low)} to {_number(high)}"
                for name, (low, high) in zip(names, ends, strict=True)
            ]
        }

    def _faint_rows(self, model: Explorable) -> Sequence[int]:
        if self.dimension is not None:
            return ()
        kl = _kl(model)
        return np.flatnonzero(kl[by_information(kl)] < DEAD_NATS).tolist()


def _kl(model: Explorable) -> NDArray[np.float64]:
    """Return what each dimension says about an image, (d,) nats."""
    kl: NDArray[np.float64] = kl_per_dimension(model.latents, model.log_var).mean(axis=0)
    return kl


def _number(value: float) -> str:
    rounded = round(float(value), 2) + 0.0  # plus zero, since −0.001 rounds to −0
    return f"{rounded:g}".replace("-", "−")
