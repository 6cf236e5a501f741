"""What stands still on the latent map: the density, the dots, their classes' names, the axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import PathCollection
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from bvae_core.figures.ink import rgb8
from bvae_core.figures.lettering import font, words, writable
from bvae_core.figures.theme import Theme
from bvae_core.latent import density_image, scott_bandwidth
from bvae_gui.panels.latent_map.glyphs import glyphs
from bvae_gui.panels.latent_map.viewport import Viewport

_WASH_CELLS = (240, 320)
_HOME_CELLS = 64
_LONGEST_NAME = 2  # characters that are also written on the map
_NAME_PIXELS, _NAME_HALO, _NAME_ROOM, _NAME_LIFT = 20.0, 4.0, 18.0, 26.0
_TICK_PIXELS, _AXIS_PIXELS = 11.0, 12.0
_MOST_LINES = 100  # each costs a tenth of a millisecond to draw, however few its dots are
_ROUNDS = 8


class Wash(Artist):
    """The density as a wash of one colour, darkest where it is highest.

    matplotlib's own images take five times as long to scale.

    Parameters
    ----------
    dots
        (N, 2) float32, N ≥ 1.
    bandwidth
        (2,), see `density_image`.
    colour
        ``#rrggbb``.
    """

    def __init__(
        self, dots: NDArray[np.float32], bandwidth: NDArray[np.float64], colour: str
    ) -> None:
        super().__init__()
        self.set_zorder(0)
        low = dots.min(axis=0) - 4 * bandwidth
        high = dots.max(axis=0) + 4 * bandwidth
        bounds = ((low[0], high[0]), (low[1], high[1]))
        image = density_image(dots, bounds, _WASH_CELLS, bandwidth=bandwidth)
        share = np.sqrt(image / max(float(image.max()), 1e-30))
        self._strength = Image.fromarray(np.rint(255 * share).astype(np.uint8))
        self._colour = rgb8(colour)
        self._low, self._high = low, high

    def draw(self, renderer: RendererBase) -> None:
        """Draw what is seen of it."""
        axes = self.axes
        if axes is None or not self.get_visible():
            return
        view = np.array([axes.get_xlim(), axes.get_ylim()]).T
        low, high = np.maximum(view[0], self._low), np.minimum(view[1], self._high)
        if (low >= high).any():
            return
        corners = axes.transData.transform([low, high])
        (left, bottom), (right, top) = np.rint(corners).astype(int)
        if right <= left or top <= bottom:
            return
        cells = (np.array([low, high]) - self._low) / (self._high - self._low)
        cells *= self._strength.size
        box = (cells[0, 0], cells[0, 1], cells[1, 0], cells[1, 1])
        strength = self._strength.resize(
            (right - left, top - bottom), Image.Resampling.BICUBIC, box
        )
        pixels = np.empty((top - bottom, right - left, 4), np.uint8)
        pixels[..., :3] = self._colour
        pixels[..., 3] = strength
        context = renderer.new_gc()
        context.set_clip_rectangle(axes.bbox)
        renderer.draw_image(context, left, bottom, pixels)
        context.restore()
        self.stale = False


class Ground:
    """Draws it into axes, which should be empty.

    Parameters
    ----------
    axes
        Where.
    theme
        The colours.
    dots
        (N, 2) float32.
    classes
        (N,) int64, or None.
    names
        Of the classes.
    hidden
        Classes that are not drawn.
    """

    def __init__(
        self,
        axes: Axes,
        theme: Theme,
        dots: NDArray[np.float32],
        classes: NDArray[np.int64] | None,
        names: Sequence[str],
        hidden: frozenset[int],
    ) -> None:
        self._theme = theme
        self._homes = self._offsets = np.empty((0, 2))
        self._names: list[PathCollection] = []
        is_seen = np.ones(len(dots), np.bool_)
        if classes is not None and hidden:
            is_seen = ~np.isin(classes, list(hidden))
        #: (N,) bool, whether a dot is drawn.
        self.is_seen = is_seen
        seen = dots[is_seen]
        seen_classes = None if classes is None else classes[is_seen]
        if len(seen):
            axes.add_artist(Wash(seen, bandwidth_of(seen), theme.wash))
            _draw_dots(axes, theme, seen, seen_classes, len(names))
            if seen_classes is not None:
                self._add_names(axes, seen, seen_classes, names)

    def fit_names(self, viewport: Viewport, seals: NDArray[np.float64]) -> bool:
        """Leave out names that would lie on others, and lift those that a seal would cover.

        Parameters
        ----------
        viewport
            What is seen.
        seals
            (k, 2), where the seals are, in its pixels.

        Returns
        -------
        Whether anything is elsewhere than before.
        """
        if not self._names:
            return False
        written: list[NDArray[np.float64]] = []
        offsets = np.full(self._homes.shape, np.nan)
        for index, pixel in enumerate(viewport.to_pixels(self._homes)):
            if _is_near(pixel, written, _NAME_ROOM):
                continue
            written.append(pixel)
            lift = _NAME_LIFT if _is_near(pixel, seals, _NAME_ROOM) else 0.0
            offsets[index] = viewport.to_plane(pixel[0], pixel[1] - lift)
        if np.array_equal(offsets, self._offsets, equal_nan=True):
            return False
        self._offsets = offsets
        for layer in self._names:
            layer.set_offsets(offsets)
        return True

    def _add_names(
        self,
        axes: Axes,
        dots: NDArray[np.float32],
        classes: NDArray[np.int64],
        names: Sequence[str],
    ) -> None:
        present = [int(i) for i in np.unique(classes) if 0 < len(names[i]) <= _LONGEST_NAME]
        if not present:
            return
        self._homes = class_homes(dots, classes, len(names))[present]
        paths = [glyphs(writable(names[i]), _NAME_PIXELS) for i in present]
        halo = {"edgecolors": self._theme.ground, "linewidths": _NAME_HALO}
        for style in (halo, {"edgecolors": "none"}):
            colour = self._theme.ground if style is halo else self._theme.text
            layer = PathCollection(
                paths, sizes=[1], facecolors=colour, joinstyle="round", zorder=4,
                offsets=self._homes, offset_transform=axes.transData, **style,
            )  # fmt: skip
            layer.set_transform(IdentityTransform())
            axes.add_collection(layer, autolim=False)
            self._names.append(layer)


def _is_near(
    pixel: NDArray[np.float64], others: Iterable[NDArray[np.float64]], distance: float
) -> bool:
    return any(np.abs(pixel - other).max() < distance for other in others)


def bandwidth_of(dots: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half of Scott's width, which suits one cluster: here are many."""
    half: NDArray[np.float64] = scott_bandwidth(dots) / 2
    return half


def class_homes(
    dots: NDArray[np.float32], classes: NDArray[np.int64], class_count: int
) -> NDArray[np.float64]:
    """Return where on the map each class is dense, and the others are not, (class_count, 2).

    That is where the product of its density and its share of all densities is largest.
    """
    low, high = dots.min(axis=0), dots.max(axis=0)
    cell = np.maximum(high - low, 1e-6) / _HOME_CELLS
    column, row = np.minimum((dots - low) / cell, _HOME_CELLS - 1).astype(np.int64).T
    cells = (classes * _HOME_CELLS + row) * _HOME_CELLS + column
    counts = np.bincount(cells, minlength=class_count * _HOME_CELLS**2).astype(np.float64)
    counts = counts.reshape(class_count, _HOME_CELLS, _HOME_CELLS)
    density = gaussian_filter(counts, (0, 2, 2), mode="constant")
    score = density**2 / (density.sum(axis=0) + 1e-12)
    best = score.reshape(class_count, -1).argmax(axis=1)
    homes: NDArray[np.float64] = low + (np.stack(divmod(best, _HOME_CELLS)[::-1], 1) + 0.5) * cell
    return homes


def draw_axes(axes: Axes, theme: Theme, axis_count: int) -> None:
    """Give axes a quiet grid and numbers, on the second axis only if there is one."""
    axes.set_facecolor("none")
    axes.spines[:].set_visible(False)
    numbers = font(_TICK_PIXELS).get_family()
    for index, axis in enumerate((axes.xaxis, axes.yaxis)):
        if index >= axis_count:
            axis.set_ticks([])
            continue
        axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
        axis.set_tick_params(
            length=0, pad=6, labelcolor=theme.muted, labelfontfamily=numbers,
            labelsize=_TICK_PIXELS,
        )  # fmt: skip
    axes.grid(color=theme.line, linewidth=0.7, alpha=0.6)
    axes.set_axisbelow(True)


def write_axis_names(axes: Axes, theme: Theme, names: Sequence[str]) -> None:
    """Write the axes' names at the end of each: below at the right, and above at the left."""
    style = words(theme.text, _AXIS_PIXELS)
    axes.annotate(
        names[0], (1, 0), (0, -24), xycoords="axes fraction", textcoords="offset points",
        ha="right", va="top", **style,
    )  # fmt: skip
    for name in names[1:]:
        axes.annotate(
            name, (0, 1), (-32, 8), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="bottom", **style,
        )  # fmt: skip


def _draw_dots(
    axes: Axes,
    theme: Theme,
    dots: NDArray[np.float32],
    classes: NDArray[np.int64] | None,
    class_count: int,
) -> None:
    """Draw them in rounds, in each of which every class has its turn: none hides the others."""
    count = len(dots)
    style: dict[str, Any] = {
        "linestyle": "", "marker": ".", "markeredgewidth": 0, "zorder": 2,
        # This marker is a circle of half its size.
        "markersize": 2 * float(np.clip((120_000 / count) ** 0.5, 2, 7)),
        "alpha": float(np.clip(5000 / count, 0.5, 0.9)),
    }  # fmt: skip
    if classes is None:
        axes.plot(*dots.T, color=theme.muted, **style)
        return
    colours = theme.class_colours(class_count)
    order = np.random.default_rng(0).permutation(count)
    present = np.unique(classes)
    for part in np.array_split(order, max(1, min(_ROUNDS, _MOST_LINES // len(present)))):
        for label in present:
            mine = dots[part[classes[part] == label]]
            axes.plot(*mine.T, color=colours[label], **style)
