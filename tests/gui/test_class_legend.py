"""The legend alone: what it asks for when it is clicked, typed at and right-clicked."""

from __future__ import annotations

import numpy as np
import pytest
from mouse import CTRL, Mouse
from numpy.typing import NDArray
from pictures import to_array
from pytestqt.qtbot import QtBot
from qtpy.QtCore import QPointF, Qt
from qtpy.QtWidgets import QApplication, QMenu

from bvae_gui.widgets.class_legend import ClassEntry, ClassLegend

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
ENTRIES = [
    ClassEntry(2, "き", "ki", 1422, "#644733"),
    ClassEntry(5, "は", "ha", 12, "#1a307c"),
    ClassEntry(7, "R&D", "", 3, "#663ca9"),
]


class Listener:
    """A legend of three classes, and what it has asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.legend = ClassLegend()
        qtbot.addWidget(self.legend)
        self.legend.set_entries(ENTRIES, {5})
        self.legend.resize(self.legend.sizeHint())
        with qtbot.waitExposed(self.legend):
            self.legend.show()
        self.mouse = Mouse(self.legend.viewport())
        self.asked: list[tuple[object, ...]] = []
        for name in (
            "toggled", "isolated", "all_asked", "centroid_asked", "typical_asked", "selected",
        ):  # fmt: skip
            signal = getattr(self.legend, name)
            signal.connect(lambda *label, name=name: self.asked.append((name, *label)))

    def middle(self, row: int) -> QPointF:
        return QPointF(self.legend.visualItemRect(self.legend.item(row)).center())

    def menu(self, row: int) -> QMenu:
        self.mouse.ask_for_menu(self.middle(row))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu


@pytest.fixture
def listener(qtbot: QtBot) -> Listener:
    return Listener(qtbot)


def test_a_click_hides_or_shows_and_with_a_key_shows_alone(listener: Listener) -> None:
    listener.mouse.click(listener.middle(0))
    listener.mouse.click(listener.middle(1), CTRL)
    listener.mouse.click(listener.middle(2), ALT)
    assert listener.asked == [("toggled", 2), ("isolated", 5), ("isolated", 7)]


def test_a_press_that_ends_elsewhere_is_no_click(listener: Listener) -> None:
    listener.mouse.drag(listener.middle(0), QPointF(500, 500))
    assert listener.asked == []


def test_a_double_click_goes_to_the_centroid_and_hides_nothing(listener: Listener) -> None:
    listener.mouse.double_click(listener.middle(0))
    assert listener.asked == [("toggled", 2), ("toggled", 2), ("centroid_asked", 2)]


def test_keys_do_the_same(listener: Listener, qtbot: QtBot) -> None:
    legend = listener.legend
    legend.setFocus()
    qtbot.keyClick(legend, Key.Key_Home)
    qtbot.keyClick(legend, Key.Key_Space)
    qtbot.keyClick(legend, Key.Key_Down)
    qtbot.keyClick(legend, Key.Key_Space, CTRL)
    qtbot.keyClick(legend, Key.Key_Return)
    assert listener.asked == [("toggled", 2), ("isolated", 5), ("centroid_asked", 5)]


def test_the_menu_says_it_in_words(listener: Listener) -> None:
    menu = listener.menu(1)
    actions = [action for action in menu.actions() if not action.isSeparator()]
    assert [action.text() for action in actions] == [
        "Show は ha", "Show は ha alone", "Show all classes", "Go to its centroid",
        "Go to its most typical image", "Select its images", "Add its images to the selection",
    ]  # fmt: skip
    for action in actions:
        action.trigger()
    assert listener.asked == [
        ("toggled", 5), ("isolated", 5), ("all_asked",), ("centroid_asked", 5),
        ("typical_asked", 5), ("selected", 5, False), ("selected", 5, True),
    ]  # fmt: skip
    menu.close()


def test_names_with_an_ampersand_stay_whole(listener: Listener) -> None:
    menu = listener.menu(2)
    assert menu.actions()[0].text() == "Hide R&&D"
    menu.close()


def test_it_says_which_classes_are_hidden(listener: Listener) -> None:
    def spoken() -> list[str]:
        role = Qt.ItemDataRole.AccessibleTextRole
        return [listener.legend.item(row).data(role) for row in range(3)]

    assert spoken() == [
        "き ki, 1,422 images, shown", "は ha, 12 images, hidden", "R&D, 3 images, shown",
    ]  # fmt: skip
    shown = listener.legend.grab().toImage()
    listener.legend.set_hidden({2, 5})
    assert spoken()[0] == "き ki, 1,422 images, hidden"
    assert listener.legend.grab().toImage() != shown


def test_the_widest_line_is_whole_beside_a_scroll_bar(qtbot: QtBot) -> None:
    legend = ClassLegend()
    qtbot.addWidget(legend)
    legend.set_entries([ClassEntry(i, "ま", "ma", 1391, "#6478b4") for i in range(9)], ())
    wanted = legend.sizeHint().width()

    def last_words() -> NDArray[np.uint8]:
        """Return what is painted of a line's name and reading."""
        line = legend.visualItemRect(legend.item(1))
        metrics = legend.fontMetrics()
        line.setLeft(26 + metrics.horizontalAdvance("ま "))
        line.setWidth(metrics.horizontalAdvance("ma") + 2)
        return to_array(legend.viewport().grab(line).toImage())

    legend.resize(wanted, 100)
    with qtbot.waitExposed(legend):
        legend.show()
    assert legend.verticalScrollBar().isVisible()
    narrow = last_words()
    legend.resize(2 * wanted, 100)
    assert np.array_equal(narrow, last_words())
