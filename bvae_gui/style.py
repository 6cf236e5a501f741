"""How the window looks: the palette, fonts, icons and style sheet that a `Theme` becomes.

Widgets ask for a size of type with the property ``role``: ``title``, ``quiet`` or ``figure``. A
button with the property ``primary`` is the one that does what its place is for.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from qtawesome.iconic_font import IconicFont
from qtpy.QtCore import QPoint, QRect, QSize, Qt
from qtpy.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from qtpy.QtWidgets import QApplication, QWidget

from bvae_core.figures.kana_font import kana_font_path
from bvae_core.figures.theme import DARK, LIGHT, Theme

#: Every distance in the window is a multiple of this, in pixels; half of it within a control.
GRID = 8

Role = Literal["quiet", "body", "title", "figure"]
_SCALE: dict[Role, float] = {"quiet": 0.9, "body": 1, "title": 1.2, "figure": 1.6}

_in_force = LIGHT  # icons are painted in its colours


def apply_style(target: QApplication | QWidget, theme: Theme, more: str = "") -> None:
    """Dress a program, or a widget and all in it, in a theme.

    Parameters
    ----------
    target
        The application where it is ours, or else a widget of ours in somebody else's.
    theme
        The colours.
    more
        What else is to stand in its style sheet.
    """
    global _in_force
    _in_force = theme
    sheet = style_sheet(theme) + more
    if target.styleSheet() == sheet:
        return  # or all that is in it would be dressed and laid out again as it is
    if isinstance(target, QApplication):
        target.setStyle("Fusion")
    target.setFont(font("body"))
    target.setPalette(palette(theme))
    target.setStyleSheet(sheet)


def system_theme() -> Theme:
    """Return the theme that goes with the system's light or dark colours."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def font(role: Role) -> QFont:
    """Return the system's font with kana to fall back on, in a size of the type scale."""
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    # By its real name: beside a second family Qt passes over an alias such as "Sans Serif".
    chosen.setFamilies([QFontInfo(chosen).family(), _kana_family()])
    chosen.setPointSizeF(chosen.pointSizeF() * _SCALE[role])
    return chosen


def mixed(first: str, second: str, share: float) -> str:
    """Return a colour between two, ``#rrggbb``; `share` is that of the second, 0 to 1."""
    one, two = QColor(first), QColor(second)
    red, green, blue = (
        round((1 - share) * of(one) + share * of(two))
        for of in (QColor.red, QColor.green, QColor.blue)
    )
    return QColor(red, green, blue).name()


def palette(theme: Theme) -> QPalette:
    """Return a theme as Qt's palette."""
    role = QPalette.ColorRole
    raised = mixed(theme.ground, theme.text, 0.04)
    # Lighter than the ground by night, too: Qt's outlines are darker than it, and not seen there.
    field = mixed(theme.ground, theme.sheet, 0.35 if theme.name == "light" else 0.12)
    colours = QPalette()
    for which, colour in (
        (role.Window, theme.ground),
        (role.WindowText, theme.text),
        (role.Base, field),
        (role.AlternateBase, raised),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Button, raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.accent),
        (role.ToolTipBase, theme.text),
        (role.ToolTipText, theme.ground),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.muted),
        (role.Light, mixed(theme.ground, theme.sheet, 0.5)),
        (role.Midlight, theme.ground),
        (role.Mid, theme.line),
        (role.Dark, mixed(theme.line, theme.text, 0.25)),
        (role.Shadow, mixed(theme.line, theme.text, 0.5)),
    ):
        colours.setColor(which, QColor(colour))
    faint = QColor(mixed(theme.muted, theme.ground, 0.4))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        colours.setColor(QPalette.ColorGroup.Disabled, which, faint)
    for which in (role.Highlight, role.Accent):
        colours.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.line))
    return colours


def style_sheet(theme: Theme) -> str:
    """Return what the palette can't say, as a Qt style sheet."""
    hover = mixed(theme.ground, theme.text, 0.07)
    pressed = mixed(theme.ground, theme.text, 0.14)
    sizes = {role: f"{font(role).pointSizeF():g}pt" for role in _SCALE}
    return f"""
    *[role="quiet"] {{ font-size: {sizes["quiet"]}; color: {theme.muted}; }}
    *[role="title"] {{ font-size: {sizes["title"]}; font-weight: 600; }}
    *[role="figure"] {{ font-size: {sizes["figure"]}; }}
    QToolTip {{ background: {theme.text}; color: {theme.ground}; border: 0; padding: 4px 8px; }}
    QMenuBar {{ background: {theme.ground}; padding: 2px 4px; }}
    QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; }}
    QMenuBar::item:selected {{ background: {hover}; }}
    QMenuBar::item:pressed {{ background: {pressed}; }}
    QMenu {{ background: {theme.ground}; border: 1px solid {theme.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {hover}; }}
    QMenu::item:disabled {{ color: {theme.muted}; }}
    QMenu::separator {{ height: 1px; background: {theme.line}; margin: 4px 8px; }}
    QMenu::icon, QMenu::indicator {{ padding-left: 8px; }}
    QStatusBar {{ border-top: 1px solid {theme.line}; }}
    QStatusBar::item {{ border: 0; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {theme.line}; }}
    QMainWindow::separator {{ width: 8px; height: 8px; background: transparent; }}
    QMainWindow::separator:hover {{ background: {theme.line}; }}
    QDockWidget::title {{ padding: 8px; }}
    QScrollArea {{ border: 0; }}
    QTabWidget::pane {{ border: 0; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar::tab {{
        background: transparent; color: {theme.muted}; border: 0; padding: 4px 8px; margin: 0 4px;
        border-bottom: 2px solid transparent;
    }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
    QTabBar::tab:focus {{ color: {theme.accent}; }}
    QPushButton, QToolButton {{
        background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px;
    }}
    QPushButton {{ border-color: {theme.line}; padding: 4px 12px; }}
    QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
    QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked {{
        background: {pressed};
    }}
    QPushButton:focus, QToolButton:focus {{ border-color: {theme.accent}; }}
    QPushButton:disabled {{ color: {theme.muted}; }}
    QPushButton[primary="true"] {{
        background: {theme.accent}; border-color: {theme.accent}; color: {theme.on_accent};
    }}
    QPushButton[primary="true"]:hover {{
        background: {mixed(theme.accent, theme.text, 0.12)};
    }}
    QPushButton[primary="true"]:focus {{ border-color: {theme.text}; }}
    QPushButton[primary="true"]:disabled {{
        background: {theme.line}; border-color: {theme.line}; color: {theme.muted};
    }}
    QToolButton::menu-indicator {{ image: none; }}
    QSlider::groove:horizontal {{ height: 2px; background: {theme.line}; }}
    QSlider::sub-page:horizontal {{ background: {theme.muted}; }}
    QSlider::handle:horizontal {{
        width: 12px; margin: -5px 0; border-radius: 6px; background: {theme.text};
    }}
    QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{
        background: {theme.accent};
    }}
    QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled {{
        background: {theme.line};
    }}
    QProgressBar {{
        border: 0; border-radius: 2px; background: {theme.line}; text-align: center;
    }}
    QProgressBar::chunk {{ border-radius: 2px; background: {theme.accent}; }}
    QScrollBar {{ background: transparent; border: 0; margin: 0; }}
    QScrollBar:vertical {{ width: 8px; }}
    QScrollBar:horizontal {{ height: 8px; }}
    QScrollBar::handle {{ background: {theme.line}; border-radius: 4px; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def icon(name: str) -> QIcon:
    """Return a Phosphor icon by its name, ``"play"``; it follows the theme in force.

    Where it is checked it has the accent's colour.

    Raises
    ------
    KeyError
        If there is no such icon.
    """
    return QIcon(_Glyph(_phosphor().charmap[_FAMILY][name]))


_FAMILY = "ph"


class _Glyph(QIconEngine):
    """One letter of the icon font, painted in the colours of the moment."""

    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter = letter

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the letter in the middle."""
        painter.save()  # a tab paints its words next, with the same painter
        painter.setFont(_phosphor().font(_FAMILY, rect.height()))
        painter.setPen(self._colour(mode, state))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the letter on nothing."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    @staticmethod
    def _colour(mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return QColor(mixed(_in_force.muted, _in_force.ground, 0.4))
        return QColor(_in_force.accent if state == QIcon.State.On else _in_force.text)


@cache
def _phosphor() -> IconicFont:
    # All of QtAwesome's fonts take four times as long to load as this one.
    return IconicFont((_FAMILY, "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json"))


@cache
def _kana_family() -> str:
    number = QFontDatabase.addApplicationFont(str(kana_font_path()))
    return QFontDatabase.applicationFontFamilies(number)[0]
