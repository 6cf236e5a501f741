"""`LatentMapPanel`: the map, its legend, and what can be done on it."""

from __future__ import annotations

from functools import partial
from string import ascii_uppercase

import numpy as np
from qtpy.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from qtpy.QtGui import QContextMenuEvent, QGuiApplication, QHideEvent
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bvae_core.embeddings import NAMES as UMAP_NAMES
from bvae_core.figures.ink import to_rgb8
from bvae_core.kana import romaji, with_reading
from bvae_core.latent import axis_name, principal_axes
from bvae_gui.panels.latent_map.actions import SelectActions, make_action
from bvae_gui.panels.latent_map.chart import Handle, MapChart
from bvae_gui.panels.latent_map.gestures import MapGestures, place_of
from bvae_gui.panels.latent_map.layers_button import LayersButton
from bvae_gui.panels.latent_map.umap_choice import UmapChoice
from bvae_gui.plots.ramp import ramp
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import ANCHORS, CORNERS, Place
from bvae_gui.style import GRID
from bvae_gui.widgets.axis_choice import AxisChoice
from bvae_gui.widgets.class_legend import ClassEntry, ClassLegend
from bvae_gui.widgets.colour_bar import ColourBar
from bvae_gui.widgets.lens import Lens
from bvae_gui.widgets.progress_row import ProgressRow
from bvae_gui.widgets.scale_legend import ScaleLegend

_ZOOM_STEP = 1.5


class LatentMapPanel(QWidget):
    """Shows where all images are in latent space, and lets one go about there.

    Parameters
    ----------
    state
        What it shows and acts on.
    parent
        The widget that it lies on.

    Attributes
    ----------
    zoom_in_action, zoom_out_action, reset_view_action, remove_anchor_action
        For menus; their shortcuts work while the map has the keyboard.
    selecting
        Actions that select, likewise.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.chart = MapChart(state)
        self.chart.setAccessibleName("Latent map")
        self.chart.setAccessibleDescription(
            "Every image as a dot. Arrow keys move the pinned point, letters choose an anchor, "
            "the context menu offers the rest."
        )
        self.chart.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.chart.installEventFilter(self)
        self._gestures = MapGestures(self.chart, state)
        self._lens = Lens(self.chart)
        self.legend = ClassLegend()
        self.colour_bar = ColourBar()
        self._show_all = QPushButton("Show all")
        self.layers = LayersButton(state)
        self.magnification = ScaleLegend(
            "Magnification",
            "How much the image changes with a small step: the area in the space of images that a "
            "unit of the map becomes, √det(JᵀJ), on a logarithmic scale. It is strong along the "
            "borders between kinds of images.",
        )
        self._umap = UmapChoice(state, self)
        self.projecting = ProgressRow("Computing UMAP")
        self._make_actions()
        self.selecting = SelectActions(self.chart, self._gestures, state)
        self._axes = [AxisChoice(name, self.chart) for name in ("Horizontal axis", "Vertical axis")]
        self._lay_out()
        self._connect()
        self._begin()

    # -- what it is made of ------------------------------------------------------------------

    def _make_actions(self) -> None:
        chart, key = self.chart, Qt.Key
        make = partial(make_action, chart)
        self.zoom_in_action = make(
            "Zoom in", "Show a smaller part of the map", lambda: chart.zoom(_ZOOM_STEP),
            "magnifying-glass-plus", key.Key_Plus, key.Key_Equal,
        )  # fmt: skip
        self.zoom_out_action = make(
            "Zoom out", "Show more of the map", lambda: chart.zoom(1 / _ZOOM_STEP),
            "magnifying-glass-minus", key.Key_Minus,
        )  # fmt: skip
        self.reset_view_action = make(
            "Reset view", "Show all of the map", chart.go_home, "corners-out",
            key.Key_Home, key.Key_0,
        )  # fmt: skip
        self.remove_anchor_action = make(
            "Remove chosen anchor", "Take the chosen anchor out of the morph",
            self._remove_chosen, None, key.Key_Delete, key.Key_Backspace,
        )  # fmt: skip

    def _lay_out(self) -> None:
        self._show_all.setToolTip("Show the dots of every class")
        policy = self._show_all.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the map keeps its size
        self._show_all.setSizePolicy(policy)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addStretch(1)
        for action in (
            self.selecting.lasso, self.selecting.box,
            self.zoom_out_action, self.zoom_in_action, self.reset_view_action,
        ):  # fmt: skip
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        aside = QVBoxLayout()
        aside.setContentsMargins(0, 2 * GRID, GRID, GRID)
        aside.setSpacing(GRID)
        aside.addWidget(self.colour_bar)
        aside.addWidget(self.legend, 100)
        aside.addWidget(self._show_all)
        aside.addWidget(self.magnification)
        aside.addStretch(1)
        aside.addWidget(self.projecting)
        aside.addWidget(self.layers)
        aside.addLayout(buttons)

        opened = QWidget()
        across = QHBoxLayout(opened)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.chart, 1)
        across.addLayout(aside)
        empty = QLabel("Open a model to see the map of its images.")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "quiet")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(opened)
        self.setMinimumSize(36 * GRID, 30 * GRID)

    def _connect(self) -> None:
        state, legend = self._state, self.legend
        legend.toggled.connect(state.map.toggle_class)
        legend.isolated.connect(state.map.isolate_class)
        legend.all_asked.connect(self._show_all_classes)
        legend.centroid_asked.connect(lambda label: self.go_to_class(label, mean=True))
        legend.typical_asked.connect(lambda label: self.go_to_class(label, mean=False))
        legend.selected.connect(self._select_class)
        self._show_all.clicked.connect(self._show_all_classes)
        for axis, choice in enumerate(self._axes):
            choice.dimension_chosen.connect(lambda d, axis=axis: self._look_along(axis, d))
            choice.principal_chosen.connect(lambda: state.map.look_along("principal"))
            choice.umap_chosen.connect(self._umap.choose)
        self._umap.given_up.connect(self._show_axes)
        self._umap.projector.progressed.connect(self.projecting.show_progress)
        self._umap.projector.ended.connect(self.projecting.hide)
        self.projecting.stop_asked.connect(self._umap.projector.cancel)
        state.bundle_changed.connect(self._begin)
        state.map.view_changed.connect(self._show_axes)
        state.map.classes_changed.connect(self._show_hidden)
        state.map.quantity_changed.connect(self._show_quantity)
        state.look_changed.connect(self._dress)
        state.hover_changed.connect(self._show_lens)
        self.chart.underlays.changed.connect(self._show_magnification)

    # -- what the user asks for --------------------------------------------------------------

    def go_to_class(self, label: int, *, mean: bool) -> None:
        """Pin a class's centroid or its most typical image, and show where that is."""
        self.pin(self._state.class_place(label, mean=mean))

    def pin(self, place: Place) -> None:
        """Pin a place, and show where it is."""
        self._state.pin(place)
        self.chart.bring_into_view(place.point)

    def _select_class(self, label: int, adds: bool) -> None:
        self._state.select_class(label, "add" if adds else "replace")

    def _remove_chosen(self) -> None:
        if self.chart.chosen is not None:
            self._remove(self.chart.chosen)

    def _remove(self, index: int) -> None:
        scene = self._state.scene
        fewest = CORNERS if scene.mode == "grid" else ANCHORS[0]
        if len(scene.anchors) > fewest:
            self.chart.chosen = None
            self._state.remove_anchor(index)
        else:
            self._state.say(f"A {scene.mode} needs at least {fewest} anchors.")

    def _copy(self, place: np.ndarray) -> None:
        text = Place.at(place).text
        QGuiApplication.clipboard().setText(text)
        self._state.say(f"Copied {text}")

    def _show_all_classes(self) -> None:
        self._state.map.hide(())

    def _look_along(self, axis: int, dimension: int) -> None:
        """Show a dimension along one axis; if the other shows it, they change places."""
        before = self._state.map.view
        by_kl = np.argsort(-self._state.kl_per_dim, kind="stable").tolist()
        if isinstance(before, str):
            other = next(d for d in by_kl if d != dimension)
        else:
            other = before[1 - axis] if before[1 - axis] != dimension else before[axis]
        view = (dimension, other) if axis == 0 else (other, dimension)
        self._state.map.look_along(view)

    # -- the context menu --------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done at a place of the map."""
        if self._state.bundle is None or self._gestures.is_dragging:
            return
        chart = self.chart
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            handle: Handle = "point" if chart.chosen is None else chart.chosen
            position = chart.position_of(place_of(self._state, handle))
        else:
            position = QPointF(chart.mapFrom(self, event.pos()))
        if chart.room.contains(position):
            self._gestures.stop_hovering()
            self.menu_at(position).popup(chart.mapToGlobal(position.toPoint()))

    def menu_at(self, position: QPointF) -> QMenu:
        """Return what the context menu offers at a position of the chart."""
        state, handle = self._state, self.chart.handle_at(position)
        place = self._gestures.place_at(position)
        kept = self.chart.kept_at(position)
        if handle is not None:
            scene = state.scene
            place = scene.point if handle == "point" else scene.anchors[handle]
        elif kept is not None:
            place = state.scene.kept[kept]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Pin here", lambda: state.pin(place))
        image = self.chart.nearest_image(position)
        if image is not None:
            menu.addAction(
                f"Pin nearest image, #{image}", lambda: state.pin(state.image_place(image))
            )
        if kept is None:
            menu.addAction("Keep this point", lambda: state.keep(place))
        else:
            menu.addAction("Go back to the kept point", lambda: state.pin(state.scene.kept[kept]))
            menu.addAction("Let the kept point go", lambda: state.let_go(kept))
        menu.addSeparator()
        self._offer_anchors(menu, handle if isinstance(handle, int) else None, place)
        label = None
        if image is not None and state.model.labels is not None:
            menu.addSeparator()
            label = int(state.model.labels[image])
            self._offer_class(menu, label)
        menu.addSeparator()
        self.selecting.offer(menu, label, "" if label is None else self._title(label))
        menu.addSeparator()
        menu.addAction("Copy coordinates", lambda: self._copy(place.point))
        menu.addAction("Reset view", self.chart.go_home)
        return menu

    def _offer_anchors(self, menu: QMenu, sealed: int | None, place: Place) -> None:
        state = self._state
        count = len(state.scene.anchors)
        for index in range(count):
            if index != sealed:
                menu.addAction(
                    f"Set anchor {ascii_uppercase[index]} here",
                    partial(state.set_anchor, index, place),
                )
        if count < ANCHORS[1]:
            letter = ascii_uppercase[count]
            menu.addAction(f"Add anchor {letter} here", lambda: state.add_anchor(place))
        if sealed is not None:
            letter = ascii_uppercase[sealed]
            menu.addAction(f"Remove anchor {letter}", lambda: self._remove(sealed))

    def _offer_class(self, menu: QMenu, label: int) -> None:
        title = self._title(label)
        menu.addAction(f"Go to the centroid of {title}", lambda: self.go_to_class(label, mean=True))
        menu.addAction(
            f"Go to the most typical {title}", lambda: self.go_to_class(label, mean=False)
        )

    def _title(self, label: int) -> str:
        """Return what menus call a class."""
        return with_reading(self._state.model.class_names[label]).replace("&", "&&")

    # -- what the state says -----------------------------------------------------------------

    def _begin(self) -> None:
        """Show another model."""
        is_open = self._state.bundle is not None
        self._pages.setCurrentIndex(int(is_open))
        self._lens.hide()
        self._dress()
        if is_open:
            self._offer_axes()

    def _dress(self) -> None:
        theme = self._state.theme
        self._lens.set_colours(theme.sheet, theme.line)
        if self._state.bundle is not None:
            self.legend.set_entries(self._entries(), self._state.map.hidden)
            self._show_hidden()
        self._show_quantity()

    def _entries(self) -> list[ClassEntry]:
        bundle = self._state.model
        if bundle.labels is None:
            return []
        names = bundle.class_names
        counts = np.bincount(bundle.labels, minlength=len(names))
        colours = self._state.theme.class_colours(len(names))
        return [
            ClassEntry(i, name, romaji(name) or "", int(count), colour)
            for i, (name, count, colour) in enumerate(zip(names, counts, colours, strict=True))
            if count
        ]

    def _show_magnification(self) -> None:
        relief = self.chart.underlays.relief
        if relief is None:
            self.magnification.show_scale(None)
        else:
            self.magnification.show_scale(relief.scale, "×1", relief.ratio_text)

    def _show_hidden(self) -> None:
        hidden = self._state.map.hidden
        self.legend.set_hidden(hidden)
        self.legend.setVisible(self.legend.count() > 0 and self._state.map.quantity is None)
        self._show_all.setVisible(bool(hidden))

    def _show_quantity(self) -> None:
        quantity = self._state.map.quantity
        self.colour_bar.setVisible(quantity is not None)
        if quantity is not None:
            colours = ramp(self._state.theme)
            self.colour_bar.show_quantity(quantity.name, quantity.bounds, colours)
        self._show_hidden()

    def _offer_axes(self) -> None:
        state = self._state
        is_needed = state.latent_dim > 2
        if is_needed:
            names = [axis_name(d) for d in range(state.latent_dim)]
            principal = principal_axes(state.model.latents).names
            for choice, its_principal, its_umap in zip(
                self._axes, principal, UMAP_NAMES, strict=True
            ):
                choice.set_choices(names, state.kl_per_dim.tolist(), its_principal, its_umap)
            self._offer_umap()
            self._show_axes()
        for choice in self._axes:
            choice.setVisible(is_needed)

    def _offer_umap(self) -> None:
        why_not = self._umap.why_not()
        for choice, name in zip(self._axes, UMAP_NAMES, strict=True):
            choice.offer_umap(
                f"UMAP: {why_not}" if why_not else name,
                why_not or "All dimensions at once, so that near codes stay near",
                is_offered=not why_not,
            )

    def _show_axes(self) -> None:
        view = self._state.map.view
        for axis, choice in enumerate(self._axes):
            match view:
                case "principal":
                    choice.show_principal()
                case "umap":
                    choice.show_umap()
                case dimensions:
                    choice.show_dimension(dimensions[axis])
        self._place_axes()

    def _place_axes(self) -> None:
        """Put each choice where the axis's name would be."""
        across, up = self._axes
        room = self.chart.room
        below = self.chart.height() - across.height() - 2
        across.move(QPoint(round(room.right() - across.width()), below))
        up.move(QPoint(GRID, 2))

    def _show_lens(self) -> None:
        place, pointer = self._state.hover, self._gestures.pointer
        if place is None or pointer is None:
            self._lens.hide()
            return
        image = self._state.decode(place)[0]
        pixels = to_rgb8(image, self._state.theme, self._state.ink, leading=0)
        self._lens.show_at(pointer, pixels)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is under the pointer any more."""
        super().hideEvent(event)
        self._gestures.stop_hovering()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the axes' names in their corners."""
        if watched is self.chart and event.type() == QEvent.Type.Resize:
            self._place_axes()
        return super().eventFilter(watched, event)
