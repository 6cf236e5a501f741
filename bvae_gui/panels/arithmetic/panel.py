"""`ArithmeticPanel`: an equation of places, and directions to go along, one at a time."""

from __future__ import annotations

from typing import Literal

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from bvae_gui.panels.arithmetic.direction import DirectionView
from bvae_gui.panels.arithmetic.equation import EquationView
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.segmented import Segmented

_PAGES: tuple[tuple[Literal["equation", "direction"], str, str, str], ...] = (
    ("equation", "Equation", "math-operations", "What is to C as A is to B"),
    ("direction", "Direction", "arrow-up-right", "Let what tells some images from others grow"),
)


class ArithmeticPanel(QWidget):
    """Reckons with places of the open model.

    Parameters
    ----------
    state
        What it shows and changes.
    parent
        The widget that it lies on.

    Attributes
    ----------
    page
        Chooses between the two.
    equation, direction
        The views.

    Signals
    -------
    export_requested(what)
        The user wants a file, see `bvae_gui.recipes.What`.
    """

    export_requested = Signal(str)

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.page = Segmented(_PAGES, "What is reckoned")
        self.equation, self.direction = EquationView(state), DirectionView(state)
        self.equation.export_requested.connect(lambda: self.export_requested.emit("equation"))
        self._views, self._tools = QStackedWidget(), QStackedWidget()
        for view in (self.equation, self.direction):
            self._views.addWidget(view)
            self._tools.addWidget(view.tools)
        self.page.chosen.connect(self._show_page)
        self._lay_out()
        state.bundle_changed.connect(self._show_bundle)
        self._show_bundle()

    def show_equation(self) -> None:
        """Show the equation, whatever was shown before."""
        self.page.choose("equation")
        self._show_page()

    def _show_page(self) -> None:
        index = [name for name, *_ in _PAGES].index(self.page.value)
        self._tools.setCurrentIndex(index)
        self._views.setCurrentIndex(index)

    def _show_bundle(self) -> None:
        self._pages.setCurrentIndex(int(self._state.bundle is not None))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.page)
        top.addWidget(self._tools, 1)
        opened = QWidget()
        column = QVBoxLayout(opened)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(top)
        column.addWidget(self._views, 1)
        nothing = QLabel("Open a model to reckon with its images.")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setProperty("role", "quiet")
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(opened)
        around = QVBoxLayout(self)
        around.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        around.addWidget(self._pages)
