"""`WayLine`: what can be said of the way between the anchors, and the offer of a better one."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QHBoxLayout, QToolButton, QWidget

from bvae_core.kana import thing_shown
from bvae_core.latent import WayMeasures, crossing_words, typicality_words
from bvae_gui.clipboard import copy_command
from bvae_gui.opening import called_in_shell
from bvae_gui.recipes import animation_recipe
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID, icon
from bvae_gui.widgets.naming import named
from bvae_gui.widgets.parts_label import PartsLabel

_ABOUT = (
    "Length: how far all pixels together go from frame to frame; one that turns from white to "
    "black goes 1.\n"
    "Largest step: between two frames, as a multiple of the mean one; 1 where the image changes "
    "evenly.\n"
    "Loneliest: where on the way the fewest images are near."
)


class WayLine(QWidget):
    """One quiet line; it stays empty while an anchor moves.

    Parameters
    ----------
    state
        Whose way it is.
    parent
        The widget that it lies on.

    Attributes
    ----------
    label, dense_button, copy_button
        What it says, and buttons that take the dense way and copy the command that measures.
    """

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.label = PartsLabel()
        self.label.setProperty("role", "quiet")
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.dense_button = named(
            QToolButton(), "Take the dense way", "Go where images are near all along the way"
        )
        self.dense_button.setText(self.dense_button.accessibleName())
        self.dense_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dense_button.clicked.connect(lambda: state.set_interpolation("dense"))
        self.dense_button.hide()
        self.copy_button = named(
            QToolButton(), "Copy as command", "Copy the command that measures the way in a shell"
        )
        self.copy_button.setIcon(icon("ruler"))
        self.copy_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy_button.clicked.connect(self._copy_command)
        self.copy_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.label, 1)
        row.addWidget(self.dense_button)
        row.addWidget(self.copy_button)
        for signal in (state.bundle_changed, state.morph.changed, state.morph.settled_changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what is known by now."""
        if self._state.bundle is None:
            return
        settled = self._state.morph.settled
        measures = None if settled is None else settled.measures
        words = [] if measures is None else self._words(measures)
        if not self._state.morph.has_its_way:
            words = [f"Finding the {self._state.scene.interpolation} way…"]
        self.label.set_parts(words)
        said = self.label.accessibleName()
        self.label.setToolTip("" if measures is None else f"{said}\n\n{_ABOUT}")
        self.dense_button.setVisible(settled is not None and settled.dense_is_better)
        self.copy_button.setVisible(self._state.scene.mode == "path")
        self.copy_button.setEnabled(measures is not None)

    def _copy_command(self) -> None:
        state = self._state
        recipe = animation_recipe(state)  # of a path, whatever its look
        words = recipe.measure_command(called_in_shell(state.model))
        copy_command(words)
        state.say("Copied the command that measures the way")

    def _words(self, measures: WayMeasures) -> list[str]:
        thing = thing_shown(self._state.model.class_names)
        return [
            crossing_words(measures.empty, thing=thing),
            f"{measures.length:.1f} pixels long",
            f"largest step {measures.unevenness:.1f} × mean",
            f"loneliest {typicality_words(measures.lowest_rank, thing=thing)}",
        ]
