"""Which of our themes goes with napari's, and what of napari's style sheet our widgets undo."""

from __future__ import annotations

from dataclasses import replace

from napari.utils.theme import get_theme as napari_theme
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QWidget

from bvae_core.figures.theme import DARK, LIGHT, Theme
from bvae_gui.style import apply_style, font

_BRIGHT = 0.5


def theme_beside(name: str) -> Theme:
    """Return the theme to wear beside one of napari's, a plugin's own included.

    It is our light or our dark one, as napari's ground is, and on that very ground.
    """
    ground = QColor(napari_theme(name).background.as_hex())
    return replace(LIGHT if ground.lightnessF() > _BRIGHT else DARK, ground=ground.name())


def dress(widget: QWidget, theme: Theme) -> None:
    """Dress a widget and all in it in a theme, within napari's own style."""
    # Lists are measured in our font, and lie on the ground that everything lies on, as tabs do.
    # What is painted in the colour of what is selected has our accent. Spin boxes are as wide as
    # their numbers; napari's arrows lie beside these, for which the player has no room.
    own = f"""
    QListView {{
        background: transparent; border: 0; padding: 0; font-size: {font("body").pointSizeF():g}pt;
    }}
    QTabBar {{ background: transparent; border: 0; padding: 0; }}
    QWidget {{ selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QAbstractSpinBox {{ min-width: 42px; padding: 1px 2px; }}
    Player QAbstractSpinBox::up-button, Player QAbstractSpinBox::down-button {{ width: 0; }}
    Player QAbstractSpinBox::up-arrow, Player QAbstractSpinBox::down-arrow {{ image: none; }}
    """
    apply_style(widget, theme, own)
