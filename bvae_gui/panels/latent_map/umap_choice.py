"""`UmapChoice`: shows the UMAP of the open model, once it is computed."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import QObject, Signal

from bvae_core.embeddings import INSTALL, check_embeddable, find_embedding, umap_is_installed
from bvae_core.errors import BvaeError
from bvae_gui.jobs import Projector
from bvae_gui.state import ExplorerState


class UmapChoice(QObject):
    """Looks along the UMAP in the cache, or has it computed beside the window first.

    Parameters
    ----------
    state
        What is looked at.
    parent
        Whose end is also this one's.

    Attributes
    ----------
    projector
        What computes it; its signals say how far it is.

    Signals
    -------
    given_up()
        The map shows something else for now.
    """

    given_up = Signal()

    def __init__(self, state: ExplorerState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.projector = Projector(self)
        self.projector.found.connect(self._show)
        self.projector.failed.connect(self._fail)
        for signal in (state.bundle_changed, state.map.view_changed):
            signal.connect(self.projector.cancel)  # something else is wanted now

    def why_not(self) -> str:
        """Return why the open model can't be seen so, in a few words, or nothing."""
        try:
            check_embeddable(self._state.model)
        except BvaeError:
            return "too few images"
        if umap_is_installed() or find_embedding(self._state.model) is not None:
            return ""
        return INSTALL

    def choose(self) -> None:
        """Show it as soon as it is there."""
        state = self._state
        if state.map.view == "umap":
            return
        if find_embedding(state.model) is not None:
            state.map.look_along("umap")
            return
        self.given_up.emit()
        if not self.projector.is_working:
            self.projector.compute(state.model.path)
            state.say("Computing the UMAP; the map will show it when it is there.")

    def _show(self, model: Path) -> None:
        if self._state.bundle is not None and self._state.model.path == model:
            self._state.map.look_along("umap")
            self._state.say("The map shows the UMAP. Between its dots it is approximate.")

    def _fail(self, why: str) -> None:
        raise BvaeError(why)
