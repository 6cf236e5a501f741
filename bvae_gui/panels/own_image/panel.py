"""`OwnImagePanel`: draw, open, paste or drop a picture, and see what the model makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QSize, Qt, QTimer
from qtpy.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QShowEvent,
)
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bvae_core.errors import BvaeError
from bvae_core.figures.ink import ink_ramp, levels
from bvae_gui.background import Background
from bvae_gui.endings import when_destroyed
from bvae_gui.panels.own_image.reading import ReadingView
from bvae_gui.panels.own_image.source import SourceView
from bvae_gui.picture_files import FILTER, is_picture, local_file
from bvae_gui.state import ExplorerState
from bvae_gui.state.own_image import Picture
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.notice import Notice
from bvae_gui.widgets.pixels import to_array

if TYPE_CHECKING:
    from bvae_core.fitting import Step

DRAWING, PASTED = "the drawing", "the pasted picture"
_DOT = np.pad(np.full((1, 1), 255, np.uint8), 4)
# The tool is seen before it is made ready.
_WARM_UP_MS = 100
_HINT = (
    "Draw something on the left, drop a picture here, or paste one.\n"
    "You will see how the model reads it: where it lies on the map and how sure that is,\n"
    "what the model makes of it, and what is most like it."
)


class OwnImagePanel(QWidget):
    """A picture of the user's, as the model reads it, live while it is drawn.

    Parameters
    ----------
    state
        Which has the picture.
    parent
        The widget that it lies on.

    Attributes
    ----------
    open_action, paste_action, clear_action
        What its buttons do.
    source, reading, notice
        What it is made of: what was brought, what the model makes of it, and what went wrong.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._drawn: NDArray[np.uint8] | None = None  # what the state has of the pad
        self._choices: Mapping[Step, bool] = {}  # for what is drawn next
        self._folder = ""
        self._background = Background(self)
        self._stroke_due = QTimer(self)  # after the events that wait: the latest stroke wins
        self._stroke_due.setSingleShot(True)
        self._stroke_due.timeout.connect(self._read_drawing)
        self._make_actions()
        self.source = SourceView(self.clear_action, self.open_action, self.paste_action)
        self.reading = ReadingView(state)
        self.notice = Notice()
        self._lay_out()
        self.setAcceptDrops(True)
        pad = self.source.pad
        pad.stroke_began.connect(self._begin_stroke)
        pad.drawn.connect(self._stroke_due.start)
        pad.stroke_ended.connect(self._end_stroke)
        self.reading.steps.chosen.connect(self._choose)
        self._background.busy_changed.connect(self._show_busy)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._background.stop)
        when_destroyed(self, partial(_stop, self._background))
        self._is_cold = True
        self._warm_up_due = QTimer(self)
        self._warm_up_due.setSingleShot(True)
        self._warm_up_due.setInterval(_WARM_UP_MS)
        self._warm_up_due.timeout.connect(self._warm_up)
        state.bundle_changed.connect(self._begin)
        state.own_changed.connect(self._show_own)
        state.look_changed.connect(self._dress)
        state.originals_changed.connect(self.reading.show_nearest)
        self._begin()

    # -- bringing pictures -------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Read an image file beside the window, and show what the model makes of it.

        What is wrong with the file is said in the panel.
        """

        def read() -> NDArray[np.uint8] | BvaeError:
            from bvae_core.fitting import read_picture

            try:
                return read_picture(path)
            except BvaeError as error:
                return error

        def take(pixels: NDArray[np.uint8] | BvaeError) -> None:
            if isinstance(pixels, BvaeError):
                self.notice.say(str(pixels))
            else:
                self._take(Picture(pixels, path.name, path=str(path.absolute())))

        self._folder = str(path.parent)
        self._background.run(read, take)

    def paste(self) -> None:
        """Read the picture, or the image file, that is on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not self.take(data):
            self.notice.say("There is no picture on the clipboard. Copy one first, then paste it.")

    def take(self, data: QMimeData) -> bool:
        """Read what was pasted or dropped; return whether it is a picture or a file."""
        path = local_file(data)
        if path is not None:
            self.open(path)
        elif data.hasImage():
            image = data.imageData()
            pixels = to_array(image if isinstance(image, QImage) else image.toImage())
            self._try(lambda: Picture(_plain(pixels), PASTED))
        else:
            return False
        return True

    def clear(self) -> None:
        """Have an empty pad."""
        if self._state.bundle is not None:
            self.source.pad.wipe()
            self.source.show_pad()
            self._state.set_own(None)

    def choose_file(self) -> None:
        """Ask which image file to open."""
        chosen, _ = QFileDialog.getOpenFileName(self, "Open an image", self._folder, FILTER)
        if chosen:
            self.open(Path(chosen))

    def _take(self, picture: Picture) -> None:
        self._try(lambda: picture)

    def _try(self, picture: Callable[[], Picture]) -> None:
        """Read a picture; say what is wrong with it if something is, and change nothing then."""
        if self._state.bundle is None:
            self.notice.say("Open a model first, so that there is one to read the picture.")
            return
        try:
            own = self._state.read_own(picture())
        except BvaeError as error:
            self.notice.say(str(error))
            return
        self.notice.hide()
        self._state.set_own(own)

    # -- drawing -----------------------------------------------------------------------------

    def _warm_up(self) -> None:
        """Read a dot: the first reading of a model takes longer, and here nobody waits for it."""
        if self._state.bundle is not None and self._is_cold and self.isVisible():
            self._is_cold = False
            try:
                self._state.read_own(Picture(_DOT, DRAWING, is_drawing=True))
            except BvaeError as error:  # the model can't read anything
                self.notice.say(str(error))

    @property
    def is_behind(self) -> bool:
        """Whether something was drawn that isn't read yet."""
        return self._stroke_due.isActive()

    def _begin_stroke(self) -> None:
        self._state.begin_gesture()

    def _end_stroke(self) -> None:
        if self._stroke_due.isActive():
            self._stroke_due.stop()
            self._read_drawing()
        self._state.end_gesture()

    def _read_drawing(self) -> None:
        if self._state.bundle is None:
            return
        pixels = self.source.pad.pixels
        self._drawn = pixels
        if pixels.any():
            self._take(Picture(pixels, DRAWING, is_drawing=True, choices=self._choices))
        else:
            self._state.set_own(None)

    def _choose(self, step: str, is_on: bool) -> None:
        """Do a step, or leave it out."""
        own = self._state.own
        if own is None:
            return
        choices = {**own.picture.choices, cast("Step", step): is_on}
        if own.picture.is_drawing:
            self._choices = choices
        self._take(replace(own.picture, choices=choices))
        self.reading.steps.show_steps((self._state.own or own).fitted.done)

    # -- what is shown -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody saw it."""
        super().showEvent(event)
        self._show_own()
        self._warm_up_due.start()

    def _begin(self) -> None:
        """Show another model's reading: nothing yet."""
        bundle = self._state.bundle
        self._choices = {}
        self._drawn = None
        self._is_cold = True
        if self.isVisible():
            self._warm_up_due.start()
        self.setEnabled(bundle is not None)
        if bundle is not None:
            self.source.pad.set_format(bundle.image_shape[:2])
        self._dress()

    def _dress(self) -> None:
        bundle = self._state.bundle
        # Only a model of greys has its images shown as ink; others see what is on the canvas.
        is_grey = bundle is None or bundle.image_shape[-1] == 1
        ink = self._state.ink if is_grey else "screen"
        self.source.pad.set_ink(ink_ramp(self._state.theme, ink))
        self._show_own()

    def _show_own(self) -> None:
        own = None if self._state.bundle is None else self._state.own
        self.clear_action.setEnabled(own is not None)
        self._pages.setCurrentIndex(0 if own is None else 1)
        if own is None:
            if not self.source.pad.is_empty:
                self.source.pad.wipe()
            self._drawn = None
            self.source.show_pad()
            return
        pixels = own.picture.pixels
        if not own.picture.is_drawing:
            self.source.show_picture(_as_rgb8(pixels), own.picture.name)
        else:
            if pixels is not self._drawn:  # undone, for one
                self._drawn = pixels
                self.source.pad.set_pixels(pixels)
            if not self.source.shows_pad:
                self.source.show_pad()
        self.reading.refresh()

    def _show_busy(self, is_busy: bool) -> None:
        if is_busy:
            self.setCursor(Qt.CursorShape.BusyCursor)
        else:
            self.unsetCursor()

    # -- dropping ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let a picture in; what else may be dropped is for the window around."""
        data = event.mimeData()
        path = local_file(data)
        if data.hasImage() or (path is not None and is_picture(path)):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read it."""
        event.acceptProposedAction()
        self.take(event.mimeData())

    # -- how it is built ---------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.clear_action = self._action(
            "Clear", "trash", "Clear the picture, and draw anew", self.clear
        )
        self.open_action = self._action(
            "Open image…", "folder-open", "Open an image file", self.choose_file
        )
        self.paste_action = self._action(
            "Paste", "clipboard", "Paste the picture on the clipboard", self.paste
        )

    def _action(self, text: str, icon_name: str, tip: str, act: Callable[[], None]) -> QAction:
        action = QAction(icon(icon_name), text, self)
        action.setToolTip(tip)
        action.triggered.connect(lambda: act())
        return action

    def _lay_out(self) -> None:
        nothing = QLabel(_HINT)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setProperty("role", "quiet")
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(self.reading)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self.source)
        row.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.notice)
        column.addWidget(_Across(body), 1)


class _Across(QScrollArea):
    """As high as what is in it, and scrolled to the side where there is little room."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self._body = body
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has it, and is scrolled to
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """Return the height of what is in it."""
        return QSize(32 * GRID, self._body.minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow with what is in it."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def _stop(background: Background, *_: object) -> None:
    background.stop()


def _plain(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from bvae_core.fitting import plain_picture

    return plain_picture(pixels)


def _as_rgb8(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    plain = levels(pixels, leading=0)
    return plain if plain.ndim == 3 else np.repeat(plain[..., None], 3, axis=2)
