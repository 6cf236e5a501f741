"""`ComparePage`: a comparison as one looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, Qt, QTimer, Signal
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_core.comparison import shared_label
from bvae_core.figures.ink import to_rgb8
from bvae_core.kana import romaji
from bvae_gui.panels.compare.comparison import Comparison
from bvae_gui.panels.compare.end_choice import EndChoice
from bvae_gui.panels.compare.figures import add_figures
from bvae_gui.panels.compare.map import CompareMap
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.class_legend import ClassEntry, ClassLegend
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.tile_grid import TileGrid
from bvae_gui.widgets.way_choice import WayChoice

#: Narrower than this, in pixels, the morph goes below the characters.
NARROW = 900
_ASIDE = 17 * GRID
_IMAGE = 7 * GRID
_COLUMN = 16 * GRID
_EDGE, _BETWEEN = 2 * GRID, 3 * GRID
_PATIENCE_MS = 300  # until it is said that a way is being found


class ComparePage(QWidget):
    """A column for each model: its name, its map, its figures; below, the same images and morph.

    Parameters
    ----------
    state
        Whose theme and ink it has.
    comparison
        What it shows.
    parent
        The widget that it lies on.

    Attributes
    ----------
    maps
        One a model.
    ends, way
        Where the morph begins and ends, and how it gets there.
    characters, morph
        The same images, and the same morph, a row for each model.

    Signals
    -------
    end_chosen(int, str)
        The morph shall begin (0) or end (1) at an image.
    way_chosen(path)
        The morph shall go another kind of way.
    """

    end_chosen = Signal(int, str)
    way_chosen = Signal(object)

    def __init__(
        self, state: ExplorerState, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._comparison = state, comparison
        self.maps = [
            named(
                CompareMap(comparison, index, state.theme), f"Latent map of {model.name}",
                "Point at an image to see it in every model, click to keep it",
            )
            for index, model in enumerate(comparison.models)
        ]  # fmt: skip
        self.images = [self._image(model.name) for model in comparison.models]
        self.original = self._image("The image itself")
        self.caption = QLabel()
        self.legend = ClassLegend()
        self.characters, self.morph = TileGrid(_ASIDE), TileGrid()
        named(self.characters, "The same images", "What each model makes of the same images")
        named(self.morph, "The same morph", "Between the same two images in each model")
        self.ends = [EndChoice(name, self._classes()) for name in ("Morph from", "Morph to")]
        self.way = WayChoice("Way of the morph")
        self.finding = QLabel("Finding the way…")
        self.finding.setProperty("role", "quiet")
        self.finding.hide()
        self._finding_due = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._finding_due.timeout.connect(self.finding.show)
        self._lay_out()
        self._connect()
        self._dress()

    # -- what it is made of ------------------------------------------------------------------

    def _image(self, name: str) -> ImageView:
        view = named(ImageView(self, side=_IMAGE), name)
        view.setFixedSize(_IMAGE, _IMAGE)
        return view

    def _lay_out(self) -> None:
        comparison = self._comparison
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnMinimumWidth(0, _ASIDE)
        # Of a fixed size, so that nothing is laid out anew when another image is pointed at.
        self.caption.setFixedSize(_ASIDE - _IMAGE - GRID, _IMAGE)
        grid.addLayout(_beside(self.original, self.caption), 0, 0)
        self.legend.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.legend.setMaximumWidth(_ASIDE)
        grid.addWidget(self.legend, 1, 0)
        grid.setRowStretch(1, 1)
        for column, model in enumerate(comparison.models, 1):
            dimensions = model.config.latent_dim
            about = f"β = {model.config.beta:g}, {dimensions} dimension{'s' * (dimensions != 1)}"
            head = _beside(self.images[column - 1], _titled(model.name, about))
            grid.addLayout(head, 0, column)
            grid.addWidget(self.maps[column - 1], 1, column)
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, _COLUMN)
        add_figures(grid, 2, comparison.rows, [model.name for model in comparison.models])

        self._sheets = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sheets.setSpacing(_BETWEEN)
        self._heading = QLabel("The same images in each model")
        ends = [QLabel("The same morph, from"), self.ends[0], QLabel("to"), self.ends[1]]
        way = [self.way, self.finding]
        self._level = QWidget()  # over the images, in the stead of the morph's first row
        images = ([self._level], [self._heading])
        self._sheets.addLayout(_headed(images, self.characters))
        self._sheets.addLayout(_headed((ends, way), self.morph))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_EDGE, GRID, _EDGE, _EDGE)
        rows.setSpacing(2 * GRID)
        rows.addLayout(grid, 1)
        rows.addWidget(_notes(comparison))
        rows.addLayout(self._sheets)

    def _connect(self) -> None:
        comparison, legend = self._comparison, self.legend
        for each in self.maps:
            each.pointed.connect(comparison.point_at)
            each.chosen.connect(comparison.pin)
            each.menu_requested.connect(self._open_menu)
        self.characters.pointed.connect(self._point_at_character)
        self.characters.chosen.connect(self._pin_character)
        self.morph.pointed.connect(self._point_at_frame)
        self.morph.chosen.connect(self._point_at_frame)
        legend.toggled.connect(comparison.toggle_class)
        legend.isolated.connect(comparison.isolate_class)
        legend.all_asked.connect(lambda: comparison.hide(frozenset()))
        legend.centroid_asked.connect(comparison.pin_class)
        legend.typical_asked.connect(comparison.pin_class)
        for end, choice in enumerate(self.ends):
            choice.anchor_chosen.connect(partial(self.end_chosen.emit, end))
            choice.marked_chosen.connect(partial(self._choose_marked, end))
        self.way.chosen.connect(self.way_chosen)
        comparison.marked_changed.connect(self._show_mark)
        comparison.morph_changed.connect(self._show_morph)
        comparison.hidden_changed.connect(self._show_classes)
        comparison.originals_changed.connect(self._show_originals)
        self._state.look_changed.connect(self._dress)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the morph where there is room for it."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        """Lay the morph beside the images, with tiles of the same size, or below them."""
        is_narrow = width < NARROW
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._sheets.setDirection(down if is_narrow else across)
        self._level.setHidden(is_narrow)
        if not is_narrow:  # so that both sheets begin at the same height
            self._level.setFixedHeight(self.ends[0].sizeHint().height())
            self._heading.setFixedHeight(self.way.sizeHint().height())
        tiles = max(2, width - 2 * _EDGE - _BETWEEN - _ASIDE) // 2
        for half, stretch in enumerate((0, 0) if is_narrow else (_ASIDE + tiles, tiles)):
            self._sheets.setStretch(half, stretch)
        if is_narrow:
            self.morph.set_margins(_ASIDE, 0)
        else:
            self.morph.set_margins(0, int(self._comparison.originals is not None))

    # -- what it shows -----------------------------------------------------------------------

    def _dress(self) -> None:
        theme = self._state.theme
        for each in self.maps:
            each.set_theme(theme)
        for view in (self.original, *self.images):
            view.set_sheet(theme.sheet)
        self._list_classes()
        self._show_characters()
        self._show_frames()
        self._show_mark()

    def _inked(self, images: NDArray[np.float32] | NDArray[np.uint8]) -> NDArray[np.uint8]:
        return to_rgb8(images, self._state.theme, self._state.ink)

    def _show_mark(self) -> None:
        comparison = self._comparison
        image = comparison.marked
        for view, pictures in zip(self.images, comparison.reconstructions(image), strict=True):
            view.set_image(self._inked(pictures)[0])
        originals = comparison.originals
        self.original.setVisible(originals is not None)
        if originals is not None:
            self.original.set_image(self._inked(originals.take([image]))[0])
        split = "test" if comparison.models[0].is_test[image] else "training"
        name = comparison.name(image)
        number = "" if name.startswith("#") else f"\n#{image}"
        self.caption.setText(f"{name}{number}\n{split}")
        for each in self.maps:
            each.show_mark()
        found = np.flatnonzero(comparison.characters == image)
        self.characters.set_marked(int(found[0]) if len(found) else None)

    def _show_characters(self) -> None:
        comparison = self._comparison
        images = comparison.characters
        rows = [self._inked(pictures) for pictures in comparison.reconstructions(images)]
        names = [model.name for model in comparison.models]
        if comparison.originals is not None:
            rows.insert(0, self._inked(comparison.originals.take(images)))
            names.insert(0, "originals")
        self.characters.set_tiles(np.stack(rows), names)

    def _show_originals(self) -> None:
        self._arrange(self.width())
        self._show_characters()
        self._show_mark()

    def _show_morph(self) -> None:
        for each in self.maps:
            each.show_frame(0)
            each.show_morph()
        self._show_frames()

    def _show_frames(self) -> None:
        comparison = self._comparison
        rows = [self._inked(frames) for frames in comparison.frames()]
        self.morph.set_tiles(np.stack(rows), [model.name for model in comparison.models])
        for choice, anchor in zip(self.ends, comparison.morph.ends, strict=True):
            choice.show_anchor(anchor, shared_label(comparison.models, anchor))
        self.way.choose(comparison.morph.path)

    def show_finding(self, is_finding: bool) -> None:
        """Say, once it takes a while, that a way is being found."""
        if is_finding:
            self._finding_due.start()
        else:
            self._finding_due.stop()
            self.finding.hide()

    def _classes(self) -> list[tuple[str, str]]:
        """Return what to call each class, and its anchor."""
        model = self._comparison.models[0]
        if model.labels is None:
            return []
        anchors = [f"class:{label}" for label in np.unique(model.labels)]
        return [(shared_label(self._comparison.models, anchor), anchor) for anchor in anchors]

    def _list_classes(self) -> None:
        model, hidden = self._comparison.models[0], self._comparison.hidden
        entries = []
        if model.labels is not None:
            counts = np.bincount(model.labels, minlength=len(model.class_names))
            colours = self._state.theme.class_colours(len(counts))
            entries = [
                ClassEntry(label, name, romaji(name) or "", int(counts[label]), colours[label])
                for label, name in enumerate(model.class_names)
                if counts[label]
            ]
        self.legend.set_entries(entries, hidden)
        self.legend.setVisible(bool(entries))

    def _show_classes(self) -> None:
        self.legend.set_hidden(self._comparison.hidden)
        for each in self.maps:
            each.show_classes()

    # -- what mouse and keys do ----------------------------------------------------------------

    def _point_at_character(self, column: int | None) -> None:
        chosen = None if column is None else int(self._comparison.characters[column])
        self._comparison.point_at(chosen)

    def _pin_character(self, column: int) -> None:
        self._comparison.pin(int(self._comparison.characters[column]))

    def _point_at_frame(self, column: int | None) -> None:
        self.morph.set_marked(column)
        for each in self.maps:
            each.show_frame(column or 0)

    def _choose_marked(self, end: int) -> None:
        self.end_chosen.emit(end, f"#{self._comparison.pinned}")

    def _open_menu(self, image: int, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = f"#{image}"
        menu.addAction(f"Keep image {words}", lambda: self._comparison.pin(image))
        menu.addSeparator()
        for end, preposition in enumerate(("from", "to")):
            choose = partial(self.end_chosen.emit, end, f"#{image}")
            menu.addAction(f"Morph {preposition} image {words}", choose)
        menu.popup(position)


def _beside(image: QWidget, words: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    row.addWidget(image, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
    return row


def _titled(name: str, about: str) -> QWidget:
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    title, detail = QElidingLabel(name), QElidingLabel(about)
    title.setProperty("role", "title")
    detail.setProperty("role", "quiet")
    title.setToolTip(name)
    column.addWidget(title)
    column.addWidget(detail)
    return words


def _headed(heading: Sequence[Sequence[QWidget]], sheet: QWidget) -> QVBoxLayout:
    """Lay a sheet below its heading, row by row."""
    column = QVBoxLayout()
    column.setSpacing(GRID // 2)
    for parts in heading:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        column.addLayout(row)
    column.addWidget(sheet)
    column.addStretch(1)
    return column


def _notes(comparison: Comparison) -> QLabel:
    marks = any(True in row.is_best for row in comparison.rows)
    first = "Figures are of held-out images" + ("; the better one is underlined." if marks else ".")
    notes = QLabel(" ".join((first, *comparison.notes)))
    notes.setProperty("role", "quiet")
    notes.setWordWrap(True)
    return notes
