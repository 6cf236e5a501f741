"""`UndoKeys`: leaves the keys of undo to the window where a field has nothing to take back."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject
from qtpy.QtGui import QKeyEvent, QKeySequence
from qtpy.QtWidgets import QAbstractSpinBox, QLineEdit


class UndoKeys(QObject):
    """Lets a field undo what is being typed in it, and the window everything else.

    Qt's fields keep Ctrl+Z to themselves, even when nothing was typed.

    Parameters
    ----------
    field
        A line edit or a spin box that changes the state; owns this.
    """

    def __init__(self, field: QLineEdit | QAbstractSpinBox) -> None:
        super().__init__(field)
        within = field.findChildren(QLineEdit)  # of a spin box the one
        self._edit = field if isinstance(field, QLineEdit) else within[0]
        if isinstance(field, QAbstractSpinBox):
            field.editingFinished.connect(self._note_meant)
        field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Don't let the field have undo and redo where they are the window's."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        is_undo = event.matches(QKeySequence.StandardKey.Undo)
        is_redo = event.matches(QKeySequence.StandardKey.Redo)
        is_typed = self._edit.isModified() and self._edit.isUndoAvailable()
        is_own = is_typed or (is_redo and self._edit.isRedoAvailable())
        if is_own or not (is_undo or is_redo):
            return False
        event.ignore()
        return True

    def _note_meant(self) -> None:
        """Count what was typed as set: a spin box doesn't where it would write it just so."""
        self._edit.setModified(False)
