"""`Hosted`: what a widget docked in napari has to see to: the theme, and its own end.

napari never closes such a widget. Its dock is closed and the widget left without a parent, or the
viewer goes and all in it is destroyed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from qtpy.QtCore import QCoreApplication, QEvent, QSize, QTimer
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bvae_gui.endings import when_destroyed
from bvae_gui.napari.settings import PLUGIN
from bvae_gui.napari.theme import dress, theme_beside
from bvae_gui.style import GRID

if TYPE_CHECKING:
    from napari import Viewer

    from bvae_core.figures.theme import Theme


_EASE = 16 * GRID  # wider than has to be


class Hosted(QWidget):
    """A widget that napari docks.

    Parameters
    ----------
    viewer
        That it is docked in, or a proxy of it.
    """

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self.viewer = unwrapped(viewer)
        self._room = _Room()
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(self._room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self._was_docked = False
        self._was_seen = False
        self._has_ended = False
        self._left_behind: list[Callable[[], object]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewer.events.theme.connect(self._change_theme)
        when_destroyed(self, functools.partial(_do_all, self._left_behind))
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.end)

    def hold(self, view: QWidget) -> None:
        """Have this in it, to scroll where a small window has less room than it needs."""
        self._room.column.addWidget(view)

    def leave_to(self, act: Callable[[], object]) -> None:
        """Do this when the widget is destroyed with the viewer; nothing in it exists by then."""
        self._left_behind.append(act)

    def end(self) -> None:
        """Stop all that goes on for this widget, once."""
        if not self._has_ended:
            self._has_ended = True
            self.viewer.events.theme.disconnect(self._change_theme)
            self.wind_up()

    def wind_up(self) -> None:
        """Stop what goes on in this widget; for those in which something does to redefine."""

    def wear(self, theme: Theme) -> None:
        """Have the colours of a theme; for those who hold more than widgets to redefine."""
        dress(self, theme)

    def change_theme(self) -> None:
        """Have the colours that go with the viewer's."""
        self.wear(theme_beside(self.viewer.theme))

    def _change_theme(self, _event: Any) -> None:
        self.change_theme()

    def sizeHint(self) -> QSize:
        """Leave the viewer as much room as there can be."""
        return self._room.minimumSizeHint() + QSize(_EASE, 0)

    def event(self, event: QEvent) -> bool:
        """Notice being docked, and that the dock is gone."""
        if event.type() == QEvent.Type.ParentChange:
            if self.parent() is not None:
                self._was_docked = True
            elif self._was_docked:
                # By a function that holds on to this widget: nobody else does now.
                QTimer.singleShot(0, lambda: self._end_if_alone())
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Lie behind or before the plugin's other widget at first, for which there is room then."""
        super().showEvent(event)
        if not self._was_seen:
            self._was_seen = True
            self._join_others()

    def _join_others(self) -> None:
        own = self.parentWidget()
        window = None if own is None else own.parentWidget()
        if not isinstance(own, QDockWidget) or not isinstance(window, QMainWindow):
            return
        for other in window.findChildren(Hosted):
            dock = other.parentWidget()
            if (
                other is not self
                and isinstance(dock, QDockWidget)
                and dock.isVisible()
                and not dock.isFloating()
                and window.dockWidgetArea(dock) == window.dockWidgetArea(own)
            ):
                window.tabifyDockWidget(dock, own)
                own.raise_()
                return

    def _end_if_alone(self) -> None:
        if self.parent() is None:
            self.end()
            self.deleteLater()


AnyHosted = TypeVar("AnyHosted", bound=Hosted)
AnyThing = TypeVar("AnyThing")


def unwrapped(thing: AnyThing) -> AnyThing:
    """Return a viewer or a layer itself: napari hands plugins proxies, which hand on proxies.

    They are not the things themselves when they are compared.
    """
    inner: AnyThing = getattr(thing, "__wrapped__", thing)
    return inner


class _Room(QWidget):
    """What is scrolled: as high as its dock, and never less than it has to be."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def heightForWidth(self, _width: int) -> int:
        """Ask for no more than the least, where lines that wrap would have all that is wished."""
        return self.minimumSizeHint().height()


def docked(viewer: Viewer, kind: type[AnyHosted]) -> AnyHosted | None:
    """Return the widget of a kind that is docked in a viewer, or None."""
    inner = unwrapped(viewer)
    found = (each for each in QApplication.allWidgets() if isinstance(each, kind))
    return next((each for each in found if each.viewer is inner and each.parent()), None)


def dock(viewer: Viewer, kind: type[AnyHosted], name: str) -> AnyHosted:
    """Return the widget of a kind in a viewer, in view; it is made if it isn't there.

    Parameters
    ----------
    viewer
        The viewer, or a proxy of it.
    kind
        Of the widget.
    name
        What it is called in ``napari.yaml``.
    """
    widget = docked(viewer, kind)
    if widget is None:
        made: AnyHosted
        _, made = viewer.window.add_plugin_dock_widget(PLUGIN, name)
        return made
    around = widget.parentWidget()
    if around is not None:
        around.show()
        around.raise_()
    return widget


def _do_all(acts: list[Callable[[], object]]) -> None:
    while acts:
        acts.pop()()
