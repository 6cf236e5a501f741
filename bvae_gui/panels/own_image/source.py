"""`SourceView`: what the model shall read: a pad to draw on, or the picture that was brought."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import Qt
from qtpy.QtGui import QAction
from qtpy.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from bvae_gui.style import GRID, icon
from bvae_gui.widgets.drawing_pad import BRUSH, DrawingPad
from bvae_gui.widgets.image_view import ImageView
from bvae_gui.widgets.naming import named

_SIDE = 20 * GRID
_LEAST, _LARGEST = round(100 * BRUSH[0]), round(100 * BRUSH[2])


class SourceView(QWidget):
    """A pad with its tools, or instead of the pad a picture.

    Parameters
    ----------
    clear_action, open_action, paste_action
        What its other buttons do.
    parent
        The widget that it lies on.

    Attributes
    ----------
    pad
        Where one draws.
    picture
        What was brought.
    pen_button, eraser_button, brush_slider
        How one draws.
    """

    def __init__(
        self,
        clear_action: QAction,
        open_action: QAction,
        paste_action: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.pad = DrawingPad()
        self.picture = named(ImageView(side=_SIDE), "The picture", "The picture as it was brought")
        self._title = QElidingLabel()
        self._title.setProperty("role", "quiet")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.pad)
        self._pages.addWidget(self.picture)
        self._make_tools()
        title = QHBoxLayout()
        title.setSpacing(0)
        title.addWidget(self._title, 1)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for button in (self.pen_button, self.eraser_button):
            tools.addWidget(button)
        tools.addWidget(self.brush_slider, 1)
        for action in (clear_action, open_action, paste_action):
            tools.addWidget(_button(action))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(title)
        column.addWidget(self._pages, 1)
        column.addLayout(tools)
        self.setFixedWidth(_SIDE + 3 * GRID)
        self.pad.tool_changed.connect(self._show_tool)
        self.show_pad()

    def show_pad(self) -> None:
        """Have the pad to draw on."""
        self._pages.setCurrentWidget(self.pad)
        self._set_title("Draw, open or paste")
        self._enable(True)

    def show_picture(self, rgb8: NDArray[np.uint8], name: str) -> None:
        """Show a picture, (h, w, 3) uint8, instead of the pad."""
        self.picture.set_image(rgb8)
        self._pages.setCurrentWidget(self.picture)
        self._set_title(name)
        self._enable(False)

    @property
    def shows_pad(self) -> bool:
        """Whether one can draw."""
        return self._pages.currentWidget() is self.pad

    def _set_title(self, text: str) -> None:
        self._title.setText(text)
        self._title.setToolTip(text)

    def _enable(self, can_draw: bool) -> None:
        for tool in (self.pen_button, self.eraser_button, self.brush_slider):
            tool.setEnabled(can_draw)

    def _make_tools(self) -> None:
        self.pen_button = _tool("pencil-simple", "Pen", "Draw ink")
        self.eraser_button = _tool("eraser", "Eraser", "Take ink away (E, or the right button)")
        self._tools = QButtonGroup(self)
        for button in (self.pen_button, self.eraser_button):
            self._tools.addButton(button)
        self.pen_button.setChecked(True)
        self.eraser_button.toggled.connect(self._choose_tool)
        self.brush_slider = named(
            QSlider(Qt.Orientation.Horizontal), "Brush", "How broad the brush is ([ and ])"
        )
        self.brush_slider.setRange(_LEAST, _LARGEST)
        self.brush_slider.setValue(round(100 * self.pad.brush))
        self.brush_slider.valueChanged.connect(lambda value: self.pad.set_brush(value / 100))

    def _choose_tool(self, is_eraser: bool) -> None:
        self.pad.is_erasing = is_eraser

    def _show_tool(self) -> None:
        """Show what the pad's keys chose."""
        (self.eraser_button if self.pad.is_erasing else self.pen_button).setChecked(True)
        brush = self.pad.brush
        self.brush_slider.setValue(round(100 * brush))
        self.pad.set_brush(brush)  # the slider has whole numbers only


def _tool(icon_name: str, name: str, tip: str) -> QToolButton:
    button = named(QToolButton(), name, tip)
    button.setIcon(icon(icon_name))
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAccessibleName(action.text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
