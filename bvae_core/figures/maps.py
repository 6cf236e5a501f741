"""The latent map: every image's code as a dot, and the density behind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from string import ascii_uppercase
from typing import TypeAlias

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from bvae_core.errors import DataError
from bvae_core.figures.lettering import Ruler, font, words, writable
from bvae_core.figures.theme import Theme, ThemeName, get_theme
from bvae_core.figures.underlays import Picture, Range, Relief
from bvae_core.kana import romaji
from bvae_core.latent import (
    Projection,
    default_projection,
    density_image,
    exemplar,
    in_plane,
    scott_bandwidth,
    spread_out,
)

DPI = 200
#: Width and height in inches, unless others are asked for.
SIZE = (8.0, 6.0)
#: Pixels of a manifold's tiles, see `bvae_core.latent.tiling`.
TILE_EDGE = 34.0
_LABEL_POINTS, _TITLE_POINTS, _MARK_POINTS = 9.0, 10.0, 15.0
_MARGIN = 0.25  # inches
_LEGEND_ROWS = 24
_LEGEND_LABEL = 300  # pixels
_VECTOR_DOTS = 2000  # more of them are drawn as pixels in SVG and PDF
_SHORT_NAME = 2
_SEAL = 0.2  # inches around an anchor that its seal covers
_LEAST_SPAN = 0.02  # of an axis, in units of the prior's standard deviation
_GREY = 0.3  # of the usual opacity have dots that are not selected
_NAME_SPACE = 0.18  # inches that a name on the map needs around it
_DIM = 0.45  # of the dots' opacity is left over a manifold
_SCALE_WIDTH, _SCALE_HEIGHT = 0.8, 0.07  # inches of the magnification's scale

#: Given ((left, right), (bottom, top)) of the map and units of it a pixel, across and up, returns
#: the pictures that lie under the dots.
Underlays: TypeAlias = Callable[[tuple[Range, Range], Range], Sequence[Picture]]


def latent_map(
    latents: ArrayLike,
    labels: ArrayLike | None = None,
    class_names: Sequence[str] = (),
    *,
    projection: Projection | None = None,
    path: ArrayLike | None = None,
    anchors: ArrayLike | None = None,
    title: str = "",
    density: bool = True,
    underlays: Underlays | None = None,
    dots: bool = True,
    names: bool = True,
    captions: bool = True,
    theme: ThemeName | Theme = "light",
    visible: Collection[int] | None = None,
    selected: ArrayLike | None = None,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Draw the codes of all images.

    Parameters
    ----------
    latents
        (N, d), finite, N ≥ 1.
    labels
        (N,) whole numbers, or None.
    class_names
        In the order of the labels. A name of one or two characters is also written on the map,
        where its class is densest relative to the others.
    projection
        What to look at; by default the axes themselves for d ≤ 2, the principal axes for more.
        A projection on one axis spreads the dots upwards and downwards, further where they are
        denser.
    path
        (frames, d), a morph's way.
    anchors
        (k, d), sealed A, B, C … on the way.
    title
        A line above.
    density
        Whether to draw it behind the dots.
    underlays
        What else is under the dots, see `bvae_core.figures.underlays`; over a manifold they are
        dimmed. A magnification is explained by a scale below the map.
    dots, names
        Whether to draw dots, and to write names on the map.
    captions
        False leaves all words out but the anchors' letters.
    theme
        ``light`` or ``dark``.
    visible
        Labels of the classes to show; None shows all. The others' dots and lines in the legend are
        left out; density, colours and what the map covers stay those of all.
    selected
        (k,) indices of images: the dots of all others are grey, and below. None greys none.
    size
        Width and height in inches of 200 pixels.

    Raises
    ------
    DataError
        If there are no codes, or labels and names don't fit them.
    AnchorError
        If a code or a point of the path is not finite or has another number of dimensions.
    """
    look = get_theme(theme)
    codes = np.asarray(latents, dtype=np.float32)
    classes = _checked(codes, labels, class_names)
    view = projection or default_projection(codes)
    shown = view.dots(codes)
    places = shown if shown.shape[1] == 2 else spread_out(shown)
    seals = np.empty((0, 2), np.float32) if anchors is None else in_plane(view.project(anchors))
    seen = _seen(classes, len(codes), visible)

    figure = Figure(figsize=size, dpi=DPI, facecolor=look.ground)
    FigureCanvasAgg(figure)
    legend = 0.0
    if captions and classes is not None and seen.any():
        legend = _draw_legend(figure, look, np.unique(classes[seen]), class_names)
    axes = _add_axes(figure, look, view.names, legend, title, captions=captions)
    _set_view(axes, places, len(view.names))
    if density:
        _draw_density(axes, look, places)
    pictures = [] if underlays is None else underlays(*_extent(axes))
    for picture in pictures:
        _draw_picture(axes, picture)
        if captions and isinstance(picture, Relief):
            _draw_scale(figure, axes, look, picture)
    if dots:
        colours = _colours(look, classes, len(class_names), len(codes))
        covered = any(not isinstance(picture, Relief) for picture in pictures)
        strength = _DIM if covered else 1.0
        if selected is None:
            _draw_dots(axes, places, colours, seen, strength=strength)
        else:
            is_selected = np.zeros(len(codes), np.bool_)
            is_selected[np.asarray(selected, np.int64)] = True
            if classes is None:
                colours[is_selected] = to_rgba(look.accent)
            colours[~is_selected] = to_rgba(look.muted)
            _draw_dots(axes, places, colours, seen & ~is_selected, strength=_GREY * strength)
            _draw_dots(axes, places, colours, seen & is_selected, strength=strength)
    if names and captions and classes is not None:
        short = [i for i in np.unique(classes[seen]) if len(class_names[i]) <= _SHORT_NAME]
        homes = places[[exemplar(shown, classes, label) for label in short]].reshape(-1, 2)
        _draw_names(axes, look, [class_names[i] for i in short], homes, seals)
    if path is not None:
        _draw_path(axes, look, in_plane(view.project(path)))
    _draw_seals(axes, look, seals)
    return figure


def _add_axes(
    figure: Figure,
    look: Theme,
    names: tuple[str, ...],
    legend: float,
    title: str,
    *,
    captions: bool,
) -> Axes:
    """Add axes in the room that the legend (inches) and the words leave."""
    width, height = figure.get_size_inches()
    left, below = (0.6, 0.6) if captions else (_MARGIN, _MARGIN)
    above = _MARGIN + (0.3 * bool(title) + 0.25 * (len(names) == 2)) * captions
    right = _MARGIN + legend
    wide, high = max(1.0, width - left - right), max(1.0, height - below - above)
    axes = figure.add_axes(
        (left / width, below / height, wide / width, high / height), facecolor="none"
    )
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if not captions:
        return axes
    strong = words(look.text, _LABEL_POINTS)
    edge = _MARGIN / width
    fitting = Ruler(DPI, _TITLE_POINTS).fit(title, (wide + left) * DPI)
    figure.text(edge, 1 - _MARGIN / height, fitting, va="top", **words(look.text, _TITLE_POINTS))
    figure.text((left + wide) / width, _MARGIN / height, names[0], ha="right", **strong)
    for axis, name in zip((axes.xaxis, axes.yaxis), names, strict=False):
        axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
        axis.set_tick_params(
            length=0, pad=6, labelcolor=look.muted, labelfontfamily=font(1).get_family()
        )
        axis.set_tick_params(labelsize=_LABEL_POINTS - 1)
        if axis is axes.yaxis:
            figure.text(edge, (below + high) / height + 0.012, name, va="bottom", **strong)
    axes.grid(color=look.line, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    return axes


def _checked(
    codes: NDArray[np.float32], labels: ArrayLike | None, class_names: Sequence[str]
) -> NDArray[np.int64] | None:
    if codes.ndim != 2 or len(codes) == 0:
        raise DataError(f"latents: Expected shape (N, d), N ≥ 1. Received: {codes.shape}.")
    if labels is None:
        return None
    classes = np.asarray(labels, dtype=np.int64)
    if classes.shape != (len(codes),):
        raise DataError(f"labels: Expected shape ({len(codes)},). Received: {classes.shape}.")
    if classes.min() < 0 or classes.max() >= len(class_names):
        raise DataError(
            f"labels: Expected 0 to {len(class_names) - 1}, one for each class name. "
            f"Received: {classes.min()} to {classes.max()}."
        )
    return classes


def _set_view(axes: Axes, dots: NDArray[np.float32], dimensions: int) -> None:
    """Show all dots and where their density fades, and two dimensions at the same scale."""
    low, high = dots.min(axis=0).astype(np.float64), dots.max(axis=0).astype(np.float64)
    room = np.maximum(0.05 * (high - low), 3 * _bandwidth(dots))
    middle, span = (low + high) / 2, np.maximum(high - low + 2 * room, _LEAST_SPAN)
    if dimensions == 2:
        window = axes.get_window_extent()
        extent = np.array([window.width, window.height])
        span = extent * (span / extent).max()
    axes.set_xlim(middle[0] - span[0] / 2, middle[0] + span[0] / 2)
    axes.set_ylim(middle[1] - span[1] / 2, middle[1] + span[1] / 2)
    axes.autoscale(False)


def _bandwidth(dots: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half of Scott's width, which suits one cluster: here are many."""
    half: NDArray[np.float64] = scott_bandwidth(dots) / 2
    return half


def _draw_density(axes: Axes, look: Theme, dots: NDArray[np.float32]) -> None:
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    image = density_image(
        dots, ((left, right), (bottom, top)), (240, 320), bandwidth=_bandwidth(dots)
    )
    wash = LinearSegmentedColormap.from_list("wash", [to_rgba(look.wash, 0), to_rgba(look.wash)])
    share: NDArray[np.float32] = image / max(float(image.max()), 1e-30)
    axes.imshow(
        share**0.5, cmap=wash, vmin=0, vmax=1, origin="lower", zorder=0, aspect="auto",
        extent=(left, right, bottom, top), interpolation="bicubic",
    )  # fmt: skip


def _extent(axes: Axes) -> tuple[tuple[Range, Range], Range]:
    """Return what is seen, and units of it a pixel, across and up."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    window = axes.get_window_extent()
    scale = float((right - left) / window.width), float((top - bottom) / window.height)
    return ((float(left), float(right)), (float(bottom), float(top))), scale


def _draw_picture(axes: Axes, picture: Picture) -> None:
    (left, bottom), (right, top) = picture.low, picture.high
    smooth = "bicubic" if isinstance(picture, Relief) else "antialiased"
    axes.imshow(
        picture.pixels, origin="lower", zorder=1, aspect="auto", interpolation=smooth,
        extent=(left, right, bottom, top),
    )  # fmt: skip


def _draw_scale(figure: Figure, axes: Axes, look: Theme, relief: Relief) -> None:
    """Say below the map, at the left, what the wash means."""
    width, height = figure.get_size_inches()
    left, below = axes.get_position().x0, _MARGIN / height
    bar = figure.add_axes(
        (left, below, _SCALE_WIDTH / width, _SCALE_HEIGHT / height), facecolor=look.ground
    )
    bar.set(xticks=[], yticks=[])
    bar.spines[:].set(color=look.line, linewidth=0.5)
    bar.imshow(relief.scale[None], aspect="auto")
    meaning = f"magnification: how much the image changes nearby, ×1 to {relief.ratio_text}"
    figure.text(
        left + (_SCALE_WIDTH + 0.1) / width, below, meaning, **words(look.muted, _LABEL_POINTS - 1)
    )


def _seen(
    classes: NDArray[np.int64] | None, count: int, visible: Collection[int] | None
) -> NDArray[np.bool_]:
    """Return which images are shown, (N,)."""
    if visible is None:
        return np.ones(count, np.bool_)
    if classes is None:
        raise DataError(
            f"visible: Expected None where images have no labels. Received: {list(visible)}."
        )
    return np.isin(classes, list(visible))


def _colours(
    look: Theme, classes: NDArray[np.int64] | None, class_count: int, count: int
) -> NDArray[np.float64]:
    """Return the colour of each dot, (N, 4)."""
    if classes is None:
        return np.tile(to_rgba(look.muted), (count, 1))
    return np.array([to_rgba(colour) for colour in look.class_colours(class_count)])[classes]


def _draw_dots(
    axes: Axes,
    dots: NDArray[np.float32],
    colours: NDArray[np.float64],
    seen: NDArray[np.bool_],
    *,
    strength: float = 1.0,
) -> None:
    # In a random order, so that no class hides the others.
    order = np.random.default_rng(0).permutation(len(dots))
    order = order[seen[order]]
    axes.scatter(
        dots[order, 0], dots[order, 1], c=colours[order],
        s=float(np.clip(34_000 / len(dots), 1.6, 24)),
        alpha=strength * float(np.clip(5000 / len(dots), 0.5, 0.9)),
        linewidths=0, rasterized=len(order) > _VECTOR_DOTS, zorder=2,
    )  # fmt: skip


def _draw_names(
    axes: Axes,
    look: Theme,
    names: Sequence[str],
    places: NDArray[np.float32],
    seals: NDArray[np.float32],
) -> None:
    halo = [effects.withStroke(linewidth=3, foreground=look.ground)]
    sealed = axes.transData.transform(seals)
    written = np.empty((0, 2))
    for name, place in zip(names, places, strict=True):
        pixel = axes.transData.transform(place)
        if _any_near(written, pixel, _NAME_SPACE):  # the legend has it
            continue
        lift = 72 * 1.3 * _SEAL if _any_near(sealed, pixel, _SEAL) else 0  # beside the seal
        axes.annotate(
            writable(name), place, (0, lift), textcoords="offset points", ha="center", va="center",
            zorder=4, path_effects=halo, **words(look.text, _MARK_POINTS),
        )  # fmt: skip
        written = np.vstack([written, pixel])


def _any_near(places: NDArray[np.float64], pixel: NDArray[np.float64], inches: float) -> bool:
    return bool((np.linalg.norm(places - pixel, axis=1) < inches * DPI).any())


def _draw_path(axes: Axes, look: Theme, points: NDArray[np.float32]) -> None:
    x, y = points.T
    for colour, linewidth in ((look.ground, 3.6), (look.text, 1.2)):
        axes.plot(
            x, y, color=colour, linewidth=linewidth, solid_capstyle="round", zorder=4
        )  # fmt: skip
    axes.plot(
        x, y, linestyle="", marker="o", markersize=4.4, color=look.text,
        markeredgecolor=look.ground, markeredgewidth=0.8, zorder=4,
    )  # fmt: skip


def _draw_seals(axes: Axes, look: Theme, places: NDArray[np.float32]) -> None:
    seal = {
        "boxstyle": "round,pad=0.32,rounding_size=0.2",
        "facecolor": look.accent,
        "edgecolor": look.ground,
        "linewidth": 1.2,
    }
    for letter, (x, y) in zip(ascii_uppercase, places, strict=False):
        axes.text(
            x, y, letter, ha="center", va="center_baseline", bbox=seal, zorder=5,
            **words(look.on_accent, _LABEL_POINTS),
        )  # fmt: skip


def _draw_legend(
    figure: Figure, look: Theme, present: NDArray[np.int64], class_names: Sequence[str]
) -> float:
    """Draw it at the right edge; return its width in inches."""
    colours = look.class_colours(len(class_names))
    dots = [
        Line2D(
            [], [], linestyle="", marker="o", markersize=5.5, markeredgewidth=0, color=colours[i]
        )
        for i in present
    ]
    ruler = Ruler(DPI, _LABEL_POINTS)
    names = [
        ruler.fit("  ".join(filter(None, (class_names[i], romaji(class_names[i])))), _LEGEND_LABEL)
        for i in present
    ]
    width, height = figure.get_size_inches()
    legend = figure.legend(
        dots, names, loc="upper right", ncols=-(-len(names) // _LEGEND_ROWS), frameon=False,
        bbox_to_anchor=(1 - _MARGIN / width, 1 - _MARGIN / height), borderpad=0, borderaxespad=0,
        labelcolor=look.text, prop=font(_LABEL_POINTS), handletextpad=0.4, labelspacing=0.55,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    return float(legend.get_window_extent().width) / DPI + _MARGIN
