"""What the window remembers from one start to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from qtpy.QtCore import QByteArray, QSettings

from bvae_core.figures.theme import Ink

#: A theme's name, or that of the system's colours.
ThemeChoice: TypeAlias = Literal["system", "light", "dark"]


class Settings:
    """Remembered choices in an INI file of the user's; what makes no sense in it is passed over.

    Parameters
    ----------
    path
        Another file than the user's own.
    """

    def __init__(self, path: Path | None = None) -> None:
        form = QSettings.Format.IniFormat
        self._values = (
            QSettings(form, QSettings.Scope.UserScope, "bvae", "bvae-gui")
            if path is None
            else QSettings(str(path), form)
        )

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system has it."""
        chosen = self._text("look/theme")
        return next((known for known in get_args(ThemeChoice) if known == chosen), "system")

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._values.setValue("look/theme", choice)

    @property
    def ink(self) -> Ink:
        """Ink on paper, or grey on black."""
        chosen = self._text("look/ink")
        return next((known for known in get_args(Ink) if known == chosen), "paper")

    @ink.setter
    def ink(self, ink: Ink) -> None:
        self._values.setValue("look/ink", ink)

    @property
    def last_model(self) -> str | None:
        """What to open first: see `bvae_core.store.load_bundle`."""
        return self._text("model/last")

    @last_model.setter
    def last_model(self, name_or_path: str) -> None:
        self._values.setValue("model/last", name_or_path)

    def folder(self, purpose: str) -> str:
        """Return the folder that was used last for a purpose, or the user's own."""
        remembered = self._text(f"folder/{purpose}")
        if remembered is not None and Path(remembered).is_dir():
            return remembered
        return str(Path.home())

    def remember_folder(self, purpose: str, folder: Path) -> None:
        """Propose this folder the next time."""
        self._values.setValue(f"folder/{purpose}", str(folder))

    def layout(self, part: str) -> QByteArray | None:
        """Return how a part of the window was laid out, as Qt wrote it, or None."""
        remembered = self._values.value(f"layout/{part}")
        return remembered if isinstance(remembered, QByteArray) else None

    def remember_layout(self, part: str, layout: QByteArray) -> None:
        """Lay it out so the next time."""
        self._values.setValue(f"layout/{part}", layout)

    def choices(self, purpose: str) -> dict[str, Any]:
        """Return what was chosen last for a purpose: JSON values by their names, or none."""
        try:
            remembered = json.loads(self._text(f"choices/{purpose}") or "{}")
        except (ValueError, RecursionError):
            return {}
        return remembered if isinstance(remembered, dict) else {}

    def remember_choices(self, purpose: str, values: Mapping[str, Any]) -> None:
        """Choose this the next time."""
        self._values.setValue(f"choices/{purpose}", json.dumps(values))

    def _text(self, key: str) -> str | None:
        value = self._values.value(key)
        return value if isinstance(value, str) else None
