"""`AboutDialog`: what this is, and what it stands on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from qtpy import API_NAME, QT_VERSION
from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QIcon
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from bvae_core import __version__
from bvae_core.datasets.credits import KUZUSHIJI
from bvae_core.resources import resource
from bvae_gui.style import GRID

_LIBRARIES = ("numpy", "matplotlib", "ai-edge-litert")


class AboutDialog(QDialog):
    """Name, version, licence, and the versions of the libraries that one asks for in a bug report.

    Parameters
    ----------
    parent
        The window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About β-VAE Explorer")
        seal = QLabel()
        seal.setPixmap(QIcon(str(resource("icons", "bvae-gui.svg"))).pixmap(QSize(64, 64)))
        seal.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        for text, role in (
            ("β-VAE Explorer", "title"),
            (f"Version {__version__}, under the MIT licence", "body"),
            (f"The demo has learnt from: {KUZUSHIJI.attribution}. {KUZUSHIJI.licence}.", "body"),
            (_versions(), "quiet"),
        ):
            label = QLabel(text)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setFixedWidth(46 * GRID)  # from which its height follows
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        top = QHBoxLayout()
        top.setSpacing(3 * GRID)
        top.addWidget(seal)
        top.addLayout(words, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(top)
        layout.addWidget(buttons)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)


def _versions() -> str:
    libraries = [f"{name} {_version(name)}" for name in _LIBRARIES]
    return ", ".join(
        [f"Python {platform.python_version()}", f"{API_NAME} with Qt {QT_VERSION}", *libraries]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(unknown)"
