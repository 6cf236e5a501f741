"""`Field`: a control with its name, what it is for, and what is wrong with what was typed."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, Qt
from qtpy.QtGui import QPalette
from qtpy.QtWidgets import QGridLayout, QLabel, QWidget

from bvae_gui.style import GRID
from bvae_gui.widgets.naming import named

_LABEL_WIDTH = 12 * GRID
_HEIGHT = 3 * GRID


class Field(QWidget):
    """A row of a form.

    The wheel scrolls the form, unless the control has the focus.

    Parameters
    ----------
    label
        The control's name.
    editor
        The control.
    hint
        What it is for, in a sentence that is always in view.
    tip
        More about it, as a tooltip; by default the hint.
    """

    def __init__(
        self,
        label: str,
        editor: QWidget,
        hint: str = "",
        *,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = named(editor, label, tip or hint)
        editor.setMinimumHeight(_HEIGHT)
        name = QLabel(label)
        name.setBuddy(editor)
        name.setFixedWidth(_LABEL_WIDTH)
        name.setToolTip(editor.toolTip())
        self._hint = QLabel(hint)
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "quiet")
        self._hint.setVisible(bool(hint))
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setForegroundRole(QPalette.ColorRole.Highlight)
        self._problem.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(editor, 0, 1)
        grid.addWidget(self._hint, 1, 1)
        grid.addWidget(self._problem, 2, 1)
        for control in (editor, *editor.findChildren(QWidget)):
            if control.focusPolicy() & Qt.FocusPolicy.WheelFocus == Qt.FocusPolicy.WheelFocus:
                control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            control.installEventFilter(self)

    @property
    def problem(self) -> str:
        """What is wrong, or nothing."""
        return "" if self._problem.isHidden() else self._problem.text()

    def set_hint(self, hint: str) -> None:
        """Say something else about the control."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def set_problem(self, sentence: str) -> None:
        """Say what is wrong, or, with an empty sentence, nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the form around."""
        is_wheel = event.type() == QEvent.Type.Wheel
        if is_wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
