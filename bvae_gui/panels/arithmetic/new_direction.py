"""`NewDirection`: asks which images have something, and which lack it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from bvae_core.annotations import Annotations
from bvae_core.directions import direction_of, usual_name
from bvae_core.errors import AnnotationError, BvaeError
from bvae_core.kana import with_reading
from bvae_core.latent import check_direction_name
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

_REST = "All others"


class NewDirection(QDialog):
    """Makes a direction of two groups of images, and saves it with the model.

    Parameters
    ----------
    state
        With an open model.
    take
        Gets the name when it is saved.
    parent
        Whose window it belongs to.
    """

    def __init__(self, state: ExplorerState, take: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("New direction")
        self._state, self._take = state, take
        self.having = named(QComboBox(), "Images that have it", "The direction leads to these")
        self.lacking = named(QComboBox(), "Images that lack it", "It leads away from these")
        self.name = named(
            QLineEdit(), "Name", "What to call it: sums name it so, as in sum:ki + direction:NAME"
        )
        self._groups = self._list_groups()
        self.lacking.addItem(_REST)
        for box in (self.having, self.lacking):
            box.addItems(list(self._groups))
            box.activated.connect(lambda: self._propose())
        self.refusal = QLabel(wordWrap=True)
        self.refusal.hide()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.save_button = buttons.button(QDialogButtonBox.StandardButton.Save)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setSpacing(GRID)
        for words, field in (
            ("From images that lack it", self.lacking),
            ("To images that have it", self.having),
            ("Name", self.name),
        ):
            form.addRow(words, field)
        hint = QLabel("The direction is the difference of the two groups' means.")
        hint.setProperty("role", "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(form)
        for part in (hint, self.refusal, buttons):
            column.addWidget(part)
        self.setFixedWidth(56 * GRID)
        self.adjustSize()
        self._propose()
        if not self._groups:
            self._refuse("Select images first, on the map: this model's images have no classes.")
            self.save_button.setEnabled(False)

    def accept(self) -> None:
        """Save the direction and close, or say why it can't be."""
        name = self.name.text().strip()
        try:
            check_direction_name(name)
            vector = self._vector()
            self._state.annotate(lambda before: _added(before, name, vector))
        except BvaeError as error:
            self._refuse(str(error))
            return
        super().accept()
        self._take(name)

    def _vector(self) -> NDArray[np.float32]:
        having, lacking = self.having.currentText(), self.lacking.currentText()
        others = None if lacking == _REST else self._groups[lacking]
        return direction_of(self._state.model, self._groups[having], others)

    def _list_groups(self) -> dict[str, NDArray[np.int64]]:
        """Return what a direction can be made of: names and indices of images."""
        state, model = self._state, self._state.model
        groups: dict[str, NDArray[np.int64]] = {}
        if len(state.selection):
            groups["The selected images"] = state.selection
        for name, indices in state.annotations.selections.items():
            groups[f"Selection {name}"] = np.array(indices, np.int64)
        if model.labels is not None:
            for label in np.unique(model.labels).tolist():
                words = f"Class {with_reading(model.class_names[label])}"
                if words in groups:  # several classes of one name
                    words = f"{words}, number {label}"
                groups[words] = np.flatnonzero(model.labels == label)
        return groups

    def _propose(self) -> None:
        """Propose a name, unless the user has typed one."""
        if self.name.isModified() or not self._groups:
            return
        having = _short(self.having.currentText())
        is_rest = self.lacking.currentText() == _REST
        self.name.setText(
            usual_name(having, None if is_rest else _short(self.lacking.currentText()))
        )

    def _refuse(self, why: str) -> None:
        self.refusal.setText(why)
        self.refusal.show()
        self.adjustSize()


def _short(group: str) -> str:
    """Return a group's name in a direction's."""
    return group.removeprefix("Class ").removeprefix("Selection ").replace("The s", "s")


def _added(before: Annotations, name: str, vector: NDArray[np.float32]) -> Annotations:
    if name in before.directions:
        raise AnnotationError(f"There is a direction named {name!r} already. Choose another name.")
    return before.with_direction(name, vector)
