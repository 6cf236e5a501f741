"""`Library`: the window's models: opened from the library, compared, or trained once more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, QSize, Qt
from qtpy.QtGui import QAction, QKeySequence
from qtpy.QtWidgets import QWidget

if TYPE_CHECKING:
    from bvae_core.config import TrainConfig
    from bvae_core.datasets import Origin
    from bvae_gui.panels.compare import ComparePanel
    from bvae_gui.state import ExplorerState
    from bvae_gui.window.main_window import MainWindow

_SIZE = QSize(1200, 800)


class Library(QObject):
    """Does in the window what its library asks for.

    Parameters
    ----------
    window
        Whose models they are.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._comparison: ComparePanel | None = None

    def make_panel(self, state: ExplorerState) -> QWidget:
        """Return a panel with all models."""
        from bvae_gui.panels.library import LibraryPanel

        panel = LibraryPanel(state)
        panel.open_requested.connect(self._window.open)
        panel.compare_requested.connect(partial(self.compare, state))
        panel.duplicate_requested.connect(self._prepare_training)
        return panel

    def compare(self, state: ExplorerState, models: Sequence[str]) -> None:
        """Compare models in a window of their own."""
        from bvae_gui.panels.compare import ComparePanel

        if self._comparison is None:
            self._comparison = panel = ComparePanel(state)
            panel.setParent(self._window, Qt.WindowType.Window)
            panel.setWindowTitle("Comparison")
            panel.resize(_SIZE.boundedTo(self._window.screen().availableGeometry().size()))
            close = QAction("Close", panel)
            close.setShortcut(QKeySequence("Ctrl+W"))
            close.triggered.connect(panel.close)
            panel.addAction(close)
        self._comparison.compare(models)
        self._comparison.show()
        self._comparison.raise_()
        self._comparison.activateWindow()

    def _prepare_training(self, config: TrainConfig, origin: Origin | None) -> None:
        from bvae_gui.jobs import Source
        from bvae_gui.panels.training import TrainingPanel
        from bvae_gui.window.main_window import TRAINING

        panel = self._window.docks.show(TRAINING)
        if isinstance(panel, TrainingPanel):
            panel.form.choose(None if origin is None else Source.of(origin), config)
            panel.show_form()
