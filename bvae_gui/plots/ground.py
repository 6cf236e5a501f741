"""What stands still on a map: the density, the dots, their classes' names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from bvae_core.figures.layers import Layers
from bvae_core.figures.lettering import writable
from bvae_core.figures.theme import Theme
from bvae_core.latent import blurred, density_image, scott_bandwidth
from bvae_gui.plots.brush import Brush
from bvae_gui.plots.glyphs import circle, glyphs
from bvae_gui.plots.ramp import STEPS, ramp
from bvae_gui.plots.viewport import Pair, Viewport

_WASH_CELLS = (240, 320)
_HOME_CELLS = 64
_LONGEST_NAME = 2  # characters that are also written on the map
_NAME_PIXELS, _NAME_HALO, _NAME_ROOM, _NAME_LIFT = 20.0, 4.0, 22.0, 32.0
_SEAL_ROOM = 24.0
_ROUNDS = 8
_DIM = 0.45  # of the dots' opacity is left over a manifold
_GREY = 0.3  # of the usual opacity have dots that are not selected
_LEAST_SPAN = 0.02  # of an axis, in units of the prior's standard deviation


class Drawable(Protocol):
    """What a brush can draw."""

    def draw(self, brush: Brush) -> None:
        """Draw it."""


class Ground(Artist):
    """Draws density, dots and names.

    Parameters
    ----------
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
    shares
        (N,), how much each dot has of what its colour says, 0 to 1, or NaN; None colours them by
        their classes.

    Attributes
    ----------
    is_seen
        (N,) bool, whether a dot is drawn.
    layers
        What of it is shown.
    underlays
        What is drawn between the density and the dots, from the lowest on.
    """

    def __init__(
        self,
        theme: Theme,
        dots: NDArray[np.float32],
        classes: NDArray[np.int64] | None,
        names: Sequence[str],
        hidden: frozenset[int],
        shares: NDArray[np.float64] | None = None,
    ) -> None:
        super().__init__()
        self.set_zorder(2)
        self.layers = Layers()
        self.underlays: Sequence[Drawable] = ()
        self.is_seen = np.ones(len(dots), np.bool_)
        if classes is not None and hidden:
            self.is_seen = ~np.isin(classes, list(hidden))
        self._theme, self._all, self._classes = theme, dots, classes
        seen = dots[self.is_seen]
        self._wash = Wash(seen, theme.wash) if len(seen) else None
        self._shares = shares
        self._colours: Sequence[str] = ()
        self._names: Names | None = None
        if classes is not None and shares is None:
            self._colours = theme.class_colours(len(names))
            self._names = Names(theme, seen, classes[self.is_seen], names)
        self.select(())

    def select(self, selected: ArrayLike) -> None:
        """Draw these dots in their colours, and all others grey and below; all, where it is none.

        Parameters
        ----------
        selected
            (k,) indices.
        """
        chosen = np.asarray(selected, np.int64)
        bright, grey = self.is_seen, np.zeros_like(self.is_seen)
        if len(chosen):
            bright = np.zeros_like(self.is_seen)
            bright[chosen] = True
            bright &= self.is_seen
            grey = self.is_seen & ~bright
        count = int(self.is_seen.sum())
        self._others = Dots.of_one_kind(count, self._all[grey], self._theme.muted, _GREY)
        if self._shares is not None:
            self._dots = Dots.of_quantity(
                count, self._all[bright], self._shares[bright], self._theme
            )
        elif self._classes is None:
            colour = self._theme.accent if len(chosen) else self._theme.muted
            self._dots = Dots.of_one_kind(count, self._all[bright], colour)
        else:
            classes = self._classes[bright]
            self._dots = Dots.of_classes(count, self._all[bright], classes, self._colours)

    def draw(self, renderer: RendererBase) -> None:
        """Draw all of it."""
        layers = self.layers
        with Brush(renderer, self) as brush:
            if layers.density and self._wash is not None:
                self._wash.draw(brush)
            for underlay in self.underlays:
                underlay.draw(brush)
            if layers.dots:
                strength = _DIM if layers.manifold else 1.0
                self._others.draw(brush, strength)
                self._dots.draw(brush, strength)
            if layers.names and self._names is not None:
                self._names.draw(brush)

    def fit_names(self, viewport: Viewport, seals: NDArray[np.float64]) -> bool:
        """Put names where they can be read, see `Names.fit`."""
        return self._names is not None and self._names.fit(viewport, seals)


class Wash:
    """The density as a wash of one colour, darkest where it is highest.

    matplotlib's own images take five times as long to scale.

    Parameters
    ----------
    dots
        (N, 2) float32, N ≥ 1.
    colour
        ``#rrggbb``.
    """

    def __init__(self, dots: NDArray[np.float32], colour: str) -> None:
        bandwidth = bandwidth_of(dots)
        self._low = dots.min(axis=0) - 4 * bandwidth
        self._high = dots.max(axis=0) + 4 * bandwidth
        bounds = np.stack([self._low, self._high], axis=1)
        image = density_image(dots, bounds, _WASH_CELLS, bandwidth=bandwidth)
        share = np.sqrt(image / max(float(image.max()), 1e-30))
        self._strength = Image.fromarray(np.rint(255 * share).astype(np.uint8))
        self._colour = colour

    def draw(self, brush: Brush) -> None:
        """Draw what is seen of it."""
        brush.wash(self._strength, self._low, self._high, self._colour)


class Dots:
    """Dots in turns of one colour each.

    Parameters
    ----------
    count
        Of all dots: the more there are, the smaller and fainter is each.
    turns
        Dots, (n, 2) float32, and their colour.
    strength
        By which their opacity is multiplied.
    """

    def __init__(
        self,
        count: int,
        turns: Sequence[tuple[NDArray[np.float32], str]],
        strength: float = 1.0,
    ) -> None:
        self._turns = turns
        self._radius = float(np.clip((30_000 / max(count, 1)) ** 0.5, 1, 3.5))
        self._opacity = strength * float(np.clip(5000 / max(count, 1), 0.5, 0.9))

    @classmethod
    def of_one_kind(
        cls, count: int, dots: NDArray[np.float32], colour: str, strength: float = 1.0
    ) -> Dots:
        """Draw these in one colour."""
        return cls(count, [(dots, colour)], strength)

    @classmethod
    def of_classes(
        cls,
        count: int,
        dots: NDArray[np.float32],
        classes: NDArray[np.int64],
        colours: Sequence[str],
    ) -> Dots:
        """Draw them in rounds, in each of which every class has a turn: none hides the others."""
        order = np.random.default_rng(0).permutation(len(dots))
        turns = []
        for part in np.array_split(order, _ROUNDS):
            sorted_part = part[classes[part].argsort(kind="stable")]
            labels, starts = np.unique(classes[sorted_part], return_index=True)
            shares = np.split(sorted_part, starts[1:])
            turns += [(dots[s], colours[i]) for i, s in zip(labels, shares, strict=False)]
        return cls(count, turns)

    @classmethod
    def of_quantity(
        cls, count: int, dots: NDArray[np.float32], shares: NDArray[np.float64], theme: Theme
    ) -> Dots:
        """Draw each in the colour of its share, those first of which none is known."""
        is_known = np.isfinite(shares)
        steps = np.rint(shares[is_known] * (STEPS - 1)).astype(np.int64)
        known = cls.of_classes(count, dots[is_known], steps, ramp(theme))
        return cls(count, [(dots[~is_known], theme.muted), *known._turns])

    def draw(self, brush: Brush, strength: float = 1.0) -> None:
        """Draw all of them, at a share of their opacity."""
        shape, opacity = circle(self._radius), strength * self._opacity
        for dots, colour in self._turns:
            brush.stamp(shape, dots, fill=colour, opacity=opacity)


class Names:
    """Names of one or two characters, each written where its class is at home.

    Parameters
    ----------
    theme
        The colours.
    dots
        (N, 2) float32.
    classes
        (N,) int64.
    names
        Of the classes.
    """

    def __init__(
        self,
        theme: Theme,
        dots: NDArray[np.float32],
        classes: NDArray[np.int64],
        names: Sequence[str],
    ) -> None:
        self._theme = theme
        short = [i for i in np.unique(classes) if 0 < len(names[i]) <= _LONGEST_NAME]
        self._letters = [glyphs(writable(names[i]), _NAME_PIXELS) for i in short]
        homes = class_homes(dots, classes, len(names))[short] if short else np.empty((0, 2))
        self._homes = self._places = homes

    def fit(self, viewport: Viewport, seals: NDArray[np.float64]) -> bool:
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
        before, self._places = self._places, np.full(self._homes.shape, np.nan)
        written: list[NDArray[np.float64]] = []
        for index, pixel in enumerate(viewport.to_pixels(self._homes)):
            covering = next((seal for seal in seals if _are_near(pixel, seal, _SEAL_ROOM)), None)
            if covering is not None:
                pixel[1] = covering[1] - _NAME_LIFT
            if not any(_are_near(pixel, other, _NAME_ROOM) for other in written):
                written.append(pixel)
                self._places[index] = viewport.to_plane(*pixel)
        return not np.array_equal(before, self._places, equal_nan=True)

    def draw(self, brush: Brush) -> None:
        """Write those that have a place."""
        ground, text = self._theme.ground, self._theme.text
        for letters, place in zip(self._letters, self._places, strict=True):
            if np.isfinite(place).all():
                brush.stamp(letters, place, fill=ground, edge=ground, width=_NAME_HALO)
                brush.stamp(letters, place, fill=text)


def _are_near(pixel: NDArray[np.float64], other: NDArray[np.float64], distance: float) -> bool:
    return bool(np.abs(pixel - other).max() < distance)


def bandwidth_of(dots: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half of Scott's width, which suits one cluster: here are many."""
    half: NDArray[np.float64] = scott_bandwidth(dots) / 2
    return half


def whole(dots: NDArray[np.float32], size: Pair, *, is_line: bool) -> Viewport:
    """See all dots, (N, 2), and where their density fades; see `Viewport.fitting`."""
    low, high = dots.min(axis=0).astype(np.float64), dots.max(axis=0).astype(np.float64)
    room = np.maximum(0.05 * (high - low), 3 * bandwidth_of(dots))
    middle, half = (low + high) / 2, np.maximum(high - low + 2 * room, _LEAST_SPAN) / 2
    return Viewport.fitting(middle - half, middle + half, size, is_line=is_line)


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
    density = blurred(counts, (2.0, 2.0))
    score = density**2 / (density.sum(axis=0) + 1e-12)
    best = score.reshape(class_count, -1).argmax(axis=1)
    homes: NDArray[np.float64] = low + (np.stack(divmod(best, _HOME_CELLS)[::-1], 1) + 0.5) * cell
    return homes
