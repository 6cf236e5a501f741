"""Names and explanations of controls."""

from __future__ import annotations

from typing import TypeVar

from qtpy.QtWidgets import QWidget

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


def named(widget: AnyWidget, name: str, tip: str = "") -> AnyWidget:
    """Give a control its name, for those who can't see it, and its tooltip; return it.

    Parameters
    ----------
    widget
        The control.
    name
        In a word or two.
    tip
        What it does, in a sentence; by default its name.
    """
    widget.setAccessibleName(name)
    widget.setToolTip(tip or name)
    return widget
