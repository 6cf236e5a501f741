"""`Docks`: panels beside the explorer, made when they are first shown."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QChildEvent, QEvent, QObject, Qt
from qtpy.QtGui import QAction, QKeySequence
from qtpy.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget


class Docks(QObject):
    """Closable panels at the window's right edge, one behind the other until they are moved.

    Parameters
    ----------
    window
        That they are docked in.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        window.installEventFilter(self)

    def add(self, title: str, tip: str, keys: str, make: Callable[[], QWidget]) -> QAction:
        """Add a hidden dock, and return the action that shows and hides it.

        Parameters
        ----------
        title
            Of the dock, and what `show` calls it.
        tip
            What the panel is for.
        keys
            The action's shortcut.
        make
            Makes the panel, when the dock is first shown.
        """
        dock = QDockWidget(title, self._window)
        dock.setObjectName(title)  # by which Qt remembers where it was
        dock.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)

        def fill(is_visible: bool) -> None:
            if is_visible and dock.widget() is None:
                dock.setWidget(make())

        dock.visibilityChanged.connect(fill)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if self._docks:
            self._window.tabifyDockWidget(next(iter(self._docks.values())), dock)
        dock.hide()
        self._docks[title] = dock
        action = dock.toggleViewAction()
        # `triggered` is the user's doing alone: a layout that is restored keeps its order.
        action.triggered.connect(lambda is_shown: dock.raise_() if is_shown else None)
        action.setToolTip(tip)
        action.setShortcut(QKeySequence(keys))
        return action

    def show(self, title: str) -> QWidget:
        """Show a dock before the others, and return its panel."""
        dock = self._docks[title]
        dock.show()
        dock.raise_()
        return dock.widget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the Tab key from bars of docks that Qt puts beside the window, instead of hiding."""
        if watched is self._window and isinstance(event, QChildEvent):
            child = event.child()
            if event.type() == QEvent.Type.ChildPolished and isinstance(child, QTabBar):
                child.installEventFilter(self)
                self._let_focus(child)
        elif isinstance(watched, QTabBar) and event.type() in (
            QEvent.Type.Move, QEvent.Type.Resize,
        ):  # fmt: skip
            self._let_focus(watched)
        return super().eventFilter(watched, event)

    def _let_focus(self, bar: QTabBar) -> None:
        is_seen = bar.geometry().intersects(self._window.rect())
        bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_seen else Qt.FocusPolicy.NoFocus)
