"""What can be added to the viewer now."""

from __future__ import annotations

from functools import partial

from qtpy.QtCore import Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QMenu, QWidget

from bvae_gui.napari.sending import SENDINGS, Sending
from bvae_gui.state import ExplorerState

_NOT_YET = "Wait until the model is open."


class SendMenu(QMenu):
    """Offers what can be sent; what can't be says what to do first.

    Signals
    -------
    chosen(Sending)
        That is to be sent.
    """

    chosen = Signal(object)

    def __init__(self, state: ExplorerState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.setToolTipsVisible(True)
        self._offers = [(sending, self._offer(sending)) for sending in SENDINGS]
        self.aboutToShow.connect(self._look_what_is_there)

    def _offer(self, sending: Sending) -> QAction:
        action = self.addAction(sending.words)
        action.triggered.connect(partial(self.chosen.emit, sending))
        return action

    def _look_what_is_there(self) -> None:
        for sending, action in self._offers:
            is_open = self._state.bundle is not None
            is_there = is_open and sending.is_there(self._state)
            action.setEnabled(is_there)
            otherwise = sending.otherwise if is_open else _NOT_YET
            action.setToolTip(sending.tip if is_there else otherwise)
