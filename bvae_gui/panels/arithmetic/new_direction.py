"""`NewDirection`: asks which images have something, and which lack it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

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

from bvae_core import shell_words
from bvae_core.annotations import Annotations
from bvae_core.directions import direction_of, images_group, usual_name
from bvae_core.errors import AnnotationError, BvaeError
from bvae_core.kana import with_reading
from bvae_core.latent import ClassAnchor, anchor_text, check_direction_name
from bvae_gui.clipboard import copy_command
from bvae_gui.opening import called_in_shell
from bvae_gui.state import ExplorerState
from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

_REST = "All others"


class _Group(NamedTuple):
    """Images that a direction can be made of, and what a shell calls them."""

    indices: NDArray[np.int64]
    in_shell: str


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
        self.copy_button = named(
            buttons.addButton("Copy as command", QDialogButtonBox.ButtonRole.ActionRole),
            "Copy as command",
            "Copy the command that saves the same direction in a shell",
        )
        self.copy_button.clicked.connect(self._copy_command)
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
            self.copy_button.setEnabled(False)

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
        others = None if lacking == _REST else self._groups[lacking].indices
        return direction_of(self._state.model, self._groups[having].indices, others)

    def _command(self) -> list[str]:
        """Return the words of the command that saves it."""
        lacking, having = self.lacking.currentText(), self._groups[self.having.currentText()]
        options = shell_words.option("--add", self.name.text().strip())
        options += shell_words.option("--having", having.in_shell)
        if lacking != _REST:
            options += shell_words.option("--lacking", self._groups[lacking].in_shell)
        return shell_words.command("directions", [called_in_shell(self._state.model)], options)

    def _copy_command(self) -> None:
        copy_command(self._command())
        self._state.say("Copied the command that saves the direction")

    def _list_groups(self) -> dict[str, _Group]:
        """Return what a direction can be made of, by what it is called here."""
        state, model = self._state, self._state.model
        groups: dict[str, _Group] = {}
        if len(state.selection):
            groups["The selected images"] = _Group(state.selection, images_group(state.selection))
        for name, indices in state.annotations.selections.items():
            groups[f"Selection {name}"] = _Group(np.array(indices, np.int64), name)
        if model.labels is not None:
            for label in np.unique(model.labels).tolist():
                name = model.class_names[label]
                words = f"Class {with_reading(name)}"
                if words in groups:  # several classes of one name
                    words, name = f"{words}, number {label}", str(label)
                images = np.flatnonzero(model.labels == label)
                groups[words] = _Group(images, anchor_text(ClassAnchor(name)))
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
