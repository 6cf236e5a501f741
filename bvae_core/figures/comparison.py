"""Several models on one page: their maps, the same images, the same morph, and a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bvae_core import __version__
from bvae_core.bundle import Bundle
from bvae_core.comparison import (
    Row,
    check_comparable,
    compare_figures,
    comparison_notes,
    default_ends,
    shared_images,
    shared_label,
    shared_morph,
)
from bvae_core.figures.ink import enlarged, mosaic, to_rgb8
from bvae_core.figures.lettering import Ruler, words, writable
from bvae_core.figures.maps import latent_map
from bvae_core.figures.recipes.explorable import Images
from bvae_core.figures.saving import save_figure
from bvae_core.figures.theme import Ink, Theme, ThemeName, get_theme
from bvae_core.kana import romaji
from bvae_core.latent import PathKind, default_projection, exemplar

DPI = 200
#: Images of a row, and frames of a morph.
COLUMNS = 12
_MARGIN, _SPACE, _SECTION = 48, 16, 56  # pixels, of 1/200 inch
_LABEL = 240
_MAP_GAP = 32
_TALLEST_MAP = 640
_LABEL_POINTS, _TITLE_POINTS, _NAME_POINTS = 8.0, 11.0, 11.0
_TILE, _LARGEST_TILE = 120, 168
_SHORT_NAME = 2
_NAME_SPACE, _SEAL = 40, 42  # pixels around a name and around an anchor's seal
_MOST_LEGEND_LINES = 3
_DOT = 28  # pixels that a legend's dot takes


def export_comparison(
    models: Sequence[Bundle],
    target: str | Path,
    *,
    start: str | None = None,
    end: str | None = None,
    path: PathKind = "straight",
    originals: Images | None = None,
    theme: ThemeName = "light",
    ink: Ink = "paper",
) -> None:
    """Write `comparison_figure` to a file that says in its metadata what it was made from.

    Parameters
    ----------
    target
        ``.png``, ``.svg`` or ``.pdf``.
    models, start, end, path, originals, theme, ink
        As in `comparison_figure`, which raises what this raises.

    Raises
    ------
    BvaeError
        If the file can't be written.
    """
    check_comparable(models)
    first, last = _ends(models, start, end)
    figure = comparison_figure(
        models, start=first, end=last, path=path, originals=originals, theme=theme, ink=ink
    )
    made_from: dict[str, Any] = {
        "program": f"bvae-explorer {__version__}",
        "figure": "comparison",
        "models": [{"name": model.name, "fingerprint": model.fingerprint} for model in models],
        "anchors": [first, last],
        "path": path,
        "originals": originals is not None,
        "theme": theme,
        "ink": ink,
    }
    save_figure(figure, target, made_from)


def comparison_figure(
    models: Sequence[Bundle],
    *,
    start: str | None = None,
    end: str | None = None,
    path: PathKind = "straight",
    originals: Images | None = None,
    theme: ThemeName | Theme = "light",
    ink: Ink = "paper",
) -> Figure:
    """Draw two to four models of the same images on one page.

    Parameters
    ----------
    models
        Of the same images.
    start, end
        Of the morph: classes or images, see `bvae_core.comparison.shared_places`. By default the
        first and the last class.
    path
        The morph's kind of way, see `bvae_core.latent.Ways.path`.
    originals
        The images themselves, to be shown above what the models make of them.
    theme
        ``light`` or ``dark``.
    ink
        Grey images as ink on paper, ``paper``, or as grey on black, ``screen``.

    Raises
    ------
    BvaeError
        If the models don't compare, or an anchor is none.
    """
    ends = _ends(models, start, end)
    look = get_theme(theme)
    tile = _tile(models[0].image_shape)
    page = _Page(look, _LABEL + COLUMNS * (tile.side[1] + tile.gap) - tile.gap)
    ways = shared_morph(models, *ends, COLUMNS, path)
    names = [shared_label(models, anchor) for anchor in ends]

    count = len(models[0].latents)
    page.write(0, f"{len(models)} models of {models[0].data.name}", look.text, _TITLE_POINTS)
    page.write(page.width, f"{count:,} images", look.muted, _LABEL_POINTS, ha="right")
    page.go_down(76)
    _draw_maps(page, models, ways)
    _draw_legend(page, models[0])
    page.go_down(_SECTION)

    indices = shared_images(models, COLUMNS)
    decoded = [(model.name, model.decode(model.latents[indices])) for model in models]
    seen = [] if originals is None else [("original", originals.take(indices))]
    _draw_heading(page, "The same images, encoded and decoded")
    _draw_sheet(page, tile, [*seen, *decoded], ink)
    page.go_down(_SECTION)

    _draw_heading(page, f"The same morph, from A {names[0]} to B {names[1]}")
    _draw_sheet(
        page,
        tile,
        [(model.name, model.decode(way)) for model, way in zip(models, ways, strict=True)],
        ink,
    )
    page.go_down(_SECTION)

    rows = compare_figures(models)
    _draw_heading(page, _table_heading(rows))
    _draw_table(page, [model.name for model in models], rows)
    for note in comparison_notes(models):
        page.go_down(_SPACE)
        page.write(0, page.ruler.fit(note, page.width), look.muted, _LABEL_POINTS)
        page.go_down(page.line)
    return page.finish()


def _ends(models: Sequence[Bundle], start: str | None, end: str | None) -> tuple[str, str]:
    check_comparable(models)
    first, last = default_ends(models)
    return start or first, end or last


class _Page:
    """A figure that is drawn from the top down, in pixels, and is cut off where it ends.

    What is drawn waits in a list until the height is known.
    """

    def __init__(self, theme: Theme, width: int) -> None:
        self.theme, self.width, self.y = theme, width, 0
        self.ruler = Ruler(DPI, _LABEL_POINTS)
        self.line = round(1.5 * self.ruler.height)
        self._waiting: list[Callable[[Axes], object]] = []

    def go_down(self, pixels: float) -> None:
        """Go on further down."""
        self.y += round(pixels)

    def write(
        self, x: float, text: str, colour: str, points: float, *, down: float = 0, **options: Any
    ) -> None:
        """Write a line whose top is here, or so many pixels further down."""
        y = self.y + down
        style = words(colour, points, va="top") | options
        line = writable(text)
        self._waiting.append(lambda axes: axes.text(x, y, line, **style))

    def rule(self, left: float, right: float, colour: str, *, down: float, width: float) -> None:
        """Draw a horizontal line."""
        y = self.y + down
        self._waiting.append(
            lambda axes: axes.plot((left, right), (y, y), color=colour, linewidth=width) and None
        )

    def dot(self, x: float, colour: str, *, down: float) -> None:
        """Draw a legend's dot."""
        y = self.y + down
        self._waiting.append(
            lambda axes: axes.plot(x, y, "o", color=colour, markersize=5, markeredgewidth=0)
        )

    def show(self, picture: NDArray[np.uint8], x: float) -> None:
        """Place a picture, a pixel of it on a pixel of the figure."""
        height, width = picture.shape[:2]
        extent = (x, x + width, self.y + height, self.y)
        self._waiting.append(
            lambda axes: axes.imshow(picture, interpolation="none", aspect="auto", extent=extent)
        )

    def finish(self) -> Figure:
        """Draw all."""
        width, height = self.width + 2 * _MARGIN, self.y + 2 * _MARGIN
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=self.theme.ground)
        FigureCanvasAgg(figure)
        axes = figure.add_axes(
            (_MARGIN / width, _MARGIN / height, self.width / width, self.y / height)
        )
        axes.set_axis_off()
        for draw in self._waiting:
            draw(axes)
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.y, 0)
        for artist in axes.get_children():
            artist.set_clip_on(False)
        return figure


@dataclass(frozen=True)
class _Tile:
    scale: int
    side: tuple[int, int]  # height, width
    gap: int


def _tile(image_shape: tuple[int, int, int]) -> _Tile:
    height, width, _ = image_shape
    scale = max(1, _TILE // max(height, width))
    return _Tile(scale, (height * scale, width * scale), max(4, scale * max(height, width) // 16))


def _draw_maps(page: _Page, models: Sequence[Bundle], ways: Sequence[NDArray[np.float32]]) -> None:
    look = page.theme
    width = (page.width - (len(models) - 1) * _MAP_GAP) // len(models)
    height = min(width, _TALLEST_MAP)
    below = 2 * page.line + _SPACE
    for column, (model, way) in enumerate(zip(models, ways, strict=True)):
        x = column * (width + _MAP_GAP)
        drawn = _draw_map(model, way, look, (width, height))
        page.write(x, page.ruler.fit(model.name, width), look.text, _LABEL_POINTS)
        described = page.ruler.fit(_described(model), width)
        page.write(x, described, look.muted, _LABEL_POINTS, down=page.line)
        page.go_down(below)
        page.show(drawn.picture, x)
        _write_names(page, drawn, x)
        axes = "across " + ", up ".join(drawn.axis_names)
        page.write(x + width, axes, look.muted, _LABEL_POINTS - 1, down=height + _SPACE, ha="right")
        page.go_down(-below)
    page.go_down(below + height + page.line + _SPACE)


@dataclass(frozen=True, eq=False)
class _Map:
    """A drawn map, and where on it, in pixels from its top left, names and seals belong."""

    picture: NDArray[np.uint8]
    axis_names: tuple[str, ...]
    names: list[str]
    places: NDArray[np.float64]
    seals: NDArray[np.float64]


def _described(model: Bundle) -> str:
    dimensions = model.config.latent_dim
    return f"β = {model.config.beta:g}, {dimensions} dimension{'s' * (dimensions > 1)}"


def _draw_map(model: Bundle, way: NDArray[np.float32], look: Theme, size: tuple[int, int]) -> _Map:
    """Draw a map of so many pixels across and down."""
    around = 100  # pixels that a map keeps free at its edges: cut off here
    figure = latent_map(
        model.latents,
        model.labels,
        model.class_names,
        path=way,
        anchors=way[[0, -1]],
        captions=False,
        theme=look,
        size=((size[0] + around) / DPI, (size[1] + around) / DPI),
    )
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    (axes,) = figure.axes
    window = axes.get_window_extent()
    left, top = round(window.x0), round(len(pixels) - window.y1)

    view = default_projection(model.latents)
    is_plane = len(view.names) == 2

    def pixel(codes: NDArray[np.float32]) -> NDArray[np.float64]:
        x, y = axes.transData.transform(codes).T
        return np.stack([x - left, len(pixels) - y - top], axis=1)

    names, places = [], []
    if model.labels is not None and is_plane:
        shown = view.project(model.latents)
        for label in np.unique(model.labels).tolist():
            if len(model.class_names[label]) <= _SHORT_NAME:
                names.append(model.class_names[label])
                places.append(shown[exemplar(shown, model.labels, label)])
    return _Map(
        pixels[top : top + size[1], left : left + size[0]].copy(),
        view.names,
        names,
        pixel(np.reshape(places, (-1, 2))),
        pixel(view.project(way[[0, -1]])) if is_plane else np.empty((0, 2)),
    )


def _write_names(page: _Page, drawn: _Map, left: float) -> None:
    """Write short names where their classes are at home, unless another is written there."""
    halo = [effects.withStroke(linewidth=3, foreground=page.theme.ground)]
    written = np.empty((0, 2))
    for name, place in zip(drawn.names, drawn.places, strict=True):
        for seal in drawn.seals:
            if np.linalg.norm(place - seal) < _SEAL:  # beside it, on the side that it is on
                place = seal + np.array([0, _SEAL if place[1] > seal[1] else -_SEAL])
        if (np.linalg.norm(written - place, axis=1) < _NAME_SPACE).any():
            continue
        page.write(
            left + place[0], name, page.theme.text, _NAME_POINTS,
            down=place[1], ha="center", va="center", path_effects=halo,
        )  # fmt: skip
        written = np.vstack([written, place])


def _draw_legend(page: _Page, model: Bundle) -> None:
    """Name the classes' colours in a few lines; what has no room there is counted."""
    if model.labels is None:
        return
    look, colours = page.theme, page.theme.class_colours(len(model.class_names))
    classes = np.unique(model.labels).tolist()
    x, lines, left_out = 0.0, 1, 0
    for label in classes:
        name = model.class_names[label]
        text = page.ruler.fit("  ".join(filter(None, (name, romaji(name)))), _LABEL)
        wide = _DOT + page.ruler.width(text) + 2 * _SPACE
        if x + wide > page.width and lines < _MOST_LEGEND_LINES:
            x, lines = 0.0, lines + 1
            page.go_down(page.line)
        if x + wide > page.width or left_out:
            left_out += 1
            continue
        page.dot(x + _DOT / 3, colours[label], down=page.ruler.height / 2)
        page.write(x + _DOT, text, look.text, _LABEL_POINTS)
        x += wide
    page.go_down(page.line)
    if left_out:
        page.write(0, f"and {left_out} more", look.muted, _LABEL_POINTS)
        page.go_down(page.line)


def _draw_heading(page: _Page, text: str) -> None:
    page.write(0, page.ruler.fit(text, page.width), page.theme.text, _LABEL_POINTS)
    page.go_down(page.line + _SPACE)


def _draw_sheet(
    page: _Page, tile: _Tile, rows: Sequence[tuple[str, NDArray[Any]]], ink: Ink
) -> None:
    """Draw a row of images for each model, its name at the left."""
    look = page.theme
    for number, (name, images) in enumerate(rows):
        tiles = enlarged(to_rgb8(images, look, ink), tile.scale, axis=1)
        picture = mosaic(tiles, len(tiles), (tile.gap, tile.gap), look.ground)
        page.go_down(tile.gap if number else 0)
        page.write(
            0,
            page.ruler.fit(name, _LABEL - _SPACE),
            look.muted,
            _LABEL_POINTS,
            down=tile.side[0] / 2,
            va="center",
        )
        page.show(picture, _LABEL)
        page.go_down(tile.side[0])


def _draw_table(page: _Page, names: Sequence[str], rows: Sequence[Row]) -> None:
    """Draw a line for each model, a column for each figure."""
    look = page.theme
    heads = [_two_lines(page, row.title) for row in rows]
    widths = [
        max(map(page.ruler.width, (*head, *row.texts)))
        for head, row in zip(heads, rows, strict=True)
    ]
    between = (page.width - _LABEL - sum(widths)) / len(rows)
    rights = _LABEL + np.cumsum(widths) + between * np.arange(1, len(rows) + 1)
    for right, lines in zip(rights, heads, strict=True):
        for line, text in enumerate(lines):
            down = (line + 2 - len(lines)) * page.line
            page.write(right, text, look.muted, _LABEL_POINTS, down=down, ha="right")
    page.go_down(2 * page.line + _SPACE / 2)
    page.rule(0, page.width, look.line, down=0, width=0.8)
    page.go_down(_SPACE)
    for number, name in enumerate(names):
        page.write(0, page.ruler.fit(name, _LABEL - _SPACE), look.text, _LABEL_POINTS)
        for right, row in zip(rights, rows, strict=True):
            text = row.texts[number]
            page.write(right, text, look.text, _LABEL_POINTS, ha="right")
            if row.is_best[number]:
                left = right - page.ruler.width(text)
                page.rule(left, right, look.accent, down=page.ruler.height + 6, width=1.2)
        page.go_down(page.line + _SPACE / 2)


def _two_lines(page: _Page, title: str) -> list[str]:
    """Break a column's title where its longer line is shortest."""
    parts = title.split()
    cuts = [[" ".join(parts[:i]), " ".join(parts[i:])] for i in range(1, len(parts))]
    return min(cuts, key=lambda lines: max(map(page.ruler.width, lines)), default=[title])


def _table_heading(rows: Sequence[Row]) -> str:
    if any(True in row.is_best for row in rows):
        return "Figures of held-out images; the better ones are underlined"
    return "Settings, and figures of held-out images"
