"""Recipes: what a figure of a model is made from.

A recipe is all that determines a figure but the model. The shell, the window and Python make files
of it, a PNG has it in its metadata, and `read_recipe` gets it back, whoever wrote the file.

>>> from bvae_core import load_bundle
>>> recipe = MorphRecipe(anchors=("ki", "re"), theme="dark")
>>> recipe.size(load_bundle("demo"))
(1485, 221)
>>> " ".join(recipe.command("demo", "morph.png"))
'bvae export morph demo --from ki --to re --theme dark -o morph.png'
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core.embeddings import check_embeddable, umap_projection
from bvae_core.errors import AnchorError, BvaeError, DataError
from bvae_core.figures import _settings as setting
from bvae_core.figures._recipe import (
    Explorable,
    Images,
    Recipe,
    anchor_names,
    anchor_places,
    check_axes,
    check_coordinates,
    checked_suffix,
    original_images,
    selected_images,
)
from bvae_core.figures.animation import animation_pictures, animation_size, save_animation
from bvae_core.figures.equation import equation_sheet, equation_size
from bvae_core.figures.limits import ANIMATION_SUFFIXES, FIGURE_SUFFIXES
from bvae_core.figures.maps import DPI, SIZE, TILE_EDGE, latent_map
from bvae_core.figures.metadata import read_metadata
from bvae_core.figures.sheets import (
    grid_size,
    image_grid,
    morph_strip,
    single_image,
    single_size,
    strip_size,
)
from bvae_core.figures.theme import get_theme
from bvae_core.figures.underlays import Picture, Plane, Range
from bvae_core.latent import (
    ClassAnchor,
    PathKind,
    Projection,
    WayMeasures,
    Ways,
    analogy,
    axis_name,
    by_information,
    default_projection,
    find_class,
    kl_per_dimension,
    parse_anchor,
    prior_grid,
    traversal,
    traversal_bounds,
    traversals,
    two_axes,
)
from bvae_core.latent.units import DEAD_NATS


@dataclass(frozen=True, kw_only=True)
class MapRecipe(Recipe):
    """The latent map, with a morph's way where there are anchors.

    Parameters
    ----------
    anchors
        2 to 8 places, or none.
    frames, path
        Of the way, see `bvae_core.latent.Ways.path`.
    axes
        Two dimensions to look at; by default the principal axes where there are more than two.
    projection
        ``linear``: `axes`. ``umap``: the codes' UMAP, see `bvae_core.embeddings`, for spaces of
        more than two dimensions; it is computed if the cache hasn't got it.
    density, dots, names, magnification, manifold, spacing
        What the map shows, see `bvae_core.figures.layers.Layers`.
    at
        The place that the plane of manifold and magnification goes through, where there are more
        dimensions than the map shows; by default the middle of all codes, or, along two
        dimensions, the origin.
    classes
        Names of the classes to show, as people type them; by default all.
    selection
        Indices of images, ``1,5,9-20`` or as `bvae_core.indices.format_indices` writes them: the
        dots of all others are grey. It is not the name of a saved selection, which may change, and
        which whoever opens the figure elsewhere hasn't got.
    ink
        Of the manifold.
    """

    kind: ClassVar[str] = "map"

    anchors: setting.AnchorsOrNone = ()
    frames: setting.Frames = 12
    path: setting.Path = "straight"
    axes: setting.AxesOrDefault = None
    projection: setting.ProjectionChoice = "linear"
    density: setting.Density = True
    dots: setting.Dots = True
    names: setting.Names = True
    magnification: setting.Magnification = False
    manifold: setting.Manifold = False
    spacing: setting.SpacingChoice = "even"
    at: setting.AnchorOrOrigin = None
    classes: setting.Classes = ()
    selection: setting.Selection = ""
    labels: setting.Labels = True
    ink: setting.InkChoice = "paper"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.projection == "umap" and self.axes is not None:
            raise BvaeError(
                "axes: Expected none for a UMAP, which shows all dimensions. Received: "
                f"{setting.shown(self.axes)}."
            )
        if self.projection == "umap" and self.magnification:
            raise BvaeError(
                "magnification: Expected a map along axes or principal axes, since a UMAP has no "
                "measure of its own. Received: a UMAP."
            )

    def check(self, model: Explorable) -> None:  # noqa: D102
        anchor_places(model, self.anchors)
        selected_images(model, self.selection)
        self._at(model)
        self._visible(model)
        if self.projection == "umap":
            check_embeddable(model)
        elif self.axes is not None:
            check_axes(model, self.axes)
        if self.magnification and model.latents.shape[1] < 2:
            raise BvaeError(
                "magnification: Expected a space of two dimensions or more. Received: one of 1."
            )

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: ARG002, D102
        return round(SIZE[0] * DPI), round(SIZE[1] * DPI)

    def figure(self, model: Explorable) -> Figure:  # noqa: D102
        self.check(model)
        view, visible = self._projection(model), self._visible(model)
        anchors = anchor_places(model, self.anchors) if self.anchors else None
        selected = selected_images(model, self.selection)
        is_counted = np.ones(len(model.latents), np.bool_)
        if visible is not None and model.labels is not None:
            is_counted = np.isin(model.labels, visible)
        if len(selected):
            is_counted &= np.isin(np.arange(len(is_counted)), selected)
        count = f"{len(model.latents):,} images"
        if not is_counted.all():
            count = f"{is_counted.sum():,} of {count}"
        if len(selected):
            count = f"{count} selected"
        return latent_map(
            model.latents,
            model.labels,
            model.class_names,
            projection=view,
            path=None if anchors is None else _way(model, anchors, self.frames, self.path),
            anchors=anchors,
            title=f"{model.name} · {count}",
            density=self.density,
            underlays=lambda bounds, scale: self._underlays(model, view, bounds, scale),
            dots=self.dots,
            names=self.names,
            captions=self.labels,
            theme=self.theme,
            visible=visible,
            selected=selected if len(selected) else None,
        )

    def _projection(self, model: Explorable) -> Projection:
        if self.projection == "umap":
            return umap_projection(model)
        if self.axes is None:
            return default_projection(model.latents)
        return two_axes(model.latents.shape[1], self.axes)

    def _at(self, model: Explorable) -> NDArray[np.float32] | None:
        return None if self.at is None else anchor_places(model, [self.at])[0]

    def _underlays(
        self, model: Explorable, view: Projection, bounds: tuple[Range, Range], scale: Range
    ) -> list[Picture]:
        plane = Plane(model, view, self._at(model))
        look = get_theme(self.theme)
        pictures: list[Picture] = []
        if self.magnification:
            pictures.append(plane.relief(bounds, look))
        if self.manifold:
            tiles = plane.tiling(bounds, scale, spacing=self.spacing, edge=TILE_EDGE)
            pictures.append(plane.manifold(tiles, scale, look, self.ink))
        return pictures

    def _visible(self, model: Explorable) -> list[int] | None:
        """Return the labels of the classes to show, None for all."""
        if not self.classes:
            return None
        if model.labels is None:
            raise AnchorError(
                "classes: Expected none, since this model's images have no classes. "
                f"Received: {setting.shown(list(self.classes))}."
            )
        if len(self.classes) > len(model.class_names):
            raise AnchorError(
                f"classes: Expected at most {len(model.class_names)}. "
                f"Received: {len(self.classes)}."
            )
        return [_label(model, text) for text in self.classes]


@dataclass(frozen=True, kw_only=True)
class SheetRecipe(Recipe):
    """What recipes of images have in common."""

    ink: setting.InkChoice = "paper"
    scale: setting.Scale = None


@dataclass(frozen=True, kw_only=True)
class ImageRecipe(SheetRecipe):
    """What the decoder makes of one place, and nothing around it.

    Parameters
    ----------
    at
        The place.
    """

    kind: ClassVar[str] = "image"

    at: setting.Anchor

    def check(self, model: Explorable) -> None:  # noqa: D102
        anchor_places(model, [self.at])

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: D102
        return single_size(model.image_shape[:2], scale=self.scale)

    def figure(self, model: Explorable) -> Figure:  # noqa: D102
        (image,) = model.decode(anchor_places(model, [self.at]))
        return single_image(image, theme=self.theme, ink=self.ink, scale=self.scale)


@dataclass(frozen=True, kw_only=True)
class MorphRecipe(SheetRecipe):
    """A morph through anchors: a strip, or an animation if the file's name ends so.

    Parameters
    ----------
    anchors
        2 to 8 places.
    frames, path
        Of the way, see `bvae_core.latent.Ways.path`.
    fps, loop, bounce
        Of an animation, see `bvae_core.figures.save_animation`. It has no words.
    """

    kind: ClassVar[str] = "morph"
    suffixes: ClassVar[tuple[str, ...]] = FIGURE_SUFFIXES + ANIMATION_SUFFIXES

    anchors: setting.Anchors
    frames: setting.Frames = 12
    path: setting.Path = "straight"
    labels: setting.Labels = True
    fps: setting.Fps = 12.0
    loop: setting.Loop = True
    bounce: setting.Bounce = False

    def check(self, model: Explorable) -> None:  # noqa: D102
        anchor_places(model, self.anchors)

    def size(self, model: Explorable) -> tuple[int, int]:
        """Return the strip's pixels across and down; see `animation_size` for an animation's."""
        names = self._names(model)
        shape = model.image_shape[:2]
        return strip_size(shape, self.frames, names, labels=self.labels, scale=self.scale)

    def animation_size(self, model: Explorable) -> tuple[int, int]:
        """Return an animation's pixels across and down; a BvaeError if it would be too large."""
        return animation_size(model.image_shape, self.frames, bounce=self.bounce, scale=self.scale)

    def figure(self, model: Explorable) -> Figure:
        """Draw the strip in memory; see `animation` for what moves."""
        self.size(model)
        return morph_strip(
            self._images(model),
            self._names(model),
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    def animation(self, model: Explorable) -> NDArray[np.uint8]:
        """Return the pictures that an animation shows one after the other, (n, H, W, 3) uint8."""
        self.animation_size(model)
        return animation_pictures(
            self._images(model),
            bounce=self.bounce,
            scale=self.scale,
            theme=self.theme,
            ink=self.ink,
        )

    def measure(self, model: Explorable) -> WayMeasures:
        """Measure the way through all anchors; see `bvae_core.latent.measure_way`."""
        anchors = anchor_places(model, self.anchors)
        return Ways(model.decode, model.latents).measure(anchors, self.frames, self.path)

    def export(self, model: Explorable, target: str | Path) -> None:
        """Write the strip, or the animation; see `Recipe.export`."""
        if checked_suffix(target, self.suffixes) not in ANIMATION_SUFFIXES:
            super().export(model, target)
            return
        self.animation_size(model)
        save_animation(
            self._images(model),
            target,
            fps=self.fps,
            loop=self.loop,
            bounce=self.bounce,
            scale=self.scale,
            theme=self.theme,
            ink=self.ink,
        )

    def _images(self, model: Explorable) -> NDArray[np.float32]:
        anchors = anchor_places(model, self.anchors)
        return model.decode(_way(model, anchors, self.frames, self.path))

    def _names(self, model: Explorable) -> list[str]:
        return anchor_names(model, self.anchors) if len(self.anchors) <= self.frames else []


@dataclass(frozen=True, kw_only=True)
class EquationRecipe(SheetRecipe):
    """What is to C as A is to B: strength · (A − B) + C, and where that leads, in pictures.

    Parameters
    ----------
    a, b, c
        The places.
    strength
        From −3 to 3; see `bvae_core.latent.analogy`.
    labels
        False leaves out what the places are called, but not the signs between them.
    """

    kind: ClassVar[str] = "equation"

    a: setting.TermA
    b: setting.TermB
    c: setting.TermC
    strength: setting.Strength = 1.0
    labels: setting.Labels = True

    def check(self, model: Explorable) -> None:  # noqa: D102
        self._places(model)

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: D102
        return equation_size(
            model.image_shape[:2],
            self.strength,
            anchor_names(model, self._terms),
            labels=self.labels,
            scale=self.scale,
        )

    def figure(self, model: Explorable) -> Figure:  # noqa: D102
        self.size(model)  # refuses what is too large
        return equation_sheet(
            model.decode(self._places(model)),
            self.strength,
            anchor_names(model, self._terms),
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    @property
    def _terms(self) -> tuple[str, str, str]:
        return self.a, self.b, self.c

    def _places(self, model: Explorable) -> NDArray[np.float32]:
        """Return A, B, C and the result, (4, d)."""
        a, b, c = anchor_places(model, self._terms)
        result = analogy(a, b, c, self.strength)
        check_coordinates("equation", result)
        return np.stack([a, b, c, result])


@dataclass(frozen=True, kw_only=True)
class ContactRecipe(SheetRecipe):
    """Some images side by side: what the decoder makes of their codes, or they themselves.

    Parameters
    ----------
    selection
        Their indices, as a `MapRecipe` has them.
    originals
        Whether to show the images that the model was trained on, which have to be at hand then: see
        `bvae_core.originals.find_originals`.
    most
        Where there are more, so many of them, evenly chosen.
    """

    kind: ClassVar[str] = "contact"

    selection: setting.Selection
    originals: setting.Originals = False
    most: setting.Most = 400
    labels: setting.Labels = True

    def check(self, model: Explorable) -> None:  # noqa: D102
        self._shown(model)

    def size(self, model: Explorable) -> tuple[int, int]:  # noqa: D102
        shown, title = self._shown(model)
        return strip_size(
            model.image_shape[:2], len(shown), title=title, labels=self.labels, scale=self.scale
        )

    def figure(self, model: Explorable, originals: Images | None = None) -> Figure:
        """Draw the figure in memory; see `Recipe.figure`.

        Parameters
        ----------
        model
            The model.
        originals
            Its images, if they are at hand already; None has them read where they are wanted.

        Raises
        ------
        DataError
            If they are wanted and not to be found, among other things.
        """
        self.size(model)  # refuses what is too large
        shown, title = self._shown(model)
        images: NDArray[Any]
        if self.originals:
            images = (originals or original_images(model)).take(shown)
        else:
            images = model.decode(model.latents[shown])
        return morph_strip(
            images,
            title=title,
            labels=self.labels,
            theme=self.theme,
            ink=self.ink,
            scale=self.scale,
        )

    def _shown(self, model: Explorable) -> tuple[NDArray[np.int64], str]:
        """Return which images to show, and a line above."""
        selected = selected_images(model, self.selection)
        if not len(selected):
            raise DataError("selection: Expected at least one image. Received: none.")
        count = min(len(selected), self.most)
        shown = selected[np.linspace(0, len(selected) - 1, count).round().astype(np.int64)]
        words = f"{len(selected):,} images" if len(selected) > 1 else "1 image"
        part = f"{count:,} of " if count < len(selected) else ""
        what = " · originals" if self.originals else ""
        return shown, f"{model.name} · {part}{words}{what}"


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


#: Every kind of recipe by its name.
RECIPES: Mapping[str, type[Recipe]] = {
    each.kind: each
    for each in (
        ContactRecipe,
        EquationRecipe,
        ImageRecipe,
        MapRecipe,
        MorphRecipe,
        GridRecipe,
        TraversalRecipe,
    )
}
_ABOUT = ("program", "figure", "model", "fingerprint")


def read_recipe(source: str | Path | Mapping[str, Any], model: Explorable) -> Recipe:
    """Get the recipe of a figure of this model back, from a file that may come from anywhere.

    Parameters
    ----------
    source
        A PNG that `Recipe.export` wrote, or its metadata.
    model
        That the figure was made from.

    Returns
    -------
    Recipe
        Equal to the one that was exported; the model has all its places. Settings that the file
        doesn't mention are as usual.

    Raises
    ------
    DataError
        If the file can't be read or has no such metadata, if the figure is of a kind or has a
        setting that this version doesn't know, or if it was made from another model.
    BvaeError
        If a setting is none that there can be, or the model lacks a place, class or dimension.
    """
    metadata = read_metadata(source) if isinstance(source, str | Path) else source
    if not isinstance(metadata, Mapping):
        raise DataError(f"metadata: Expected a JSON object. Received: {setting.shown(metadata)}.")
    kind = metadata.get("figure")
    if not isinstance(kind, str) or kind not in RECIPES:
        raise DataError(
            f"figure: Expected one of this program, {', '.join(RECIPES)}. "
            f"Received: {setting.shown(kind)}."
        )
    if metadata.get("fingerprint") != model.fingerprint:
        raise DataError(
            f"figure: Expected one that was made from the open model, {model.name}. "
            f"Received: one of another model, {setting.shown(metadata.get('model'))}."
        )
    return _recipe(RECIPES[kind], metadata, model)


def _recipe(kind: type[Recipe], metadata: Mapping[str, Any], model: Explorable) -> Recipe:
    values = {key: value for key, value in metadata.items() if key not in _ABOUT}
    known = {each.name: each.default is MISSING for each in fields(kind)}
    unknown = [key for key in values if key not in known]
    if unknown:
        raise DataError(
            f"figure: Expected settings that this version knows, {', '.join(known)}. "
            f"Received: {setting.shown(unknown[0])}; a newer version may know it."
        )
    missing = [name for name, is_required in known.items() if is_required and name not in values]
    if missing:
        raise DataError(f"figure: Expected a setting called {missing[0]}. Received: none.")
    recipe = kind(**values)
    recipe.check(model)
    return recipe


def _way(
    model: Explorable, anchors: NDArray[np.float32], frames: int, kind: PathKind
) -> NDArray[np.float32]:
    return Ways(model.decode, model.latents).path(anchors, frames, kind)


def _kl(model: Explorable) -> NDArray[np.float64]:
    """Return what each dimension says about an image, (d,) nats."""
    kl: NDArray[np.float64] = kl_per_dimension(model.latents, model.log_var).mean(axis=0)
    return kl


def _label(model: Explorable, text: str) -> int:
    """Return the label of a class that is named as in an anchor."""
    anchor = parse_anchor(text)
    if not isinstance(anchor, ClassAnchor) or anchor.mean:
        raise AnchorError(
            f"{text!r}: Expected a class by its name, romaji or number. Received: {text!r}."
        )
    return find_class(anchor.name, model.class_names)


def _number(value: float) -> str:
    rounded = round(float(value), 2) + 0.0  # plus zero, since −0.001 rounds to −0
    return f"{rounded:g}".replace("-", "−")
