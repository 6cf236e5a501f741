"""Pages behind tabs."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel

from bvae_gui.widgets.lazy_tabs import LazyTabs


def test_a_page_is_made_when_its_tab_is_clicked(qtbot: QtBot):
    tabs = LazyTabs()
    qtbot.addWidget(tabs)
    made: list[str] = []

    def make(name: str) -> QLabel:
        made.append(name)
        return QLabel(name)

    tabs.add("One", "path", "The first", lambda: make("One"))
    tabs.show()
    assert not tabs.tabBar().isVisible()
    tabs.add("Two", "path", "The second", lambda: make("Two"))
    assert made == ["One"]
    assert tabs.tabBar().isVisible()
    qtbot.mouseClick(
        tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(1).center()
    )
    assert made == ["One", "Two"]
    assert isinstance(page := tabs.show_page("One"), QLabel)
    assert page.text() == "One"
    assert page.isVisible()
    assert made == ["One", "Two"]
    with pytest.raises(KeyError):
        tabs.show_page("Three")
