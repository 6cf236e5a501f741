from __future__ import annotations

from bvae_gui.widgets.parts_label import PartsLabel


def test_whole_remarks_are_shown_as_long_as_there_is_room(qtbot):
    label = PartsLabel()
    qtbot.addWidget(label)
    label.show()
    label.set_parts(["30.1 pixels long", "", "largest step 2.0 × mean"])
    width = label.fontMetrics().horizontalAdvance
    all_of_them = "30.1 pixels long · largest step 2.0 × mean"

    label.resize(width(all_of_them), 20)
    assert label.text() == all_of_them
    label.resize(width(all_of_them) - 1, 20)
    assert label.text() == "30.1 pixels long"
    label.resize(width("30.1 pixels long") - 1, 20)
    assert label.text() == ""
    assert label.accessibleName() == all_of_them
    label.resize(400, 20)
    assert label.text() == all_of_them

    label.setStyleSheet("font-size: 60px")
    assert label.text() == ""
