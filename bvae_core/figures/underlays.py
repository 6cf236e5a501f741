"""What lies under a map's dots: the manifold and the magnification, as pictures.

The window and the figures draw the same ones. None of this is quick enough for a frame of a drag.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bvae_core.figures.ink import levels, rgb8
from bvae_core.figures.theme import Ink, Theme
from bvae_core.latent import LinearProjection, Projection, Spacing, Tiling, magnification, tiling

#: From points of a plane, (n, 2) float64, to their images, (n, H, W[, 3]) float32 in [0, 1].
DecodePlane: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float32]]
Range: TypeAlias = tuple[float, float]

#: Longest side of the grid that the magnification is computed on.
RELIEF_CELLS = 56
_INK = 0.8  # the opacity of the strokes
_WASH = 0.62  # the greatest opacity of the magnification
_RANGE = (10.0, 99.5)  # percentiles of the magnification that are shown as the least and the most
_FLAT = 1e-12  # a magnification that is none


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture on a plane.

    Parameters
    ----------
    pixels
        (H, W, 4) uint8, red, green, blue and opacity; the first row is the lowest.
    low, high
        (2,) float64, the corners of the plane that it lies on.
    """

    pixels: NDArray[np.uint8]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Relief(Picture):
    """The magnification of a part of a plane.

    Parameters
    ----------
    least, most
        √det(JᵀJ) where the wash is faintest and strongest, in squared distances of pixels for a
        squared unit of the plane.
    """

    least: float
    most: float

    @property
    def ratio(self) -> float:
        """How many times as much area in the space of images a step covers where it is most."""
        return self.most / self.least

    @property
    def ratio_text(self) -> str:
        """That ratio for people: ``×25``."""
        return "more than ×1,000" if self.ratio > 1000 else f"×{self.ratio:,.2g}"

    @property
    def scale(self) -> NDArray[np.uint8]:
        """The wash from the least to the most, (256, 4) uint8."""
        colours = np.empty((256, 4), np.uint8)
        colours[:, :3], colours[:, 3] = self.pixels[0, 0, :3], _opacity(np.linspace(0, 1, 256))
        return colours


class _Decoding(Protocol):
    """What is needed of a model; a bundle has it."""

    @property
    def image_shape(self) -> tuple[int, int, int]: ...
    @property
    def latents(self) -> NDArray[np.float32]: ...
    def decode(self, z: NDArray[np.float32]) -> NDArray[np.float32]: ...


class Plane:
    """What a map shows of a latent space, and the pictures that can be made of it.

    Parameters
    ----------
    model
        Whose decoder it is.
    view
        The map.
    at
        (d,), a place that the plane goes through where the map doesn't show all dimensions; by
        default as `view` has it.
    decode
        The model's decoder, if another one than its own shall do the work.
    """

    def __init__(
        self,
        model: _Decoding,
        view: Projection,
        at: NDArray[np.float32] | None = None,
        *,
        decode: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None = None,
    ) -> None:
        self._model, self._view, self._at = model, view, at
        self._decode_codes = decode or model.decode
        self._is_line = len(view.names) == 1

    def tiling(
        self, bounds: tuple[Range, Range], scale: Range, *, edge: float, spacing: Spacing
    ) -> Tiling:
        """Return where the tiles of a manifold are, see `bvae_core.latent.tiling`."""
        return tiling(
            bounds,
            scale,
            self._model.image_shape[:2],
            edge=edge,
            spacing=spacing if self._shows_quantiles() else "even",
            is_line=self._is_line,
        )

    def _shows_quantiles(self) -> bool:
        """Return whether the map shows all of the space along its own axes."""
        view, latent_dim = self._view, self._model.latents.shape[1]
        return isinstance(view, LinearProjection) and not view.origin.any() and latent_dim <= 2

    def manifold(self, tiles: Tiling, scale: Range, theme: Theme, ink: Ink) -> Picture:
        """See `manifold`; where the map is approximate, there are tiles near dots only."""
        dots = None if self._view.is_exact else self._view.dots(self._model.latents)
        return manifold(self._decode, tiles, scale, theme, ink, dots=dots)

    def relief(self, bounds: tuple[Range, Range], theme: Theme) -> Relief:
        """See `relief`."""
        return relief(self._decode, bounds, theme)

    def _decode(self, points: NDArray[np.float64]) -> NDArray[np.float32]:
        shown = points[:, : len(self._view.names)]
        return self._decode_codes(self._view.inverse(shown, self._at))


def manifold(
    decode: DecodePlane,
    tiles: Tiling,
    scale: Range,
    theme: Theme,
    ink: Ink,
    *,
    dots: NDArray[np.float32] | None = None,
) -> Picture:
    """Decode a tile for each cell and lay them out as one picture.

    Ink on paper is written on the map's own ground, in the colour of its words, so that what lies
    below shows through; grey on black, and colours, cover it.

    Parameters
    ----------
    decode
        From points of the plane.
    tiles
        Where the tiles are.
    scale
        Units of the plane for a pixel of the picture, across and up.
    theme, ink
        The colours.
    dots
        (N, 2), where given: only tiles with a dot within a tile's width are there. For planes of
        which only the surroundings of dots mean something.
    """
    (left, right), (bottom, top) = tiles.bounds
    points = tiles.points
    if dots is not None:
        points = points[_has_dot(points, dots, tiles.cell)]
    low, high = np.array([left, bottom]), np.array([right, top])
    if tiles.is_line:
        high, low = high - [0, tiles.cell[1] / 2], low - [0, tiles.cell[1] / 2]
    unit = np.array(scale)
    width, height = np.maximum(np.rint((high - low) / unit), 1).astype(int).tolist()
    if not len(points):
        return Picture(np.zeros((height, width, 4), np.uint8), low, high)
    across, down = (max(1, round(size)) for size in np.array(tiles.cell) / unit)
    images = _resized(levels(decode(points)), down, across)[:, ::-1]
    corners = np.rint((points - np.array(tiles.cell) / 2 - low) / unit).astype(int)
    inside = (corners >= 0).all(axis=1)  # at quantiles, a part of the outermost may be outside
    sheet = np.zeros((height, width, *images.shape[3:]), np.uint8)
    is_covered = np.zeros((height, width), np.bool_)
    for image, (x, y) in zip(images[inside], corners[inside].tolist(), strict=True):
        where = slice(y, y + down), slice(x, x + across)
        part = sheet[where]
        part[:] = image[: part.shape[0], : part.shape[1]]
        is_covered[where] = True
    return Picture(_coloured(sheet, is_covered, theme, ink), low, high)


def _has_dot(
    points: NDArray[np.float64], dots: NDArray[np.float32], cell: Range
) -> NDArray[np.bool_]:
    from scipy.spatial import cKDTree  # as long to import as a model takes to open

    size = np.array(cell)
    distances, _ = cKDTree(dots / size).query(points / size)
    near: NDArray[np.bool_] = distances <= 1
    return near


def _resized(images: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Resize (n, H, W[, 3]) images all at once, which Pillow can't: each by two products."""
    down = _resizing(images.shape[1], height)
    across = _resizing(images.shape[2], width)
    values = images.astype(np.float32)
    if values.ndim == 4:
        values = values.transpose(0, 3, 1, 2)
    resized = np.rint(np.clip(down @ values @ across.T, 0, 255)).astype(np.uint8)
    return resized.transpose(0, 2, 3, 1) if values.ndim == 4 else resized


def _resizing(before: int, after: int) -> NDArray[np.float32]:
    """Return the matrix (after, before) that resizes a column of pixels as Pillow does."""
    each = Image.fromarray(np.eye(before, dtype=np.float32))
    return np.asarray(each.resize((before, after), Image.Resampling.BICUBIC))


def _coloured(
    sheet: NDArray[np.uint8], is_covered: NDArray[np.bool_], theme: Theme, ink: Ink
) -> NDArray[np.uint8]:
    """Return greys (H, W) or colours (H, W, 3) as (H, W, 4), nothing where nothing covers."""
    opaque = np.where(is_covered, np.uint8(255), np.uint8(0))[..., None]
    if sheet.ndim == 3:
        return np.concatenate([sheet, opaque], axis=-1)
    if ink == "screen":
        return np.concatenate([sheet[..., None].repeat(3, axis=-1), opaque], axis=-1)
    inks = np.empty((256, 4), np.uint8)
    inks[:, :3], inks[:, 3] = rgb8(theme.text), np.rint(_INK * np.arange(256))
    written: NDArray[np.uint8] = inks.view(np.uint32)[sheet, 0].view(np.uint8)
    return written.reshape(*sheet.shape, 4)


def relief(decode: DecodePlane, bounds: tuple[Range, Range], theme: Theme) -> Relief:
    """Wash a part of a plane in the accent's colour, the more the image changes with a step there.

    The strength follows the logarithm of √det(JᵀJ), see `bvae_core.latent.magnification`.

    Parameters
    ----------
    decode
        From points of the plane.
    bounds
        ((left, right), (bottom, top)), low < high.
    theme
        The colours.
    """
    (left, right), (bottom, top) = bounds
    spans = np.array([top - bottom, right - left])
    rows, columns = np.maximum(np.rint(RELIEF_CELLS * spans / spans.max()), 4).astype(int).tolist()
    area = magnification(lambda points: decode(points.astype(np.float64)), bounds, (rows, columns))
    logs = np.log(np.maximum(area, _FLAT))
    least, most = np.percentile(logs, _RANGE)
    share = np.clip((logs - least) / max(most - least, 1e-9), 0, 1)
    pixels = np.empty((rows, columns, 4), np.uint8)
    pixels[..., :3] = rgb8(theme.accent)
    pixels[..., 3] = _opacity(share)
    low, high = np.array([left, bottom]), np.array([right, top])
    return Relief(pixels, low, high, least=float(np.exp(least)), most=float(np.exp(most)))


def _opacity(share: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return how opaque the wash is, (…) uint8, at shares of the logarithm's range."""
    opacity: NDArray[np.uint8] = np.rint(255 * _WASH * share**1.5).astype(np.uint8)
    return opacity
