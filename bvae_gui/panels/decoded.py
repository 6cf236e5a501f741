"""`DecodedPanel`: the image at the pinned point, where that is, and what lies near it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtGui import QAction, QGuiApplication, QKeySequence, QPalette, QShowEvent
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_core.errors import BvaeError
from bvae_core.figures.ink import enlarged, to_rgb8
from bvae_gui.following import Following
from bvae_gui.originals import OriginalsLoader
from bvae_gui.places_menu import list_places
from bvae_gui.state import ExplorerState
from bvae_gui.state.scene import Place
from bvae_gui.style import GRID, icon
from bvae_gui.surroundings import nearest_tiles, show_likelihood, thing
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.meter import Meter
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.numbers import lines, numbers, typed
from bvae_gui.widgets.pixels import to_qimage
from bvae_gui.widgets.place_edit import PlaceEdit
from bvae_gui.widgets.tile_row import TileRow

_COORDINATES_SHOWN = 4
_NEIGHBOURS = 6
_AFTER_THE_IMAGE_MS = 150
# An image on the clipboard is enlarged up to about so many pixels.
_COPIED_SIDE = 512
_PLACE_HINT = (
    "Where the point is. Type a class, such as き, ki or 8, an image, such as #12, or coordinates, "
    "such as 0.5,-1.2; Enter goes there."
)


class DecodedPanel(QWidget):
    """Shows what the model makes of the pinned point.

    Parameters
    ----------
    state
        What is open and pinned.
    parent
        The widget that it lies in.

    Attributes
    ----------
    copy_image_action, copy_coordinates_action, save_action, origin_action
        For menus.
    keep_action, nearest_action, ink_action
        Likewise.
    kept_button
        Opens a menu of the kept points.
    picture, place, refusal, meter, words, title, locate_button, not_located, tiles
        What it is made of, from top to bottom.
    originals
        Looks for the model's original images; its `locate` is for what the user says of them.

    Signals
    -------
    save_requested()
        The user wants the image in a file.
    nearest_requested()
        The user wants to see more images that are near the point.
    """

    save_requested = Signal()
    nearest_requested = Signal()

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._stale = True
        self._nearest: NDArray[np.int64] = np.empty(0, np.int64)
        self._following = Following(self._show_words, self._show_nearest, parent=self)
        self.originals = OriginalsLoader(state, self)
        self._make_actions()
        self._lay_out()
        state.bundle_changed.connect(self._show_all)
        state.point_changed.connect(self._show_point)
        state.look_changed.connect(self._show_all)
        state.map.view_changed.connect(self._show_view)
        state.originals_changed.connect(self._show_nearest)
        self._show_all()

    # -- what is there -------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.copy_image_action = self._action(
            "Copy image", "copy", "Copy the decoded image to the clipboard", self.copy_image
        )
        self.copy_image_action.setShortcut(QKeySequence.StandardKey.Copy)
        self.copy_coordinates_action = self._action(
            "Copy coordinates",
            "clipboard-text",
            "Copy the point's coordinates to the clipboard",
            self.copy_coordinates,
        )
        self.copy_coordinates_action.setShortcut("Ctrl+Shift+C")
        self.save_action = self._action(
            "Save image…",
            "download-simple",
            "Save the decoded image to a file",
            self.save_requested.emit,
        )
        self.origin_action = self._action(
            "Go to the origin",
            "crosshair-simple",
            "Pin the point where all coordinates are 0",
            self.go_to_origin,
        )
        self.keep_action = self._action(
            "Keep this point",
            "bookmark-simple",
            "Keep the pinned point, to come back to it (Ctrl+B)",
            self.keep_point,
        )
        self.keep_action.setShortcut("Ctrl+B")
        self.nearest_action = self._action(
            "Show the 50 nearest",
            "grid-four",
            "Show the 50 images that are nearest to the point, below the map",
            self.nearest_requested.emit,
        )
        self.ink_action = self._action(
            "Ink on paper",
            "circle-half",
            "Show characters as ink on paper, or as grey on black",
            self._change_ink,
        )
        self.ink_action.setCheckable(True)

    def _action(self, text: str, glyph: str, hint: str, act: object) -> QAction:
        action = QAction(icon(glyph), text, self)
        action.setToolTip(hint)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(act)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        pages = QStackedLayout(self)
        self._pages = pages
        nothing = QLabel("No model is open yet.\nOpen one from the File menu, or drop it here.")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setWordWrap(True)
        nothing.setProperty("role", "quiet")
        pages.addWidget(nothing)
        self.setMinimumWidth(31 * GRID)  # for a place in two dimensions, and three of the nearest

        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(self._picture_row(), 1)
        column.addLayout(self._place_row())
        column.addWidget(self.refusal)
        column.addLayout(self._typicality_row())
        column.addWidget(self.approximate)
        column.addLayout(self._neighbours_title())
        column.addWidget(self.not_located)
        column.addWidget(self.tiles)
        pages.addWidget(page)

    def _picture_row(self) -> QHBoxLayout:
        self.picture = ImageView(self, side=36 * GRID)
        self.picture.setAccessibleName("Decoded image")
        self.picture.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.picture.addActions(self.actions())
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.picture, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID // 2)
        for action in (
            self.ink_action,
            self.copy_image_action,
            self.save_action,
        ):
            buttons.addWidget(self._button(action))
        buttons.addStretch()
        row.addLayout(buttons)
        return row

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text())
        return button

    def _kept_button(self) -> QToolButton:
        self.kept_button = named(
            QToolButton(self), "Kept points", "Go back to a point that was kept, or let it go"
        )
        self.kept_button.setIcon(icon("bookmarks-simple"))
        self.kept_button.setAutoRaise(True)
        self.kept_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.kept_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.kept_button)
        menu.aboutToShow.connect(self._list_kept)
        self.kept_button.setMenu(menu)
        return self.kept_button

    def _place_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        row.addWidget(self._place_field(), 1)
        row.addWidget(self._button(self.origin_action))
        row.addWidget(self._button(self.keep_action))
        row.addWidget(self._kept_button())
        return row

    def _place_field(self) -> PlaceEdit:
        self.place = PlaceEdit(self)
        self.place.setAccessibleName("Coordinates of the point")
        self.place.addAction(
            self.copy_coordinates_action, QLineEdit.ActionPosition.TrailingPosition
        )
        self.refusal = self._sentence()
        self.place.typed.connect(self._go_to)
        self.place.taken_back.connect(self.refusal.hide)
        return self.place

    def _sentence(self) -> QLabel:
        """Return a label for what went wrong, hidden until something does."""
        label = QLabel(self)
        label.setWordWrap(True)
        label.setForegroundRole(QPalette.ColorRole.Highlight)
        label.hide()
        return label

    def _typicality_row(self) -> QHBoxLayout:
        self.meter = Meter(self)
        self.meter.setAccessibleName("How likely the point is under the data")
        self.words = QLabel(self)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.approximate = QLabel("≈ Between dots of a UMAP: a mean of the nearest", self)
        self.approximate.setToolTip(
            "A UMAP knows where the images' codes are, and nothing else. A point between its dots "
            "stands for a mean of the nearest codes; Ctrl and a click pin an image itself."
        )
        self.approximate.setProperty("role", "quiet")
        self.approximate.hide()
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.meter)
        row.addWidget(self.words, 1)
        return row

    def _neighbours_title(self) -> QHBoxLayout:
        self.tiles = TileRow(_NEIGHBOURS, self)
        self.tiles.chosen.connect(self._pin_neighbour)
        self.title = QElidingLabel(parent=self)
        self.title.setProperty("role", "quiet")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.locate_button = QToolButton(self)
        self.locate_button.setText("Locate…")
        self.locate_button.setToolTip(
            "Choose the folder with the images that the model was trained on, to see them here"
        )
        self.locate_button.setAccessibleName("Locate the original images")
        self.locate_button.setProperty("role", "quiet")
        self.locate_button.clicked.connect(self._ask_where_originals_are)
        self.not_located = self._sentence()
        self.originals.failed.connect(self._show_not_located)
        self.originals.busy_changed.connect(self._show_search)
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.locate_button)
        row.addWidget(self._button(self.nearest_action))
        return row

    # -- what the user does ----------------------------------------------------------------------

    def copy_image(self) -> None:
        """Put the decoded image on the clipboard, enlarged."""
        pixels = self._pixels()
        scale = max(1, _COPIED_SIDE // max(pixels.shape[:2]))
        picture = to_qimage(enlarged(pixels, scale, axis=0))
        QGuiApplication.clipboard().setImage(picture)
        self._state.say(f"Copied the image, {picture.width()}×{picture.height()} pixels")

    def copy_coordinates(self) -> None:
        """Put the point's coordinates on the clipboard, as `bvae export` takes them."""
        text = Place.at(self._state.point).text
        QGuiApplication.clipboard().setText(text)
        self._state.say("Copied the coordinates")

    def go_to_origin(self) -> None:
        """Pin the point where all coordinates are 0."""
        self._state.pin(np.zeros(self._state.latent_dim, np.float32))

    def keep_point(self) -> None:
        """Keep the pinned point, to come back to it."""
        state = self._state
        is_new = state.scene.point not in state.scene.kept
        state.keep()
        label = state.label(state.scene.point)
        state.say(f"Kept {label}" if is_new else f"{label} is kept already")

    def _list_kept(self) -> None:
        """Offer to go back to each kept point, or to let it go."""
        state, menu = self._state, self.kept_button.menu()
        menu.clear()
        kept = state.scene.kept
        if not kept:
            menu.addAction("No point is kept yet: Ctrl+B keeps this one").setEnabled(False)
            return
        list_places(menu, state, kept, lambda _, place: state.pin(place))
        menu.addSeparator()
        leaving = menu.addMenu("Let go of")
        list_places(leaving, state, kept, lambda index, _: state.let_go(index))

    def _change_ink(self, on_paper: bool) -> None:
        self._state.set_look(ink="paper" if on_paper else "screen")

    def _go_to(self, text: str) -> None:
        try:
            place = self._state.place(typed(text))
        except BvaeError as error:
            self.refusal.setText(str(error))
            self.refusal.show()
            return
        self.refusal.hide()
        self._state.pin(place)
        self.place.accept()

    def _pin_neighbour(self, tile: int) -> None:
        self._state.pin(self._state.image_place(int(self._nearest[tile])))

    def _ask_where_originals_are(self) -> None:
        data = self._state.model.data.name
        folder = QFileDialog.getExistingDirectory(self, f"Folder with the images of {data}")
        if folder:
            self.originals.locate(folder)

    # -- what is shown -----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody saw it."""
        super().showEvent(event)
        if self._stale:
            self._show_all()

    def _show_all(self) -> None:
        self.not_located.hide()
        bundle = self._state.bundle
        is_grey = bundle is not None and bundle.image_shape[-1] == 1
        for action in self.actions():
            action.setEnabled(bundle is not None)
        self.ink_action.setEnabled(is_grey)
        self.ink_action.setChecked(self._state.ink == "paper")
        self._pages.setCurrentIndex(0 if bundle is None else 1)
        if bundle is None:
            return
        self._show_view()
        ground = self._state.theme.sheet if self._state.ink == "paper" else "#000000"
        self.picture.set_sheet(ground if is_grey else None)
        self._show_image()
        self._show_place()
        height, width, _ = bundle.image_shape
        self.tiles.expect(min(_NEIGHBOURS, len(bundle.latents)), QSize(width, height))
        # After the image is seen: they need libraries that take their time to load.
        self._following.ask_later(_AFTER_THE_IMAGE_MS)

    def _show_point(self) -> None:
        self._show_image()
        if self._stale:
            return
        if not self._state.is_in_gesture:  # nobody reads in motion
            self._show_words()
        self._following.ask()

    def _show_view(self) -> None:
        self.approximate.setVisible(not self._state.map.projection.is_exact)

    def _show_image(self) -> None:
        self._stale = not self.isVisible()
        if not self._stale:
            self.picture.set_image(self._pixels())

    def _pixels(self) -> NDArray[np.uint8]:
        """Return the decoded image as it is shown, (H, W, 3) uint8."""
        state = self._state
        pixels: NDArray[np.uint8] = to_rgb8(state.decode(state.point), state.theme, state.ink)[0]
        return pixels

    def _show_words(self) -> None:
        if self._state.bundle is None or not self.isVisible():
            self._stale = True
            return
        self._show_place()
        show_likelihood(self._state, self._state.point, self.meter, self.words)

    def _show_place(self) -> None:
        point = self._state.point.tolist()
        self.place.show_place(numbers(point, _COORDINATES_SHOWN), self._state.scene.point.text)
        more = f"\n\n{lines(point)}" if len(point) > _COORDINATES_SHOWN else ""
        self.place.setToolTip(_PLACE_HINT + more)

    def _show_nearest(self) -> None:
        state = self._state
        if state.bundle is None or not self.isVisible():
            self._stale = True
            return
        self._nearest, tiles = nearest_tiles(state, state.point, _NEIGHBOURS)
        self.tiles.set_tiles(tiles)
        how = "decoded" if state.originals is None else "original"
        self.title.setText(f"Nearest · {how}")
        self.title.setToolTip(f"The nearest {thing(state)}s, {how}")
        self.locate_button.setVisible(state.originals is None and state.model.codes_of is None)

    def _show_search(self, is_busy: bool) -> None:
        self.locate_button.setDisabled(is_busy)
        self.locate_button.setText("Looking…" if is_busy else "Locate…")
        self.not_located.hide()

    def _show_not_located(self, why: str) -> None:
        self.not_located.setText(why)
        self.not_located.show()
