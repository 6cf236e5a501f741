"""`copy_command`: a command on the clipboard."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from qtpy.QtGui import QGuiApplication


def copy_command(words: Sequence[str]) -> None:
    """Put the words of a command on the clipboard, as a line for a POSIX shell."""
    QGuiApplication.clipboard().setText(shlex.join(words))
