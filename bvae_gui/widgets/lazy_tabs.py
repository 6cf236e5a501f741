"""`LazyTabs`: pages behind tabs, each made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from bvae_gui.style import icon


class LazyTabs(QTabWidget):
    """Pages of which one is seen; a single page has no tab.

    Parameters
    ----------
    parent
        The widget that it lies on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._makers: dict[int, Callable[[], QWidget]] = {}
        self._pages: dict[int, QWidget] = {}
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self.currentChanged.connect(self._fill)

    def add(self, name: str, icon_name: str, tip: str, make: Callable[[], QWidget]) -> None:
        """Add a page behind all others.

        Parameters
        ----------
        name
            On the tab.
        icon_name
            See `bvae_gui.style.icon`.
        tip
            What the page is for.
        make
            Makes its widget.
        """
        index = self.count()
        self._makers[index] = make
        self.addTab(QWidget(), icon(icon_name), name)
        self.setTabToolTip(index, tip)
        if index == self.currentIndex():
            self._fill(index)

    def show_page(self, name: str) -> QWidget:
        """Show the page of that name, and return its widget; a KeyError if there is none."""
        for index in range(self.count()):
            if self.tabText(index) == name:
                self.setCurrentIndex(index)
                self._fill(index)
                return self._pages[index]
        raise KeyError(name)

    def _fill(self, index: int) -> None:
        make, place = self._makers.pop(index, None), self.widget(index)
        if make is not None and place is not None:
            self._pages[index] = page = make()
            layout = QVBoxLayout(place)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(page)
