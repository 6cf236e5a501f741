"""`StatusBar`: what is happening, what is under the pointer, and which model is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton, QWidget

from bvae_core.kana import romaji
from bvae_gui.style import GRID
from bvae_gui.widgets.numbers import numbers

if TYPE_CHECKING:
    from bvae_gui.state import ExplorerState

_MESSAGE_MS = 6000
_OFFER_MS = 20_000
# Nobody reads numbers in motion: so often they follow the pointer.
_POINTER_MS = 33
_COORDINATES_SHOWN = 4


class StatusBar(QStatusBar):
    """Says on the left what happens, or else what is under the pointer; on the right, the model.

    Parameters
    ----------
    parent
        The window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ExplorerState | None = None
        self._act: Callable[[], object] = self.clearMessage
        self._pointer_due = QTimer(self)
        self._pointer_due.setSingleShot(True)
        self._pointer_due.setInterval(_POINTER_MS)
        self._pointer_due.timeout.connect(self._show_pointer)
        self.pointer = QLabel()
        self.pointer.setAccessibleName("Under the pointer")
        # Whatever it says, nothing else has to be laid out again.
        self.pointer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.model = QLabel()
        self.model.setAccessibleName("The open model")
        self.model.setProperty("role", "quiet")
        self.offered = QToolButton()
        # The bar has room for it even while it is hidden: no more than for words.
        self.offered.setFixedHeight(self.fontMetrics().height() + GRID // 2)
        self.offered.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.offered.clicked.connect(lambda: self._act())
        self.offered.hide()
        self.messageChanged.connect(self.offered.hide)  # it belongs to the message before
        self.setSizeGripEnabled(False)
        self.setContentsMargins(GRID, 0, GRID, 0)
        self.addWidget(self.pointer, 1)
        self.addPermanentWidget(self.offered)
        self.addPermanentWidget(self.model)

    def say(self, text: str) -> None:
        """Say something for a while."""
        self.showMessage(text, _MESSAGE_MS)

    def offer(self, text: str, words: str, tip: str, act: Callable[[], object]) -> None:
        """Say something for a longer while, with a button that does something about it."""
        self._act = act
        self.offered.setText(words)
        self.offered.setToolTip(tip)
        self.showMessage(text, _OFFER_MS)
        self.offered.show()

    def follow(self, state: ExplorerState) -> None:
        """Say from now on what the state is told and shows."""
        self._state = state
        state.said.connect(self.say)
        state.hover_changed.connect(self._pointer_moved)
        state.bundle_changed.connect(self._show_model)
        state.renamed.connect(self._show_model)
        self._show_model()

    def _show_model(self) -> None:
        if self._state is None or self._state.bundle is None:
            return
        model = self._state.model
        count, latent_dim = model.latents.shape
        space = f"{latent_dim} dimension{'' if latent_dim == 1 else 's'}"
        self.model.setText(f"{model.name}  ·  {count:,} images  ·  {space}")
        self._show_pointer()

    def _pointer_moved(self) -> None:
        if not self._pointer_due.isActive():
            self._pointer_due.start()

    def _show_pointer(self) -> None:
        state = self._state
        if state is None or state.bundle is None or state.hover is None:
            self.pointer.clear()
            return
        nearest, distances = state.neighbours.nearest(state.hover)
        place = f"({numbers(state.hover.tolist(), _COORDINATES_SHOWN)})"
        if not state.map.projection.is_exact and distances[0] > 0:
            place = f"≈ {place}, approximate"
        self.pointer.setText(f"{place}  ·  nearest image: {_image(state, int(nearest[0]))}")


def _image(state: ExplorerState, index: int) -> str:
    labels, names = state.model.labels, state.model.class_names
    if labels is None:
        return f"#{index}"
    name = names[labels[index]]
    sound = romaji(name)
    return f"{name} {sound} #{index}" if sound else f"{name} #{index}"
